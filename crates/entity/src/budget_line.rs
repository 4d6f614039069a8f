//! One amount of the budget block.

use sea_orm::entity::prelude::*;

use crate::id::DeclarationId;
use crate::stored::Word;
use jixiao_rules::kind::BudgetLine;

/// One amount of the budget block.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "budget_line")]
pub struct Model {
    /// Declaration.
    #[sea_orm(primary_key, auto_increment = false)]
    pub declaration_id: DeclarationId,
    /// Which line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: Word<BudgetLine>,
    /// 分.
    pub amount: i64,
}

impl ActiveModelBehavior for ActiveModel {}
