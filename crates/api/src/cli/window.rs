//! `jixiao window`.

use chrono::NaiveDate;
use clap::Subcommand;
use jixiao_rules::cycle::Period;
use jixiao_rules::window::Window;
use jixiao_service::window::{Set, set};

use crate::app::{failed, open, operator};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Set the reporting window of a jurisdiction, year and period.
    Set {
        /// Code of the jurisdiction.
        jurisdiction: String,
        /// Fiscal year.
        year: i32,
        /// Q1, MID_YEAR, Q3 or YEAR_END.
        period: Period,
        /// Months from January that the data cover.
        #[arg(long)]
        months: u32,
        /// First day, such as 2024-08-01.
        #[arg(long)]
        opens: NaiveDate,
        /// Last day on time.
        #[arg(long)]
        due: NaiveDate,
        /// Last day.
        #[arg(long)]
        closes: NaiveDate,
        /// Days of grace after that.
        #[arg(long, default_value_t = 0)]
        grace: u32,
        /// Revision of the window that is corrected.
        #[arg(long)]
        revision: Option<i32>,
    },
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let Command::Set { jurisdiction, year, period, months, opens, due, closes, grace, revision } = command;
    let new = Set {
        jurisdiction_code: jurisdiction,
        fiscal_year: year,
        period,
        window: Window { months, opens_on: opens, due_on: due, closes_on: closes, grace_days: grace },
        expected_revision: revision,
    };
    let made = set(&open(config).await?, &operator(), &new).await.map_err(failed)?;
    let (place, revision) = (made.jurisdiction.name, made.revision);
    println!("已设定填报窗口 / window set: {place} {year} {period}, 修订号 / revision {revision}");
    Ok(())
}
