//! The vectors of rules 4.8 and 5.2 and of the defects found elsewhere, each replayed from its explanation.

mod support;

use rust_decimal::Decimal;

use jixiao_rules::assess::{Achievement, Flag, Input, Occasion, assess, refusals};
use jixiao_rules::execution;
use jixiao_rules::explain::explain;
use jixiao_rules::kind::{Comparator, Level, Light, Status, TargetKind};
use jixiao_rules::scheme::{LowerFormula, Scheme, named};
use jixiao_rules::target::PartialDate;
use jixiao_rules::value::{Money, Points, Rate};
use support::*;

fn dec(text: &str) -> Decimal {
    text.parse().expect("decimal")
}

fn cn2020() -> Scheme {
    named("CN-2020").expect("the default scheme")
}

/// Assesses, and checks that the explanation says the same.
fn judged(input: &Input<'_>, scheme: &Scheme) -> Achievement {
    let result = assess(input, scheme);
    let steps = replay(&explain(input, scheme));
    assert_eq!(steps.get("status").cloned(), Some(result.status.to_string()));
    assert_eq!(steps.get("rate").cloned(), result.rate.map(|rate| rate.to_string()));
    assert_eq!(steps.get("score").cloned(), result.score.map(|score| score.to_string()));
    assert_eq!(steps.get("light").cloned(), result.light.map(|light| light.to_string()));
    let truth = |yes: bool| if yes { "TRUE" } else { "FALSE" };
    assert_eq!(steps.get("deviating").map_or("FALSE", String::as_str), truth(result.deviating));
    assert_eq!(steps.get("explanationRequired").map_or("FALSE", String::as_str), truth(result.explanation_required));
    result
}

#[test]
fn quantities() {
    use Comparator::{Eq, Gt, Gte, Lt, Lte};
    use Status::{Achieved as A, Exceeded as E, NotAchieved as N, PartiallyAchieved as P};
    // comparator, target, actual, unit, weight, rate, score, status, reason due
    let rows = [
        (Gte, "90", "92", "%", 1000, "1.022222", 1000, E, false),
        (Gte, "90", "81", "%", 1000, "0.900000", 900, P, true),
        (Eq, "150", "148", "个", 455, "0.986666", 449, P, true),
        (Eq, "2300", "3100", "人", 455, "1.347826", 455, A, true),
        (Lte, "5", "6", "天", 1000, "0.833333", 800, P, true),
        (Lte, "5", "8", "天", 1000, "0.625000", 400, P, true),
        (Lte, "5", "10", "天", 1000, "0.500000", 0, N, true),
        (Lte, "5", "9.9", "天", 1000, "0.505050", 20, N, true),
        (Eq, "0", "0", "起", 500, "1.000000", 500, A, false),
        (Eq, "0", "1", "起", 500, "0.000000", 0, N, true),
        (Gte, "24500", "24499", "人", 1000, "0.999959", 1000, P, true),
        (Lte, "10", "5", "%", 1000, "1.000000", 1000, A, false),
        (Gte, "3", "1", "次", 500, "0.333333", 167, N, true),
        (Gte, "80", "100", "%", 1000, "1.250000", 1000, E, false),
        (Gte, "70", "100", "%", 1000, "1.428571", 1000, E, false),
        (Gte, "10", "115.25", "%", 1000, "11.525000", 1000, E, true),
        (Gt, "5", "5", "个", 1000, "1.000000", 1000, A, false),
        (Lt, "5", "5", "个", 1000, "1.000000", 1000, A, false),
    ];
    for (comparator, wanted, done, unit, weight, rate, score, status, reason) in rows {
        let (target, actual) = (quantity(comparator, dec(wanted), unit), number(dec(done)));
        let result = judged(&input(&target, &actual, weight), &cn2020());
        let name = format!("{comparator} {wanted}, {done}");
        assert_eq!(result.rate.map(|rate| rate.to_string()).as_deref(), Some(rate), "{name}");
        assert_eq!((result.score, result.status), (Some(Points(score)), status), "{name}");
        assert_eq!(result.explanation_required, reason, "{name}");
        let boundary = matches!(comparator, Gt | Lt);
        assert_eq!(result.flags.contains(&Flag::StrictBoundary), boundary, "{name}");
    }
}

#[test]
fn reciprocal_changes_the_score_only() {
    let scheme = Scheme {
        formula: jixiao_rules::scheme::Formula { lower_is_better: LowerFormula::Reciprocal, ..cn2020().formula },
        ..cn2020()
    };
    for (done, score) in [("6", 833), ("10", 500), ("5", 1000)] {
        let (target, actual) = (quantity(Comparator::Lte, dec("5"), "天"), number(dec(done)));
        let linear = judged(&input(&target, &actual, 1000), &cn2020());
        let result = judged(&input(&target, &actual, 1000), &scheme);
        assert_eq!(result.score, Some(Points(score)), "{done}");
        assert_eq!((result.status, result.rate), (linear.status, linear.rate));
    }
}

#[test]
fn zero_and_negative_targets_are_no_division() {
    let cases = [
        ("0", "0", Status::Achieved, 1000),
        ("0", "7", Status::Achieved, 1000),
        ("-2", "-1", Status::Achieved, 1000),
        ("-2", "-3", Status::NotAchieved, 0),
    ];
    for (wanted, done, status, score) in cases {
        let (target, actual) = (quantity(Comparator::Gte, dec(wanted), "%"), number(dec(done)));
        let result = judged(&input(&target, &actual, 1000), &cn2020());
        assert_eq!((result.status, result.rate, result.score), (status, None, Some(Points(score))), "{wanted} {done}");
    }
}

#[test]
fn a_negative_actual_is_refused_not_zero() {
    let (target, actual) = (quantity(Comparator::Gte, dec("10"), "个"), number(dec("-1")));
    let plain = input(&target, &actual, 1000);
    let result = judged(&plain, &cn2020());
    assert_eq!((result.status, result.score, result.rate), (Status::Undetermined, None, None));
    assert_eq!(refusals(&plain, &cn2020())[0].code, "NEGATIVE_ACTUAL");
    let change = Input { name: "收入增长率", ..plain };
    let result = judged(&change, &cn2020());
    assert_eq!((result.status, result.score, result.rate), (Status::NotAchieved, Some(Points(0)), Some(Rate(0))));
    assert!(refusals(&change, &cn2020()).is_empty());
}

#[test]
fn qualitative_bands() {
    let (target, actual) = (target(TargetKind::Statement), words());
    for (score, inside) in [(600, true), (799, true), (800, false), (599, false)] {
        let row = Input { level: Some(Level::Partial), score: Some(Points(score)), ..input(&target, &actual, 1000) };
        let result = judged(&row, &cn2020());
        assert_eq!(result.score, inside.then_some(Points(score)));
        assert_eq!(result.score_band, Some((Points(600), Points(799))));
        assert_eq!(refusals(&row, &cn2020()).is_empty(), inside);
        assert_eq!(result.status, Status::PartiallyAchieved);
    }
    let open = judged(&Input { level: Some(Level::Full), ..input(&target, &actual, 1000) }, &cn2020());
    assert_eq!((open.score, open.status), (None, Status::Achieved));
}

#[test]
fn ranges_dates_and_compounds() {
    let range = jixiao_rules::target::Target {
        base_value: Some(dec("90")),
        base_value_high: Some(dec("95")),
        ..target(TargetKind::Range)
    };
    for (done, rate, score) in [("92", "1.000000", 1000), ("45", "0.500000", 500), ("114", "0.800000", 800)] {
        let actual = number(dec(done));
        let result = judged(&input(&range, &actual, 1000), &cn2020());
        assert_eq!(
            (result.rate.map(|rate| rate.to_string()).as_deref(), result.score),
            (Some(rate), Some(Points(score)))
        );
    }
    let day = |month, day| PartialDate { year: Some(2024), month, day };
    let by = jixiao_rules::target::Target { deadline: Some(day(11, 30)), ..target(TargetKind::Date) };
    for (done, status, score) in [(day(11, 30), Status::Achieved, 1000), (day(12, 1), Status::NotAchieved, 0)] {
        let actual = jixiao_rules::actual::Actual { date: Some(done), ..words() };
        let result = judged(&input(&by, &actual, 1000), &cn2020());
        assert_eq!((result.status, result.score), (status, Some(Points(score))));
    }
    let parts = vec![quantity(Comparator::Gte, dec("10"), "个"), quantity(Comparator::Lte, dec("5"), "天")];
    let both = jixiao_rules::target::Target { parts, ..target(TargetKind::Compound) };
    let actual =
        jixiao_rules::actual::Actual { parts: vec![Some(number(dec("12"))), Some(number(dec("6")))], ..words() };
    let result = judged(&input(&both, &actual, 1000), &cn2020());
    assert_eq!((result.status, result.rate, result.score), (Status::PartiallyAchieved, None, None));
}

#[test]
fn lights_by_month() {
    let cases =
        [("52", Light::Red), ("70", Light::Green), ("69", Light::Yellow), ("104", Light::Green), ("105", Light::Blue)];
    for (done, light) in cases {
        let (target, actual) = (quantity(Comparator::Eq, dec("150"), "个"), number(dec(done)));
        let row = Input { occasion: Occasion::DuringYear(7), ..input(&target, &actual, 1000) };
        let result = judged(&row, &cn2020());
        assert_eq!((result.light, result.status, result.score), (Some(light), Status::InProgress, None), "{done}");
    }
    // A level is not pro-rated: 90 % in July is no blue.
    let (target, actual) = (quantity(Comparator::Gte, dec("90"), "%"), number(dec("90")));
    let row = Input { occasion: Occasion::DuringYear(7), ..input(&target, &actual, 1000) };
    let result = judged(&row, &cn2020());
    assert_eq!((result.light, result.status), (Some(Light::Green), Status::Achieved));
    let july = execution::Input {
        annual_budget: Some(Money(514_808_100)),
        executed: Some(Money(200_000_000)),
        months: Some(7),
        ..Default::default()
    };
    let result = execution::execution(&july, &cn2020());
    assert_eq!((result.light, result.score), (Some(Light::Yellow), None));
    assert_eq!(result.time_share, Some(Rate(665_990)));
}

#[test]
fn execution_scores() {
    let cases = [(3724, 4320, 862_037, 862), (15474, 31020, 498_839, 499), (126_872, 117_255, 1_082_017, 1000)];
    for (executed, budget, rate, score) in cases {
        let row = execution::Input {
            annual_budget: Some(Money(budget)),
            executed: Some(Money(executed)),
            ..Default::default()
        };
        let result = execution::execution(&row, &cn2020());
        assert_eq!((result.rate, result.score), (Some(Rate(rate)), Some(Points(score))));
        assert_eq!(result.flags.contains(&Flag::OverExecution), executed > budget);
    }
}

#[test]
fn over_achievement_costs_points_where_the_scheme_says_so() {
    let (target, actual) = (quantity(Comparator::Gte, dec("100"), "个"), number(dec("160")));
    let plain = input(&target, &actual, 1000);
    assert_eq!(judged(&plain, &cn2020()).score, Some(Points(1000)));
    let too_low = Input { target_set_too_low: true, ..plain };
    assert_eq!(judged(&too_low, &cn2020()).score, Some(Points(900)));
    let capped = named("CAPPED").expect("shipped");
    assert_eq!(judged(&plain, &capped).score, Some(Points(800)));
    assert_eq!(judged(&Input { weight: Some(Points(150)), ..plain }, &capped).score, Some(Points(0)));
}
