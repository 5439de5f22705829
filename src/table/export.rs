//! Writing rows that can be imported. Nothing that leads to a person goes out: no address, no
//! telephone, and of an anonymous need not its owner.

use crate::{
    app::App,
    enterprise,
    fault::Fault,
    id::ListingId,
    listing::{self, Kind},
    organisation::{self, OrganisationKind},
    table::{
        ExportArgs, RowKind, content, party,
        row::{self, Row},
    },
    team,
    zone::{self, Zone},
};

/// Rows that are read together.
const AT_ONCE: usize = 200;

/// The command: writes the file and says how many rows it holds.
pub async fn command(app: &App, args: &ExportArgs) -> Result<bool, Fault> {
    let zones = zone::store::all(&app.db).await?;
    let (names, rows) = match args.kind {
        RowKind::Need => (content::NAMES, listings(app, Kind::Need, &zones).await?),
        RowKind::Offer => (content::NAMES, listings(app, Kind::Offer, &zones).await?),
        RowKind::Result => (content::NAMES, listings(app, Kind::Result, &zones).await?),
        RowKind::Enterprise => (party::ENTERPRISE, enterprises(app, &zones).await?),
        RowKind::Team => (party::TEAM, teams(app, &zones).await?),
    };
    row::write(&args.file, names, &rows)?;
    println!("{} rows in {}", rows.len(), args.file.display());
    Ok(true)
}

async fn listings(app: &App, kind: Kind, zones: &[Zone]) -> Result<Vec<Row>, Fault> {
    let ids: Vec<ListingId> = listing::store::of_kind(&app.db, kind).await?;
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(AT_ONCE) {
        let mut found = listing::store::by_ids(&app.db, chunk).await?;
        found.sort_by_key(|listing| listing.id);
        for listing in found {
            let mut row = content::written(&listing.content, zones);
            row.set("id", format!("{}-{}", kind.as_str(), listing.id));
            row.set("state", listing.state.as_str());
            if !listing.content.anonymous {
                row.set("owner", listing.owner);
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

async fn enterprises(app: &App, zones: &[Zone]) -> Result<Vec<Row>, Fault> {
    let ids = organisation::store::of_kind(&app.db, OrganisationKind::Enterprise).await?;
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(AT_ONCE) {
        let mut found = enterprise::store::by_ids(&app.db, chunk).await?;
        found.sort_by_key(|enterprise| enterprise.organisation.id);
        rows.extend(found.iter().map(|enterprise| party::enterprise_row(enterprise, zones)));
    }
    Ok(rows)
}

async fn teams(app: &App, zones: &[Zone]) -> Result<Vec<Row>, Fault> {
    let ids = organisation::store::of_kind(&app.db, OrganisationKind::Team).await?;
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(AT_ONCE) {
        let mut found = team::store::by_ids(&app.db, chunk).await?;
        found.sort_by_key(|team| team.organisation.id);
        rows.extend(found.iter().map(|team| party::team_row(team, zones)));
    }
    Ok(rows)
}
