//! Changes of declarations.

use async_graphql::{Context, Subscription};
use futures_util::stream::{self, Stream};
use jixiao_service::declaration;
use jixiao_service::department;

use super::{Interest, Moment};
use crate::graphql::context::ContextExt;
use crate::graphql::error::{ApiError, Result};
use crate::graphql::types::declaration::Declaration;

/// Fields of this noun on the root.
#[derive(Default)]
pub struct DeclarationSubscription;

#[Subscription]
impl DeclarationSubscription {
    /// 一个部门一个年度的申报在每次变更提交之后的状态：申报、报告、调整、公开的每个已提交操作一次，按提交次序，不遗漏；内容取自该次变更或其后，以`revision`及各报告的`revision`判断新旧。订阅开始时不发送：先订阅，再查询。每次都按当时的权限判断，无权查看的变更不发送。 — The declaration of a department and year after every committed command on it, its reports, adjustments and publications: one event for each, in the order of their commits, none left out. What an event says is as of its command or a later one; `revision`, and that of each report, tells which is newer. Nothing is sent when it begins: subscribe first, then query. Rights are judged anew for every event, and what may not be seen is not sent. UNAUTHENTICATED without a token; BAD_USER_INPUT with reason NOT_FOUND for a department that is unknown or may not be seen; SLOW_CONSUMER ends it when events are not taken in time.
    async fn declaration_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "部门代码。 — Code of the department.")] department_code: String,
        #[graphql(desc = "预算年度。 — Fiscal year.")] fiscal_year: i32,
    ) -> Result<impl Stream<Item = Declaration> + use<>> {
        let (db, op) = (ctx.db()?, ctx.op()?);
        let moment = ctx.data_opt::<Moment>().ok_or_else(|| ApiError::internal(anyhow::anyhow!("no moment")))?;
        let event = match moment {
            Moment::Begins(interest) => {
                let department = department::watched(db, op, &department_code, "departmentCode").await?;
                if let Ok(mut interest) = interest.lock() {
                    *interest = Some(Interest { department });
                }
                None
            }
            Moment::Changed(change) => {
                let found = declaration::header_by_ids(db, op, &[change.declaration]).await?;
                let wanted = found
                    .into_values()
                    .find(|header| header.fiscal_year == fiscal_year && header.department.code == department_code);
                wanted.map(Declaration::from_header)
            }
        };
        Ok(stream::iter(event))
    }
}
