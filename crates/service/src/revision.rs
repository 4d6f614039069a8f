//! Whether anything was committed between two moments: what answers kept in memory stand on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Row};
use tokio::sync::Mutex;

use crate::db::Db;
use crate::error::Result;

/// What is committed at a moment: of two moments with equal revisions everybody sees the same.
///
/// On PostgreSQL the text of a snapshot, which names every transaction that is visible in it, whichever node wrote it. On
/// SQLite the number that the file gives to a connection that never writes, and which connection that was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision(Arc<str>);

/// Tells the revision of a database. Cheap to clone.
#[derive(Clone)]
pub struct Revisions {
    db: Db,
    begun: Arc<AtomicU64>,
    last: Arc<Mutex<Last>>,
}

/// The last look at the database.
#[derive(Default)]
struct Last {
    /// Which of the looks that were begun it was.
    turn: u64,
    revision: Option<Revision>,
    watch: Option<Watch>,
}

/// A connection to an SQLite file that never writes, and which of them it is.
struct Watch {
    number: u64,
    connection: SqliteConnection,
}

impl Revisions {
    /// Of a database; `None` when it is in memory, where connections cannot be compared.
    #[must_use]
    pub fn of(db: &Db) -> Option<Self> {
        let in_memory = db.backend() == DbBackend::Sqlite && !sqlite_options(db).get_filename().is_file();
        (!in_memory).then(|| Self { db: db.clone(), begun: Arc::default(), last: Arc::default() })
    }

    /// The revision at a moment after this was called. Callers that wait at the same time share one look at the database: it
    /// was begun after each of them came.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&self) -> Result<Revision> {
        // Whatever look is under way was begun too early; the next will do.
        let enough = self.begun.load(Ordering::SeqCst) + 1;
        let mut last = self.last.lock().await;
        if let Some(revision) = last.revision.as_ref().filter(|_| last.turn >= enough) {
            return Ok(revision.clone());
        }
        let turn = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let text = match self.db.backend() {
            DbBackend::Sqlite => self.of_file(turn, &mut last.watch).await?,
            _ => self.of_snapshot().await?,
        };
        let revision = Revision(text.into());
        (last.turn, last.revision) = (turn, Some(revision.clone()));
        Ok(revision)
    }

    async fn of_snapshot(&self) -> Result<String, DbErr> {
        let sql = "SELECT pg_current_snapshot()::text AS revision";
        let row = self.db.read().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        row.ok_or_else(|| DbErr::RecordNotFound("a snapshot".to_owned()))?.try_get("", "revision")
    }

    async fn of_file(&self, turn: u64, kept: &mut Option<Watch>) -> Result<String> {
        // Taken out while it is used: a look that is broken off half-way leaves no connection behind.
        let mut watch = match kept.take() {
            Some(watch) => watch,
            None => Watch {
                number: turn,
                connection: sqlite_options(&self.db).connect().await.map_err(anyhow::Error::from)?,
            },
        };
        let row = sqlx::query("PRAGMA data_version").fetch_one(&mut watch.connection).await;
        let version: i64 = row.and_then(|row| row.try_get(0)).map_err(anyhow::Error::from)?;
        let text = format!("{}:{version}", watch.number);
        *kept = Some(watch);
        Ok(text)
    }
}

fn sqlite_options(db: &Db) -> SqliteConnectOptions {
    (*db.read().get_sqlite_connection_pool().connect_options()).clone()
}
