//! Building the park: organisations first, then everything that happened there, in the order of the days.

use std::collections::HashMap;

use chrono::{DateTime, Months, TimeDelta, Utc};

use crate::{
    app::App,
    changes,
    clock::Clock,
    enterprise::{self, NewEnterprise, Person, Size, uscc::Uscc},
    fault::{Context, Fault},
    id::{IntroductionId, ListingId, MemberId, OrganisationId, ZoneId},
    listing::{self, Budget, Content, Cooperation, Kind, NeedType, Outcome, Ownership, Scores, Target, Verdict},
    mail::Address,
    member::{self, Role},
    organisation,
    seed::{
        STAFF, hall,
        park::{self, Park},
        talk,
    },
    synonym::{self, NewSynonym},
    team::{self, Lead, NewTeam, NewUniversity},
    worker,
    zone::{self, NewZone},
};

/// Words that mean the same to the people of the park.
const SYNONYMS: [[&str; 2]; 3] = [["果胶", "pectin"], ["BMS", "电池管理系统"], ["预制菜", "预制食品"]];

/// The name under which it is remembered that the park is whole.
const WHOLE: &str = "seed";

/// Days that the park has a past of.
const PAST_DAYS: i64 = 110;

/// Everything that has been built so far, by the keys of the files.
pub(super) struct Ground {
    /// The app on a clock of its own, which runs from the past to now.
    pub(super) app: App,
    zones: HashMap<String, ZoneId>,
    pub(super) enterprises: HashMap<String, Party>,
    pub(super) teams: HashMap<String, Party>,
    pub(super) listings: HashMap<String, ListingId>,
    posters: HashMap<String, String>,
    pub(super) introductions: HashMap<String, IntroductionId>,
    pub(super) broker: MemberId,
}

/// An organisation and who speaks for it.
#[derive(Clone, Copy)]
pub(super) struct Party {
    pub(super) organisation: OrganisationId,
    pub(super) member: MemberId,
}

/// Something that happened in the park, at its time.
enum Happening<'a> {
    /// An enterprise that staff have not looked at yet was entered.
    Entered(&'a park::Enterprise),
    /// A listing was posted.
    Posted(&'a Posting<'a>),
    /// An introduction moved.
    Talked(talk::Move<'a>),
}

/// Builds the park if the database holds none. A park that was left half built is refused: it
/// would be neither new nor whole.
pub async fn plant(app: &App) -> Result<(), Fault> {
    if changes::followed(&app.db, WHOLE).await? == 1 {
        return Ok(());
    }
    if !zone::store::all(&app.db).await?.is_empty() {
        return Err(Fault::other(
            "this folder holds a park that is not whole; remove the folder or name another with --dir",
        ));
    }
    let now = app.clock.now();
    let mut past = app.clone();
    past.clock = Clock::standing_at(now - TimeDelta::days(PAST_DAYS));
    let park = Park::read()?;
    let mut ground = settle(past, &park).await.doing("settling the demo park")?;
    let postings = postings(&ground, &park, now)?;
    let entered = park.enterprises.iter().filter(|firm| !firm.verified);
    let mut history: Vec<(DateTime<Utc>, Happening<'_>)> = entered
        .map(|firm| (now - TimeDelta::hours(30), Happening::Entered(firm)))
        .chain(postings.iter().map(|posting| (posting.begun, Happening::Posted(posting))))
        .chain(talk::moves(&park, now).into_iter().map(|(at, each)| (at, Happening::Talked(each))))
        .collect();
    history.sort_by_key(|(at, _)| *at);
    let mut has_talked = false;
    for (at, happening) in history {
        ground.until(at);
        match happening {
            Happening::Entered(firm) => {
                let party = enter_enterprise(&ground, firm).await?;
                ground.enterprises.insert(firm.key.clone(), party);
            }
            Happening::Posted(posting) => {
                let id = post(&ground, posting).await.doing("posting in the demo park")?;
                ground.listings.insert(posting.key.to_owned(), id);
            }
            Happening::Talked(each) => {
                if !has_talked {
                    // The reasons that the questions carry are those of the suggestions.
                    worker::run_until_idle(&ground.app).await?;
                    has_talked = true;
                }
                talk::play(&mut ground, &each).await.doing("talking in the demo park")?;
            }
        }
    }
    ground.until(now);
    hall::furnish(&ground, &park, now).await.doing("furnishing the demo's hall")?;
    hall::link(&ground, &park).await.doing("drawing the demo's chains")?;
    worker::run_until_idle(&ground.app).await?;
    app.db.write(async |tx| changes::follow(tx, WHOLE, 1).await).await
}

impl Ground {
    /// Moves the clock to `time`; it never goes back.
    pub(super) fn until(&self, time: DateTime<Utc>) {
        let ahead = time - self.app.clock.now();
        if ahead > TimeDelta::zero() {
            self.app.clock.forward(ahead);
        }
    }

    /// Who speaks for the enterprise that posted this need.
    pub(super) fn asker(&self, need: &str) -> Option<Party> {
        self.enterprises.get(self.posters.get(need)?).copied()
    }

    pub(super) fn zone(&self, slug: &str) -> Result<ZoneId, Fault> {
        self.zones.get(slug).copied().ok_or_else(|| Fault::other(format!("seed: no zone {slug}")))
    }
}

fn address(text: &str) -> Result<Address, Fault> {
    Address::parse(text).ok_or_else(|| Fault::other(format!("seed: {text} is no address")))
}

async fn settle(app: App, park: &Park) -> Result<Ground, Fault> {
    let mut broker = None;
    for (email, name, role) in STAFF {
        let id = member::appoint::appoint(&app, &address(email)?, name, role).await?;
        if role == Role::Broker {
            broker = Some(id);
        }
    }
    let mut ground = Ground {
        app,
        zones: HashMap::new(),
        enterprises: HashMap::new(),
        teams: HashMap::new(),
        listings: HashMap::new(),
        posters: park.needs.iter().map(|need| (need.key.clone(), need.enterprise.clone())).collect(),
        introductions: HashMap::new(),
        broker: broker.ok_or_else(|| Fault::other("seed: no broker"))?,
    };
    for zone in &park.zones {
        let new = NewZone {
            slug: zone.slug.clone(),
            name: [zone.name_zh.clone(), zone.name_en.clone()],
            about: [zone.about_zh.clone(), zone.about_en.clone()],
            colour: zone.colour.clone(),
        };
        let id = zone::create::create(&ground.app, &new).await?;
        ground.zones.insert(zone.slug.clone(), id);
    }
    for words in SYNONYMS {
        let group = NewSynonym { words: words.map(str::to_owned).to_vec(), towards: Vec::new() };
        match synonym::keep::add(&ground.app, ground.broker, &group).await {
            Ok(()) => {}
            Err(synonym::keep::Error::Fault(fault)) => return Err(fault),
            Err(other) => return Err(Fault::other(format!("seed: {words:?}: {other:?}"))),
        }
    }
    for enterprise in park.enterprises.iter().filter(|enterprise| enterprise.verified) {
        let party = enter_enterprise(&ground, enterprise).await?;
        ground.enterprises.insert(enterprise.key.clone(), party);
    }
    for team in &park.teams {
        let party = enter_team(&ground, team, &park.universities).await?;
        ground.teams.insert(team.key.clone(), party);
    }
    Ok(ground)
}

async fn enter_enterprise(ground: &Ground, firm: &park::Enterprise) -> Result<Party, Fault> {
    let app = &ground.app;
    let email = address(&firm.contact.email)?;
    let uscc = Uscc::parse(&firm.uscc).map_err(|wrong| Fault::other(format!("seed: {}: {wrong:?}", firm.uscc)))?;
    let new = NewEnterprise {
        uscc: Some(uscc),
        name: firm.name.clone(),
        zone: ground.zone(&firm.zone)?,
        region: firm.region.clone(),
        industry: firm.industry.clone(),
        industry_name: firm.industry_name.clone(),
        size: Size::parse(&firm.size).unwrap_or_default(),
        about: firm.about.clone(),
        products: firm.products.clone(),
        contact: Person {
            name: firm.contact.name.clone(),
            title: firm.contact.title.clone(),
            phone: firm.contact.phone.clone(),
        },
        import_key: None,
    };
    let member = app
        .db
        .write(async |tx| member::store::meet(tx, &email, crate::words::Language::Chinese, app.clock.now()).await)
        .await?;
    let organisation = enterprise::register::register(app, member.id, new, "")
        .await
        .map_err(|error| Fault::other(format!("seed: {}: {error:?}", firm.key)))?;
    if firm.verified {
        organisation::verify::verify(app, organisation).await?;
    }
    Ok(Party { organisation, member: member.id })
}

async fn enter_team(ground: &Ground, team: &park::Team, universities: &[park::University]) -> Result<Party, Fault> {
    let app = &ground.app;
    let university = universities
        .iter()
        .find(|each| each.key == team.university)
        .ok_or_else(|| Fault::other(format!("seed: no university {}", team.university)))?;
    let email = address(&team.lead.email)?;
    let new = NewTeam {
        university: NewUniversity {
            name: university.name.clone(),
            region: university.region.clone(),
            office_name: university.office_name.clone(),
            office_email: Some(address(&university.office_email)?),
        },
        name: team.name.clone(),
        zone: ground.zone(&team.zone)?,
        lead: Some(Lead {
            name: team.lead.name.clone(),
            title: team.lead.title.clone(),
            email: email.clone(),
            phone: team.lead.phone.clone(),
        }),
        office_email: Some(address(&team.office_email)?),
        capacity: team.capacity,
        about: team.about.clone(),
        fields: team.fields.clone(),
        import_key: None,
    };
    let organisation = app.db.write(async |tx| team::enter::enter_in(tx, app, &new).await).await?;
    let member = member::store::by_email(&app.db, &email).await?.ok_or_else(|| Fault::other("seed: a lead is gone"))?;
    Ok(Party { organisation, member: member.id })
}

/// One listing of either kind, ready to be posted.
struct Posting<'a> {
    key: &'a str,
    kind: Kind,
    owner: &'a str,
    content: Content,
    state: &'a str,
    begun: DateTime<Utc>,
}

/// Every listing with the day on which it is begun.
fn postings<'a>(ground: &Ground, park: &'a Park, now: DateTime<Utc>) -> Result<Vec<Posting<'a>>, Fault> {
    let mut postings = Vec::new();
    for need in &park.needs {
        let content = need_content(ground, need, now)?;
        postings.push(Posting {
            key: &need.key,
            kind: Kind::Need,
            owner: &need.enterprise,
            content,
            state: &need.state,
            begun: now,
        });
    }
    for result in &park.results {
        let content = result_content(ground, result)?;
        postings.push(Posting {
            key: &result.key,
            kind: Kind::Result,
            owner: &result.team,
            content,
            state: &result.state,
            begun: now,
        });
    }
    // What has run out was posted first of all, before the span that a listing lives; what staff
    // have not looked at came yesterday; the rest is spread over the weeks before the introductions.
    let count = i64::try_from(postings.len()).unwrap_or(i64::MAX);
    for (place, posting) in (0_i64..).zip(postings.iter_mut()) {
        let ago = match posting.state {
            "expired" => TimeDelta::days(PAST_DAYS - 2),
            "draft" | "in_review" | "returned" => TimeDelta::hours(28) - TimeDelta::minutes(place * 11 % 1400),
            _ => TimeDelta::days(78 - (place * 37 % count) * 44 / count) - TimeDelta::minutes(place * 7 % 480),
        };
        posting.begun = now - ago;
    }
    Ok(postings)
}

/// Posts one listing and takes it where it is to stand.
async fn post(ground: &Ground, posting: &Posting<'_>) -> Result<ListingId, Fault> {
    let app = &ground.app;
    let told = |error: &dyn std::fmt::Debug| Fault::other(format!("seed: {}: {error:?}", posting.key));
    let owners = if posting.kind == Kind::Result { &ground.teams } else { &ground.enterprises };
    let owner = *owners.get(posting.owner).ok_or_else(|| Fault::other(format!("seed: no owner {}", posting.owner)))?;
    let author = owner.member;
    let id = listing::draft::create(app, author, owner.organisation, posting.kind, &posting.content, "")
        .await
        .map_err(|error| told(&error))?;
    if posting.state == "draft" {
        return Ok(id);
    }
    listing::submit::submit(app, author, id).await.map_err(|error| told(&error))?;
    if posting.state == "in_review" {
        return Ok(id);
    }
    ground.until(posting.begun + TimeDelta::minutes(25));
    let (verdict, [clarity, measurability, feasibility, completeness], reason) = match posting.state {
        "returned" => (Verdict::Return, [3, 1, 3, 1], "请补充现有工艺的处理量和两项可以检测的指标，再送审。"),
        "rejected" => {
            (Verdict::Reject, [2, 0, 1, 1], "内容过于笼统，看不出要解决的具体问题；如有具体工序，请重新发布。")
        }
        _ => (Verdict::Publish, [4, 4, 3, 4], "问题清楚，指标可测，同意发布。"),
    };
    let scores = Scores { clarity, measurability, feasibility, completeness };
    listing::review::review(app, ground.broker, id, verdict, scores, reason).await.map_err(|error| told(&error))?;
    let done = match posting.state {
        "paused" => listing::close::pause(app, author, id).await,
        "resolved" => {
            listing::close::resolve(app, author, id, Outcome::Own, "与设备厂家一起改了工装，问题已解决。").await
        }
        "withdrawn" => listing::close::withdraw(app, author, id).await,
        "archived" => {
            listing::close::withdraw(app, author, id).await.map_err(|error| told(&error))?;
            listing::close::archive(app, author, id).await
        }
        _ => Ok(()),
    };
    done.map_err(|error| told(&error))?;
    Ok(id)
}

fn need_content(ground: &Ground, need: &park::Need, now: DateTime<Utc>) -> Result<Content, Fault> {
    let target = |row: &park::Target| Target {
        name: row.name.clone(),
        now: row.now.clone(),
        target: row.target.clone(),
        unit: row.unit.clone(),
    };
    Ok(Content {
        need_type: NeedType::parse(&need.need_type),
        zone: Some(ground.zone(&need.zone)?),
        title: need.title.clone(),
        teaser: need.teaser.clone(),
        problem: need.problem.clone(),
        targets: need.targets.iter().map(target).collect(),
        use_case: need.use_case.clone(),
        deadline: now.date_naive().checked_add_months(Months::new(need.deadline_months)),
        budget: Budget::parse(&need.budget),
        cooperation: cooperation(&need.cooperation),
        ip: Ownership::parse(&need.ip),
        partner: need.partner.clone(),
        trl: need.trl_min.zip(need.trl_max),
        industry: need.industry.clone(),
        decision_agreed: true,
        anonymous: need.anonymous,
        keywords: need.keywords.clone(),
        ..Content::default()
    })
}

fn result_content(ground: &Ground, result: &park::Finding) -> Result<Content, Fault> {
    Ok(Content {
        zone: Some(ground.zone(&result.zone)?),
        title: result.title.clone(),
        teaser: result.teaser.clone(),
        problem: result.problem.clone(),
        advantage: result.advantage.clone(),
        economics: result.economics.clone(),
        trl: Some((result.trl, result.trl)),
        evidence: result.evidence.clone(),
        ip_note: result.ip.clone(),
        cooperation: cooperation(&result.cooperation),
        partner: result.wants.clone(),
        keywords: result.keywords.clone(),
        industry: result.industry.clone(),
        ..Content::default()
    })
}

fn cooperation(words: &[String]) -> Vec<Cooperation> {
    words.iter().filter_map(|word| Cooperation::parse(word)).collect()
}
