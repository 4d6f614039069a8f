//! People whom an identity provider knows: who knows them, and as whom.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for statement in STATEMENTS {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The same on both databases; of accounts of our own both are null, and nulls are all different.
const STATEMENTS: [&str; 3] = [
    "ALTER TABLE user_account ADD COLUMN issuer TEXT NULL",
    "ALTER TABLE user_account ADD COLUMN subject TEXT NULL",
    "CREATE UNIQUE INDEX user_account_external ON user_account (issuer, subject)",
];
