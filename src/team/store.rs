//! Rows of universities, teams and the places of their months.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{MemberId, OrganisationId, UniversityId},
    mail::Address,
    organisation::{self, Organisation},
    team::{Break, NewUniversity, Team, University},
};

mod university {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "universities")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) name: String,
        pub(crate) region: String,
        pub(crate) office_name: String,
        pub(crate) office_email: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "teams")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) organisation_id: i64,
        pub(crate) university_id: i64,
        pub(crate) lead_name: String,
        pub(crate) lead_title: String,
        pub(crate) office_email: String,
        pub(crate) capacity: i64,
        pub(crate) fields: String,
        pub(crate) lead_id: Option<i64>,
        pub(crate) paused_until: Option<String>,
        pub(crate) breaks: String,
        pub(crate) away: bool,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod engagement {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "engagements")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) team_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) about: String,
        pub(crate) made_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

fn address_of(text: &str) -> Result<Option<Address>, Fault> {
    match text {
        "" => Ok(None),
        text => Address::parse(text).map(Some).ok_or_else(|| Fault::corrupt("an office's address")),
    }
}

/// How a break is kept: month and day of its first and of its last day.
type BreakRow = [u32; 4];

fn breaks_of(kept: &str) -> Result<Vec<Break>, Fault> {
    let rows: Vec<BreakRow> = serde_json::from_str(kept)?;
    Ok(rows.into_iter().map(|[a, b, c, d]| Break { from: (a, b), to: (c, d) }).collect())
}

fn breaks_as(breaks: &[Break]) -> Result<String, Fault> {
    let rows: Vec<BreakRow> = breaks.iter().map(|each| [each.from.0, each.from.1, each.to.0, each.to.1]).collect();
    Ok(serde_json::to_string(&rows)?)
}

/// The teams that pause now and then, or were away when the clock last looked.
pub async fn with_pauses(db: &impl Read) -> Result<Vec<OrganisationId>, Fault> {
    let pauses = Condition::any()
        .add(row::COLUMN.away.eq(true))
        .add(row::COLUMN.paused_until.is_not_null())
        .add(row::COLUMN.breaks.ne("[]"));
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::OrganisationId)
        .filter(pauses)
        .order_by_asc(row::Column::OrganisationId)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading teams that pause")?;
    Ok(ids.into_iter().map(OrganisationId).collect())
}

fn university_of(row: university::Model) -> Result<University, Fault> {
    Ok(University {
        id: UniversityId(row.id),
        name: row.name,
        region: row.region,
        office_name: row.office_name,
        office_email: address_of(&row.office_email)?,
    })
}

/// The team with this number.
pub async fn by_id(db: &impl Read, id: OrganisationId) -> Result<Option<Team>, Fault> {
    Ok(by_ids(db, &[id]).await?.pop())
}

/// The teams with these numbers, in no order.
pub async fn by_ids(db: &impl Read, ids: &[OrganisationId]) -> Result<Vec<Team>, Fault> {
    let numbers: HashSet<i64> = ids.iter().map(|id| id.0).collect();
    let rows = row::Entity::find()
        .filter(row::COLUMN.organisation_id.is_in(numbers))
        .all(db.reader())
        .await
        .doing("reading teams")?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<OrganisationId> = rows.iter().map(|row| OrganisationId(row.organisation_id)).collect();
    let found = organisation::store::by_ids(db, &ids).await?;
    let mut organisations: HashMap<i64, Organisation> = found.into_iter().map(|each| (each.id.0, each)).collect();
    let numbers: HashSet<i64> = rows.iter().map(|row| row.university_id).collect();
    let names: HashMap<i64, String> = university::Entity::find()
        .filter(university::COLUMN.id.is_in(numbers))
        .all(db.reader())
        .await
        .doing("reading universities")?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    rows.into_iter()
        .map(|row| {
            let organisation = organisations.remove(&row.organisation_id);
            Ok(Team {
                organisation: organisation.ok_or_else(|| Fault::corrupt("a team without an organisation"))?,
                university: UniversityId(row.university_id),
                university_name: names.get(&row.university_id).cloned().unwrap_or_default(),
                lead: row.lead_id.map(MemberId),
                lead_name: row.lead_name,
                lead_title: row.lead_title,
                office_email: address_of(&row.office_email)?,
                capacity: u32::try_from(row.capacity).unwrap_or(0),
                fields: serde_json::from_str(&row.fields)?,
                paused_until: row.paused_until.as_deref().and_then(|day| day.parse().ok()),
                breaks: breaks_of(&row.breaks)?,
                away: row.away,
            })
        })
        .collect()
}

/// The numbers of a university's teams.
pub async fn of_university(db: &impl Read, id: UniversityId) -> Result<Vec<OrganisationId>, Fault> {
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::OrganisationId)
        .filter(row::COLUMN.university_id.eq(id.0))
        .order_by_asc(row::Column::OrganisationId)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading a university's teams")?;
    Ok(ids.into_iter().map(OrganisationId).collect())
}

/// Every university, by name.
pub async fn universities(db: &impl Read) -> Result<Vec<University>, Fault> {
    let rows = university::Entity::find()
        .order_by_asc(university::Column::Name)
        .all(db.reader())
        .await
        .doing("reading universities")?;
    rows.into_iter().map(university_of).collect()
}

/// The university with this number.
pub async fn university_by_id(db: &impl Read, id: UniversityId) -> Result<Option<University>, Fault> {
    let row = university::Entity::find_by_id(id.0).one(db.reader()).await.doing("reading a university")?;
    row.map(university_of).transpose()
}

/// The university with this name.
pub async fn university_by_name(db: &impl Read, name: &str) -> Result<Option<University>, Fault> {
    let row = university::Entity::find()
        .filter(university::COLUMN.name.eq(name))
        .one(db.reader())
        .await
        .doing("reading a university")?;
    row.map(university_of).transpose()
}

/// How many places of their time teams have given since `since`; teams that gave none are left out.
pub async fn engaged_since(
    db: &impl Read,
    teams: &[OrganisationId],
    since: DateTime<Utc>,
) -> Result<HashMap<OrganisationId, u32>, Fault> {
    let numbers: HashSet<i64> = teams.iter().map(|id| id.0).collect();
    let rows: Vec<(i64, i64)> = engagement::Entity::find()
        .select_only()
        .column(engagement::Column::TeamId)
        .column_as(engagement::COLUMN.about.count(), "number")
        .filter(engagement::COLUMN.team_id.is_in(numbers))
        .filter(engagement::COLUMN.made_at.gte(since))
        .group_by(engagement::Column::TeamId)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("counting the places of a month")?;
    Ok(rows.into_iter().map(|(id, number)| (OrganisationId(id), u32::try_from(number).unwrap_or(u32::MAX))).collect())
}

/// The university of that name, made if it is not known.
pub(super) async fn meet_university(tx: &Tx, new: &NewUniversity) -> Result<University, Fault> {
    let row = university::ActiveModel {
        id: NotSet,
        name: Set(new.name.clone()),
        region: Set(new.region.clone()),
        office_name: Set(new.office_name.clone()),
        office_email: Set(new.office_email.as_ref().map(ToString::to_string).unwrap_or_default()),
    };
    university::Entity::insert(row)
        .on_conflict(OnConflict::column(university::Column::Name).do_nothing().to_owned())
        .exec_without_returning(tx.reader())
        .await
        .doing("entering a university")?;
    university_by_name(tx, &new.name).await?.ok_or_else(|| Fault::corrupt("a university that was just written"))
}

/// Writes the row of a team whose organisation was just written, or rewrites it.
pub(super) async fn put(tx: &Tx, team: &Team) -> Result<(), Fault> {
    let row = row::ActiveModel {
        organisation_id: Set(team.organisation.id.0),
        university_id: Set(team.university.0),
        lead_name: Set(team.lead_name.clone()),
        lead_title: Set(team.lead_title.clone()),
        office_email: Set(team.office_email.as_ref().map(ToString::to_string).unwrap_or_default()),
        capacity: Set(i64::from(team.capacity)),
        fields: Set(serde_json::to_string(&team.fields)?),
        lead_id: Set(team.lead.map(|lead| lead.0)),
        paused_until: Set(team.paused_until.map(|day| day.to_string())),
        breaks: Set(breaks_as(&team.breaks)?),
        away: Set(team.away),
    };
    let columns = [
        row::Column::UniversityId,
        row::Column::LeadName,
        row::Column::LeadTitle,
        row::Column::OfficeEmail,
        row::Column::Capacity,
        row::Column::Fields,
        row::Column::LeadId,
        row::Column::PausedUntil,
        row::Column::Breaks,
        row::Column::Away,
    ];
    row::Entity::insert(row)
        .on_conflict(OnConflict::column(row::Column::OrganisationId).update_columns(columns).to_owned())
        .exec_without_returning(tx.reader())
        .await
        .doing("writing a team")?;
    Ok(())
}

/// Takes a member's name off the teams that he leads; returns them.
pub(super) async fn unlead(tx: &Tx, member: MemberId) -> Result<Vec<OrganisationId>, Fault> {
    let rows = row::Entity::update_many()
        .col_expr(row::Column::LeadId, Expr::value(None::<i64>))
        .col_expr(row::Column::LeadName, Expr::value(""))
        .col_expr(row::Column::LeadTitle, Expr::value(""))
        .filter(row::COLUMN.lead_id.eq(member.0))
        .exec_with_returning(tx.reader())
        .await
        .doing("taking a name off a team")?;
    Ok(rows.into_iter().map(|row| OrganisationId(row.organisation_id)).collect())
}

pub(super) async fn insert_engagement(
    tx: &Tx,
    team: OrganisationId,
    about: &str,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let row = engagement::ActiveModel { team_id: Set(team.0), about: Set(about.to_owned()), made_at: Set(now) };
    let columns = [engagement::Column::TeamId, engagement::Column::About];
    let written = engagement::Entity::insert(row)
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(tx.reader())
        .await
        .doing("taking a place of a team's month")?;
    Ok(written > 0)
}

pub(super) async fn delete_engagement(tx: &Tx, team: OrganisationId, about: &str) -> Result<bool, Fault> {
    let done = engagement::Entity::delete_many()
        .filter(engagement::COLUMN.team_id.eq(team.0))
        .filter(engagement::COLUMN.about.eq(about))
        .exec(tx.reader())
        .await
        .doing("freeing a place of a team's month")?;
    Ok(done.rows_affected > 0)
}
