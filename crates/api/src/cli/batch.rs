//! What the commands that read a file of many rows share.

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;
use jixiao_service::actual_value::Mode;
use jixiao_service::batch::{Manner, Row};
use jixiao_service::file::Staged;
use jixiao_service::table::TableNotice;

#[derive(Args, Debug)]
pub(super) struct FileArgs {
    /// CSV or .xlsx; `-` for standard input.
    file: PathBuf,
    /// Write the rows that are right although others are refused.
    #[arg(long)]
    valid_rows: bool,
    /// Only tell what would be done.
    #[arg(long)]
    dry_run: bool,
}

impl FileArgs {
    pub(super) fn manner(&self) -> Manner {
        let mode = if self.valid_rows { Mode::ValidRows } else { Mode::AllOrNothing };
        Manner { mode, dry_run: self.dry_run }
    }
}

pub(super) async fn staged(args: &FileArgs, limit: u64) -> anyhow::Result<Staged> {
    super::staged(&args.file, limit).await
}

pub(super) fn notices(notices: &[TableNotice]) {
    for notice in notices {
        eprintln!("{}: {} / {}", notice.code, notice.message.zh, notice.message.en);
    }
}

/// Prints what is wrong with a row.
pub(super) fn told(row: &Row) {
    for one in &row.violations {
        eprintln!("{} {} / {}", one.code, one.message.zh, one.message.en);
    }
}

/// The last line; an error when any row was refused.
pub(super) fn ended(args: &FileArgs, rows: &[Row]) -> anyhow::Result<()> {
    let refused = rows.iter().filter(|row| !row.violations.is_empty()).count();
    let written = rows.iter().filter(|row| row.written).count();
    if args.dry_run {
        eprintln!("可以导入 / would import: {}", rows.len() - refused);
    } else {
        eprintln!("已导入 / imported: {written}");
    }
    ensure!(refused == 0, "有误的行 / rows refused: {refused}");
    Ok(())
}
