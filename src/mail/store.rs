//! Rows of mails and of suppressed addresses.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{MailId, MemberId},
    mail::{Address, Letter, Mail, Status},
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
        pub(crate) sealed: bool,
        pub(crate) state: String,
        pub(crate) attempts: i64,
        pub(crate) due_at: DateTimeUtc,
        pub(crate) leased_until: Option<DateTimeUtc>,
        pub(crate) lease: String,
        pub(crate) message_id: String,
        pub(crate) reply_code: Option<i64>,
        pub(crate) reply: String,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) tried_at: Option<DateTimeUtc>,
        pub(crate) sent_at: Option<DateTimeUtc>,
        pub(crate) handled_at: Option<DateTimeUtc>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

fn mail_of(row: row::Model) -> Result<Mail, Fault> {
    let status = Status::parse(&row.state).ok_or_else(|| Fault::corrupt("a mail's state"))?;
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
    })
}

pub(super) async fn insert(
    tx: &Tx,
    letter: &Letter,
    address: &Address,
    name: &str,
    seal: Option<&Secret>,
    domain: &str,
    now: DateTime<Utc>,
) -> Result<MailId, Fault> {
    let kept = |text: &str| seal.map_or_else(|| Ok(text.to_owned()), |secret| secret.seal(text));
    let row = row::ActiveModel {
        id: NotSet,
        letter: Set(letter.name.to_owned()),
        about: Set(letter.about.clone()),
        priority: Set(if letter.urgent { 0 } else { 1 }),
        member_id: Set(letter.member.map(|member| member.0)),
        recipient_name: Set(name.to_owned()),
        recipient: Set(address.to_string()),
        subject: Set(letter.subject.clone()),
        body_text: Set(kept(&letter.text)?),
        body_html: Set(kept(&letter.html)?),
        calendar: Set(letter.calendar.clone()),
        sealed: Set(seal.is_some()),
        state: Set(Status::Queued.as_str().to_owned()),
        attempts: Set(0),
        due_at: Set(now),
        leased_until: Set(None),
        lease: Set(String::new()),
        message_id: Set(format!("<{}@{domain}>", secret::token())),
        reply_code: Set(None),
        reply: Set(String::new()),
        created_at: Set(now),
        tried_at: Set(None),
        sent_at: Set(None),
        handled_at: Set(None),
    };
    let row = row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("writing a letter to the outbox")?;
    Ok(MailId(row.id))
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
