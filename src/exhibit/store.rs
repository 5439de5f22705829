//! Rows of exhibits, enquiries and tours.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    db::{Read, Tx},
    exhibit::{Enquiry, Exhibit, NewEnquiry, NewExhibit, State, Wish},
    fault::{Context, Fault},
    id::{EnquiryId, ExhibitId, MemberId, OrganisationId, ZoneId},
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "exhibits")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) code: String,
        pub(crate) zone_id: i64,
        pub(crate) organisation_id: i64,
        pub(crate) name_zh: String,
        pub(crate) name_en: String,
        pub(crate) about_zh: String,
        pub(crate) about_en: String,
        pub(crate) facts: String,
        pub(crate) stand: String,
        pub(crate) opens_on: Option<String>,
        pub(crate) closes_on: Option<String>,
        pub(crate) state: String,
        pub(crate) withdrawn_on: Option<String>,
        pub(crate) position: i64,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) updated_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod enquiry_row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "enquiries")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) number: String,
        pub(crate) exhibit_id: i64,
        pub(crate) tour_code: String,
        pub(crate) wish: String,
        pub(crate) text: String,
        pub(crate) name: String,
        pub(crate) phone: String,
        pub(crate) email: String,
        pub(crate) consented: bool,
        pub(crate) made_at: DateTimeUtc,
        pub(crate) answer: String,
        pub(crate) answered_at: Option<DateTimeUtc>,
        pub(crate) answered_by: Option<i64>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod tour_row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tours")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) code: String,
        pub(crate) exhibits: String,
        pub(crate) made_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

fn exhibit_of(row: row::Model) -> Result<Exhibit, Fault> {
    let day = |text: Option<String>| {
        text.map(|text| text.parse().ok().ok_or_else(|| Fault::corrupt("a day of an exhibit"))).transpose()
    };
    Ok(Exhibit {
        id: ExhibitId(row.id),
        code: row.code,
        content: NewExhibit {
            zone: ZoneId(row.zone_id),
            organisation: OrganisationId(row.organisation_id),
            name: [row.name_zh, row.name_en],
            about: [row.about_zh, row.about_en],
            facts: serde_json::from_str(&row.facts)?,
            stand: row.stand,
            opens_on: day(row.opens_on)?,
            closes_on: day(row.closes_on)?,
        },
        state: State::parse(&row.state).ok_or_else(|| Fault::corrupt("the state of an exhibit"))?,
        withdrawn_on: day(row.withdrawn_on)?,
        position: row.position,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn enquiry_of(row: enquiry_row::Model) -> Result<Enquiry, Fault> {
    Ok(Enquiry {
        id: EnquiryId(row.id),
        number: row.number,
        exhibit: ExhibitId(row.exhibit_id),
        tour: row.tour_code,
        content: NewEnquiry {
            wish: Wish::parse(&row.wish).ok_or_else(|| Fault::corrupt("the wish of an enquiry"))?,
            text: row.text,
            name: row.name,
            phone: row.phone,
            email: row.email,
            consented: row.consented,
        },
        made_at: row.made_at,
        answer: row.answer,
        answered_at: row.answered_at,
        answered_by: row.answered_by.map(MemberId),
    })
}

async fn exhibits(db: &impl Read, select: Select<row::Entity>) -> Result<Vec<Exhibit>, Fault> {
    let rows = select.all(db.reader()).await.doing("reading exhibits")?;
    rows.into_iter().map(exhibit_of).collect()
}

/// Exhibits that can be seen on `day`, in the order of the hall.
fn shown_on(day: NaiveDate) -> Select<row::Entity> {
    let day = day.to_string();
    row::Entity::find()
        .filter(row::COLUMN.state.eq(State::Published.as_str()))
        .filter(row::Column::OpensOn.is_null().or(row::Column::OpensOn.lte(day.as_str())))
        .filter(row::Column::ClosesOn.is_null().or(row::Column::ClosesOn.gte(day.as_str())))
        .order_by_asc(row::Column::ZoneId)
        .order_by_asc(row::Column::Position)
        .order_by_asc(row::Column::Id)
}

/// The exhibit with this number.
pub async fn by_id(db: &impl Read, id: ExhibitId) -> Result<Option<Exhibit>, Fault> {
    Ok(by_ids(db, &[id]).await?.pop())
}

/// The exhibits with these numbers, in no order.
pub async fn by_ids(db: &impl Read, ids: &[ExhibitId]) -> Result<Vec<Exhibit>, Fault> {
    exhibits(db, row::Entity::find().filter(row::COLUMN.id.is_in(ids.iter().map(|id| id.0)))).await
}

/// The exhibit whose QR code this is.
pub async fn by_code(db: &impl Read, code: &str) -> Result<Option<Exhibit>, Fault> {
    Ok(exhibits(db, row::Entity::find().filter(row::COLUMN.code.eq(code))).await?.pop())
}

/// The exhibits that can be seen on `day`, of one zone or all: how many, and one page of them.
pub async fn shown(
    db: &impl Read,
    zone: Option<ZoneId>,
    day: NaiveDate,
    page: u64,
    per_page: u64,
) -> Result<(u64, Vec<Exhibit>), Fault> {
    let mut select = shown_on(day);
    if let Some(zone) = zone {
        select = select.filter(row::COLUMN.zone_id.eq(zone.0));
    }
    let total = select.clone().count(db.reader()).await.doing("counting exhibits")?;
    let found = exhibits(db, select.offset(page * per_page).limit(per_page)).await?;
    Ok((total, found))
}

/// The exhibits of an organisation that can be seen on `day`.
pub async fn shown_of(db: &impl Read, owner: OrganisationId, day: NaiveDate) -> Result<Vec<Exhibit>, Fault> {
    exhibits(db, shown_on(day).filter(row::COLUMN.organisation_id.eq(owner.0))).await
}

/// How many can be seen on `day` in each zone.
pub async fn shown_counts(db: &impl Read, day: NaiveDate) -> Result<HashMap<ZoneId, u64>, Fault> {
    let mut counts = HashMap::new();
    for exhibit in exhibits(db, shown_on(day)).await? {
        *counts.entry(exhibit.content.zone).or_default() += 1;
    }
    Ok(counts)
}

/// The numbers of all that can be seen on `day`, for the index.
pub async fn every_shown(db: &impl Read, day: NaiveDate) -> Result<Vec<ExhibitId>, Fault> {
    Ok(exhibits(db, shown_on(day)).await?.into_iter().map(|each| each.id).collect())
}

/// Every exhibit, whatever its state, in the order of the hall.
pub async fn all(db: &impl Read) -> Result<Vec<Exhibit>, Fault> {
    let select = row::Entity::find()
        .order_by_asc(row::Column::ZoneId)
        .order_by_asc(row::Column::Position)
        .order_by_asc(row::Column::Id);
    exhibits(db, select).await
}

/// Every exhibit of a zone, whatever its state, in order.
pub async fn of_zone(db: &impl Read, zone: ZoneId) -> Result<Vec<Exhibit>, Fault> {
    let select = row::Entity::find()
        .filter(row::COLUMN.zone_id.eq(zone.0))
        .order_by_asc(row::Column::Position)
        .order_by_asc(row::Column::Id);
    exhibits(db, select).await
}

/// The exhibits of these organisations, whatever their state.
pub async fn of_owners(db: &impl Read, owners: &[OrganisationId]) -> Result<Vec<Exhibit>, Fault> {
    let numbers = owners.iter().map(|id| id.0);
    exhibits(db, row::Entity::find().filter(row::COLUMN.organisation_id.is_in(numbers))).await
}

fn facts(new: &NewExhibit) -> Result<String, Fault> {
    Ok(serde_json::to_string(&new.facts)?)
}

fn text(day: Option<NaiveDate>) -> Option<String> {
    day.map(|day| day.to_string())
}

async fn last_position(tx: &Tx, zone: ZoneId) -> Result<i64, Fault> {
    Ok(of_zone(tx, zone).await?.last().map_or(0, |last| last.position + 1))
}

pub(super) async fn insert(tx: &Tx, code: &str, new: &NewExhibit, now: DateTime<Utc>) -> Result<ExhibitId, Fault> {
    let ([name_zh, name_en], [about_zh, about_en]) = (new.name.clone(), new.about.clone());
    let row = row::ActiveModel {
        id: NotSet,
        code: Set(code.to_owned()),
        zone_id: Set(new.zone.0),
        organisation_id: Set(new.organisation.0),
        name_zh: Set(name_zh),
        name_en: Set(name_en),
        about_zh: Set(about_zh),
        about_en: Set(about_en),
        facts: Set(facts(new)?),
        stand: Set(new.stand.clone()),
        opens_on: Set(text(new.opens_on)),
        closes_on: Set(text(new.closes_on)),
        state: Set(State::Draft.as_str().to_owned()),
        withdrawn_on: Set(None),
        position: Set(last_position(tx, new.zone).await?),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let row = row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("entering an exhibit")?;
    Ok(ExhibitId(row.id))
}

pub(super) async fn update(tx: &Tx, id: ExhibitId, new: &NewExhibit, now: DateTime<Utc>) -> Result<bool, Fault> {
    let Some(known) = by_id(tx, id).await? else { return Ok(false) };
    let position = if known.content.zone == new.zone { known.position } else { last_position(tx, new.zone).await? };
    row::Entity::update_many()
        .col_expr(row::Column::ZoneId, Expr::value(new.zone.0))
        .col_expr(row::Column::OrganisationId, Expr::value(new.organisation.0))
        .col_expr(row::Column::NameZh, Expr::value(new.name[0].as_str()))
        .col_expr(row::Column::NameEn, Expr::value(new.name[1].as_str()))
        .col_expr(row::Column::AboutZh, Expr::value(new.about[0].as_str()))
        .col_expr(row::Column::AboutEn, Expr::value(new.about[1].as_str()))
        .col_expr(row::Column::Facts, Expr::value(facts(new)?))
        .col_expr(row::Column::Stand, Expr::value(new.stand.as_str()))
        .col_expr(row::Column::OpensOn, Expr::value(text(new.opens_on)))
        .col_expr(row::Column::ClosesOn, Expr::value(text(new.closes_on)))
        .col_expr(row::Column::Position, Expr::value(position))
        .col_expr(row::Column::UpdatedAt, Expr::value(now))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("rewriting an exhibit")?;
    Ok(true)
}

pub(super) async fn set_state(
    tx: &Tx,
    id: ExhibitId,
    state: State,
    withdrawn_on: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(state.as_str()))
        .col_expr(row::Column::WithdrawnOn, Expr::value(text(withdrawn_on)))
        .col_expr(row::Column::UpdatedAt, Expr::value(now))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("publishing or withdrawing an exhibit")?;
    Ok(())
}

pub(super) async fn set_order(tx: &Tx, order: &[ExhibitId]) -> Result<(), Fault> {
    for (position, id) in (0_i64..).zip(order) {
        row::Entity::update_many()
            .col_expr(row::Column::Position, Expr::value(position))
            .filter(row::COLUMN.id.eq(id.0))
            .exec(tx.reader())
            .await
            .doing("ordering exhibits")?;
    }
    Ok(())
}

async fn enquiries(db: &impl Read, select: Select<enquiry_row::Entity>) -> Result<Vec<Enquiry>, Fault> {
    // What waits comes first, then what is new.
    let select = select
        .order_by_desc(Expr::col(enquiry_row::Column::AnsweredAt).is_null())
        .order_by_desc(enquiry_row::Column::MadeAt)
        .order_by_desc(enquiry_row::Column::Id);
    let rows = select.all(db.reader()).await.doing("reading enquiries")?;
    rows.into_iter().map(enquiry_of).collect()
}

/// The enquiry with this number.
pub async fn enquiry(db: &impl Read, id: EnquiryId) -> Result<Option<Enquiry>, Fault> {
    Ok(enquiries(db, enquiry_row::Entity::find().filter(enquiry_row::COLUMN.id.eq(id.0))).await?.pop())
}

/// The newest `limit` enquiries of all exhibits, those that wait first.
pub async fn newest_enquiries(db: &impl Read, limit: u64) -> Result<Vec<Enquiry>, Fault> {
    enquiries(db, enquiry_row::Entity::find().limit(limit)).await
}

/// The enquiries about these exhibits, those that wait first.
pub async fn enquiries_about(db: &impl Read, about: &[ExhibitId]) -> Result<Vec<Enquiry>, Fault> {
    let numbers = about.iter().map(|id| id.0);
    enquiries(db, enquiry_row::Entity::find().filter(enquiry_row::COLUMN.exhibit_id.is_in(numbers))).await
}

/// The enquiries of a tour.
pub async fn enquiries_of_tour(db: &impl Read, code: &str) -> Result<Vec<Enquiry>, Fault> {
    enquiries(db, enquiry_row::Entity::find().filter(enquiry_row::COLUMN.tour_code.eq(code))).await
}

pub(super) async fn insert_enquiry(
    tx: &Tx,
    number: &str,
    exhibit: ExhibitId,
    tour: &str,
    new: &NewEnquiry,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = enquiry_row::ActiveModel {
        id: NotSet,
        number: Set(number.to_owned()),
        exhibit_id: Set(exhibit.0),
        tour_code: Set(tour.to_owned()),
        wish: Set(new.wish.as_str().to_owned()),
        text: Set(new.text.clone()),
        name: Set(new.name.clone()),
        phone: Set(new.phone.clone()),
        email: Set(new.email.clone()),
        consented: Set(new.consented),
        made_at: Set(now),
        answer: Set(String::new()),
        answered_at: Set(None),
        answered_by: Set(None),
    };
    enquiry_row::Entity::insert(row).exec_without_returning(tx.reader()).await.doing("taking down an enquiry")?;
    Ok(())
}

pub(super) async fn set_answer(
    tx: &Tx,
    id: EnquiryId,
    answer: &str,
    by: MemberId,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let done = enquiry_row::Entity::update_many()
        .col_expr(enquiry_row::Column::Answer, Expr::value(answer))
        .col_expr(enquiry_row::Column::AnsweredAt, Expr::value(now))
        .col_expr(enquiry_row::Column::AnsweredBy, Expr::value(by.0))
        .filter(enquiry_row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("answering an enquiry")?;
    Ok(done.rows_affected == 1)
}

/// The exhibits of a tour, in the order in which they were seen.
pub async fn tour(db: &impl Read, code: &str) -> Result<Option<Vec<ExhibitId>>, Fault> {
    let row = tour_row::Entity::find_by_id(code).one(db.reader()).await.doing("reading a tour")?;
    row.map(|row| Ok(serde_json::from_str(&row.exhibits)?)).transpose()
}

pub(super) async fn insert_tour(tx: &Tx, code: &str, seen: &[ExhibitId], now: DateTime<Utc>) -> Result<(), Fault> {
    let row = tour_row::ActiveModel {
        code: Set(code.to_owned()),
        exhibits: Set(serde_json::to_string(seen)?),
        made_at: Set(now),
    };
    tour_row::Entity::insert(row).exec_without_returning(tx.reader()).await.doing("keeping a tour")?;
    Ok(())
}

pub(super) async fn set_tour(tx: &Tx, code: &str, seen: &[ExhibitId]) -> Result<(), Fault> {
    tour_row::Entity::update_many()
        .col_expr(tour_row::Column::Exhibits, Expr::value(serde_json::to_string(seen)?))
        .filter(tour_row::COLUMN.code.eq(code))
        .exec(tx.reader())
        .await
        .doing("keeping a tour")?;
    Ok(())
}
