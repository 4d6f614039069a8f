//! What holds for every input: one rounding, monotone scores, absence is never zero, no panic.

mod support;

use jixiao_rules::assess::{Input, Occasion, assess, refusals};
use jixiao_rules::explain::explain;
use jixiao_rules::kind::{Comparator, Level1, Status};
use jixiao_rules::rollup::Tally;
use jixiao_rules::scheme::{Scheme, named};
use jixiao_rules::value::{Points, Rate};
use jixiao_rules::weight::{Row, derive};
use proptest::prelude::*;
use rust_decimal::Decimal;
use support::*;

fn scheme() -> Scheme {
    named("CN-2020").expect("shipped")
}

/// The status that the printed numbers alone tell.
fn by_printed_rate(comparator: Comparator, rate: Rate) -> Status {
    match rate.0 {
        1_000_001.. if matches!(comparator, Comparator::Gte) => Status::Exceeded,
        1_000_000.. => Status::Achieved,
        600_000.. => Status::PartiallyAchieved,
        _ => Status::NotAchieved,
    }
}

#[test]
fn status_follows_the_printed_rate() {
    let scheme = scheme();
    let mut seed = 0x2024_1124_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for round in 0..100_000_u64 {
        let comparator = [Comparator::Gte, Comparator::Lte, Comparator::Eq][(round % 3) as usize];
        let wanted = i64::try_from(next(1_000_000) + 1).expect("small");
        // Every third pair sits on a band edge, plus or minus one unit in the last place.
        let edge = [60, 100, 130, 200][next(4) as usize];
        let near = wanted * edge / 100 + i64::try_from(next(3)).expect("small") - 1;
        let done = if round % 3 == 0 { near.max(0) } else { i64::try_from(next(3_000_000)).expect("small") };
        let digits = u32::try_from(next(5)).expect("small");
        let (wanted, done) = (Decimal::new(wanted, digits), Decimal::new(done, digits));
        let (target, actual) = (quantity(comparator, wanted, "个"), number(done));
        let result = assess(&input(&target, &actual, 1000), &scheme);
        let rate = result.rate.expect("a rate");
        assert_eq!(result.status, by_printed_rate(comparator, rate), "{comparator} {wanted}, {done}: {rate}");
    }
}

fn comparators() -> impl Strategy<Value = Comparator> {
    prop::sample::select(vec![Comparator::Gte, Comparator::Gt, Comparator::Lte, Comparator::Lt, Comparator::Eq])
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    (any::<i128>(), 0..=28_u32).prop_map(|(mantissa, scale)| {
        Decimal::try_from_i128_with_scale(mantissa % 79_228_162_514_264_337_593_543_950_335, scale).unwrap_or_default()
    })
}

proptest! {
    #[test]
    fn scores_are_monotone_and_inside_the_weight(
        comparator in comparators(), wanted in 0..1_000_000_i64, one in 0..3_000_000_i64, two in 0..3_000_000_i64,
        weight in 0..10_000_i64, code in prop::sample::select(vec!["CN-2020", "CN-2021-COST"]),
    ) {
        let scheme = named(code).expect("shipped");
        let target = quantity(comparator, Decimal::new(wanted, 2), "个");
        let (low, high) = (number(Decimal::new(one.min(two), 2)), number(Decimal::new(one.max(two), 2)));
        let score = |actual| assess(&input(&target, actual, weight), &scheme).score.expect("a score");
        let (first, second) = (score(&low), score(&high));
        prop_assert!((Points(0)..=Points(weight)).contains(&first));
        let falls = matches!(comparator, Comparator::Lte | Comparator::Lt) || wanted == 0 && comparator == Comparator::Eq;
        let ordered = if falls { first >= second } else { first <= second };
        prop_assert!(ordered);
    }

    #[test]
    fn explanations_replay_to_the_result(
        comparator in comparators(), wanted in 0..100_000_i64, done in 0..300_000_i64, weight in 0..5_000_i64,
        score in prop::option::of(0..5_000_i64), months in prop::option::of(1..=12_u32), too_low: bool,
    ) {
        let (target, actual) = (quantity(comparator, Decimal::new(wanted, 2), "个"), number(Decimal::new(done, 2)));
        let row = Input {
            score: score.map(Points), target_set_too_low: too_low,
            occasion: months.map_or(Occasion::YearEnd, Occasion::DuringYear),
            ..input(&target, &actual, weight)
        };
        let (result, steps) = (assess(&row, &scheme()), replay(&explain(&row, &scheme())));
        prop_assert_eq!(steps.get("status").cloned(), Some(result.status.to_string()));
        prop_assert_eq!(steps.get("rate").cloned(), result.rate.map(|rate| rate.to_string()));
        prop_assert_eq!(steps.get("score").cloned(), result.score.map(|score| score.to_string()));
        prop_assert_eq!(steps.get("light").cloned(), result.light.map(|light| light.to_string()));
    }

    #[test]
    fn nothing_panics(
        comparator in comparators(), wanted in any_decimal(), done in any_decimal(), weight: i64, score: i64, months: u32,
        during: bool, lenient: bool,
    ) {
        let (target, actual) = (quantity(comparator, wanted, "%"), number(done));
        let row = Input {
            score: Some(Points(score)), lenient, name: "增长",
            occasion: if during { Occasion::DuringYear(months) } else { Occasion::YearEnd },
            ..input(&target, &actual, weight.max(0))
        };
        for code in ["CN-2020", "CAPPED", "LIGHTS-BY-MONTH"] {
            let scheme = named(code).expect("shipped");
            let _ = (assess(&row, &scheme), explain(&row, &scheme), refusals(&row, &scheme));
            let range = jixiao_rules::target::Target {
                base_value_high: Some(done), ..jixiao_rules::target::Target { kind: jixiao_rules::kind::TargetKind::Range, ..target.clone() }
            };
            let _ = explain(&Input { target: Some(&range), ..row }, &scheme);
        }
    }

    #[test]
    fn absence_is_never_zero(values in prop::collection::vec((1..1000_i64, 0..2000_i64), 1..12), drop in any::<prop::sample::Index>()) {
        let scheme = scheme();
        let (mut all, mut fewer) = (Tally::default(), Tally::default());
        let dropped = drop.index(values.len());
        let mut lost = Points(0);
        for (index, (wanted, done)) in values.iter().enumerate() {
            let (target, actual) = (quantity(Comparator::Gte, Decimal::from(*wanted), "个"), number(Decimal::from(*done)));
            let row = input(&target, &actual, 1000);
            let result = assess(&row, &scheme);
            all.add(&result);
            if index == dropped {
                lost = result.score.expect("a score");
                let absent = assess(&Input { actual: None, ..row }, &scheme);
                prop_assert_eq!((absent.status, absent.score, absent.rate), (Status::NotReported, None, None));
                fewer.add(&absent);
            } else {
                fewer.add(&result);
            }
        }
        prop_assert_eq!(fewer.indicators(), i64::try_from(values.len()).expect("small"));
        prop_assert_eq!(all.by_status().map(|(_, count)| count).sum::<i64>(), all.indicators());
        // Without the dropped row the average is that of the others: it falls only when the row was above it.
        if let (Some(with), Some(without)) = (all.average_score(), fewer.average_score()) {
            prop_assert!(without >= with || lost.0 * 10 > without.0);
        }
    }

    #[test]
    fn derived_weights_use_up_their_level(rows in prop::collection::vec((0..4_usize, any::<bool>()), 1..40)) {
        let levels = [Level1::Output, Level1::Cost, Level1::Outcome, Level1::Satisfaction];
        let rows: Vec<Row> = rows.into_iter()
            .map(|(level, excluded)| Row { level1: Some(levels[level]), level2: None, stated: None, excluded })
            .collect();
        let has = |level: Level1| rows.iter().any(|row| row.level1 == Some(level) && !row.excluded);
        prop_assume!((has(Level1::Output) || has(Level1::Cost)) && has(Level1::Outcome));
        let sum: i64 = derive(&rows, &scheme()).iter().flatten().map(|(points, _)| points.0).sum();
        prop_assert_eq!(sum, 9000);
    }
}
