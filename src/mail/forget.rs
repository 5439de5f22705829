//! Forgetting a person who leaves: the words of letters to him and of letters that show his address
//! or telephone are wiped. The rows stay, as evidence that something was sent and when. That an
//! address does not exist stays known by its keyed hash alone.

use crate::{
    db::Tx,
    fault::Fault,
    id::MemberId,
    mail::{Address, store},
};

/// Wipes what the outbox holds of a person; what waits is not sent. `nobody` is written in the place
/// of his address.
pub(crate) async fn forget_in(
    tx: &Tx,
    member: MemberId,
    email: &Address,
    phone: &str,
    nobody: &Address,
) -> Result<(), Fault> {
    let mut marks = vec![email.as_str()];
    if !phone.is_empty() {
        marks.push(phone);
    }
    store::forget(tx, member, email, nobody, &marks).await
}

/// Whether a text holds this address or telephone, and not merely a longer one.
pub(super) fn holds(text: &str, mark: &str) -> bool {
    let goes_on = |each: char| each.is_ascii_alphanumeric() || "._+-".contains(each);
    text.match_indices(mark).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + mark.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(goes_on) && !after.is_some_and(|each| goes_on(each) && each != '.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_address_is_another() {
        assert!(holds("邮箱 li@lab.example。", "li@lab.example"));
        assert!(holds("<a href=\"mailto:li@lab.example\">", "li@lab.example"));
        assert!(holds("Write to li@lab.example.", "li@lab.example"));
        assert!(!holds("office-li@lab.example", "li@lab.example"));
        assert!(!holds("li@lab.example-2", "li@lab.example"));
        assert!(!holds("0746-55512345", "0746-5551234"));
    }
}
