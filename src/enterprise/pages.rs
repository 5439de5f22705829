//! The list of enterprises, the page of one, and the form that enters or rewrites it.

use std::collections::HashMap;

use actix_web::web::{Path, Query};
use serde::{Deserialize, Serialize};

use crate::{
    enterprise::{
        Enterprise, Size,
        form::{self, Asks},
        register, revise, store,
        uscc::Uscc,
    },
    exhibit,
    id::OrganisationId,
    listing::{self, Kind},
    member,
    organisation::{
        self, OrganisationKind,
        join::Asked,
        pages::{Asker, Fact, Sight, Standing, askers, number, region_name, sight, standing},
    },
    web::{
        Answer, FieldErrors, Fields, FormView, Member, Page, Posted, WebError,
        form::Choice,
        list::{Pager, Row, ZoneTag, address, page_number},
    },
    zone::{
        self, Zone,
        pages::{listing_row, organisation_row, tag},
    },
};

const PER_PAGE: u64 = 20;

/// Which part of the list.
#[derive(Deserialize)]
pub struct Listed {
    #[serde(default)]
    page: String,
    #[serde(default)]
    zone: String,
}

#[derive(Serialize)]
struct IndexView {
    total: u64,
    zones: Vec<FacetRow>,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Serialize)]
struct FacetRow {
    label: String,
    url: String,
    count: u64,
    current: bool,
}

/// `GET /enterprises`.
pub async fn index(page: Page, asked: Query<Listed>) -> Answer {
    let db = &page.app.db;
    let zones = zone::store::all(db).await?;
    let zone = match asked.zone.as_str() {
        "" => None,
        slug => Some(zones.iter().find(|zone| zone.slug == slug).ok_or(WebError::NotFound)?),
    };
    let number = page_number(&asked.page)?;
    let here = zone.map(|zone| zone.id);
    let (total, found) =
        organisation::store::listed(db, OrganisationKind::Enterprise, here, number - 1, PER_PAGE).await?;
    let ids: Vec<OrganisationId> = found.iter().map(|each| each.id).collect();
    let enterprises: HashMap<OrganisationId, Enterprise> =
        store::by_ids(db, &ids).await?.into_iter().map(|each| (each.organisation.id, each)).collect();
    let rows = found.iter().map(|each| {
        let mut row = organisation_row(each, tag(&page, &zones, each.zone));
        row.meta = enterprises.get(&each.id).map(|each| meta(&page, each)).unwrap_or_default();
        row
    });
    let counts = organisation::store::counts(db).await?;
    let count = |zone: &Zone| counts.get(&(zone.id, OrganisationKind::Enterprise)).copied().unwrap_or(0);
    let facet = |label: String, slug: &str, count: u64| FacetRow {
        label,
        url: address("/enterprises", &[("zone", slug)]),
        count,
        current: asked.zone == slug,
    };
    let mut facets = vec![facet(page.word("enterprise-all-zones"), "", zones.iter().map(&count).sum())];
    facets.extend(zones.iter().map(|zone| facet(zone.name_in(page.language()).to_owned(), &zone.slug, count(zone))));
    let view = IndexView {
        total,
        zones: facets,
        rows: rows.collect(),
        pager: Pager::new(number, PER_PAGE, total, |page| {
            address("/enterprises", &[("zone", &asked.zone), ("page", &page.to_string())])
        })?,
    };
    page.show("enterprise/index.html", &view)
}

fn meta(page: &Page, enterprise: &Enterprise) -> String {
    let size = size_label(page, enterprise.size);
    let region = region_name(page, &enterprise.organisation.region);
    let parts = [enterprise.industry_name.clone(), size, region];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn size_label(page: &Page, size: Size) -> String {
    match size {
        Size::Unsaid => String::new(),
        size => page.word(&format!("enterprise-size-{}", size.as_str())),
    }
}

#[derive(Serialize)]
struct ShowView {
    name: String,
    about: String,
    zone: Option<ZoneTag>,
    standing: Standing,
    contact: String,
    facts: Vec<Fact>,
    products: Vec<String>,
    needs: Vec<Row>,
    offers: Vec<Row>,
    exhibits: Vec<Row>,
    inside: bool,
    doubt: bool,
    edit_url: String,
    desk_url: String,
    askers: Vec<Asker>,
}

/// `GET /enterprises/{id}`.
pub async fn show(page: Page, id: Path<String>) -> Answer {
    let (db, now) = (&page.app.db, page.app.clock.now());
    let enterprise = store::by_id(db, number(&id)?).await?.ok_or(WebError::NotFound)?;
    let organisation = &enterprise.organisation;
    let sight = sight(&page, organisation).await?;
    let zones = zone::store::all(db).await?;
    let posted = listing::store::live_of(db, organisation.id, now).await?;
    // Here an anonymous need would have a name.
    let seen = posted.iter().filter(|each| sight.is_inside() || !each.content.anonymous);
    let (needs, offers): (Vec<_>, Vec<_>) = seen.partition(|each| each.kind == Kind::Need);
    let row = |each: &&listing::Listing| {
        let mut row = listing_row(&page, each, &zones, None);
        if each.content.anonymous {
            row.kind_label = page.word("zone-anonymous");
        }
        row
    };
    let exhibits = if organisation.is_verified() {
        exhibit::store::shown_of(db, organisation.id, exhibit::view::today(&page)).await?
    } else {
        Vec::new()
    };
    let nobody = HashMap::new();
    let fact = |key: &str, value: String| Fact { label: page.word(key), value };
    let industry = format!("{} {}", enterprise.industry, enterprise.industry_name).trim().to_owned();
    let askers = if sight.is_inside() { askers(&page, Some(organisation.id)).await? } else { Vec::new() };
    let desk = format!("/desk/organisations/{}", organisation.id);
    let view = ShowView {
        name: organisation.name.clone(),
        about: organisation.about.clone(),
        zone: tag(&page, &zones, organisation.zone),
        standing: standing(&page, organisation),
        contact: page.app.config.complaint_contact.clone(),
        facts: vec![
            fact("enterprise-code", enterprise.uscc.as_ref().map(ToString::to_string).unwrap_or_default()),
            fact("enterprise-region", region_name(&page, &organisation.region)),
            fact("enterprise-industry", industry),
            fact("enterprise-size", size_label(&page, enterprise.size)),
        ],
        products: enterprise.products.clone(),
        needs: needs.iter().map(row).collect(),
        offers: offers.iter().map(row).collect(),
        exhibits: exhibits.iter().map(|each| exhibit::view::exhibit_row(&page, each, &zones, &nobody)).collect(),
        inside: sight.is_inside(),
        doubt: sight.is_inside() && enterprise.uscc.as_ref().is_some_and(|uscc| !uscc.subject_check_agrees()),
        edit_url: format!("{}/edit", organisation.url()),
        desk_url: if matches!(sight, Sight::Staff(_)) { desk } else { String::new() },
        askers,
    };
    page.show("enterprise/show.html", &view)
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    lede: String,
    form: FormView,
    action: String,
    cancel_url: String,
    submit: String,
    asks_name: bool,
    asks_person: bool,
    fixed: Vec<Fact>,
    code: CodeView,
    zones: Vec<Choice>,
    sizes: Vec<Choice>,
    taken: Option<Taken>,
}

/// What a code says as soon as it is typed.
#[derive(Serialize)]
struct CodeView {
    region: String,
    error: String,
}

#[derive(Serialize)]
struct CodeFragment {
    code: CodeView,
}

/// `GET /enterprises/code?uscc=`: the part of the form that looks at a code while it is typed.
pub async fn code(page: Page, _: Member, asked: Query<Typed>) -> Answer {
    let fields = Fields::default().with("uscc", &asked.uscc);
    let mut code = code_view(&page, &fields);
    if let Ok(uscc) = Uscc::parse(&asked.uscc)
        && store::by_uscc(&page.app.db, &uscc).await?.is_some()
    {
        code.error = page.word("enterprise-code-known");
    }
    page.show("enterprise/_code.html", &CodeFragment { code })
}

/// The code that was typed.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    uscc: String,
}

fn code_view(page: &Page, fields: &Fields) -> CodeView {
    match form::uscc(fields) {
        Ok(uscc) => CodeView { region: region_name(page, uscc.region()), error: String::new() },
        Err(_) if fields.raw("uscc").is_empty() => CodeView { region: String::new(), error: String::new() },
        Err(say) => CodeView { region: String::new(), error: page.tell(&say) },
    }
}

/// The enterprise that has the code already, and the ways to it.
#[derive(Serialize)]
struct Taken {
    /// Its first speaker, with all but the first character hidden; empty when nobody speaks for it.
    lead: String,
    /// Where the wish to speak for it is sent; empty when it was, or when there is nothing to ask.
    action: String,
    label: String,
    /// What became of a wish that was sent before.
    answer: String,
    /// Its page, for those who speak for it.
    url: String,
    contact: String,
}

/// `GET /enterprises/new`.
pub async fn new(page: Page, Member(member): Member) -> Answer {
    let member = member::store::by_id(&page.app.db, member.id).await?.ok_or(WebError::NotFound)?;
    let fields = form::with_person(Fields::blank(), &member);
    let zones = zone::store::all(&page.app.db).await?;
    let view = form_page(&page, &zones, None, Asks::Everything, &fields, &FieldErrors::default());
    page.show("enterprise/form.html", &view)
}

/// `POST /enterprises`.
pub async fn create(page: Page, Member(member): Member, Posted(fields): Posted) -> Answer {
    let zones = zone::store::all(&page.app.db).await?;
    let refuse = async |page: Page, errors: FieldErrors, taken: Option<Taken>| {
        let mut view = form_page(&page, &zones, None, Asks::Everything, &fields, &errors);
        view.taken = taken;
        page.refuse("enterprise/form.html", &view)
    };
    let new = match form::enterprise(&fields, Asks::Everything, &zones, None) {
        Ok(new) => new,
        Err(errors) => return refuse(page, errors, None).await,
    };
    match register::register(&page.app, member.id, new, fields.key()).await {
        Ok(id) => page.go_saying(format!("/enterprises/{id}"), "enterprise-registered"),
        Err(register::Error::Taken(other)) => {
            let taken = taken(&page, member.id, other).await?;
            refuse(page, FieldErrors::one("uscc", "enterprise-uscc-known"), Some(taken)).await
        }
        Err(register::Error::Fault(fault)) => Err(fault.into()),
    }
}

/// `GET /enterprises/{id}/edit`.
pub async fn edit(page: Page, Member(member): Member, id: Path<String>) -> Answer {
    let (enterprise, asks) = to_rewrite(&page, &id).await?;
    let zones = zone::store::all(&page.app.db).await?;
    let speaker = match asks {
        Asks::AsStaff => None,
        Asks::Everything | Asks::WhatMayChange => member::store::by_id(&page.app.db, member.id).await?,
    };
    let fields = form::filled(&enterprise, &zones, speaker.as_ref());
    let view = form_page(&page, &zones, Some(&enterprise), asks, &fields, &FieldErrors::default());
    page.show("enterprise/form.html", &view)
}

/// `POST /enterprises/{id}`.
pub async fn update(page: Page, Member(member): Member, id: Path<String>, Posted(fields): Posted) -> Answer {
    let (enterprise, asks) = to_rewrite(&page, &id).await?;
    let id = enterprise.organisation.id;
    let zones = zone::store::all(&page.app.db).await?;
    let refuse = |page: Page, errors: FieldErrors| {
        let view = form_page(&page, &zones, Some(&enterprise), asks, &fields, &errors);
        page.refuse("enterprise/form.html", &view)
    };
    let new = match form::enterprise(&fields, asks, &zones, Some(&enterprise)) {
        Ok(new) => new,
        Err(errors) => return refuse(page, errors),
    };
    let writer = match asks {
        Asks::AsStaff => revise::Writer::Staff,
        Asks::Everything | Asks::WhatMayChange => revise::Writer::Speaker(member.id),
    };
    match revise::revise(&page.app, writer, id, new).await {
        Ok(()) => page.go_saying(format!("/enterprises/{id}"), "enterprise-saved"),
        Err(revise::Error::Taken(_)) => refuse(page, FieldErrors::one("uscc", "enterprise-uscc-of-another")),
        Err(revise::Error::Gone) => Err(WebError::NotFound),
        Err(revise::Error::Fault(fault)) => Err(fault.into()),
    }
}

/// The enterprise that this member may rewrite, and what he is asked; it does not exist for others.
async fn to_rewrite(page: &Page, id: &str) -> Result<(Enterprise, Asks), WebError> {
    let enterprise = store::by_id(&page.app.db, number(id)?).await?.ok_or(WebError::NotFound)?;
    let asks = match sight(page, &enterprise.organisation).await? {
        Sight::Public => return Err(WebError::NotFound),
        Sight::Staff(_) => Asks::AsStaff,
        Sight::Speaker(_) if enterprise.organisation.is_verified() => Asks::WhatMayChange,
        Sight::Speaker(_) => Asks::Everything,
    };
    Ok((enterprise, asks))
}

fn form_page(
    page: &Page,
    zones: &[Zone],
    known: Option<&Enterprise>,
    asks: Asks,
    fields: &Fields,
    errors: &FieldErrors,
) -> FormPage {
    let key = |new: &'static str, edit: &'static str| page.word(if known.is_some() { edit } else { new });
    let fact = |key: &str, value: &str| Fact { label: page.word(key), value: value.to_owned() };
    let mut fixed = Vec::new();
    if let Some(known) = known.filter(|_| !asks.name_and_code()) {
        fixed.push(fact("enterprise-name", &known.organisation.name));
        fixed.push(fact("enterprise-uscc", known.uscc.as_ref().map_or("", Uscc::as_str)));
        fixed.push(fact("enterprise-region", &region_name(page, &known.organisation.region)));
    }
    let sizes = Size::ALL.map(|size| Choice::new(size.as_str(), size_label(page, size)));
    FormPage {
        title: key("enterprise-new-title", "enterprise-edit-title"),
        lede: key("enterprise-new-lede", "enterprise-edit-lede"),
        submit: key("enterprise-register", "enterprise-save"),
        form: page.form(fields, errors),
        action: known.map_or_else(|| "/enterprises".to_owned(), |known| known.organisation.url()),
        cancel_url: known.map_or_else(|| "/my".to_owned(), |known| known.organisation.url()),
        asks_name: asks.name_and_code(),
        asks_person: asks.person(),
        fixed,
        // What is wrong with it stands beside the field already.
        code: CodeView { error: String::new(), ..code_view(page, fields) },
        zones: zones.iter().map(|zone| Choice::new(&zone.slug, zone.name_in(page.language()))).collect(),
        sizes: sizes.into(),
        taken: None,
    }
}

async fn taken(page: &Page, member: crate::id::MemberId, other: OrganisationId) -> Result<Taken, WebError> {
    let db = &page.app.db;
    let speakers = organisation::store::speakers(db, other).await?;
    let first = match speakers.first() {
        Some(first) => member::store::by_id(db, *first).await?,
        None => None,
    };
    let hidden = |name: &str| name.chars().take(1).chain("**".chars()).collect::<String>();
    let lead = first.map(|first| if first.name.is_empty() { first.email.masked() } else { hidden(&first.name) });
    let speaks = speakers.contains(&member);
    let asked = organisation::store::asked(db, member, other).await?;
    let answer = match asked {
        None | Some(Asked::Granted) => String::new(),
        Some(Asked::Asked) => page.word("enterprise-join-waits"),
        Some(Asked::Refused) => page.word("enterprise-join-was-refused"),
    };
    let may_ask = !speaks && asked.is_none();
    let label = if speakers.is_empty() { "enterprise-claim" } else { "enterprise-join" };
    Ok(Taken {
        lead: lead.unwrap_or_default(),
        action: if may_ask { format!("/enterprises/{other}/joinings") } else { String::new() },
        label: page.word(label),
        answer,
        url: if speaks { format!("/enterprises/{other}") } else { String::new() },
        contact: page.app.config.complaint_contact.clone(),
    })
}
