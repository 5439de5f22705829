//! The forms of a chain, a node, an edge and a member.

use crate::{
    chain::{NewChain, NewNode, Node, Role, Stage},
    id::{ListingId, NodeId, OrganisationId},
    web::{FieldErrors, Fields},
    zone::Zone,
};

/// Reads the form of a chain.
pub(super) fn chain(fields: &Fields, zones: &[Zone]) -> Result<NewChain, FieldErrors> {
    let mut errors = FieldErrors::default();
    let slug = fields.line("slug").to_ascii_lowercase();
    let is_slug = (1..=40).contains(&slug.len())
        && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !slug.starts_with('-')
        && !slug.ends_with('-');
    if !is_slug {
        errors.add("slug", "zone-slug-form");
    }
    let zone = zones.iter().find(|zone| zone.slug == fields.raw("zone")).map(|zone| zone.id);
    if zone.is_none() {
        errors.add("zone", "chain-zone-missing");
    }
    let name = [fields.line_within("name_zh", 20, &mut errors), fields.line_within("name_en", 40, &mut errors)];
    if name[0].is_empty() {
        errors.add("name_zh", "chain-name-missing");
    }
    let about = [fields.text_within("about_zh", 300, &mut errors), fields.text_within("about_en", 600, &mut errors)];
    errors.or(zone.map(|zone| NewChain { slug, zone, name, about }))
}

/// Reads the form of a node. `needs` are the needs that may be named.
pub(super) fn node(fields: &Fields, needs: &[ListingId]) -> Result<NewNode, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = [fields.line_within("node_zh", 12, &mut errors), fields.line_within("node_en", 24, &mut errors)];
    if name[0].is_empty() {
        errors.add("node_zh", "chain-node-name-missing");
    }
    let stage = Stage::parse(fields.raw("stage"));
    if stage.is_none() {
        errors.add("stage", "chain-stage-missing");
    }
    let typed = fields.raw("need");
    let need = typed.parse().ok().map(ListingId).filter(|need| needs.contains(need));
    if need.is_none() && !typed.is_empty() {
        errors.add("need", "chain-need-unknown");
    }
    errors.or(stage.map(|stage| NewNode { name, stage, need }))
}

/// The form that holds what a node says now.
pub(super) fn filled(node: &Node) -> Fields {
    Fields::blank()
        .with("node_zh", &node.content.name[0])
        .with("node_en", &node.content.name[1])
        .with("stage", node.content.stage.as_str())
        .with("need", node.content.need.map(|need| need.to_string()).unwrap_or_default())
}

/// Reads the form of an edge.
pub(super) fn edge(fields: &Fields, nodes: &[Node]) -> Result<(NodeId, NodeId), FieldErrors> {
    let mut errors = FieldErrors::default();
    let (from, to) = (chosen(fields, "from", nodes, &mut errors), chosen(fields, "to", nodes, &mut errors));
    errors.or(from.zip(to))
}

/// Reads the form of a member.
pub(super) fn member(
    fields: &Fields,
    nodes: &[Node],
    organisations: &[OrganisationId],
) -> Result<(NodeId, OrganisationId, Role), FieldErrors> {
    let mut errors = FieldErrors::default();
    let node = chosen(fields, "node", nodes, &mut errors);
    let organisation = fields.raw("organisation").parse().ok().filter(|id| organisations.contains(id));
    if organisation.is_none() {
        errors.add("organisation", "chain-organisation-missing");
    }
    let role = Role::parse(fields.raw("role"));
    if role.is_none() {
        errors.add("role", "chain-role-missing");
    }
    errors.or(node.zip(organisation).zip(role).map(|((node, organisation), role)| (node, organisation, role)))
}

fn chosen(fields: &Fields, name: &str, nodes: &[Node], errors: &mut FieldErrors) -> Option<NodeId> {
    let node = fields.raw(name).parse().ok().filter(|id| nodes.iter().any(|node| node.id == *id));
    if node.is_none() {
        errors.add(name, "chain-node-missing");
    }
    node
}
