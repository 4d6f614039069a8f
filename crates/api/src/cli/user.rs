//! `jixiao user`.

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jixiao_rules::cycle::Role;
use jixiao_service::db::Db;
use jixiao_service::id::UserId;
use jixiao_service::user::{self, Create, NewGrant};

use super::batch::{FileArgs, ended, notices, staged, told};
use super::progress::watched;
use crate::app::{failed, open, operator};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a user with one role; the password is read from standard input.
    Add {
        /// Name to sign in with.
        username: String,
        /// Name for people.
        #[arg(long)]
        name: String,
        /// The role.
        #[command(flatten)]
        grant: GrantArgs,
    },
    /// Grant a user one role more.
    Grant {
        /// Name to sign in with.
        username: String,
        /// The role.
        #[command(flatten)]
        grant: GrantArgs,
    },
    /// Make the accounts in a CSV or .xlsx file: username, displayName, password, role, departmentCode, jurisdictionCode.
    /// Passwords that the file does not give are made, and printed after the name, with a tab between.
    Import(FileArgs),
    /// Close an account and end its sessions.
    Disable {
        /// Name to sign in with.
        username: String,
    },
}

#[derive(Args, Debug)]
pub(super) struct GrantArgs {
    /// UNIT_FILER, DEPARTMENT_REVIEWER, FINANCE_REVIEWER, AUDITOR or ADMIN.
    #[arg(long)]
    role: Role,
    /// For this department.
    #[arg(long, conflicts_with = "jurisdiction")]
    department: Option<String>,
    /// For this jurisdiction and all below it.
    #[arg(long)]
    jurisdiction: Option<String>,
}

impl From<GrantArgs> for NewGrant {
    fn from(args: GrantArgs) -> Self {
        Self { role: args.role, department_code: args.department, jurisdiction_code: args.jurisdiction }
    }
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { username, name, grant } => {
            eprintln!("密码 / password:");
            let mut password = String::new();
            std::io::stdin().read_line(&mut password)?;
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            let new = Create { username: username.clone(), display_name: name, password, grants: vec![grant.into()] };
            user::create(&open(config).await?, &operator(), &new).await.map_err(failed)?;
            println!("已添加用户 / user added: {username}");
        }
        Command::Grant { username, grant } => {
            let db = open(config).await?;
            let id = find(&db, &username).await?;
            user::add_grant(&db, &operator(), id, &grant.into()).await.map_err(failed)?;
            println!("已授予角色 / role granted: {username}");
        }
        Command::Import(args) => import(config, &args).await?,
        Command::Disable { username } => {
            let db = open(config).await?;
            let id = find(&db, &username).await?;
            user::set_disabled(&db, &operator(), id, true).await.map_err(failed)?;
            println!("已停用账号 / account closed: {username}");
        }
    }
    Ok(())
}

async fn import(config: &Config, args: &FileArgs) -> anyhow::Result<()> {
    let limit = config.limits.max_import_bytes;
    let file = staged(args, limit).await?;
    let db = open(config).await?;
    let (ctx, bar) = watched();
    let done = user::import(&db, &ctx, args.manner(), &file, limit).await.map_err(failed)?;
    drop(bar);
    notices(&done.notices);
    let mut rows = Vec::with_capacity(done.rows.len());
    for made in done.rows {
        if made.row.written {
            println!("{}\t{}", made.username, made.password.unwrap_or_default());
        }
        told(&made.row);
        rows.push(made.row);
    }
    ended(args, &rows)
}

async fn find(db: &Db, username: &str) -> anyhow::Result<UserId> {
    let user = user::by_username(db, username).await.map_err(failed)?;
    Ok(user.with_context(|| format!("没有此用户, 或已停用 / no open account: {username}"))?.id)
}
