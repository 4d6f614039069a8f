//! The lights of a whole document (rules 5.2, last two rows): the worst during the year with counts beside it, the
//! plausibility of the score at year-end.

use jixiao_rules::actual::read_actual;
use jixiao_rules::assess::{self, Achievement, Input, Occasion};
use jixiao_rules::execution::{self, Execution};
use jixiao_rules::kind::{Light, Vocabulary};
use jixiao_rules::rollup;
use jixiao_rules::scheme::{self, Scheme};
use jixiao_rules::target::{Context, read_target};
use jixiao_rules::value::{Money, Points};

fn scheme() -> Scheme {
    scheme::named(scheme::DEFAULT).expect("the default scheme")
}

fn achievement(actual: &str, score: Option<i64>, weight: i64, occasion: Occasion) -> Achievement {
    let context = Context { level1: None, level2: None, name: Some("服务站数量"), year: None };
    let target = read_target("≥150个", &context);
    let actual = read_actual(actual, &target, &context);
    let input = Input {
        level1: None,
        level2: None,
        name: "服务站数量",
        target: Some(&target),
        confirmed: true,
        actual: Some(&actual),
        level: None,
        score: score.map(Points),
        not_applicable: None,
        target_set_too_low: false,
        weight: Some(Points(weight)),
        accumulation: None,
        occasion,
        lenient: false,
    };
    assess::assess(&input, &scheme())
}

fn execution(executed: i64, budget: i64, months: Option<u32>) -> Execution {
    let budget = Some(Money(budget));
    let input =
        execution::Input { initial_budget: budget, annual_budget: budget, executed: Some(Money(executed)), months };
    execution::execution(&input, &scheme())
}

#[test]
fn the_worst_light_and_the_counts_it_hides() {
    let july = Occasion::DuringYear(7);
    let light = |rows: &[&str], executed: i64| {
        let rows: Vec<Achievement> = rows.iter().map(|actual| achievement(actual, None, 1_000, july)).collect();
        let result = rollup::declaration(&rows, &execution(executed, 5_148_081, Some(7)), &scheme(), true);
        (result.light, result.execution_light, result.light_counts)
    };
    // The vectors of rules 5.2: 52 red, 69 yellow, 70 and 104 green, 105 blue; 20,000 of 51,480.81 by July yellow.
    let all = ["52个", "69个", "70个", "104个", "105个"];
    assert_eq!(light(&all, 2_000_000), (Some(Light::Red), Some(Light::Yellow), [1, 1, 2, 1]));
    assert_eq!(light(&["70个", "105个"], 2_000_000), (Some(Light::Yellow), Some(Light::Yellow), [0, 0, 1, 1]));
    assert_eq!(light(&["70个", "105个"], 5_000_000), (Some(Light::Green), Some(Light::Green), [0, 0, 1, 1]));
    assert_eq!(
        light(&["105个"], 5_000_000),
        (Some(Light::Green), Some(Light::Green), [0, 0, 0, 1]),
        "execution is a child too"
    );
    assert_eq!(Light::ALL, [Light::Red, Light::Yellow, Light::Green, Light::Blue], "the order of the counts");
}

#[test]
fn the_plausibility_of_a_self_evaluation() {
    let light = |score: i64, executed: i64, budget: i64| {
        let rows = [achievement("150个", Some(score), 9_000, Occasion::YearEnd)];
        rollup::declaration(&rows, &execution(executed, budget, None), &scheme(), false).light
    };
    assert_eq!(light(9_000, 1_000, 1_000), None);
    assert_eq!(light(9_000, 950, 1_000), None, "a lead of exactly 5 %");
    assert_eq!(light(9_000, 949, 1_000), Some(Light::Red));
    assert_eq!(light(9_000, 500, 1_000), Some(Light::Red), "red before yellow");
    assert_eq!(light(7_000, 800, 1_000), None, "exactly 20 % unspent");
    assert_eq!(light(7_000, 799, 1_000), Some(Light::Yellow));
    assert_eq!(light(9_000, 0, 0), Some(Light::Yellow), "no budget");
}
