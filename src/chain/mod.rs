//! Industry chains: what is made from what, and by whom.
//!
//! A chain is a graph of nodes, from raw material to product. Staff say who makes, uses and
//! researches what a node stands for; everything else is computed from that. A node that is used
//! here and made by nobody here is a gap (断点), one that a single firm makes hangs on that firm
//! (单点). A gap lives: a need may be posted for it, a team may be found, one day somebody makes it.
//!
//! **Invariant:** a chain has no circle; the edge that would close one is refused and the circle is
//! named (`an_edge_that_closes_a_circle_is_refused_and_the_circle_named`).
//! **Invariant:** gaps and single makers are computed, never drawn
//! (`gaps_and_single_makers_are_as_a_plain_recount_says`).

pub mod edit;
mod form;
pub mod layout;
pub mod pages;
pub mod store;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    id::{ChainId, ListingId, NodeId, OrganisationId, ZoneId},
    words::Language,
};

/// Where in a chain a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// 上游.
    Upstream,
    /// 中游.
    Midstream,
    /// 下游.
    Downstream,
}

impl Stage {
    /// From raw material to product.
    pub const ALL: [Self; 3] = [Self::Upstream, Self::Midstream, Self::Downstream];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upstream => "upstream",
            Self::Midstream => "midstream",
            Self::Downstream => "downstream",
        }
    }

    /// The stage of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }
}

/// What an organisation has to do with a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Makes it.
    Make,
    /// Uses it.
    Use,
    /// Researches it.
    Research,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Make, Self::Use, Self::Research];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Make => "make",
            Self::Use => "use",
            Self::Research => "research",
        }
    }

    /// The role of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// What a chain is called and says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChain {
    /// The word in URLs.
    pub slug: String,
    /// The hall that it belongs to.
    pub zone: ZoneId,
    /// The name in Chinese and in English.
    pub name: [String; 2],
    /// What it is, in Chinese and in English.
    pub about: [String; 2],
}

/// What a node is called and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNode {
    /// The name in Chinese and in English.
    pub name: [String; 2],
    /// Where in the chain.
    pub stage: Stage,
    /// The need that was posted to fill it.
    pub need: Option<ListingId>,
}

/// A node of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The number.
    pub id: NodeId,
    /// What it is called.
    pub content: NewNode,
    /// Who has what to do with it. Only verified organisations are here.
    pub members: BTreeSet<(Role, OrganisationId)>,
}

/// A chain with everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The number.
    pub id: ChainId,
    /// What it says.
    pub content: NewChain,
    /// Its nodes, in the order in which they were entered.
    pub nodes: Vec<Node>,
    /// What flows from where to where.
    pub edges: BTreeSet<(NodeId, NodeId)>,
}

/// How a node stands, computed from its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Supply {
    /// Nobody here has to do with it.
    Unknown,
    /// 断点: used here and made by nobody here.
    Gap,
    /// 单点: one firm makes it.
    Single,
    /// Several make it, or nobody needs it.
    Sound,
}

impl Supply {
    /// The word of its key in the words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Gap => "gap",
            Self::Single => "single",
            Self::Sound => "sound",
        }
    }
}

impl NewChain {
    /// The name in `language`.
    pub fn name_in(&self, language: Language) -> &str {
        pick(&self.name, language)
    }

    /// What it is, in `language`.
    pub fn about_in(&self, language: Language) -> &str {
        pick(&self.about, language)
    }

    /// Its page.
    pub fn url(&self) -> String {
        format!("/chains/{}", self.slug)
    }
}

impl NewNode {
    /// The name in `language`.
    pub fn name_in(&self, language: Language) -> &str {
        pick(&self.name, language)
    }
}

fn pick([chinese, english]: &[String; 2], language: Language) -> &str {
    match language {
        Language::English if !english.is_empty() => english,
        Language::English | Language::Chinese => chinese,
    }
}

impl Node {
    /// Who has this role.
    pub fn with(&self, role: Role) -> Vec<OrganisationId> {
        self.members.iter().filter(|(each, _)| *each == role).map(|(_, organisation)| *organisation).collect()
    }

    /// How it stands.
    pub fn supply(&self) -> Supply {
        match (self.with(Role::Make).len(), self.with(Role::Use).len()) {
            (0, 0) => Supply::Unknown,
            (0, _) => Supply::Gap,
            (1, _) => Supply::Single,
            (_, _) => Supply::Sound,
        }
    }
}

/// What would change if an organisation were gone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loss {
    /// Nodes that nobody would make any more, with who uses them.
    pub lost: Vec<(NodeId, Vec<OrganisationId>)>,
    /// Nodes that one firm alone would still make, with that firm.
    pub thinned: Vec<(NodeId, OrganisationId)>,
    /// What stands behind a lost node and can be reached from it, besides the lost nodes themselves.
    pub behind: Vec<NodeId>,
}

impl Chain {
    /// The node with this number.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The circle that an edge would close, from its end back to its end; `None` when it closes none.
    pub fn circle(&self, from: NodeId, to: NodeId) -> Option<Vec<NodeId>> {
        // Breadth first from `to`: the shortest way to `from` is the easiest to understand.
        let mut came: HashMap<NodeId, NodeId> = HashMap::new();
        let mut ahead = std::collections::VecDeque::from([to]);
        while let Some(here) = ahead.pop_front() {
            if here == from {
                let mut way = vec![here];
                let mut at = here;
                while at != to {
                    at = *came.get(&at)?;
                    way.push(at);
                }
                way.reverse();
                way.push(to);
                return Some(way);
            }
            for (_, next) in self.edges.iter().filter(|(each, _)| *each == here) {
                if *next != to && !came.contains_key(next) {
                    came.insert(*next, here);
                    ahead.push_back(*next);
                }
            }
        }
        None
    }

    /// Nodes that no edge touches.
    pub fn orphans(&self) -> Vec<NodeId> {
        let touched: BTreeSet<NodeId> = self.edges.iter().flat_map(|(from, to)| [*from, *to]).collect();
        self.nodes.iter().map(|node| node.id).filter(|id| !touched.contains(id)).collect()
    }

    /// Who has to do with the chain, each once.
    pub fn organisations(&self) -> BTreeSet<OrganisationId> {
        self.nodes.iter().flat_map(|node| node.members.iter().map(|(_, organisation)| *organisation)).collect()
    }

    /// What would change if `gone` were no longer there.
    pub fn without(&self, gone: OrganisationId) -> Loss {
        let mut loss = Loss::default();
        for node in &self.nodes {
            let makers = node.with(Role::Make);
            if !makers.contains(&gone) {
                continue;
            }
            match makers.iter().filter(|each| **each != gone).copied().collect::<Vec<_>>().as_slice() {
                [] => {
                    let users = node.with(Role::Use).into_iter().filter(|each| *each != gone).collect();
                    loss.lost.push((node.id, users));
                }
                [last] => loss.thinned.push((node.id, *last)),
                _ => {}
            }
        }
        let lost: BTreeSet<NodeId> = loss.lost.iter().map(|(id, _)| *id).collect();
        let mut reached = BTreeSet::new();
        let mut ahead: Vec<NodeId> = lost.iter().copied().collect();
        while let Some(here) = ahead.pop() {
            for (_, next) in self.edges.iter().filter(|(from, _)| *from == here) {
                if reached.insert(*next) {
                    ahead.push(*next);
                }
            }
        }
        loss.behind =
            self.nodes.iter().map(|node| node.id).filter(|id| reached.contains(id) && !lost.contains(id)).collect();
        loss
    }

    /// How many nodes stand how.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for node in &self.nodes {
            *counts.entry(node.supply().as_str()).or_default() += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chain(nodes: i64, edges: &[(i64, i64)], members: &[(i64, Role, i64)]) -> Chain {
        let node = |id| Node {
            id: NodeId(id),
            content: NewNode { name: [id.to_string(), String::new()], stage: Stage::Upstream, need: None },
            members: members
                .iter()
                .filter(|(of, ..)| *of == id)
                .map(|(_, role, organisation)| (*role, OrganisationId(*organisation)))
                .collect(),
        };
        Chain {
            id: ChainId(1),
            content: NewChain {
                slug: "x".to_owned(),
                zone: ZoneId(1),
                name: Default::default(),
                about: Default::default(),
            },
            nodes: (0..nodes).map(node).collect(),
            edges: edges.iter().map(|(from, to)| (NodeId(*from), NodeId(*to))).collect(),
        }
    }

    #[test]
    fn an_edge_that_closes_a_circle_is_named_by_the_shortest_way_round() {
        let chain = chain(5, &[(0, 1), (1, 2), (2, 3), (1, 3)], &[]);
        let circle = |from, to| chain.circle(NodeId(from), NodeId(to));
        assert_eq!(circle(3, 0), Some([0, 1, 3, 0].map(NodeId).to_vec()));
        assert_eq!(circle(0, 3), None);
        assert_eq!(circle(2, 2), Some([2, 2].map(NodeId).to_vec()));
        assert_eq!(chain.orphans(), [NodeId(4)]);
    }

    #[test]
    fn losing_a_firm_shows_what_hangs_on_it() {
        use Role::{Make, Use};
        let chain = chain(
            4,
            &[(0, 1), (1, 2), (2, 3)],
            &[(0, Make, 1), (0, Use, 2), (1, Make, 1), (1, Make, 3), (2, Make, 2), (3, Use, 1)],
        );
        let loss = chain.without(OrganisationId(1));
        assert_eq!(loss.lost, [(NodeId(0), vec![OrganisationId(2)])]);
        assert_eq!(loss.thinned, [(NodeId(1), OrganisationId(3))]);
        assert_eq!(loss.behind, [NodeId(1), NodeId(2), NodeId(3)]);
        assert_eq!(chain.without(OrganisationId(9)), Loss::default());
    }

    fn role() -> impl Strategy<Value = Role> {
        prop_oneof![Just(Role::Make), Just(Role::Use), Just(Role::Research)]
    }

    proptest! {
        #[test]
        fn gaps_and_single_makers_are_as_a_plain_recount_says(
            members in proptest::collection::vec((0..8_i64, role(), 0..5_i64), 0..40),
            gone in 0..5_i64,
        ) {
            let chain = chain(8, &[], &members);
            for node in &chain.nodes {
                let of = |role: Role, except: Option<i64>| {
                    let mut firms: Vec<i64> = Vec::new();
                    for (at, each, firm) in &members {
                        if *at == node.id.0 && *each == role && Some(*firm) != except && !firms.contains(firm) {
                            firms.push(*firm);
                        }
                    }
                    firms.len()
                };
                let (makers, users) = (of(Role::Make, None), of(Role::Use, None));
                prop_assert_eq!(node.supply() == Supply::Gap, makers == 0 && users > 0);
                prop_assert_eq!(node.supply() == Supply::Single, makers == 1);
                prop_assert_eq!(node.supply() == Supply::Unknown, makers == 0 && users == 0);
                let loss = chain.without(OrganisationId(gone));
                let left = of(Role::Make, Some(gone));
                prop_assert_eq!(loss.lost.iter().any(|(id, _)| *id == node.id), makers > 0 && left == 0);
                prop_assert_eq!(loss.thinned.iter().any(|(id, _)| *id == node.id), makers == 2 && left == 1);
            }
        }

        #[test]
        fn a_chain_built_edge_by_edge_never_has_a_circle(edges in proptest::collection::vec((0..9_i64, 0..9_i64), 0..60)) {
            let mut chain = chain(9, &[], &[]);
            for (from, to) in edges {
                match chain.circle(NodeId(from), NodeId(to)) {
                    None => { chain.edges.insert((NodeId(from), NodeId(to))); }
                    Some(way) => {
                        prop_assert_eq!((way.first(), way.last()), (Some(&NodeId(to)), Some(&NodeId(to))));
                        for pair in way.windows(2).filter(|pair| (pair[0], pair[1]) != (NodeId(from), NodeId(to))) {
                            prop_assert!(chain.edges.contains(&(pair[0], pair[1])));
                        }
                    }
                }
            }
            // Taking away what nothing leads to, again and again, leaves nothing.
            let mut left: Vec<NodeId> = chain.nodes.iter().map(|node| node.id).collect();
            while let Some(at) = left.iter().position(|id| !chain.edges.iter().any(|(from, to)| to == id && left.contains(from))) {
                left.remove(at);
            }
            prop_assert!(left.is_empty());
        }
    }
}
