//! Rows of enterprises.

use std::collections::HashMap;

use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    db::{Read, Tx},
    enterprise::{Enterprise, NewEnterprise, Size, uscc::Uscc},
    fault::{Context, Fault},
    id::OrganisationId,
    organisation::{self, Organisation},
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "enterprises")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) organisation_id: i64,
        pub(crate) uscc: Option<String>,
        pub(crate) industry: String,
        pub(crate) industry_name: String,
        pub(crate) size: String,
        pub(crate) products: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

fn enterprise_of(row: row::Model, organisation: Organisation) -> Result<Enterprise, Fault> {
    let code = |text: &str| Uscc::parse(text).ok().ok_or_else(|| Fault::corrupt("an enterprise's code"));
    Ok(Enterprise {
        organisation,
        uscc: row.uscc.as_deref().map(code).transpose()?,
        industry: row.industry,
        industry_name: row.industry_name,
        size: Size::parse(&row.size).ok_or_else(|| Fault::corrupt("an enterprise's size"))?,
        products: serde_json::from_str(&row.products)?,
    })
}

/// The enterprise with this number.
pub async fn by_id(db: &impl Read, id: OrganisationId) -> Result<Option<Enterprise>, Fault> {
    Ok(by_ids(db, &[id]).await?.pop())
}

/// The enterprises with these numbers, in no order.
pub async fn by_ids(db: &impl Read, ids: &[OrganisationId]) -> Result<Vec<Enterprise>, Fault> {
    let numbers = ids.iter().map(|id| id.0);
    let rows = row::Entity::find()
        .filter(row::COLUMN.organisation_id.is_in(numbers))
        .all(db.reader())
        .await
        .doing("reading enterprises")?;
    with_organisations(db, rows).await
}

/// The enterprise with this code.
pub async fn by_uscc(db: &impl Read, uscc: &Uscc) -> Result<Option<Enterprise>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.uscc.eq(uscc.as_str()))
        .all(db.reader())
        .await
        .doing("reading an enterprise")?;
    Ok(with_organisations(db, rows).await?.pop())
}

async fn with_organisations(db: &impl Read, rows: Vec<row::Model>) -> Result<Vec<Enterprise>, Fault> {
    let ids: Vec<OrganisationId> = rows.iter().map(|row| OrganisationId(row.organisation_id)).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = organisation::store::by_ids(db, &ids).await?;
    let mut found: HashMap<i64, Organisation> = found.into_iter().map(|each| (each.id.0, each)).collect();
    rows.into_iter()
        .map(|row| {
            let organisation = found.remove(&row.organisation_id);
            enterprise_of(row, organisation.ok_or_else(|| Fault::corrupt("an enterprise without an organisation"))?)
        })
        .collect()
}

pub(super) async fn insert(tx: &Tx, id: OrganisationId, new: &NewEnterprise) -> Result<(), Fault> {
    let row = row::ActiveModel {
        organisation_id: Set(id.0),
        uscc: Set(new.uscc.as_ref().map(ToString::to_string)),
        industry: Set(new.industry.clone()),
        industry_name: Set(new.industry_name.clone()),
        size: Set(new.size.as_str().to_owned()),
        products: Set(serde_json::to_string(&new.products)?),
    };
    row::Entity::insert(row).exec_without_returning(tx.reader()).await.doing("entering an enterprise")?;
    Ok(())
}

pub(super) async fn update(tx: &Tx, id: OrganisationId, new: &NewEnterprise) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::Uscc, Expr::value(new.uscc.as_ref().map(ToString::to_string)))
        .col_expr(row::Column::Industry, Expr::value(new.industry.as_str()))
        .col_expr(row::Column::IndustryName, Expr::value(new.industry_name.as_str()))
        .col_expr(row::Column::Size, Expr::value(new.size.as_str()))
        .col_expr(row::Column::Products, Expr::value(serde_json::to_string(&new.products)?))
        .filter(row::COLUMN.organisation_id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("rewriting an enterprise")?;
    Ok(())
}
