//! `jixiao export`.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow, ensure};
use clap::{Args, Subcommand};
use futures_util::TryStreamExt;
use jixiao_service::ctx::{Ctx, Lang};
use jixiao_service::pack::{self, Extent};
use jixiao_service::user;
use tokio::fs::File;
use tokio::io::{AsyncWrite, AsyncWriteExt, stdout};

use super::progress::watched;
use crate::app::{failed, open};
use crate::config::Config;
use crate::export::{Asked, export};
use crate::graphql::error::ApiError;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write an audit pack, which tests/verifier recomputes offline (docs/audit-pack.md).
    AuditPack(PackArgs),
    /// Declarations with their result at year-end (this and what follows: docs/exports.md).
    Declarations(ListingArgs),
    /// Indicators with target, actual value and achievement.
    Indicators(ListingArgs),
    /// Achievement rates by dimensions; needs `--arg groupBy=…`.
    AchievementSummary(ListingArgs),
    /// What changed of an object; needs `--arg nodeId=…`.
    AuditTrail(ListingArgs),
    /// Who read what is not everybody's.
    AccessLog(ListingArgs),
    /// Rectifications.
    Rectifications(ListingArgs),
    /// What is published or withheld.
    Publications(ListingArgs),
    /// Evidence files.
    Evidence(ListingArgs),
    /// What the checks find.
    Findings(ListingArgs),
    /// 申报表; needs `--format xlsx` (or html) `--arg departmentCode=… --arg fiscalYear=…`, as the next two.
    Form(ListingArgs),
    /// 监控表 of mid-year, or of another `--arg period=…`.
    MonitoringForm(ListingArgs),
    /// 自评表.
    SelfEvaluationForm(ListingArgs),
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

#[derive(Args, Debug)]
pub(super) struct ListingArgs {
    /// csv or xlsx; of a form xlsx or html.
    #[arg(long, default_value = "csv", value_parser = ["csv", "xlsx", "html"])]
    format: String,
    /// An argument of the listing as JSON or bare text, such as `filter={"fiscalYears":[2024]}`; may be repeated.
    #[arg(long = "arg", value_name = "NAME=VALUE", value_parser = pair)]
    arguments: Vec<(String, String)>,
    /// Headings and words in English.
    #[arg(long)]
    english: bool,
    /// The file to write; standard output without it.
    #[arg(long)]
    output: Option<PathBuf>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    match command {
        Command::AuditPack(args) => audit_pack(config, args).await,
        Command::Declarations(args) => listing(config, "declarations", args).await,
        Command::Indicators(args) => listing(config, "indicators", args).await,
        Command::AchievementSummary(args) => listing(config, "achievement-summary", args).await,
        Command::AuditTrail(args) => listing(config, "audit-trail", args).await,
        Command::AccessLog(args) => listing(config, "access-log", args).await,
        Command::Rectifications(args) => listing(config, "rectifications", args).await,
        Command::Publications(args) => listing(config, "publications", args).await,
        Command::Evidence(args) => listing(config, "evidence", args).await,
        Command::Findings(args) => listing(config, "findings", args).await,
        Command::Form(args) => listing(config, "form", args).await,
        Command::MonitoringForm(args) => listing(config, "monitoring-form", args).await,
        Command::SelfEvaluationForm(args) => listing(config, "self-evaluation-form", args).await,
    }
}

async fn audit_pack(config: &Config, args: PackArgs) -> anyhow::Result<()> {
    let db = open(config).await?;
    let (ctx, bar) = watched();
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
    drop(bar);
    for (name, lines) in &made.lines {
        println!("{lines:>10} {name}");
    }
    println!("日志末条 / head of the log: {} {}", made.head.sequence, made.head.hash);
    println!("指纹 / fingerprint: {}", made.fingerprint);
    Ok(())
}

async fn listing(config: &Config, listing: &str, args: ListingArgs) -> anyhow::Result<()> {
    let db = open(config).await?;
    let (ctx, _bar) = watched();
    let ctx = Ctx { lang: if args.english { Lang::En } else { Lang::Zh }, ..ctx };
    let asked = Asked { listing: listing.to_owned(), format: args.format, arguments: args.arguments };
    let exported = export(&db, &ctx, asked).await.map_err(told)?;
    let mut to: Box<dyn AsyncWrite + Unpin> = match &args.output {
        Some(path) => Box::new(File::create(path).await?),
        None => Box::new(stdout()),
    };
    let mut bytes = exported.bytes;
    while let Some(part) = bytes.try_next().await.map_err(failed)? {
        to.write_all(&part).await?;
    }
    to.flush().await?;
    Ok(())
}

/// An error for the terminal.
fn told(error: ApiError) -> anyhow::Error {
    let message = error.message();
    anyhow!("{}: {} / {}", error.code(), message.zh, message.en)
}
