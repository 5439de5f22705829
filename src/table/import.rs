//! Loading rows. Rows are saved in small transactions, so that a large file neither holds up a
//! running site nor is lost whole when it is interrupted; running it again goes on.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::{
    app::App,
    db::Tx,
    fault::{Context, Fault},
    id::{ListingId, OrganisationId},
    listing::{self, Content, Kind, Listing, Scores, State, Verdict},
    organisation,
    table::{
        ImportArgs, RowKind, content, party,
        row::{self, Refused, Row},
    },
    zone::{self, Zone},
};

/// Rows that are saved together.
const AT_ONCE: usize = 50;
/// How many bytes of refused rows are kept, to be written with their reasons; later ones have the line and the reason alone.
const MOST_REFUSED_TEXT: usize = 32 * 1024 * 1024;
/// Rows for which one organisation is invented when none is named.
const ROWS_AN_OWNER: usize = 20;

/// What came of an import.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that made something new.
    pub made: usize,
    /// Rows that changed what an earlier import had made.
    pub updated: usize,
    /// Rows that were refused.
    pub refused: usize,
}

/// The command: loads the file, tells what came of it, and says whether every row was good.
pub async fn command(app: &App, args: &ImportArgs) -> Result<bool, Fault> {
    let started = std::time::Instant::now();
    let mut last = 0;
    let done = import(app, args, |now| {
        if now >= last + 500 {
            last = now;
            eprint!("\r{now} rows");
        }
    })
    .await?;
    eprintln!();
    let rows = done.made + done.updated + done.refused;
    let seconds = started.elapsed().as_secs_f64().max(0.001);
    let rate = (f64::from(u32::try_from(rows).unwrap_or(u32::MAX)) / seconds).round();
    let tried = if args.dry_run { " (nothing was saved)" } else { "" };
    println!(
        "{} new, {} updated, {} refused in {seconds:.1} s, {rate} rows a second{tried}",
        done.made, done.updated, done.refused
    );
    Ok(done.refused == 0)
}

/// Loads a file, some rows at a time, so that its size does not matter. `progress` hears how many rows are done.
pub async fn import(app: &App, args: &ImportArgs, mut progress: impl FnMut(usize)) -> Result<Imported, Fault> {
    let mut rows = row::read(&args.file)?;
    let mut loader = Loader::new(app, args).await?;
    let mut done = Imported::default();
    let mut refused = Refusals::default();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut finished = 0;
    loop {
        let mut good = Vec::new();
        let mut taken = 0;
        for row in rows.by_ref().take(AT_ONCE) {
            taken += 1;
            match row.and_then(|(line, row)| loader.judge(line, row, &mut seen)) {
                Ok(judged) => good.push(judged),
                Err(bad) => refused.add(bad),
            }
        }
        if taken == 0 {
            break;
        }
        let saved = if args.dry_run || good.is_empty() {
            good.iter().map(|_| Ok(Saved::Made)).collect()
        } else {
            loader.save(&good).await?
        };
        for (judged, saved) in good.into_iter().zip(saved) {
            match saved {
                Ok(Saved::Made) => done.made += 1,
                Ok(Saved::Updated) => done.updated += 1,
                Err(reason) => refused.add(Refused { line: judged.line, row: judged.row, reason }),
            }
        }
        finished += taken;
        progress(finished);
    }
    let mut refused = refused.rows;
    refused.sort_by_key(|each| each.line);
    done.refused = refused.len();
    match &args.errors {
        Some(path) => row::write_refused(path, &refused)?,
        None => refused.iter().take(20).for_each(|each| eprintln!("line {}: {}", each.line, each.reason)),
    }
    app.wake.notify_waiters();
    Ok(done)
}

/// What was refused; of a file that is wrong as a whole, not all of its text is kept.
#[derive(Default)]
struct Refusals {
    rows: Vec<Refused>,
    weight: usize,
}

impl Refusals {
    fn add(&mut self, mut refused: Refused) {
        self.weight += refused.row.weight();
        if self.weight > MOST_REFUSED_TEXT {
            refused.row = Row::default();
        }
        self.rows.push(refused);
    }
}

/// A good row.
struct Judged {
    line: usize,
    row: Row,
    what: What,
}

enum What {
    Listing(Box<Content>),
    Party(Box<party::Party>),
}

enum Saved {
    Made,
    Updated,
}

struct Loader<'a> {
    app: &'a App,
    args: &'a ImportArgs,
    zones: Vec<Zone>,
    today: NaiveDate,
    /// New listings so far whose owner had to be invented.
    made: usize,
}

impl<'a> Loader<'a> {
    async fn new(app: &'a App, args: &'a ImportArgs) -> Result<Self, Fault> {
        let mut zones = zone::store::all(&app.db).await?;
        if zones.is_empty() && !args.dry_run {
            zone::create::create(app, &party::first_zone()).await?;
            zones = zone::store::all(&app.db).await?;
        }
        if let Some(owner) = args.owner {
            let kind = listing_kind(args.kind).map(Kind::owners);
            let found = organisation::store::by_id(&app.db, OrganisationId(owner)).await?;
            if kind.is_none() || found.map(|owner| owner.kind) != kind {
                return Err(Fault::other(format!(
                    "--owner {owner} is no organisation that posts such rows; look its number up in the address of its page"
                )));
            }
        }
        let today = app.clock.now().with_timezone(&app.config.time_zone).date_naive();
        Ok(Self { app, args, zones, today, made: 0 })
    }

    fn judge(&self, line: usize, row: Row, seen: &mut HashMap<String, usize>) -> Result<Judged, Refused> {
        let id = row.text("id").to_owned();
        let what = if let Some(before) = seen.get(&id).filter(|_| !id.is_empty()) {
            Err(format!("id {id:?} stands on line {before} already"))
        } else {
            match listing_kind(self.args.kind) {
                Some(_) if id.is_empty() => {
                    Err("id is missing; it is the key by which the row is found again".to_owned())
                }
                Some(kind) => content::read(&row, kind, &self.zones, self.today, &self.app.templates)
                    .map(|content| What::Listing(Box::new(content))),
                None => party::read(&row, self.args.kind, &self.zones).map(|party| What::Party(Box::new(party))),
            }
        };
        match what {
            Ok(what) => {
                seen.insert(id, line);
                Ok(Judged { line, row, what })
            }
            Err(reason) => Err(Refused { line, row, reason }),
        }
    }

    /// Saves some rows in one transaction; each is saved, or refused with a reason.
    async fn save(&mut self, rows: &[Judged]) -> Result<Vec<Result<Saved, String>>, Fault> {
        let (app, args, zones, mut made) = (self.app, self.args, &self.zones, self.made);
        let (saved, made) = app
            .db
            .write(async |tx| {
                let mut saved = Vec::with_capacity(rows.len());
                for row in rows {
                    saved.push(match &row.what {
                        What::Party(party) => party::save(tx, app, party, args.publish).await?.map(made_or_updated),
                        What::Listing(content) => {
                            let kind = listing_kind(args.kind).ok_or_else(|| Fault::other("not a listing"))?;
                            let id = row.row.text("id");
                            let known = known(tx, kind, id).await?;
                            let origin = match known {
                                Some(known) => Origin::Known(Box::new(known)),
                                None => {
                                    let owner = match self.owner(tx, &row.row).await? {
                                        Some(owner) => owner,
                                        None => {
                                            made += 1;
                                            party::invented(tx, app, kind.owners(), (made - 1) / ROWS_AN_OWNER, zones)
                                                .await?
                                        }
                                    };
                                    Origin::New(kind, owner)
                                }
                            };
                            save_listing(tx, app, args, origin, id, content).await?
                        }
                    });
                }
                Ok::<_, Fault>((saved, made))
            })
            .await
            .doing("saving rows")?;
        self.made = made;
        Ok(saved)
    }

    /// The organisation that the command or the row names, if it posts such rows.
    async fn owner(&self, tx: &Tx, row: &Row) -> Result<Option<OrganisationId>, Fault> {
        if let Some(owner) = self.args.owner {
            return Ok(Some(OrganisationId(owner)));
        }
        let Ok(owner) = row.text("owner").parse() else { return Ok(None) };
        let found = organisation::store::by_id(tx, OrganisationId(owner)).await?;
        Ok(found
            .filter(|found| Some(found.kind) == listing_kind(self.args.kind).map(Kind::owners))
            .map(|found| found.id))
    }
}

/// Where a row's listing comes from.
enum Origin {
    /// An earlier row with this key, or a listing of this site.
    Known(Box<Listing>),
    /// It is new, and belongs to this organisation.
    New(Kind, OrganisationId),
}

fn made_or_updated(is_new: bool) -> Saved {
    if is_new { Saved::Made } else { Saved::Updated }
}

/// The kind of listing that rows are; `None` for organisations.
fn listing_kind(kind: RowKind) -> Option<Kind> {
    match kind {
        RowKind::Need => Some(Kind::Need),
        RowKind::Offer => Some(Kind::Offer),
        RowKind::Result => Some(Kind::Result),
        RowKind::Enterprise | RowKind::Team => None,
    }
}

async fn save_listing(
    tx: &Tx,
    app: &App,
    args: &ImportArgs,
    origin: Origin,
    id: &str,
    content: &Content,
) -> Result<Result<Saved, String>, Fault> {
    let owner = match &origin {
        Origin::Known(known) => known.owner,
        Origin::New(_, owner) => *owner,
    };
    let mut content = content.clone();
    if content.zone.is_none() {
        // A listing that names no zone stands in its owner's.
        content.zone = organisation::store::by_id(tx, owner).await?.map(|owner| owner.zone);
    }
    let (listing, state, saved) = match origin {
        Origin::Known(known) => {
            listing::draft::rewrite_in(tx, app, known.id, known.version, &content).await?;
            (known.id, known.state, Saved::Updated)
        }
        Origin::New(kind, owner) => {
            let key = import_key(kind, id);
            let id = listing::draft::create_in(tx, app, None, owner, kind, &content, Some(&key)).await?;
            (id, State::Draft, Saved::Made)
        }
    };
    if args.publish
        && let Err(reason) = publish(tx, app, listing, state).await?
    {
        return Ok(Err(reason));
    }
    Ok(Ok(saved))
}

/// The listing that a row with this `id` made before, or that was exported with it.
async fn known(tx: &Tx, kind: Kind, id: &str) -> Result<Option<Listing>, Fault> {
    if let Some(number) = own_number(kind, id)
        && let Some(own) = listing::store::by_id(tx, number).await?
        && own.kind == kind
    {
        return Ok(Some(own));
    }
    listing::store::by_import_key(tx, &import_key(kind, id)).await
}

fn import_key(kind: Kind, id: &str) -> String {
    format!("{}:{id}", kind.as_str())
}

/// A row that was exported by this site names its listing by `need-12`.
fn own_number(kind: Kind, id: &str) -> Option<ListingId> {
    id.strip_prefix(kind.as_str())?.strip_prefix('-')?.parse().ok()
}

/// Takes a listing to where staff would take it: looked at, and live.
async fn publish(tx: &Tx, app: &App, id: ListingId, state: State) -> Result<Result<(), String>, Fault> {
    if matches!(state, State::Draft | State::Returned) {
        match listing::submit::submit_in(tx, app, id).await {
            Ok(()) => {}
            Err(listing::submit::Error::Fault(fault)) => return Err(fault),
            Err(refused) => return Ok(Err(format!("it cannot be sent to staff: {refused:?}"))),
        }
    } else if state != State::InReview {
        return Ok(Ok(()));
    }
    let scores = Scores { clarity: 3, measurability: 2, feasibility: 3, completeness: 2 };
    match listing::review::review_in(tx, app, None, id, Verdict::Publish, scores, "").await {
        Ok(()) => Ok(Ok(())),
        Err(listing::review::Error::Fault(fault)) => Err(fault),
        Err(refused) => Ok(Err(format!("it cannot be published: {refused:?}"))),
    }
}
