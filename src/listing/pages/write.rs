//! The form of a listing: new, opened again, kept while its author types, previewed, sent.

use actix_web::{HttpResponse, http::header, web::Path};
use serde::Serialize;

use crate::{
    id::{MemberId, OrganisationId},
    listing::{
        Budget, Content, Cooperation, Kind, NeedType, Ownership, State, Verdict,
        draft::{self, Aim, Error, Sent},
        form,
        pages::{Crumb, LinkedFact, Of, Seen, TOO_LATE, choices, crumb, own},
        store,
        view::{self, Sheet},
    },
    organisation::{self, Organisation},
    web::{Answer, FieldErrors, Fields, FormView, Member, Page, Posted, WebError, form::Choice},
    words::Say,
    zone::{self, Zone},
};

/// Which button was pressed. Without one (a script, the return key) the form is sent to staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pressed {
    Save,
    Preview,
    Submit,
    /// No button: the page keeps what is typed.
    Autosave,
}

impl Pressed {
    fn of(fields: &Fields) -> Self {
        match fields.raw("do") {
            "save" => Self::Save,
            "preview" => Self::Preview,
            "autosave" => Self::Autosave,
            _ => Self::Submit,
        }
    }

    fn aim(self) -> Aim {
        match self {
            Self::Save => Aim::Save,
            Self::Preview | Self::Autosave => Aim::Keep,
            Self::Submit => Aim::Submit,
        }
    }
}

#[derive(Serialize)]
struct FormPage {
    kind: &'static str,
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    form: FormView,
    owners: Vec<Choice>,
    need_types: Vec<Choice>,
    zones: Vec<Choice>,
    budgets: Vec<Choice>,
    cooperations: Vec<Choice>,
    ownerships: Vec<Choice>,
    levels: Vec<Choice>,
    is_live: bool,
    asked_for: String,
    conflict_url: String,
    not_now: String,
    version: i64,
}

/// What the page says above the form.
#[derive(Default)]
struct Remarks {
    errors: FieldErrors,
    conflict: bool,
    not_now: Option<State>,
}

/// `GET /needs/new`.
pub async fn new(page: Page, Member(member): Member, Of(kind): Of) -> Answer {
    let owners = owners(&page, member.id, kind).await?;
    if owners.is_empty() {
        return without_owner(&page, kind);
    }
    let fields = Fields::blank().with("need_type", NeedType::Technical.as_str());
    let view = new_page(&page, kind, &owners, &fields, &FieldErrors::default()).await?;
    page.show("listing/form.html", &view)
}

/// `POST /needs`.
pub async fn create(page: Page, Member(member): Member, Of(kind): Of, Posted(fields): Posted) -> Answer {
    let owners = owners(&page, member.id, kind).await?;
    let pressed = Pressed::of(&fields);
    if owners.is_empty() {
        return if pressed == Pressed::Autosave {
            Ok(HttpResponse::Conflict().finish())
        } else {
            without_owner(&page, kind)
        };
    }
    if pressed == Pressed::Autosave && !form::is_begun(&fields) {
        return Ok(HttpResponse::NoContent().finish());
    }
    let zones = zone::store::all(&page.app.db).await?;
    let (content, mut errors) = form::read(&fields, kind, &zones, today(&page), pressed.aim());
    let owner = chosen(&owners, &fields);
    if owner.is_none() {
        errors.add("owner", "listing-owner-missing");
    }
    let owner = match owner {
        Some(owner) if errors.is_empty() || pressed == Pressed::Autosave => owner,
        _ if pressed == Pressed::Autosave => return Ok(HttpResponse::Conflict().finish()),
        _ => {
            let view = new_page(&page, kind, &owners, &fields, &errors).await?;
            return page.refuse("listing/form.html", &view);
        }
    };
    let sent = sent(&fields, content, 0);
    match draft::post(&page.app, member.id, owner, kind, &sent, pressed.aim()).await {
        Ok(id) => written(&page, pressed, &format!("{}/{id}", kind.path()), State::Draft),
        Err(Error::NotYours) => Err(WebError::NotFound),
        Err(Error::NotNow(_) | Error::ChangedMeanwhile) if pressed == Pressed::Autosave => {
            Ok(HttpResponse::Conflict().finish())
        }
        Err(Error::NotNow(_) | Error::ChangedMeanwhile) => {
            // Only another form of the same draft can have been faster; it shows what there is.
            page.go_saying("/my", "listing-step-late")
        }
        Err(Error::Fault(fault)) => Err(fault.into()),
    }
}

/// `GET /needs/{id}/edit`.
pub async fn edit(page: Page, _: Member, Of(kind): Of, id: Path<String>) -> Answer {
    let seen = own(&page, kind, &id).await?;
    if !seen.listing.state.is_editable() {
        return page.go_saying(seen.listing.url(), "listing-step-late");
    }
    let view = edit_page(&page, &seen, None, Remarks::default()).await?;
    page.show("listing/form.html", &view)
}

/// `POST /needs/{id}`.
pub async fn update(
    page: Page,
    Member(member): Member,
    Of(kind): Of,
    id: Path<String>,
    Posted(fields): Posted,
) -> Answer {
    let seen = own(&page, kind, &id).await?;
    take(page, member.id, seen, fields).await
}

/// Sends what an unfinished form left behind.
pub(super) async fn send(page: Page, member: MemberId, seen: Seen, fields: Fields) -> Answer {
    let fields = fields.with("version", seen.listing.version).with("do", "submit");
    take(page, member, seen, fields).await
}

/// The form again, with what is to be mended.
pub(super) async fn again(page: Page, seen: Seen, fields: Option<&Fields>, errors: &FieldErrors) -> Answer {
    let remarks = Remarks { errors: errors.clone(), ..Remarks::default() };
    let view = edit_page(&page, &seen, fields, remarks).await?;
    page.refuse("listing/form.html", &view)
}

async fn take(page: Page, member: MemberId, seen: Seen, fields: Fields) -> Answer {
    let pressed = Pressed::of(&fields);
    let (kind, id) = (seen.listing.kind, seen.listing.id);
    let zones = zone::store::all(&page.app.db).await?;
    let (content, errors) = form::read(&fields, kind, &zones, today(&page), pressed.aim());
    if !errors.is_empty() && pressed != Pressed::Autosave && seen.listing.state.is_editable() {
        return again(page, seen, Some(&fields), &errors).await;
    }
    let sent = sent(&fields, content, fields.raw("version").parse().unwrap_or_default());
    let remarks = match draft::update(&page.app, member, id, &sent, pressed.aim()).await {
        Ok(_) => return written(&page, pressed, &seen.listing.url(), seen.listing.state),
        Err(Error::NotYours) => return Err(WebError::NotFound),
        Err(Error::Fault(fault)) => return Err(fault.into()),
        Err(Error::NotNow(_) | Error::ChangedMeanwhile) if pressed == Pressed::Autosave => {
            return Ok(HttpResponse::Conflict().finish());
        }
        Err(Error::NotNow(state)) => Remarks { not_now: Some(state), ..Remarks::default() },
        Err(Error::ChangedMeanwhile) => Remarks { conflict: true, ..Remarks::default() },
    };
    // Read again: what the other editor left is what this form now stands on.
    let seen = own(&page, kind, &id.to_string()).await?;
    let view = edit_page(&page, &seen, Some(&fields), remarks).await?;
    page.with_status(TOO_LATE, "listing/form.html", &view)
}

fn sent(fields: &Fields, content: Content, version: i64) -> Sent {
    Sent { content, typed: form::typed(fields), key: fields.key().to_owned(), version }
}

/// Where a written form leads.
fn written(page: &Page, pressed: Pressed, url: &str, was: State) -> Answer {
    match pressed {
        Pressed::Autosave => {
            let edit = format!("{url}/edit");
            Ok(HttpResponse::NoContent().insert_header((header::CONTENT_LOCATION, edit)).finish())
        }
        Pressed::Save if was == State::Live => page.go_saying(format!("{url}/edit"), "listing-kept-live"),
        Pressed::Save => page.go_saying(format!("{url}/edit"), "listing-saved"),
        Pressed::Preview => page.go(format!("{url}/preview")),
        Pressed::Submit => page.go_saying(url, "listing-submitted"),
    }
}

#[derive(Serialize)]
struct PreviewView {
    crumbs: Vec<Crumb>,
    sheet: Sheet,
    facts: Vec<LinkedFact>,
    edit_url: String,
    submit_url: String,
}

/// `GET /needs/{id}/preview`: exactly what everybody will see.
pub async fn preview(page: Page, _: Member, Of(kind): Of, id: Path<String>) -> Answer {
    let seen = own(&page, kind, &id).await?;
    let listing = &seen.listing;
    if !listing.state.is_editable() {
        return page.go(listing.url());
    }
    let left = store::unfinished(&page.app.db, listing.id).await?;
    let content = match form::retyped(&left.typed) {
        Some(fields) => {
            let zones = zone::store::all(&page.app.db).await?;
            form::read(&fields, kind, &zones, today(&page), Aim::Keep).0
        }
        None => listing.content.clone(),
    };
    let is_anonymous = kind == Kind::Need && content.anonymous;
    let owner = if is_anonymous { page.word("listing-owner-anonymous") } else { seen.owner.name.clone() };
    let sheet = view::sheet(&page.app, page.language(), kind, &content).await?;
    let mut facts = vec![LinkedFact { label: page.word("listing-fact-owner"), value: owner, url: String::new() }];
    facts.extend(sheet.facts.iter().map(LinkedFact::plain));
    let view = PreviewView {
        crumbs: crumbs(&page, kind, &page.word("listing-preview-title")),
        sheet,
        facts,
        edit_url: format!("{}/edit", listing.url()),
        submit_url: format!("{}/submission", listing.url()),
    };
    page.show("listing/preview.html", &view)
}

/// The organisations that a member may post this for.
async fn owners(page: &Page, member: MemberId, kind: Kind) -> Result<Vec<Organisation>, WebError> {
    let all = organisation::store::of_member(&page.app.db, member).await?;
    Ok(all.into_iter().filter(|organisation| organisation.kind == kind.owners()).collect())
}

/// Whom the form is sent for: the one that there is, or the one that was chosen.
fn chosen(owners: &[Organisation], fields: &Fields) -> Option<OrganisationId> {
    match owners {
        [only] => Some(only.id),
        _ => fields.raw("owner").parse().ok().filter(|id| owners.iter().any(|owner| owner.id == *id)),
    }
}

#[derive(Serialize)]
struct WithoutOwner {
    title: String,
}

/// Who speaks for nobody registers first; teams are entered by staff.
fn without_owner(page: &Page, kind: Kind) -> Answer {
    match kind {
        Kind::Need | Kind::Offer => page.go_saying("/enterprises/new", "listing-register-first"),
        Kind::Result => {
            let view = WithoutOwner { title: page.word("listing-new-result") };
            page.show("listing/without_team.html", &view)
        }
    }
}

async fn new_page(
    page: &Page,
    kind: Kind,
    owners: &[Organisation],
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<FormPage, WebError> {
    let title = page.word(&format!("listing-new-{}", kind.as_str()));
    let mut view = blank_page(page, kind, title, fields, errors).await?;
    if owners.len() > 1 {
        view.owners = owners.iter().map(|owner| Choice::new(owner.id, &owner.name)).collect();
    }
    kind.path().clone_into(&mut view.action);
    Ok(view)
}

async fn edit_page(page: &Page, seen: &Seen, fields: Option<&Fields>, remarks: Remarks) -> Result<FormPage, WebError> {
    let listing = &seen.listing;
    let opened = match fields {
        Some(fields) => fields.clone(),
        None => {
            let left = store::unfinished(&page.app.db, listing.id).await?;
            match form::retyped(&left.typed) {
                Some(fields) => fields,
                None => form::filled(&listing.content, &zone::store::all(&page.app.db).await?),
            }
        }
    };
    let title = page.word(&format!("listing-edit-{}", listing.kind.as_str()));
    let mut view = blank_page(page, listing.kind, title, &opened, &remarks.errors).await?;
    view.action = listing.url();
    view.version = listing.version;
    view.is_live = listing.state == State::Live;
    if listing.state == State::Returned {
        let reviews = store::reviews(&page.app.db, listing.id).await?;
        let last = reviews.into_iter().find(|review| review.verdict == Verdict::Return);
        view.asked_for = last.map(|review| review.reason).unwrap_or_default();
    }
    if remarks.conflict {
        view.conflict_url = listing.url();
    }
    if let Some(state) = remarks.not_now {
        let state = view::state_label(&page.app, page.language(), state);
        view.not_now = page.tell(&Say::new("listing-not-now").with("state", state));
    }
    Ok(view)
}

async fn blank_page(
    page: &Page,
    kind: Kind,
    title: String,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<FormPage, WebError> {
    let zones: Vec<Zone> = zone::store::all(&page.app.db).await?;
    let language = page.language();
    Ok(FormPage {
        kind: kind.as_str(),
        crumbs: crumbs(page, kind, &title),
        title,
        action: String::new(),
        form: page.form(fields, errors),
        owners: Vec::new(),
        need_types: choices(
            page,
            NeedType::ALL,
            |each| format!("listing-need-type-{}", each.as_str()),
            NeedType::as_str,
        ),
        zones: zones.iter().map(|zone| Choice::new(&zone.slug, zone.name_in(language))).collect(),
        budgets: choices(page, Budget::ALL, |each| format!("listing-budget-{}", each.as_str()), Budget::as_str),
        cooperations: choices(
            page,
            Cooperation::ALL,
            |each| format!("listing-cooperation-{}", each.as_str()),
            Cooperation::as_str,
        ),
        ownerships: choices(page, Ownership::ALL, |each| format!("listing-ip-{}", each.as_str()), Ownership::as_str),
        levels: (1..=9).map(|level| Choice::new(level, view::trl_words(&page.app, language, level))).collect(),
        is_live: false,
        asked_for: String::new(),
        conflict_url: String::new(),
        not_now: String::new(),
        version: 0,
    })
}

fn crumbs(page: &Page, kind: Kind, title: &str) -> Vec<Crumb> {
    vec![crumb(page.word(&format!("listing-list-{}", kind.as_str())), kind.path()), crumb(title, "")]
}

/// The day in the park.
fn today(page: &Page) -> chrono::NaiveDate {
    page.app.clock.now().with_timezone(&page.app.config.time_zone).date_naive()
}
