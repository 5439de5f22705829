//! Lines and sheets: what comes in and goes out as `.jsonl` and `.csv`.
//!
//! A row is good or it is refused with a reason; good rows are saved whatever becomes of the
//! others. The row's `id` is its key, so importing a file again updates what it made before.
//!
//! **Invariant:** what is exported can be imported (`what_is_exported_can_be_imported`).

mod content;
pub mod export;
pub mod import;
mod party;
mod row;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RowKind {
    /// 企业.
    Enterprise,
    /// 团队.
    Team,
    /// 需求.
    Need,
    /// 供给.
    Offer,
    /// 成果.
    Result,
}

/// `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// What the rows are.
    #[arg(long, value_enum)]
    pub kind: RowKind,
    /// A `.jsonl` or `.csv` file.
    pub file: PathBuf,
    /// Read and judge every row, and save nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Where refused rows are written, each with its reason.
    #[arg(long)]
    pub errors: Option<PathBuf>,
    /// Review and publish every listing at once, as staff would.
    #[arg(long)]
    pub publish: bool,
    /// The organisation whose listings these are; without it, one invented organisation for every 20 rows.
    #[arg(long)]
    pub owner: Option<i64>,
}

/// `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// What to write.
    #[arg(long, value_enum)]
    pub kind: RowKind,
    /// A `.jsonl` or `.csv` file.
    pub file: PathBuf,
}
