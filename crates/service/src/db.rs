//! The database: connecting, and beginning a write.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sea_orm::sea_query::{Alias, Expr};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::audit::Verification;

/// How to reach the database.
#[derive(Clone, Debug)]
pub struct DbConfig {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// Most connections in the pool.
    pub max_connections: u32,
    /// After how long PostgreSQL ends a statement: nobody waits for it any more. Giving up the wait alone would not end it.
    /// `None` for no end. SQLite has none.
    pub statement_timeout: Option<Duration>,
}

impl DbConfig {
    /// Without an end to statements.
    #[must_use]
    pub fn new(url: impl Into<String>, max_connections: u32) -> Self {
        Self { url: url.into(), max_connections, statement_timeout: None }
    }
}

/// A pool of connections. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    connection: DatabaseConnection,
    statements: Arc<AtomicU64>,
    verified: Arc<Mutex<Option<Verification>>>,
}

impl Db {
    /// Connects; an SQLite file is made when it is not there.
    ///
    /// # Errors
    /// When the address is not understood or the database cannot be reached.
    pub async fn connect(config: &DbConfig) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(config.url.clone());
        options
            .max_connections(config.max_connections)
            .acquire_timeout(Duration::from_secs(30))
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .create_if_missing(true)
                    // Readers never wait for the writer; an acknowledged write is on the disk.
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
                    .busy_timeout(Duration::from_secs(30))
            });
        if let Some(timeout) = config.statement_timeout {
            let milliseconds = timeout.as_millis().to_string();
            options.map_sqlx_postgres_opts(move |postgres| postgres.options([("statement_timeout", &milliseconds)]));
        }
        let mut connection = Database::connect(options).await?;
        let statements = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&statements);
        connection.set_metric_callback(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        Ok(Self { connection, statements, verified: Arc::default() })
    }

    /// The pool, for reads and migrations.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once, so that it cannot fail half-way.
    ///
    /// # Errors
    /// When no connection is free in time.
    #[expect(clippy::disallowed_methods, reason = "the one place where transactions begin")]
    pub async fn begin_write(&self) -> Result<DatabaseTransaction, DbErr> {
        let sqlite_transaction_mode = (self.backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
        self.connection.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..Default::default() }).await
    }

    /// Begins a read that sees one moment from its first statement to its last, whatever is written meanwhile; on SQLite
    /// every transaction does. Its statements may take as long as they need: they read everything.
    ///
    /// # Errors
    /// When no connection is free in time.
    #[expect(clippy::disallowed_methods, reason = "a long read, beside the one place where writes begin")]
    pub(crate) async fn begin_snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let mut options = TransactionOptions::default();
        if self.backend() == DbBackend::Postgres {
            options.isolation_level = Some(IsolationLevel::RepeatableRead);
            options.access_mode = Some(AccessMode::ReadOnly);
        }
        let txn = self.connection.begin_with_options(options).await?;
        if self.backend() == DbBackend::Postgres {
            txn.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        }
        Ok(txn)
    }

    /// Begins a part of a write that can be undone alone.
    #[expect(clippy::disallowed_methods, reason = "a savepoint inside of a write that has begun")]
    pub(crate) async fn savepoint(txn: &DatabaseTransaction) -> Result<DatabaseTransaction, DbErr> {
        txn.begin().await
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.connection.ping().await
    }

    /// Connections of the pool, and how many of them nobody uses.
    #[must_use]
    pub fn connections(&self) -> (u32, u32) {
        let (size, idle) = match self.backend() {
            DbBackend::Sqlite => {
                let pool = self.connection.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
            _ => {
                let pool = self.connection.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
        };
        (size, u32::try_from(idle).unwrap_or(u32::MAX))
    }

    /// How far this process has verified the audit chain.
    pub(crate) fn verified(&self) -> Option<Verification> {
        self.verified.lock().ok().and_then(|verified| verified.clone())
    }

    /// Remembers a verification for the next.
    pub(crate) fn remember_verified(&self, found: &Verification) {
        if let Ok(mut verified) = self.verified.lock() {
            *verified = Some(found.clone());
        }
    }

    /// Statements sent so far: what the test against N+1 counts.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }
}

/// A column of a table or of an alias, both by name.
pub(crate) fn column(table: &str, name: &str) -> Expr {
    Expr::col((Alias::new(table), Alias::new(name)))
}
