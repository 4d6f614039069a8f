//! Indicators as a file: target, actual value and achievement of one period.

use std::sync::Arc;

use jixiao_entity::id::DeclarationId;
use jixiao_rules::assess::Achievement;
use jixiao_rules::cycle::Period;

use super::Listing;
use super::cell::{Cell, Column, column, whose};
use crate::ctx::{Ctx, Lang};
use crate::db::Db;
use crate::declaration::{ActualValue, Indicator, TargetState, Whole, by_ids};
use crate::error::Result;
use crate::indicator::{Found, IndicatorFilter, IndicatorOrder, list};
use crate::page::{KeyValue, Page, Slice};

pub(super) struct Indicators(pub(super) IndicatorFilter, pub(super) (IndicatorOrder, bool));

pub(super) struct Row {
    found: Found,
    whole: Arc<Whole>,
    indicator: Indicator,
    period: Period,
}

impl Row {
    fn value(&self) -> Option<&ActualValue> {
        self.indicator.values.get(&self.period)
    }
}

/// A cell of the achievement; empty where there is none.
fn made<T: Into<Cell>>(row: &Row, part: impl Fn(&Achievement) -> Option<T>) -> Cell {
    row.indicator.achievements.get(&row.period).and_then(part).into()
}

fn text(target: Option<&TargetState>) -> Cell {
    target.map(|target| &target.reading.text).into()
}

impl Listing for Indicators {
    type Row = Row;

    fn columns(&self) -> Vec<Column<Row>> {
        let mut columns = whose(|row: &Row| &row.whole.department);
        columns.extend([
            column("年度", "Fiscal year", |row: &Row, _| row.whole.declaration.fiscal_year.into()),
            column("期间", "Period", |row: &Row, lang| Cell::word(row.period, lang)),
            column("一级指标", "Level 1", |row: &Row, _| (&row.indicator.level1_label).into()),
            column("二级指标", "Level 2", |row: &Row, _| row.indicator.level2_label.as_ref().into()),
            column("三级指标", "Indicator", |row: &Row, _| (&row.indicator.name).into()),
            column("分值", "Weight", |row: &Row, _| row.indicator.weight.into()),
            column("实施周期指标值", "Cycle target", |row: &Row, _| text(row.indicator.cycle_target.as_ref())),
            column("年度指标值", "Annual target", |row: &Row, _| text(row.indicator.annual_target.as_ref())),
            column("实际完成值", "Actual value", |row: &Row, _| {
                row.value().and_then(|value| value.entry.text.as_ref()).into()
            }),
            column("识别数值", "Value as read", |row: &Row, _| {
                let reading = row.value().and_then(|value| value.reading.as_ref());
                reading.and_then(|reading| reading.value).map(Cell::quantity).into()
            }),
            column("识别单位", "Unit as read", |row: &Row, _| {
                row.value().and_then(|value| value.reading.as_ref()).and_then(|reading| reading.unit.as_ref()).into()
            }),
            column("完成状态", "Status", |row: &Row, lang| made(row, |made| Some(Cell::word(made.status, lang)))),
            column("完成率", "Rate", |row: &Row, _| made(row, |made| made.rate)),
            column("得分", "Score", |row: &Row, _| made(row, |made| made.score)),
            column("满分", "Maximum score", |row: &Row, _| made(row, |made| made.max_score)),
            column("预警灯", "Light", |row: &Row, lang| {
                made(row, |made| made.light.map(|light| Cell::word(light, lang)))
            }),
            column("需说明原因", "Explanation required", |row: &Row, lang: Lang| {
                made(row, |made| Some(Cell::yes(made.explanation_required, lang)))
            }),
            column("偏差原因", "Causes of deviation", |row: &Row, _| {
                let causes = row.value().into_iter().flat_map(|value| &value.entry.deviations);
                causes.map(|cause| cause.text.as_str()).collect::<Vec<_>>().join("；").into()
            }),
            column("佐证材料数", "Evidence files", |row: &Row, _| {
                i64::try_from(row.indicator.evidence_in(row.period).len()).unwrap_or(i64::MAX).into()
            }),
        ]);
        columns
    }

    fn place(&self, row: &Row) -> Vec<KeyValue> {
        row.found.cursor(self.1.0)
    }

    async fn page(&self, db: &Db, ctx: &Ctx, page: &Page) -> Result<Slice<Row>> {
        let (found, _) = list(db, ctx, &self.0, self.1, page, false).await?;
        let mut ids: Vec<DeclarationId> = found.rows.iter().map(|row| row.declaration_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let wholes = by_ids(db, ctx, &ids).await?;
        let wholes: std::collections::HashMap<_, _> =
            wholes.into_iter().map(|(id, whole)| (id, Arc::new(whole))).collect();
        let period = self.0.period.unwrap_or(Period::YearEnd);
        found.try_map(|found| {
            let gone = || anyhow::anyhow!("indicator {} vanished between two statements", found.id.0);
            let whole = wholes.get(&found.declaration_id).ok_or_else(gone)?;
            let indicator = whole.declaration.indicator(found.id).ok_or_else(gone)?.clone();
            Ok(Row { whole: Arc::clone(whole), indicator, period, found })
        })
    }
}
