//! Rows of suggestions, and the needs whose suggestions must be computed again.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{ListingId, OrganisationId},
    matching::{Aspect, Exclusion, Match, Part},
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "matches")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) need_id: i64,
        pub(crate) team_id: i64,
        pub(crate) result_id: i64,
        pub(crate) place: Option<i64>,
        #[sea_orm(column_type = "Double")]
        pub(crate) score: f64,
        pub(crate) parts: String,
        pub(crate) words: String,
        pub(crate) weights_version: i64,
        pub(crate) excluded: Option<String>,
        pub(crate) computed_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod stale {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "stale_needs")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) need_id: i64,
        pub(crate) generation: i64,
        pub(crate) since: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// How many rows one statement writes.
const CHUNK: usize = 200;

fn match_of(row: row::Model) -> Result<Match, Fault> {
    let parts: Vec<(String, f64, f64)> = serde_json::from_str(&row.parts)?;
    let part = |(key, points, of): (String, f64, f64)| {
        let key = Aspect::parse(&key).ok_or_else(|| Fault::corrupt("a part of a suggestion"))?;
        Ok(Part { key, points, of })
    };
    let reason = |word: &str| Exclusion::parse(word).ok_or_else(|| Fault::corrupt("why a team was set aside"));
    Ok(Match {
        need: ListingId(row.need_id),
        team: OrganisationId(row.team_id),
        result: ListingId(row.result_id),
        place: row.place.and_then(|place| u32::try_from(place).ok()),
        score: row.score,
        parts: parts.into_iter().map(part).collect::<Result<_, Fault>>()?,
        words: serde_json::from_str(&row.words)?,
        excluded: row.excluded.as_deref().map(reason).transpose()?,
        weights_version: row.weights_version,
        computed_at: row.computed_at,
    })
}

/// The suggestions for a need, the best first, then those that were set aside.
pub async fn of_need(db: &impl Read, need: ListingId) -> Result<Vec<Match>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.need_id.eq(need.0))
        .order_by_asc(row::Column::Id)
        .all(db.reader())
        .await
        .doing("reading the suggestions for a need")?;
    let mut found: Vec<Match> = rows.into_iter().map(match_of).collect::<Result<_, _>>()?;
    found.sort_by_key(|each| each.place.unwrap_or(u32::MAX));
    Ok(found)
}

/// The needs that a team is suggested for, the best first.
pub async fn of_team(db: &impl Read, team: OrganisationId, limit: u64) -> Result<Vec<Match>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.team_id.eq(team.0))
        .filter(row::COLUMN.place.is_not_null())
        .order_by_desc(row::Column::Score)
        .order_by_asc(row::Column::NeedId)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading the suggestions for a team")?;
    rows.into_iter().map(match_of).collect()
}

/// The first few suggestions for each of some needs, need by need.
pub async fn best_of_needs(db: &impl Read, needs: &[ListingId], most: usize) -> Result<Vec<Match>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.need_id.is_in(needs.iter().map(|need| need.0)))
        .filter(row::COLUMN.place.lte(i64::try_from(most).unwrap_or(i64::MAX)))
        .order_by_desc(row::Column::NeedId)
        .order_by_asc(row::Column::Place)
        .all(db.reader())
        .await
        .doing("reading the best suggestions for needs")?;
    rows.into_iter().map(match_of).collect()
}

/// The needs that some teams are suggested for, the best first.
pub async fn best_of_teams(db: &impl Read, teams: &[OrganisationId], most: usize) -> Result<Vec<Match>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.team_id.is_in(teams.iter().map(|team| team.0)))
        .filter(row::COLUMN.place.is_not_null())
        .order_by_desc(row::Column::Score)
        .order_by_asc(row::Column::NeedId)
        .limit(u64::try_from(most).unwrap_or(u64::MAX))
        .all(db.reader())
        .await
        .doing("reading the best suggestions for teams")?;
    rows.into_iter().map(match_of).collect()
}

/// What was found for one need and one team.
pub async fn one(db: &impl Read, need: ListingId, team: OrganisationId) -> Result<Option<Match>, Fault> {
    let row = row::Entity::find()
        .filter(row::COLUMN.need_id.eq(need.0))
        .filter(row::COLUMN.team_id.eq(team.0))
        .one(db.reader())
        .await
        .doing("reading a suggestion")?;
    row.map(match_of).transpose()
}

/// How often each of `teams` stands among the first five of another need than `except` since `since`.
pub async fn exposure(
    db: &impl Read,
    teams: &[OrganisationId],
    except: ListingId,
    since: DateTime<Utc>,
) -> Result<HashMap<OrganisationId, u64>, Fault> {
    let rows: Vec<(i64, i64)> = row::Entity::find()
        .select_only()
        .column(row::Column::TeamId)
        .column_as(row::COLUMN.id.count(), "number")
        .filter(row::COLUMN.team_id.is_in(teams.iter().map(|team| team.0)))
        .filter(row::COLUMN.place.lte(5))
        .filter(row::COLUMN.need_id.ne(except.0))
        .filter(row::COLUMN.computed_at.gte(since))
        .group_by(row::Column::TeamId)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("counting suggestions")?;
    Ok(rows.into_iter().map(|(team, number)| (OrganisationId(team), u64::try_from(number).unwrap_or(0))).collect())
}

/// The needs whose suggestions hold one of these results or teams.
pub async fn needs_holding(
    db: &impl Read,
    results: &[ListingId],
    teams: &[OrganisationId],
) -> Result<Vec<ListingId>, Fault> {
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::NeedId)
        .distinct()
        .filter(
            Condition::any()
                .add(row::COLUMN.result_id.is_in(results.iter().map(|result| result.0)))
                .add(row::COLUMN.team_id.is_in(teams.iter().map(|team| team.0))),
        )
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading which needs a change touches")?;
    Ok(ids.into_iter().map(ListingId).collect())
}

/// The needs for which a team was set aside because its month was full, before `month` began.
pub async fn needs_full_before(db: &impl Read, month: DateTime<Utc>) -> Result<Vec<ListingId>, Fault> {
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::NeedId)
        .distinct()
        .filter(row::COLUMN.excluded.eq(Exclusion::Capacity.as_str()))
        .filter(row::COLUMN.computed_at.lt(month))
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading suggestions of another month")?;
    Ok(ids.into_iter().map(ListingId).collect())
}

/// Every need that has suggestions.
pub async fn needs(db: &impl Read) -> Result<Vec<ListingId>, Fault> {
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::NeedId)
        .distinct()
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading which needs have suggestions")?;
    Ok(ids.into_iter().map(ListingId).collect())
}

/// The needs to compute again and the mark that made them so, longest waiting first; those whose
/// mark is higher than `indexed` must wait for the index.
pub async fn stale(db: &impl Read, indexed: i64, limit: u64) -> Result<Vec<(ListingId, i64)>, Fault> {
    let rows = stale::Entity::find()
        .filter(stale::COLUMN.generation.lte(indexed))
        .order_by_asc(stale::Column::Since)
        .order_by_asc(stale::Column::NeedId)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading which needs wait for suggestions")?;
    Ok(rows.into_iter().map(|row| (ListingId(row.need_id), row.generation)).collect())
}

/// Whether the suggestions for a need are about to be computed again.
pub async fn is_stale(db: &impl Read, need: ListingId) -> Result<bool, Fault> {
    Ok(stale::Entity::find_by_id(need.0).one(db.reader()).await.doing("reading whether a need waits")?.is_some())
}

pub(super) async fn make_stale(
    tx: &Tx,
    needs: impl IntoIterator<Item = ListingId>,
    mark: i64,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let rows: Vec<stale::ActiveModel> = needs
        .into_iter()
        .map(|need| stale::ActiveModel { need_id: Set(need.0), generation: Set(mark), since: Set(now) })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        stale::Entity::insert_many(chunk.to_vec())
            .on_conflict(OnConflict::column(stale::Column::NeedId).update_column(stale::Column::Generation).to_owned())
            .exec_without_returning(tx.reader())
            .await
            .doing("noting which needs wait for suggestions")?;
    }
    Ok(())
}

/// Takes a need off the list, unless it was put there again since `mark` or somebody else has
/// taken it; then `false`. The one who takes it holds it until the commit.
pub(super) async fn take(tx: &Tx, need: ListingId, mark: i64) -> Result<bool, Fault> {
    let done = stale::Entity::delete_many()
        .filter(stale::COLUMN.need_id.eq(need.0))
        .filter(stale::COLUMN.generation.eq(mark))
        .exec(tx.reader())
        .await
        .doing("taking a need off the list")?;
    Ok(done.rows_affected == 1)
}

/// Replaces what was found for a need.
pub(super) async fn replace(tx: &Tx, need: ListingId, found: &[Match]) -> Result<(), Fault> {
    row::Entity::delete_many()
        .filter(row::COLUMN.need_id.eq(need.0))
        .exec(tx.reader())
        .await
        .doing("removing old suggestions")?;
    let rows = found.iter().map(written).collect::<Result<Vec<_>, _>>()?;
    for chunk in rows.chunks(CHUNK) {
        row::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx.reader())
            .await
            .doing("writing suggestions")?;
    }
    Ok(())
}

fn written(found: &Match) -> Result<row::ActiveModel, Fault> {
    let parts: Vec<(&str, f64, f64)> =
        found.parts.iter().map(|part| (part.key.as_str(), part.points, part.of)).collect();
    Ok(row::ActiveModel {
        id: NotSet,
        need_id: Set(found.need.0),
        team_id: Set(found.team.0),
        result_id: Set(found.result.0),
        place: Set(found.place.map(i64::from)),
        score: Set(found.score),
        parts: Set(serde_json::to_string(&parts)?),
        words: Set(serde_json::to_string(&found.words)?),
        weights_version: Set(found.weights_version),
        excluded: Set(found.excluded.map(|reason| reason.as_str().to_owned())),
        computed_at: Set(found.computed_at),
    })
}

/// How many needs wait for suggestions.
pub async fn count_stale(db: &impl Read) -> Result<u64, Fault> {
    stale::Entity::find().count(db.reader()).await.doing("counting needs that wait for suggestions")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Db;

    #[tokio::test]
    async fn a_need_that_changes_while_it_is_computed_is_computed_again() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}", folder.path().join("park.db").display())).await.unwrap();
        db.migrate().await.unwrap();
        let (need, now) = (ListingId(7), Utc::now());
        let again = async |mark| db.write(async |tx| make_stale(tx, [need], mark, now).await).await.unwrap();
        let taken = async |mark| db.write(async |tx| take(tx, need, mark).await).await.unwrap();
        again(5).await;
        assert_eq!(stale(&db, 4, 9).await.unwrap(), [], "the index has not seen mark 5");
        assert_eq!(stale(&db, 5, 9).await.unwrap(), [(need, 5)]);
        // While it is being computed it is marked again: what was computed is thrown away.
        again(6).await;
        assert!(!taken(5).await);
        assert_eq!(stale(&db, 9, 9).await.unwrap(), [(need, 6)]);
        assert!(taken(6).await);
        assert!(!taken(6).await, "another worker took it");
        assert_eq!(stale(&db, 9, 9).await.unwrap(), []);
    }
}
