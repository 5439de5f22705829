//! The forms of signing in and of a member's own particulars.

use crate::{
    mail::Address,
    web::{FieldErrors, Fields},
    words::Say,
};

/// The address to sign in with.
pub(super) fn email(fields: &Fields) -> Result<Address, FieldErrors> {
    let typed = fields.line("email");
    if typed.is_empty() {
        return Err(FieldErrors::one("email", "member-email-missing"));
    }
    Address::parse(&typed).ok_or_else(|| FieldErrors::one("email", "member-email-form"))
}

/// Six digits; spaces and dashes that were pasted along are dropped.
pub(super) fn code(fields: &Fields) -> Result<String, FieldErrors> {
    let digits: String = fields.line("code").chars().filter(|each| !matches!(each, ' ' | '-')).collect();
    if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(digits)
    } else {
        Err(FieldErrors::one("code", "member-code-form"))
    }
}

/// A member's own particulars.
pub(super) struct Particulars {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) phone: String,
}

/// Name, title and telephone.
pub(super) fn particulars(fields: &Fields) -> Result<Particulars, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = fields.line("name");
    if name.is_empty() {
        errors.add("name", "member-name-missing");
    } else if name.chars().count() > 40 {
        errors.add("name", Say::new("form-too-long").with("most", 40));
    }
    let title = fields.line("title");
    if title.chars().count() > 40 {
        errors.add("title", Say::new("form-too-long").with("most", 40));
    }
    let phone = fields.line("phone");
    if !phone.is_empty() && !is_phone(&phone) {
        errors.add("phone", "member-phone-form");
    }
    errors.or(Some(Particulars { name, title, phone }))
}

/// Digits with the usual marks between them, 5 to 20 digits.
pub(crate) fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (5..=20).contains(&digits) && text.chars().all(|each| each.is_ascii_digit() || " +-()转,".contains(each))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_taken_as_people_paste_it() {
        let typed = |text: &str| Fields::default().with("code", text);
        assert_eq!(code(&typed(" 123 456 ")).unwrap(), "123456");
        assert_eq!(code(&typed("123-456")).unwrap(), "123456");
        assert!(code(&typed("12345")).is_err());
        assert!(code(&typed("12345a")).is_err());
    }

    #[test]
    fn telephones_of_the_park_are_known() {
        for good in ["0746-5550123", "138 0000 0000", "+86 746 5550123", "0746-5550123转8"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["1234", "call me", "0746-555<b>"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }
}
