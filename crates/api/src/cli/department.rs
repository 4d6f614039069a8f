//! `jixiao department`.

use clap::Subcommand;
use jixiao_service::department;

use super::batch::{FileArgs, ended, notices, staged, told};
use super::progress::watched;
use crate::app::{failed, open};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make the departments in a CSV or .xlsx file: code, name, jurisdictionCode.
    Import(FileArgs),
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let Command::Import(args) = command;
    let limit = config.limits.max_import_bytes;
    let file = staged(&args, limit).await?;
    let db = open(config).await?;
    let (ctx, bar) = watched();
    let done = department::import(&db, &ctx, args.manner(), &file, limit).await.map_err(failed)?;
    drop(bar);
    notices(&done.notices);
    for (row, code) in done.done.rows.iter().zip(&done.codes) {
        if row.written {
            println!("{code}");
        }
        told(row);
    }
    ended(&args, &done.done.rows)
}
