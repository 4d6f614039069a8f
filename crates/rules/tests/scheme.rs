//! Scheme documents: the shipped ones come back as they went in, broken ones are refused with their line.

use jixiao_rules::kind::{Level1, Level2, ResultGrade, Status, WeightOrigin};
use jixiao_rules::scheme::{DEFAULT, named, parse, shipped};
use jixiao_rules::value::Points;
use jixiao_rules::weight::{Row, derive};

#[test]
fn shipped_schemes_round_trip() {
    for (code, document) in shipped() {
        let scheme = parse(document).unwrap_or_else(|error| panic!("{code}: {error}"));
        assert_eq!(scheme.code, *code);
        let again = scheme.document().expect("a document");
        assert_eq!(parse(&again), Ok(scheme), "{code}");
    }
    assert_eq!(shipped()[0].0, DEFAULT);
}

#[test]
fn faults_are_refused_with_their_line() {
    let (_, document) = shipped()[0];
    // text to replace, replacement, a word of the English reason; the line is that of the replacement's last word
    let cases = [
        ("output = \"50\"", "output = \"51\"", "101"),
        ("output = \"50\"", "output = 50", "quoted decimal text"),
        ("partial_from = \"0.60\"\ndeviating", "partial_from = 0.6\ndeviating", "quoted decimal text"),
        ("output = \"50\"", "output = \"5e1\"", "not a decimal number"),
        ("output = \"50\"", "output = \"50.001\"", "more than 2 decimals"),
        ("method = \"PROPORTIONAL\"", "method = \"BEST\"", "unknown variant"),
        ("reason_below = \"0.90\"", "reason_beneath = \"0.90\"", "unknown field"),
        ("full_from = \"0.80\"", "full_from = \"0.50\"", "above 0.600000"),
        ("green_from = \"0.80\"\nblue", "green_from = \"0.50\"\nblue", "above 0.600000"),
        ("from = \"80\"", "from = \"95\"", "out of order"),
        ("from = \"1.50\"", "from = \"1.20\"", "out of order"),
        ("rate_digits = \"6\"", "rate_digits = \"4\"", "only 6"),
        ("rate_mode = \"TRUNCATE\"", "rate_mode = \"HALF_UP\"", "unknown variant"),
        (
            "no_budget = \"EXCLUDE\"",
            "no_budget = \"EXCLUDE\"\nbands = [{ from = \"0\", points = \"5\" }]",
            "does not use",
        ),
        ("lower_is_better = \"LINEAR\"", "lower_is_better = \"TIERS\"", "missing"),
        ("version = \"1\"", "version = \"0\"", "starts at 1"),
        ("code = \"CN-2020\"", "code = ", ""),
    ];
    for (old, new, reason) in cases {
        assert!(document.contains(old), "{old}");
        let broken = document.replacen(old, new, 1);
        let at = document.find(old).expect("there");
        let first = document[..at].matches('\n').count() + 1;
        let error = parse(&broken).expect_err(new);
        let line = error.line as usize;
        // A sum or an order is reported at its table or row, at most five lines above.
        assert!(line <= first + 1 && line + 5 > first, "{new}: line {line}, wanted {first}; {error}");
        assert!(error.message.en.contains(reason), "{new}: {error}");
        assert!(!error.message.zh.is_ascii(), "{new}: {error}");
    }
}

fn row(level1: Level1, level2: Option<Level2>) -> Row {
    Row { level1: Some(level1), level2, stated: None, excluded: false }
}

/// The seed form: nine quantity, two quality, two social, one satisfaction indicator.
fn seed() -> Vec<Row> {
    let mut rows = vec![row(Level1::Output, Some(Level2::Quantity)); 9];
    rows.extend(vec![row(Level1::Output, Some(Level2::Quality)); 2]);
    rows.extend(vec![row(Level1::Outcome, Some(Level2::Social)); 2]);
    rows.push(row(Level1::Satisfaction, None));
    rows
}

fn points(rows: &[Row], code: &str) -> Vec<i64> {
    let scheme = named(code).expect("shipped");
    derive(rows, &scheme).iter().map(|weight| weight.map_or(-1, |(points, _)| points.0)).collect()
}

#[test]
fn weights_of_the_seed_form() {
    let mut wanted = vec![455; 6];
    wanted.extend([454; 5]);
    wanted.extend([1500, 1500, 1000]);
    assert_eq!(points(&seed(), DEFAULT), wanted);
    let mut by_level2 = named(DEFAULT).expect("shipped");
    by_level2.weights.split = jixiao_rules::scheme::Split::EqualByLevel2;
    let found: Vec<i64> = derive(&seed(), &by_level2).iter().flatten().map(|(points, _)| points.0).collect();
    assert_eq!(found[..11], [278, 278, 278, 278, 278, 278, 278, 277, 277, 1250, 1250]);
}

#[test]
fn missing_and_excluded_rows_lose_no_points() {
    let mut rows = seed();
    rows.pop();
    assert_eq!(points(&rows, DEFAULT)[11..], [2000, 2000]);
    let mut rows = seed();
    rows[13].excluded = true;
    rows[0].excluded = true;
    let found = points(&rows, DEFAULT);
    assert_eq!(found[0], -1);
    assert_eq!(found[1..11], [500; 10]);
    assert_eq!(found[11..], [2000, 2000, -1]);
    // Cost rows count as output where the scheme has no cost points.
    let cost = [
        row(Level1::Cost, None),
        row(Level1::Output, None),
        row(Level1::Outcome, None),
        row(Level1::Satisfaction, None),
    ];
    assert_eq!(points(&cost, DEFAULT), [2500, 2500, 3000, 1000]);
    assert_eq!(points(&cost, "CN-2021-COST"), [2000, 4000, 2000, 1000]);
}

#[test]
fn stated_weights_stay_and_scale_only_by_exclusion() {
    let scheme = named(DEFAULT).expect("shipped");
    let mut rows = seed();
    let stated = [500, 500, 500, 500, 500, 500, 500, 500, 500, 250, 250, 2000, 1000, 1000];
    for (row, points) in rows.iter_mut().zip(stated) {
        row.stated = Some(Points(points));
    }
    let kept = derive(&rows, &scheme);
    assert!(kept.iter().zip(stated).all(|(weight, points)| *weight == Some((Points(points), WeightOrigin::Stated))));
    rows[11].excluded = true;
    assert_eq!(derive(&rows, &scheme)[12], Some((Points(3000), WeightOrigin::Derived)));
}

#[test]
fn totals_grades_and_caps() {
    use jixiao_rules::assess::{Achievement, Flag, Rule};
    use jixiao_rules::execution::{self, execution};
    use jixiao_rules::rollup::declaration;
    use jixiao_rules::value::Money;
    let achievement = |score: Option<i64>, max: i64| Achievement {
        status: if score.is_some() { Status::Achieved } else { Status::NotReported },
        rate: None,
        score: score.map(Points),
        computed_score: None,
        score_band: None,
        max_score: Some(Points(max)),
        light: None,
        deviating: false,
        explanation_required: false,
        overridden: false,
        flags: Vec::new(),
        rule: Rule::HigherRatio,
        certain: true,
    };
    let money = |executed| execution::Input {
        annual_budget: Some(Money(1000)),
        executed: Some(Money(executed)),
        ..Default::default()
    };
    let total = |code: &str, score, executed| {
        let scheme = named(code).expect("shipped");
        let run = execution(&money(executed), &scheme);
        declaration(&[achievement(Some(score), 9000)], &run, &scheme, false)
    };
    for (score, grade) in [
        (8000, ResultGrade::Excellent),
        (7999, ResultGrade::Good),
        (5000, ResultGrade::Fair),
        (4999, ResultGrade::Poor),
    ] {
        let result = total(DEFAULT, score, 1000);
        assert_eq!((result.score, result.grade), (Some(Points(score + 1000)), Some(grade)));
    }
    assert_eq!(total("GRADES-80-70-60", 7000, 1000).grade, Some(ResultGrade::Excellent));
    // "Cap at 89" is a minimum, not a replacement.
    for (executed, score, wanted) in [
        (800, 9000, 9800),
        (799, 9000, 8900),
        (700, 9000, 8900),
        (699, 9000, 7900),
        (500, 9000, 6900),
        (499, 9000, 5900),
        (499, 1000, 1499),
    ] {
        let result = total("CAPPED", score, executed);
        assert_eq!(result.score, Some(Points(wanted)), "{executed}");
        assert_eq!(result.flags.contains(&Flag::ScoreCapped), executed < 800 && score == 9000);
    }
    let scheme = named(DEFAULT).expect("shipped");
    let none = execution(
        &execution::Input { annual_budget: Some(Money(0)), executed: Some(Money(0)), ..Default::default() },
        &scheme,
    );
    let result = declaration(&[achievement(Some(8000), 9000)], &none, &scheme, false);
    assert_eq!((result.score, result.execution_score), (Some(Points(8889)), None));
    // A missing score gives no total, and never a 0.
    let half = [achievement(Some(4000), 4500), achievement(None, 4500)];
    let result = declaration(&half, &execution(&money(1000), &scheme), &scheme, false);
    assert_eq!((result.score, result.grade), (None, None));
    assert_eq!((result.score_so_far, result.max_score_so_far), (Some(Points(5000)), Some(Points(5500))));
    let unknown = declaration(
        &[achievement(Some(8000), 9000)],
        &execution(&execution::Input::default(), &scheme),
        &scheme,
        false,
    );
    assert_eq!(unknown.score, None);
}

#[test]
fn duties_are_optional_and_kept() {
    let document = shipped()[0].1;
    let strict = parse(document).expect("a scheme");
    assert!(!strict.duties.spot_check_by_approver);
    assert!(!strict.document().expect("a document").contains("duties"), "a table that is left out stays out");
    let eased = format!("{document}\n[duties]\nspot_check_by_approver = true\n");
    let eased = parse(&eased).expect("a scheme");
    assert!(eased.duties.spot_check_by_approver);
    let again = parse(&eased.document().expect("a document")).expect("a scheme");
    assert_eq!(again, eased);
    assert!(parse(&format!("{document}\n[duties]\nother = true\n")).is_err());
}
