//! A small country of random declarations, and the rows that a naive recount reads.

use std::collections::{BTreeMap, BTreeSet};

use jixiao_entity::{
    achievement, budget_line, declaration, declaration_result, department, indicator, jurisdiction,
    jurisdiction_closure, report,
};
use jixiao_rules::actual::read_actual;
use jixiao_rules::cycle::{DeclarationStatus, Period, ReportStatus, Role};
use jixiao_rules::kind::BudgetLine;
use jixiao_rules::target::Context;
use jixiao_rules::value::Money;
use jixiao_service::bulk::{self, NewDepartment};
use jixiao_service::declaration::{ActualValue, Declaration, by_department};
use jixiao_service::id::{DepartmentId, JurisdictionId};
use jixiao_service::jurisdiction as places;
use sea_orm::EntityTrait;
use serde_json::json;

use crate::harness::{DEPARTMENT, TestApp, indicators, operator};

/// Numbers that look random and are the same every time.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// One of `0..sides`.
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    pub(super) fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        let sides = u64::try_from(choices.len()).expect("fits");
        choices[usize::try_from(self.roll(sides)).expect("fits")].clone()
    }

    /// Some of the choices, perhaps none and perhaps all.
    pub(super) fn some<T: Clone>(&mut self, choices: &[T]) -> Vec<T> {
        choices.iter().filter(|_| self.roll(2) == 0).cloned().collect()
    }
}

/// Users who see everything, a part, departments only, and a mixture.
pub(super) const VIEWERS: [&str; 6] = ["admin", "auditor", "finance", "filer", "mixed", "above"];

/// Departments in every jurisdiction, with declarations of three years in any state.
pub(super) async fn country(seed: u64) -> TestApp {
    let (mut app, id) = TestApp::approved().await;
    let ctx = operator();
    for (code, parent) in [("450000", None), ("450100", Some("450000")), ("440200", Some("440000"))] {
        let parent_code = parent.map(str::to_owned);
        let new = places::Create { code: code.into(), name: format!("区划{code}"), parent_code };
        places::create(&app.db, &ctx, &new).await.expect("a jurisdiction");
    }
    let row = &indicators(&app.page("filer").await)[3];
    let entries = json!([{ "indicatorId": row["id"], "text": "120个" }]);
    let input = json!({ "declarationId": id, "period": "YEAR_END", "entries": entries });
    app.run("filer", "RecordActualValues", json!({ "input": input })).await;
    let found = by_department(&app.db, &ctx, DEPARTMENT, 2024).await.expect("reads");
    let template = found.expect("the declaration").declaration;

    let mut dice = Dice(seed);
    let all = jurisdiction::Entity::find().all(app.db.read()).await.expect("reads");
    let mut new = Vec::new();
    for place in &all {
        for number in 0..=dice.roll(3) {
            let code = format!("{}9{number:02}", place.code);
            new.push(NewDepartment { name: format!("部门{code}"), code, jurisdiction: place.id });
        }
    }
    let keys = bulk::departments(&app.db, &ctx, &new).await.expect("departments");
    let mut made = Vec::new();
    for department in keys {
        for year in [2021, 2022, 2024] {
            if dice.roll(5) > 0 {
                made.push(random(&mut dice, &template, department, year));
            }
        }
    }
    bulk::declarations(&app.db, &ctx, made).await.expect("writes");
    // A department's own people, and who has a county, a department of the prefecture and one of another county.
    let code = |place: &str| format!("{place}900");
    let grants = [
        (Role::Auditor, None, Some("440106".to_owned())),
        (Role::UnitFiler, Some(code("440100")), None),
        (Role::UnitFiler, Some(code("440118")), None),
        (Role::Auditor, None, Some("450100".to_owned())),
    ];
    let grants: Vec<_> =
        grants.iter().map(|(role, department, place)| (*role, department.as_deref(), place.as_deref())).collect();
    app.add_user("mixed", &grants).await;
    app.add_user("above", &[(Role::Auditor, None, Some("440000")), (Role::UnitFiler, Some(&code("440106")), None)])
        .await;
    app
}

fn random(dice: &mut Dice, template: &Declaration, department: DepartmentId, year: i32) -> Declaration {
    use DeclarationStatus::{Approved, Closed, Draft, FinanceReview};
    let mut made = Declaration { department_id: department, fiscal_year: year, ..template.clone() };
    made.status = dice.of(&[Approved, Approved, Approved, Closed, Draft, FinanceReview]);
    if !made.status.in_force() {
        (made.version, made.approval_number, made.approved_on) = (0, None, None);
    }
    // Few enough indicators that some declarations are complete, and have a total and a grade.
    let value = template.indicators.iter().find_map(|indicator| indicator.values.get(&Period::YearEnd).cloned());
    let value = value.expect("a value");
    let kept = dice.of(&[1, 2, 3, 8]);
    while made.indicators.len() > kept {
        let gone = usize::try_from(dice.roll(u64::try_from(made.indicators.len()).expect("fits"))).expect("fits");
        made.indicators.remove(gone);
    }
    let complete = dice.roll(2) == 0;
    for indicator in &mut made.indicators {
        indicator.values.clear();
        (indicator.weight, indicator.weight_origin, indicator.weight_scheme) = (None, None, None);
        for period in [Period::FirstQuarter, Period::MidYear, Period::YearEnd] {
            let text = dice.of(&["1000", "100", "20", "3.7", "0", "不清楚", "9000000000000"]);
            let Some(target) = indicator.annual_target.as_ref() else { continue };
            if complete || dice.roll(4) > 0 {
                let context = Context { year: Some(year), ..Context::default() };
                let reading = read_actual(text, &target.reading, &context);
                let mut value = ActualValue { reading: Some(reading), ..value.clone() };
                value.entry.text = Some(text.to_owned());
                indicator.values.insert(period, value);
            }
        }
    }
    let report = template.reports[&Period::YearEnd].clone();
    made.reports.clear();
    for period in [Period::FirstQuarter, Period::MidYear, Period::YearEnd] {
        if dice.roll(6) == 0 && !complete {
            for indicator in &mut made.indicators {
                indicator.values.remove(&period);
            }
            continue;
        }
        let mut report = report.clone();
        let cents =
            [Some(Money(0)), Some(Money(1)), Some(Money(123_456_789_012)), Some(Money(1_000_000_000_000_000)), None];
        report.execution.annual_budget = dice.of(&cents);
        report.execution.executed = dice.of(&cents);
        if complete {
            report.execution.executed = report.execution.annual_budget.or(Some(Money(5_000)));
        }
        report.submitted_at = dice.of(&[Some(made.created_at), None]);
        report.late_days = dice.of(&[Some(0), Some(4), None]).filter(|_| report.submitted_at.is_some());
        report.status = if report.submitted_at.is_some() { ReportStatus::Accepted } else { ReportStatus::Draft };
        made.reports.insert(period, report);
    }
    if dice.roll(8) == 0 {
        made.budget = BTreeMap::from([(BudgetLine::OtherFunds, Money(7))]);
    }
    made
}

/// One assessment, or one declaration as a whole, with everything it can be grouped and filtered by.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) jurisdiction: JurisdictionId,
    pub(super) department: DepartmentId,
    pub(super) department_code: String,
    pub(super) fiscal_year: i32,
    pub(super) period: String,
    pub(super) grade: Option<String>,
    /// `None` for the declaration as a whole.
    pub(super) assessed: Option<Assessed>,
    pub(super) money: Option<(i64, i64)>,
    /// Submitted, and days late where there was a window.
    pub(super) filed: Option<Option<i32>>,
}

#[derive(Clone, Debug)]
pub(super) struct Assessed {
    pub(super) level1: Option<String>,
    pub(super) level2: Option<String>,
    pub(super) status: String,
    pub(super) rate: Option<i64>,
    pub(super) scores: Option<(i64, i64)>,
}

/// Everything in force, and the tree.
pub(super) struct Facts {
    pub(super) all: Vec<Fact>,
    /// Each jurisdiction with all above it, and itself.
    pub(super) above: BTreeMap<JurisdictionId, BTreeSet<JurisdictionId>>,
    pub(super) places: BTreeMap<JurisdictionId, jurisdiction::Model>,
}

/// Reads the base tables, and none of the sums.
pub(super) async fn facts(app: &TestApp) -> Facts {
    macro_rules! rows {
        ($table:ident) => {
            $table::Entity::find().all(app.db.read()).await.expect("reads")
        };
    }
    let mut above: BTreeMap<JurisdictionId, BTreeSet<JurisdictionId>> = BTreeMap::new();
    for line in rows!(jurisdiction_closure) {
        above.entry(line.descendant_id).or_default().insert(line.ancestor_id);
    }
    let departments: BTreeMap<_, _> = rows!(department).into_iter().map(|row| (row.id, row)).collect();
    let indicators: BTreeMap<_, _> = rows!(indicator).into_iter().map(|row| (row.id, row)).collect();
    let reports: BTreeMap<_, _> =
        rows!(report).into_iter().map(|row| ((row.declaration_id, row.period.0), row)).collect();
    let mut declared: BTreeMap<_, i64> = BTreeMap::new();
    for line in rows!(budget_line) {
        use BudgetLine::{BasicExpenditure, FiscalSpecialFunds, OtherDevelopmentExpenditure, ProjectExpenditure};
        let spent = [BasicExpenditure, ProjectExpenditure, FiscalSpecialFunds, OtherDevelopmentExpenditure];
        if spent.contains(&line.line.0) {
            *declared.entry(line.declaration_id).or_default() += line.amount;
        }
    }
    let results = rows!(declaration_result);
    let achievements = rows!(achievement);
    let mut all = Vec::new();
    for row in
        rows!(declaration).into_iter().filter(|row| ["APPROVED", "CLOSED"].contains(&row.status.0.to_string().as_str()))
    {
        let department = &departments[&row.department_id];
        for result in results.iter().filter(|result| result.declaration_id == row.id) {
            let period = result.period.0;
            let report = reports.get(&(row.id, period));
            let budget = report.and_then(|report| report.annual_budget.or(declared.get(&row.id).copied()));
            let whole = Fact {
                jurisdiction: department.jurisdiction_id,
                department: department.id,
                department_code: department.code.clone(),
                fiscal_year: row.fiscal_year,
                period: period.to_string(),
                grade: result.grade.map(|grade| grade.0.to_string()),
                assessed: None,
                money: budget.zip(report.and_then(|report| report.executed)),
                filed: report.filter(|report| report.submitted_at.is_some()).map(|report| report.late_days),
            };
            let of = achievements.iter().filter(|made| made.declaration_id == row.id && made.period.0 == period);
            all.extend(of.map(|made| {
                let indicator = &indicators[&made.indicator_id];
                let assessed = Assessed {
                    level1: indicator.level1.map(|word| word.0.to_string()),
                    level2: indicator.level2.map(|word| word.0.to_string()),
                    status: made.status.0.to_string(),
                    rate: made.rate,
                    scores: made.score.zip(made.max_score),
                };
                Fact { assessed: Some(assessed), ..whole.clone() }
            }));
            all.push(whole);
        }
    }
    let places = rows!(jurisdiction).into_iter().map(|row| (row.id, row)).collect();
    Facts { all, above, places }
}
