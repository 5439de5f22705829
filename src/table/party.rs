//! A row of enterprises or teams ⇄ the organisation, and the organisations that are invented for
//! listings that come without an owner.
//!
//! A person's address and telephone come in, since somebody has to be written to, and never go out.

use crate::{
    app::App,
    db::Tx,
    enterprise::{self, Enterprise, NewEnterprise, Person, Size, uscc::Uscc},
    fault::Fault,
    id::{OrganisationId, ZoneId},
    mail::Address,
    member,
    organisation::{self, OrganisationKind},
    table::{RowKind, row::Row},
    team::{self, Lead, NewTeam, NewUniversity, Team},
    words::Language,
    zone::{NewZone, Zone},
};

/// The columns of enterprises.
pub(super) const ENTERPRISE: &[&str] =
    &["id", "uscc", "name", "zone", "region", "industry", "industry_name", "size", "about", "products"];
/// The columns of teams.
pub(super) const TEAM: &[&str] =
    &["id", "university", "name", "zone", "region", "lead_name", "lead_title", "capacity", "about", "fields"];

/// How many new introductions an imported team has time for when its row does not say.
const USUAL_CAPACITY: u32 = 3;
/// More than this is a slip of the keyboard.
const MOST_CAPACITY: u32 = 100;

/// A good row of an organisation.
pub(super) enum Party {
    Enterprise(NewEnterprise, Option<Address>),
    Team(NewTeam),
}

/// The zone that is made when a park has none yet, so that an import has somewhere to stand.
pub(super) fn first_zone() -> NewZone {
    NewZone {
        slug: "general".to_owned(),
        name: ["综合展区".to_owned(), "General zone".to_owned()],
        about: [String::new(), String::new()],
        colour: "#3b5b52".to_owned(),
    }
}

/// What the row says, or why it is refused.
pub(super) fn read(row: &Row, kind: RowKind, zones: &[Zone]) -> Result<Party, String> {
    let name = row.text("name");
    if name.is_empty() || name.chars().count() > 80 {
        return Err(format!("name has {} characters; write 1 to 80", name.chars().count()));
    }
    let zone = zone(row, zones)?;
    let address = |field: &str| match row.text(field) {
        "" => Ok(None),
        text => Address::parse(text).map(Some).ok_or_else(|| format!("{field} {text:?} is no e-mail address")),
    };
    let import_key = Some(row.text("id"))
        .filter(|id| !id.is_empty())
        .map(|id| format!("{}:{id}", if kind == RowKind::Team { "team" } else { "enterprise" }));
    if kind == RowKind::Team {
        let capacity = match row.text("capacity") {
            "" => USUAL_CAPACITY,
            text => text
                .parse()
                .ok()
                .filter(|number| *number <= MOST_CAPACITY)
                .ok_or_else(|| format!("capacity {text:?} is not a whole number up to {MOST_CAPACITY}"))?,
        };
        let university = row.text("university");
        if university.is_empty() {
            return Err("university is missing; a team belongs to one".to_owned());
        }
        let lead = address("lead_email")?.map(|email| Lead {
            name: row.text("lead_name").to_owned(),
            title: row.text("lead_title").to_owned(),
            email,
            phone: row.text("lead_phone").to_owned(),
        });
        return Ok(Party::Team(NewTeam {
            university: NewUniversity {
                name: university.to_owned(),
                region: row.text("region").to_owned(),
                office_name: row.text("office_name").to_owned(),
                office_email: address("office_email")?,
            },
            name: name.to_owned(),
            zone,
            lead,
            office_email: address("office_email")?,
            capacity,
            about: row.text("about").to_owned(),
            fields: row.list("fields"),
            import_key,
        }));
    }
    let uscc = match row.text("uscc") {
        "" => None,
        text => Some(Uscc::parse(text).map_err(|wrong| format!("uscc {text:?} is not a code: {wrong:?}"))?),
    };
    let enterprise = NewEnterprise {
        uscc,
        name: name.to_owned(),
        zone,
        region: row.text("region").to_owned(),
        industry: row.text("industry").to_owned(),
        industry_name: row.text("industry_name").to_owned(),
        size: Size::parse(row.text("size")).ok_or("size is one of micro, small, medium, large, or empty")?,
        about: row.text("about").to_owned(),
        products: row.list("products"),
        contact: Person {
            name: row.text("contact_name").to_owned(),
            title: row.text("contact_title").to_owned(),
            phone: row.text("contact_phone").to_owned(),
        },
        import_key,
    };
    Ok(Party::Enterprise(enterprise, address("contact_email")?))
}

fn zone(row: &Row, zones: &[Zone]) -> Result<ZoneId, String> {
    let slug = row.text("zone");
    let found = if slug.is_empty() { zones.first() } else { zones.iter().find(|zone| zone.slug == slug) };
    found.map(|zone| zone.id).ok_or_else(|| {
        let known: Vec<&str> = zones.iter().map(|zone| zone.slug.as_str()).collect();
        format!("zone {slug:?} is not one of {}", known.join(", "))
    })
}

/// Saves an organisation; `Ok(true)` when it is new, `Ok(false)` when an earlier one was rewritten.
pub(super) async fn save(tx: &Tx, app: &App, party: &Party, verified: bool) -> Result<Result<bool, String>, Fault> {
    match party {
        Party::Enterprise(new, speaker) => save_enterprise(tx, app, new, speaker.as_ref(), verified).await,
        Party::Team(new) => save_team(tx, app, new).await,
    }
}

async fn save_enterprise(
    tx: &Tx,
    app: &App,
    new: &NewEnterprise,
    speaker: Option<&Address>,
    verified: bool,
) -> Result<Result<bool, String>, Fault> {
    let taken = |id| format!("the code belongs to enterprise {id} already");
    if let Some(known) = known(tx, new.import_key.as_deref()).await? {
        return match enterprise::revise::revise_in(tx, app, enterprise::revise::Writer::Staff, known, new).await {
            Ok(()) => Ok(Ok(false)),
            Err(enterprise::revise::Error::Taken(id)) => Ok(Err(taken(id))),
            Err(enterprise::revise::Error::Gone) => Ok(Err("the enterprise is gone".to_owned())),
            Err(enterprise::revise::Error::Fault(fault)) => Err(fault),
        };
    }
    let speaker = match speaker {
        Some(email) => Some(member::store::meet(tx, email, Language::Chinese, app.clock.now()).await?.id),
        None => None,
    };
    match enterprise::register::register_in(tx, app, speaker, new).await {
        Ok(id) if verified => organisation::verify::verify_in(tx, app, id).await.map(|()| Ok(true)),
        Ok(_) => Ok(Ok(true)),
        Err(enterprise::register::Error::Taken(id)) => Ok(Err(taken(id))),
        Err(enterprise::register::Error::Fault(fault)) => Err(fault),
    }
}

async fn save_team(tx: &Tx, app: &App, new: &NewTeam) -> Result<Result<bool, String>, Fault> {
    let Some(known) = known(tx, new.import_key.as_deref()).await? else {
        team::enter::enter_in(tx, app, new).await?;
        return Ok(Ok(true));
    };
    let revision = team::revise::Revision {
        name: Some(new.name.clone()),
        zone: new.zone,
        lead_title: new.lead.as_ref().map(|lead| lead.title.clone()).unwrap_or_default(),
        office_email: new.office_email.clone(),
        capacity: new.capacity,
        about: new.about.clone(),
        fields: new.fields.clone(),
    };
    team::revise::revise_in(tx, app, known, &revision).await?;
    Ok(Ok(false))
}

async fn known(tx: &Tx, import_key: Option<&str>) -> Result<Option<OrganisationId>, Fault> {
    let Some(key) = import_key else { return Ok(None) };
    let kind_and_number =
        key.split_once(':').and_then(|(kind, id)| Some((kind, id.strip_prefix(kind)?.strip_prefix('-')?)));
    if let Some((kind, number)) = kind_and_number
        && let Ok(number) = number.parse()
        && let Some(own) = organisation::store::by_id(tx, number).await?
        && own.kind.as_str() == kind
    {
        return Ok(Some(own.id));
    }
    Ok(organisation::store::by_import_key(tx, key).await?.map(|known| known.id))
}

/// The organisation that is invented for the `number`th group of rows; the same one at the next
/// import. It has a mailbox that cannot exist, so that introductions of it can be played through.
pub(super) async fn invented(
    tx: &Tx,
    app: &App,
    kind: OrganisationKind,
    number: usize,
    zones: &[Zone],
) -> Result<OrganisationId, Fault> {
    let nth = number + 1;
    let key = format!("{}:invented-{nth}", kind.as_str());
    if let Some(known) = organisation::store::by_import_key(tx, &key).await? {
        return Ok(known.id);
    }
    let zone = zones
        .get(number % zones.len().max(1))
        .map(|zone| zone.id)
        .ok_or_else(|| Fault::other("the park has no zone"))?;
    let email =
        Address::parse(&format!("{}-{nth}@import.example", kind.as_str())).ok_or_else(|| Fault::other("an address"))?;
    match kind {
        OrganisationKind::Enterprise => {
            let speaker = member::store::meet(tx, &email, Language::Chinese, app.clock.now()).await?;
            let new = NewEnterprise {
                uscc: None,
                name: format!("导入企业 {nth:03}（示例）"),
                zone,
                region: String::new(),
                industry: String::new(),
                industry_name: String::new(),
                size: Size::Unsaid,
                about: "由导入数据生成的示例企业。".to_owned(),
                products: Vec::new(),
                contact: Person { name: format!("示例联系人 {nth:03}"), ..Person::default() },
                import_key: Some(key),
            };
            match enterprise::register::register_in(tx, app, Some(speaker.id), &new).await {
                Ok(id) => organisation::verify::verify_in(tx, app, id).await.map(|()| id),
                Err(enterprise::register::Error::Fault(fault)) => Err(fault),
                Err(enterprise::register::Error::Taken(id)) => Ok(id),
            }
        }
        OrganisationKind::Team => {
            let new = NewTeam {
                university: NewUniversity {
                    name: "导入大学（示例）".to_owned(),
                    region: String::new(),
                    office_name: "科研院".to_owned(),
                    office_email: None,
                },
                name: format!("导入团队 {nth:03}（示例）"),
                zone,
                lead: Some(Lead {
                    name: format!("示例负责人 {nth:03}"),
                    title: "教授".to_owned(),
                    email,
                    phone: String::new(),
                }),
                office_email: None,
                capacity: USUAL_CAPACITY,
                about: "由导入数据生成的示例团队。".to_owned(),
                fields: Vec::new(),
                import_key: Some(key),
            };
            team::enter::enter_in(tx, app, &new).await
        }
    }
}

/// The row of an enterprise, without its people.
pub(super) fn enterprise_row(enterprise: &Enterprise, zones: &[Zone]) -> Row {
    let mut row = common(&enterprise.organisation, "enterprise", zones);
    row.set("uscc", enterprise.uscc.as_ref().map(ToString::to_string).unwrap_or_default());
    row.set("industry", &enterprise.industry);
    row.set("industry_name", &enterprise.industry_name);
    row.set("size", enterprise.size.as_str());
    row.set("products", enterprise.products.join("、"));
    row
}

/// The row of a team, with its lead's public name alone.
pub(super) fn team_row(team: &Team, zones: &[Zone]) -> Row {
    let mut row = common(&team.organisation, "team", zones);
    row.set("university", &team.university_name);
    row.set("lead_name", &team.lead_name);
    row.set("lead_title", &team.lead_title);
    row.set("capacity", team.capacity);
    row.set("fields", team.fields.join("、"));
    row
}

fn common(organisation: &organisation::Organisation, kind: &str, zones: &[Zone]) -> Row {
    let mut row = Row::default();
    row.set("id", format!("{kind}-{}", organisation.id));
    row.set("name", &organisation.name);
    row.set("zone", zones.iter().find(|zone| zone.id == organisation.zone).map_or("", |zone| zone.slug.as_str()));
    row.set("region", &organisation.region);
    row.set("about", &organisation.about);
    row
}
