//! Zones in the back office: staff open one and say what it shows.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    web::{Answer, Curator, FieldErrors, Fields, FormView, Page, Posted, WebError, list::Row},
    zone::{create, form, revise, store},
};

#[derive(Serialize)]
struct DeskView {
    zones: Vec<Row>,
    form: FormView,
    action: String,
    is_new: bool,
}

async fn view(page: &Page, fields: &Fields, errors: &FieldErrors, slug: Option<&str>) -> Result<DeskView, WebError> {
    let zones = store::all(&page.app.db).await?;
    let row = |zone: &crate::zone::Zone| Row {
        url: format!("/desk/zones/{}", zone.slug),
        title: zone.name_in(page.language()).to_owned(),
        teaser: zone.about_in(page.language()).to_owned(),
        meta: zone.slug.clone(),
        ..Row::default()
    };
    Ok(DeskView {
        zones: zones.iter().map(row).collect(),
        form: page.form(fields, errors),
        action: slug.map_or_else(|| "/desk/zones".to_owned(), |slug| format!("/desk/zones/{slug}")),
        is_new: slug.is_none(),
    })
}

/// `GET /desk/zones`: the zones there are, and the form of a new one.
pub async fn index(page: Page, _: Curator) -> Answer {
    let fields = Fields::blank().with("colour", "#3b5b52");
    let view = view(&page, &fields, &FieldErrors::default(), None).await?;
    page.show("zone/desk.html", &view)
}

/// `POST /desk/zones`.
pub async fn create(page: Page, _: Curator, Posted(fields): Posted) -> Answer {
    let errors = match form::read(&fields) {
        Ok(zone) if store::by_slug(&page.app.db, &zone.slug).await?.is_none() => {
            create::create(&page.app, &zone).await?;
            return page.go_saying("/desk/zones", "zone-saved");
        }
        Ok(_) => FieldErrors::one("slug", "zone-slug-taken"),
        Err(errors) => errors,
    };
    let view = view(&page, &fields, &errors, None).await?;
    page.refuse("zone/desk.html", &view)
}

/// `GET /desk/zones/{slug}`: the form that holds what the zone says.
pub async fn edit(page: Page, _: Curator, slug: Path<String>) -> Answer {
    let zone = store::by_slug(&page.app.db, &slug).await?.ok_or(WebError::NotFound)?;
    let view = view(&page, &form::filled(&zone), &FieldErrors::default(), Some(&slug)).await?;
    page.show("zone/desk.html", &view)
}

/// `POST /desk/zones/{slug}`.
pub async fn update(page: Page, _: Curator, slug: Path<String>, Posted(fields): Posted) -> Answer {
    // The address of a zone stays what it is, whatever is sent.
    let fields = fields.with("slug", slug.as_str());
    match form::read(&fields) {
        Ok(zone) if revise::revise(&page.app, &slug, &zone).await? => page.go_saying("/desk/zones", "zone-saved"),
        Ok(_) => Err(WebError::NotFound),
        Err(errors) => {
            let view = view(&page, &fields, &errors, Some(&slug)).await?;
            page.refuse("zone/desk.html", &view)
        }
    }
}
