//! The checks of the rules: D1-D13 of a declaration (3.2), M1-M8 and E1-E10 of a report (3.3, 3.4); in [`audit`] A1-A31,
//! what auditors ask (6).
//!
//! [`declaration`] those of the form's content, [`filed`] also those that need more than the form carries: D8 the targets
//! as read, D11 the links between tasks and indicators. D12 is the tolerance of D2 and D3.

mod aggregation;
pub mod audit;
mod balance;
mod content;
mod evaluation;
mod link;
mod monitoring;
mod reading;
mod report;

use crate::form::Form;
use crate::kind::{BudgetLine, Severity};
use crate::message::{Finding, Message};
use crate::scheme::Scheme;
use crate::value::{Money, Points, Rate};

pub use crate::scheme::BalanceBasis;
pub use evaluation::may_override;
pub use reading::Reading;
pub use report::{Amounts, Forecast, Report, ReportRow, report};

/// What the checks look at of one indicator beside its row of the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside<'a> {
    /// The annual target as read; `None` when blank.
    pub annual: Option<Reading<'a>>,
    /// The cycle target as read; `None` when blank.
    pub cycle: Option<Reading<'a>>,
    /// Positions of the key tasks it belongs to.
    pub tasks: Vec<usize>,
    /// It serves the department's work in general and belongs to no single task.
    pub general: bool,
    /// Dropped by an approved adjustment: its blank target is no fault.
    pub dropped: bool,
}

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

/// All findings on a declaration as the service holds it: those of [`declaration`], D8 on its readings, and D11. `beside`
/// goes with the indicators of the form, in order.
#[must_use]
pub fn filed(form: &Form, beside: &[Beside<'_>], scheme: &Scheme) -> Vec<Finding> {
    let mut findings = Findings(declaration(form, scheme));
    let dropped = |path: &[String]| match path {
        [list, at, field] if list == "indicators" && field == "annualTarget" => {
            at.parse::<usize>().ok().and_then(|at| beside.get(at)).is_some_and(|beside| beside.dropped)
        }
        _ => false,
    };
    findings.0.retain(|finding| finding.rule != "D7" || !dropped(&finding.path));
    reading::targets(form, beside, scheme.checks.allow_over_100, &mut findings);
    link::links(form, beside, &mut findings);
    findings.sorted()
}

/// All findings on the content of a form, `ERROR`s first in the order of the rules.
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
    /// Adds a finding, which may then be told what it compared.
    fn add(&mut self, rule: &str, severity: Severity, path: &[&str], zh: String, en: String) -> &mut Finding {
        let path = path.iter().map(|&part| part.to_owned()).collect();
        self.0.push(Finding::new(rule, severity, path, Message { zh, en }));
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    /// Within a severity in the order of the rules, D2 before D10, and what is no D-check last; stable within a rule.
    fn sorted(mut self) -> Vec<Finding> {
        let number = |finding: &Finding| {
            finding.rule.strip_prefix('D').and_then(|rest| rest.parse::<u32>().ok()).unwrap_or(u32::MAX)
        };
        self.0.sort_by_key(|finding| (finding.severity, number(finding)));
        self.0
    }
}
