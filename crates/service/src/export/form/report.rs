//! What the forms of both reports print in the same way: who, the funds, the cells of an indicator.

use jixiao_rules::cycle::{DeclarationScope, Period};
use jixiao_rules::execution::Execution;
use jixiao_rules::form::{level_cells, wan_yuan};
use jixiao_rules::kind::{FundSource, Vocabulary};
use jixiao_rules::value::{Money, Rate};

use super::sheet::Sheet;
use crate::declaration::{ActualValue, Declaration, Indicator, Report};

/// What a form says of a declaration in a period.
pub(super) struct Filled<'a> {
    pub(super) declaration: &'a Declaration,
    pub(super) department: &'a str,
    pub(super) period: Period,
    /// Execution of the whole budget, assessed.
    pub(super) execution: Execution,
}

impl<'a> Filled<'a> {
    /// The report, once it was begun; until then the form is printed to be filled in.
    pub(super) fn report(&self) -> Option<&'a Report> {
        self.declaration.reports.get(&self.period)
    }

    pub(super) fn value(&self, indicator: &'a Indicator) -> Option<&'a ActualValue> {
        indicator.values.get(&self.period)
    }

    /// Whose performance the form is about, in its title.
    pub(super) fn whose(&self) -> &'static str {
        match self.declaration.scope {
            DeclarationScope::WholeDepartment => "部门整体支出",
            DeclarationScope::Project => "项目支出",
        }
    }

    /// The first cells of an indicator's row: levels (printed once for a group), name and annual target.
    pub(super) fn head(&self, index: usize) -> [String; 4] {
        let indicators = &self.declaration.indicators;
        let indicator = &indicators[index];
        let levels = |indicator: &'a Indicator| (indicator.level1_label.as_str(), indicator.level2_label.as_deref());
        let before = index.checked_sub(1).map(|before| levels(&indicators[before]));
        let (level1, level2) = level_cells(before, levels(indicator));
        let target = indicator.annual_target.as_ref().map(|target| target.reading.text.clone());
        [level1.to_owned(), level2.to_owned(), indicator.name.clone(), target.unwrap_or_default()]
    }
}

/// What the fund row of a source is called, and that of the whole.
pub(crate) fn fund_label(source: Option<FundSource>) -> String {
    source.map_or_else(|| "年度资金总额".to_owned(), |source| format!("其中：{}", source.zh()))
}

/// 实际完成值 as reported; of a qualitative one the level, of one that does not apply that.
pub(super) fn done(value: Option<&ActualValue>) -> String {
    let Some(entry) = value.map(|value| &value.entry) else { return String::new() };
    let level = entry.level.map(|level| level.zh().to_owned());
    let not_applicable = entry.not_applicable_reason.as_ref().map(|reason| format!("不适用：{reason}"));
    entry.text.clone().or(level).or(not_applicable).unwrap_or_default()
}

/// Why it deviates and what is done about it, in words.
pub(super) fn reasons(value: Option<&ActualValue>) -> String {
    let Some(entry) = value.map(|value| &value.entry) else { return String::new() };
    let causes = entry.deviations.iter().map(|deviation| format!("{}：{}", deviation.category.zh(), deviation.text));
    let measures = entry.corrective_action.iter().map(|measures| format!("改进措施：{measures}"));
    causes.chain(measures).collect::<Vec<_>>().join("\n")
}

/// 万元, blank where there is none.
pub(super) fn amount(money: Option<Money>) -> String {
    money.map(wan_yuan).unwrap_or_default()
}

/// A rate as percent, with all its digits.
pub(super) fn percent(rate: Option<Rate>) -> String {
    rate.map(|rate| rate.percent() + "%").unwrap_or_default()
}

/// A number of points, blank where there is none.
pub(super) fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The rows at the head: the title, whose and of which year.
pub(super) fn opening(sheet: &mut Sheet, filled: &Filled<'_>, what: &str, half: u16) {
    sheet.title(&format!("{}{what}", filled.whose()));
    let year = format!("{}年", filled.declaration.fiscal_year);
    sheet.row([("单位名称", 1), (filled.department, half), ("年度", 1), (&year, 0)]);
}
