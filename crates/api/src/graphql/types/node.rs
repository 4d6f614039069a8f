//! Whatever has a global id.

use async_graphql::{ID, Interface};

use crate::graphql::types::adjustment::Adjustment;
use crate::graphql::types::declaration::{Declaration, KeyTask};
use crate::graphql::types::department::{Department, Jurisdiction};
use crate::graphql::types::evidence::Evidence;
use crate::graphql::types::finding::Finding;
use crate::graphql::types::indicator::Indicator;
use crate::graphql::types::publication::Publication;
use crate::graphql::types::rectification::Rectification;
use crate::graphql::types::report::Report;
use crate::graphql::types::scheme::ScoringScheme;
use crate::graphql::types::viewer::User;
use crate::graphql::types::window::ReportingWindow;

/// 具有全局标识的对象。 — An object with a global id.
#[derive(Clone, Debug, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "全局标识。 — Global id."))]
pub enum Node {
    /// 调整。
    Adjustment(Adjustment),
    /// 申报。
    Declaration(Box<Declaration>),
    /// 部门。
    Department(Department),
    /// 佐证材料。
    Evidence(Evidence),
    /// 问题。
    Finding(Finding),
    /// 指标。
    Indicator(Indicator),
    /// 区划。
    Jurisdiction(Jurisdiction),
    /// 重点任务。
    KeyTask(KeyTask),
    /// 公开。
    Publication(Publication),
    /// 整改。
    Rectification(Rectification),
    /// 报告。
    Report(Report),
    /// 填报窗口。
    ReportingWindow(ReportingWindow),
    /// 评分方案。
    ScoringScheme(ScoringScheme),
    /// 用户。
    User(User),
}
