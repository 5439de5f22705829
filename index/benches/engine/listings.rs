//! Invented Chinese listings, the same for every run: words of jieba's dictionary, the common ones often (Zipf), a title of about 20
//! characters and a text of about 300; and questions of 2 to 6 characters cut from the texts.

use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, TimeDelta};
use index::{Document, Key, Kind};

/// The zones that listings are spread over.
pub(crate) const ZONES: [&str; 4] = ["smart-home", "food", "energy", "digital"];

/// Numbers that look random and are the same for the same seed (SplitMix64).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// From a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn share(&mut self) -> f64 {
        f64::from(u32::try_from(self.roll() >> 32).unwrap()) / f64::from(u32::MAX)
    }
}

/// The words, and how likely each is.
#[derive(Clone, Debug)]
pub(crate) struct Language {
    words: Vec<String>,
    /// The sum of the chances up to each word.
    sums: Vec<f64>,
}

impl Language {
    /// Reads a dictionary in jieba's form (`word count tag`, one a line) and shuffles it, so that a word's rank says nothing.
    pub(crate) fn read(path: &Path) -> std::io::Result<Self> {
        let text = std::fs::read_to_string(path)?;
        let chinese = |word: &&str| {
            let chars = word.chars().count();
            (1..=4).contains(&chars) && word.chars().all(|c| ('\u{4E00}'..='\u{9FA5}').contains(&c))
        };
        let mut words: Vec<String> =
            text.lines().filter_map(|line| line.split(' ').next()).filter(chinese).map(str::to_string).collect();
        words.sort_unstable();
        let mut dice = Dice::new(1);
        for at in (1..words.len()).rev() {
            words.swap(at, dice.below(at + 1));
        }
        let mut sum = 0.0;
        let sums = (1..=words.len())
            .map(|rank| {
                sum += 1.0 / f64::from(u32::try_from(rank).unwrap());
                sum
            })
            .collect();
        Ok(Self { words, sums })
    }

    fn word(&self, dice: &mut Dice) -> &str {
        let wanted = dice.share() * self.sums.last().copied().unwrap_or_default();
        &self.words[self.sums.partition_point(|sum| *sum < wanted).min(self.words.len() - 1)]
    }

    fn text(&self, dice: &mut Dice, characters: usize) -> String {
        let mut text = String::new();
        let (mut length, mut since) = (0, 0);
        while length < characters {
            let word = self.word(dice);
            text.push_str(word);
            let chars = word.chars().count();
            length += chars;
            since += chars;
            if since > 8 + dice.below(12) {
                text.push(if dice.below(3) == 0 { '。' } else { '，' });
                length += 1;
                since = 0;
            }
        }
        text
    }

    /// Listing number `id`.
    pub(crate) fn listing(&self, id: usize) -> Document {
        let mut dice = Dice::new(0xA11CE ^ u64::try_from(id).unwrap().wrapping_mul(0x5851_F42D_4C95_7F2D));
        let title = self.text(&mut dice, 18).replace(['，', '。'], "");
        let problem = self.text(&mut dice, 60);
        let body = self.text(&mut dice, 240);
        let keywords = problem.split(['，', '。']).take(3).map(|piece| piece.chars().take(4).collect()).collect();
        let number = i64::try_from(id).unwrap();
        let kind = [Kind::Need, Kind::Result, Kind::Offer][id % 3];
        let posted_at = DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(number);
        Document {
            key: Key { kind, id: number },
            title,
            keywords,
            problem,
            body,
            owner: format!("示例企业{}", id % 997),
            zone: Some(ZONES[dice.below(ZONES.len())].to_string()),
            url: format!("/{kind}s/{number}"),
            posted_at,
            expires_at: Some(posted_at + TimeDelta::days(90)),
        }
    }
}

/// Questions cut from the texts of listings; none reaches over a sign.
pub(crate) fn questions(language: &Language, listings: usize, count: usize) -> Vec<String> {
    let mut dice = Dice::new(2);
    let mut questions = Vec::new();
    while questions.len() < count {
        let listing = language.listing(dice.below(listings));
        let pieces: Vec<Vec<char>> = listing
            .body
            .split(['，', '。'])
            .map(|piece| piece.chars().collect())
            .filter(|p: &Vec<char>| p.len() > 6)
            .collect();
        if pieces.is_empty() {
            continue;
        }
        let piece = &pieces[dice.below(pieces.len())];
        let length = 2 + dice.below(5);
        let from = dice.below(piece.len() - length + 1);
        questions.push(piece[from..from + length].iter().collect());
    }
    questions
}

/// A listing as one line of JSON: its number, its title, and everything else as its body.
pub(crate) fn line(listing: &Document) -> String {
    let mut line = String::new();
    // Words of the dictionary and Chinese signs need no escaping.
    write!(
        line,
        "{{\"id\":{},\"title\":\"{}\",\"body\":\"{}{}\"}}",
        listing.key.id, listing.title, listing.problem, listing.body
    )
    .unwrap();
    line
}
