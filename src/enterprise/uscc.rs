//! 统一社会信用代码 (GB 32100-2015): 18 characters that name a firm once and for all.
//!
//! 1 登记管理部门, 2 机构类别, 3–8 行政区划, 9–17 主体标识码, 18 check. The check is
//! 31 − Σ cᵢ·3ⁱ⁻¹ mod 31 over an alphabet without I, O, Z, S and V. Since 31 is prime and no weight is
//! a multiple of it, one wrong character is always found
//! (`one_wrong_character_is_always_found`).

use std::fmt;

use unicode_normalization::UnicodeNormalization;

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// The weights of GB 11714, whose check is the code's character 17.
const SUBJECT_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A code whose check digit is right, in capitals.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Uscc(String);

/// Why what was typed is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It has so many characters instead of 18.
    Length(usize),
    /// This character is in no code.
    Character {
        /// Which, from 1.
        position: usize,
        /// As it was typed.
        found: char,
        /// What it is commonly taken for.
        meant: Option<char>,
    },
    /// The characters are possible, but not together.
    CheckDigit,
}

impl Uscc {
    /// Reads a code as people type and paste it: full-width, in lower case, with spaces or dashes.
    pub fn parse(typed: &str) -> Result<Self, Wrong> {
        let noise =
            |each: &char| each.is_whitespace() || each.is_control() || matches!(each, '-' | '\u{200b}' | '\u{feff}');
        let text: String = typed.nfkc().filter(|each| !noise(each)).map(|each| each.to_ascii_uppercase()).collect();
        let length = text.chars().count();
        if length != 18 {
            return Err(Wrong::Length(length));
        }
        let mut values = [0; 18];
        for (at, found) in text.chars().enumerate() {
            values[at] = value(found).ok_or(Wrong::Character { position: at + 1, found, meant: meant(found) })?;
        }
        let sum: usize = WEIGHTS.iter().zip(values).map(|(weight, value)| weight * value).sum();
        // 31 − 0 is 31, which is written 0.
        if values[17] == (31 - sum % 31) % 31 { Ok(Self(text)) } else { Err(Wrong::CheckDigit) }
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 登记地: the GB/T 2260 code of where it was registered at the time, empty when those characters are no digits.
    pub fn region(&self) -> &str {
        self.0.get(2..8).filter(|code| code.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or_default()
    }

    /// Whether character 17 is the GB 11714 check of 9 to 16. A code where it is not is rare and
    /// may be real, so that staff look at it, and nobody is refused.
    pub fn subject_check_agrees(&self) -> bool {
        // Here letters count A = 10 to Z = 35, not by the alphabet above.
        let digits = self.0.chars().skip(8).take(8).filter_map(|each| each.to_digit(36));
        let sum: u32 = digits.zip(SUBJECT_WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        let check = match 11 - sum % 11 {
            10 => 'X',
            11 => '0',
            digit => char::from_digit(digit, 10).unwrap_or('0'),
        };
        self.0.chars().nth(16) == Some(check)
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn value(each: char) -> Option<usize> {
    ALPHABET.iter().position(|known| char::from(*known) == each)
}

/// What a character that is in no code is commonly taken for.
fn meant(found: char) -> Option<char> {
    match found {
        'O' => Some('0'),
        'I' => Some('1'),
        'Z' => Some('2'),
        'S' => Some('5'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: [&str; 6] = [
        "11320000MB151840XJ",
        "91110000600037341L",
        "91431103MA4Q00008A",
        "91431102MA4Q00008U",
        "91431181MA4Q000089",
        "91431103MA000020X0",
    ];

    #[test]
    fn codes_that_pass_pass() {
        for code in GOOD {
            let read = Uscc::parse(code).unwrap();
            assert_eq!(read.as_str(), code);
            assert!(read.subject_check_agrees(), "{code}");
        }
    }

    #[test]
    fn the_example_of_the_standard_fails_and_its_mended_form_passes() {
        assert_eq!(
            Uscc::parse("91350100M000100Y4Z"),
            Err(Wrong::Character { position: 18, found: 'Z', meant: Some('2') })
        );
        assert!(Uscc::parse("91350100M000100Y43").unwrap().subject_check_agrees());
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for typed in [
            " 91431103ma4q00008a ",
            "91431103 MA4Q 0000 8A",
            "９１４３１１０３ＭＡ４Ｑ００００８Ａ",
            "91431103-MA4Q00008A",
            "91431103\u{3000}ma4q00008A",
        ] {
            assert_eq!(Uscc::parse(typed).unwrap().as_str(), "91431103MA4Q00008A", "{typed}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_exactly() {
        assert_eq!(Uscc::parse(""), Err(Wrong::Length(0)));
        assert_eq!(Uscc::parse("91431103MA4Q00008"), Err(Wrong::Length(17)));
        assert_eq!(Uscc::parse("91431103MA4Q00008AA"), Err(Wrong::Length(19)));
        for (typed, position, found, meant) in [
            ("9143110OMA4Q00008A", 8, 'O', Some('0')),
            ("9I431103MA4Q00008A", 2, 'I', Some('1')),
            ("91431103MA4Qz0008A", 13, 'Z', Some('2')),
            ("91431103MA4QS0008A", 13, 'S', Some('5')),
            ("V1431103MA4Q00008A", 1, 'V', None),
            ("91431103MA4Q企0008A", 13, '企', None),
        ] {
            assert_eq!(Uscc::parse(typed), Err(Wrong::Character { position, found, meant }), "{typed}");
        }
        // 8 for B and B for 8 are both in the alphabet: only the check digit finds them.
        assert_eq!(Uscc::parse("91431103MA4Q0000BA"), Err(Wrong::CheckDigit));
        assert_eq!(Uscc::parse("91431103MA4Q00008B"), Err(Wrong::CheckDigit));
    }

    #[test]
    fn the_region_is_where_it_was_registered() {
        assert_eq!(Uscc::parse("91431102MA4Q00008U").unwrap().region(), "431102");
    }

    fn with_check(body: &[usize]) -> String {
        let sum: usize = WEIGHTS.iter().zip(body).map(|(weight, value)| weight * value).sum();
        let last = (31 - sum % 31) % 31;
        body.iter().chain([&last]).map(|value| char::from(ALPHABET[*value])).collect()
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_always_found(body in prop::collection::vec(0..31_usize, 17), at in 0..18_usize, other in any::<char>()) {
            let code = with_check(&body);
            let good = Uscc::parse(&code);
            prop_assert!(good.is_ok());
            let changed: String = code.chars().enumerate().map(|(place, each)| if place == at { other } else { each }).collect();
            if let Ok(read) = Uscc::parse(&changed) {
                // Only another way of writing the same character gets through.
                prop_assert_eq!(read.as_str(), code.as_str());
            }
        }

        #[test]
        fn another_character_of_the_alphabet_is_refused(body in prop::collection::vec(0..31_usize, 17), at in 0..18_usize, step in 1..31_usize) {
            let code = with_check(&body);
            let changed: String = code
                .chars()
                .enumerate()
                .map(|(place, each)| if place == at { char::from(ALPHABET[(value(each).unwrap() + step) % 31]) } else { each })
                .collect();
            prop_assert_eq!(Uscc::parse(&changed), Err(Wrong::CheckDigit));
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(typed in ".{0,40}") {
            let _ = Uscc::parse(&typed).map(|code| (code.region().to_owned(), code.subject_check_agrees()));
        }
    }
}
