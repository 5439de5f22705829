//! How an exhibit is shown in lists, on whatever page they stand.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::{
    exhibit::Exhibit,
    fault::Fault,
    id::OrganisationId,
    organisation::{self, Organisation},
    web::{
        Page,
        list::{Row, opening},
    },
    words::Say,
    zone::{Zone, pages::tag},
};

/// Today in the park.
pub fn today(page: &Page) -> NaiveDate {
    page.app.clock.now().with_timezone(&page.app.config.time_zone).date_naive()
}

/// An exhibit as a row of a list.
pub fn exhibit_row(page: &Page, exhibit: &Exhibit, zones: &[Zone], owners: &Owners) -> Row {
    let content = &exhibit.content;
    let stand = if content.stand.is_empty() {
        String::new()
    } else {
        page.tell(&Say::new("exhibit-at-stand").with("stand", &content.stand))
    };
    Row {
        url: exhibit.url(),
        title: content.name_in(page.language()).to_owned(),
        teaser: opening(content.about_in(page.language()), 90),
        zone: tag(page, zones, content.zone),
        owner: owners.get(&content.organisation).map(|owner| owner.name.clone()).unwrap_or_default(),
        meta: stand,
        ..Row::default()
    }
}

/// Whose exhibits are, by number.
pub type Owners = HashMap<OrganisationId, Organisation>;

/// The exhibitors of these exhibits, in one query.
pub async fn owners(page: &Page, exhibits: &[Exhibit]) -> Result<Owners, Fault> {
    let ids: BTreeSet<OrganisationId> = exhibits.iter().map(|each| each.content.organisation).collect();
    let ids: Vec<OrganisationId> = ids.into_iter().collect();
    let found = if ids.is_empty() { Vec::new() } else { organisation::store::by_ids(&page.app.db, &ids).await? };
    Ok(found.into_iter().map(|each| (each.id, each)).collect())
}
