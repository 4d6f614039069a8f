//! Finance's scores beside the filer's.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use jixiao_rules::cycle::ReviewStage;
use jixiao_service::id::{DeclarationId, IndicatorId};
use jixiao_service::review;

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode, decode_report};
use crate::graphql::mutation::actual_value::{patch, points};
use crate::graphql::mutation::report::ReportPayload;
use crate::graphql::scalar::Decimal;
use crate::graphql::types::report::Report;

/// 财政对一份报告的复核。 — Finance's review of a report.
#[derive(Clone, Debug, InputObject)]
pub struct ReportReviewInput {
    /// 报告。 — The report.
    pub report_id: ID,
    /// 已看到的报告修订号。 — Revision of the report the caller has seen.
    pub expected_revision: i32,
    /// 每个指标一行，全部写入或全部不写。 — One row per indicator; all are written or none.
    pub rows: Vec<ReportReviewRowInput>,
}

/// 对一行的复核。未给出的不变，空值撤回。 — The review of one row: only what is named changes, null withdraws.
#[derive(Clone, Debug, InputObject)]
pub struct ReportReviewRowInput {
    /// 指标。 — The indicator.
    pub indicator_id: ID,
    /// 复核得分，0至分值，两位小数；与自评不同须有意见。 — Score, from 0 to the maximum, two decimals; one that differs from the filer's needs an opinion.
    #[graphql(default)]
    pub score: MaybeUndefined<Decimal>,
    /// 意见。 — Opinion.
    #[graphql(default)]
    pub opinion: MaybeUndefined<String>,
    /// 认可不适用的申请，指标即为不适用，其分值由同级其他指标分担。 — Accepts the claim that the indicator does not apply; its weight goes to its level's others.
    #[graphql(default)]
    pub accept_not_applicable: MaybeUndefined<bool>,
    /// 认定指标值设定明显偏低（规则4.3）；未给得分时按方案扣减。 — Records that the target was set too low (rules 4.3); without a score the scheme's deduction applies.
    #[graphql(default)]
    pub target_set_too_low: MaybeUndefined<bool>,
}

/// 对已审核通过的自评的抽查复核。 — A spot check of an accepted self-evaluation.
#[derive(Clone, Debug, InputObject)]
pub struct ReportSpotCheckInput {
    /// 报告。 — The report.
    pub report_id: ID,
    /// 已看到的报告修订号。 — Revision of the report the caller has seen.
    pub expected_revision: i32,
    /// 每个指标一行，全部写入或全部不写。 — One row per indicator; all are written or none.
    pub rows: Vec<ReportSpotCheckRowInput>,
}

/// 对一行的抽查复核。未给出的不变，空值撤回。 — The spot check of one row: only what is named changes, null withdraws.
#[derive(Clone, Debug, InputObject)]
pub struct ReportSpotCheckRowInput {
    /// 指标。 — The indicator.
    pub indicator_id: ID,
    /// 抽查得分，0至分值，两位小数；与自评不同须有意见。 — Score, from 0 to the maximum, two decimals; one that differs from the filer's needs an opinion.
    #[graphql(default)]
    pub score: MaybeUndefined<Decimal>,
    /// 意见。 — Opinion.
    #[graphql(default)]
    pub opinion: MaybeUndefined<String>,
}

async fn record(
    ctx: &Context<'_>,
    stage: ReviewStage,
    (report_id, expected_revision): (ID, i32),
    rows: Vec<ReportReviewRowInput>,
) -> Result<Option<ReportPayload>> {
    let lang = ctx.lang()?;
    let (declaration, period) = decode_report(&report_id)?;
    let (mut made, mut user_errors) = (Vec::with_capacity(rows.len()), Vec::new());
    for (index, row) in rows.into_iter().enumerate() {
        let indicator_id = Some(IndicatorId(decode(NodeKind::Indicator, &row.indicator_id)?));
        match points(row.score, &format!("rows.{index}.score")) {
            Ok(score) => made.push(review::Row {
                indicator_id,
                score,
                opinion: patch(row.opinion),
                accept_not_applicable: patch(row.accept_not_applicable),
                target_set_too_low: patch(row.target_set_too_low),
            }),
            Err(violation) => user_errors.push(UserError::new(&violation, lang)),
        }
    }
    if !user_errors.is_empty() {
        return Ok(Some(ReportPayload { report: None, user_errors }));
    }
    let declaration_id = DeclarationId(declaration);
    let command = review::Record { declaration_id, period, stage, expected_revision, rows: made };
    let done = review::record(ctx.db()?, ctx.op()?, &command).await;
    Ok(Some(match outcome(done, lang)? {
        Ok(whole) => ReportPayload { report: Some(Report { whole: Arc::new(whole), period }), user_errors: Vec::new() },
        Err(user_errors) => ReportPayload { report: None, user_errors },
    }))
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct ReviewMutation;

#[Object]
impl ReviewMutation {
    /// 财政复核评分，与自评并列，从不改动填报内容。 — Finance's scores, beside the filer's; what the filer wrote stays.
    async fn report_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "复核内容。 — The scores.")] input: ReportReviewInput,
    ) -> Result<Option<ReportPayload>> {
        record(ctx, ReviewStage::Review, (input.report_id, input.expected_revision), input.rows).await
    }

    /// 抽查复核已审核通过的自评；认可或批复该部门绩效目标的人不得抽查（可由方案放宽）。 — Spot-checks an accepted self-evaluation; not by who accepted or approved its targets, unless the scheme lets them.
    async fn report_spot_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "抽查内容。 — The scores.")] input: ReportSpotCheckInput,
    ) -> Result<Option<ReportPayload>> {
        let row = |row: ReportSpotCheckRowInput| ReportReviewRowInput {
            indicator_id: row.indicator_id,
            score: row.score,
            opinion: row.opinion,
            accept_not_applicable: MaybeUndefined::Undefined,
            target_set_too_low: MaybeUndefined::Undefined,
        };
        let rows = input.rows.into_iter().map(row).collect();
        record(ctx, ReviewStage::SpotCheck, (input.report_id, input.expected_revision), rows).await
    }
}
