//! Writing a listing: a new one, and changes to one that its owner may write in.
//!
//! A form names itself by its key. What the same form sends again (a draft that is kept while its
//! author types, then the finished text) goes into the same listing; what another form sends is
//! taken only if nobody has written since that form was opened.
//!
//! **Invariant:** the same form sent twice, or twice at once, makes one listing
//! (`the_same_form_sent_twice_makes_one_listing`).
//! **Invariant:** of two editors the second is told, and neither loses a word
//! (`the_second_of_two_editors_is_told_and_keeps_his_answers`).

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::{Cause, Fault},
    id::{ListingId, MemberId, OrganisationId},
    listing::{
        Actor, Content, Happened, Kind, Listing, State,
        store::{self, Origin},
        submit,
    },
    member, once, organisation,
};

/// Why nothing was written.
#[derive(Debug)]
pub enum Error {
    /// There is no such listing, or it is not this member's.
    NotYours,
    /// Where it stands now, it is not written in.
    NotNow(State),
    /// Somebody else has written since the form was opened.
    ChangedMeanwhile,
    /// Our mistake or the world's.
    Fault(Fault),
}

impl<C: Into<Cause>> From<C> for Error {
    fn from(cause: C) -> Self {
        Self::Fault(cause.into().into())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What a form is sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// To be found again, as it was typed: the author goes on writing.
    Keep,
    /// To be saved.
    Save,
    /// To be looked at by staff.
    Submit,
}

/// A form as it was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// What it says, as far as it fits.
    pub content: Content,
    /// The answers as they were typed, in JSON.
    pub typed: String,
    /// The key of the form.
    pub key: String,
    /// The version of the listing when the form was opened; 0 for a new one.
    pub version: i64,
}

/// Begins a draft for `owner`.
pub async fn create(
    app: &App,
    member: MemberId,
    owner: OrganisationId,
    kind: Kind,
    content: &Content,
    key: &str,
) -> Result<ListingId, Error> {
    let sent = Sent { content: content.clone(), typed: String::new(), key: key.to_owned(), version: 0 };
    post(app, member, owner, kind, &sent, Aim::Save).await
}

/// Writes a draft in a transaction, without a form; for imports and the demo.
pub async fn create_in(
    tx: &Tx,
    app: &App,
    author: Option<MemberId>,
    owner: OrganisationId,
    kind: Kind,
    content: &Content,
    import_key: Option<&str>,
) -> Result<ListingId, Fault> {
    let origin = Origin { kind, owner, author, import_key, form_key: "" };
    store::insert(tx, &origin, content, app.clock.now()).await
}

/// Rewrites what a listing says, whatever its state; for imports, which are their own review.
/// `false` when somebody has changed it since `version`.
pub async fn rewrite_in(tx: &Tx, app: &App, id: ListingId, version: i64, content: &Content) -> Result<bool, Fault> {
    let listing = store::by_id(tx, id).await?.ok_or_else(|| Fault::corrupt("a listing that is gone"))?;
    changes::mark(tx, listing.kind.indexed(), id.0);
    store::rewrite(tx, id, version, content, "", app.clock.now()).await
}

/// Takes the form of a new listing.
pub async fn post(
    app: &App,
    member: MemberId,
    owner: OrganisationId,
    kind: Kind,
    sent: &Sent,
    aim: Aim,
) -> Result<ListingId, Error> {
    let now = app.clock.now();
    let id = app
        .db
        .write(async |tx| {
            if !organisation::store::speaks_for(tx, member, owner).await? {
                return Err(Error::NotYours);
            }
            let organisation = organisation::store::by_id(tx, owner).await?.ok_or(Error::NotYours)?;
            if organisation.kind != kind.owners() {
                return Err(Error::NotYours);
            }
            if let once::Spent::Before(answer) = once::spend(tx, Some(member), &sent.key, now).await? {
                let Ok(id) = answer.parse() else { return Err(Fault::corrupt("the answer to a form key").into()) };
                return again_in(tx, app, member, id, owner, sent, aim).await;
            }
            let origin = Origin { kind, owner, author: Some(member), import_key: None, form_key: &sent.key };
            let id = store::insert(tx, &origin, &sent.content, now).await?;
            once::answer(tx, Some(member), &sent.key, &id.to_string()).await?;
            let listing = store::by_id(tx, id).await?.ok_or(Error::NotYours)?;
            settle_in(tx, app, member, &listing, sent, aim).await
        })
        .await?;
    app.wake.notify_waiters();
    Ok(id)
}

/// The form of a new listing has come before. As long as it is a draft that no other form wrote
/// in, the form is still being written; afterwards it is a repeat, and changes nothing.
async fn again_in(
    tx: &Tx,
    app: &App,
    member: MemberId,
    id: ListingId,
    owner: OrganisationId,
    sent: &Sent,
    aim: Aim,
) -> Result<ListingId, Error> {
    store::hold(tx, id).await?;
    let listing = store::by_id(tx, id).await?.ok_or(Error::NotYours)?;
    let last = store::unfinished(tx, id).await?;
    if listing.state != State::Draft || last.form_key != sent.key {
        return Ok(id);
    }
    if listing.owner != owner {
        store::give(tx, id, owner).await?;
    }
    settle_in(tx, app, member, &listing, sent, aim).await
}

/// Takes the form of a listing that there is.
pub async fn update(app: &App, member: MemberId, id: ListingId, sent: &Sent, aim: Aim) -> Result<ListingId, Error> {
    let id = app
        .db
        .write(async |tx| {
            // What the page kept by itself a moment ago must not make its own author late.
            store::hold(tx, id).await?;
            let listing = writable_in(tx, member, id).await?.ok_or(Error::NotYours)?;
            let last = store::unfinished(tx, id).await?;
            let same_form = !sent.key.is_empty() && last.form_key == sent.key;
            if !listing.state.is_editable() {
                // The form that sent it to staff, sent a second time.
                return if same_form && aim == Aim::Submit { Ok(id) } else { Err(Error::NotNow(listing.state)) };
            }
            if listing.version != sent.version && !same_form {
                return Err(Error::ChangedMeanwhile);
            }
            settle_in(tx, app, member, &listing, sent, aim).await
        })
        .await?;
    app.wake.notify_waiters();
    Ok(id)
}

async fn settle_in(
    tx: &Tx,
    app: &App,
    member: MemberId,
    listing: &Listing,
    sent: &Sent,
    aim: Aim,
) -> Result<ListingId, Error> {
    let now = app.clock.now();
    // What is live stays as it is until the change is sent to staff.
    let aim = if listing.state == State::Live && aim == Aim::Save { Aim::Keep } else { aim };
    let mut version = listing.version;
    if listing.state != State::Live || aim == Aim::Submit {
        wrote(store::rewrite(tx, listing.id, version, &sent.content, &sent.key, now).await?)?;
        version += 1;
        // What nobody but its author has seen is still being written; from the first review on changes are kept.
        let changes = if listing.submitted_at.is_some() { listing.content.changes(&sent.content) } else { Vec::new() };
        if !changes.is_empty() {
            let is_staff = member::store::by_id(tx, member).await?.is_some_and(|member| member.role.is_staff());
            let actor = if is_staff { Actor::Staff } else { Actor::Owner };
            let line = Happened { step: "edit".to_owned(), actor, note: String::new(), changes, made_at: now };
            store::note(tx, listing.id, &line, Some(member)).await?;
        }
    }
    match aim {
        Aim::Keep => wrote(store::keep_typed(tx, listing.id, version, &sent.typed, &sent.key).await?)?,
        Aim::Save => {}
        Aim::Submit => submit::send_in(tx, app, listing).await?,
    }
    Ok(listing.id)
}

fn wrote(done: bool) -> Result<(), Error> {
    if done { Ok(()) } else { Err(Error::ChangedMeanwhile) }
}

/// The listing, if the member may act for its owner: he speaks for it, or works for the park and
/// helps a firm that cannot do it itself.
pub(super) async fn writable_in(tx: &Tx, member: MemberId, id: ListingId) -> Result<Option<Listing>, Fault> {
    let Some(listing) = store::by_id(tx, id).await? else { return Ok(None) };
    let speaks = organisation::store::speaks_for(tx, member, listing.owner).await?;
    let is_staff = member::store::by_id(tx, member).await?.is_some_and(|member| member.role.is_staff());
    Ok((speaks || is_staff).then_some(listing))
}
