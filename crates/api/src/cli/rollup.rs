//! `jixiao rollup`, and the same in the background of `jixiao serve`.

use std::time::Duration;

use jixiao_service::db::Db;
use jixiao_service::rollup::{fold_all, rebuild};
use tokio_util::sync::CancellationToken;

use crate::app::{failed, open};
use crate::config::Config;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Fold what writers appended into the sums of jurisdictions; a running service does it by itself.
    Fold,
    /// Make all sums anew from the declarations: mends what `jixiao doctor` finds. Writers wait meanwhile.
    Rebuild,
}

pub(super) async fn run(config: &Config, command: &Command) -> anyhow::Result<()> {
    let db = open(config).await?;
    match command {
        Command::Fold => println!("{}", fold_all(&db).await.map_err(failed)?),
        Command::Rebuild => rebuild(&db).await.map_err(failed)?,
    }
    Ok(())
}

/// How long what is written stays unfolded: every read adds it up until then.
const EVERY: Duration = Duration::from_secs(1);

/// Folds again and again until `stop`.
pub(super) async fn keep_folding(db: Db, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
        if let Err(error) = fold_all(&db).await {
            // Nothing is lost: it is folded the next time, and read correctly until then.
            tracing::warn!(error = ?error, "the roll-ups could not be folded");
        }
    }
}
