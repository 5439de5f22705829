//! The commands, each a line to its room.

fn main() {}
