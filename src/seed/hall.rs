//! What stands in the hall of the demo park, and what its first visitors asked.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    exhibit::{self, NewEnquiry, NewExhibit, Wish},
    fault::Fault,
    id::ExhibitId,
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
