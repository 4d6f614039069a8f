//! A key task of the year (年度重点工作任务).

use sea_orm::entity::prelude::*;

use crate::id::{DeclarationId, KeyTaskId};

/// A key task of the year (年度重点工作任务).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_task")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: KeyTaskId,
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Order, from 1.
    pub position: i32,
    /// 名称.
    pub name: String,
    /// 主要实施内容.
    pub description: Option<String>,
    /// 拟投入的资金, 分.
    pub planned_funding: Option<i64>,
    /// 期望达到的目标.
    pub expected_result: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
