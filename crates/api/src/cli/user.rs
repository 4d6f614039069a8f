//! `jixiao user`.

use clap::Subcommand;
use jixiao_rules::cycle::Role;
use jixiao_service::user::{Create, NewGrant, create};

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
        /// UNIT_FILER, DEPARTMENT_REVIEWER, FINANCE_REVIEWER, AUDITOR or ADMIN.
        #[arg(long)]
        role: Role,
        /// For this department.
        #[arg(long, conflicts_with = "jurisdiction")]
        department: Option<String>,
        /// For this jurisdiction and all below it.
        #[arg(long)]
        jurisdiction: Option<String>,
    },
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let Command::Add { username, name, role, department, jurisdiction } = command;
    eprintln!("密码 / password:");
    let mut password = String::new();
    std::io::stdin().read_line(&mut password)?;
    let grant = NewGrant { role, department_code: department, jurisdiction_code: jurisdiction };
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let new = Create { username: username.clone(), display_name: name, password, grants: vec![grant] };
    let db = open(config).await?;
    create(&db, &operator(), &new).await.map_err(failed)?;
    println!("已添加用户 / user added: {username}");
    Ok(())
}
