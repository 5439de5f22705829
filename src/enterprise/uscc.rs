//! 统一社会信用代码 (GB 32100-2015).

/// A code whose check digit is right.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Uscc(String);
