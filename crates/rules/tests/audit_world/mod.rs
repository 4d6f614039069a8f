//! A department's year as the auditors' checks see it, clean at first.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use jixiao_rules::actual::{Actual, read_actual};
use jixiao_rules::assess::{self, Achievement, Input, Occasion};
use jixiao_rules::check::audit::{
    Approved, Declared, Evidence, Filed, FiledRow, Hands, Indicator, Published, Task, Terms, declaration,
};
use jixiao_rules::cycle::Period;
use jixiao_rules::execution::{self, Execution};
use jixiao_rules::kind::{Level1, Level2, ResultGrade};
use jixiao_rules::message::Finding;
use jixiao_rules::rollup::{self, DeclarationResult, Reviewed};
use jixiao_rules::scheme::{self, Scheme};
use jixiao_rules::target::{Context, Target, read_target};
use jixiao_rules::value::{Money, Points};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// An indicator with what was reported of it, as a test changes it.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) level1: Level1,
    pub(crate) level2: Level2,
    pub(crate) target: Target,
    pub(crate) cycle: Option<Target>,
    pub(crate) weight: i64,
    pub(crate) mid: &'static str,
    pub(crate) end: &'static str,
    pub(crate) score: Option<i64>,
}

/// A department's year.
pub(crate) struct World {
    pub(crate) scheme: Scheme,
    pub(crate) rows: Vec<Row>,
    /// 万元 of 100.
    pub(crate) executed: i64,
    pub(crate) reviewed: Option<(i64, ResultGrade)>,
}

pub(crate) fn row(
    name: &'static str,
    level: (Level1, Level2),
    target: &str,
    weight: i64,
    (mid, end): (&'static str, &'static str),
) -> Row {
    let context = Context { name: Some(name), year: Some(2024), ..Context::default() };
    let target = read_target(target, &context);
    Row { name, level1: level.0, level2: level.1, target, cycle: None, weight, mid, end, score: None }
}

pub(crate) fn clean() -> World {
    use Level1::{Outcome, Output, Satisfaction};
    let rows = vec![
        row("服务站数量", (Output, Level2::Quantity), "≥20个", 1_250, ("12个", "20个")),
        row("设施合格率", (Output, Level2::Quality), "≥95%", 1_250, ("95%", "96%")),
        row("资金拨付及时率", (Output, Level2::Timeliness), "≥98%", 1_250, ("98%", "98%")),
        row("单站建设成本", (Output, Level2::OutputCost), "≤5万元", 1_250, ("5万元", "5万元")),
        row("受益人数", (Outcome, Level2::Social), "≥200人", 3_000, ("120人", "210人")),
        row("服务对象满意度", (Satisfaction, Level2::BeneficiarySatisfaction), "≥85%", 1_000, ("88%", "90%")),
    ];
    World { scheme: scheme::named(scheme::DEFAULT).expect("the default scheme"), rows, executed: 100, reviewed: None }
}

pub(crate) struct Made {
    pub(crate) mid: Vec<(Option<Actual>, Achievement)>,
    pub(crate) end: Vec<(Option<Actual>, Achievement)>,
    pub(crate) money: Execution,
    pub(crate) results: [DeclarationResult; 2],
}

impl World {
    fn judged(&self, occasion: Occasion) -> Vec<(Option<Actual>, Achievement)> {
        let one = |row: &Row| {
            let text = if occasion == Occasion::YearEnd { row.end } else { row.mid };
            let context = Context { name: Some(row.name), year: Some(2024), ..Context::default() };
            let actual = (!text.is_empty()).then(|| read_actual(text, &row.target, &context));
            let input = Input {
                level1: Some(row.level1),
                level2: Some(row.level2),
                name: row.name,
                target: Some(&row.target),
                confirmed: true,
                actual: actual.as_ref(),
                level: None,
                score: row.score.filter(|_| occasion == Occasion::YearEnd).map(Points),
                not_applicable: None,
                target_set_too_low: false,
                weight: Some(Points(row.weight)),
                accumulation: None,
                occasion,
                lenient: false,
            };
            let made = assess::assess(&input, &self.scheme);
            (actual, made)
        };
        self.rows.iter().map(one).collect()
    }

    fn made(&self) -> Made {
        let (mid, end) = (self.judged(Occasion::DuringYear(7)), self.judged(Occasion::YearEnd));
        let budget = Some(Money(100_000_000));
        let input = execution::Input {
            initial_budget: budget,
            annual_budget: budget,
            executed: Some(Money(self.executed * 1_000_000)),
            months: None,
        };
        let money = execution::execution(&input, &self.scheme);
        let all =
            |rows: &[(Option<Actual>, Achievement)]| rows.iter().map(|(_, made)| made.clone()).collect::<Vec<_>>();
        let mut last = rollup::declaration(&all(&end), &money, &self.scheme, false);
        last.reviewed =
            self.reviewed.map(|(score, grade)| Reviewed { score: Some(Points(score)), grade: Some(grade), rows: 6 });
        let first = rollup::declaration(&all(&mid), &Execution::default(), &self.scheme, true);
        Made { mid, end, money, results: [first, last] }
    }

    /// What is found once `change` was made to what the checks see.
    pub(crate) fn findings(&self, change: impl FnOnce(&mut Declared<'_>)) -> Vec<Finding> {
        let made = self.made();
        let filed = |rows: &'_ [(Option<Actual>, Achievement)]| -> Vec<(usize, Option<Actual>, Achievement)> {
            rows.iter().enumerate().map(|(at, (actual, made))| (at, actual.clone(), made.clone())).collect()
        };
        let (mid, end) = (filed(&made.mid), filed(&made.end));
        let rows = |rows: &'_ [(usize, Option<Actual>, Achievement)]| rows.len();
        assert_eq!(rows(&mid), rows(&end));
        let report = |of: usize| {
            let list = if of == 0 { &mid } else { &end };
            let rows = list.iter().map(|(at, actual, achievement)| FiledRow {
                name: self.rows[*at].name,
                achievement,
                score: self.rows[*at].score.filter(|_| of == 1).map(Points),
                actual: actual.as_ref(),
                cumulative: matches!(self.rows[*at].level2, Level2::Quantity | Level2::Social),
                outlook: None,
                causes: if achievement.explanation_required {
                    vec!["一处站点延期至次年一月完工"]
                } else {
                    Vec::new()
                },
                corrective_action: false,
                sample_size: (self.rows[*at].level1 == Level1::Satisfaction).then_some(200),
                evidence: vec![Evidence { file_name: "a.pdf", issued_on: Some(day("2024-12-20")), stated: None }],
            });
            let mut rows: Vec<FiledRow<'_>> = rows.collect();
            if of == 0 {
                rows.iter_mut().for_each(|row| row.evidence.clear());
            }
            Filed {
                rows,
                result: &made.results[of],
                execution: if of == 1 { made.money.clone() } else { Execution::default() },
                submitted_on: day(if of == 1 { "2025-02-01" } else { "2024-08-20" }),
                late_days: Some(0),
                returned: 0,
                rectifications: Vec::new(),
            }
        };
        let indicators = self.rows.iter().enumerate().map(|(at, row)| Indicator {
            name: row.name,
            level1: Some(row.level1),
            level2: Some(row.level2),
            annual: Some(&row.target),
            cycle: row.cycle.as_ref(),
            tasks: vec![at % 2],
            general: false,
            method: false,
            terms: Terms::of(Some(&row.target), Some(Points(row.weight))),
        });
        let indicators: Vec<_> = indicators.collect();
        let terms = indicators.iter().map(|row| Some(row.terms.clone())).collect();
        let mut declared = Declared {
            fiscal_year: 2024,
            in_force: true,
            version: 1,
            tasks: vec![
                Task { name: "养老", funding: Some(Money(60_000_000)) },
                Task { name: "救助", funding: Some(Money(40_000_000)) },
            ],
            approved: Some(Approved { terms, count: indicators.len() }),
            indicators,
            adjustments: Vec::new(),
            reports: BTreeMap::from([(Period::MidYear, report(0)), (Period::YearEnd, report(1))]),
            published: Some(Published { withheld: false, version: Some(1), on: Some(day("2024-02-28")) }),
            approved_on: Some(day("2024-02-08")),
            hands: vec![(
                Vec::new(),
                Hands { edited: Some(1), submitted: Some(1), forwarded: Some(2), accepted: Some(3) },
            )],
            returned: 0,
        };
        change(&mut declared);
        declaration(&declared, &self.scheme)
    }

    pub(crate) fn found_when(&self, change: impl FnOnce(&mut Declared<'_>)) -> Vec<String> {
        self.findings(change).iter().map(brief).collect()
    }

    pub(crate) fn found(&self) -> Vec<String> {
        self.found_when(|_| {})
    }
}

pub(crate) fn brief(found: &Finding) -> String {
    format!("{} {} {}", found.rule, found.severity, found.path.join("."))
}

pub(crate) fn values(found: &Finding) -> Vec<(&str, &str)> {
    found.compared.iter().map(|one| (one.name.as_str(), one.value.as_str())).collect()
}

pub(crate) fn year_end<'a, 'b>(declared: &'b mut Declared<'a>) -> &'b mut Filed<'a> {
    declared.reports.get_mut(&Period::YearEnd).expect("the report")
}

pub(crate) fn mid_year<'a, 'b>(declared: &'b mut Declared<'a>) -> &'b mut Filed<'a> {
    declared.reports.get_mut(&Period::MidYear).expect("the report")
}

pub(crate) const NONE: [String; 0] = [];
