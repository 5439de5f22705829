//! `/my` and a member's mail.

pub mod privacy;

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    id::{IntroductionId, MailId},
    introduction::{
        self, Introduction,
        queue::{Queued, State as Waits},
    },
    listing::{Kind, Listing, view},
    mail::{self, Status},
    member,
    my::Own,
    organisation::{Organisation, OrganisationKind, Verification},
    web::{Answer, Member, Page, WebError, list},
    words::Say,
};

#[derive(Serialize)]
struct IndexView {
    name: String,
    unnamed: bool,
    for_me: Vec<list::Row>,
    for_others: Vec<list::Row>,
    organisations: Vec<list::Row>,
    listings: Vec<list::Row>,
    suggestions: Vec<list::Row>,
    introductions: Vec<list::Row>,
    mails: Vec<list::Row>,
    disclosures: Vec<list::Row>,
    may_post_needs: bool,
    may_post_results: bool,
    speaks_for_nobody: bool,
}

/// `GET /my`.
pub async fn index(page: Page, Member(me): Member) -> Answer {
    let own = Own::read(&page.app, me.id).await?;
    let member = member::store::by_id(&page.app.db, me.id).await?.ok_or(WebError::NotFound)?;
    let draw = Draw { page: &page, own: &own };
    let view = IndexView {
        name: me.name,
        unnamed: member.name.is_empty(),
        for_me: draw.for_me(),
        for_others: draw.for_others(),
        organisations: own.organisations.iter().map(|each| draw.organisation(each)).collect(),
        listings: view::own_rows(&page.app, page.language(), &own.listings).await?,
        suggestions: draw.suggestions(),
        introductions: own.introductions.iter().map(|(_, each)| draw.introduction(each)).collect(),
        mails: own.mails.iter().map(|each| draw.mail(each)).collect(),
        disclosures: draw.disclosures(),
        may_post_needs: own.may_post(Kind::Need),
        may_post_results: own.may_post(Kind::Result),
        speaks_for_nobody: own.organisations.is_empty(),
    };
    page.show("my/index.html", &view)
}

struct Draw<'a> {
    page: &'a Page,
    own: &'a Own,
}

impl Draw<'_> {
    fn for_me(&self) -> Vec<list::Row> {
        let asked = self.own.my_turn().map(|each| self.introduction(each));
        let kept = self.own.queued.iter().filter(|(each, _)| each.state == Waits::Asked);
        let kept = kept.map(|(each, place)| self.queued(each, *place));
        let ending = self.own.listings.iter().filter(|each| self.is_ending(each)).map(|each| self.ending(each));
        let unfinished = self.own.unfinished().map(|each| self.unfinished(each));
        asked.chain(kept).chain(ending).chain(unfinished).collect()
    }

    fn for_others(&self) -> Vec<list::Row> {
        let (listings, organisations) = self.own.with_staff();
        let asked = self.own.others_turn().map(|each| self.introduction(each));
        let posted = listings.map(|each| list::Row { url: each.url(), ..self.unfinished(each) });
        let waits = self.own.queued.iter().filter(|(each, _)| each.state == Waits::Waiting);
        let waits = waits.map(|(each, place)| self.queued(each, *place));
        asked.chain(waits).chain(posted).chain(organisations.map(|each| self.organisation(each))).collect()
    }

    /// Whether its owner is asked whether it still holds.
    fn is_ending(&self, each: &Listing) -> bool {
        use crate::listing::State;
        matches!(each.state, State::Live | State::Paused | State::Expired)
            && each.is_renewable(self.page.app.clock.now())
    }

    fn ending(&self, each: &Listing) -> list::Row {
        let day = each.expires_at.map(|end| self.page.day(end)).unwrap_or_default();
        list::Row {
            url: each.url(),
            meta: self.page.tell(&Say::new("my-ending").with("day", day)),
            ..self.unfinished(each)
        }
    }

    fn queued(&self, each: &Queued, place: u32) -> list::Row {
        let team = self.own.others.get(&each.team).map_or_else(String::new, |team| team.name.clone());
        list::Row {
            url: format!("/my/queue/{}", each.id),
            title: self.own.titles.get(&each.need).map_or_else(String::new, |need| need.content.title.clone()),
            teaser: self.page.tell(&Say::new("my-with-team").with("team", team)),
            state_label: self.page.word(&format!("introduction-queue-state-{}", each.state.as_str())),
            state_tone: "wait",
            meta: self.page.tell(&Say::new("introduction-queue-place-only").with("place", place)),
            ..list::Row::default()
        }
    }

    fn introduction(&self, each: &Introduction) -> list::Row {
        let need = self.own.titles.get(&each.need);
        // A colleague who was named is not shown to the enterprise before he agrees.
        let is_own = self.own.organisations.iter().any(|own| own.id == each.team);
        let team = match self.own.others.get(&each.team) {
            _ if !is_own && !each.names_its_team() => self.page.word("introduction-colleague-hidden"),
            team => team.map_or_else(String::new, |team| team.name.clone()),
        };
        let due = each.due_at.map(|due| self.page.tell(&Say::new("my-due").with("day", self.page.moment(due))));
        list::Row {
            url: format!("/my/introductions/{}", each.id),
            title: need.map_or_else(String::new, |need| need.content.title.clone()),
            teaser: self.page.tell(&Say::new("my-with-team").with("team", team)),
            state_label: self.page.word(&format!("introduction-state-{}", each.state.as_str())),
            state_tone: tone(each.state),
            meta: due.unwrap_or_else(|| self.page.day(each.updated_at)),
            ..list::Row::default()
        }
    }

    fn unfinished(&self, each: &Listing) -> list::Row {
        list::Row {
            url: format!("{}/edit", each.url()),
            title: view::title(&self.page.app, self.page.language(), &each.content),
            teaser: view::kind_label(&self.page.app, self.page.language(), each.kind, &each.content),
            state_label: view::state_label(&self.page.app, self.page.language(), each.state),
            state_tone: view::state_tone(each.state),
            meta: self.page.day(each.updated_at),
            ..list::Row::default()
        }
    }

    fn organisation(&self, each: &Organisation) -> list::Row {
        let kind = match each.kind {
            OrganisationKind::Enterprise => "my-enterprise",
            OrganisationKind::Team => "my-team",
        };
        list::Row {
            url: each.url(),
            title: each.name.clone(),
            teaser: self.page.word(kind),
            state_label: self.page.word(&format!("organisation-verification-{}", each.verification.as_str())),
            state_tone: match each.verification {
                Verification::Pending => "wait",
                Verification::Verified => "good",
                Verification::Refused => "bad",
            },
            meta: self.page.day(each.verified_at.unwrap_or(each.created_at)),
            ..list::Row::default()
        }
    }

    fn suggestions(&self) -> Vec<list::Row> {
        let line = |found: &crate::matching::Match| {
            let need = self.own.titles.get(&found.need)?;
            let result = self.own.titles.get(&found.result)?;
            let is_mine = self.own.organisations.iter().any(|each| each.id == need.owner);
            let team = self.own.others.get(&found.team).map_or("", |team| team.name.as_str());
            let firm = self.own.others.get(&need.owner).and_then(|owner| view::public_owner(need, owner));
            let (title, note, url) = if is_mine {
                let note = Say::new("my-suggested-team").with("team", team).with("need", &need.content.title);
                (&result.content.title, note, format!("/needs/{}/matches", need.id))
            } else {
                let nobody = self.page.word("my-anonymous");
                let firm = firm.map_or(nobody, |firm| firm.name.clone());
                let note = Say::new("my-suggested-need").with("firm", firm).with("result", &result.content.title);
                (&need.content.title, note, format!("/teams/{}/matches", found.team))
            };
            Some(list::Row {
                url,
                title: title.clone(),
                teaser: self.page.tell(&note),
                state_label: self.page.word(&format!("matching-grade-{}", found.grade().as_str())),
                state_tone: "info",
                meta: String::new(),
                ..list::Row::default()
            })
        };
        self.own.suggestions.iter().filter_map(line).collect()
    }

    fn mail(&self, each: &mail::Mail) -> list::Row {
        list::Row {
            url: format!("/my/mails/{}", each.id),
            title: each.subject.clone(),
            teaser: String::new(),
            state_label: self.page.word(&format!("mail-status-{}", each.status.as_str())),
            state_tone: match each.status {
                Status::Sent => "good",
                Status::Queued | Status::Sending => "wait",
                Status::Failed | Status::Expired | Status::Suppressed | Status::Uncertain => "bad",
                Status::Replaced | Status::Withdrawn => "plain",
            },
            meta: self.page.moment(each.sent_at.unwrap_or(each.created_at)),
            ..list::Row::default()
        }
    }

    fn disclosures(&self) -> Vec<list::Row> {
        let line = |each: &member::store::Disclosure| {
            let fields: Vec<String> =
                each.fields.iter().map(|field| self.page.word(&format!("member-field-{}", field.as_str()))).collect();
            let about = each.about.strip_prefix("introduction:").and_then(|id| id.parse::<IntroductionId>().ok());
            list::Row {
                url: about.map(|id| format!("/my/introductions/{id}")).unwrap_or_default(),
                title: self.own.others.get(&each.recipient).map_or_else(String::new, |other| other.name.clone()),
                teaser: fields.join(&self.page.word("my-and")),
                state_label: String::new(),
                state_tone: "plain",
                meta: self.page.moment(each.made_at),
                ..list::Row::default()
            }
        };
        self.own.disclosures.iter().map(line).collect()
    }
}

/// The tone of an introduction's state.
fn tone(state: introduction::State) -> &'static str {
    use introduction::State;
    match state {
        State::AwaitingPark | State::AwaitingTeam | State::Later => "wait",
        State::Accepted => "info",
        State::Exchanged | State::Met => "good",
        State::ChannelFailed => "bad",
        _ => "plain",
    }
}

#[derive(Serialize)]
struct MailView {
    subject: String,
    status: String,
    when: String,
    text: String,
}

/// `GET /my/mails/{id}`: a letter as its recipient got it, without links that act.
pub async fn mail(page: Page, Member(me): Member, id: Path<i64>) -> Answer {
    let found = mail::store::by_id(&page.app.db, MailId(*id)).await?;
    let found = found.filter(|mail| mail.member == Some(me.id)).ok_or(WebError::NotFound)?;
    let view = MailView {
        status: page.word(&format!("mail-status-{}", found.status.as_str())),
        when: page.moment(found.sent_at.unwrap_or(found.created_at)),
        subject: found.subject,
        text: found.text,
    };
    page.show("my/mail.html", &view)
}
