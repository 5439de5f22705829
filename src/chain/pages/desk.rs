//! Chains in the back office: curators draw them by naming nodes, edges and members; staff ask what
//! would happen without a firm.

use actix_web::web::{Path, Query};
use serde::{Deserialize, Serialize};

use crate::{
    chain::{
        Chain, Role, Stage,
        edit::{self, Change},
        form,
        pages::{Names, supply_label, verified},
        store,
    },
    id::{ListingId, NodeId, OrganisationId},
    listing, organisation,
    web::{Answer, Curator, FieldErrors, Fields, FormView, Page, Posted, Staff, WebError, form::Choice, list::Row},
    words::Say,
    zone,
};

#[derive(Serialize)]
struct IndexView {
    rows: Vec<Row>,
    form: FormView,
    zones: Vec<Choice>,
}

async fn index_view(page: &Page, fields: &Fields, errors: &FieldErrors) -> Result<IndexView, WebError> {
    let chains = store::all(&page.app.db).await?;
    let zones = zone::store::all(&page.app.db).await?;
    let row = |chain: &Chain| Row {
        url: format!("/desk/chains/{}", chain.content.slug),
        title: chain.content.name_in(page.language()).to_owned(),
        teaser: chain.content.about_in(page.language()).to_owned(),
        zone: zone::pages::tag(page, &zones, chain.content.zone),
        ..Row::default()
    };
    Ok(IndexView {
        rows: chains.iter().map(row).collect(),
        form: page.form(fields, errors),
        zones: zones.iter().map(|zone| Choice::new(&zone.slug, zone.name_in(page.language()))).collect(),
    })
}

/// `GET /desk/chains`.
pub async fn index(page: Page, _: Curator) -> Answer {
    let view = index_view(&page, &Fields::blank(), &FieldErrors::default()).await?;
    page.show("chain/desk_index.html", &view)
}

/// `POST /desk/chains`.
pub async fn create(page: Page, _: Curator, Posted(fields): Posted) -> Answer {
    let zones = zone::store::all(&page.app.db).await?;
    let errors = match form::chain(&fields, &zones) {
        Err(errors) => errors,
        Ok(new) => match edit::open(&page.app, &new).await {
            Ok(_) => return page.go_saying(format!("/desk/chains/{}", new.slug), "chain-saved"),
            Err(edit::Error::Taken) => FieldErrors::one("slug", "chain-slug-taken"),
            Err(edit::Error::Fault(fault)) => return Err(fault.into()),
            Err(edit::Error::Gone | edit::Error::Circle(_)) => return Err(WebError::NotFound),
        },
    };
    let view = index_view(&page, &fields, &errors).await?;
    page.refuse("chain/desk_index.html", &view)
}

#[derive(Serialize)]
struct ShowView {
    name: String,
    slug: String,
    url: String,
    remarks: Vec<String>,
    nodes: Vec<NodeRow>,
    edges: Vec<EdgeRow>,
    form: FormView,
    node_choices: Vec<Choice>,
    stages: Vec<Choice>,
    roles: Vec<Choice>,
    organisations: Vec<Choice>,
    needs: Vec<Choice>,
}

#[derive(Serialize)]
struct NodeRow {
    id: NodeId,
    name: String,
    stage: String,
    supply: String,
    edit_url: String,
    members: Vec<MemberRow>,
}

#[derive(Serialize)]
struct MemberRow {
    organisation: OrganisationId,
    role: &'static str,
    label: String,
}

#[derive(Serialize)]
struct EdgeRow {
    from: NodeId,
    to: NodeId,
    label: String,
}

/// What the forms of a chain offer.
struct Offered {
    organisations: Vec<OrganisationId>,
    organisation_choices: Vec<Choice>,
    needs: Vec<ListingId>,
    need_choices: Vec<Choice>,
}

async fn offered(page: &Page, chain: &Chain) -> Result<Offered, WebError> {
    let db = &page.app.db;
    let organisations: Vec<OrganisationId> =
        organisation::store::every_verified(db).await?.into_iter().map(|(id, _)| id).collect();
    let mut named = organisation::store::by_ids(db, &organisations).await?;
    named.sort_by(|one, other| one.name.cmp(&other.name));
    // Needs that are live, and those that stand here already.
    let mut needs = listing::store::live_needs(db, page.app.clock.now()).await?;
    needs.extend(chain.nodes.iter().filter_map(|node| node.content.need));
    let mut titled = listing::store::by_ids(db, &needs).await?;
    titled.retain(|need| !need.content.anonymous);
    titled.sort_by(|one, other| one.content.title.cmp(&other.content.title));
    Ok(Offered {
        organisation_choices: named.into_iter().map(|each| Choice::new(each.id, each.name)).collect(),
        organisations,
        needs: titled.iter().map(|need| need.id).collect(),
        need_choices: titled.into_iter().map(|need| Choice::new(need.id, need.content.title)).collect(),
    })
}

async fn known(page: &Page, slug: &str) -> Result<(Chain, Names), WebError> {
    let mut chains = [store::by_slug(&page.app.db, slug).await?.ok_or(WebError::NotFound)?];
    let names = verified(page, &mut chains).await?;
    let [chain] = chains;
    Ok((chain, names))
}

fn name_of(page: &Page, chain: &Chain, id: NodeId) -> String {
    chain.node(id).map(|node| node.content.name_in(page.language()).to_owned()).unwrap_or_default()
}

fn stage_choices(page: &Page) -> Vec<Choice> {
    let choice = |stage: Stage| Choice::new(stage.as_str(), page.word(&format!("chain-stage-{}", stage.as_str())));
    Stage::ALL.map(choice).into()
}

fn show_view(
    page: &Page,
    chain: &Chain,
    names: &Names,
    offered: Offered,
    fields: &Fields,
    errors: &FieldErrors,
) -> ShowView {
    let role_label = |role: Role| page.word(&format!("chain-role-{}", role.as_str()));
    let node = |node: &crate::chain::Node| NodeRow {
        id: node.id,
        name: node.content.name_in(page.language()).to_owned(),
        stage: page.word(&format!("chain-stage-{}", node.content.stage.as_str())),
        supply: supply_label(page, node.supply()),
        edit_url: format!("/desk/chains/{}/nodes/{}", chain.content.slug, node.id),
        members: node
            .members
            .iter()
            .filter_map(|(role, organisation)| {
                let name = &names.get(organisation)?.name;
                let label = format!("{} · {name}", role_label(*role));
                Some(MemberRow { organisation: *organisation, role: role.as_str(), label })
            })
            .collect(),
    };
    let orphan = |id| page.tell(&Say::new("chain-orphan").with("name", name_of(page, chain, id)));
    ShowView {
        name: chain.content.name_in(page.language()).to_owned(),
        slug: chain.content.slug.clone(),
        url: chain.content.url(),
        remarks: if chain.nodes.len() > 1 { chain.orphans().into_iter().map(orphan).collect() } else { Vec::new() },
        nodes: chain.nodes.iter().map(node).collect(),
        edges: chain
            .edges
            .iter()
            .map(|(from, to)| EdgeRow {
                from: *from,
                to: *to,
                label: format!("{} → {}", name_of(page, chain, *from), name_of(page, chain, *to)),
            })
            .collect(),
        form: page.form(fields, errors),
        node_choices: chain
            .nodes
            .iter()
            .map(|node| Choice::new(node.id, node.content.name_in(page.language())))
            .collect(),
        stages: stage_choices(page),
        roles: Role::ALL.map(|role| Choice::new(role.as_str(), role_label(role))).into(),
        organisations: offered.organisation_choices,
        needs: offered.need_choices,
    }
}

/// `GET /desk/chains/{slug}`.
pub async fn show(page: Page, _: Curator, slug: Path<String>) -> Answer {
    let (chain, names) = known(&page, &slug).await?;
    let offered = offered(&page, &chain).await?;
    let view = show_view(&page, &chain, &names, offered, &Fields::blank(), &FieldErrors::default());
    page.show("chain/desk.html", &view)
}

/// Makes a change that was read from a form, or shows the page again with what is to be mended.
async fn settle(
    page: Page,
    slug: &str,
    fields: Fields,
    read: impl FnOnce(&Fields, &Chain, &Offered) -> Result<Change, FieldErrors>,
) -> Answer {
    let (chain, names) = known(&page, slug).await?;
    let offered = offered(&page, &chain).await?;
    let errors = match read(&fields, &chain, &offered) {
        Err(errors) => errors,
        Ok(change) => match edit::change(&page.app, slug, &change).await {
            Ok(_) => return page.go_saying(format!("/desk/chains/{slug}"), "chain-saved"),
            Err(edit::Error::Circle(way)) => {
                let way: Vec<String> = way.into_iter().map(|id| name_of(&page, &chain, id)).collect();
                FieldErrors::one("to", Say::new("chain-circle").with("way", way.join(" → ")))
            }
            Err(edit::Error::Gone | edit::Error::Taken) => return Err(WebError::NotFound),
            Err(edit::Error::Fault(fault)) => return Err(fault.into()),
        },
    };
    let view = show_view(&page, &chain, &names, offered, &fields, &errors);
    page.refuse("chain/desk.html", &view)
}

/// `POST /desk/chains/{slug}/nodes`.
pub async fn add_node(page: Page, _: Curator, slug: Path<String>, Posted(fields): Posted) -> Answer {
    settle(page, &slug, fields, |fields, _, offered| form::node(fields, &offered.needs).map(Change::AddNode)).await
}

/// `POST /desk/chains/{slug}/edges`.
pub async fn join(page: Page, _: Curator, slug: Path<String>, Posted(fields): Posted) -> Answer {
    settle(page, &slug, fields, |fields, chain, _| {
        form::edge(fields, &chain.nodes).map(|(from, to)| Change::Join(from, to))
    })
    .await
}

/// `POST /desk/chains/{slug}/edges/removal`.
pub async fn part(page: Page, _: Curator, slug: Path<String>, Posted(fields): Posted) -> Answer {
    settle(page, &slug, fields, |fields, chain, _| {
        form::edge(fields, &chain.nodes).map(|(from, to)| Change::Part(from, to))
    })
    .await
}

/// `POST /desk/chains/{slug}/members`.
pub async fn name(page: Page, _: Curator, slug: Path<String>, Posted(fields): Posted) -> Answer {
    settle(page, &slug, fields, |fields, chain, offered| {
        form::member(fields, &chain.nodes, &offered.organisations)
            .map(|(node, organisation, role)| Change::Name(node, organisation, role))
    })
    .await
}

/// `POST /desk/chains/{slug}/members/removal`.
pub async fn forget(page: Page, _: Curator, slug: Path<String>, Posted(fields): Posted) -> Answer {
    settle(page, &slug, fields, |fields, chain, offered| {
        form::member(fields, &chain.nodes, &offered.organisations)
            .map(|(node, organisation, role)| Change::Forget(node, organisation, role))
    })
    .await
}

#[derive(Serialize)]
struct NodeView {
    title: String,
    chain: String,
    chain_url: String,
    action: String,
    removal: String,
    form: FormView,
    stages: Vec<Choice>,
    needs: Vec<Choice>,
}

fn node_view(
    page: &Page,
    chain: &Chain,
    id: NodeId,
    offered: Offered,
    fields: &Fields,
    errors: &FieldErrors,
) -> NodeView {
    let chain_url = format!("/desk/chains/{}", chain.content.slug);
    let action = format!("{chain_url}/nodes/{id}");
    NodeView {
        title: name_of(page, chain, id),
        chain: chain.content.name_in(page.language()).to_owned(),
        chain_url,
        removal: format!("{action}/removal"),
        action,
        form: page.form(fields, errors),
        stages: stage_choices(page),
        needs: offered.need_choices,
    }
}

fn number(chain: &Chain, id: &str) -> Result<NodeId, WebError> {
    id.parse().ok().filter(|id| chain.node(*id).is_some()).ok_or(WebError::NotFound)
}

/// `GET /desk/chains/{slug}/nodes/{node}`.
pub async fn edit_node(page: Page, _: Curator, path: Path<(String, String)>) -> Answer {
    let (slug, node) = path.into_inner();
    let (chain, _) = known(&page, &slug).await?;
    let id = number(&chain, &node)?;
    let offered = offered(&page, &chain).await?;
    let fields = chain.node(id).map(form::filled).unwrap_or_default();
    let view = node_view(&page, &chain, id, offered, &fields, &FieldErrors::default());
    page.show("chain/node.html", &view)
}

/// `POST /desk/chains/{slug}/nodes/{node}`.
pub async fn update_node(page: Page, _: Curator, path: Path<(String, String)>, Posted(fields): Posted) -> Answer {
    let (slug, node) = path.into_inner();
    let (chain, _) = known(&page, &slug).await?;
    let id = number(&chain, &node)?;
    let offered = offered(&page, &chain).await?;
    match form::node(&fields, &offered.needs) {
        Err(errors) => {
            let view = node_view(&page, &chain, id, offered, &fields, &errors);
            page.refuse("chain/node.html", &view)
        }
        Ok(new) => done(&page, &slug, &Change::ReviseNode(id, new)).await,
    }
}

/// `POST /desk/chains/{slug}/nodes/{node}/removal`.
pub async fn remove_node(page: Page, _: Curator, path: Path<(String, String)>, Posted(_): Posted) -> Answer {
    let (slug, node) = path.into_inner();
    let (chain, _) = known(&page, &slug).await?;
    let id = number(&chain, &node)?;
    done(&page, &slug, &Change::RemoveNode(id)).await
}

async fn done(page: &Page, slug: &str, change: &Change) -> Answer {
    match edit::change(&page.app, slug, change).await {
        Ok(_) => page.go_saying(format!("/desk/chains/{slug}"), "chain-saved"),
        Err(edit::Error::Gone | edit::Error::Taken | edit::Error::Circle(_)) => Err(WebError::NotFound),
        Err(edit::Error::Fault(fault)) => Err(fault.into()),
    }
}

/// Without whom.
#[derive(Deserialize)]
pub struct Without {
    #[serde(default)]
    organisation: String,
}

#[derive(Serialize)]
struct WhatIfView {
    name: String,
    url: String,
    form: FormView,
    choices: Vec<Choice>,
    gone: String,
    lost: Vec<LostRow>,
    thinned: Vec<String>,
    behind: Vec<String>,
}

#[derive(Serialize)]
struct LostRow {
    node: String,
    users: Vec<String>,
}

/// `GET /desk/chains/{slug}/what-if`: what would change if one organisation were gone.
pub async fn what_if(page: Page, _: Staff, slug: Path<String>, asked: Query<Without>) -> Answer {
    let (chain, names) = known(&page, &slug).await?;
    let gone = asked.organisation.parse().ok().map(OrganisationId).filter(|id| names.contains_key(id));
    let loss = gone.map(|gone| chain.without(gone)).unwrap_or_default();
    let called = |id: &OrganisationId| names.get(id).map(|each| each.name.clone()).unwrap_or_default();
    let mut choices: Vec<Choice> = names.values().map(|each| Choice::new(each.id, &each.name)).collect();
    choices.sort_by(|one, other| one.label.cmp(&other.label));
    let view = WhatIfView {
        name: chain.content.name_in(page.language()).to_owned(),
        url: chain.content.url(),
        form: page.form(&Fields::default().with("organisation", &asked.organisation), &FieldErrors::default()),
        choices,
        gone: gone.as_ref().map(called).unwrap_or_default(),
        lost: loss
            .lost
            .iter()
            .map(|(node, users)| LostRow {
                node: name_of(&page, &chain, *node),
                users: users.iter().map(called).collect(),
            })
            .collect(),
        thinned: loss
            .thinned
            .iter()
            .map(|(node, last)| {
                let say =
                    Say::new("chain-second").with("node", name_of(&page, &chain, *node)).with("last", called(last));
                page.tell(&say)
            })
            .collect(),
        behind: loss.behind.iter().map(|node| name_of(&page, &chain, *node)).collect(),
    };
    page.show("chain/what_if.html", &view)
}
