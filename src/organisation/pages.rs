//! The desk where staff verify organisations, and what the pages of enterprises and teams share:
//! who sees what is not public yet, how it is said where an organisation stands, and the members
//! who ask to join.

use std::collections::HashMap;

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    enterprise,
    fault::Fault,
    id::{MemberId, OrganisationId},
    member,
    organisation::{
        Organisation, OrganisationKind, Verification,
        join::{self, Asked},
        region, store, verify,
    },
    team,
    web::{Answer, FieldErrors, Fields, FormView, Member, Page, Posted, Staff, WebError},
    words::Say,
    zone,
};

/// As whom somebody sees an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Anybody; only what is verified is seen.
    Public,
    /// One who speaks for it.
    Speaker(MemberId),
    /// Park staff.
    Staff(MemberId),
}

impl Sight {
    pub(crate) fn is_inside(self) -> bool {
        self != Self::Public
    }
}

/// As whom this visitor sees `organisation`; it does not exist for him if he may not.
pub(crate) async fn sight(page: &Page, organisation: &Organisation) -> Result<Sight, WebError> {
    let sight = match &page.visit.member {
        Some(member) if member.role.is_staff() => Sight::Staff(member.id),
        Some(member) if store::speaks_for(&page.app.db, member.id, organisation.id).await? => Sight::Speaker(member.id),
        _ => Sight::Public,
    };
    if sight == Sight::Public && !organisation.is_verified() { Err(WebError::NotFound) } else { Ok(sight) }
}

/// The number in a path; what is no number names nothing.
pub(crate) fn number(path: &str) -> Result<OrganisationId, WebError> {
    path.parse().ok().ok_or(WebError::NotFound)
}

/// Where an organisation stands, in words.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Standing {
    label: String,
    tone: &'static str,
    /// What its own people are told; empty when it is verified.
    title: String,
    text: String,
    /// What staff wrote.
    reason: String,
}

/// Says where an organisation stands.
pub(crate) fn standing(page: &Page, organisation: &Organisation) -> Standing {
    let told = |title, text| (page.word(title), page.word(text));
    let (label, tone, (title, text)) = match organisation.verification {
        Verification::Pending => (
            page.word("organisation-verification-pending"),
            "wait",
            told("organisation-pending-title", "organisation-pending-text"),
        ),
        Verification::Verified => {
            let day = organisation.verified_at.map(|at| page.day(at)).unwrap_or_default();
            let label = page.tell(&Say::new("organisation-verified-on").with("day", day));
            (label, "good", (String::new(), String::new()))
        }
        Verification::Refused => (
            page.word("organisation-verification-refused"),
            "bad",
            told("organisation-refused-title", "organisation-refused-text"),
        ),
    };
    Standing { label, tone, title, text, reason: organisation.verification_note.clone() }
}

/// A member who asks to speak for an organisation.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Asker {
    label: String,
    at: String,
    organisation: String,
    url: String,
    action: String,
}

/// Those who wait for an answer: for one organisation, or for all.
pub(crate) async fn askers(page: &Page, organisation: Option<OrganisationId>) -> Result<Vec<Asker>, Fault> {
    let db = &page.app.db;
    let asking = store::asking(db, organisation).await?;
    if asking.is_empty() {
        return Ok(Vec::new());
    }
    let members: Vec<MemberId> = asking.iter().map(|each| each.member).collect();
    let members: HashMap<MemberId, member::Member> =
        member::store::by_ids(db, &members).await?.into_iter().map(|each| (each.id, each)).collect();
    let organisations: Vec<OrganisationId> = asking.iter().map(|each| each.organisation).collect();
    let organisations: HashMap<OrganisationId, Organisation> =
        store::by_ids(db, &organisations).await?.into_iter().map(|each| (each.id, each)).collect();
    let asker = |each: &join::Joining| {
        let (who, what) = (members.get(&each.member)?, organisations.get(&each.organisation)?);
        let masked = who.email.masked();
        Some(Asker {
            label: if who.name.is_empty() { masked } else { format!("{} · {masked}", who.name) },
            at: page.moment(each.asked_at),
            organisation: what.name.clone(),
            url: what.url(),
            action: format!("{}/joinings/{}", what.url(), each.member),
        })
    };
    Ok(asking.iter().filter_map(asker).collect())
}

/// `POST /enterprises/{id}/joinings`: asks to speak for an enterprise that is there already.
pub async fn ask(page: Page, Member(member): Member, id: Path<String>, Posted(_): Posted) -> Answer {
    let id = number(&id)?;
    let enterprise = store::by_id(&page.app.db, id).await?;
    enterprise.filter(|each| each.kind == OrganisationKind::Enterprise).ok_or(WebError::NotFound)?;
    match join::ask(&page.app, member.id, id).await {
        Ok(()) => page.go_saying("/my", "organisation-join-asked"),
        Err(join::Error::Speaks) => page.go(format!("/enterprises/{id}")),
        Err(join::Error::Gone) => Err(WebError::NotFound),
        Err(join::Error::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST /enterprises/{id}/joinings/{member}`: those who speak for it, or staff, answer.
pub async fn answer(page: Page, _: Member, path: Path<(String, String)>, Posted(fields): Posted) -> Answer {
    let (id, asker) = path.into_inner();
    let organisation = store::by_id(&page.app.db, number(&id)?).await?.ok_or(WebError::NotFound)?;
    let by = match sight(&page, &organisation).await? {
        Sight::Speaker(by) | Sight::Staff(by) => by,
        Sight::Public => return Err(WebError::NotFound),
    };
    let (verdict, said) = match fields.raw("answer") {
        "grant" => (Asked::Granted, "organisation-join-granted"),
        "refuse" => (Asked::Refused, "organisation-join-refused"),
        _ => return Err(WebError::BadRequest),
    };
    let asker = asker.parse().ok().ok_or(WebError::NotFound)?;
    if !join::answer(&page.app, by, organisation.id, asker, verdict).await? {
        return Err(WebError::NotFound);
    }
    page.go_saying(organisation.url(), said)
}

#[derive(Serialize)]
struct IndexView {
    rows: Vec<PendingRow>,
    askers: Vec<Asker>,
}

#[derive(Serialize)]
struct PendingRow {
    url: String,
    name: String,
    kind: String,
    code: String,
    region: String,
    since: String,
}

/// `GET /desk/organisations`: those that wait, longest waiting first, and who asks to join one.
pub async fn index(page: Page, _: Staff) -> Answer {
    let db = &page.app.db;
    let pending = store::pending(db).await?;
    let ids: Vec<OrganisationId> = pending.iter().map(|each| each.id).collect();
    let enterprises = enterprise::store::by_ids(db, &ids).await?;
    let codes: HashMap<OrganisationId, String> =
        enterprises.into_iter().filter_map(|each| Some((each.organisation.id, each.uscc?.to_string()))).collect();
    let row = |each: &Organisation| PendingRow {
        url: desk_url(each.id),
        name: each.name.clone(),
        kind: page.word(kind_word(each.kind)),
        code: codes.get(&each.id).cloned().unwrap_or_default(),
        region: region_name(&page, &each.region),
        since: page.moment(each.created_at),
    };
    let view = IndexView { rows: pending.iter().map(row).collect(), askers: askers(&page, None).await? };
    page.show("organisation/index.html", &view)
}

#[derive(Serialize)]
struct DeskView {
    form: FormView,
    name: String,
    url: String,
    edit_url: String,
    action: String,
    standing: Standing,
    facts: Vec<Fact>,
    doubt: bool,
    about: String,
    speakers: Vec<Speaker>,
    askers: Vec<Asker>,
    is_verified: bool,
}

#[derive(Serialize)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
}

#[derive(Serialize)]
struct Speaker {
    name: String,
    title: String,
    email: String,
    phone: String,
}

/// `GET /desk/organisations/{id}`: what staff compare with its papers.
pub async fn show(page: Page, _: Staff, id: Path<String>) -> Answer {
    let organisation = store::by_id(&page.app.db, number(&id)?).await?.ok_or(WebError::NotFound)?;
    let fields = Fields::default().with("reason", &organisation.verification_note);
    let view = desk_view(&page, &organisation, &fields, &FieldErrors::default()).await?;
    page.show("organisation/show.html", &view)
}

/// `POST /desk/organisations/{id}/verification`: what staff found.
pub async fn settle(page: Page, _: Staff, id: Path<String>, Posted(fields): Posted) -> Answer {
    let organisation = store::by_id(&page.app.db, number(&id)?).await?.ok_or(WebError::NotFound)?;
    let mut errors = FieldErrors::default();
    match fields.raw("verdict") {
        "verify" => {
            verify::verify(&page.app, organisation.id).await?;
            return page.go_saying("/desk/organisations", "organisation-was-verified");
        }
        "refuse" => {}
        _ => return Err(WebError::BadRequest),
    }
    let reason = fields.text_within("reason", 500, &mut errors);
    if reason.chars().count() < 5 {
        errors.add("reason", "organisation-reason-missing");
    }
    if errors.is_empty() {
        verify::refuse(&page.app, organisation.id, &reason).await?;
        return page.go_saying("/desk/organisations", "organisation-was-refused");
    }
    let view = desk_view(&page, &organisation, &fields, &errors).await?;
    page.refuse("organisation/show.html", &view)
}

async fn desk_view(
    page: &Page,
    organisation: &Organisation,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<DeskView, WebError> {
    let db = &page.app.db;
    let zones = zone::store::all(db).await?;
    let zone = zones.iter().find(|zone| zone.id == organisation.zone);
    let fact = |key: &str, value: String| Fact { label: page.word(key), value };
    let mut facts = vec![
        fact("organisation-kind", page.word(kind_word(organisation.kind))),
        fact("organisation-zone", zone.map(|zone| zone.name_in(page.language()).to_owned()).unwrap_or_default()),
        fact("organisation-region", region_name(page, &organisation.region)),
        fact("organisation-since", page.moment(organisation.created_at)),
    ];
    let mut doubt = false;
    match organisation.kind {
        OrganisationKind::Enterprise => {
            if let Some(enterprise) = enterprise::store::by_id(db, organisation.id).await? {
                doubt = enterprise.uscc.as_ref().is_some_and(|uscc| !uscc.subject_check_agrees());
                let code = enterprise.uscc.map(|uscc| uscc.to_string()).unwrap_or_default();
                facts.insert(0, fact("organisation-code", code));
                facts.push(fact(
                    "organisation-industry",
                    format!("{} {}", enterprise.industry, enterprise.industry_name).trim().to_owned(),
                ));
                facts.push(fact("organisation-products", listed(page, &enterprise.products)));
            }
        }
        OrganisationKind::Team => {
            if let Some(team) = team::store::by_id(db, organisation.id).await? {
                facts.insert(0, fact("organisation-university", team.university_name));
                facts.push(fact(
                    "organisation-lead",
                    format!("{} {}", team.lead_name, team.lead_title).trim().to_owned(),
                ));
                facts.push(fact(
                    "organisation-office",
                    team.office_email.map(|email| email.to_string()).unwrap_or_default(),
                ));
            }
        }
    }
    let speakers = store::speakers(db, organisation.id).await?;
    let speakers = member::store::by_ids(db, &speakers).await?.into_iter().map(|each| Speaker {
        name: each.name,
        title: each.title,
        email: each.email.to_string(),
        phone: each.phone,
    });
    Ok(DeskView {
        form: page.form(fields, errors),
        name: organisation.name.clone(),
        url: organisation.url(),
        edit_url: format!("{}/edit", organisation.url()),
        action: format!("{}/verification", desk_url(organisation.id)),
        standing: standing(page, organisation),
        facts,
        doubt,
        about: organisation.about.clone(),
        speakers: speakers.collect(),
        askers: askers(page, Some(organisation.id)).await?,
        is_verified: organisation.is_verified(),
    })
}

fn desk_url(id: OrganisationId) -> String {
    format!("/desk/organisations/{id}")
}

fn kind_word(kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::Enterprise => "organisation-enterprise",
        OrganisationKind::Team => "organisation-team",
    }
}

/// What the region of a GB/T 2260 code is called; empty when nobody knows.
pub(crate) fn region_name(page: &Page, code: &str) -> String {
    region::word(code).map(|key| page.word(&key)).unwrap_or_default()
}

/// Short words side by side.
pub(crate) fn listed(page: &Page, words: &[String]) -> String {
    words.join(&page.word("organisation-comma"))
}
