//! 行政区划 (GB/T 2260): what the region in a code is called.
//!
//! Codes outlive their regions (431121 祁阳县 is a city since) and statistics know some that the
//! civil register does not (431171 永州经济技术开发区), so that no code is ever refused: what is
//! not known by itself goes by the city or the province that it begins with, or by nothing.

/// The regions that have a name of their own here: the park's city whole, its neighbours by city, every province.
pub const KNOWN: &[&str] = &[
    "431101", "431102", "431103", "431121", "431122", "431123", "431124", "431125", "431126", "431127", "431128",
    "431129", "431171", "431173", "431181", "4301", "4302", "4303", "4304", "4305", "4306", "4307", "4308", "4309",
    "4310", "4311", "4312", "4313", "4331", "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34",
    "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
    "71", "81", "82",
];

/// The longest part of `code` that has a name; `None` when even the province is not known.
pub fn known(code: &str) -> Option<&'static str> {
    KNOWN.iter().find(|each| code.starts_with(**each)).copied()
}

/// The key of the words for a region.
pub fn word(code: &str) -> Option<String> {
    known(code).map(|code| format!("organisation-region-{code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_goes_by_its_nearest_name() {
        for (code, name) in [
            ("431103", Some("431103")),
            ("431121", Some("431121")),
            ("431171", Some("431171")),
            ("431100", Some("4311")),
            ("430104", Some("4301")),
            ("439900", Some("43")),
            ("110000", Some("11")),
            ("990000", None),
            ("", None),
        ] {
            assert_eq!(known(code), name, "{code}");
        }
    }
}
