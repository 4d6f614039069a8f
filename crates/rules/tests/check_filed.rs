//! D7, D8, D11 and D12 on a declaration with its readings and links.

use jixiao_rules::check::{Beside, Reading, declaration, filed};
use jixiao_rules::form::{self, Form};
use jixiao_rules::kind::{BudgetLine, Comparator, Direction, Vocabulary};
use jixiao_rules::scheme::{self, Scheme};
use jixiao_rules::target::{Context, Target, read_target};
use jixiao_rules::value::Money;

const REAL: &str = include_str!("../../../tests/fixtures/zengcheng-civil-affairs-declaration.txt");

fn complete() -> Form {
    let mut form = form::parse(REAL).expect("the real form is read").form;
    form.indicators[9].annual_target = Some("100%".into());
    form
}

fn default_scheme() -> Scheme {
    scheme::parse(scheme::shipped().first().map_or("", |(_, document)| document)).expect("a scheme")
}

/// Both targets of each indicator as they are read.
fn readings(form: &Form) -> Vec<(Option<Target>, Option<Target>)> {
    let read = |text: &Option<String>, name: &str, level2: Option<&str>| {
        let context = Context { level2, name: Some(name), year: Some(2024), ..Context::default() };
        text.as_deref().map(|text| read_target(text, &context))
    };
    let both = form.indicators.iter().map(|row| {
        let level2 = row.level2_label.as_deref();
        (read(&row.annual_target, &row.name, level2), read(&row.cycle_target, &row.name, level2))
    });
    both.collect()
}

fn beside(readings: &[(Option<Target>, Option<Target>)]) -> Vec<Beside<'_>> {
    fn reading(target: &Target) -> Reading<'_> {
        Reading { target, confirmed: true }
    }
    readings
        .iter()
        .map(|(annual, cycle)| Beside {
            annual: annual.as_ref().map(reading),
            cycle: cycle.as_ref().map(reading),
            ..Beside::default()
        })
        .collect()
}

/// What is found beyond the checks of the form itself.
fn beyond(form: &Form, beside: &[Beside<'_>], scheme: &Scheme) -> Vec<String> {
    let known = declaration(form, scheme);
    let found = filed(form, beside, scheme).into_iter().filter(|finding| !known.contains(finding));
    found.map(|f| format!("{} {} {}", f.rule, f.severity, f.path.join("."))).collect()
}

/// As [`beyond`], with one target written over.
fn with_target(name: Option<&str>, annual: &str, scheme: &Scheme) -> Vec<String> {
    let mut form = complete();
    form.indicators[0].annual_target = Some(annual.into());
    form.indicators[0].cycle_target = None;
    if let Some(name) = name {
        form.indicators[0].name = name.into();
    }
    let readings = readings(&form);
    beyond(&form, &beside(&readings), scheme)
}

const UNLINKED: &str = "D11 WARNING keyTasks";

#[test]
fn the_real_form_is_only_not_linked_yet() {
    let form = complete();
    let readings = readings(&form);
    assert_eq!(beyond(&form, &beside(&readings), &default_scheme()), [UNLINKED]);
}

#[test]
fn d8_percentages() {
    let scheme = default_scheme();
    let wrong = ["D8 ERROR indicators.0.annualTarget", UNLINKED];
    assert_eq!(with_target(None, "290%", &scheme), wrong);
    assert_eq!(with_target(None, "≥100.01%", &scheme), wrong);
    for fine in ["100%", "0%", "≥99.99%", "120个"] {
        assert_eq!(with_target(None, fine, &scheme), [UNLINKED], "{fine}");
    }
    assert_eq!(with_target(Some("服务人次增长率"), "≥120%", &scheme), [UNLINKED], "growth may go beyond");
    let mut over = scheme;
    over.checks.allow_over_100 = true;
    assert_eq!(with_target(None, "290%", &over), [UNLINKED]);
}

#[test]
fn d8_comparator_numbers_and_units() {
    let (form, scheme) = (complete(), default_scheme());
    let mut readings = readings(&form);
    let target = readings[0].0.as_mut().expect("a target");
    (target.comparator, target.direction) = (Some(Comparator::Gte), Direction::LowerIsBetter);
    let wrong = ["D8 ERROR indicators.0.annualTarget", UNLINKED];
    assert_eq!(beyond(&form, &beside(&readings), &scheme), wrong);
    let mut open = beside(&readings);
    open[0].annual = open[0].annual.map(|reading| Reading { confirmed: false, ..reading });
    assert_eq!(beyond(&form, &open, &scheme), [UNLINKED], "what nobody confirmed is asked for elsewhere");
    let target = readings[0].0.as_mut().expect("a target");
    (target.direction, target.value) = (Direction::HigherIsBetter, None);
    assert_eq!(beyond(&form, &beside(&readings), &scheme), wrong);
    let target = readings[0].0.as_mut().expect("a target");
    (target.value, target.base_unit) = (target.base_value, Some("个".into()));
    assert_eq!(beyond(&form, &beside(&readings), &scheme), ["D8 WARNING indicators.0.cycleTarget", UNLINKED]);
}

#[test]
fn d11_links() {
    let (form, scheme) = (complete(), default_scheme());
    let readings = readings(&form);
    let mut linked = beside(&readings);
    for (index, row) in linked.iter_mut().enumerate() {
        row.tasks = vec![index % form.key_tasks.len()];
    }
    assert_eq!(beyond(&form, &linked, &scheme), Vec::<String>::new());
    linked[13].tasks.clear();
    assert_eq!(beyond(&form, &linked, &scheme), ["D11 WARNING indicators.13"]);
    linked[13].general = true;
    assert_eq!(beyond(&form, &linked, &scheme), Vec::<String>::new());
    for row in linked.iter_mut().filter(|row| row.tasks == [5]) {
        row.tasks = vec![0];
    }
    assert_eq!(beyond(&form, &linked, &scheme), ["D11 WARNING keyTasks.5"]);
}

#[test]
fn d7_does_not_ask_for_what_was_dropped() {
    let mut form = complete();
    form.indicators[3].annual_target = None;
    let (readings, scheme) = (readings(&form), default_scheme());
    let d7 = |beside: &[Beside<'_>]| filed(&form, beside, &scheme).iter().filter(|f| f.rule == "D7").count();
    let mut rows = beside(&readings);
    assert_eq!(d7(&rows), 1);
    rows[3].dropped = true;
    assert_eq!(d7(&rows), 0);
}

#[test]
fn d12_a_tolerated_difference_is_told() {
    let mut form = complete();
    form.budget.insert(BudgetLine::BasicExpenditure, Money(3_109_750_000 + 100));
    let mut scheme = default_scheme();
    let rules = |scheme: &Scheme| {
        let found = declaration(&form, scheme).into_iter().map(|f| format!("{} {}", f.rule, f.severity.as_str()));
        found.filter(|text| !text.starts_with("D1 ")).collect::<Vec<_>>()
    };
    assert_eq!(rules(&scheme), ["D2 ERROR"]);
    scheme.checks.tolerance_fen_per_addend = 25;
    assert_eq!(rules(&scheme), ["D12 NOTICE", "INCOME_DIFFERENCE NOTICE"]);
}
