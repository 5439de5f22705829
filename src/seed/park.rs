//! What the demo park holds, as it is written in the TOML files.

use serde::Deserialize;

use crate::fault::Fault;

/// Everything.
pub(super) struct Park {
    pub(super) zones: Vec<Zone>,
    pub(super) enterprises: Vec<Enterprise>,
    pub(super) universities: Vec<University>,
    pub(super) teams: Vec<Team>,
    pub(super) needs: Vec<Need>,
    pub(super) results: Vec<Finding>,
    pub(super) introductions: Vec<Introduction>,
    pub(super) chains: Vec<Chain>,
    pub(super) exhibits: Vec<Exhibit>,
    pub(super) enquiries: Vec<Enquiry>,
}

#[derive(Deserialize)]
pub(super) struct Zone {
    pub(super) slug: String,
    pub(super) name_zh: String,
    pub(super) name_en: String,
    pub(super) about_zh: String,
    pub(super) about_en: String,
    pub(super) colour: String,
}

#[derive(Deserialize)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) email: String,
    pub(super) phone: String,
}

#[derive(Deserialize)]
pub(super) struct Enterprise {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) uscc: String,
    pub(super) zone: String,
    pub(super) region: String,
    pub(super) industry: String,
    pub(super) industry_name: String,
    pub(super) size: String,
    pub(super) about: String,
    pub(super) products: Vec<String>,
    pub(super) contact: Person,
    pub(super) verified: bool,
}

#[derive(Deserialize)]
pub(super) struct University {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) region: String,
    pub(super) office_name: String,
    pub(super) office_email: String,
}

#[derive(Deserialize)]
pub(super) struct Team {
    pub(super) key: String,
    pub(super) university: String,
    pub(super) name: String,
    pub(super) zone: String,
    pub(super) lead: Person,
    pub(super) office_email: String,
    pub(super) capacity: u32,
    pub(super) about: String,
    pub(super) fields: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) now: String,
    pub(super) target: String,
    pub(super) unit: String,
}

#[derive(Deserialize)]
pub(super) struct Need {
    pub(super) key: String,
    pub(super) enterprise: String,
    pub(super) zone: String,
    pub(super) need_type: String,
    pub(super) title: String,
    pub(super) teaser: String,
    pub(super) problem: String,
    pub(super) targets: Vec<Target>,
    pub(super) use_case: String,
    pub(super) deadline_months: u32,
    pub(super) budget: String,
    pub(super) cooperation: Vec<String>,
    pub(super) ip: String,
    pub(super) partner: String,
    pub(super) trl_min: Option<u8>,
    pub(super) trl_max: Option<u8>,
    pub(super) industry: String,
    pub(super) keywords: Vec<String>,
    pub(super) anonymous: bool,
    pub(super) state: String,
}

/// A result; `Result` is a word of the language.
#[derive(Deserialize)]
pub(super) struct Finding {
    pub(super) key: String,
    pub(super) team: String,
    pub(super) zone: String,
    pub(super) title: String,
    pub(super) teaser: String,
    pub(super) problem: String,
    pub(super) advantage: String,
    pub(super) economics: String,
    pub(super) trl: u8,
    pub(super) evidence: String,
    pub(super) ip: String,
    pub(super) cooperation: Vec<String>,
    pub(super) wants: String,
    pub(super) keywords: Vec<String>,
    pub(super) industry: String,
    pub(super) state: String,
}

#[derive(Deserialize)]
pub(super) struct Introduction {
    pub(super) need: String,
    pub(super) team: String,
    pub(super) reason: String,
    pub(super) state: String,
    pub(super) decline_reason: Option<String>,
    pub(super) decline_note: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Chain {
    pub(super) slug: String,
    pub(super) zone: String,
    pub(super) name: [String; 2],
    pub(super) about: [String; 2],
    pub(super) edges: Vec<[String; 2]>,
    pub(super) nodes: Vec<Node>,
}

#[derive(Deserialize)]
pub(super) struct Node {
    pub(super) key: String,
    pub(super) name: [String; 2],
    pub(super) stage: String,
    pub(super) make: Vec<String>,
    #[serde(rename = "use")]
    pub(super) uses: Vec<String>,
    pub(super) research: Vec<String>,
    pub(super) need: String,
}

#[derive(Deserialize)]
pub(super) struct Exhibit {
    pub(super) key: String,
    pub(super) owner: String,
    pub(super) zone: String,
    pub(super) stand: String,
    pub(super) name: [String; 2],
    pub(super) about: [String; 2],
    pub(super) facts: Vec<[String; 2]>,
    pub(super) state: String,
}

#[derive(Deserialize)]
pub(super) struct Enquiry {
    pub(super) exhibit: String,
    pub(super) wish: String,
    pub(super) text: String,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) consented: bool,
    pub(super) answer: String,
}

/// One file: a list under one name.
fn read<T: for<'de> Deserialize<'de>>(name: &str, text: &str) -> Result<Vec<T>, Fault> {
    let mut table: toml::Table =
        toml::from_str(text).map_err(|error| Fault::other(format!("seed: {name}: {error}")))?;
    let rows = table.remove(name).ok_or_else(|| Fault::other(format!("seed: there is no [[{name}]]")))?;
    rows.try_into().map_err(|error| Fault::other(format!("seed: {name}: {error}")))
}

impl Park {
    /// Reads the files, which are built into the binary.
    pub(super) fn read() -> Result<Self, Fault> {
        Ok(Self {
            zones: read("zone", include_str!("zones.toml"))?,
            enterprises: read("enterprise", include_str!("enterprises.toml"))?,
            universities: read("university", include_str!("universities.toml"))?,
            teams: read("team", include_str!("teams.toml"))?,
            needs: read("need", include_str!("needs.toml"))?,
            results: read("result", include_str!("results.toml"))?,
            chains: read("chain", include_str!("chains.toml"))?,
            exhibits: read("exhibit", include_str!("exhibits.toml"))?,
            enquiries: read("enquiry", include_str!("exhibits.toml"))?,
            introductions: read("introduction", include_str!("introductions.toml"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_park_is_as_large_as_the_readme_says_and_every_reference_leads_somewhere() {
        let park = Park::read().unwrap();
        assert_eq!(
            (park.zones.len(), park.enterprises.len(), park.teams.len(), park.universities.len()),
            (4, 40, 12, 3)
        );
        let zones: HashSet<&str> = park.zones.iter().map(|zone| zone.slug.as_str()).collect();
        let firms: HashSet<&str> = park.enterprises.iter().map(|firm| firm.key.as_str()).collect();
        let teams: HashSet<&str> = park.teams.iter().map(|team| team.key.as_str()).collect();
        let needs: HashSet<&str> = park.needs.iter().map(|need| need.key.as_str()).collect();
        assert!(
            park.needs
                .iter()
                .all(|need| firms.contains(need.enterprise.as_str()) && zones.contains(need.zone.as_str()))
        );
        assert!(
            park.results
                .iter()
                .all(|result| teams.contains(result.team.as_str()) && zones.contains(result.zone.as_str()))
        );
        assert!(
            park.introductions
                .iter()
                .all(|each| needs.contains(each.need.as_str()) && teams.contains(each.team.as_str()))
        );
    }

    #[test]
    fn nobody_in_the_park_has_a_mailbox_that_could_exist() {
        let park = Park::read().unwrap();
        let people = park.enterprises.iter().map(|firm| &firm.contact).chain(park.teams.iter().map(|team| &team.lead));
        let offices = park
            .teams
            .iter()
            .map(|team| &team.office_email)
            .chain(park.universities.iter().map(|each| &each.office_email));
        for address in people.map(|person| &person.email).chain(offices) {
            assert!(address.ends_with(".example"), "{address}");
        }
    }
}
