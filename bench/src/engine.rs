//! The rules alone, on one core, over the real indicator rows: how many readings and assessments a second, each beside a
//! floor measured in the same process, in turns with it.

use std::hint::black_box;
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use jixiao_rules::actual::{Actual, read_actual};
use jixiao_rules::assess::{Input, Occasion, assess};
use jixiao_rules::scheme;
use jixiao_rules::target::{Context, Target, level1_of, level2_of, read_target};
use jixiao_rules::value::Points;
use rust_decimal::Decimal;

const TABLE: &str = include_str!("../../tests/fixtures/indicators.tsv");

/// Turns of floor and work; the best of each counts, since anything else on the machine only slows down.
const TURNS: u32 = 5;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Milliseconds for each measurement.
    #[arg(long, default_value_t = 2000)]
    milliseconds: u64,
}

/// One row with a target and an actual value.
struct Row {
    level1: &'static str,
    level2: &'static str,
    name: &'static str,
    year: Option<i32>,
    target: &'static str,
    actual: &'static str,
    weight: Points,
}

impl Row {
    fn context(&self) -> Context<'static> {
        let filled = |cell: &'static str| (!cell.is_empty()).then_some(cell);
        Context { level1: filled(self.level1), level2: filled(self.level2), name: filled(self.name), year: self.year }
    }
}

/// Measures, and prints a line each: name, floor, a second of work, a second of floor.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let all = rows()?;
    let rows: Vec<&Row> = all.iter().filter(|row| !row.target.is_empty()).collect();
    let pairs: Vec<&Row> = rows.iter().copied().filter(|row| !row.actual.is_empty()).collect();
    let scheme = scheme::named(scheme::DEFAULT).context("the scheme is shipped")?;
    let read: Vec<(Target, Actual)> = pairs
        .iter()
        .map(|row| {
            let target = read_target(row.target, &row.context());
            let actual = read_actual(row.actual, &target, &row.context());
            (target, actual)
        })
        .collect();
    let inputs: Vec<Input<'_>> =
        pairs.iter().zip(&read).map(|(row, (target, actual))| input(row, target, actual)).collect();
    let slice = Duration::from_millis(args.milliseconds) / (2 * TURNS);

    let copy_and_parse = |row: &&Row| {
        black_box((row.target.to_owned(), row.name.to_owned(), number(row.target)));
    };
    let (floor, work) = turns(slice, &rows, copy_and_parse, &rows, |row| {
        black_box(read_target(row.target, &row.context()));
    });
    print("readings", "copy target and name, parse the number", work, floor);

    let parse_both = |row: &&Row| {
        black_box(number(row.target).zip(number(row.actual)));
    };
    let (floor, work) = turns(slice, &pairs, parse_both, &inputs, |input| {
        black_box(assess(input, &scheme));
    });
    print("assessments", "parse the numbers of target and actual", work, floor);

    let (floor, work) = turns(slice, &pairs, parse_both, &pairs, |row| {
        let target = read_target(row.target, &row.context());
        let actual = read_actual(row.actual, &target, &row.context());
        black_box(assess(&input(row, &target, &actual), &scheme));
    });
    print("read_and_assess", "parse the numbers of target and actual", work, floor);
    Ok(())
}

fn print(name: &str, floor_is: &str, work: u128, floor: u128) {
    println!("{name}\t{work}\t{floor}\t{floor_is}");
}

/// Best rates a second of floor and work, measured in turns.
fn turns<F, W>(slice: Duration, floor_items: &[F], floor: impl Fn(&F), items: &[W], work: impl Fn(&W)) -> (u128, u128) {
    (0..TURNS).fold((0, 0), |(best_floor, best_work), _| {
        (best_floor.max(rate(slice, floor_items, &floor)), best_work.max(rate(slice, items, &work)))
    })
}

/// Items a second, over whole passes until the time is up.
fn rate<T>(slice: Duration, items: &[T], work: impl Fn(&T)) -> u128 {
    let start = Instant::now();
    let mut done = 0_u128;
    while start.elapsed() < slice {
        items.iter().for_each(&work);
        done += items.len() as u128;
    }
    done * 1_000_000_000 / start.elapsed().as_nanos().max(1)
}

/// The first number of a text, as a library parses it.
fn number(text: &str) -> Option<Decimal> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    Decimal::from_str(&rest[..end]).ok()
}

fn input<'a>(row: &Row, target: &'a Target, actual: &'a Actual) -> Input<'a> {
    Input {
        level1: level1_of(row.level1),
        level2: level2_of(row.level2),
        name: row.name,
        target: Some(target),
        confirmed: target.certain,
        actual: Some(actual),
        level: None,
        score: None,
        not_applicable: None,
        target_set_too_low: false,
        weight: Some(row.weight),
        accumulation: None,
        occasion: Occasion::YearEnd,
        lenient: true,
    }
}

fn rows() -> anyhow::Result<Vec<Row>> {
    let mut lines = TABLE.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().context("a header")?;
    let column = |name: &str| header.iter().position(|cell| *cell == name).with_context(|| format!("column {name}"));
    let places = [
        column("level1")?,
        column("level2")?,
        column("level3")?,
        column("year")?,
        column("target")?,
        column("actual")?,
        column("weight")?,
    ];
    Ok(lines
        .map(|cells| {
            let [level1, level2, name, year, target, actual, weight] =
                places.map(|place| cells.get(place).copied().unwrap_or_default());
            let points = weight.trim_end_matches('%').parse().ok().and_then(Points::exact).unwrap_or(Points(1000));
            Row { level1, level2, name, year: year.parse().ok(), target, actual, weight: points }
        })
        .collect())
}
