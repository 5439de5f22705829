//! `/desk`: the queue; and who is staff.

pub mod design;
pub mod mails;

use std::collections::HashMap;

use serde::Serialize;

use crate::{
    backup::schedule::{self, Standing},
    id::{ListingId, OrganisationId},
    introduction::Introduction,
    listing::{self, view},
    mail::Address,
    member::{self, Role},
    organisation,
    staff::{self, Waiting},
    web::{Administrator, Answer, FieldErrors, Fields, FormView, Page, Posted, Staff, WebError, form::Choice, list},
    words::Say,
};

#[derive(Serialize)]
struct IndexView {
    rows: Vec<list::Row>,
    overdue: usize,
    backup: String,
    curates: bool,
    administers: bool,
}

/// `GET /desk`.
pub async fn index(page: Page, Staff(me): Staff) -> Answer {
    let queue = staff::queue(&page.app).await?;
    let now = page.app.clock.now();
    let asked: Vec<&Introduction> = queue.iter().filter_map(|entry| introduction_of(&entry.what)).collect();
    let needs: Vec<ListingId> = asked.iter().map(|each| each.need).collect();
    let needs = listing::store::by_ids(&page.app.db, &needs).await?;
    let needs: HashMap<ListingId, String> = needs.into_iter().map(|each| (each.id, each.content.title)).collect();
    let parties = asked.iter().flat_map(|each| [each.enterprise, each.team]);
    let posted = queue.iter().filter_map(|entry| match &entry.what {
        Waiting::Review(each) | Waiting::Checkup(each) | Waiting::TooLittle(each) => Some(each.owner),
        _ => None,
    });
    let parties: Vec<OrganisationId> = parties.chain(posted).collect();
    let parties = organisation::store::by_ids(&page.app.db, &parties).await?;
    let parties: HashMap<OrganisationId, String> = parties.into_iter().map(|each| (each.id, each.name)).collect();
    let names = Names { needs, parties };
    let row = |entry: &staff::Entry| {
        let late = entry.due_at < now;
        let due = page
            .tell(&Say::new(if late { "staff-due-late" } else { "staff-due" }).with("time", page.moment(entry.due_at)));
        list::Row { state_tone: if late { "bad" } else { "wait" }, meta: due, ..names.row(&page, &entry.what) }
    };
    let view = IndexView {
        rows: queue.iter().map(row).collect(),
        overdue: queue.iter().filter(|entry| entry.due_at < now).count(),
        backup: backup(&page).await?,
        curates: me.role.curates(),
        administers: me.role.administers(),
    };
    page.show("staff/index.html", &view)
}

/// What is wrong with the scheduled backups; empty when nothing is.
async fn backup(page: &Page) -> Result<String, WebError> {
    let app = &page.app;
    Ok(match schedule::standing(&app.db, app.config.backup_dir.is_some(), app.clock.now()).await? {
        Standing::Off | Standing::Good(_) | Standing::None => String::new(),
        Standing::Bad(Some(at), _) => page.tell(&Say::new("staff-backup-old").with("time", page.moment(at))),
        Standing::Bad(None, _) => page.word("staff-backup-none"),
    })
}

fn introduction_of(what: &Waiting) -> Option<&Introduction> {
    match what {
        Waiting::Request(each) | Waiting::Broken(each) | Waiting::Closing(each) => Some(each),
        Waiting::Review(_) | Waiting::Checkup(_) | Waiting::TooLittle(_) | Waiting::Papers(_) | Waiting::Letter(_) => {
            None
        }
    }
}

struct Names {
    needs: HashMap<ListingId, String>,
    parties: HashMap<OrganisationId, String>,
}

impl Names {
    fn row(&self, page: &Page, what: &Waiting) -> list::Row {
        let (key, url, title, owner) = match what {
            Waiting::Request(each) => {
                ("staff-request", format!("/desk/introductions/{}", each.id), self.need(each), self.pair(each))
            }
            Waiting::Broken(each) => {
                ("staff-broken", format!("/desk/introductions/{}", each.id), self.need(each), self.pair(each))
            }
            Waiting::Closing(each) => {
                ("staff-closing", format!("/desk/introductions/{}", each.id), self.need(each), self.pair(each))
            }
            Waiting::Review(each) => {
                let title = view::title(&page.app, page.language(), &each.content);
                ("staff-review", format!("/desk/listings/{}", each.id), title, self.party(each.owner))
            }
            Waiting::Checkup(each) => {
                let title = view::title(&page.app, page.language(), &each.content);
                ("staff-checkup", format!("/desk/listings/{}", each.id), title, self.party(each.owner))
            }
            Waiting::TooLittle(each) => {
                let title = view::title(&page.app, page.language(), &each.content);
                ("staff-too-little", format!("/desk/listings/{}", each.id), title, self.party(each.owner))
            }
            Waiting::Papers(each) => {
                ("staff-papers", format!("/desk/organisations/{}", each.id), each.name.clone(), String::new())
            }
            Waiting::Letter(each) => {
                ("staff-letter", format!("/desk/mails/{}", each.id), each.subject.clone(), String::new())
            }
        };
        list::Row { url, title, owner, state_label: page.word(key), ..list::Row::default() }
    }

    fn need(&self, each: &Introduction) -> String {
        self.needs.get(&each.need).cloned().unwrap_or_default()
    }

    fn party(&self, id: OrganisationId) -> String {
        self.parties.get(&id).cloned().unwrap_or_default()
    }

    fn pair(&self, each: &Introduction) -> String {
        format!("{} → {}", self.party(each.enterprise), self.party(each.team))
    }
}

#[derive(Serialize)]
struct StaffView {
    form: FormView,
    people: Vec<list::Row>,
    roles: Vec<Choice>,
}

/// `GET /desk/staff`: who is staff, and a form to appoint or release somebody.
pub async fn people(page: Page, _: Administrator) -> Answer {
    let view = staff_view(&page, &Fields::blank(), &FieldErrors::default()).await?;
    page.show("staff/people.html", &view)
}

async fn staff_view(page: &Page, fields: &Fields, errors: &FieldErrors) -> Result<StaffView, WebError> {
    let people = member::store::staff(&page.app.db).await?;
    let role = |role: Role| page.word(&format!("member-role-{}", role.as_str()));
    Ok(StaffView {
        form: page.form(fields, errors),
        people: people
            .into_iter()
            .map(|each| list::Row {
                title: if each.name.is_empty() { each.email.local().to_owned() } else { each.name },
                owner: each.email.to_string(),
                kind_label: role(each.role),
                meta: each.signed_in_at.map_or_else(|| page.word("staff-never-signed-in"), |at| page.moment(at)),
                ..list::Row::default()
            })
            .collect(),
        roles: Role::ALL
            .iter()
            .rev()
            .map(|each| Choice::new(each.as_str(), role(*each)))
            .chain([Choice::new(BARRED, page.word("member-role-barred"))])
            .collect(),
    })
}

/// What stands among the roles for somebody who is to be kept out.
const BARRED: &str = "barred";

/// `POST /desk/staff`: gives a role, or keeps somebody out.
pub async fn appoint(page: Page, Administrator(me): Administrator, Posted(fields): Posted) -> Answer {
    let mut errors = FieldErrors::default();
    let email = Address::parse(&fields.line("email"));
    if email.is_none() {
        errors.add("email", "member-email-form");
    }
    let bars = fields.raw("role") == BARRED;
    let role = if bars { Some(Role::Member) } else { Role::parse(fields.raw("role")) };
    if role.is_none() {
        errors.add("role", "staff-role-missing");
    }
    let own = member::store::by_id(&page.app.db, me.id).await?.map(|member| member.email);
    if own.is_some() && own == email && role != Some(Role::Administrator) {
        // The last administrator could lock everybody out; somebody else has to do it.
        errors.add("email", "staff-not-yourself");
    }
    match errors.or(email.zip(role)) {
        Ok((email, role)) => {
            if bars {
                member::bar::bar(&page.app, &email).await?;
            } else {
                member::appoint::appoint(&page.app, &email, &fields.line("name"), role).await?;
            }
            let role = if bars { BARRED } else { role.as_str() };
            tracing::info!(request.id = page.visit.request_id, by.member.id = me.id.0, role, "a role was given");
            page.go_saying("/desk/staff", "staff-appointed")
        }
        Err(errors) => {
            let view = staff_view(&page, &fields, &errors).await?;
            page.refuse("staff/people.html", &view)
        }
    }
}
