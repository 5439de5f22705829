//! The chains of the park, each as a drawing and as a table of the same content, with its gaps.

pub mod desk;

use std::collections::{BTreeSet, HashMap};

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    chain::{
        Chain, Node, Role, Supply,
        layout::{self, Direction},
        store,
    },
    fault::Fault,
    id::{ListingId, OrganisationId},
    introduction,
    listing::{self, Listing},
    organisation::{self, Organisation},
    web::{
        Answer, Page, WebError,
        list::{Row, ZoneTag, address},
    },
    words::Say,
    zone::{self, pages::tag},
};

/// Numbers of organisations below this one are not told to everybody: in a small park a number is a name.
const TOLD_FROM: usize = 3;

/// Who has to do with chains, by number; only those that staff have verified.
pub(super) type Names = HashMap<OrganisationId, Organisation>;

/// Takes out whoever is not verified (any more), and returns the names of the rest.
pub(super) async fn verified(page: &Page, chains: &mut [Chain]) -> Result<Names, Fault> {
    let ids: BTreeSet<OrganisationId> = chains.iter().flat_map(Chain::organisations).collect();
    let ids: Vec<OrganisationId> = ids.into_iter().collect();
    let found = if ids.is_empty() { Vec::new() } else { organisation::store::by_ids(&page.app.db, &ids).await? };
    let names: Names = found.into_iter().filter(Organisation::is_verified).map(|each| (each.id, each)).collect();
    for node in chains.iter_mut().flat_map(|chain| &mut chain.nodes) {
        node.members.retain(|(_, organisation)| names.contains_key(organisation));
    }
    Ok(names)
}

#[derive(Serialize)]
struct IndexView {
    rows: Vec<Row>,
}

/// `GET /chains`.
pub async fn index(page: Page) -> Answer {
    let mut chains = store::all(&page.app.db).await?;
    verified(&page, &mut chains).await?;
    let zones = zone::store::all(&page.app.db).await?;
    let row = |chain: &Chain| {
        let counts = chain.counts();
        let count = |supply: Supply| counts.get(supply.as_str()).copied().unwrap_or(0);
        let meta = Say::new("chain-counts")
            .with("nodes", chain.nodes.len())
            .with("gaps", count(Supply::Gap))
            .with("singles", count(Supply::Single));
        Row {
            url: chain.content.url(),
            title: chain.content.name_in(page.language()).to_owned(),
            teaser: chain.content.about_in(page.language()).to_owned(),
            zone: tag(&page, &zones, chain.content.zone),
            meta: page.tell(&meta),
            ..Row::default()
        }
    };
    page.show("chain/index.html", &IndexView { rows: chains.iter().map(row).collect() })
}

#[derive(Serialize)]
struct ShowView {
    name: String,
    about: String,
    zone: Option<ZoneTag>,
    edit_url: String,
    what_if_url: String,
    figures: Vec<Figure>,
    drawings: [DrawingView; 2],
    stages: Vec<StageView>,
    gaps: Vec<GapView>,
}

#[derive(Serialize)]
struct Figure {
    value: usize,
    label: String,
}

#[derive(Serialize)]
struct DrawingView {
    class: &'static str,
    width: i64,
    height: i64,
    label: String,
    boxes: Vec<BoxView>,
    lines: Vec<LineView>,
}

#[derive(Serialize)]
struct BoxView {
    url: String,
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    supply: &'static str,
    /// The name, in one line or two.
    text: Vec<TextView>,
    /// What stands below it: who makes it, or that nobody does.
    note: TextView,
    ring_x: i64,
    ring_y: i64,
}

#[derive(Serialize)]
struct TextView {
    x: i64,
    y: i64,
    words: String,
}

#[derive(Serialize)]
struct LineView {
    path: String,
    is_broken: bool,
}

#[derive(Serialize)]
struct StageView {
    label: String,
    nodes: Vec<NodeView>,
}

#[derive(Serialize)]
struct NodeView {
    id: String,
    name: String,
    supply_label: String,
    tone: &'static str,
    makers: Vec<Link>,
    users: String,
    researchers: Vec<Link>,
    /// What it is made from, and what is made from it.
    from: Vec<Link>,
    to: Vec<Link>,
}

#[derive(Serialize)]
struct Link {
    label: String,
    url: String,
}

#[derive(Serialize)]
struct GapView {
    id: String,
    name: String,
    counts: String,
    stages: Vec<GapStage>,
    url: String,
    action: String,
}

#[derive(Serialize)]
struct GapStage {
    label: String,
    stage: &'static str,
}

/// `GET /chains/{slug}`.
pub async fn show(page: Page, slug: Path<String>) -> Answer {
    let db = &page.app.db;
    let mut chains = [store::by_slug(db, &slug).await?.ok_or(WebError::NotFound)?];
    let names = verified(&page, &mut chains).await?;
    let [chain] = chains;
    let is_staff = page.visit.member.as_ref().is_some_and(|member| member.role.is_staff());
    let curates = page.visit.member.as_ref().is_some_and(|member| member.role.curates());
    let needs: Vec<ListingId> = chain.nodes.iter().filter_map(|node| node.content.need).collect();
    let needs = if needs.is_empty() { Vec::new() } else { listing::store::by_ids(db, &needs).await? };
    let mut gaps = Vec::new();
    for node in &chain.nodes {
        let need = node.content.need.and_then(|need| needs.iter().find(|each| each.id == need));
        if node.supply() == Supply::Gap || need.is_some() {
            gaps.push(gap(&page, node, need, is_staff).await?);
        }
    }
    let counts = chain.counts();
    let figure = |supply: Supply, key: &str| Figure {
        value: counts.get(supply.as_str()).copied().unwrap_or(0),
        label: page.word(key),
    };
    let at_desk = format!("/desk/chains/{}", chain.content.slug);
    let view = ShowView {
        name: chain.content.name_in(page.language()).to_owned(),
        about: chain.content.about_in(page.language()).to_owned(),
        zone: tag(&page, &zone::store::all(db).await?, chain.content.zone),
        what_if_url: if is_staff { format!("{at_desk}/what-if") } else { String::new() },
        edit_url: if curates { at_desk } else { String::new() },
        figures: vec![
            Figure { value: chain.nodes.len(), label: page.word("chain-nodes") },
            Figure { value: chain.organisations().len(), label: page.word("chain-organisations") },
            figure(Supply::Gap, "chain-gaps"),
            figure(Supply::Single, "chain-singles"),
        ],
        drawings: [
            drawing(&page, &chain, Direction::Across, "across"),
            drawing(&page, &chain, Direction::Down, "down"),
        ],
        stages: stages(&page, &chain, &names, is_staff),
        gaps,
    };
    page.show("chain/show.html", &view)
}

fn supply_label(page: &Page, supply: Supply) -> String {
    page.word(&format!("chain-supply-{}", supply.as_str()))
}

/// A number of organisations as this reader may hear it.
fn told(page: &Page, number: usize, is_staff: bool) -> String {
    if number == 0 || number >= TOLD_FROM || is_staff {
        page.tell(&Say::new("chain-number").with("n", number))
    } else {
        page.tell(&Say::new("chain-few").with("n", TOLD_FROM))
    }
}

fn drawing(page: &Page, chain: &Chain, direction: Direction, class: &'static str) -> DrawingView {
    let drawn = layout::draw(chain, direction);
    // Twelve Chinese characters, which a name may have, are two lines of a box; Latin letters are half as wide.
    let in_a_line = if direction == Direction::Across { 9.0 } else { 8.0 };
    let boxes = drawn.places.iter().filter_map(|place| {
        let node = chain.node(place.node)?;
        let lines = broken(node.content.name_in(page.language()), in_a_line);
        let makers = node.with(Role::Make).len();
        let note = match node.supply() {
            Supply::Gap => page.word("chain-note-gap"),
            Supply::Unknown => page.word("chain-note-unknown"),
            Supply::Single | Supply::Sound => page.tell(&Say::new("chain-note-makers").with("n", makers)),
        };
        let middle = place.x + place.width / 2 + 6;
        let first = if lines.len() > 1 { place.y + 20 } else { place.y + 27 };
        let text = (0_i64..).zip(lines).map(|(line, words)| TextView { x: middle, y: first + 17 * line, words });
        Some(BoxView {
            url: format!("#node-{}", node.id),
            x: place.x,
            y: place.y,
            width: place.width,
            height: place.height,
            supply: node.supply().as_str(),
            text: text.collect(),
            note: TextView { x: middle, y: place.y + place.height - 9, words: note },
            ring_x: place.x + 12,
            ring_y: place.y + place.height / 2,
        })
    });
    let is_gap = |id| chain.node(id).is_some_and(|node| node.supply() == Supply::Gap);
    DrawingView {
        class,
        width: drawn.width,
        height: drawn.height,
        label: page.tell(&Say::new("chain-drawing").with("name", chain.content.name_in(page.language()))),
        boxes: boxes.collect(),
        lines: drawn
            .lines
            .iter()
            .map(|line| LineView { path: line.path.clone(), is_broken: is_gap(line.from) })
            .collect(),
    }
}

/// A name in at most two lines, broken between Latin words or anywhere between Chinese characters.
fn broken(name: &str, in_a_line: f64) -> Vec<String> {
    let width = |text: &str| text.chars().map(|each| if each.is_ascii() { 0.58 } else { 1.0 }).sum::<f64>();
    if width(name) <= in_a_line {
        return vec![name.to_owned()];
    }
    let breaks = name.char_indices().map(|(at, _)| at).skip(1).filter(|at| {
        let (before, after) = name.split_at(*at);
        !name.is_ascii() || before.ends_with(' ') || after.starts_with(' ')
    });
    // The break that leaves the longer of the two lines shortest.
    let longer = |at: &usize| (width(&name[..*at]).max(width(&name[*at..])) * 100.0).round();
    let best = breaks.min_by(|one, other| longer(one).total_cmp(&longer(other)));
    best.map_or_else(
        || vec![name.to_owned()],
        |at| [&name[..at], &name[at..]].map(|part| part.trim().to_owned()).into(),
    )
}

fn stages(page: &Page, chain: &Chain, names: &Names, is_staff: bool) -> Vec<StageView> {
    let links = |ids: Vec<OrganisationId>| -> Vec<Link> {
        ids.iter()
            .filter_map(|id| names.get(id))
            .map(|each| Link { label: each.name.clone(), url: each.url() })
            .collect()
    };
    let node_link = |id| {
        let name = chain.node(id).map(|node| node.content.name_in(page.language()).to_owned());
        Link { label: name.unwrap_or_default(), url: format!("#node-{id}") }
    };
    let node_view = |node: &Node| {
        let supply = node.supply();
        let users = node.with(Role::Use);
        NodeView {
            id: format!("node-{}", node.id),
            name: node.content.name_in(page.language()).to_owned(),
            supply_label: supply_label(page, supply),
            tone: match supply {
                Supply::Unknown => "plain",
                Supply::Gap => "bad",
                Supply::Single => "wait",
                Supply::Sound => "good",
            },
            makers: links(node.with(Role::Make)),
            // Who buys what is its own business; staff see the names where they edit.
            users: if users.is_empty() { String::new() } else { told(page, users.len(), is_staff) },
            researchers: links(node.with(Role::Research)),
            from: chain.edges.iter().filter(|(_, to)| *to == node.id).map(|(from, _)| node_link(*from)).collect(),
            to: chain.edges.iter().filter(|(from, _)| *from == node.id).map(|(_, to)| node_link(*to)).collect(),
        }
    };
    crate::chain::Stage::ALL
        .into_iter()
        .map(|stage| StageView {
            label: page.word(&format!("chain-stage-{}", stage.as_str())),
            nodes: chain.nodes.iter().filter(|node| node.content.stage == stage).map(node_view).collect(),
        })
        .filter(|stage| !stage.nodes.is_empty())
        .collect()
}

/// The card of a missing link: how far it has come, and what somebody who could make it can do.
async fn gap(page: &Page, node: &Node, need: Option<&Listing>, is_staff: bool) -> Result<GapView, WebError> {
    let live = need.filter(|need| need.is_live(page.app.clock.now()));
    let has_interest = match live {
        None => false,
        Some(need) => {
            let asked = introduction::store::of_need(&page.app.db, need.id).await?;
            asked.iter().any(|each| ["accepted", "exchanged", "met"].contains(&each.state.as_str()))
        }
    };
    // A card whose need ran out goes back to the beginning: nobody looks any more.
    let reached = match (node.supply(), live) {
        (Supply::Single | Supply::Sound, _) => 3,
        _ if has_interest => 2,
        (_, Some(_)) => 1,
        (_, None) => 0,
    };
    let stages = ["blank", "posted", "interest", "settled"].iter().enumerate().map(|(at, word)| GapStage {
        label: page.word(&format!("chain-gap-{word}")),
        stage: match at.cmp(&reached) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "next",
        },
    });
    let name = node.content.name_in(page.language()).to_owned();
    let count = |role: Role| told(page, node.with(role).len(), is_staff);
    let counts = Say::new("chain-gap-counts")
        .with("makers", count(Role::Make))
        .with("users", count(Role::Use))
        .with("researchers", count(Role::Research));
    Ok(GapView {
        id: format!("gap-{}", node.id),
        counts: page.tell(&counts),
        stages: stages.collect(),
        url: match live {
            _ if reached == 3 => format!("#node-{}", node.id),
            Some(need) => need.url(),
            None => address("/offers/new", &[("title", &name)]),
        },
        action: page.word(match live {
            _ if reached == 3 => "chain-gap-made",
            Some(_) => "chain-gap-see",
            None => "chain-gap-fill",
        }),
        name,
    })
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn a_name_is_broken_in_two_at_most() {
        assert_eq!(broken("竹板材", 8.0), ["竹板材"]);
        assert_eq!(broken("工商业储能系统集成柜", 8.0), ["工商业储能", "系统集成柜"]);
        assert_eq!(broken("Power electronics", 8.0), ["Power", "electronics"]);
        assert_eq!(broken("Electrometallurgy", 8.0), ["Electrometallurgy"]);
    }
}
