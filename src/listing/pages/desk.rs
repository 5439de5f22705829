//! The desk's pages of listings that wait for staff.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    listing::{
        CHECKUP_AFTER, Listing, Scores, State, Verdict, checkup, form,
        pages::{
            Crumb, ReviewView, Seen, TOO_LATE, TOO_LITTLE_TOO_OFTEN, crumb, number, private_facts, reviews, too_little,
        },
        review::{self, Error, Found},
        store,
        view::{self, Fact, ListingRow, Sheet},
    },
    organisation::{self},
    web::{Answer, FieldErrors, Fields, FormView, Page, Posted, Staff, WebError, form::Choice},
    words::Say,
};

const MOST: u64 = 200;

#[derive(Serialize)]
struct IndexView {
    rows: Vec<ListingRow>,
    total: usize,
}

/// `GET /desk/listings`: who waits longest is first.
pub async fn index(page: Page, _: Staff) -> Answer {
    let listings = store::in_review(&page.app.db, MOST).await?;
    let mut rows = view::own_rows(&page.app, page.language(), &listings).await?;
    for (row, listing) in rows.iter_mut().zip(&listings) {
        row.url = desk_url(listing);
        let at = listing.submitted_at.map(|at| page.moment(at)).unwrap_or_default();
        row.meta = page.tell(&Say::new("listing-desk-waiting").with("at", at));
    }
    let total = rows.len();
    page.show("listing/desk_index.html", &IndexView { rows, total })
}

fn desk_url(listing: &Listing) -> String {
    format!("/desk/listings/{}", listing.id)
}

#[derive(Serialize)]
struct ShowView {
    crumbs: Vec<Crumb>,
    sheet: Sheet,
    state_label: String,
    state_tone: &'static str,
    owner_url: String,
    is_unverified: bool,
    is_anonymous: bool,
    facts: Vec<Fact>,
    reviews: Vec<ReviewView>,
    action: String,
    page_url: String,
    form: FormView,
    scores: Vec<Choice>,
    verdicts: Vec<VerdictView>,
    waits: bool,
    not_waiting: String,
    advice: String,
    notice_title: String,
    notice: String,
    checkup: String,
    checkup_url: String,
}

#[derive(Serialize)]
struct VerdictView {
    value: &'static str,
    label: String,
    look: &'static str,
}

/// What the page says above the form.
#[derive(Default)]
struct Remarks {
    errors: FieldErrors,
    advice: String,
    notice: Option<(String, String)>,
}

/// `GET /desk/listings/{id}`.
pub async fn show(page: Page, _: Staff, id: Path<String>) -> Answer {
    let seen = seen(&page, &id).await?;
    let fields = Fields::blank().with("version", seen.listing.version);
    let view = show_view(&page, &seen, &fields, Remarks::default()).await?;
    page.show("listing/desk_show.html", &view)
}

/// `POST /desk/listings/{id}`: the verdict.
pub async fn update(page: Page, Staff(staff): Staff, id: Path<String>, Posted(fields): Posted) -> Answer {
    let seen = self::seen(&page, &id).await?;
    let decision = match form::decision(&fields) {
        Ok(decision) => decision,
        Err(errors) => return refuse(page, &seen, &fields, Remarks { errors, ..Remarks::default() }).await,
    };
    let (verdict, scores) = (decision.verdict, decision.scores);
    let found = Found { verdict, scores, reason: decision.reason, version: decision.version };
    match review::review_as_read(&page.app, staff.id, seen.listing.id, &found).await {
        Ok(()) => page.go_saying(
            "/desk/listings",
            match verdict {
                Verdict::Publish => "listing-reviewed-publish",
                Verdict::Return => "listing-reviewed-return",
                Verdict::Reject => "listing-reviewed-reject",
            },
        ),
        Err(Error::Gone) => Err(WebError::NotFound),
        Err(Error::ScoresSay(instead)) => {
            let sum: u8 = scores.all().into_iter().sum();
            let key =
                if instead == Verdict::Reject { "listing-scores-say-reject" } else { "listing-scores-say-return" };
            let errors = FieldErrors::one("clarity", Say::new(key).with("sum", sum));
            let remarks = Remarks { errors, advice: advice(&page, scores), notice: None };
            refuse(page, &seen, &fields, remarks).await
        }
        Err(Error::OwnerNotVerified) => {
            let errors = FieldErrors::one("verdict", "listing-owner-not-verified");
            refuse(page, &seen, &fields, Remarks { errors, ..Remarks::default() }).await
        }
        Err(Error::ReasonMissing) => {
            let errors = FieldErrors::one("reason", "listing-reason-missing");
            refuse(page, &seen, &fields, Remarks { errors, ..Remarks::default() }).await
        }
        Err(Error::NotNow(state)) => {
            let state = view::state_label(&page.app, page.language(), state);
            let words = page.tell(&Say::new("listing-desk-done").with("state", state));
            too_late(page, &id, &fields, (String::from("listing-desk-done-title"), words)).await
        }
        Err(Error::ChangedMeanwhile) => {
            let words = page.word("listing-desk-changed");
            too_late(page, &id, &fields, (String::from("listing-desk-changed-title"), words)).await
        }
        Err(Error::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST /desk/listings/{id}/checkup`: what staff found, to be read by the owner.
pub async fn look_again(page: Page, Staff(staff): Staff, id: Path<String>, Posted(fields): Posted) -> Answer {
    let seen = self::seen(&page, &id).await?;
    let words = match form::words(&fields, "checkup") {
        Ok(words) => words,
        Err(errors) => return refuse(page, &seen, &fields, Remarks { errors, ..Remarks::default() }).await,
    };
    match checkup::checkup(&page.app, staff.id, seen.listing.id, &words, fields.key()).await {
        Ok(()) => page.go_saying(desk_url(&seen.listing), "listing-checkup-done"),
        Err(checkup::Error::NoSuch) => Err(WebError::NotFound),
        Err(checkup::Error::Done) => page.go_saying(desk_url(&seen.listing), "listing-checkup-before"),
        Err(checkup::Error::Words) => {
            let errors = FieldErrors::one("checkup", "listing-checkup-missing");
            refuse(page, &seen, &fields, Remarks { errors, ..Remarks::default() }).await
        }
        Err(checkup::Error::Fault(fault)) => Err(fault.into()),
    }
}

async fn refuse(page: Page, seen: &Seen, fields: &Fields, remarks: Remarks) -> Answer {
    let view = show_view(&page, seen, fields, remarks).await?;
    page.refuse("listing/desk_show.html", &view)
}

/// The page as it is now, with what was typed and why it was not taken.
async fn too_late(page: Page, id: &str, fields: &Fields, (title, words): (String, String)) -> Answer {
    let seen = seen(&page, id).await?;
    let fields = fields.clone().with("version", seen.listing.version);
    let remarks = Remarks { notice: Some((page.word(&title), words)), ..Remarks::default() };
    let view = show_view(&page, &seen, &fields, remarks).await?;
    page.with_status(TOO_LATE, "listing/desk_show.html", &view)
}

/// A listing that was sent at least once; a draft is its author's own affair.
async fn seen(page: &Page, id: &str) -> Result<Seen, WebError> {
    let listing = store::by_id(&page.app.db, number(id)?).await?.filter(|listing| listing.state != State::Draft);
    let listing = listing.ok_or(WebError::NotFound)?;
    let owner = organisation::store::by_id(&page.app.db, listing.owner).await?.ok_or(WebError::NotFound)?;
    Ok(Seen { listing, owner, is_own: false, is_staff: true })
}

fn advice(page: &Page, scores: Scores) -> String {
    let sum: u8 = scores.all().into_iter().sum();
    let verdict = page.word(&format!("listing-verdict-{}", scores.advice().as_str()));
    page.tell(&Say::new("listing-desk-advice").with("sum", sum).with("verdict", verdict))
}

/// Why staff should look at a listing again; empty when nothing calls for it.
async fn checkup_words(page: &Page, listing: &Listing) -> Result<String, WebError> {
    if !listing.is_open() {
        return Ok(String::new());
    }
    let said = too_little(page, listing).await?;
    Ok(if said >= TOO_LITTLE_TOO_OFTEN {
        page.tell(&Say::new("listing-checkup-too-little").with("times", said))
    } else if listing.renewals >= CHECKUP_AFTER {
        page.tell(&Say::new("listing-checkup-text").with("times", listing.renewals))
    } else {
        String::new()
    })
}

async fn show_view(page: &Page, seen: &Seen, fields: &Fields, remarks: Remarks) -> Result<ShowView, WebError> {
    let (listing, owner) = (&seen.listing, &seen.owner);
    let state = view::shown_state(listing, page.app.clock.now());
    let state_label = view::state_label(&page.app, page.language(), state);
    let sheet = view::sheet(&page.app, page.language(), listing.kind, &listing.content).await?;
    let waits = listing.state == State::InReview;
    let (notice_title, notice) = remarks.notice.unwrap_or_default();
    let mut facts = private_facts(page, seen);
    if !listing.is_anonymous() {
        facts.insert(0, Fact { label: page.word("listing-own-owner"), value: owner.name.clone() });
    }
    let verdict = |verdict: Verdict, look| VerdictView {
        value: verdict.as_str(),
        label: page.word(&format!("listing-verdict-{}", verdict.as_str())),
        look,
    };
    Ok(ShowView {
        crumbs: vec![crumb(page.word("listing-desk-title"), "/desk/listings"), crumb(&sheet.title, "")],
        sheet,
        not_waiting: if waits {
            String::new()
        } else {
            page.tell(&Say::new("listing-desk-not-waiting").with("state", &state_label))
        },
        state_label,
        state_tone: view::state_tone(state),
        owner_url: format!("/desk/organisations/{}", owner.id),
        is_unverified: !owner.is_verified(),
        is_anonymous: listing.is_anonymous(),
        facts,
        reviews: reviews(page, listing.id).await?,
        action: desk_url(listing),
        page_url: listing.url(),
        form: page.form(fields, &remarks.errors),
        scores: (0..=5).map(|score: u8| Choice::new(score, score.to_string())).collect(),
        verdicts: vec![
            verdict(Verdict::Publish, "primary"),
            verdict(Verdict::Return, "quiet"),
            verdict(Verdict::Reject, "danger"),
        ],
        waits,
        advice: remarks.advice,
        notice_title,
        notice,
        checkup: checkup_words(page, listing).await?,
        checkup_url: format!("{}/checkup", desk_url(listing)),
    })
}
