//! Drawing a chain in layers (Sugiyama's way): every edge leads from one layer to a later one, an
//! edge over several layers gets a place in each of them, and the order within a layer is that of
//! the neighbours, so that few edges cross. Pure; the same chain is always drawn the same.

use std::collections::{BTreeSet, HashMap};

use crate::{
    chain::{Chain, Stage},
    id::NodeId,
};

/// How often the order is improved; more changes nothing on chains of a few dozen nodes.
const SWEEPS: usize = 12;

/// Which way a drawing runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Layers are columns: for screens and walls.
    Across,
    /// Layers are rows: for telephones.
    Down,
}

/// The measures of a drawing, in its own units.
struct Measure {
    box_width: i64,
    box_height: i64,
    /// Between the layers,
    between: i64,
    /// and between the boxes of one.
    beside: i64,
    margin: i64,
    /// The most boxes beside one another before a layer goes on in a further line.
    most: usize,
}

impl Direction {
    fn measure(self) -> Measure {
        match self {
            Self::Across => Measure { box_width: 176, box_height: 64, between: 72, beside: 20, margin: 12, most: 99 },
            Self::Down => Measure { box_width: 156, box_height: 64, between: 40, beside: 12, margin: 4, most: 2 },
        }
    }
}

/// A box in the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Whose.
    pub node: NodeId,
    /// The left edge.
    pub x: i64,
    /// The top edge.
    pub y: i64,
    /// The width.
    pub width: i64,
    /// The height.
    pub height: i64,
}

/// The line of an edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// From where,
    pub from: NodeId,
    /// to where.
    pub to: NodeId,
    /// The `d` of its path.
    pub path: String,
}

/// A whole drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// How wide.
    pub width: i64,
    /// How high.
    pub height: i64,
    /// The boxes.
    pub places: Vec<Place>,
    /// The lines.
    pub lines: Vec<Line>,
}

/// What stands in a layer: a node, or an edge on its way through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Slot {
    Node(NodeId),
    Through(NodeId, NodeId, usize),
}

/// Draws a chain.
pub fn draw(chain: &Chain, direction: Direction) -> Drawing {
    let layers = ordered(chain);
    let measure = direction.measure();
    // Two boxes side by side are all that a telephone shows, so a full layer goes on below; edges
    // on their way pass between the boxes there.
    let lines: Vec<Vec<Slot>> = match direction {
        Direction::Across => layers,
        Direction::Down => layers
            .into_iter()
            .flat_map(|layer| {
                let nodes: Vec<Slot> = layer.into_iter().filter(|slot| matches!(slot, Slot::Node(_))).collect();
                nodes.chunks(measure.most).map(<[Slot]>::to_vec).collect::<Vec<_>>()
            })
            .collect(),
    };
    let (along, step) = match direction {
        Direction::Across => (measure.box_height + measure.beside, measure.box_width + measure.between),
        Direction::Down => (measure.box_width + measure.beside, measure.box_height + measure.between),
    };
    let longest = lines.iter().map(Vec::len).max().unwrap_or(0);
    let mut centres: HashMap<Slot, (i64, i64)> = HashMap::new();
    for (layer, slots) in (0_i64..).zip(&lines) {
        let spare = whole(longest - slots.len()) * along / 2;
        for (at, slot) in (0_i64..).zip(slots) {
            let (main, cross) = (layer * step, spare + at * along);
            let (x, y) = if direction == Direction::Across { (main, cross) } else { (cross, main) };
            let centre = (measure.margin + x + measure.box_width / 2, measure.margin + y + measure.box_height / 2);
            centres.insert(*slot, centre);
        }
    }
    let places = chain
        .nodes
        .iter()
        .filter_map(|node| {
            let (x, y) = *centres.get(&Slot::Node(node.id))?;
            let (width, height) = (measure.box_width, measure.box_height);
            Some(Place { node: node.id, x: x - width / 2, y: y - height / 2, width, height })
        })
        .collect();
    let (main, cross) = (whole(lines.len()) * step, whole(longest) * along);
    let (width, height) = if direction == Direction::Across {
        (main - measure.between, cross - measure.beside)
    } else {
        (cross - measure.beside, main - measure.between)
    };
    Drawing {
        width: width.max(0) + 2 * measure.margin,
        height: height.max(0) + 2 * measure.margin,
        places,
        lines: chain.edges.iter().filter_map(|edge| line(*edge, &centres, direction, &measure)).collect(),
    }
}

/// The curve of one edge, through the places that it has on its way.
fn line(
    (from, to): (NodeId, NodeId),
    centres: &HashMap<Slot, (i64, i64)>,
    direction: Direction,
    measure: &Measure,
) -> Option<Line> {
    let (start, end) = (*centres.get(&Slot::Node(from))?, *centres.get(&Slot::Node(to))?);
    let half = if direction == Direction::Across { measure.box_width / 2 } else { measure.box_height / 2 };
    let shift = |(x, y): (i64, i64), by: i64| if direction == Direction::Across { (x + by, y) } else { (x, y + by) };
    let mut points = vec![shift(start, half)];
    let mut way = 1;
    while let Some(through) = centres.get(&Slot::Through(from, to, way)) {
        points.extend([shift(*through, -half), shift(*through, half)]);
        way += 1;
    }
    points.push(shift(end, -half));
    let mut path = format!("M{} {}", points[0].0, points[0].1);
    for (number, pair) in points.windows(2).enumerate() {
        let ((x1, y1), (x2, y2)) = (pair[0], pair[1]);
        if number % 2 == 1 {
            path.push_str(&format!("L{x2} {y2}"));
        } else if direction == Direction::Across {
            let middle = (x1 + x2) / 2;
            path.push_str(&format!("C{middle} {y1} {middle} {y2} {x2} {y2}"));
        } else {
            let middle = (y1 + y2) / 2;
            path.push_str(&format!("C{x1} {middle} {x2} {middle} {x2} {y2}"));
        }
    }
    Some(Line { from, to, path })
}

/// The layers of a chain, each in its order.
fn ordered(chain: &Chain) -> Vec<Vec<Slot>> {
    let depth = depths(chain);
    let count = depth.values().max().map_or(0, |last| last + 1);
    let mut layers: Vec<Vec<Slot>> = vec![Vec::new(); count];
    for node in &chain.nodes {
        layers[depth[&node.id]].push(Slot::Node(node.id));
    }
    // What stands beside what, in the layer before and in the layer after.
    let (mut before, mut after): (HashMap<Slot, Vec<Slot>>, HashMap<Slot, Vec<Slot>>) = Default::default();
    for &(from, to) in &chain.edges {
        let mut last = Slot::Node(from);
        for (way, layer) in (depth[&from] + 1..depth[&to]).enumerate() {
            let through = Slot::Through(from, to, way + 1);
            layers[layer].push(through);
            after.entry(last).or_default().push(through);
            before.entry(through).or_default().push(last);
            last = through;
        }
        after.entry(last).or_default().push(Slot::Node(to));
        before.entry(Slot::Node(to)).or_default().push(last);
    }
    let mut best = layers.clone();
    let mut fewest = crossings(&layers, &after);
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        let sequence: Vec<usize> =
            if forward { (1..count).collect() } else { (0..count.saturating_sub(1)).rev().collect() };
        for layer in sequence {
            let (beside, neighbours) = if forward { (layer - 1, &before) } else { (layer + 1, &after) };
            let place: HashMap<Slot, usize> = layers[beside].iter().enumerate().map(|(at, slot)| (*slot, at)).collect();
            let mean = |slot: &Slot, at: usize| {
                let near = neighbours.get(slot).map(Vec::as_slice).unwrap_or_default();
                // Twelve parts of a place, so that the mean of a few is exact enough to sort by.
                let sum: usize = near.iter().filter_map(|each| place.get(each)).sum();
                if near.is_empty() { 12 * at } else { 12 * sum / near.len() }
            };
            let mut weighed: Vec<(usize, usize, Slot)> =
                layers[layer].iter().enumerate().map(|(at, slot)| (mean(slot, at), at, *slot)).collect();
            weighed.sort();
            layers[layer] = weighed.into_iter().map(|(_, _, slot)| slot).collect();
        }
        let now = crossings(&layers, &after);
        if now < fewest {
            (fewest, best) = (now, layers.clone());
        }
    }
    best
}

/// How many pairs of edges cross between neighbouring layers.
fn crossings(layers: &[Vec<Slot>], after: &HashMap<Slot, Vec<Slot>>) -> usize {
    let mut sum = 0;
    for pair in layers.windows(2) {
        let place: HashMap<Slot, usize> = pair[1].iter().enumerate().map(|(at, slot)| (*slot, at)).collect();
        let ends: Vec<(usize, usize)> = pair[0]
            .iter()
            .enumerate()
            .flat_map(|(at, slot)| {
                after.get(slot).into_iter().flatten().map(move |next| (at, *next)).collect::<Vec<_>>()
            })
            .filter_map(|(at, next)| Some((at, *place.get(&next)?)))
            .collect();
        for (number, one) in ends.iter().enumerate() {
            sum += ends[..number]
                .iter()
                .filter(|other| (other.0 < one.0 && other.1 > one.1) || (other.0 > one.0 && other.1 < one.1))
                .count();
        }
    }
    sum
}

/// The layer of every node: behind everything that leads to it, and not before its stage begins.
fn depths(chain: &Chain) -> HashMap<NodeId, usize> {
    let mut depth: HashMap<NodeId, usize> = HashMap::new();
    let mut start = 0;
    // Stage by stage, so that what is downstream by name stands behind what is upstream by name.
    for stage in Stage::ALL {
        let here: BTreeSet<NodeId> =
            chain.nodes.iter().filter(|node| node.content.stage == stage).map(|node| node.id).collect();
        if here.is_empty() {
            continue;
        }
        for id in &here {
            depth.insert(*id, start);
        }
        settle(chain, &mut depth);
        start = here.iter().filter_map(|id| depth.get(id)).max().map_or(start, |last| last + 1);
    }
    settle(chain, &mut depth);
    // An edge against the stages may leave a layer empty; nobody wants to see that.
    let used: BTreeSet<usize> = depth.values().copied().collect();
    let rank: HashMap<usize, usize> = used.into_iter().enumerate().map(|(at, layer)| (layer, at)).collect();
    depth.into_iter().map(|(id, layer)| (id, rank[&layer])).collect()
}

/// Moves nodes back until every edge leads on. A chain has no circle, so this ends after as many
/// rounds as the longest way has edges; a circle, which no verb lets in, ends it as well.
fn settle(chain: &Chain, depth: &mut HashMap<NodeId, usize>) {
    for _ in 0..=chain.nodes.len() {
        let mut is_settled = true;
        for (from, to) in &chain.edges {
            let (Some(&start), Some(&end)) = (depth.get(from), depth.get(to)) else { continue };
            if end <= start {
                depth.insert(*to, start + 1);
                is_settled = false;
            }
        }
        if is_settled {
            return;
        }
    }
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        chain::{NewChain, NewNode, Node},
        id::{ChainId, ZoneId},
    };

    fn chain(stages: &[Stage], edges: &[(usize, usize)]) -> Chain {
        let mut chain = Chain {
            id: ChainId(1),
            content: NewChain {
                slug: String::new(),
                zone: ZoneId(1),
                name: Default::default(),
                about: Default::default(),
            },
            nodes: Vec::new(),
            edges: BTreeSet::new(),
        };
        for (number, stage) in (0_i64..).zip(stages) {
            let content = NewNode { name: Default::default(), stage: *stage, need: None };
            chain.nodes.push(Node { id: NodeId(number), content, members: BTreeSet::new() });
        }
        for (from, to) in edges {
            let (from, to) = (NodeId(whole(*from)), NodeId(whole(*to)));
            if chain.circle(from, to).is_none() {
                chain.edges.insert((from, to));
            }
        }
        chain
    }

    #[test]
    fn two_crossed_edges_are_uncrossed() {
        use Stage::{Downstream, Upstream};
        let crossed = chain(&[Upstream, Upstream, Downstream, Downstream], &[(0, 3), (1, 2)]);
        let drawing = draw(&crossed, Direction::Across);
        let y = |id| drawing.places.iter().find(|place| place.node == NodeId(id)).unwrap().y;
        assert_eq!(y(0) < y(1), y(3) < y(2));
    }

    proptest! {
        #[test]
        fn boxes_lie_apart_inside_the_drawing_and_edges_lead_on(
            stages in proptest::collection::vec(prop_oneof![Just(Stage::Upstream), Just(Stage::Midstream), Just(Stage::Downstream)], 0..14),
            edges in proptest::collection::vec((0..14_usize, 0..14_usize), 0..30),
        ) {
            let edges: Vec<_> = edges.into_iter().filter(|(from, to)| *from < stages.len() && *to < stages.len()).collect();
            let chain = chain(&stages, &edges);
            for direction in [Direction::Across, Direction::Down] {
                let drawing = draw(&chain, direction);
                prop_assert_eq!(&drawing, &draw(&chain, direction));
                prop_assert_eq!(drawing.places.len(), stages.len());
                prop_assert_eq!(drawing.lines.len(), chain.edges.len());
                if direction == Direction::Down {
                    prop_assert!(drawing.width <= 332, "{} does not fit a telephone", drawing.width);
                }
                for (number, one) in drawing.places.iter().enumerate() {
                    prop_assert!(one.x >= 0 && one.y >= 0);
                    prop_assert!(one.x + one.width <= drawing.width && one.y + one.height <= drawing.height);
                    for other in &drawing.places[..number] {
                        let apart = one.x + one.width <= other.x || other.x + other.width <= one.x
                            || one.y + one.height <= other.y || other.y + other.height <= one.y;
                        prop_assert!(apart, "{one:?} lies on {other:?}");
                    }
                }
                let at = |id: NodeId| drawing.places.iter().find(|place| place.node == id).unwrap();
                for (from, to) in &chain.edges {
                    let (from, to) = (at(*from), at(*to));
                    let leads_on = if direction == Direction::Across { from.x < to.x } else { from.y < to.y };
                    prop_assert!(leads_on);
                }
            }
        }
    }
}
