//! Evidence files.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use jixiao_service::evidence::{self, Add, Remove};
use jixiao_service::id::{DeclarationId, EvidenceId, IndicatorId};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode, decode_report};
use crate::graphql::scalar::Date;
use crate::graphql::types::evidence::Evidence;
use crate::graphql::types::report::Report;
use crate::graphql::upload::Upload;

/// 要添加的佐证材料。 — An evidence file to be added.
#[derive(Clone, Debug, InputObject)]
pub struct EvidenceAddInput {
    /// 报告；首次填报前即可添加。 — The report; also before anything is recorded in it.
    pub report_id: ID,
    /// 指标；可先于实际完成值添加。 — The indicator; the file may come before its actual value.
    pub indicator_id: ID,
    /// 文件。 — The file.
    pub file: Upload,
    /// 说明。 — What it shows, in words.
    pub note: Option<String>,
    /// 材料的日期。 — Date of the document.
    pub issued_on: Option<Date>,
    /// 材料载明的数值，原文。 — The value it states, verbatim.
    pub stated_value: Option<String>,
    /// 已看到的报告修订号；未给出则不核对。 — Revision of the report the caller has seen; not checked when absent.
    pub expected_revision: Option<i32>,
}

/// 佐证材料变更的结果。 — What became of an act on an evidence file.
#[derive(Clone, Debug, SimpleObject)]
pub struct EvidencePayload {
    /// 添加的文件；移除后或出错时为空。 — The file added; null after a removal and on errors.
    pub evidence: Option<Evidence>,
    /// 变更后的报告；出错时为空。 — The report after it; null on errors.
    pub report: Option<Report>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

fn refused(user_errors: Vec<UserError>) -> Option<EvidencePayload> {
    Some(EvidencePayload { evidence: None, report: None, user_errors })
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct EvidenceMutation;

#[Object]
impl EvidenceMutation {
    /// 为报告中的一个指标添加佐证材料；类型按内容判断。 — Adds an evidence file to an indicator of a report; its type is told by its content.
    async fn evidence_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "文件与说明。 — The file, and what is said of it.")] input: EvidenceAddInput,
    ) -> Result<Option<EvidencePayload>> {
        let (declaration, period) = decode_report(&input.report_id)?;
        let indicator = IndicatorId(decode(NodeKind::Indicator, &input.indicator_id)?);
        let command = Add {
            declaration_id: DeclarationId(declaration),
            period,
            indicator_id: indicator,
            file: ctx.file(input.file)?,
            accepted: &ctx.limits()?.evidence_types,
            note: input.note,
            issued_on: input.issued_on.map(|day| day.0),
            stated_value: input.stated_value,
            expected_revision: input.expected_revision,
        };
        let done = evidence::add(ctx.db()?, ctx.store()?, ctx.op()?, &command).await;
        Ok(match outcome(done, ctx.lang()?)? {
            Err(user_errors) => refused(user_errors),
            Ok((whole, id)) => {
                let row = whole.declaration.indicator(indicator);
                let added = row.and_then(|row| row.evidence_in(period).iter().find(|file| file.id == id).cloned());
                let report = Some(Report { whole: Arc::new(whole), period });
                Some(EvidencePayload { evidence: added.map(Evidence::in_force), report, user_errors: Vec::new() })
            }
        })
    }

    /// 移除佐证材料；文件与记录均保留。 — Takes an evidence file out of its report; the file and the record of it stay.
    async fn evidence_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "文件。 — The file.")] id: ID,
        #[graphql(desc = "理由。 — Reason.")] reason: Option<String>,
        #[graphql(
            desc = "已看到的报告修订号；未给出则不核对。 — Revision of the report the caller has seen; not checked when absent."
        )]
        expected_revision: Option<i32>,
    ) -> Result<Option<EvidencePayload>> {
        let command = Remove { id: EvidenceId(decode(NodeKind::Evidence, &id)?), reason, expected_revision };
        let done = evidence::remove(ctx.db()?, ctx.op()?, &command).await;
        Ok(match outcome(done, ctx.lang()?)? {
            Err(user_errors) => refused(user_errors),
            Ok((whole, period)) => {
                let report = Some(Report { whole: Arc::new(whole), period });
                Some(EvidencePayload { evidence: None, report, user_errors: Vec::new() })
            }
        })
    }
}
