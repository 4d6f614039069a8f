//! A part of a report's fund rows.

use sea_orm::entity::prelude::*;

use crate::id::ReportId;
use crate::stored::Word;
use jixiao_rules::kind::FundSource;

/// A part of a report's fund rows.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_fund")]
pub struct Model {
    /// Report.
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: ReportId,
    /// Which part.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: Word<FundSource>,
    /// 年初预算数, 分.
    pub initial_budget: Option<i64>,
    /// 全年预算数, 分.
    pub annual_budget: Option<i64>,
    /// 执行数, 分.
    pub executed: Option<i64>,
    /// 全年预计执行数, 分.
    pub forecast: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
