//! Staff change a chain, one thing at a time, without a programmer.

use crate::{
    app::App,
    chain::{Chain, NewChain, NewNode, Role, store},
    fault::Fault,
    id::{ChainId, NodeId, OrganisationId},
};

/// Why a chain was not changed.
#[derive(Debug)]
pub enum Error {
    /// There is no such chain, or no such node in it.
    Gone,
    /// Another chain has this slug.
    Taken,
    /// The edge would close this circle; it begins and ends with the same node.
    Circle(Vec<NodeId>),
    /// Our mistake or the world's.
    Fault(Fault),
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// One change of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A node comes.
    AddNode(NewNode),
    /// A node is called otherwise, stands elsewhere, or has another need.
    ReviseNode(NodeId, NewNode),
    /// A node goes, with its edges and members.
    RemoveNode(NodeId),
    /// Something flows from one node to another.
    Join(NodeId, NodeId),
    /// Nothing does any more.
    Part(NodeId, NodeId),
    /// An organisation has to do with a node.
    Name(NodeId, OrganisationId, Role),
    /// It has not.
    Forget(NodeId, OrganisationId, Role),
}

/// Opens a chain without nodes.
pub async fn open(app: &App, new: &NewChain) -> Result<ChainId, Error> {
    app.db
        .write(async |tx| {
            if store::by_slug(tx, &new.slug).await?.is_some() {
                return Err(Error::Taken);
            }
            Ok(store::insert(tx, new).await?)
        })
        .await
}

/// Changes the chain with this slug. What is changed already stays as it is. A new node's number is
/// returned.
pub async fn change(app: &App, slug: &str, change: &Change) -> Result<Option<NodeId>, Error> {
    app.db
        .write(async |tx| {
            // Two edges that close a circle together must not both be let in, so changes of a chain
            // wait for each other; PostgreSQL would let them by.
            store::hold(tx, slug).await?;
            let chain = store::by_slug(tx, slug).await?.ok_or(Error::Gone)?;
            match change {
                Change::AddNode(new) => return Ok(Some(store::insert_node(tx, chain.id, new).await?)),
                Change::ReviseNode(node, new) => store::update_node(tx, known(&chain, *node)?, new).await?,
                Change::RemoveNode(node) => store::delete_node(tx, known(&chain, *node)?).await?,
                Change::Join(from, to) => {
                    let (from, to) = (known(&chain, *from)?, known(&chain, *to)?);
                    if let Some(circle) = chain.circle(from, to) {
                        return Err(Error::Circle(circle));
                    }
                    store::insert_edge(tx, from, to).await?;
                }
                Change::Part(from, to) => store::delete_edge(tx, *from, *to).await?,
                Change::Name(node, organisation, role) => {
                    store::insert_member(tx, known(&chain, *node)?, *organisation, *role).await?;
                }
                Change::Forget(node, organisation, role) => {
                    store::delete_member(tx, known(&chain, *node)?, *organisation, *role).await?;
                }
            }
            Ok(None)
        })
        .await
}

fn known(chain: &Chain, node: NodeId) -> Result<NodeId, Error> {
    chain.node(node).map(|node| node.id).ok_or(Error::Gone)
}
