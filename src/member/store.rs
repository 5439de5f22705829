//! Rows of members, codes, sessions, consents and disclosures.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{ConsentId, MemberId, OrganisationId},
    mail::Address,
    member::{Field, Member, Role, consent::Consent},
    words::Language,
};

mod member {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "members")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) email: String,
        pub(crate) name: String,
        pub(crate) title: String,
        pub(crate) phone: String,
        pub(crate) role: String,
        pub(crate) language: String,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) signed_in_at: Option<DateTimeUtc>,
        pub(crate) barred_at: Option<DateTimeUtc>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod code {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_codes")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) email: String,
        pub(crate) code_hash: String,
        pub(crate) link_hash: String,
        pub(crate) tries: i64,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) expires_at: DateTimeUtc,
        pub(crate) used_at: Option<DateTimeUtc>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod session {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) token_hash: String,
        pub(crate) member_id: i64,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) seen_at: DateTimeUtc,
        pub(crate) expires_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod consent_row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "consents")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) member_id: i64,
        pub(crate) recipient_id: i64,
        pub(crate) about: String,
        pub(crate) text_version: String,
        pub(crate) text: String,
        pub(crate) fields: String,
        pub(crate) channel: String,
        pub(crate) given_at: DateTimeUtc,
        pub(crate) withdrawn_at: Option<DateTimeUtc>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod disclosure {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "disclosures")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) consent_id: i64,
        pub(crate) member_id: i64,
        pub(crate) recipient_id: i64,
        pub(crate) about: String,
        pub(crate) fields: String,
        pub(crate) made_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A one-time code, hashed.
#[derive(Debug, Clone)]
pub struct Code {
    pub(super) id: i64,
    pub(super) email: String,
    pub(super) code_hash: String,
    pub(super) tries: i64,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) used_at: Option<DateTime<Utc>>,
}

impl From<code::Model> for Code {
    fn from(row: code::Model) -> Self {
        Self {
            id: row.id,
            email: row.email,
            code_hash: row.code_hash,
            tries: row.tries,
            expires_at: row.expires_at,
            used_at: row.used_at,
        }
    }
}

/// How long a session runs.
#[derive(Debug, Clone)]
pub struct Session {
    pub(super) seen_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

/// One line of 谁看过我: who was given which part of a member's contact, and when.
#[derive(Debug, Clone)]
pub struct Disclosure {
    /// Who received it.
    pub recipient: OrganisationId,
    /// What it was about, as `introduction:12`.
    pub about: String,
    /// What was shown.
    pub fields: Vec<Field>,
    /// When.
    pub made_at: DateTime<Utc>,
}

/// A consent, as its giver reads it.
#[derive(Debug, Clone)]
pub struct Given {
    /// The number.
    pub id: ConsentId,
    /// Who gave it.
    pub member: MemberId,
    /// To whom the fields go.
    pub recipient: OrganisationId,
    /// What it is about, as `introduction:12`.
    pub about: String,
    /// The words that were agreed to.
    pub text: String,
    /// What goes.
    pub fields: Vec<Field>,
    /// When it was given.
    pub given_at: DateTime<Utc>,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl From<consent_row::Model> for Given {
    fn from(row: consent_row::Model) -> Self {
        Self {
            id: ConsentId(row.id),
            member: MemberId(row.member_id),
            recipient: OrganisationId(row.recipient_id),
            about: row.about,
            text: row.text,
            fields: fields_of(&row.fields),
            given_at: row.given_at,
            withdrawn_at: row.withdrawn_at,
        }
    }
}

fn member_of(row: member::Model) -> Result<Member, Fault> {
    Ok(Member {
        id: MemberId(row.id),
        email: Address::parse(&row.email).ok_or_else(|| Fault::corrupt("a member's address"))?,
        name: row.name,
        title: row.title,
        phone: row.phone,
        role: Role::parse(&row.role).ok_or_else(|| Fault::corrupt("a member's role"))?,
        language: Language::parse(&row.language).unwrap_or_default(),
        created_at: row.created_at,
        signed_in_at: row.signed_in_at,
        barred_at: row.barred_at,
    })
}

/// The member with this number.
pub async fn by_id(db: &impl Read, id: MemberId) -> Result<Option<Member>, Fault> {
    let row = member::Entity::find_by_id(id.0).one(db.reader()).await.doing("reading a member")?;
    row.map(member_of).transpose()
}

/// The members with these numbers, in no order.
pub async fn by_ids(db: &impl Read, ids: &[MemberId]) -> Result<Vec<Member>, Fault> {
    let ids = ids.iter().map(|id| id.0);
    let rows =
        member::Entity::find().filter(member::COLUMN.id.is_in(ids)).all(db.reader()).await.doing("reading members")?;
    rows.into_iter().map(member_of).collect()
}

/// The member with this address.
pub async fn by_email(db: &impl Read, email: &Address) -> Result<Option<Member>, Fault> {
    let row = member::Entity::find()
        .filter(member::COLUMN.email.eq(email.as_str()))
        .one(db.reader())
        .await
        .doing("reading a member")?;
    row.map(member_of).transpose()
}

/// Everybody who works for the park, by name.
pub async fn staff(db: &impl Read) -> Result<Vec<Member>, Fault> {
    let rows = member::Entity::find()
        .filter(member::COLUMN.role.ne(Role::Member.as_str()))
        .order_by_asc(member::Column::Name)
        .order_by_asc(member::Column::Id)
        .all(db.reader())
        .await
        .doing("reading staff")?;
    rows.into_iter().map(member_of).collect()
}

/// The member of `email`, made if he is not known yet. For organisations and staff that are
/// entered by somebody else; the address is proved when he first signs in.
pub async fn meet(tx: &Tx, email: &Address, language: Language, now: DateTime<Utc>) -> Result<Member, Fault> {
    let row = member::ActiveModel {
        id: NotSet,
        email: Set(email.to_string()),
        name: Set(String::new()),
        title: Set(String::new()),
        phone: Set(String::new()),
        role: Set(Role::Member.as_str().to_owned()),
        language: Set(language.as_str().to_owned()),
        created_at: Set(now),
        signed_in_at: Set(None),
        barred_at: Set(None),
    };
    member::Entity::insert(row)
        .on_conflict(OnConflict::column(member::Column::Email).do_nothing().to_owned())
        .exec_without_returning(tx.reader())
        .await
        .doing("writing a member")?;
    by_email(tx, email).await?.ok_or_else(|| Fault::corrupt("a member who was just written"))
}

/// Like [`meet`], for a member who has just proved his address.
pub(super) async fn welcome(tx: &Tx, email: &Address, language: Language, now: DateTime<Utc>) -> Result<Member, Fault> {
    let member = meet(tx, email, language, now).await?;
    member::Entity::update_many()
        .col_expr(member::Column::SignedInAt, Expr::value(now))
        .filter(member::COLUMN.id.eq(member.id.0))
        .exec(tx.reader())
        .await
        .doing("noting a sign-in")?;
    Ok(member)
}

/// Writes a member's particulars.
pub async fn describe(tx: &Tx, id: MemberId, name: &str, title: &str, phone: &str) -> Result<(), Fault> {
    member::Entity::update_many()
        .col_expr(member::Column::Name, Expr::value(name))
        .col_expr(member::Column::Title, Expr::value(title))
        .col_expr(member::Column::Phone, Expr::value(phone))
        .filter(member::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("writing a member's particulars")?;
    Ok(())
}

pub(super) async fn set_role(tx: &Tx, id: MemberId, role: Role) -> Result<(), Fault> {
    member::Entity::update_many()
        .col_expr(member::Column::Role, Expr::value(role.as_str()))
        .filter(member::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("writing a member's role")?;
    Ok(())
}

pub(super) async fn set_barred(tx: &Tx, id: MemberId, at: Option<DateTime<Utc>>) -> Result<(), Fault> {
    member::Entity::update_many()
        .col_expr(member::Column::BarredAt, Expr::value(at))
        .filter(member::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("writing whether a member is kept out")?;
    Ok(())
}

pub(super) async fn insert_code(
    tx: &Tx,
    email: &Address,
    code_hash: &str,
    link_hash: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<i64, Fault> {
    let row = code::ActiveModel {
        id: NotSet,
        email: Set(email.to_string()),
        code_hash: Set(code_hash.to_owned()),
        link_hash: Set(link_hash.to_owned()),
        tries: Set(0),
        created_at: Set(now),
        expires_at: Set(expires_at),
        used_at: Set(None),
    };
    let row = code::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("writing a sign-in code")?;
    Ok(row.id)
}

/// When codes were asked for with this address since `since`.
pub(super) async fn codes_since(tx: &Tx, email: &Address, since: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>, Fault> {
    let rows = code::Entity::find()
        .filter(code::COLUMN.email.eq(email.as_str()))
        .filter(code::COLUMN.created_at.gt(since))
        .all(tx.reader())
        .await
        .doing("counting sign-in codes")?;
    Ok(rows.into_iter().map(|row| row.created_at).collect())
}

/// Counts one try and returns the code with the count.
pub(super) async fn count_try(tx: &Tx, id: i64) -> Result<Option<Code>, Fault> {
    let rows = code::Entity::update_many()
        .col_expr(code::Column::Tries, Expr::col(code::Column::Tries).add(1))
        .filter(code::COLUMN.id.eq(id))
        .exec_with_returning(tx.reader())
        .await
        .doing("counting a try")?;
    Ok(rows.into_iter().next().map(Code::from))
}

/// How many wrong codes were typed for letters that were asked for since `since`.
pub(super) async fn wrong_tries_since(tx: &Tx, email: &str, since: DateTime<Utc>) -> Result<i64, Fault> {
    let rows = code::Entity::find()
        .filter(code::COLUMN.email.eq(email))
        .filter(code::COLUMN.created_at.gt(since))
        .filter(code::COLUMN.tries.gt(0))
        .all(tx.reader())
        .await
        .doing("counting wrong codes")?;
    // The try that was right is among a used code's tries.
    Ok(rows.into_iter().map(|row| row.tries - i64::from(row.used_at.is_some())).sum())
}

pub(super) async fn delete_codes(tx: &Tx, email: &Address) -> Result<(), Fault> {
    code::Entity::delete_many()
        .filter(code::COLUMN.email.eq(email.as_str()))
        .exec(tx.reader())
        .await
        .doing("ending sign-in codes")?;
    Ok(())
}

pub(super) async fn code_by_link(db: &impl Read, link_hash: &str) -> Result<Option<Code>, Fault> {
    let row = code::Entity::find()
        .filter(code::COLUMN.link_hash.eq(link_hash))
        .one(db.reader())
        .await
        .doing("reading a sign-in code")?;
    Ok(row.map(Code::from))
}

/// Uses a code up; `false` when another request was first.
pub(super) async fn use_code(tx: &Tx, id: i64, now: DateTime<Utc>) -> Result<bool, Fault> {
    let done = code::Entity::update_many()
        .col_expr(code::Column::UsedAt, Expr::value(now))
        .filter(code::COLUMN.id.eq(id))
        .filter(code::COLUMN.used_at.is_null())
        .exec(tx.reader())
        .await
        .doing("using a sign-in code")?;
    Ok(done.rows_affected == 1)
}

pub(super) async fn insert_session(
    tx: &Tx,
    member: MemberId,
    token_hash: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = session::ActiveModel {
        id: NotSet,
        token_hash: Set(token_hash.to_owned()),
        member_id: Set(member.0),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(expires_at),
    };
    session::Entity::insert(row).exec_without_returning(tx.reader()).await.doing("beginning a session")?;
    Ok(())
}

pub(super) async fn session(db: &impl Read, token_hash: &str) -> Result<Option<(Session, Member)>, Fault> {
    let session = session::Entity::find()
        .filter(session::COLUMN.token_hash.eq(token_hash))
        .one(db.reader())
        .await
        .doing("reading a session")?;
    let Some(session) = session else { return Ok(None) };
    let member = by_id(db, MemberId(session.member_id)).await?;
    Ok(member.map(|member| (Session { seen_at: session.seen_at, expires_at: session.expires_at }, member)))
}

pub(super) async fn see_session(tx: &Tx, token_hash: &str, now: DateTime<Utc>) -> Result<(), Fault> {
    session::Entity::update_many()
        .col_expr(session::Column::SeenAt, Expr::value(now))
        .filter(session::COLUMN.token_hash.eq(token_hash))
        .exec(tx.reader())
        .await
        .doing("noting a session")?;
    Ok(())
}

pub(super) async fn delete_session(tx: &Tx, token_hash: &str) -> Result<(), Fault> {
    session::Entity::delete_many()
        .filter(session::COLUMN.token_hash.eq(token_hash))
        .exec(tx.reader())
        .await
        .doing("ending a session")?;
    Ok(())
}

/// How many sessions of a member run.
pub(super) async fn count_sessions(
    db: &impl Read,
    member: MemberId,
    seen_after: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<u64, Fault> {
    session::Entity::find()
        .filter(session::COLUMN.member_id.eq(member.0))
        .filter(session::COLUMN.seen_at.gt(seen_after))
        .filter(session::COLUMN.expires_at.gt(now))
        .count(db.reader())
        .await
        .doing("counting sessions")
}

/// What is over, and may be forgotten.
#[derive(Debug, Clone, Copy)]
pub(super) struct Over {
    /// Letters to sign in that were asked for before.
    pub(super) asked_before: DateTime<Utc>,
    /// Sessions that were not seen since.
    pub(super) seen_before: DateTime<Utc>,
    /// Sessions that have run out by now.
    pub(super) now: DateTime<Utc>,
}

fn session_is_over(over: Over) -> Condition {
    Condition::any().add(session::COLUMN.expires_at.lte(over.now)).add(session::COLUMN.seen_at.lte(over.seen_before))
}

pub(super) async fn is_over(db: &impl Read, over: Over) -> Result<bool, Fault> {
    let code = code::Entity::find().filter(code::COLUMN.created_at.lt(over.asked_before)).one(db.reader());
    if code.await.doing("looking for old sign-in codes")?.is_some() {
        return Ok(true);
    }
    let session = session::Entity::find().filter(session_is_over(over)).one(db.reader());
    Ok(session.await.doing("looking for old sessions")?.is_some())
}

pub(super) async fn forget(tx: &Tx, over: Over) -> Result<usize, Fault> {
    let codes = code::Entity::delete_many()
        .filter(code::COLUMN.created_at.lt(over.asked_before))
        .exec(tx.reader())
        .await
        .doing("forgetting sign-in codes")?;
    let sessions = session::Entity::delete_many()
        .filter(session_is_over(over))
        .exec(tx.reader())
        .await
        .doing("forgetting sessions")?;
    Ok(usize::try_from(codes.rows_affected + sessions.rows_affected).unwrap_or(usize::MAX))
}

/// Ends every session of a member.
pub(super) async fn delete_sessions(tx: &Tx, member: MemberId) -> Result<(), Fault> {
    session::Entity::delete_many()
        .filter(session::COLUMN.member_id.eq(member.0))
        .exec(tx.reader())
        .await
        .doing("ending sessions")?;
    Ok(())
}

fn words_of(fields: &[Field]) -> String {
    fields.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(",")
}

fn fields_of(words: &str) -> Vec<Field> {
    words.split(',').filter_map(Field::parse).collect()
}

pub(super) async fn insert_consent(tx: &Tx, consent: &Consent, now: DateTime<Utc>) -> Result<ConsentId, Fault> {
    let row = consent_row::ActiveModel {
        id: NotSet,
        member_id: Set(consent.member.0),
        recipient_id: Set(consent.recipient.0),
        about: Set(consent.about.clone()),
        text_version: Set(consent.text_version.clone()),
        text: Set(consent.text.clone()),
        fields: Set(words_of(&consent.fields)),
        channel: Set(consent.channel.as_str().to_owned()),
        given_at: Set(now),
        withdrawn_at: Set(None),
    };
    let row = consent_row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("recording a consent")?;
    Ok(ConsentId(row.id))
}

/// Writes the disclosure that a standing consent allows, and returns whose contact it is and what
/// of it goes.
pub(super) async fn record_disclosure(
    tx: &Tx,
    consent: ConsentId,
    now: DateTime<Utc>,
) -> Result<Option<(Member, Vec<Field>)>, Fault> {
    let row = consent_row::Entity::find_by_id(consent.0).one(tx.reader()).await.doing("reading a consent")?;
    let Some(row) = row.filter(|row| row.withdrawn_at.is_none()) else { return Ok(None) };
    let member = by_id(tx, MemberId(row.member_id)).await?.ok_or_else(|| Fault::corrupt("a consent of nobody"))?;
    let fields = fields_of(&row.fields);
    let disclosure = disclosure::ActiveModel {
        id: NotSet,
        consent_id: Set(row.id),
        member_id: Set(row.member_id),
        recipient_id: Set(row.recipient_id),
        about: Set(row.about),
        fields: Set(row.fields),
        made_at: Set(now),
    };
    disclosure::Entity::insert(disclosure).exec_without_returning(tx.reader()).await.doing("recording a disclosure")?;
    Ok(Some((member, fields)))
}

/// The consent with this number.
pub async fn consent(db: &impl Read, id: ConsentId) -> Result<Option<Given>, Fault> {
    let row = consent_row::Entity::find_by_id(id.0).one(db.reader()).await.doing("reading a consent")?;
    Ok(row.map(Given::from))
}

/// What a member agreed to, newest first.
pub async fn consents(db: &impl Read, member: MemberId) -> Result<Vec<Given>, Fault> {
    let rows = consent_row::Entity::find()
        .filter(consent_row::COLUMN.member_id.eq(member.0))
        .order_by_desc(consent_row::Column::Id)
        .all(db.reader())
        .await
        .doing("reading consents")?;
    Ok(rows.into_iter().map(Given::from).collect())
}

/// Takes a consent back; `false` when it had been before. Nothing else of it ever changes.
pub(super) async fn withdraw_consent(tx: &Tx, id: ConsentId, now: DateTime<Utc>) -> Result<bool, Fault> {
    let done = consent_row::Entity::update_many()
        .col_expr(consent_row::Column::WithdrawnAt, Expr::value(now))
        .filter(consent_row::COLUMN.id.eq(id.0))
        .filter(consent_row::COLUMN.withdrawn_at.is_null())
        .exec(tx.reader())
        .await
        .doing("taking a consent back")?;
    Ok(done.rows_affected == 1)
}

/// Whether there is another administrator.
pub(super) async fn has_another_administrator(tx: &Tx, than: MemberId) -> Result<bool, Fault> {
    let row = member::Entity::find()
        .filter(member::COLUMN.role.eq(Role::Administrator.as_str()))
        .filter(member::COLUMN.id.ne(than.0))
        .one(tx.reader())
        .await
        .doing("looking for administrators")?;
    Ok(row.is_some())
}

/// Ends every session and code of a member and writes `address` in the place of everything that
/// leads to the person.
pub(super) async fn wipe(tx: &Tx, member: &Member, address: &Address) -> Result<(), Fault> {
    session::Entity::delete_many()
        .filter(session::COLUMN.member_id.eq(member.id.0))
        .exec(tx.reader())
        .await
        .doing("ending sessions")?;
    code::Entity::delete_many()
        .filter(code::COLUMN.email.eq(member.email.as_str()))
        .exec(tx.reader())
        .await
        .doing("ending sign-in codes")?;
    member::Entity::update_many()
        .col_expr(member::Column::Email, Expr::value(address.as_str()))
        .col_expr(member::Column::Name, Expr::value(""))
        .col_expr(member::Column::Title, Expr::value(""))
        .col_expr(member::Column::Phone, Expr::value(""))
        .col_expr(member::Column::Role, Expr::value(Role::Member.as_str()))
        .col_expr(member::Column::SignedInAt, Expr::value(None::<DateTime<Utc>>))
        .filter(member::COLUMN.id.eq(member.id.0))
        .exec(tx.reader())
        .await
        .doing("wiping a member")?;
    Ok(())
}

/// Who was given a member's contact, newest first.
pub async fn disclosures(db: &impl Read, member: MemberId) -> Result<Vec<Disclosure>, Fault> {
    let rows = disclosure::Entity::find()
        .filter(disclosure::COLUMN.member_id.eq(member.0))
        .order_by_desc(disclosure::Column::Id)
        .limit(200)
        .all(db.reader())
        .await
        .doing("reading disclosures")?;
    Ok(rows
        .into_iter()
        .map(|row| Disclosure {
            recipient: OrganisationId(row.recipient_id),
            about: row.about,
            fields: fields_of(&row.fields),
            made_at: row.made_at,
        })
        .collect())
}
