//! Posters to print: a sheet for each exhibit, alone or a whole zone in one print job.

use actix_web::web::{Path, Query};
use serde::{Deserialize, Serialize};

use crate::{
    exhibit::{Exhibit, State, pages::number, store, view::owners},
    web::{Answer, Curator, Page, WebError},
    zone,
};

/// What to print.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    zone: String,
    #[serde(default)]
    size: String,
}

#[derive(Serialize)]
struct PostersView {
    title: String,
    size: &'static str,
    /// The same posters in the other size.
    other_size: &'static str,
    other_url: String,
    back_url: String,
    sheets: Vec<Sheet>,
}

#[derive(Serialize)]
struct Sheet {
    zone: String,
    slug: String,
    name: String,
    /// The name in the other language, below it.
    other_name: String,
    owner: String,
    stand: String,
    facts: Vec<[String; 2]>,
    qr: String,
    code: String,
}

async fn show(page: Page, exhibits: Vec<Exhibit>, title: String, path: &str, asked: &Wanted, back: String) -> Answer {
    let (size, other_size) = if asked.size == "a3" { ("a3", "a4") } else { ("a4", "a3") };
    let zones = zone::store::all(&page.app.db).await?;
    let owners = owners(&page, &exhibits).await?;
    let language = page.language();
    let sheet = |exhibit: &Exhibit| {
        let content = &exhibit.content;
        let zone = zones.iter().find(|zone| zone.id == content.zone);
        let [chinese, english] = &content.name;
        let name = content.name_in(language);
        Sheet {
            zone: zone.map(|zone| zone.name_in(language).to_owned()).unwrap_or_default(),
            slug: zone.map(|zone| zone.slug.clone()).unwrap_or_default(),
            name: name.to_owned(),
            other_name: if name == chinese { english.clone() } else { chinese.clone() },
            owner: owners.get(&content.organisation).map(|owner| owner.name.clone()).unwrap_or_default(),
            stand: content.stand.clone(),
            facts: content.facts.clone(),
            qr: format!("{}/qr.svg", exhibit.entry()),
            code: page.app.config.link(&exhibit.entry()),
        }
    };
    let pairs = [("zone", asked.zone.as_str()), ("size", other_size)];
    let view = PostersView {
        title,
        size,
        other_size,
        other_url: crate::web::list::address(path, &pairs),
        back_url: back,
        sheets: exhibits.iter().map(sheet).collect(),
    };
    page.show("exhibit/posters.html", &view)
}

/// `GET /desk/exhibits/{id}/poster`.
pub async fn one(page: Page, _: Curator, id: Path<String>, asked: Query<Wanted>) -> Answer {
    let exhibit = store::by_id(&page.app.db, number(&id)?).await?.ok_or(WebError::NotFound)?;
    let title = exhibit.content.name_in(page.language()).to_owned();
    let back = format!("/desk/exhibits/{}", exhibit.id);
    let path = format!("{back}/poster");
    show(page, vec![exhibit], title, &path, &asked, back).await
}

/// `GET /desk/posters`: every published exhibit, of one zone or of all.
pub async fn all(page: Page, _: Curator, asked: Query<Wanted>) -> Answer {
    let zones = zone::store::all(&page.app.db).await?;
    let zone = match asked.zone.as_str() {
        "" => None,
        slug => Some(zones.iter().find(|zone| zone.slug == slug).ok_or(WebError::NotFound)?),
    };
    let mut exhibits = store::all(&page.app.db).await?;
    exhibits.retain(|each| each.state == State::Published && zone.is_none_or(|zone| zone.id == each.content.zone));
    let title = zone.map_or_else(|| page.word("exhibit-posters"), |zone| zone.name_in(page.language()).to_owned());
    show(page, exhibits, title, "/desk/posters", &asked, "/desk/exhibits".to_owned()).await
}
