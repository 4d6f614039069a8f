//! Random cells through both readers and the assessment, and damaged forms through the form reader: no panic, no hang,
//! nothing certain without substance. `make soak` runs it for `SOAK_FUZZ_SECONDS`, and shows how the time grows.

mod cells;

use std::time::{Duration, Instant};

use cells::{contexts, pieces};
use jixiao_rules::actual::{Actual, read_actual};
use jixiao_rules::assess::{Input, Occasion, assess};
use jixiao_rules::form;
use jixiao_rules::kind::{Direction, Severity, TargetKind};
use jixiao_rules::scheme::{DEFAULT, Scheme, named};
use jixiao_rules::target::{Context, Target, read_target};
use jixiao_rules::value::Points;

const FORM: &str = include_str!("../../../tests/fixtures/zengcheng-civil-affairs-declaration.txt");

/// Rounds of a run without a time.
const ROUNDS: u64 = 20_000;
/// A form takes as long as hundreds of cells.
const ROUNDS_PER_FORM: u64 = 100;

/// A small generator with a fixed seed, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }
}

/// What a certain reading always has.
fn is_whole(target: &Target) -> bool {
    let whole = match target.kind {
        TargetKind::Quantity => target.base_value.is_some() && target.direction != Direction::Unknown,
        TargetKind::Range => {
            matches!((target.base_value, target.base_value_high), (Some(low), Some(high)) if low <= high)
        }
        TargetKind::Date => {
            target.deadline.is_some_and(|day| (1..=12).contains(&day.month) && (1..=31).contains(&day.day))
        }
        TargetKind::YesNo => target.wished.is_some(),
        TargetKind::Statement => target.value.is_none() && target.comparator.is_none(),
        TargetKind::Compound => false,
    };
    let in_parts = target.parts.is_empty() == (target.kind != TargetKind::Compound);
    in_parts && target.certain == target.notes.is_empty() && (whole || !target.certain)
}

/// What was done.
#[derive(Debug, Default)]
struct Counts {
    targets: u64,
    certain_targets: u64,
    actuals: u64,
    certain_actuals: u64,
    scored: u64,
    forms: u64,
    forms_read: u64,
}

fn input<'a>(target: &'a Target, actual: &'a Actual, weight: i64) -> Input<'a> {
    Input {
        level1: None,
        level2: None,
        name: "指标",
        target: Some(target),
        confirmed: target.certain,
        actual: Some(actual),
        level: None,
        score: None,
        not_applicable: None,
        target_set_too_low: false,
        weight: Some(Points(weight)),
        accumulation: None,
        occasion: Occasion::YearEnd,
        lenient: true,
    }
}

/// One target, an answer to it, and its own text as the answer.
fn cells(dice: &mut Dice, scheme: &Scheme, counts: &mut Counts) {
    let (contexts, pieces) = (contexts(), pieces());
    let text: String = (0..=dice.roll(8)).map(|_| pieces[dice.roll(pieces.len())]).collect();
    let reply: String = (0..=dice.roll(4)).map(|_| pieces[dice.roll(pieces.len())]).collect();
    let context = &contexts[dice.roll(contexts.len())];
    let target = read_target(&text, context);
    assert_eq!(target.text, text);
    assert!(is_whole(&target), "{text}: {target:?}");
    counts.targets += 1;
    counts.certain_targets += u64::from(target.certain);
    for answer in [&reply, &text] {
        let actual = read_actual(answer, &target, context);
        assert_eq!((actual.certain, &actual.text), (actual.notes.is_empty(), answer), "{text} -> {answer}");
        counts.actuals += 1;
        counts.certain_actuals += u64::from(actual.certain);
        let result = assess(&input(&target, &actual, 1000), scheme);
        if let Some(score) = result.score {
            counts.scored += 1;
            assert!((Points(0)..=Points(1000)).contains(&score), "{text} -> {answer}: {score}");
        }
    }
}

/// The real form with cells and lines replaced, doubled and lost.
fn damaged_form(dice: &mut Dice) -> String {
    let pieces = pieces();
    let mut lines: Vec<Vec<&str>> = FORM.lines().map(|line| line.split('\t').collect()).collect();
    for _ in 0..=dice.roll(12) {
        let (line, other) = (dice.roll(lines.len()), dice.roll(lines.len()));
        let cell = dice.roll(lines[line].len());
        match dice.roll(5) {
            0 => lines[line][cell] = pieces[dice.roll(pieces.len())],
            1 => lines[line].insert(cell, pieces[dice.roll(pieces.len())]),
            2 if lines[line].len() > 1 => drop(lines[line].remove(cell)),
            3 if lines.len() > 1 => drop(lines.remove(line)),
            _ => lines.swap(line, other),
        }
    }
    lines.iter().map(|line| line.join("\t")).collect::<Vec<_>>().join("\n")
}

fn forms(dice: &mut Dice, counts: &mut Counts) {
    counts.forms += 1;
    match form::parse(&damaged_form(dice)) {
        Ok(parsed) => {
            counts.forms_read += 1;
            assert!(!parsed.form.indicators.is_empty() || !parsed.form.key_tasks.is_empty());
        }
        Err(notices) => assert!(notices.iter().any(|notice| notice.severity == Severity::Error)),
    }
}

/// How long `make soak` lets it run.
#[expect(clippy::disallowed_methods, reason = "a test has no configuration")]
fn seconds() -> Option<u64> {
    std::env::var("SOAK_FUZZ_SECONDS").ok()?.parse().ok()
}

#[test]
fn random_cells_and_damaged_forms() {
    let seconds = seconds();
    let start = Instant::now();
    let more = |round: u64| match seconds {
        Some(seconds) => start.elapsed() < Duration::from_secs(seconds),
        None => round < ROUNDS,
    };
    let scheme = named(DEFAULT).expect("shipped");
    let (mut dice, mut counts, mut round) = (Dice(20_260_704), Counts::default(), 0);
    while more(round) {
        cells(&mut dice, &scheme, &mut counts);
        if round % ROUNDS_PER_FORM == 0 {
            forms(&mut dice, &mut counts);
        }
        round += 1;
    }
    assert!(counts.certain_targets > 0 && counts.certain_actuals > 0 && counts.scored > 0 && counts.forms_read > 0);
    println!("fuzz: {} s, {counts:?}", start.elapsed().as_secs());
}

/// Prints the time a character for texts of growing length, which stays the same when the time is linear. What is longer than
/// the last length is not analysed at all.
#[test]
fn time_by_length() {
    for piece in ["≥90%，", "(", "12月", "一", "应", "百", "于", "1,000,", "、", "-", "元/人", "1 ", "千分之", "不低于"]
    {
        let nanoseconds: Vec<u128> = [250, 500, 1000, 2000].map(|chars| time_of(piece, chars)).into();
        println!("ns a character at 250, 500, 1000, 2000 characters of {piece}: {nanoseconds:?}");
    }
}

/// Nanoseconds a character of reading target and answer, the best of several.
fn time_of(piece: &str, chars: usize) -> u128 {
    let text: String = piece.chars().cycle().take(chars).collect();
    let context = Context { name: Some("项目完成率"), level2: Some("质量指标"), ..Context::default() };
    let measured = (0..5).map(|_| {
        let start = Instant::now();
        let target = read_target(&text, &context);
        let actual = read_actual(&text, &read_target("≥90%", &context), &context);
        assert!(target.text == text && actual.text == text);
        start.elapsed().as_nanos() / chars as u128
    });
    measured.min().unwrap_or_default()
}
