//! Declarations made of real rows: each indicator is a published one, with its target and its actual value.

use std::collections::BTreeMap;

use jixiao_rules::actual::read_actual;
use jixiao_rules::cycle::{DeclarationScope, DeclarationStatus, Period, ReportStatus, TargetReviewGrade};
use jixiao_rules::kind::{BudgetLine, Level, Level1, Level2, TargetKind};
use jixiao_rules::level::{level1_of, level2_of};
use jixiao_rules::target::{Context, Target, read_target};
use jixiao_rules::value::{Money, Points};
use jixiao_service::ctx::UserRef;
use jixiao_service::declaration::{
    ActualValue, Declaration, Hands, Indicator, KeyTask, Report, ReportedExecution, SchemeRef, Summary, TargetState,
    ValueEntry,
};
use jixiao_service::id::{ActualValueId, DeclarationId, DepartmentId, IndicatorId, KeyTaskId, Timestamp, UserId};
use rand::Rng;
use rand::rngs::StdRng;

const INDICATORS: &str = include_str!("../../fixtures/indicators.tsv");
/// Indicators of one declaration.
pub const PER_DECLARATION: usize = 20;

/// A published indicator.
#[derive(Clone, Debug)]
pub struct Sample {
    level1: Level1,
    level1_label: String,
    level2: Option<Level2>,
    level2_label: Option<String>,
    name: String,
    target: Target,
    /// What was reported, and a mid-year value.
    actual: [ValueSample; 2],
    /// A plain number between 1 and 100 is read as its value.
    takes_number: bool,
}

#[derive(Clone, Debug)]
struct ValueSample {
    entry: ValueEntry,
    reading: Option<jixiao_rules::actual::Actual>,
}

/// Everything a declaration is made with.
#[derive(Clone, Debug)]
pub struct Making<'a> {
    /// Indicators to choose from.
    pub samples: &'a [Sample],
    /// Scheme they are scored under.
    pub scheme: SchemeRef,
    /// Who filed.
    pub filer: UserRef,
    /// Who reviewed in the department and in finance.
    pub reviewers: [UserId; 2],
    /// When.
    pub now: Timestamp,
}

/// The published indicators that can be declared.
#[must_use]
pub fn samples() -> Vec<Sample> {
    INDICATORS.lines().skip(1).filter_map(|line| sample(&line.split('\t').collect::<Vec<_>>())).collect()
}

fn sample(cells: &[&str]) -> Option<Sample> {
    let [_, _, year, _, _, level1, level2, name, target, actual, ..] = cells else { return None };
    let level2_label = Some(*level2).filter(|label| !label.is_empty());
    let context = Context { level1: Some(level1), level2: level2_label, name: Some(name), year: year.parse().ok() };
    if target.trim().is_empty() || name.trim().is_empty() {
        return None;
    }
    let target = read_target(target, &context);
    let value = |text: &str| {
        let reading = read_actual(text, &target, &context);
        let level = (reading.base_value.is_none() && reading.date.is_none()).then_some(Level::Full);
        let entry = ValueEntry { text: Some(text.to_owned()), level, ..ValueEntry::default() };
        ValueSample { entry, reading: Some(reading) }
    };
    let reported = if actual.trim().is_empty() { target.text.as_str() } else { actual };
    let number = read_actual("50", &target, &context);
    Some(Sample {
        level1: level1_of(level1)?,
        level1_label: (*level1).to_owned(),
        level2: level2_label.and_then(level2_of),
        level2_label: level2_label.map(str::to_owned),
        name: (*name).to_owned(),
        actual: [value(reported), value(reported)],
        // Where a person has scored words, a number would leave that score as an override without a reason.
        takes_number: target.kind == TargetKind::Quantity
            && number.certain
            && number.comparable
            && value(reported).entry.level.is_none(),
        target,
    })
}

/// An approved declaration with an accepted mid-year report and a year-end report in DRAFT, and which of its indicators take
/// a plain number. Its keys are still 0.
pub fn declaration(
    making: &Making<'_>,
    random: &mut StdRng,
    department: DepartmentId,
    year: i32,
) -> (Declaration, Vec<bool>) {
    let mut picked: Vec<&Sample> = Vec::with_capacity(PER_DECLARATION);
    while picked.len() < PER_DECLARATION {
        picked.push(&making.samples[random.random_range(0..making.samples.len())]);
    }
    picked.sort_by_key(|sample| (sample.level1, sample.level2));
    let mut cents = || Money(random.random_range(1_000_000..9_000_000_000));
    let lines = [
        BudgetLine::BasicExpenditure,
        BudgetLine::ProjectExpenditure,
        BudgetLine::FiscalSpecialFunds,
        BudgetLine::OtherDevelopmentExpenditure,
    ];
    let mut budget: BTreeMap<BudgetLine, Money> = lines.into_iter().map(|line| (line, cents())).collect();
    let total = Money(budget.values().map(|amount| amount.0).sum());
    budget.insert(BudgetLine::FiscalAppropriation, total);
    budget.insert(BudgetLine::OtherFunds, Money(0));
    budget.insert(BudgetLine::OwnLevelFunds, total);
    budget.insert(BudgetLine::PlannedTransfersToLowerLevels, Money(0));
    let tasks = (1..=6).map(|number| KeyTask {
        id: KeyTaskId(0),
        name: format!("重点工作任务{number}"),
        description: Some("按照年度工作计划组织实施，保障各项服务落实到位。".to_owned()),
        planned_funding: Some(Money(total.0 / 8)),
        expected_result: Some("按期完成年度任务，服务对象满意。".to_owned()),
    });
    let indicators = picked.iter().map(|sample| indicator(making, random, sample)).collect();
    let hands = Hands {
        edited_by: making.filer.id,
        submitted_by: making.filer.id,
        forwarded_by: Some(making.reviewers[0]),
        accepted_by: Some(making.reviewers[1]),
        agreed_by: None,
    };
    let execution = |share: i64| ReportedExecution {
        initial_budget: Some(total),
        annual_budget: Some(total),
        executed: Some(Money(total.0 / 100 * share)),
        ..ReportedExecution::default()
    };
    let report = |status, share| Report {
        status,
        revision: 1,
        execution: execution(share),
        hands,
        submitted_at: None,
        months: None,
        late_days: None,
        review_opinion: None,
        summary: Summary::default(),
        spot_checked: None,
        rectifications: Vec::new(),
        findings: Vec::new(),
    };
    let made = Declaration {
        id: DeclarationId(0),
        department_id: department,
        fiscal_year: year,
        scope: DeclarationScope::WholeDepartment,
        round: 1,
        status: DeclarationStatus::Approved,
        version: 1,
        revision: 5,
        scheme: making.scheme.clone(),
        publicly_funded_staff_count: Some(random.random_range(5..500)),
        subordinate_unit_count: Some(random.random_range(0..20)),
        overall_goal: Some("围绕年度中心工作，统筹使用财政资金，完成各项绩效目标，提升公共服务水平。".repeat(4)),
        budget,
        key_tasks: tasks.collect(),
        indicators,
        reports: BTreeMap::from([
            (Period::MidYear, report(ReportStatus::Accepted, random.random_range(30..70))),
            (Period::YearEnd, report(ReportStatus::Draft, random.random_range(70..101))),
        ]),
        results: BTreeMap::new(),
        findings: Vec::new(),
        hands,
        review_grade: Some(TargetReviewGrade::Good),
        review_opinion: None,
        approval_number: Some(format!("财绩〔{year}〕1号")),
        approved_on: chrono::NaiveDate::from_ymd_opt(year, 2, 8),
        created_at: making.now,
        carried_from: None,
        adjustment_no: 0,
        adjustments: Vec::new(),
        publications: BTreeMap::new(),
    };
    (made, picked.iter().map(|sample| sample.takes_number).collect())
}

fn indicator(making: &Making<'_>, random: &mut StdRng, sample: &Sample) -> Indicator {
    let target = TargetState {
        reading: sample.target.clone(),
        confirmed_by: (!sample.target.certain).then_some(making.filer.id).flatten(),
        confirmed_at: (!sample.target.certain).then_some(making.now),
    };
    let value = |given: &ValueSample, random: &mut StdRng| ActualValue {
        id: ActualValueId(0),
        entry: ValueEntry {
            // What a person scores lies somewhere in the upper band.
            score: given.entry.level.map(|_| Points(random.random_range(370..=380))),
            note: Some("样例数据".to_owned()),
            ..given.entry.clone()
        },
        reading: given.reading.clone(),
        target_text: Some(sample.target.text.clone()),
        review: None,
        spot_check: None,
        recorded_at: making.now,
        recorded_by: making.filer.clone(),
    };
    let [end, mid] = &sample.actual;
    Indicator {
        id: IndicatorId(0),
        level1: Some(sample.level1),
        level1_label: sample.level1_label.clone(),
        level2: sample.level2,
        level2_label: sample.level2_label.clone(),
        name: sample.name.clone(),
        weight: None,
        weight_origin: None,
        weight_scheme: None,
        accumulation: None,
        key_tasks: Vec::new(),
        general: false,
        carried_from: None,
        cycle_target: Some(target.clone()),
        annual_target: Some(target),
        original_target: None,
        values: BTreeMap::from([(Period::MidYear, value(mid, random)), (Period::YearEnd, value(end, random))]),
        evidence: BTreeMap::new(),
        quality: None,
        achievements: BTreeMap::new(),
    }
}
