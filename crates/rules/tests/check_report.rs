//! The checks M1-M8 and E1-E9 of reports, each rule with what it asks and what satisfies it.

use std::collections::BTreeMap;

use jixiao_rules::actual::{Actual, read_actual};
use jixiao_rules::aggregate::{Aggregate, Unfit, UnitValue, aggregate};
use jixiao_rules::assess::{self, Achievement, Input, NotApplicable, Occasion};
use jixiao_rules::check::{self, Amounts, Forecast, Report, ReportRow};
use jixiao_rules::cycle::AttainmentOutlook as Outlook;
use jixiao_rules::execution::{self, Execution};
use jixiao_rules::kind::{FundSource, Level, Level1, Severity};
use jixiao_rules::scheme::{self, Evidence, Scheme};
use jixiao_rules::target::{Context, Target, read_target};
use jixiao_rules::value::{Money, Points};

const YEAR_END: Occasion = Occasion::YearEnd;
const JULY: Occasion = Occasion::DuringYear(7);

fn scheme() -> Scheme {
    scheme::named(scheme::DEFAULT).expect("the default scheme")
}

fn context() -> Context<'static> {
    Context {
        level1: Some("产出指标"), level2: Some("数量指标"), name: Some("服务站数量"), year: Some(2024)
    }
}

/// One row that weighs all 90 points, as a test changes it.
struct Case {
    target: Target,
    actual: Option<Actual>,
    level: Option<Level>,
    score: Option<i64>,
    weight: Option<i64>,
    claim: Option<NotApplicable>,
    forecast: Option<&'static str>,
    occasion: Occasion,
    execution: Amounts,
    parts: BTreeMap<FundSource, Amounts>,
    scheme: Scheme,
    change: fn(&mut ReportRow<'_>),
}

fn case(target: &str, actual: &str, occasion: Occasion) -> Case {
    let target = read_target(target, &context());
    let actual = (!actual.is_empty()).then(|| read_actual(actual, &target, &context()));
    let money = |wan: i64| Some(Money(wan * 1_000_000));
    let execution =
        Amounts { initial_budget: money(100), annual_budget: money(100), executed: money(100), forecast: money(100) };
    Case {
        target,
        actual,
        level: None,
        score: None,
        weight: Some(9_000),
        claim: None,
        forecast: None,
        occasion,
        execution,
        parts: BTreeMap::new(),
        scheme: scheme(),
        change: |_| {},
    }
}

impl Case {
    fn input(&self) -> Input<'_> {
        Input {
            level1: Some(Level1::Output),
            level2: None,
            name: "服务站数量",
            target: Some(&self.target),
            confirmed: true,
            actual: self.actual.as_ref(),
            level: self.level,
            score: self.score.map(Points),
            not_applicable: self.claim,
            target_set_too_low: false,
            weight: self.weight.map(Points),
            accumulation: None,
            occasion: self.occasion,
            lenient: false,
        }
    }

    fn money(&self) -> Execution {
        let months = match self.occasion {
            Occasion::YearEnd => None,
            Occasion::DuringYear(months) => Some(months),
        };
        let Amounts { initial_budget, annual_budget, executed, .. } = self.execution;
        execution::execution(&execution::Input { initial_budget, annual_budget, executed, months }, &self.scheme)
    }

    /// Findings as `RULE SEVERITY path`.
    fn found(&self) -> Vec<String> {
        let input = self.input();
        let achievement: Achievement = assess::assess(&input, &self.scheme);
        let forecast = self.forecast.map(|text| {
            let reading = read_actual(text, &self.target, &context());
            let year_end = Input { actual: Some(&reading), occasion: YEAR_END, ..input };
            let achievement = assess::assess(&year_end, &self.scheme);
            Forecast { reading, achievement }
        });
        let mut row = ReportRow {
            input,
            achievement: &achievement,
            given_against: Some(&self.target.text),
            confirmed: false,
            forecast,
            outlook: None,
            causes: 0,
            corrective_action: false,
            score_reason: false,
            evidence: 1,
            earlier: None,
            units: None,
            review_outdated: false,
        };
        (self.change)(&mut row);
        let money = self.money();
        let report = Report {
            rows: vec![row],
            total: self.execution,
            parts: &self.parts,
            execution: &money,
            execution_reason: false,
            adjustment_requested: false,
            occasion: self.occasion,
        };
        let brief = |found: &jixiao_rules::message::Finding| {
            format!("{} {} {}", found.rule, found.severity, found.path.join("."))
        };
        check::report(&report, &self.scheme).iter().map(brief).collect()
    }
}

fn wan(wan: i64) -> Money {
    Money(wan * 1_000_000)
}

const NONE: [&str; 0] = [];

#[test]
fn a_met_target_has_no_findings() {
    assert_eq!(case("≥150个", "150个", YEAR_END).found(), NONE);
    let mut july = case("≥150个", "90个", JULY);
    july.execution.executed = Some(wan(60));
    assert_eq!(july.found(), NONE);
}

#[test]
fn m1_and_e1_sums() {
    for (occasion, rule) in [(YEAR_END, "E1"), (JULY, "M1")] {
        let mut case = case("≥150个", "100个", occasion);
        case.change = |row| row.causes = 1;
        let part = |executed| Amounts { executed: Some(executed), ..Amounts::default() };
        case.parts = BTreeMap::from([(FundSource::CurrentYear, part(wan(90))), (FundSource::Other, part(wan(10)))]);
        assert_eq!(case.found(), NONE, "blank columns are not compared");
        case.parts.insert(FundSource::CarriedOver, part(Money(1)));
        assert_eq!(case.found(), [format!("{rule} ERROR execution.executed")], "one 分 too much");
        case.scheme.checks.tolerance_fen_per_addend = 1;
        assert_eq!(case.found(), NONE, "within the scheme's tolerance");
        // The published form that shows 0 over a part of 89.974.
        case.execution.forecast = Some(Money(0));
        case.parts = BTreeMap::from([(
            FundSource::CurrentYear,
            Amounts { forecast: Some(Money(89_974_000)), ..Amounts::default() },
        )]);
        assert!(case.found().contains(&format!("{rule} ERROR execution.forecast")));
    }
}

#[test]
fn m2_and_m3_amounts() {
    let mut case = case("≥150个", "90个", JULY);
    case.execution.executed = Some(wan(101));
    case.execution.forecast = Some(wan(100));
    assert_eq!(case.found(), ["M3 ERROR execution.forecast", "M2 WARNING execution.executed"]);
    case.execution = Amounts { annual_budget: Some(Money(0)), executed: Some(wan(1)), ..Amounts::default() };
    assert_eq!(case.found(), ["M2 ERROR execution.executed"], "no budget, and money spent");
    case.execution.executed = Some(Money(-1));
    assert_eq!(case.found(), ["M2 ERROR execution.executed"]);
    case.execution = Amounts::default();
    assert_eq!(
        case.found(),
        ["EXECUTION_UNKNOWN ERROR execution.executed", "EXECUTION_UNKNOWN ERROR execution.annualBudget"]
    );
}

#[test]
fn m4_to_m7_forecast_and_outlook() {
    let mut case = case("≥150个", "90个", JULY);
    case.execution.executed = Some(wan(60));
    case.forecast = Some("80个");
    assert_eq!(
        case.found(),
        ["M5 ERROR rows.0.current.deviations", "M4 WARNING rows.0.current.forecastText"],
        "the forecast misses the target and is below the value to date"
    );
    case.change = |row| (row.outlook, row.causes) = (Some(Outlook::Certain), 1);
    assert_eq!(case.found(), ["M7 ERROR rows.0.current.outlook", "M4 WARNING rows.0.current.forecastText"]);
    case.forecast = Some("150个");
    assert_eq!(case.found(), NONE);
    case.change = |row| row.outlook = Some(Outlook::Possible);
    assert_eq!(case.found(), ["M5 ERROR rows.0.current.deviations"]);
    case.change = |row| (row.outlook, row.causes) = (Some(Outlook::Impossible), 1);
    assert_eq!(case.found(), ["M6 ERROR rows.0.current.correctiveAction"]);
    case.change = |row| (row.outlook, row.causes, row.corrective_action) = (Some(Outlook::Impossible), 1, true);
    assert_eq!(case.found(), NONE);
}

#[test]
fn m5_follows_the_lights_of_the_scheme() {
    for (actual, asked) in [("52个", true), ("69个", true), ("70个", false), ("104个", false), ("105个", true)] {
        let mut case = case("≥150个", actual, JULY);
        case.execution.executed = Some(wan(60));
        assert_eq!(!case.found().is_empty(), asked, "{actual}");
        case.scheme.explanation.lights.clear();
        assert_eq!(case.found(), NONE, "a scheme that asks on no light");
    }
}

#[test]
fn m8_and_e7_targets_in_force() {
    for (occasion, rule) in [(YEAR_END, "E7"), (JULY, "M8")] {
        let mut case = case("≥150个", "150个", occasion);
        case.change = |row| (row.given_against, row.causes) = (Some("≥200个"), 1);
        assert_eq!(case.found(), [format!("{rule} ERROR rows.0.current.text")]);
    }
}

#[test]
fn e3_points_add_up() {
    let mut case = case("≥150个", "150个", YEAR_END);
    case.weight = Some(8_999);
    assert_eq!(case.found(), ["E3 ERROR result.score"]);
    case.weight = None;
    assert_eq!(case.found(), ["E3 ERROR rows.0.current.score"]);
}

#[test]
fn e4_to_e6_scores() {
    let mut case = case("≥150个", "120个", YEAR_END);
    case.score = Some(9_001);
    case.change = |row| row.causes = 1;
    assert_eq!(case.found(), ["E4 ERROR rows.0.current.score"]);
    case.score = Some(5_000);
    assert_eq!(case.found(), ["E5 ERROR rows.0.current.scoreReason"]);
    case.change = |row| (row.causes, row.score_reason) = (1, true);
    assert_eq!(case.found(), NONE);
    case.scheme.overrides.roles = vec!["FINANCE_REVIEWER".into()];
    assert_eq!(case.found(), ["E5 ERROR rows.0.current.score"]);

    // Level 2 of 10 points: 6.00 and 7.99 are inside, 8.00 and 5.99 are not (rules 4.8).
    let mut words = self::case("群众满意", "基本满意", YEAR_END);
    words.level = Some(Level::Partial);
    words.weight = Some(1_000);
    words.change = |row| row.causes = 1;
    let e6 = |found: Vec<String>| found.iter().any(|one| one == "E6 ERROR rows.0.current.score");
    for (score, asked) in [(600, false), (799, false), (800, true), (599, true)] {
        words.score = Some(score);
        assert_eq!(e6(words.found()), asked, "{score}");
    }
    words.score = None;
    assert!(e6(words.found()), "a person must score");
}

#[test]
fn e8_explanations() {
    for (actual, asked) in [("150个", false), ("149个", true), ("194个", false), ("195个", true)] {
        let mut case = case("≥150个", actual, YEAR_END);
        assert_eq!(!case.found().is_empty(), asked, "{actual}: {:?}", case.found());
        case.change = |row| row.causes = 1;
        assert_eq!(case.found(), NONE, "{actual}");
    }
    let mut case = case("≥150个", "150个", YEAR_END);
    case.execution.executed = Some(Money(89_999_999));
    assert_eq!(case.found(), ["E8 ERROR execution.reason"]);
    case.execution.executed = Some(wan(90));
    assert_eq!(case.found(), NONE);
    case.execution.executed = Some(wan(101));
    assert_eq!(case.found(), ["OVER_EXECUTION WARNING execution.executed"]);
}

#[test]
fn e9_evidence_as_the_scheme_asks() {
    let mut case = case("≥150个", "130个", YEAR_END);
    case.change = |row| (row.evidence, row.causes) = (0, 1);
    assert_eq!(case.found(), NONE, "86.66 % of the points is no high score");
    case.scheme.evidence.required = Evidence::All;
    assert_eq!(case.found(), ["E9 WARNING rows.0.current.evidence"]);
    case.scheme.evidence.severity = Severity::Error;
    assert_eq!(case.found(), ["E9 ERROR rows.0.current.evidence"]);
    case.scheme.evidence.required = Evidence::Optional;
    assert_eq!(case.found(), NONE);
    let mut high = self::case("≥150个", "135个", YEAR_END);
    high.change = |row| (row.evidence, row.causes) = (0, 1);
    assert_eq!(high.found(), ["E9 WARNING rows.0.current.evidence"], "90 % of them is");
}

#[test]
fn what_is_missing_is_no_zero() {
    assert_eq!(case("≥150个", "", YEAR_END).found(), ["NOT_REPORTED ERROR rows.0.current.text"]);
    assert_eq!(case("≥150个", "不详", YEAR_END).found(), ["UNDETERMINED ERROR rows.0.current.text"]);
    let mut case = case("≥150个", "", YEAR_END);
    case.claim = Some(NotApplicable::Claimed);
    assert_eq!(case.found(), ["NOT_APPLICABLE_CLAIMED NOTICE rows.0.current.notApplicableReason"]);
}

fn added(texts: [&str; 2]) -> Option<Result<Aggregate, Vec<Unfit>>> {
    let unit = |text: &str| UnitValue { unit_name: "一中心".into(), text: text.into(), funds: None };
    Some(aggregate(&texts.map(unit), &read_target("≥150个", &context()), &context()))
}

#[test]
fn e10_units_that_add_up_to_the_value() {
    for occasion in [YEAR_END, JULY] {
        let mut case = case("≥150个", "150个", occasion);
        case.execution.executed = Some(wan(if occasion == YEAR_END { 100 } else { 60 }));
        // Far ahead of the plan in July: a cause is asked for.
        case.change = |row| (row.units, row.causes) = (added(["70个", "80个"]), 1);
        assert_eq!(case.found(), NONE);
        case.change = |row| (row.units, row.causes) = (added(["70个", "81个"]), 1);
        assert_eq!(case.found(), ["E10 ERROR rows.0.current.text"]);
        case.change = |row| (row.units, row.causes) = (added(["70个", "若干"]), 1);
        assert_eq!(case.found(), ["E10 ERROR rows.0.current.unitValues"]);
    }
}
