//! `jixiao export`.

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand};
use jixiao_service::pack::{self, Extent};
use jixiao_service::user;

use crate::app::{failed, open, operator};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write an audit pack, which tests/verifier recomputes offline (docs/audit-pack.md).
    AuditPack(PackArgs),
}

#[derive(Args, Debug)]
pub(super) struct PackArgs {
    /// An empty folder, made when it is not there; or a new file ending in .zip.
    #[arg(long)]
    out: PathBuf,
    /// What this auditor may see; without it everything.
    #[arg(long)]
    user: Option<String>,
    /// Of this jurisdiction and all below it.
    #[arg(long)]
    jurisdiction: Option<String>,
    /// Of this fiscal year.
    #[arg(long)]
    year: Option<i32>,
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let Command::AuditPack(args) = command;
    let (db, ctx) = (open(config).await?, operator());
    let user = match &args.user {
        Some(name) => {
            let found = user::by_username(&db, name).await.map_err(failed)?;
            Some(found.with_context(|| format!("没有用户{name} / there is no user {name}"))?)
        }
        None => None,
    };
    let extent = Extent { user, jurisdiction_code: args.jurisdiction, fiscal_year: args.year };
    let zip = args.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    let made = if zip {
        ensure!(!args.out.exists(), "文件已存在 / the file exists: {}", args.out.display());
        pack::write_zip(&db, &ctx, &extent, &args.out).await.map_err(failed)?
    } else {
        if args.out.exists() {
            let empty = std::fs::read_dir(&args.out)?.next().is_none();
            ensure!(empty, "目录须为空 / the folder must be empty: {}", args.out.display());
        }
        pack::write(&db, &ctx, &extent, &args.out).await.map_err(failed)?
    };
    for (name, lines) in &made.lines {
        println!("{lines:>10} {name}");
    }
    println!("日志末条 / head of the log: {} {}", made.head.sequence, made.head.hash);
    println!("指纹 / fingerprint: {}", made.fingerprint);
    Ok(())
}
