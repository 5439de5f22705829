//! Rows of the days that staff entered.

use chrono::NaiveDate;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};

use crate::{
    calendar::{Calendar, DayKind, Holiday},
    db::{Read, Tx},
    fault::{Context, Fault},
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "holidays")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) day: String,
        pub(crate) kind: String,
        pub(crate) name: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// The calendar as it stands. There are few rows, so that whoever counts days reads them all.
pub async fn load(db: &impl Read) -> Result<Calendar, Fault> {
    Ok(Calendar::new(entered(db).await?))
}

/// What staff entered, earliest first.
pub async fn entered(db: &impl Read) -> Result<Vec<Holiday>, Fault> {
    let rows = row::Entity::find().order_by_asc(row::Column::Day).all(db.reader()).await.doing("reading holidays")?;
    rows.into_iter()
        .map(|row| {
            let corrupt = || Fault::corrupt("a day of the calendar");
            Ok(Holiday {
                day: row.day.parse().ok().ok_or_else(corrupt)?,
                kind: DayKind::parse(&row.kind).ok_or_else(corrupt)?,
                name: row.name,
            })
        })
        .collect()
}

pub(super) async fn put(tx: &Tx, holiday: &Holiday) -> Result<(), Fault> {
    let row = row::ActiveModel {
        day: Set(holiday.day.to_string()),
        kind: Set(holiday.kind.as_str().to_owned()),
        name: Set(holiday.name.clone()),
    };
    row::Entity::insert(row)
        .on_conflict(
            OnConflict::column(row::Column::Day).update_columns([row::Column::Kind, row::Column::Name]).to_owned(),
        )
        .exec_without_returning(tx.reader())
        .await
        .doing("writing a holiday")?;
    Ok(())
}

pub(super) async fn delete(tx: &Tx, day: NaiveDate) -> Result<(), Fault> {
    row::Entity::delete_many()
        .filter(row::COLUMN.day.eq(day.to_string()))
        .exec(tx.reader())
        .await
        .doing("taking back a holiday")?;
    Ok(())
}
