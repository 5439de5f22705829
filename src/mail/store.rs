//! Rows of mails and of suppressed addresses.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LikeExpr, LockBehavior, LockType, OnConflict},
};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{ConsentId, MailId, MemberId},
    mail::{Address, Letter, Mail, Status, forget::holds, message::without_tokens},
    secret::{self, Secret},
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mails")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) letter: String,
        pub(crate) about: String,
        pub(crate) priority: i64,
        pub(crate) member_id: Option<i64>,
        pub(crate) recipient_name: String,
        pub(crate) recipient: String,
        pub(crate) subject: String,
        pub(crate) body_text: String,
        pub(crate) body_html: String,
        pub(crate) calendar: Option<String>,
        pub(crate) linked: bool,
        pub(crate) sealed: bool,
        pub(crate) state: String,
        pub(crate) attempts: i64,
        pub(crate) doubts: i64,
        pub(crate) due_at: Option<DateTimeUtc>,
        pub(crate) lease: String,
        pub(crate) message_id: String,
        pub(crate) reply_code: Option<i64>,
        pub(crate) reply: String,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) tried_at: Option<DateTimeUtc>,
        pub(crate) sent_at: Option<DateTimeUtc>,
        pub(crate) handled_at: Option<DateTimeUtc>,
        pub(crate) consent_id: Option<i64>,
        pub(crate) stopped: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod suppression {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "suppressions")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) address_hash: String,
        pub(crate) reason: String,
        pub(crate) mail_id: Option<i64>,
        pub(crate) created_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

fn mail_of(row: row::Model) -> Result<Mail, Fault> {
    let status = Status::parse(&row.state).ok_or_else(|| Fault::corrupt("a mail's state"))?;
    let withdrawn = row.stopped == WITHDRAWN;
    let status = if withdrawn && status == Status::Replaced { Status::Withdrawn } else { status };
    Ok(Mail {
        id: MailId(row.id),
        letter: row.letter,
        about: row.about,
        member: row.member_id.map(MemberId),
        recipient: Address::parse(&row.recipient).ok_or_else(|| Fault::corrupt("a mail's recipient"))?,
        recipient_name: row.recipient_name,
        subject: row.subject,
        text: if row.sealed { String::new() } else { row.body_text },
        status,
        attempts: row.attempts,
        due_at: row.due_at,
        reply_code: row.reply_code,
        reply: row.reply,
        created_at: row.created_at,
        sent_at: row.sent_at,
        handled_at: row.handled_at,
        linked: row.linked,
        urgent: row.priority == URGENT,
        withdrawn,
    })
}

/// The priority of a mail that somebody waits for at a screen, and of every other.
const URGENT: i64 = 0;
const USUAL: i64 = 1;

/// Why a mail may not leave any more.
const REPLACED: &str = "replaced";
const WITHDRAWN: &str = "withdrawn";

/// A letter on its way into the outbox.
pub(super) struct Incoming<'a> {
    pub(super) letter: &'a Letter,
    pub(super) address: &'a Address,
    pub(super) name: &'a str,
    /// What seals its body, when it holds a link.
    pub(super) seal: Option<&'a Secret>,
    /// The domain of its Message-ID.
    pub(super) domain: &'a str,
    /// The address refused mail before: the letter is kept to be seen and not sent.
    pub(super) suppressed: bool,
    pub(super) now: DateTime<Utc>,
}

pub(super) async fn insert(tx: &Tx, incoming: Incoming<'_>) -> Result<MailId, Fault> {
    let Incoming { letter, address, name, seal, domain, suppressed, now } = incoming;
    let seal = seal.filter(|_| !suppressed);
    let kept = |text: &str| match seal {
        Some(secret) => secret.seal(text),
        None if letter.sealed => Ok(without_tokens(text)),
        None => Ok(text.to_owned()),
    };
    let status = if suppressed { Status::Suppressed } else { Status::Queued };
    let row = row::ActiveModel {
        id: NotSet,
        letter: Set(letter.name.to_owned()),
        about: Set(letter.about.clone()),
        priority: Set(if letter.urgent { URGENT } else { USUAL }),
        member_id: Set(letter.member.map(|member| member.0)),
        recipient_name: Set(name.to_owned()),
        recipient: Set(address.to_string()),
        subject: Set(letter.subject.clone()),
        body_text: Set(kept(&letter.text)?),
        body_html: Set(kept(&letter.html)?),
        calendar: Set(letter.calendar.clone()),
        linked: Set(letter.sealed),
        sealed: Set(seal.is_some()),
        state: Set(status.as_str().to_owned()),
        attempts: Set(0),
        doubts: Set(0),
        due_at: Set((!suppressed).then_some(now)),
        lease: Set(String::new()),
        message_id: Set(message_id(domain)),
        reply_code: Set(None),
        reply: Set(String::new()),
        created_at: Set(now),
        tried_at: Set(None),
        sent_at: Set(None),
        handled_at: Set(None),
        consent_id: Set(letter.discloses.map(|consent| consent.0)),
        stopped: Set(String::new()),
    };
    let row =
        row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("writing a letter to the outbox")?;
    Ok(MailId(row.id))
}

fn message_id(domain: &str) -> String {
    format!("<{}@{domain}>", secret::token())
}

/// Writes a letter that held no link into the outbox once more, as a mail of its own.
pub(super) async fn insert_again(
    tx: &Tx,
    id: MailId,
    domain: &str,
    now: DateTime<Utc>,
) -> Result<Option<MailId>, Fault> {
    let row = row::Entity::find_by_id(id.0).one(tx.reader()).await.doing("reading a mail")?;
    let Some(row) = row.filter(|row| !row.linked && row.stopped != WITHDRAWN) else { return Ok(None) };
    let mut row = row::ActiveModel::from(row);
    row.id = NotSet;
    row.state = Set(Status::Queued.as_str().to_owned());
    row.attempts = Set(0);
    row.doubts = Set(0);
    row.due_at = Set(Some(now));
    row.lease = Set(String::new());
    row.message_id = Set(message_id(domain));
    row.reply_code = Set(None);
    row.reply = Set(String::new());
    row.created_at = Set(now);
    row.tried_at = Set(None);
    row.sent_at = Set(None);
    row.handled_at = Set(None);
    row.stopped = Set(String::new());
    let row = row::Entity::insert(row)
        .exec_with_returning(tx.reader())
        .await
        .doing("writing a letter to the outbox again")?;
    Ok(Some(MailId(row.id)))
}

/// A mail that this worker has claimed.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    pub(super) id: MailId,
    pub(super) message_id: String,
    pub(super) recipient: String,
    pub(super) recipient_name: String,
    pub(super) subject: String,
    pub(super) body_text: String,
    pub(super) body_html: String,
    pub(super) calendar: Option<String>,
    pub(super) linked: bool,
    pub(super) sealed: bool,
    pub(super) urgent: bool,
    pub(super) attempts: i64,
    pub(super) doubts: i64,
    pub(super) created_at: DateTime<Utc>,
}

impl From<row::Model> for Outgoing {
    fn from(row: row::Model) -> Self {
        Self {
            id: MailId(row.id),
            message_id: row.message_id,
            recipient: row.recipient,
            recipient_name: row.recipient_name,
            subject: row.subject,
            body_text: row.body_text,
            body_html: row.body_html,
            calendar: row.calendar,
            linked: row.linked,
            sealed: row.sealed,
            urgent: row.priority == URGENT,
            attempts: row.attempts,
            doubts: row.doubts,
            created_at: row.created_at,
        }
    }
}

/// Whether claims whose lease seems to have run out are taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lapsed {
    /// They are: their worker has died.
    Taken,
    /// Not now: the clock has just been set forward, and their worker may be alive.
    Left,
}

/// Claims what is due until `until` under `lease`, oldest first. A claimed mail is due again when
/// its lease has run out, so a worker that died loses nothing.
pub(super) async fn claim(
    tx: &Tx,
    urgent: bool,
    lapsed: Lapsed,
    lease: &str,
    [now, until]: [DateTime<Utc>; 2],
    limit: u64,
) -> Result<Vec<Outgoing>, Fault> {
    let mut is_due = Condition::all()
        .add(row::COLUMN.priority.eq(if urgent { URGENT } else { USUAL }))
        .add(row::COLUMN.due_at.lte(now));
    if lapsed == Lapsed::Left {
        is_due = is_due.add(row::COLUMN.state.ne(Status::Sending.as_str()));
    }
    let mut due = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(is_due.clone())
        .order_by_asc(row::Column::DueAt)
        .order_by_asc(row::Column::Id)
        .limit(limit);
    if tx.is_postgres() {
        due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    // Chosen first, then taken: as one statement PostgreSQL may choose anew for every row it looks at,
    // and one worker ends up with the whole backlog.
    let ids: Vec<i64> = due.into_tuple().all(tx.reader()).await.doing("choosing mail")?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(Status::Sending.as_str()))
        .col_expr(row::Column::Lease, Expr::value(lease))
        .col_expr(row::Column::DueAt, Expr::value(until))
        .col_expr(row::Column::Attempts, Expr::col(row::Column::Attempts).add(1))
        .col_expr(row::Column::TriedAt, Expr::value(now))
        .filter(row::COLUMN.id.is_in(ids))
        // Asked again, or two workers that chose the same rows would both get them.
        .filter(is_due)
        .exec_with_returning(tx.reader())
        .await
        .doing("claiming mail")?;
    let mut claimed: Vec<Outgoing> = rows.into_iter().map(Outgoing::from).collect();
    claimed.sort_by_key(|mail| mail.id.0);
    Ok(claimed)
}

/// How a claim stands, right before the mail is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Ours.
    Ours,
    /// The mail may not leave any more.
    Stopped,
    /// Another worker has it.
    Lost,
}

/// Asks how a claim stands.
pub(super) async fn standing(db: &impl Read, id: MailId, lease: &str) -> Result<Standing, Fault> {
    let row: Option<(String, String, String)> = row::Entity::find_by_id(id.0)
        .select_only()
        .column(row::Column::State)
        .column(row::Column::Lease)
        .column(row::Column::Stopped)
        .into_tuple()
        .one(db.reader())
        .await
        .doing("looking at a claimed mail")?;
    Ok(match row {
        Some((state, held, stopped)) if state == Status::Sending.as_str() && held == lease => {
            if stopped.is_empty() {
                Standing::Ours
            } else {
                Standing::Stopped
            }
        }
        _ => Standing::Lost,
    })
}

/// Ends a claimed mail that may not leave any more.
pub(super) async fn end_stopped(tx: &Tx, id: MailId, lease: &str) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(Status::Queued.as_str()))
        .col_expr(row::Column::Lease, Expr::value(""))
        .col_expr(row::Column::Attempts, Expr::col(row::Column::Attempts).sub(1))
        .filter(row::COLUMN.id.eq(id.0))
        .filter(row::COLUMN.lease.eq(lease))
        .exec(tx.reader())
        .await
        .doing("ending a mail")?;
    settle(tx, &Condition::all().add(row::COLUMN.id.eq(id.0))).await?;
    Ok(())
}

/// Gives back a claimed mail that was not tried.
pub(super) async fn release(tx: &Tx, id: MailId, lease: &str, due_at: DateTime<Utc>) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(Status::Queued.as_str()))
        .col_expr(row::Column::Lease, Expr::value(""))
        .col_expr(row::Column::DueAt, Expr::value(due_at))
        .col_expr(row::Column::Attempts, Expr::col(row::Column::Attempts).sub(1))
        .filter(row::COLUMN.id.eq(id.0))
        .filter(row::COLUMN.lease.eq(lease))
        .exec(tx.reader())
        .await
        .doing("giving back a mail")?;
    Ok(())
}

/// What came of a try.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    pub(super) status: Status,
    /// When it is tried again; none at an end.
    pub(super) due_at: Option<DateTime<Utc>>,
    pub(super) reply_code: Option<i64>,
    pub(super) reply: String,
    pub(super) doubts: i64,
    /// Whether it was a try of the letter: not when the server was not reached at all.
    pub(super) counts: bool,
    /// Whether nothing more is to be sent to the address, since it does not exist.
    pub(super) suppresses: bool,
    /// What is kept of text and HTML, when the link is not needed any more.
    pub(super) kept: Option<(String, String)>,
}

/// Writes down what came of a try, if the lease is still ours; `false` when it is not.
pub(super) async fn record(tx: &Tx, id: MailId, lease: &str, tried: &Tried, now: DateTime<Utc>) -> Result<bool, Fault> {
    let mut update = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(tried.status.as_str()))
        .col_expr(row::Column::Lease, Expr::value(""))
        .col_expr(row::Column::DueAt, Expr::value(tried.due_at))
        .col_expr(row::Column::ReplyCode, Expr::value(tried.reply_code))
        .col_expr(row::Column::Reply, Expr::value(tried.reply.as_str()))
        .col_expr(row::Column::Doubts, Expr::value(tried.doubts))
        .filter(row::COLUMN.id.eq(id.0))
        .filter(row::COLUMN.lease.eq(lease))
        .filter(row::COLUMN.state.eq(Status::Sending.as_str()));
    if !tried.counts {
        update = update.col_expr(row::Column::Attempts, Expr::col(row::Column::Attempts).sub(1));
    }
    if tried.status == Status::Sent {
        update = update.col_expr(row::Column::SentAt, Expr::value(now));
    }
    if let Some((text, html)) = &tried.kept {
        update = update
            .col_expr(row::Column::BodyText, Expr::value(text.as_str()))
            .col_expr(row::Column::BodyHtml, Expr::value(html.as_str()))
            .col_expr(row::Column::Sealed, Expr::value(false));
    }
    let done = update.exec(tx.reader()).await.doing("recording a delivery")?;
    if tried.due_at.is_some() {
        // What was stopped while it was in our hands is not tried again.
        settle(tx, &Condition::all().add(row::COLUMN.id.eq(id.0))).await?;
    }
    Ok(done.rows_affected == 1)
}

/// Whether any mail of one priority is due, claimed ones included.
pub(super) async fn is_any_due(db: &impl Read, urgent: bool, now: DateTime<Utc>) -> Result<bool, Fault> {
    let row: Option<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::COLUMN.priority.eq(if urgent { URGENT } else { USUAL }))
        .filter(row::COLUMN.due_at.lte(now))
        .limit(1)
        .into_tuple()
        .one(db.reader())
        .await
        .doing("looking for due mail")?;
    Ok(row.is_some())
}

/// What has times that cannot be, since they were written before the clock was set back. Without
/// this a letter would wait until the clock gets there once more.
fn impossible(now: DateTime<Utc>, lease: TimeDelta) -> [Condition; 3] {
    let in_state =
        |states: &[Status]| Condition::all().add(row::COLUMN.state.is_in(states.iter().map(|status| status.as_str())));
    let later = now + TimeDelta::seconds(10);
    [
        in_state(&[Status::Sending]).add(row::COLUMN.due_at.gt(later + lease)),
        in_state(&[Status::Queued, Status::Uncertain]).add(row::COLUMN.tried_at.gt(later)),
        in_state(&[Status::Queued]).add(row::COLUMN.created_at.gt(later)),
    ]
}

/// Gives mail whose times cannot be times that can; returns how many. A claim gets a whole lease
/// from now, since its worker may be alive; what waits for another try gets it now, once.
pub(super) async fn mend_impossible(tx: &Tx, now: DateTime<Utc>, lease: TimeDelta) -> Result<u64, Fault> {
    let [claimed, tried, written] = impossible(now, lease);
    let due = |these: Condition, at: DateTime<Utc>| {
        row::Entity::update_many()
            .col_expr(row::Column::DueAt, Expr::value(at))
            .filter(row::COLUMN.due_at.is_not_null())
            .filter(these)
    };
    let mended = [
        due(claimed, now + lease),
        due(tried, now).col_expr(row::Column::TriedAt, Expr::value(now)),
        due(written, now).col_expr(row::Column::CreatedAt, Expr::value(now)),
    ];
    let mut many = 0;
    for update in mended {
        many += update.exec(tx.reader()).await.doing("mending the times of mail")?.rows_affected;
    }
    Ok(many)
}

/// Gives up what has waited since before `written_before` and is not in anybody's hands: for a
/// server that could not be reached for so long. Returns how many.
pub(super) async fn give_up(
    tx: &Tx,
    urgent: bool,
    written_before: DateTime<Utc>,
    reply: &str,
    now: DateTime<Utc>,
) -> Result<u64, Fault> {
    let over = || {
        row::Entity::update_many()
            .col_expr(row::Column::State, Expr::value(Status::Expired.as_str()))
            .col_expr(row::Column::DueAt, Expr::value(None::<DateTime<Utc>>))
            .col_expr(row::Column::Reply, Expr::value(reply))
            .col_expr(row::Column::ReplyCode, Expr::value(None::<i64>))
            .col_expr(row::Column::TriedAt, Expr::value(now))
            .filter(row::COLUMN.state.eq(Status::Queued.as_str()))
            .filter(row::COLUMN.priority.eq(if urgent { URGENT } else { USUAL }))
            .filter(row::COLUMN.created_at.lte(written_before))
    };
    let linked = over()
        .col_expr(row::Column::BodyText, Expr::value(""))
        .col_expr(row::Column::BodyHtml, Expr::value(""))
        .col_expr(row::Column::Sealed, Expr::value(false))
        .filter(row::COLUMN.sealed.eq(true));
    let linked = linked.exec(tx.reader()).await.doing("giving up mail")?.rows_affected;
    Ok(linked + over().exec(tx.reader()).await.doing("giving up mail")?.rows_affected)
}

/// How many mails are on their way: queued, or in a worker's hands.
pub async fn queued(db: &impl Read) -> Result<u64, Fault> {
    let on_their_way = [Status::Queued.as_str(), Status::Sending.as_str()];
    row::Entity::find().filter(row::COLUMN.state.is_in(on_their_way)).count(db.reader()).await.doing("counting mail")
}

/// How many mails stand where.
pub async fn counts(db: &impl Read) -> Result<Vec<(Status, u64)>, Fault> {
    let rows: Vec<(String, i64)> = row::Entity::find()
        .select_only()
        .column(row::Column::State)
        .column_as(row::Column::Id.count(), "many")
        .group_by(row::Column::State)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("counting mail")?;
    let count = |(word, many): (String, i64)| {
        let status = Status::parse(&word).ok_or_else(|| Fault::corrupt("a mail's state"))?;
        Ok((status, u64::try_from(many).unwrap_or_default()))
    };
    rows.into_iter().map(count).collect()
}

/// Mail that did not get through and that staff have not put aside, newest first.
pub async fn trouble(db: &impl Read, limit: u64) -> Result<Vec<Mail>, Fault> {
    let troubles = Status::ALL.into_iter().filter(|status| status.is_trouble()).map(Status::as_str);
    let rows = row::Entity::find()
        .filter(row::COLUMN.state.is_in(troubles))
        .filter(row::COLUMN.handled_at.is_null())
        .order_by_desc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading mail in trouble")?;
    rows.into_iter().map(mail_of).collect()
}

/// Mail that is on its way, in the order in which it is due.
pub async fn waiting(db: &impl Read, limit: u64) -> Result<Vec<Mail>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.state.is_in([Status::Queued.as_str(), Status::Sending.as_str()]))
        .order_by_asc(row::Column::Priority)
        .order_by_asc(row::Column::DueAt)
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading mail that waits")?;
    rows.into_iter().map(mail_of).collect()
}

/// Mail that has come to its end, newest first: sent, replaced, or put aside.
pub async fn recent(db: &impl Read, limit: u64) -> Result<Vec<Mail>, Fault> {
    let over = Condition::any()
        .add(row::COLUMN.state.is_in([Status::Sent.as_str(), Status::Replaced.as_str()]))
        .add(row::COLUMN.handled_at.is_not_null());
    let rows = row::Entity::find()
        .filter(over)
        .order_by_desc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading mail that was sent")?;
    rows.into_iter().map(mail_of).collect()
}

/// Puts the trouble of a mail aside; nothing more is tried with it. `false` if there is none.
pub(super) async fn put_aside(tx: &Tx, id: MailId, now: DateTime<Utc>) -> Result<bool, Fault> {
    let troubles = Status::ALL.into_iter().filter(|status| status.is_trouble()).map(Status::as_str);
    let done = row::Entity::update_many()
        .col_expr(row::Column::HandledAt, Expr::value(now))
        .col_expr(row::Column::DueAt, Expr::value(None::<DateTime<Utc>>))
        .filter(row::COLUMN.id.eq(id.0))
        .filter(row::COLUMN.state.is_in(troubles))
        .filter(row::COLUMN.handled_at.is_null())
        .exec(tx.reader())
        .await
        .doing("putting a mail aside")?;
    Ok(done.rows_affected == 1)
}

/// What is stopped.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stop<'a> {
    /// The letter of this name about this thing: overtaken.
    Letter { about: &'a str, name: &'a str },
    /// Everything that shows a contact by this consent: withdrawn.
    Disclosure(ConsentId),
}

/// Stops mail that has not left; returns how many will surely not leave. What a worker has in its
/// hands ends by that worker's word.
pub(super) async fn stop(tx: &Tx, stop: Stop<'_>) -> Result<u64, Fault> {
    let (these, word) = match stop {
        Stop::Letter { about, name } => {
            let these = row::COLUMN.about.eq(about).and(row::COLUMN.letter.eq(name));
            (Condition::all().add(these).add(row::COLUMN.due_at.is_not_null()), REPLACED)
        }
        // What was sent is marked too, so that nobody sends it again.
        Stop::Disclosure(consent) => (Condition::all().add(row::COLUMN.consent_id.eq(consent.0)), WITHDRAWN),
    };
    // Marked first, whatever their state: from here on the rows are ours until the commit, and the
    // worker that has one of them reads the mark when it writes down what came of it.
    row::Entity::update_many()
        .col_expr(row::Column::Stopped, Expr::value(word))
        .filter(these.clone())
        .exec(tx.reader())
        .await
        .doing("stopping mail")?;
    settle(tx, &these).await
}

/// Ends what is stopped and in nobody's hands; returns how many never left. The body of one that
/// held a link or a withdrawn contact is dropped with it, since it was never seen.
async fn settle(tx: &Tx, these: &Condition) -> Result<u64, Fault> {
    let stopped = |state: Status| {
        row::Entity::update_many()
            .col_expr(row::Column::DueAt, Expr::value(None::<DateTime<Utc>>))
            .filter(these.clone())
            .filter(row::COLUMN.stopped.ne(""))
            .filter(row::COLUMN.state.eq(state.as_str()))
    };
    // One in doubt may have arrived: it stays what it is, and is not tried again.
    stopped(Status::Uncertain).exec(tx.reader()).await.doing("stopping a mail")?;
    let ended = || stopped(Status::Queued).col_expr(row::Column::State, Expr::value(Status::Replaced.as_str()));
    let wiped = ended()
        .col_expr(row::Column::BodyText, Expr::value(""))
        .col_expr(row::Column::BodyHtml, Expr::value(""))
        .col_expr(row::Column::Calendar, Expr::value(None::<String>))
        .col_expr(row::Column::Sealed, Expr::value(false))
        .filter(Condition::any().add(row::COLUMN.sealed.eq(true)).add(row::COLUMN.stopped.eq(WITHDRAWN)));
    let wiped = wiped.exec(tx.reader()).await.doing("stopping a mail")?.rows_affected;
    Ok(wiped + ended().exec(tx.reader()).await.doing("stopping a mail")?.rows_affected)
}

/// Wipes letters to a person, and letters to others that hold one of `marks` of him.
pub(super) async fn forget(
    tx: &Tx,
    member: MemberId,
    email: &Address,
    nobody: &Address,
    marks: &[&str],
) -> Result<(), Fault> {
    let own = || Condition::any().add(row::COLUMN.member_id.eq(member.0)).add(row::COLUMN.recipient.eq(email.as_str()));
    let mut may_show = Condition::any();
    for mark in marks {
        let escaped = mark.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
        for column in [row::Column::Subject, row::Column::BodyText, row::Column::BodyHtml, row::Column::Calendar] {
            may_show = may_show.add(Expr::col(column).like(like()));
        }
    }
    let found = row::Entity::find().filter(may_show).all(tx.reader()).await.doing("looking for a member's contact")?;
    let shows = |row: &row::Model| {
        let parts = [&row.subject, &row.body_text, &row.body_html].into_iter().chain(row.calendar.as_ref());
        parts.into_iter().any(|part| marks.iter().any(|mark| holds(part, mark)))
    };
    let found: Vec<i64> = found.iter().filter(|row| shows(row)).map(|row| row.id).collect();
    let mut all = vec![own()];
    all.extend(found.chunks(500).map(|ids| Condition::all().add(row::COLUMN.id.is_in(ids.to_vec()))));
    for these in all {
        row::Entity::update_many()
            .col_expr(row::Column::State, Expr::value(Status::Replaced.as_str()))
            .filter(these.clone())
            .filter(row::COLUMN.due_at.is_not_null())
            .exec(tx.reader())
            .await
            .doing("stopping mail of a member who leaves")?;
        row::Entity::update_many()
            .col_expr(row::Column::DueAt, Expr::value(None::<DateTime<Utc>>))
            .col_expr(row::Column::Lease, Expr::value(""))
            .col_expr(row::Column::Subject, Expr::value(""))
            .col_expr(row::Column::BodyText, Expr::value(""))
            .col_expr(row::Column::BodyHtml, Expr::value(""))
            .col_expr(row::Column::Calendar, Expr::value(None::<String>))
            .col_expr(row::Column::Sealed, Expr::value(false))
            .filter(these)
            .exec(tx.reader())
            .await
            .doing("wiping mail of a member who leaves")?;
    }
    row::Entity::update_many()
        .col_expr(row::Column::Recipient, Expr::value(nobody.as_str()))
        .col_expr(row::Column::RecipientName, Expr::value(""))
        .filter(own())
        .exec(tx.reader())
        .await
        .doing("wiping the address of a member who leaves")?;
    Ok(())
}

/// Everything that would still be tried.
pub(super) async fn on_their_way(tx: &Tx) -> Result<Vec<Outgoing>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.due_at.is_not_null())
        .order_by_asc(row::Column::Id)
        .all(tx.reader())
        .await
        .doing("reading mail that is on its way")?;
    Ok(rows.into_iter().map(Outgoing::from).collect())
}

/// Ends a mail in doubt, with `kept` of its body; one that somebody waited for at a screen is over.
pub(super) async fn hold(
    tx: &Tx,
    mail: &Outgoing,
    words: &str,
    kept: Option<(String, String)>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let status = if mail.urgent { Status::Expired } else { Status::Uncertain };
    let mut update = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(status.as_str()))
        .col_expr(row::Column::Lease, Expr::value(""))
        .col_expr(row::Column::DueAt, Expr::value(None::<DateTime<Utc>>))
        .col_expr(row::Column::ReplyCode, Expr::value(None::<i64>))
        .col_expr(row::Column::Reply, Expr::value(words))
        .filter(row::COLUMN.id.eq(mail.id.0));
    if mail.urgent {
        update = update.col_expr(row::Column::HandledAt, Expr::value(now));
    }
    if let Some((text, html)) = kept {
        update = update
            .col_expr(row::Column::BodyText, Expr::value(text))
            .col_expr(row::Column::BodyHtml, Expr::value(html))
            .col_expr(row::Column::Sealed, Expr::value(false));
    }
    update.exec(tx.reader()).await.doing("holding a mail")?;
    Ok(())
}

/// Notes that an address, known by its keyed hash alone, does not exist.
pub(super) async fn suppress(
    tx: &Tx,
    address_hash: &str,
    reason: &str,
    mail: Option<MailId>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = suppression::ActiveModel {
        address_hash: Set(address_hash.to_owned()),
        reason: Set(reason.to_owned()),
        mail_id: Set(mail.map(|mail| mail.0)),
        created_at: Set(now),
    };
    suppression::Entity::insert(row)
        .on_conflict(OnConflict::column(suppression::Column::AddressHash).do_nothing().to_owned())
        .exec_without_returning(tx.reader())
        .await
        .doing("suppressing an address")?;
    Ok(())
}

/// Whether nothing is to be sent to an address any more.
pub(super) async fn is_suppressed(db: &impl Read, address_hash: &str) -> Result<bool, Fault> {
    let row = suppression::Entity::find_by_id(address_hash)
        .one(db.reader())
        .await
        .doing("asking for a suppressed address")?;
    Ok(row.is_some())
}

/// Sends to an address again.
pub(super) async fn lift(tx: &Tx, address_hash: &str) -> Result<(), Fault> {
    suppression::Entity::delete_many()
        .filter(suppression::COLUMN.address_hash.eq(address_hash))
        .exec(tx.reader())
        .await
        .doing("lifting a suppression")?;
    Ok(())
}

/// The mail with this number.
pub async fn by_id(db: &impl Read, id: MailId) -> Result<Option<Mail>, Fault> {
    let row = row::Entity::find_by_id(id.0).one(db.reader()).await.doing("reading a mail")?;
    row.map(mail_of).transpose()
}

/// The mails with these numbers, in no order.
pub async fn by_ids(db: &impl Read, ids: &[MailId]) -> Result<Vec<Mail>, Fault> {
    let ids = ids.iter().map(|id| id.0);
    let rows = row::Entity::find().filter(row::COLUMN.id.is_in(ids)).all(db.reader()).await.doing("reading mails")?;
    rows.into_iter().map(mail_of).collect()
}

/// A member's own mail, newest first.
pub async fn of_member(db: &impl Read, member: MemberId, limit: u64) -> Result<Vec<Mail>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.member_id.eq(member.0))
        .order_by_desc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading a member's mail")?;
    rows.into_iter().map(mail_of).collect()
}

/// The mails about one thing, newest first.
pub async fn about(db: &impl Read, about: &str) -> Result<Vec<Mail>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.about.eq(about))
        .order_by_desc(row::Column::Id)
        .all(db.reader())
        .await
        .doing("reading mails about something")?;
    rows.into_iter().map(mail_of).collect()
}

/// One of the two lanes, as far as its mails are on their way.
#[derive(Debug, Clone, Copy)]
pub struct Lane {
    /// `urgent` or `usual`.
    pub name: &'static str,
    /// How many wait or are in a worker's hands.
    pub waiting: u64,
    /// When the oldest of them was written.
    pub oldest: Option<DateTime<Utc>>,
    /// When the first of them is due, a worker's claim included.
    pub due: Option<DateTime<Utc>>,
}

/// How the lanes stand.
pub async fn lanes(db: &impl Read) -> Result<[Lane; 2], Fault> {
    type Figures = (i64, i64, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let rows: Vec<Figures> = row::Entity::find()
        .select_only()
        .column(row::Column::Priority)
        .column_as(row::Column::Id.count(), "many")
        .column_as(row::Column::CreatedAt.min(), "oldest")
        .column_as(row::Column::DueAt.min(), "due")
        .filter(row::COLUMN.due_at.is_not_null())
        .group_by(row::Column::Priority)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("counting mail by lane")?;
    let lane = |name, priority| {
        let found = rows.iter().find(|(each, ..)| *each == priority);
        let (_, many, oldest, due) = found.copied().unwrap_or((priority, 0, None, None));
        Lane { name, waiting: u64::try_from(many).unwrap_or_default(), oldest, due }
    };
    Ok([lane("urgent", URGENT), lane("usual", USUAL)])
}

/// How many mails of each kind of trouble staff have not put aside.
pub async fn count_trouble(db: &impl Read) -> Result<Vec<(Status, u64)>, Fault> {
    let troubles: Vec<Status> = Status::ALL.into_iter().filter(|status| status.is_trouble()).collect();
    let rows: Vec<(String, i64)> = row::Entity::find()
        .select_only()
        .column(row::Column::State)
        .column_as(row::Column::Id.count(), "many")
        .filter(row::COLUMN.state.is_in(troubles.iter().map(|status| status.as_str())))
        .filter(row::COLUMN.handled_at.is_null())
        .group_by(row::Column::State)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("counting mail in trouble")?;
    let many = |status: Status| {
        let found = rows.iter().find(|(word, _)| word == status.as_str());
        found.map_or(0, |(_, many)| u64::try_from(*many).unwrap_or_default())
    };
    Ok(troubles.into_iter().map(|status| (status, many(status))).collect())
}

/// Empties the letters about `about` that have come to their end.
pub(super) async fn erase(tx: &Tx, about: &str) -> Result<u64, Fault> {
    let under_way = [Status::Queued, Status::Sending].map(Status::as_str);
    let done = row::Entity::update_many()
        .col_expr(row::Column::BodyText, Expr::value(""))
        .col_expr(row::Column::BodyHtml, Expr::value(""))
        .col_expr(row::Column::Calendar, Expr::value(None::<String>))
        .col_expr(row::Column::Sealed, Expr::value(false))
        .filter(row::COLUMN.about.eq(about))
        .filter(row::COLUMN.state.is_not_in(under_way))
        .exec(tx.reader())
        .await
        .doing("erasing letters")?;
    Ok(done.rows_affected)
}
