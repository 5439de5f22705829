//! Pages of needs, offers and results.
