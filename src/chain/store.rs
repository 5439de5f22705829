//! Rows of chains, nodes, edges and members.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{
    chain::{Chain, NewChain, NewNode, Node, Role, Stage},
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{ChainId, ListingId, NodeId, OrganisationId, ZoneId},
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "chains")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) slug: String,
        pub(crate) zone_id: i64,
        pub(crate) name_zh: String,
        pub(crate) name_en: String,
        pub(crate) about_zh: String,
        pub(crate) about_en: String,
        pub(crate) position: i64,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod node_row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "chain_nodes")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) chain_id: i64,
        pub(crate) name_zh: String,
        pub(crate) name_en: String,
        pub(crate) stage: String,
        pub(crate) need_id: Option<i64>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod edge_row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "chain_edges")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) from_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) to_id: i64,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod member_row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "node_members")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) node_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) organisation_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) role: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// Every chain with everything in it, in the order of the hall. Members that are not (or no longer)
/// verified are left in: whoever shows a chain asks [`Chain::organisations`] and takes them out.
pub async fn all(db: &impl Read) -> Result<Vec<Chain>, Fault> {
    let rows = row::Entity::find()
        .order_by_asc(row::Column::Position)
        .order_by_asc(row::Column::Id)
        .all(db.reader())
        .await
        .doing("reading chains")?;
    with_nodes(db, rows).await
}

/// The chain with this slug.
pub async fn by_slug(db: &impl Read, slug: &str) -> Result<Option<Chain>, Fault> {
    let rows = row::Entity::find().filter(row::COLUMN.slug.eq(slug)).all(db.reader()).await.doing("reading a chain")?;
    Ok(with_nodes(db, rows).await?.pop())
}

async fn with_nodes(db: &impl Read, rows: Vec<row::Model>) -> Result<Vec<Chain>, Fault> {
    let chains: Vec<i64> = rows.iter().map(|row| row.id).collect();
    if chains.is_empty() {
        return Ok(Vec::new());
    }
    let nodes = node_row::Entity::find()
        .filter(node_row::COLUMN.chain_id.is_in(chains))
        .order_by_asc(node_row::Column::Id)
        .all(db.reader())
        .await
        .doing("reading the nodes of chains")?;
    let ids: Vec<i64> = nodes.iter().map(|node| node.id).collect();
    let edges = edge_row::Entity::find()
        .filter(edge_row::COLUMN.from_id.is_in(ids.clone()))
        .all(db.reader())
        .await
        .doing("reading the edges of chains")?;
    let members = member_row::Entity::find()
        .filter(member_row::COLUMN.node_id.is_in(ids))
        .all(db.reader())
        .await
        .doing("reading who stands in chains")?;
    let mut of_node: HashMap<i64, BTreeSet<(Role, OrganisationId)>> = HashMap::new();
    for member in members {
        let role = Role::parse(&member.role).ok_or_else(|| Fault::corrupt("the role of a node's member"))?;
        of_node.entry(member.node_id).or_default().insert((role, OrganisationId(member.organisation_id)));
    }
    let chain_of: HashMap<i64, i64> = nodes.iter().map(|node| (node.id, node.chain_id)).collect();
    let mut of_chain: HashMap<i64, Vec<Node>> = HashMap::new();
    for node in nodes {
        let stage = Stage::parse(&node.stage).ok_or_else(|| Fault::corrupt("the stage of a node"))?;
        let content = NewNode { name: [node.name_zh, node.name_en], stage, need: node.need_id.map(ListingId) };
        let members = of_node.remove(&node.id).unwrap_or_default();
        of_chain.entry(node.chain_id).or_default().push(Node { id: NodeId(node.id), content, members });
    }
    let mut edges_of: HashMap<i64, BTreeSet<(NodeId, NodeId)>> = HashMap::new();
    for edge in edges {
        if let Some(chain) = chain_of.get(&edge.from_id) {
            edges_of.entry(*chain).or_default().insert((NodeId(edge.from_id), NodeId(edge.to_id)));
        }
    }
    let chain = |row: row::Model| Chain {
        id: ChainId(row.id),
        nodes: of_chain.remove(&row.id).unwrap_or_default(),
        edges: edges_of.remove(&row.id).unwrap_or_default(),
        content: NewChain {
            slug: row.slug,
            zone: ZoneId(row.zone_id),
            name: [row.name_zh, row.name_en],
            about: [row.about_zh, row.about_en],
        },
    };
    Ok(rows.into_iter().map(chain).collect())
}

/// Keeps every other change of this chain waiting until the transaction ends.
pub(super) async fn hold(tx: &Tx, slug: &str) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::Position, Expr::col(row::Column::Position))
        .filter(row::COLUMN.slug.eq(slug))
        .exec(tx.reader())
        .await
        .doing("holding a chain")?;
    Ok(())
}

pub(super) async fn insert(tx: &Tx, new: &NewChain) -> Result<ChainId, Fault> {
    let ([name_zh, name_en], [about_zh, about_en]) = (new.name.clone(), new.about.clone());
    let last = all(tx).await?.len();
    let row = row::ActiveModel {
        id: NotSet,
        slug: Set(new.slug.clone()),
        zone_id: Set(new.zone.0),
        name_zh: Set(name_zh),
        name_en: Set(name_en),
        about_zh: Set(about_zh),
        about_en: Set(about_en),
        position: Set(i64::try_from(last).unwrap_or(i64::MAX)),
    };
    let row = row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("opening a chain")?;
    Ok(ChainId(row.id))
}

pub(super) async fn insert_node(tx: &Tx, chain: ChainId, new: &NewNode) -> Result<NodeId, Fault> {
    let [name_zh, name_en] = new.name.clone();
    let row = node_row::ActiveModel {
        id: NotSet,
        chain_id: Set(chain.0),
        name_zh: Set(name_zh),
        name_en: Set(name_en),
        stage: Set(new.stage.as_str().to_owned()),
        need_id: Set(new.need.map(|need| need.0)),
    };
    let row = node_row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("adding a node")?;
    Ok(NodeId(row.id))
}

pub(super) async fn update_node(tx: &Tx, node: NodeId, new: &NewNode) -> Result<(), Fault> {
    node_row::Entity::update_many()
        .col_expr(node_row::Column::NameZh, Expr::value(new.name[0].as_str()))
        .col_expr(node_row::Column::NameEn, Expr::value(new.name[1].as_str()))
        .col_expr(node_row::Column::Stage, Expr::value(new.stage.as_str()))
        .col_expr(node_row::Column::NeedId, Expr::value(new.need.map(|need| need.0)))
        .filter(node_row::COLUMN.id.eq(node.0))
        .exec(tx.reader())
        .await
        .doing("rewriting a node")?;
    Ok(())
}

pub(super) async fn delete_node(tx: &Tx, node: NodeId) -> Result<(), Fault> {
    let touching = edge_row::Column::FromId.eq(node.0).or(edge_row::Column::ToId.eq(node.0));
    edge_row::Entity::delete_many().filter(touching).exec(tx.reader()).await.doing("removing a node's edges")?;
    member_row::Entity::delete_many()
        .filter(member_row::COLUMN.node_id.eq(node.0))
        .exec(tx.reader())
        .await
        .doing("removing a node's members")?;
    node_row::Entity::delete_by_id(node.0).exec(tx.reader()).await.doing("removing a node")?;
    Ok(())
}

pub(super) async fn insert_edge(tx: &Tx, from: NodeId, to: NodeId) -> Result<(), Fault> {
    let row = edge_row::ActiveModel { from_id: Set(from.0), to_id: Set(to.0) };
    edge_row::Entity::insert(row)
        .on_conflict(OnConflict::columns([edge_row::Column::FromId, edge_row::Column::ToId]).do_nothing().to_owned())
        .exec_without_returning(tx.reader())
        .await
        .doing("joining two nodes")?;
    Ok(())
}

pub(super) async fn delete_edge(tx: &Tx, from: NodeId, to: NodeId) -> Result<(), Fault> {
    edge_row::Entity::delete_many()
        .filter(edge_row::COLUMN.from_id.eq(from.0))
        .filter(edge_row::COLUMN.to_id.eq(to.0))
        .exec(tx.reader())
        .await
        .doing("parting two nodes")?;
    Ok(())
}

pub(super) async fn insert_member(
    tx: &Tx,
    node: NodeId,
    organisation: OrganisationId,
    role: Role,
) -> Result<(), Fault> {
    let row = member_row::ActiveModel {
        node_id: Set(node.0),
        organisation_id: Set(organisation.0),
        role: Set(role.as_str().to_owned()),
    };
    let columns = [member_row::Column::NodeId, member_row::Column::OrganisationId, member_row::Column::Role];
    member_row::Entity::insert(row)
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(tx.reader())
        .await
        .doing("naming who stands in a node")?;
    Ok(())
}

pub(super) async fn delete_member(
    tx: &Tx,
    node: NodeId,
    organisation: OrganisationId,
    role: Role,
) -> Result<(), Fault> {
    member_row::Entity::delete_many()
        .filter(member_row::COLUMN.node_id.eq(node.0))
        .filter(member_row::COLUMN.organisation_id.eq(organisation.0))
        .filter(member_row::COLUMN.role.eq(role.as_str()))
        .exec(tx.reader())
        .await
        .doing("taking somebody out of a node")?;
    Ok(())
}
