//! The checks A1-A31 (rules 6): what auditors ask of a declaration and its reports, as pure functions over what was filed.
//! One file a theme; `docs/findings.md` lists each with its formula. They block nothing.
//!
//! Here stands what they look at. A report is looked at once it is submitted: what its filer is still writing is the
//! filer's own affair.

mod change;
mod coverage;
mod duty;
mod evidence;
mod execution;
mod explanation;
mod filing;
mod publication;
mod score;
mod target;
mod years;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Findings;
use crate::actual::Actual;
use crate::assess::Achievement;
use crate::cycle::{AttainmentOutlook, Period};
use crate::execution::Execution;
use crate::kind::{Level1, Level2, Severity};
use crate::message::Finding;
use crate::rollup::DeclarationResult;
use crate::scheme::Scheme;
use crate::target::Target;
use crate::value::{Money, Points};

pub use filing::{default_due, not_filed};
pub use years::{Year, YearRow, compare};

/// A declaration as the auditors' checks see it.
#[derive(Clone, Debug, Default)]
pub struct Declared<'a> {
    /// Fiscal year.
    pub fiscal_year: i32,
    /// Approved, or closed after its year.
    pub in_force: bool,
    /// Approved version in force; 0 before the first approval.
    pub version: i32,
    /// Key tasks, in order.
    pub tasks: Vec<Task<'a>>,
    /// Indicators, in order.
    pub indicators: Vec<Indicator<'a>>,
    /// What was approved; `None` where there is nothing to compare with.
    pub approved: Option<Approved>,
    /// Approved adjustments, each with its place among all.
    pub adjustments: Vec<Adjusted<'a>>,
    /// Reports that are submitted.
    pub reports: BTreeMap<Period, Filed<'a>>,
    /// Publication of budget and targets; `None` while nothing was done about it.
    pub published: Option<Published>,
    /// Day of the approval of the version in force.
    pub approved_on: Option<NaiveDate>,
    /// Who had which part, with the path to where that stands.
    pub hands: Vec<(Vec<String>, Hands)>,
    /// How often the declaration was returned.
    pub returned: u32,
}

/// A key task.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// 名称.
    pub name: &'a str,
    /// 拟投入的资金.
    pub funding: Option<Money>,
}

/// A level-3 indicator.
#[derive(Clone, Debug)]
pub struct Indicator<'a> {
    /// 三级指标.
    pub name: &'a str,
    /// 一级指标.
    pub level1: Option<Level1>,
    /// 二级指标.
    pub level2: Option<Level2>,
    /// Annual target; `None` when blank or dropped.
    pub annual: Option<&'a Target>,
    /// Cycle target; `None` when blank.
    pub cycle: Option<&'a Target>,
    /// Positions of the key tasks it measures.
    pub tasks: Vec<usize>,
    /// Serves the work in general.
    pub general: bool,
    /// How its data are gathered is stated.
    pub method: bool,
    /// Its present terms.
    pub terms: Terms,
}

/// What an approval fixed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approved {
    /// Of each of the present indicators, in order; `None` of one that was not approved.
    pub terms: Vec<Option<Terms>>,
    /// How many indicators were approved.
    pub count: usize,
}

/// What an approval fixes of an indicator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Annual target, verbatim; `None` when blank.
    pub target: Option<String>,
    /// How it is read: comparator, number and unit.
    pub reading: Option<String>,
    /// Points.
    pub weight: Option<Points>,
}

impl Terms {
    /// Of a target and a weight.
    #[must_use]
    pub fn of(target: Option<&Target>, weight: Option<Points>) -> Self {
        let reading = target.map(|read| {
            let part = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
            let number = |value: Option<Decimal>| part(value.map(crate::value::plain));
            format!(
                "{} {} {} {}",
                part(read.comparator.map(|comparator| comparator.to_string())),
                number(read.base_value),
                number(read.base_value_high),
                part(read.base_unit.clone())
            )
        });
        Self { target: target.map(|target| target.text.clone()), reading, weight }
    }
}

/// An approved adjustment.
#[derive(Clone, Debug)]
pub struct Adjusted<'a> {
    /// Its place among all adjustments of the declaration.
    pub position: usize,
    /// The day it was submitted.
    pub made_on: NaiveDate,
    /// The changed targets, each with its place among all of the adjustment.
    pub targets: Vec<Changed<'a>>,
}

/// A target that an adjustment changed.
#[derive(Clone, Debug)]
pub struct Changed<'a> {
    /// Its place in the adjustment.
    pub position: usize,
    /// Name of the indicator.
    pub name: &'a str,
    /// Before.
    pub before: Option<&'a Target>,
    /// After; `None` drops the indicator.
    pub after: Option<&'a Target>,
    /// The period whose report, submitted before, showed a red light against the target before.
    pub red: Option<Period>,
    /// The value reported at year-end since.
    pub later: Option<Decimal>,
}

/// A submitted report.
#[derive(Clone, Debug)]
pub struct Filed<'a> {
    /// One row per indicator, in their order.
    pub rows: Vec<FiledRow<'a>>,
    /// Its roll-up.
    pub result: &'a DeclarationResult,
    /// Budget execution.
    pub execution: Execution,
    /// The day it was submitted last.
    pub submitted_on: NaiveDate,
    /// Days past due at its first submission; `None` where no window was set.
    pub late_days: Option<u32>,
    /// How often it was returned.
    pub returned: u32,
    /// What finance asked to be put right.
    pub rectifications: Vec<Rectified>,
}

/// A row of a submitted report.
#[derive(Clone, Debug)]
pub struct FiledRow<'a> {
    /// Name of the indicator.
    pub name: &'a str,
    /// Its assessment.
    pub achievement: &'a Achievement,
    /// The filer's own score.
    pub score: Option<Points>,
    /// The value as read.
    pub actual: Option<&'a Actual>,
    /// Its values add up over the year.
    pub cumulative: bool,
    /// 完成目标可能性.
    pub outlook: Option<AttainmentOutlook>,
    /// Texts of the causes of deviation.
    pub causes: Vec<&'a str>,
    /// Something is said about how it is put right.
    pub corrective_action: bool,
    /// How many people were asked, where the value comes from a survey.
    pub sample_size: Option<i64>,
    /// Evidence files.
    pub evidence: Vec<Evidence<'a>>,
}

/// An evidence file.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// Name of the file.
    pub file_name: &'a str,
    /// Date of the document.
    pub issued_on: Option<NaiveDate>,
    /// The value it states, as read against the target; `None` when it states none, or none that can be read.
    pub stated: Option<Decimal>,
}

/// What finance asked to be put right.
#[derive(Clone, Debug)]
pub struct Rectified {
    /// Position of the indicator; `None` for the whole report.
    pub indicator: Option<usize>,
    /// Last day for the response.
    pub due_on: NaiveDate,
    /// Nothing was answered yet.
    pub open: bool,
    /// The day it was verified.
    pub verified_on: Option<NaiveDate>,
    /// How often it was reopened.
    pub reopened: u32,
}

/// How far the publication of budget and targets is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Nothing is shown, for a stated reason.
    pub withheld: bool,
    /// The approved version shown; `None` while nothing is.
    pub version: Option<i32>,
    /// The day on which that version was first shown.
    pub on: Option<NaiveDate>,
}

/// Who had which part, as keys of users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hands {
    /// Edited or recorded last.
    pub edited: Option<i64>,
    /// Submitted last.
    pub submitted: Option<i64>,
    /// Forwarded for the department.
    pub forwarded: Option<i64>,
    /// Accepted or approved for finance.
    pub accepted: Option<i64>,
}

/// What the checks find in one declaration by itself, in the order of the rules. A22 stands in [`not_filed`], what looks at
/// other years in [`compare`].
#[must_use]
pub fn declaration(declared: &Declared<'_>, scheme: &Scheme) -> Vec<Finding> {
    let mut findings = Findings::default();
    score::check(declared, scheme, &mut findings);
    evidence::check(declared, scheme, &mut findings);
    change::check(declared, scheme, &mut findings);
    target::check(declared, scheme, &mut findings);
    coverage::check(declared, scheme, &mut findings);
    execution::check(declared, scheme, &mut findings);
    filing::check(declared, scheme, &mut findings);
    explanation::check(declared, scheme, &mut findings);
    publication::check(declared, scheme, &mut findings);
    duty::check(declared, &mut findings);
    findings.0
}

/// Where something lies in a report.
#[derive(Clone, Copy)]
struct Spot<'a> {
    period: &'a str,
    row: usize,
    field: &'a str,
}

impl Findings {
    /// Adds a finding on a row of a report, named by its indicator.
    fn on_row(
        &mut self,
        rule: &str,
        severity: Severity,
        spot: Spot<'_>,
        name: &str,
        said: (&str, &str),
    ) -> &mut Finding {
        let (zh, en) = (format!("指标“{name}”: {}", said.0), format!("\"{name}\": {}", said.1));
        let row = spot.row.to_string();
        self.add(rule, severity, &["reports", spot.period, "rows", &row, "current", spot.field], zh, en)
    }
}

/// `part` of `whole` as a share without dividing: whether `part / whole` is above `share`.
fn above(part: i128, whole: i128, share: crate::value::Rate) -> bool {
    whole > 0 && part.saturating_mul(1_000_000) > whole.saturating_mul(share.0.into())
}
