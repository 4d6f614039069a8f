//! Many new things from one file: one transaction, one audit entry, and for every row what became of it.

use jixiao_rules::cycle::{Act, Role};
use sea_orm::DatabaseTransaction;

use crate::actual_value::Mode;
use crate::audit::{self, FieldChange, NewEntry};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy;
use crate::table::Record;

/// How a batch is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// What to do with rows that are refused.
    pub mode: Mode,
    /// Only tell what would be done.
    pub dry_run: bool,
}

/// What became, or would become, of one row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number among the rows under the heading, from 0.
    pub index: usize,
    /// Where it is in the file.
    pub address: String,
    /// It was written.
    pub written: bool,
    /// Why it is refused.
    pub violations: Vec<Violation>,
}

/// What became, or would become, of a batch.
#[derive(Clone, Debug)]
pub struct Done {
    /// The rows in order.
    pub rows: Vec<Row>,
    /// Why nothing was written.
    pub violations: Vec<Violation>,
}

/// One new thing that a row asks for.
pub(crate) trait Addition: Sync {
    /// Makes it; gives the changes for the audit entry. The last part of the path of a violation is the column.
    fn add(&self, txn: &DatabaseTransaction, ctx: &Ctx) -> impl Future<Output = Result<Vec<FieldChange>>> + Send;
}

/// Adds what the rows ask for; `node` names the batch in the audit log.
///
/// # Errors
/// `Forbidden`. Refused rows are no error of the command: they come back in [`Done`].
pub(crate) async fn add(
    db: &Db,
    ctx: &Ctx,
    manner: Manner,
    node: String,
    rows: &[(Record, impl Addition)],
) -> Result<Done> {
    policy::able(ctx, Act::Administer)?;
    if rows.is_empty() {
        let (zh, en) = ("表头下没有内容", "nothing stands under the heading");
        return Err(Violation::new(UserErrorCode::Required, "file", zh, en).into());
    }
    let txn = db.begin_write().await?;
    let (mut done, mut changes) = (Vec::with_capacity(rows.len()), Vec::new());
    let all = u64::try_from(rows.len()).ok();
    for (index, (record, addition)) in rows.iter().enumerate() {
        let mut violations = record.faults();
        if violations.is_empty() {
            match one(&txn, ctx, record, addition).await? {
                Ok(made) => changes.extend(made),
                Err(refused) => violations = refused,
            }
        }
        done.push(Row { index, address: record.address(), written: false, violations });
        ctx.progress.tell(u64::try_from(done.len()).unwrap_or(u64::MAX), all);
    }
    let refused = done.iter().flat_map(|row| row.violations.clone());
    let violations: Vec<_> = if manner.mode == Mode::AllOrNothing { refused.collect() } else { Vec::new() };
    // Without a commit nothing of it was.
    if violations.is_empty() && !changes.is_empty() && !manner.dry_run {
        audit::append(&txn, ctx, NewEntry::administer(&[Role::Admin], node, changes)).await?;
        txn.commit().await?;
        done.iter_mut().for_each(|row| row.written = row.violations.is_empty());
    }
    Ok(Done { rows: done, violations })
}

/// Adds one row, or leaves everything as it was before it.
async fn one(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    record: &Record,
    addition: &impl Addition,
) -> Result<Result<Vec<FieldChange>, Vec<Violation>>> {
    let part = Db::savepoint(txn).await?;
    let refused = match addition.add(&part, ctx).await {
        Ok(changes) => {
            part.commit().await?;
            return Ok(Ok(changes));
        }
        Err(ServiceError::Invalid(violations)) => {
            let column = |violation: &Violation| violation.field.last().cloned().unwrap_or_default();
            violations.into_iter().map(|violation| record.place(&column(&violation), violation)).collect()
        }
        Err(ServiceError::Forbidden) => {
            let (zh, en) = ("不在您的管理范围内", "outside of what you administer");
            vec![record.refuse(UserErrorCode::InvalidValue, "", zh, en)]
        }
        Err(error) => return Err(error),
    };
    part.rollback().await?;
    Ok(Err(refused))
}
