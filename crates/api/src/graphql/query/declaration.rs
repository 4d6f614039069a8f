//! Declarations, reports, and any node by its id.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use jixiao_service::id::{DeclarationId, DepartmentId, IndicatorId, SchemeId, WindowId};
use jixiao_service::{adjustment, declaration};

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::id::{NodeKey, NodeKind, decode, decode_any};
use crate::graphql::kind::{DeclarationStatus, ReportingPeriod};
use crate::graphql::reader::Siblings;
use crate::graphql::types::adjustment::Adjustment;
use crate::graphql::types::declaration::{Declaration, KeyTask, TotalCount, load_header, load_whole};
use crate::graphql::types::department::Department;
use crate::graphql::types::evidence::Evidence;
use crate::graphql::types::finding::Finding;
use crate::graphql::types::indicator::Indicator;
use crate::graphql::types::node::Node;
use crate::graphql::types::publication::Publication;
use crate::graphql::types::rectification::Rectification;
use crate::graphql::types::report::Report;
use crate::graphql::types::scheme::ScoringScheme;
use crate::graphql::types::viewer::User;
use crate::graphql::types::window::ReportingWindow;

/// 申报的筛选条件；为空的条件不限制。 — Which declarations; what is null does not restrict.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DeclarationFilter {
    /// 年度。 — Of these fiscal years.
    pub fiscal_years: Option<Vec<i32>>,
    /// 财政区划代码，含其下级。 — Of this jurisdiction and all below it.
    pub jurisdiction_code: Option<String>,
    /// 部门代码。 — Of these departments.
    pub department_codes: Option<Vec<String>>,
    /// 状态。 — In these states.
    pub statuses: Option<Vec<DeclarationStatus>>,
}

impl From<DeclarationFilter> for declaration::DeclarationFilter {
    fn from(filter: DeclarationFilter) -> Self {
        Self {
            fiscal_years: filter.fiscal_years,
            jurisdiction_code: filter.jurisdiction_code,
            department_codes: filter.department_codes,
            statuses: filter.statuses.map(|statuses| statuses.into_iter().map(Into::into).collect()),
        }
    }
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct DeclarationQuery;

#[Object]
impl DeclarationQuery {
    /// 某部门某年度的申报；不存在或无权查看时为空。 — The declaration of a department and year; null when there is none or it may not be seen.
    #[graphql(complexity = "crate::graphql::whole_cost(child_complexity)")]
    async fn declaration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "部门代码。 — Code of the department.")] department_code: String,
        #[graphql(desc = "预算年度。 — Fiscal year.")] fiscal_year: i32,
    ) -> Result<Option<Declaration>> {
        let found = declaration::by_department(ctx.db()?, ctx.op()?, &department_code, fiscal_year).await?;
        Ok(found.map(|whole| Declaration::from_whole(Arc::new(whole))))
    }

    /// 可见的申报，按部门代码与年度排序。 — The declarations the viewer may see, by department code, then year.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    async fn declarations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选条件。 — Which declarations.")] filter: Option<DeclarationFilter>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Declaration, TotalCount>> {
        let tag = "declarations";
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, tag)?;
        let filter = filter.unwrap_or_default().into();
        let count = ctx.look_ahead().field("totalCount").exists();
        let (rows, total) = declaration::list(ctx.db()?, ctx.op()?, &filter, &page, count).await?;
        let extra = TotalCount { total_count: total.unwrap_or(0) };
        let siblings = Siblings::of(&rows.rows);
        let node = |header| Declaration::among(header, &siblings);
        Ok(Connection::with(tag, rows, declaration::Header::cursor, node, extra))
    }

    /// 某申报某期间的报告；不存在或无权查看时为空。 — The report of a declaration and period; null when there is none or it may not be seen.
    #[graphql(complexity = "crate::graphql::whole_cost(child_complexity)")]
    async fn report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申报。 — The declaration.")] declaration_id: ID,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Result<Option<Report>> {
        let id = DeclarationId(decode(NodeKind::Declaration, &declaration_id)?);
        match load_whole(ctx, id).await? {
            Some(whole) => Report::existing(ctx, whole, period.0).await,
            None => Ok(None),
        }
    }

    /// 按全局标识取对象；不存在或无权查看时为空。 — The object with this id; null when there is none or it may not be seen.
    #[graphql(complexity = "crate::graphql::whole_cost(child_complexity)")]
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "全局标识。 — Global id.")] id: ID,
    ) -> Result<Option<Node>> {
        let (kind, key) = match decode_any(&id)? {
            NodeKey::Row(kind, key) => (kind, key),
            NodeKey::Report(key, period) => {
                let Some(whole) = load_whole(ctx, DeclarationId(key)).await? else { return Ok(None) };
                return Ok(Report::existing(ctx, whole, period).await?.map(Node::Report));
            }
        };
        let (db, op) = (ctx.db()?, ctx.op()?);
        Ok(match kind {
            NodeKind::Adjustment => {
                let id = jixiao_service::id::AdjustmentId(key);
                let Some(declaration) = adjustment::locate(db, id).await? else { return Ok(None) };
                let whole = load_whole(ctx, declaration).await?;
                whole.and_then(|whole| Adjustment::find(&whole, id, op)).map(Node::Adjustment)
            }
            NodeKind::Declaration => {
                let header = load_header(ctx, DeclarationId(key)).await?;
                header.map(|header| Node::Declaration(Box::new(Declaration::from_header(header.as_ref().clone()))))
            }
            NodeKind::Department => {
                let found = jixiao_service::department::by_ids(db, op, &[DepartmentId(key)]).await?;
                found.into_iter().next().map(|department| Node::Department(Department(department)))
            }
            NodeKind::Evidence => {
                let id = jixiao_service::id::EvidenceId(key);
                jixiao_service::evidence::by_id(db, op, id).await?.map(|found| Node::Evidence(Evidence::found(found)))
            }
            NodeKind::Finding => {
                let id = jixiao_service::id::FindingId(key);
                jixiao_service::finding::by_id(db, op, id).await?.map(|found| Node::Finding(Finding::alone(found)))
            }
            NodeKind::Indicator => {
                let id = IndicatorId(key);
                let Some(declaration) = declaration::locate_indicator(db, id).await? else { return Ok(None) };
                let whole = load_whole(ctx, declaration).await?;
                whole.and_then(|whole| Indicator::find(&whole, id)).map(Node::Indicator)
            }
            NodeKind::KeyTask => {
                let id = jixiao_service::id::KeyTaskId(key);
                let Some(declaration) = declaration::locate_key_task(db, id).await? else { return Ok(None) };
                let whole = load_whole(ctx, declaration).await?;
                whole.and_then(|whole| KeyTask::find(&whole, id)).map(Node::KeyTask)
            }
            NodeKind::Jurisdiction => {
                let id = jixiao_service::id::JurisdictionId(key);
                let found = jixiao_service::jurisdiction::by_id(db, op, id).await?;
                found.map(|found| Node::Jurisdiction(crate::graphql::types::department::Jurisdiction(found)))
            }
            NodeKind::User => op.user().filter(|user| user.id.0 == key).cloned().map(|user| Node::User(User(user))),
            NodeKind::ReportingWindow => {
                let found = jixiao_service::window::by_id(db.read(), op, WindowId(key)).await?;
                found.map(|window| Node::ReportingWindow(ReportingWindow(window)))
            }
            NodeKind::ScoringScheme => {
                let found = jixiao_service::scheme::find(db, op, SchemeId(key)).await?;
                found.map(|scheme| Node::ScoringScheme(ScoringScheme(scheme)))
            }
            NodeKind::Publication => {
                let id = jixiao_service::id::PublicationId(key);
                jixiao_service::publication::by_id(db, id).await?.map(|found| Node::Publication(Publication(found)))
            }
            NodeKind::Rectification => {
                let id = jixiao_service::id::RectificationId(key);
                let Some((declaration, period)) = jixiao_service::rectification::locate(db, id).await? else {
                    return Ok(None);
                };
                let whole = load_whole(ctx, declaration).await?;
                whole.and_then(|whole| Rectification::find(&whole, period, id)).map(Node::Rectification)
            }
            NodeKind::Report | NodeKind::UserGrant => None,
        })
    }
}
