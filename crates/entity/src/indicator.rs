//! A level-3 indicator with its place in the tree.

use sea_orm::entity::prelude::*;

use crate::id::{DeclarationId, IndicatorId, SchemeId};
use crate::stored::Word;
use jixiao_rules::kind::{Accumulation, Level1, Level2, WeightOrigin};

/// A level-3 indicator with its place in the tree.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: IndicatorId,
    /// Declaration.
    pub declaration_id: DeclarationId,
    /// Order, from 1.
    pub position: i32,
    /// 一级指标; `None` when its label is not known.
    pub level1: Option<Word<Level1>>,
    /// Level-1 label as printed.
    pub level1_label: String,
    /// 二级指标; `None` when blank or not known.
    pub level2: Option<Word<Level2>>,
    /// Level-2 label as printed.
    pub level2_label: Option<String>,
    /// 三级指标.
    pub name: String,
    /// Points, hundredths.
    pub weight: Option<i64>,
    /// Stated or derived.
    pub weight_origin: Option<Word<WeightOrigin>>,
    /// Scheme it was derived under.
    pub weight_scheme_id: Option<SchemeId>,
    /// Set by a person; else by default.
    pub accumulation: Option<Word<Accumulation>>,
    /// Serves the work in general, no single key task.
    pub general: bool,
    /// The annual target as first approved, as JSON text; `None` until an adjustment changes it.
    pub original_target: Option<String>,
    /// The indicator of last year's declaration that it was carried over from.
    pub carried_from: Option<IndicatorId>,
}

impl ActiveModelBehavior for ActiveModel {}
