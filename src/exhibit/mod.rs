//! Exhibits: what firms and teams show in the hall, each with three facts, a stand and a QR code.
//!
//! A curator writes an exhibit as a draft, publishes it, and withdraws it; the days on which it is
//! shown may be set beforehand. Its page outlives it: printed codes stay on walls and in pockets,
//! so a withdrawn exhibit says since when it is gone and leads to three neighbours.
//!
//! The code opens `/e/{code}`, where a visitor without an account leaves a message, asks for
//! material, offers to work together or to make the same. What he writes gets a number. His contact
//! goes to the firm when he ticked that, and stays with the park when he did not. The exhibits that
//! he looked at are his tour; it is kept in his browser until he saves it or asks something, and is
//! found again by its code.
//!
//! **Invariant:** a published or withdrawn exhibit's page never vanishes
//! (`a_withdrawn_exhibit_keeps_its_page_and_leads_to_neighbours`).
//! **Invariant:** a visitor's contact reaches the exhibitor with his consent only
//! (`contact_reaches_the_exhibitor_only_with_consent`).

pub mod answer;
pub mod arrange;
pub mod enquire;
mod form;
mod letters;
pub mod pages;
pub mod publish;
mod qr;
pub mod store;
pub mod tour;
pub mod view;
pub mod write;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    id::{EnquiryId, ExhibitId, MemberId, OrganisationId, ZoneId},
    words::Language,
};

/// How many facts an exhibit states.
pub const FACTS: usize = 3;

/// What a curator has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Being written.
    Draft,
    /// To be shown on its days.
    Published,
    /// 已撤展.
    Withdrawn,
}

impl State {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Draft, Self::Published, Self::Withdrawn].into_iter().find(|state| state.as_str() == word)
    }
}

/// How an exhibit stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody but curators knows of it.
    Draft,
    /// It is published and opens on this day.
    Coming(NaiveDate),
    /// It can be seen in the hall.
    Shown,
    /// It is gone since this day.
    Gone(NaiveDate),
}

/// An exhibit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhibit {
    /// The number.
    pub id: ExhibitId,
    /// The word in its QR code.
    pub code: String,
    /// What it says.
    pub content: NewExhibit,
    /// What a curator has decided.
    pub state: State,
    /// The day on which a curator withdrew it.
    pub withdrawn_on: Option<NaiveDate>,
    /// Its place in its zone, from 0.
    pub position: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it was written last.
    pub updated_at: DateTime<Utc>,
}

/// What an exhibit says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExhibit {
    /// The hall that it stands in.
    pub zone: ZoneId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// The name in Chinese and in English.
    pub name: [String; 2],
    /// What it is, in Chinese and in English.
    pub about: [String; 2],
    /// Three facts, each in Chinese and in English.
    pub facts: Vec<[String; 2]>,
    /// 展位号, or empty.
    pub stand: String,
    /// 上展日; at once when not set.
    pub opens_on: Option<NaiveDate>,
    /// The last day; open when not set.
    pub closes_on: Option<NaiveDate>,
}

impl NewExhibit {
    /// The name in `language`.
    pub fn name_in(&self, language: Language) -> &str {
        pick(&self.name, language)
    }

    /// What it is, in `language`.
    pub fn about_in(&self, language: Language) -> &str {
        pick(&self.about, language)
    }

    /// The facts in `language`.
    pub fn facts_in(&self, language: Language) -> Vec<String> {
        self.facts.iter().map(|fact| pick(fact, language).to_owned()).collect()
    }
}

impl Exhibit {
    /// How it stands on `day`.
    pub fn standing(&self, day: NaiveDate) -> Standing {
        let gone = self.content.closes_on.filter(|last| *last < day).and_then(|last| last.succ_opt());
        match (self.state, self.withdrawn_on, gone, self.content.opens_on) {
            (State::Draft, ..) => Standing::Draft,
            (State::Withdrawn, Some(since), ..) => Standing::Gone(since),
            (State::Withdrawn, None, ..) => Standing::Gone(day),
            (State::Published, _, Some(since), _) => Standing::Gone(since),
            (State::Published, _, None, Some(opens)) if opens > day => Standing::Coming(opens),
            (State::Published, ..) => Standing::Shown,
        }
    }

    /// The page of the exhibit.
    pub fn url(&self) -> String {
        format!("/exhibits/{}", self.id)
    }

    /// What its QR code opens.
    pub fn entry(&self) -> String {
        format!("/e/{}", self.code)
    }
}

fn pick([chinese, english]: &[String; 2], language: Language) -> &str {
    match language {
        Language::English if !english.is_empty() => english,
        Language::English | Language::Chinese => chinese,
    }
}

/// What a visitor wants of an exhibitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wish {
    /// 留言.
    Message,
    /// 要资料.
    Material,
    /// 想合作.
    Cooperate,
    /// 我也能做.
    Make,
}

impl Wish {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Message, Self::Material, Self::Cooperate, Self::Make];

    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Material => "material",
            Self::Cooperate => "cooperate",
            Self::Make => "make",
        }
    }

    /// The wish of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.as_str() == word)
    }

    /// Whether it makes sense without a way to answer; an answer to a message is read on the tour.
    pub fn needs_contact(self) -> bool {
        self != Self::Message
    }
}

/// What a visitor wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEnquiry {
    /// What he wants.
    pub wish: Wish,
    /// In his words.
    pub text: String,
    /// How he is called, or empty.
    pub name: String,
    /// A telephone number, or empty.
    pub phone: String,
    /// An address for mail, or empty. Nothing is sent to it by us, since nobody has confirmed it.
    pub email: String,
    /// Whether the exhibitor may have his contact.
    pub consented: bool,
}

/// An enquiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enquiry {
    /// The number in the database.
    pub id: EnquiryId,
    /// The number that the visitor is given: `YZ-7K3M-Q2`.
    pub number: String,
    /// What it is about.
    pub exhibit: ExhibitId,
    /// The tour that it belongs to.
    pub tour: String,
    /// What was written.
    pub content: NewEnquiry,
    /// When.
    pub made_at: DateTime<Utc>,
    /// What was answered; empty until then.
    pub answer: String,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// Who answered.
    pub answered_by: Option<MemberId>,
}

/// Letters and digits that nobody takes for one another, over a telephone either.
const ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// `length` random characters of the alphabet.
fn random_code(length: usize) -> String {
    let token = || crate::secret::token().into_bytes().into_iter();
    // A byte of a token is one of 64; those that would favour some letters are left out.
    let letters = std::iter::repeat_with(token).flatten().filter_map(|byte| {
        let place = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .iter()
            .position(|each| *each == byte)?;
        ALPHABET.get(place % 32).copied().map(char::from)
    });
    letters.take(length).collect()
}

/// A number for an enquiry: `YZ-7K3M-Q2`.
fn enquiry_number() -> String {
    let code = random_code(6);
    let (head, tail) = code.split_at(4);
    format!("YZ-{head}-{tail}")
}

/// The code of a tour as somebody may have typed it, as it is stored.
pub fn tour_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|each| each.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exhibit(state: State, opens: Option<&str>, closes: Option<&str>) -> Exhibit {
        let day = |text: &str| text.parse().unwrap();
        Exhibit {
            id: ExhibitId(1),
            code: "x".to_owned(),
            content: NewExhibit {
                zone: ZoneId(1),
                organisation: OrganisationId(1),
                name: ["竹".to_owned(), String::new()],
                about: Default::default(),
                facts: Vec::new(),
                stand: String::new(),
                opens_on: opens.map(day),
                closes_on: closes.map(day),
            },
            state,
            withdrawn_on: (state == State::Withdrawn).then(|| day("2026-03-09")),
            position: 0,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_exhibit_is_shown_from_its_first_day_to_its_last() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let set = exhibit(State::Published, Some("2026-11-10"), Some("2026-11-20"));
        for (on, standing) in [
            ("2026-11-09", Standing::Coming(day("2026-11-10"))),
            ("2026-11-10", Standing::Shown),
            ("2026-11-20", Standing::Shown),
            ("2026-11-21", Standing::Gone(day("2026-11-21"))),
            ("2026-12-01", Standing::Gone(day("2026-11-21"))),
        ] {
            assert_eq!(set.standing(day(on)), standing, "{on}");
        }
        let today = day("2026-11-15");
        assert_eq!(exhibit(State::Published, None, None).standing(today), Standing::Shown);
        assert_eq!(exhibit(State::Draft, None, None).standing(today), Standing::Draft);
        assert_eq!(exhibit(State::Withdrawn, None, None).standing(today), Standing::Gone(day("2026-03-09")));
    }

    #[test]
    fn codes_are_of_letters_that_are_not_mistaken() {
        let code = random_code(4000);
        assert_eq!(code.len(), 4000);
        assert!(code.bytes().all(|each| ALPHABET.contains(&each)));
        // Every letter comes, none far more often than its share of 129.
        for letter in ALPHABET {
            let times = code.bytes().filter(|each| each == letter).count();
            assert!((60..=220).contains(&times), "{} came {times} times", char::from(*letter));
        }
        assert_eq!(enquiry_number().len(), "YZ-7K3M-Q2".len());
        assert_eq!(tour_code(" 7k3m-q2xy "), "7K3MQ2XY");
    }
}
