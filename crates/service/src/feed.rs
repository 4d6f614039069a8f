//! Committed commands as they happen, in the order of the audit log, on every node.
//!
//! The log is the source: its sequence has no gap, and its head is locked from the last statement of a command to its commit,
//! so that entries become visible in their order. What wakes the feed only says that there may be more: on PostgreSQL a
//! notification that the database itself sends with each entry, in this process the end of a command, and every second the
//! clock, for what another program writes to an SQLite file or a connection that was lost. However it is woken, it reads
//! everything after the last entry it has told: each once, none left out.

use std::sync::Arc;
use std::time::Duration;

use jixiao_entity::id::DepartmentId;
use jixiao_entity::{audit_entry, audit_head};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::db::Db;
use crate::error::Result;
use crate::id::DeclarationId;

/// Channel on which PostgreSQL tells of new entries.
const CHANNEL: &str = "jixiao_audit";
/// Entries read at once.
const ROWS: u64 = 500;
/// How long nothing is looked at when nothing wakes the feed.
const PAUSE: Duration = Duration::from_secs(1);

/// A committed command on a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its place in the audit log.
    pub sequence: i64,
    /// The declaration.
    pub declaration: DeclarationId,
    /// Whose it is.
    pub department: DepartmentId,
}

/// What a subscriber is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A command was committed.
    Change(Change),
    /// More was committed than is kept for a slow subscriber: some of it is lost to this one.
    Missed,
    /// The service stops.
    Ended,
}

/// The feed of this process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Feed {
    sender: broadcast::Sender<Change>,
    wake: Arc<Notify>,
    stop: CancellationToken,
}

/// What one subscriber has not yet taken.
#[derive(Debug)]
pub struct Subscriber {
    receiver: broadcast::Receiver<Change>,
    stop: CancellationToken,
}

impl Feed {
    /// Begins to follow the log from its present end, until `stop`. For a subscriber who is slow `kept` changes are kept.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn follow(db: Db, kept: usize, stop: CancellationToken) -> Result<Self> {
        let feed = Self { sender: broadcast::channel(kept).0, wake: Arc::new(Notify::new()), stop };
        let last = end_of_log(&db).await?;
        if db.backend() == DbBackend::Postgres {
            tokio::spawn(feed.clone().listen(db.clone()));
        }
        tokio::spawn(feed.clone().run(db, last));
        Ok(feed)
    }

    /// Tells that a command may have been committed here.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Everything that is committed from now on.
    #[must_use]
    pub fn subscribe(&self) -> Subscriber {
        Subscriber { receiver: self.sender.subscribe(), stop: self.stop.clone() }
    }

    /// How many listen.
    #[must_use]
    pub fn subscribers(&self) -> usize {
        self.sender.receiver_count()
    }

    async fn run(self, db: Db, mut last: i64) {
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
            match self.tell(&db, last).await {
                Ok(told) => last = told,
                Err(error) => tracing::warn!(?error, "the log cannot be followed; trying again"),
            }
        }
    }

    /// Tells everything after an entry; gives the last that was told.
    async fn tell(&self, db: &Db, mut last: i64) -> Result<i64> {
        // Nobody listens, neither before nor after the end is looked up: what was written until then is nobody's.
        if self.sender.receiver_count() == 0 {
            let end = end_of_log(db).await?;
            if self.sender.receiver_count() == 0 {
                return Ok(end);
            }
        }
        loop {
            let entries = audit_entry::Entity::find()
                .select_only()
                .columns([audit_entry::Column::Sequence, audit_entry::Column::Node, audit_entry::Column::DepartmentId])
                .filter(audit_entry::Column::Sequence.gt(last))
                .order_by_asc(audit_entry::Column::Sequence)
                .limit(ROWS)
                .into_tuple::<(i64, String, Option<DepartmentId>)>()
                .all(db.read())
                .await?;
            let read = entries.len();
            for (sequence, node, department) in entries {
                if sequence != last + 1 {
                    // Not to be: what follows is told when what is before it can be.
                    tracing::error!(sequence, last, "the audit log has a gap");
                    return Ok(last);
                }
                last = sequence;
                if let Some((declaration, department)) = declaration_of(&node).zip(department) {
                    // Nobody listens any more: no matter.
                    let _ = self.sender.send(Change { sequence, declaration, department });
                }
            }
            if u64::try_from(read).unwrap_or(u64::MAX) < ROWS {
                return Ok(last);
            }
        }
    }

    /// Wakes the feed when PostgreSQL tells of an entry, on a connection of its own. Whatever may have been told while there
    /// was none is read when there is one again.
    async fn listen(self, db: Db) {
        let options = db.read().get_postgres_connection_pool().connect_options();
        let mut pause = Duration::from_millis(100);
        while !self.stop.is_cancelled() {
            let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with((*options).clone());
            let heard = async {
                let mut listener = PgListener::connect_with(&pool).await?;
                listener.listen(CHANNEL).await?;
                self.wake();
                loop {
                    // `None`: the connection was lost, and the listener has another.
                    listener.try_recv().await?;
                    self.wake();
                }
            };
            let lost: std::result::Result<(), sqlx::Error> = tokio::select! {
                () = self.stop.cancelled() => return,
                lost = heard => lost,
            };
            if let Err(error) = lost {
                tracing::warn!(%error, "notifications of the database are not heard; trying again");
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(10));
        }
    }
}

impl Subscriber {
    /// The next change; waits for it.
    pub async fn next(&mut self) -> Told {
        tokio::select! {
            () = self.stop.cancelled() => Told::Ended,
            received = self.receiver.recv() => match received {
                Ok(change) => Told::Change(change),
                Err(broadcast::error::RecvError::Lagged(_)) => Told::Missed,
                Err(broadcast::error::RecvError::Closed) => Told::Ended,
            }
        }
    }
}

async fn end_of_log(db: &Db) -> Result<i64> {
    let head = audit_head::Entity::find_by_id(1).one(db.read()).await?;
    Ok(head.map_or(0, |head| head.sequence))
}

/// The declaration that an entry of the log is about: `Declaration:7`, `Report:7:MID_YEAR`, `Adjustment:7:1`, …
fn declaration_of(node: &str) -> Option<DeclarationId> {
    let mut parts = node.split(':');
    match parts.next()? {
        "Declaration" | "Report" | "Adjustment" | "Publication" => parts.next()?.parse().ok().map(DeclarationId),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_of_declarations() {
        for (node, wanted) in [
            ("Declaration:7", Some(7)),
            ("Report:7:MID_YEAR", Some(7)),
            ("Adjustment:12:3", Some(12)),
            ("Publication:7:TARGETS", Some(7)),
            ("Department:7", None),
            ("Declaration:x", None),
            ("Declaration", None),
        ] {
            assert_eq!(declaration_of(node).map(|id| id.0), wanted, "{node}");
        }
    }
}
