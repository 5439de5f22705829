//! What a pair is worth, part by part, and who is shown: pure, no database, no clock.
//!
//! A part is a share of 0 to 1 of its weight. A part without data on either side drops out and
//! the others are scaled up, so that a short need is not punished for what it does not say.
//! Points are whole tenths: what is shown is what is ranked.
//!
//! ## How texts are compared
//!
//! Two numbers: how alike the words are (the crate `index`: words, pairs and single characters, as a
//! share of what the need could score at best) and how near the meanings are (the crate
//! `sentences`: the product of both texts' vectors). A pair's [`Likeness`] is their sum, in which
//! meaning is spread as far as words are: of 3,900 pairs that people or a language model graded,
//! unrelated texts share nearly no words and have a product of 0.86, those worth an introduction a
//! sixth of the words and 0.89 to 0.92. Both halves get the same number of points. Where meaning is
//! not known, words get all of them.
//!
//! Tried on both collections and left out, since nothing was gained: standard scores for each need
//! instead of the sum, the mean vector or the first principal directions taken off, hubs counted
//! less, single sentences, titles compared apart, the result as a question to the needs, a need
//! moved towards its best results, results lifted by their neighbours, a ridge regression over
//! 27 such views, weights learned for each of the 384 directions.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, HashMap, HashSet},
};

use chrono::{DateTime, Utc};

use crate::{
    id::{ListingId, OrganisationId},
    listing::{Content, Cooperation},
    matching::{Aspect, Exclusion, Grade, Part},
};

/// What each part counts, and where the scales begin and end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Kept with every match; a change of any number below takes a new one.
    pub version: i64,
    /// How much the texts say the same: half for words, half for meaning; all for words where meaning is not known.
    pub text: u32,
    /// How near the classes of industry are.
    pub industry: u32,
    /// Whether the result is as ripe as wanted.
    pub trl: u32,
    /// Which of the wanted kinds of contract are offered.
    pub cooperation: u32,
    /// Neighbours in an industry chain.
    pub chain: u32,
    /// How near the two are registered.
    pub region: u32,
    /// How new the result is, and how lately it was confirmed.
    pub freshness: u32,
    /// The likeness of words from which on their part is full.
    pub full_words: f64,
    /// The product of two meanings up to which their part is nothing,
    pub no_meaning: f64,
    /// and how much more makes it full.
    pub more_meaning: f64,
    /// How many distinctive words a pair must share,
    pub fewest_words: usize,
    /// and how much its words must be alike. Below this, one pair in thirty is worth anything, and
    /// in a small park such pairs would fill every list.
    pub least_likeness: f64,
    /// A pair that fails both is shown all the same when its meanings are this near: such pairs are
    /// worth as much as those that only just pass.
    pub near_meaning: f64,
    /// After how many days a result is no longer new.
    pub fresh_days: f64,
}

/// The weights in force (PRODUCT 5.3).
pub const WEIGHTS: Weights = Weights {
    version: 2,
    text: 40,
    industry: 20,
    trl: 15,
    cooperation: 10,
    chain: 5,
    region: 5,
    freshness: 5,
    full_words: 0.4,
    no_meaning: 0.83,
    more_meaning: 0.1,
    fewest_words: 2,
    least_likeness: 0.12,
    near_meaning: 0.895,
    fresh_days: 180.0,
};

/// From which share of the points for words and meaning on a pair is 强相关 and 较强相关. Of the pairs
/// that technology-transfer staff graded, 32 in a hundred above the first line are worth an
/// introduction (94 are of the same field), 17 (81) between the two, 5 (40) below; of those that a
/// language model graded, 43 (88), 5 (31) and 1 (7). The lines are as good where meaning is not known.
const STRONG: f64 = 0.6;
const FAIR: f64 = 0.4;

/// How many suggestions a need keeps.
pub const MOST_SHOWN: usize = 10;
/// How many that were set aside it keeps.
pub const MOST_EXCLUDED: usize = 20;

impl Weights {
    fn of(&self, aspect: Aspect) -> u32 {
        match aspect {
            Aspect::Text | Aspect::Meaning => self.text,
            Aspect::Industry => self.industry,
            Aspect::Trl => self.trl,
            Aspect::Cooperation => self.cooperation,
            Aspect::Chain => self.chain,
            Aspect::Region => self.region,
            Aspect::Freshness => self.freshness,
        }
    }
}

/// One side of a pair, as far as it is compared beside its text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Side {
    /// GB/T 4754 code as text; empty when not said.
    pub industry: String,
    /// TRL, from and to.
    pub trl: Option<(u8, u8)>,
    /// Kinds of contract wanted or offered.
    pub cooperation: Vec<Cooperation>,
    /// GB/T 2260 code; empty when unknown.
    pub region: String,
    /// When it was first published and last confirmed; asked of results only.
    pub dates: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Side {
    /// The side that a listing takes, with what its owner adds where the listing is silent.
    pub fn of(content: &Content, owner_industry: &str, region: &str) -> Self {
        Self {
            industry: if content.industry.is_empty() { owner_industry } else { &content.industry }.to_owned(),
            trl: content.trl,
            cooperation: content.cooperation.clone(),
            region: region.to_owned(),
            dates: None,
        }
    }
}

/// How alike two texts are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// By their words, 0 to 1; the index's.
    pub words: f64,
    /// By what they mean: the product of both meanings, where it is known.
    pub meaning: Option<f64>,
}

impl Likeness {
    /// What the pairs of one need are ordered by: the points for text, before they are rounded and
    /// cut off at both ends. What is not known counts as the meaning of unrelated texts.
    pub fn rank(self, weights: &Weights) -> f64 {
        let meaning = self.meaning.map_or(0.0, |meaning| (meaning - weights.no_meaning) / weights.more_meaning);
        self.words / weights.full_words + meaning
    }

    /// Whether the two have enough in common to be shown: words that tell, or meaning alone.
    pub fn suffices(self, weights: &Weights, distinctive: usize) -> bool {
        let by_words = distinctive >= weights.fewest_words && self.words >= weights.least_likeness;
        by_words || self.meaning.is_some_and(|meaning| meaning >= weights.near_meaning)
    }
}

/// The parts of a pair, those that have data, in order.
pub fn parts(weights: &Weights, likeness: Likeness, need: &Side, result: &Side, now: DateTime<Utc>) -> Vec<Part> {
    let meaning = likeness.meaning.map(|meaning| (meaning - weights.no_meaning) / weights.more_meaning);
    let shares = [
        (Aspect::Text, Some(likeness.words / weights.full_words)),
        (Aspect::Meaning, meaning),
        (Aspect::Industry, industry(&need.industry, &result.industry)),
        (Aspect::Trl, need.trl.zip(result.trl).map(|(wanted, has)| ripeness(wanted, has))),
        (Aspect::Cooperation, cooperation(&need.cooperation, &result.cooperation)),
        // No chain has nodes yet.
        (Aspect::Chain, None),
        (Aspect::Region, region(&need.region, &result.region)),
        (Aspect::Freshness, result.dates.map(|(new, confirmed)| freshness(weights, new, confirmed, now))),
    ];
    let present: Vec<(Aspect, f64)> =
        shares.into_iter().filter_map(|(aspect, share)| share.map(|share| (aspect, share))).collect();
    // Meaning takes half of the points of text, so all weights are doubled where that is to be shared.
    let weight = |aspect: Aspect| match aspect {
        Aspect::Text | Aspect::Meaning if meaning.is_some() => weights.of(aspect),
        _ => 2 * weights.of(aspect),
    };
    let most = share_out(&present.iter().map(|(aspect, _)| weight(*aspect)).collect::<Vec<_>>());
    let part = |((key, share), of): ((Aspect, f64), u32)| {
        let points = tenths(share.clamp(0.0, 1.0) * f64::from(of));
        Part { key, points: f64::from(points) / 10.0, of: f64::from(of) / 10.0 }
    };
    present.into_iter().zip(most).map(part).collect()
}

/// The score that the parts add up to, in tenths.
pub fn total(parts: &[Part]) -> u32 {
    parts.iter().map(|part| tenths(part.points * 10.0)).sum()
}

/// How much the texts have to do with each other.
pub fn grade(parts: &[Part]) -> Grade {
    let text = parts.iter().filter(|part| matches!(part.key, Aspect::Text | Aspect::Meaning));
    let (points, of) = text.fold((0.0, 0.0), |(points, of), part| (points + part.points, of + part.of));
    match if of > 0.0 { points / of } else { 0.0 } {
        share if share >= STRONG => Grade::Strong,
        share if share >= FAIR => Grade::Fair,
        _ => Grade::Weak,
    }
}

/// A thousand tenths shared out by weight, the rest to those that lost most by rounding down.
fn share_out(weights: &[u32]) -> Vec<u32> {
    let sum: u32 = weights.iter().sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let mut shares: Vec<u32> = weights.iter().map(|weight| weight * 1000 / sum).collect();
    let missing = 1000 - shares.iter().sum::<u32>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| Reverse(weights.get(*at).map_or(0, |weight| weight * 1000 % sum)));
    for at in order.into_iter().zip(0..missing).map(|(at, _)| at) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    shares
}

/// The nearest whole number of a share's points, none below zero.
#[expect(clippy::as_conversions, reason = "a rounded number of 0 to 1000 is a whole number")]
fn tenths(points: f64) -> u32 {
    points.clamp(0.0, 1000.0).round() as u32
}

/// How near two classes of GB/T 4754 are; `None` when one is not said.
fn industry(need: &str, result: &str) -> Option<f64> {
    let (need, result) = (class(need)?, class(result)?);
    let same = need.chars().zip(result.chars()).take_while(|(a, b)| a == b).count();
    Some(match same {
        4.. => 1.0,
        3 => 0.7,
        2 => 0.4,
        _ if section(need) == section(result) => 0.1,
        _ => 0.0,
    })
}

/// The digits of a class; people write C1453 as well as 1453.
fn class(code: &str) -> Option<&str> {
    let digits = code.trim().trim_start_matches(|c: char| c.is_ascii_alphabetic());
    (digits.len() >= 2 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// The 门类 that a class is in, by the 大类 that each begins with (GB/T 4754-2017).
fn section(class: &str) -> usize {
    const BEGIN: [u8; 20] = [1, 6, 13, 44, 47, 51, 53, 61, 63, 66, 70, 71, 73, 76, 80, 83, 84, 86, 91, 97];
    let division = class.get(..2).and_then(|digits| digits.parse::<u8>().ok()).unwrap_or(0);
    BEGIN.iter().filter(|begin| **begin <= division).count()
}

/// 1 inside what is wanted, a quarter less for every level outside.
fn ripeness(wanted: (u8, u8), has: (u8, u8)) -> f64 {
    let below = wanted.0.saturating_sub(has.1);
    let above = has.0.saturating_sub(wanted.1);
    (1.0 - 0.25 * f64::from(Ord::max(below, above))).max(0.0)
}

/// The share of the wanted kinds of contract that are offered; `None` when one side says nothing.
fn cooperation(wanted: &[Cooperation], offered: &[Cooperation]) -> Option<f64> {
    let wanted: HashSet<_> = wanted.iter().collect();
    if wanted.is_empty() || offered.is_empty() {
        return None;
    }
    let met = wanted.iter().filter(|each| offered.contains(each)).count();
    Some(count(met) / count(wanted.len()))
}

/// How near two codes of GB/T 2260 are: the same place, city or province.
fn region(one: &str, other: &str) -> Option<f64> {
    let known = |code: &str| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if !known(one) || !known(other) {
        return None;
    }
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    Some(match same {
        6 => 1.0,
        4 | 5 => 0.6,
        2 | 3 => 0.3,
        _ => 0.0,
    })
}

/// Half for being new, half for having been confirmed lately.
fn freshness(weights: &Weights, published: DateTime<Utc>, confirmed: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    let left = |since: DateTime<Utc>| {
        let days = i32::try_from((now - since).num_days()).unwrap_or(i32::MAX);
        (1.0 - f64::from(days.max(0)) / weights.fresh_days).clamp(0.0, 1.0)
    };
    f64::midpoint(left(published), left(Ord::max(published, confirmed)))
}

/// Whether 排除名单 names one of these names: the same but for spaces and capitals, or one holds
/// the other when it is long enough to mean somebody.
pub fn names(list: &[String], names: &[&str]) -> bool {
    let plain =
        |name: &str| name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect::<String>();
    let names: Vec<String> = names.iter().map(|name| plain(name)).filter(|name| !name.is_empty()).collect();
    list.iter()
        .map(|each| plain(each))
        .filter(|each| !each.is_empty())
        .any(|each| names.iter().any(|name| *name == each || (each.chars().count() >= 4 && name.contains(&each))))
}

/// A result that was compared with a need.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Whose it is.
    pub team: OrganisationId,
    /// Which.
    pub result: ListingId,
    /// What its score is made of.
    pub parts: Vec<Part>,
    /// The words that both use.
    pub words: Vec<String>,
    /// Why it may not be suggested.
    pub excluded: Option<Exclusion>,
}

/// Who is shown, the best first, and who was set aside, the best first: each team once, by its
/// best result. Of equal scores the team that was suggested less often in the last thirty days
/// comes first (`exposure`), then the lower number.
pub fn select(candidates: Vec<Candidate>, exposure: &HashMap<OrganisationId, u64>) -> (Vec<Candidate>, Vec<Candidate>) {
    let better = |a: &Candidate, b: &Candidate| {
        // A result that may be suggested stands for its team before one that may not.
        let open = a.excluded.is_some().cmp(&b.excluded.is_some());
        open.then_with(|| total(&b.parts).cmp(&total(&a.parts))).then_with(|| a.result.cmp(&b.result))
    };
    let mut best: BTreeMap<OrganisationId, Candidate> = BTreeMap::new();
    for candidate in candidates {
        match best.get(&candidate.team) {
            Some(kept) if better(kept, &candidate) != Ordering::Greater => {}
            _ => {
                best.insert(candidate.team, candidate);
            }
        }
    }
    let (mut shown, mut aside): (Vec<_>, Vec<_>) = best.into_values().partition(|each| each.excluded.is_none());
    let seen = |team: OrganisationId| exposure.get(&team).copied().unwrap_or(0);
    let order = |each: &Candidate| (Reverse(total(&each.parts)), seen(each.team), each.team);
    shown.sort_by_key(order);
    aside.sort_by_key(order);
    shown.truncate(MOST_SHOWN);
    aside.truncate(MOST_EXCLUDED);
    (shown, aside)
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn near(a: Option<f64>, b: f64) -> bool {
        a.is_some_and(|a| (a - b).abs() < 1e-9)
    }

    #[test]
    fn classes_are_as_near_as_their_beginnings() {
        assert!(near(industry("1453", "1453"), 1.0));
        assert!(near(industry("1453", "C1451"), 0.7));
        assert!(near(industry("1453", "1421"), 0.4));
        assert!(near(industry("1453", "3841"), 0.1));
        assert!(near(industry("1453", "0111"), 0.0));
        assert!(near(industry("14", "1453"), 0.4), "a 大类 alone says no more than that");
        assert!(industry("", "1453").is_none());
        assert!(industry("饮料", "1453").is_none());
        assert_eq!(section("01"), section("05"));
        assert_ne!(section("05"), section("06"));
    }

    #[test]
    fn a_level_outside_costs_a_quarter() {
        assert!(near(Some(ripeness((4, 6), (5, 5))), 1.0));
        assert!(near(Some(ripeness((4, 6), (3, 3))), 0.75));
        assert!(near(Some(ripeness((4, 6), (8, 8))), 0.5));
        assert!(near(Some(ripeness((8, 9), (1, 1))), 0.0));
    }

    #[test]
    fn regions_are_as_near_as_their_beginnings() {
        assert!(near(region("431103", "431103"), 1.0));
        assert!(near(region("431103", "431122"), 0.6));
        assert!(near(region("431103", "430102"), 0.3));
        assert!(near(region("431103", "440103"), 0.0));
        assert!(region("431103", "").is_none());
    }

    #[test]
    fn wanted_contracts_are_counted() {
        use Cooperation::{Consulting, Development, Transfer};
        assert!(near(cooperation(&[Development, Transfer], &[Transfer, Consulting]), 0.5));
        assert!(cooperation(&[], &[Transfer]).is_none());
    }

    #[test]
    fn a_result_grows_old_and_a_confirmation_freshens_it() {
        let now = at("2026-11-02T01:00:00Z");
        let fresh = |new: &str, confirmed: &str| freshness(&WEIGHTS, at(new), at(confirmed), now);
        assert!((fresh("2026-11-02T00:00:00Z", "2026-11-02T00:00:00Z") - 1.0).abs() < 1e-9);
        assert!(fresh("2024-11-02T00:00:00Z", "2024-11-02T00:00:00Z").abs() < 1e-9);
        assert!((fresh("2024-11-02T00:00:00Z", "2026-11-02T00:00:00Z") - 0.5).abs() < 1e-9);
    }

    #[test]
    fn what_has_no_data_drops_out_and_the_rest_is_scaled_up() {
        let now = at("2026-11-02T01:00:00Z");
        let words = |words: f64| Likeness { words, meaning: None };
        let alone = parts(&WEIGHTS, words(0.2), &Side::default(), &Side::default(), now);
        assert_eq!(alone, [Part { key: Aspect::Text, points: 50.0, of: 100.0 }]);
        let need = Side { region: "431103".to_owned(), trl: Some((4, 6)), ..Side::default() };
        let result = Side { region: "431122".to_owned(), trl: Some((7, 7)), ..Side::default() };
        // 40 + 15 + 5 of 60: 66.7, 25.0 and 8.3 of 100.
        assert_eq!(
            parts(&WEIGHTS, words(0.4), &need, &result, now),
            [
                Part { key: Aspect::Text, points: 66.7, of: 66.7 },
                Part { key: Aspect::Trl, points: 18.8, of: 25.0 },
                Part { key: Aspect::Region, points: 5.0, of: 8.3 },
            ]
        );
    }

    #[test]
    fn words_and_meaning_share_the_points_for_text() {
        let now = at("2026-11-02T01:00:00Z");
        let both = Likeness { words: 0.2, meaning: Some(0.93) };
        let found = parts(&WEIGHTS, both, &Side::default(), &Side::default(), now);
        let [words, meaning] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(*words, Part { key: Aspect::Text, points: 25.0, of: 50.0 });
        assert_eq!(*meaning, Part { key: Aspect::Meaning, points: 50.0, of: 50.0 });
        assert_eq!(grade(&found), Grade::Strong);
        // With a region, 20 + 20 + 5 of 45.
        let here = Side { region: "431103".to_owned(), ..Side::default() };
        let most: Vec<f64> = parts(&WEIGHTS, both, &here, &here, now).iter().map(|part| part.of).collect();
        assert_eq!(most, [44.5, 44.4, 11.1]);
    }

    #[test]
    fn few_common_words_suffice_when_meanings_are_near() {
        let suffices = |words, meaning, distinctive| Likeness { words, meaning }.suffices(&WEIGHTS, distinctive);
        assert!(suffices(0.2, None, 2) && suffices(0.2, Some(0.8), 2));
        assert!(!suffices(0.2, None, 1) && !suffices(0.05, None, 5) && !suffices(0.2, Some(0.86), 1));
        assert!(suffices(0.0, Some(0.91), 0));
    }

    #[test]
    fn an_exclusion_list_names_people_as_they_write() {
        let list = |name: &str| vec![name.to_owned()];
        assert!(names(&list("湘岭大学"), &["果胶课题组", "湘岭大学"]));
        assert!(names(&list(" 果胶 课题组"), &["果胶课题组", "湘岭大学"]));
        assert!(names(&list("湘岭大学"), &["湘岭大学食品学院"]));
        assert!(!names(&list("大学"), &["果胶课题组", "湘岭大学"]), "a word that names nobody");
        assert!(!names(&[String::new()], &["果胶课题组", ""]));
    }

    fn candidate(team: i64, result: i64, points: f64, excluded: Option<Exclusion>) -> Candidate {
        Candidate {
            team: OrganisationId(team),
            result: ListingId(result),
            parts: vec![Part { key: Aspect::Text, points, of: 100.0 }],
            words: Vec::new(),
            excluded,
        }
    }

    #[test]
    fn each_team_is_shown_once_by_its_best_result_that_may_be_shown() {
        let candidates = vec![
            candidate(1, 10, 30.0, None),
            candidate(1, 11, 50.0, None),
            candidate(2, 20, 90.0, Some(Exclusion::TooLittleInCommon)),
            candidate(2, 21, 40.0, None),
            candidate(3, 30, 99.0, Some(Exclusion::Blocked)),
        ];
        let (shown, aside) = select(candidates, &HashMap::new());
        assert_eq!(shown.iter().map(|each| each.result.0).collect::<Vec<_>>(), [11, 21]);
        assert_eq!(aside.iter().map(|each| each.result.0).collect::<Vec<_>>(), [30]);
    }

    #[test]
    fn of_equals_the_one_who_was_suggested_less_comes_first() {
        let all = || vec![candidate(1, 10, 50.0, None), candidate(2, 20, 50.0, None), candidate(3, 30, 50.0, None)];
        let exposure = HashMap::from([(OrganisationId(1), 4), (OrganisationId(2), 1), (OrganisationId(3), 1)]);
        let teams = |shown: Vec<Candidate>| shown.iter().map(|each| each.team.0).collect::<Vec<_>>();
        assert_eq!(teams(select(all(), &exposure).0), [2, 3, 1]);
        assert_eq!(teams(select(all(), &HashMap::new()).0), [1, 2, 3]);
    }

    fn a_side() -> impl Strategy<Value = Side> {
        let industry = prop_oneof![Just(String::new()), "[0-9]{4}", "C[0-9]{4}", "[0-9]{2}", "\\PC{0,6}"];
        let region = prop_oneof![Just(String::new()), Just("431103".to_owned()), "[1-8][0-9]{5}", "\\PC{0,6}"];
        let trl = proptest::option::of((1_u8..10, 1_u8..10).prop_map(|(a, b)| (Ord::min(a, b), Ord::max(a, b))));
        let kinds = proptest::sample::subsequence(Cooperation::ALL.to_vec(), 0..=Cooperation::ALL.len());
        let dates = proptest::option::of(
            (0_i64..2_000_000_000, 0_i64..2_000_000_000)
                .prop_map(|(a, b)| (DateTime::from_timestamp(a, 0).unwrap(), DateTime::from_timestamp(b, 0).unwrap())),
        );
        (industry, region, trl, kinds, dates).prop_map(|(industry, region, trl, cooperation, dates)| Side {
            industry,
            trl,
            cooperation,
            region,
            dates,
        })
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_score(need in a_side(), result in a_side(), words in -0.5_f64..1.5, meaning in prop::option::of(0.5_f64..1.2), now in 0_i64..2_000_000_000) {
            let parts = parts(&WEIGHTS, Likeness { words, meaning }, &need, &result, DateTime::from_timestamp(now, 0).unwrap());
            // As a page shows them: every number to one place.
            let shown = |value: f64| format!("{value:.1}").replace('.', "").parse::<u32>().unwrap();
            let score = f64::from(total(&parts)) / 10.0;
            prop_assert_eq!(parts.iter().map(|part| shown(part.points)).sum::<u32>(), shown(score));
            prop_assert_eq!(parts.iter().map(|part| shown(part.of)).sum::<u32>(), 1000);
            for part in &parts {
                prop_assert!(part.points >= 0.0 && part.points <= part.of);
            }
        }
    }
}
