//! What stands in the hall of the demo park, and what its first visitors asked.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    chain::{self, NewChain, NewNode, Role, Stage, edit::Change},
    exhibit::{self, NewEnquiry, NewExhibit, Wish},
    fault::Fault,
    id::{ExhibitId, NodeId},
    seed::{
        park::{self, Park},
        plant::Ground,
    },
};

/// Enters the exhibits and what was asked about them.
pub(super) async fn furnish(ground: &Ground, park: &Park, now: DateTime<Utc>) -> Result<(), Fault> {
    let app = &ground.app;
    let today = now.with_timezone(&app.config.time_zone).date_naive();
    let mut entered: HashMap<&str, ExhibitId> = HashMap::new();
    for each in &park.exhibits {
        let new = content(ground, each, today + TimeDelta::days(12))?;
        let id = exhibit::write::create(app, ground.broker, &new, "").await?;
        entered.insert(&each.key, id);
        if each.state != "draft" {
            exhibit::publish::publish(app, id).await?;
        }
        if each.state == "withdrawn" {
            exhibit::publish::withdraw(app, id, today - TimeDelta::days(2)).await?;
        }
    }
    for each in &park.enquiries {
        let missing = || Fault::other(format!("seed: no exhibit {}", each.exhibit));
        let id = *entered.get(each.exhibit.as_str()).ok_or_else(missing)?;
        let shown = exhibit::store::by_id(&app.db, id).await?.ok_or_else(missing)?;
        let new = NewEnquiry {
            wish: Wish::parse(&each.wish).ok_or_else(|| Fault::other("seed: a wish"))?,
            text: each.text.clone(),
            name: each.name.clone(),
            phone: each.phone.clone(),
            email: String::new(),
            consented: each.consented,
        };
        exhibit::enquire::enquire(app, &shown, &new, "", &[id], "")
            .await
            .map_err(|error| Fault::other(format!("seed: {error:?}")))?;
        if !each.answer.is_empty() {
            for asked in exhibit::store::enquiries_about(&app.db, &[id]).await? {
                exhibit::answer::answer(app, ground.broker, asked.id, &each.answer).await?;
            }
        }
    }
    Ok(())
}

/// Draws the chains.
pub(super) async fn link(ground: &Ground, park: &Park) -> Result<(), Fault> {
    let told = |error: chain::edit::Error| Fault::other(format!("seed: {error:?}"));
    for each in &park.chains {
        let app = &ground.app;
        let new = NewChain {
            slug: each.slug.clone(),
            zone: ground.zone(&each.zone)?,
            name: each.name.clone(),
            about: each.about.clone(),
        };
        chain::edit::open(app, &new).await.map_err(told)?;
        let mut nodes: HashMap<&str, NodeId> = HashMap::new();
        for node in &each.nodes {
            let stage = Stage::parse(&node.stage).ok_or_else(|| Fault::other("seed: a stage"))?;
            let need = ground.listings.get(&node.need).copied();
            if need.is_none() && !node.need.is_empty() {
                return Err(Fault::other(format!("seed: no need {}", node.need)));
            }
            let change = Change::AddNode(NewNode { name: node.name.clone(), stage, need });
            let id = chain::edit::change(app, &each.slug, &change).await.map_err(told)?;
            let id = id.ok_or_else(|| Fault::other("seed: a node without a number"))?;
            nodes.insert(&node.key, id);
            for (role, keys) in [(Role::Make, &node.make), (Role::Use, &node.uses), (Role::Research, &node.research)] {
                for key in keys {
                    let party = ground.enterprises.get(key).or_else(|| ground.teams.get(key));
                    let party = party.ok_or_else(|| Fault::other(format!("seed: nobody is {key}")))?;
                    let change = Change::Name(id, party.organisation, role);
                    chain::edit::change(app, &each.slug, &change).await.map_err(told)?;
                }
            }
        }
        for [from, to] in &each.edges {
            let missing = || Fault::other(format!("seed: {from} or {to} is no node"));
            let from = *nodes.get(from.as_str()).ok_or_else(missing)?;
            let to = *nodes.get(to.as_str()).ok_or_else(missing)?;
            chain::edit::change(app, &each.slug, &Change::Join(from, to)).await.map_err(told)?;
        }
    }
    Ok(())
}

fn content(ground: &Ground, each: &park::Exhibit, coming: chrono::NaiveDate) -> Result<NewExhibit, Fault> {
    let owner = ground.enterprises.get(&each.owner).or_else(|| ground.teams.get(&each.owner));
    let owner = owner.ok_or_else(|| Fault::other(format!("seed: nobody is {}", each.owner)))?;
    Ok(NewExhibit {
        zone: ground.zone(&each.zone)?,
        organisation: owner.organisation,
        name: each.name.clone(),
        about: each.about.clone(),
        facts: each.facts.clone(),
        stand: each.stand.clone(),
        opens_on: (each.state == "coming").then_some(coming),
        closes_on: None,
    })
}
