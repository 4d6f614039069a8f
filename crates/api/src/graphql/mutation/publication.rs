//! Stating the quality of data, publishing, correcting, withholding.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use jixiao_rules::cycle::{self, Act};
use jixiao_service::declaration::Whole;
use jixiao_service::error::Result as Outcome;
use jixiao_service::id::{DeclarationId, IndicatorId};
use jixiao_service::publication::{self, State, Statement, Step};

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::kind::PublicationKind;
use crate::graphql::types::declaration::Declaration;
use crate::graphql::types::publication::DeclarationPublication;

/// 一项指标的数据质量说明。 — What is stated of the data of one indicator.
#[derive(Clone, Debug, InputObject)]
pub struct QualityStatementInput {
    /// 指标。 — The indicator.
    pub indicator_id: ID,
    /// 数据来源，至多2000字。 — Source of the data, at most 2000 characters.
    pub source: String,
    /// 采集与计算方法，至多2000字。 — How they were gathered and computed, at most 2000 characters.
    pub method: String,
    /// 已知局限，至多2000字；没有时为空。 — Known limits, at most 2000 characters; null when none is known.
    pub limits: Option<String>,
}

/// 数据质量说明，随自评结果公开。 — Statements of data quality, which are published with the results.
#[derive(Clone, Debug, InputObject)]
pub struct PublicationStateInput {
    /// 申报。 — The declaration.
    pub declaration_id: ID,
    /// 已看到的自评结果公开的修订号。 — Revision of the publication of results the caller has seen.
    pub expected_revision: i32,
    /// 每项指标一条，至多500条；取代此前的说明。 — One per indicator, at most 500; each supersedes what was stated before.
    pub statements: Vec<QualityStatementInput>,
}

/// 要公开的内容。 — What to publish.
#[derive(Clone, Debug, InputObject)]
pub struct PublicationPublishInput {
    /// 申报。 — The declaration.
    pub declaration_id: ID,
    /// 种类。 — What of it.
    pub kind: PublicationKind,
    /// 要公开的批复版本，须为现行版本。 — The approved version meant; it must be the one in force.
    pub version: i32,
    /// 已看到的公开修订号；未办理时为0。 — Revision of the publication the caller has seen; 0 before any act.
    pub expected_revision: i32,
}

/// 要更正的公开内容。 — What to correct.
#[derive(Clone, Debug, InputObject)]
pub struct PublicationCorrectInput {
    /// 申报。 — The declaration.
    pub declaration_id: ID,
    /// 种类。 — What of it.
    pub kind: PublicationKind,
    /// 要公开的批复版本，须为现行版本。 — The approved version meant; it must be the one in force.
    pub version: i32,
    /// 更正理由，一并公开，至多2000字。 — Why; published too, at most 2000 characters.
    pub reason: String,
    /// 已看到的公开修订号。 — Revision of the publication the caller has seen.
    pub expected_revision: i32,
}

/// 不予公开的决定。 — What to withhold.
#[derive(Clone, Debug, InputObject)]
pub struct PublicationWithholdInput {
    /// 申报。 — The declaration.
    pub declaration_id: ID,
    /// 种类。 — What of it.
    pub kind: PublicationKind,
    /// 不予公开的理由，理由本身公开，至多2000字。 — Why; the reason itself is published, at most 2000 characters.
    pub reason: String,
    /// 已看到的公开修订号；未办理时为0。 — Revision of the publication the caller has seen; 0 before any act.
    pub expected_revision: i32,
}

/// 公开变更的结果。 — What became of an act on a publication.
#[derive(Clone, Debug, SimpleObject)]
pub struct PublicationPayload {
    /// 变更后的办理情况；出错时为空。 — The publication after it; null on errors.
    pub publication: Option<DeclarationPublication>,
    /// 所属申报；出错时为空。 — The declaration; null on errors.
    pub declaration: Option<Declaration>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

fn payload(
    ctx: &Context<'_>,
    kind: cycle::PublicationKind,
    done: Outcome<Whole>,
) -> Result<Option<PublicationPayload>> {
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Ok(whole) => {
            let whole = Arc::new(whole);
            PublicationPayload {
                publication: Some(DeclarationPublication::of(&whole, kind)),
                declaration: Some(Declaration::from_whole(whole)),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => PublicationPayload { publication: None, declaration: None, user_errors },
    }))
}

async fn step(ctx: &Context<'_>, step: Step) -> Result<Option<PublicationPayload>> {
    let done = publication::step(ctx.db()?, ctx.op()?, &step).await;
    payload(ctx, step.kind, done)
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct PublicationMutation;

#[Object]
impl PublicationMutation {
    /// 填报人填写各指标的数据质量说明；公开自评结果前，每项已填报的指标都须有。 — The filer states the quality of the data; each reported indicator needs it before results are published.
    async fn publication_state(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "说明。 — The statements.")] input: PublicationStateInput,
    ) -> Result<Option<PublicationPayload>> {
        let declaration_id = DeclarationId(decode(NodeKind::Declaration, &input.declaration_id)?);
        let statement = |stated: QualityStatementInput| {
            let indicator_id = IndicatorId(decode(NodeKind::Indicator, &stated.indicator_id)?);
            Ok(Statement { indicator_id, source: stated.source, method: stated.method, limits: stated.limits })
        };
        let statements = input.statements.into_iter().map(statement).collect::<Result<Vec<_>>>()?;
        let command = State { declaration_id, expected_revision: input.expected_revision, statements };
        let done = publication::state(ctx.db()?, ctx.op()?, &command).await;
        payload(ctx, cycle::PublicationKind::Results, done)
    }

    /// 主管部门公开现行批复的预算与目标，或审核通过的自评结果。 — The department publishes the approved budget and targets, or the accepted self-evaluation.
    async fn publication_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "要公开的内容。 — What to publish.")] input: PublicationPublishInput,
    ) -> Result<Option<PublicationPayload>> {
        let command = Step {
            act: Act::PublicationPublish,
            declaration_id: DeclarationId(decode(NodeKind::Declaration, &input.declaration_id)?),
            kind: input.kind.into(),
            expected_revision: input.expected_revision,
            version: Some(input.version),
            reason: None,
        };
        step(ctx, command).await
    }

    /// 主管部门更正公开内容：另作一次公开，此前的保留。 — The department corrects what it published: a new snapshot, the earlier ones are kept.
    async fn publication_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "更正。 — The correction.")] input: PublicationCorrectInput,
    ) -> Result<Option<PublicationPayload>> {
        let command = Step {
            act: Act::PublicationCorrect,
            declaration_id: DeclarationId(decode(NodeKind::Declaration, &input.declaration_id)?),
            kind: input.kind.into(),
            expected_revision: input.expected_revision,
            version: Some(input.version),
            reason: Some(input.reason),
        };
        step(ctx, command).await
    }

    /// 主管部门决定不予公开；已公开的内容从此不再显示，且不能恢复。 — The department withholds; what was published is shown no more, and there is no way back.
    async fn publication_withhold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "决定。 — The decision.")] input: PublicationWithholdInput,
    ) -> Result<Option<PublicationPayload>> {
        let command = Step {
            act: Act::PublicationWithhold,
            declaration_id: DeclarationId(decode(NodeKind::Declaration, &input.declaration_id)?),
            kind: input.kind.into(),
            expected_revision: input.expected_revision,
            version: None,
            reason: Some(input.reason),
        };
        step(ctx, command).await
    }
}
