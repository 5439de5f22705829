//! Pages of asking and answering, and of the desk.
