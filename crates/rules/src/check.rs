//! The checks D1-D13 of a declaration (rules 3.2), as far as the form's content and no reading of targets allows; M1-M8
//! and E1-E9 of a report (rules 3.3, 3.4).
//!
//! D8 needs the targets read; only what is no target at all is found here. D11 needs the links between tasks and
//! indicators, which the form does not carry. D12 is the tolerance of D2 and D3.

mod balance;
mod content;
mod evaluation;
mod monitoring;
mod report;

use crate::form::Form;
use crate::kind::{BudgetLine, Severity};
use crate::message::{Finding, Message};
use crate::scheme::Scheme;
use crate::value::{Money, Points, Rate};

pub use crate::scheme::BalanceBasis;
pub use evaluation::may_override;
pub use report::{Amounts, Forecast, Report, ReportRow, report};

/// Parameters of the checks that differ between places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalanceRules {
    /// Basis of D2 and D3.
    pub basis: BalanceBasis,
    /// D12: difference allowed for each addend of a sum.
    pub tolerance_per_addend: Money,
    /// D5: lowest share of the tasks in 项目支出 and 事业发展性支出.
    pub min_task_share: Rate,
    /// D7: years of the cycle, 1: no cycle targets are expected. `None`: expected where the form has any.
    pub cycle_years: Option<u32>,
    /// D9: points that stated weights must add up to, 100 less those of budget execution. `None`: not checked.
    pub indicator_points: Option<Points>,
}

impl Default for BalanceRules {
    fn default() -> Self {
        Self {
            basis: BalanceBasis::Appropriation,
            tolerance_per_addend: Money(0),
            min_task_share: Rate(500_000),
            cycle_years: None,
            indicator_points: Some(Points(9_000)),
        }
    }
}

/// All findings on a declaration's content, `ERROR`s first in the order of the rules.
#[must_use]
pub fn declaration(form: &Form, scheme: &Scheme) -> Vec<Finding> {
    let checks = &scheme.checks;
    let rules = BalanceRules {
        basis: checks.balance_basis,
        tolerance_per_addend: Money(i64::from(checks.tolerance_fen_per_addend)),
        min_task_share: checks.minimum_task_share,
        cycle_years: (checks.cycle_years > 1).then_some(checks.cycle_years),
        indicator_points: Some(scheme.indicator_points()),
    };
    declaration_with(form, &rules)
}

/// As [`declaration`], with the parameters given.
#[must_use]
pub fn declaration_with(form: &Form, rules: &BalanceRules) -> Vec<Finding> {
    let mut findings = Findings::default();
    balance::amounts(form, &mut findings);
    balance::budget(form, rules, &mut findings);
    balance::tasks(form, rules, &mut findings);
    content::presence(form, &mut findings);
    content::names(form, &mut findings);
    content::targets(form, rules, &mut findings);
    content::weights(form, rules, &mut findings);
    content::satisfaction(form, &mut findings);
    content::counts(form, &mut findings);
    findings.sorted()
}

/// The field of the API that holds a budget line.
#[must_use]
pub fn budget_field(line: BudgetLine) -> &'static str {
    match line {
        BudgetLine::BasicExpenditure => "basicExpenditure",
        BudgetLine::ProjectExpenditure => "projectExpenditure",
        BudgetLine::FiscalSpecialFunds => "fiscalSpecialFunds",
        BudgetLine::OtherDevelopmentExpenditure => "otherDevelopmentExpenditure",
        BudgetLine::FiscalAppropriation => "fiscalAppropriation",
        BudgetLine::OtherFunds => "otherFunds",
        BudgetLine::OwnLevelFunds => "ownLevelFunds",
        BudgetLine::PlannedTransfersToLowerLevels => "plannedTransfersToLowerLevels",
    }
}

/// Findings in the order of the rules.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, rule: &str, severity: Severity, path: &[&str], zh: String, en: String) {
        let path = path.iter().map(|&part| part.to_owned()).collect();
        self.0.push(Finding { rule: rule.to_owned(), severity, message: Message { zh, en }, path });
    }

    /// Stable: within a severity the order of the rules stays.
    fn sorted(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|finding| finding.severity);
        self.0
    }
}
