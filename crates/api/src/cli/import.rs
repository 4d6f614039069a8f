//! `jixiao import`.

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args as ClapArgs;
use jixiao_rules::form;
use jixiao_service::declaration::{FISCAL_YEARS, Import, form_in, import_file};
use jixiao_service::department::{self, Create as NewDepartment};
use jixiao_service::jurisdiction::{self, Create as NewJurisdiction};

use crate::app::{failed, open, operator};
use crate::config::Config;

#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// The form: .xlsx, .docx, a web page or tab-separated text; `-` for standard input.
    file: PathBuf,
    /// Code of the department, 4 to 12 digits.
    #[arg(long)]
    department: String,
    /// Name of the department; needed to make it.
    #[arg(long)]
    department_name: Option<String>,
    /// Code of the jurisdiction.
    #[arg(long)]
    jurisdiction: String,
    /// Name of the jurisdiction; needed to make it.
    #[arg(long)]
    jurisdiction_name: Option<String>,
    /// Fiscal year.
    #[arg(long)]
    year: i32,
    /// Only tell what would be done.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<()> {
    let limit = config.limits.max_import_bytes;
    let file = super::staged(&args.file, limit).await?;
    let db = open(config).await?;
    let ctx = operator();
    let new = Import {
        department_code: args.department.clone(),
        department_name: args.department_name.clone(),
        jurisdiction_code: Some(args.jurisdiction.clone()),
        fiscal_year: args.year,
        text: String::new(),
        dry_run: args.dry_run,
    };
    // Nothing is made for a form that would be refused.
    if !args.dry_run
        && let Some(form) = form_in(&file, limit).await.map_err(failed)?
        && department::by_code(db.read(), &ctx, &args.department).await.map_err(failed)?.is_none()
    {
        check_first(args, &form)?;
        make(&db, args).await?;
    }
    let (done, notices) = import_file(&db, &ctx, new, &file, limit).await;
    for notice in &notices {
        let place = notice.row.map_or_else(String::new, |row| format!("第{row}行 / line {row}: "));
        eprintln!("{} {} {place}{} / {}", notice.severity, notice.code, notice.message.zh, notice.message.en);
    }
    let done = done.map_err(failed)?;
    let count = done.declaration.indicators.len();
    let tasks = done.declaration.key_tasks.len();
    let verb = if done.dry_run { "可以导入 / would import" } else { "已导入 / imported" };
    println!("{verb}: {} {}, 指标 / indicators {count}, 重点任务 / key tasks {tasks}", done.department.name, args.year);
    Ok(())
}

/// What the import itself would refuse, for a department that is not there yet.
fn check_first(args: &Args, form: &form::Form) -> anyhow::Result<()> {
    let (first, last) = (FISCAL_YEARS.start(), FISCAL_YEARS.end());
    ensure!(
        FISCAL_YEARS.contains(&args.year),
        "年度应在{first}至{last}之间 / a fiscal year lies between {first} and {last}"
    );
    if let (Some(given), Some(printed)) = (&args.department_name, &form.department_name) {
        ensure!(
            given == printed,
            "--department-name: 申报表上的部门名称为“{printed}” / the form is of the department {printed}"
        );
    }
    Ok(())
}

/// Makes the department, and its jurisdiction where that is missing too.
async fn make(db: &jixiao_service::db::Db, args: &Args) -> anyhow::Result<()> {
    let ctx = operator();
    let name = args.department_name.clone().ok_or_else(|| anyhow::anyhow!("--department-name is needed to make it"))?;
    if !jurisdiction::all(db).await.map_err(failed)?.iter().any(|(code, _)| *code == args.jurisdiction) {
        let name = args.jurisdiction_name.clone();
        let name = name.ok_or_else(|| anyhow::anyhow!("--jurisdiction-name is needed to make it"))?;
        let new = NewJurisdiction { code: args.jurisdiction.clone(), name, parent_code: None };
        jurisdiction::create(db, &ctx, &new).await.map_err(failed)?;
    }
    let new = NewDepartment { code: args.department.clone(), name, jurisdiction_code: args.jurisdiction.clone() };
    department::create(db, &ctx, &new).await.map_err(failed)?;
    Ok(())
}
