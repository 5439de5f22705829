//! Every route, tried as every kind of visitor.
