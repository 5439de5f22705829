//! Rows of zones.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::ZoneId,
    zone::{NewZone, Zone},
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "zones")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) slug: String,
        pub(crate) name_zh: String,
        pub(crate) name_en: String,
        pub(crate) about_zh: String,
        pub(crate) about_en: String,
        pub(crate) colour: String,
        pub(crate) position: i64,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

fn zone_of(row: row::Model) -> Zone {
    Zone {
        id: ZoneId(row.id),
        slug: row.slug,
        name: [row.name_zh, row.name_en],
        about: [row.about_zh, row.about_en],
        colour: row.colour,
    }
}

/// Every zone, in the order of the hall. There are few, so pages read them all.
pub async fn all(db: &impl Read) -> Result<Vec<Zone>, Fault> {
    let rows = row::Entity::find().order_by_asc(row::Column::Position).all(db.reader()).await.doing("reading zones")?;
    Ok(rows.into_iter().map(zone_of).collect())
}

/// The zone with this slug.
pub async fn by_slug(db: &impl Read, slug: &str) -> Result<Option<Zone>, Fault> {
    let row = row::Entity::find().filter(row::COLUMN.slug.eq(slug)).one(db.reader()).await.doing("reading a zone")?;
    Ok(row.map(zone_of))
}

pub(super) async fn update(tx: &Tx, slug: &str, zone: &NewZone) -> Result<bool, Fault> {
    let [name_zh, name_en] = &zone.name;
    let [about_zh, about_en] = &zone.about;
    let done = row::Entity::update_many()
        .col_expr(row::Column::NameZh, Expr::value(name_zh.as_str()))
        .col_expr(row::Column::NameEn, Expr::value(name_en.as_str()))
        .col_expr(row::Column::AboutZh, Expr::value(about_zh.as_str()))
        .col_expr(row::Column::AboutEn, Expr::value(about_en.as_str()))
        .col_expr(row::Column::Colour, Expr::value(zone.colour.as_str()))
        .filter(row::COLUMN.slug.eq(slug))
        .exec(tx.reader())
        .await
        .doing("rewriting a zone")?;
    Ok(done.rows_affected == 1)
}

pub(super) async fn insert(tx: &Tx, zone: &NewZone) -> Result<ZoneId, Fault> {
    if let Some(zone) = by_slug(tx, &zone.slug).await? {
        return Ok(zone.id);
    }
    let position = row::Entity::find().count(tx.reader()).await.doing("counting zones")?;
    let [name_zh, name_en] = zone.name.clone();
    let [about_zh, about_en] = zone.about.clone();
    let row = row::ActiveModel {
        id: NotSet,
        slug: Set(zone.slug.clone()),
        name_zh: Set(name_zh),
        name_en: Set(name_en),
        about_zh: Set(about_zh),
        about_en: Set(about_en),
        colour: Set(zone.colour.clone()),
        position: Set(i64::try_from(position).unwrap_or(i64::MAX)),
    };
    let row = row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("writing a zone")?;
    Ok(ZoneId(row.id))
}
