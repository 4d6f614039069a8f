//! The checks A1-A31: nothing in a clean year, and each rule just inside and just outside of what it allows.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use jixiao_rules::actual::{Actual, read_actual};
use jixiao_rules::assess::{self, Achievement, Input, Occasion};
use jixiao_rules::check::audit::{
    Adjusted, Approved, Changed, Declared, Evidence, Filed, FiledRow, Hands, Indicator, Published, Rectified, Task,
    Terms, declaration,
};
use jixiao_rules::cycle::{AttainmentOutlook as Outlook, Period};
use jixiao_rules::execution::{self, Execution};
use jixiao_rules::kind::{Level1, Level2, ResultGrade};
use jixiao_rules::message::Finding;
use jixiao_rules::rollup::{self, DeclarationResult, Reviewed};
use jixiao_rules::scheme::{self, Scheme};
use jixiao_rules::target::{Context, Target, read_target};
use jixiao_rules::value::{Money, Points};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// An indicator with what was reported of it, as a test changes it.
struct Row {
    name: &'static str,
    level1: Level1,
    level2: Level2,
    target: Target,
    cycle: Option<Target>,
    weight: i64,
    mid: &'static str,
    end: &'static str,
    score: Option<i64>,
}

/// A department's year.
struct World {
    scheme: Scheme,
    rows: Vec<Row>,
    /// 万元 of 100.
    executed: i64,
    reviewed: Option<(i64, ResultGrade)>,
}

fn row(
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

fn clean() -> World {
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

struct Made {
    mid: Vec<(Option<Actual>, Achievement)>,
    end: Vec<(Option<Actual>, Achievement)>,
    money: Execution,
    results: [DeclarationResult; 2],
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
    fn findings(&self, change: impl FnOnce(&mut Declared<'_>)) -> Vec<Finding> {
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

    fn found_when(&self, change: impl FnOnce(&mut Declared<'_>)) -> Vec<String> {
        self.findings(change).iter().map(brief).collect()
    }

    fn found(&self) -> Vec<String> {
        self.found_when(|_| {})
    }
}

fn brief(found: &Finding) -> String {
    format!("{} {} {}", found.rule, found.severity, found.path.join("."))
}

fn values(found: &Finding) -> Vec<(&str, &str)> {
    found.compared.iter().map(|one| (one.name.as_str(), one.value.as_str())).collect()
}

fn year_end<'a, 'b>(declared: &'b mut Declared<'a>) -> &'b mut Filed<'a> {
    declared.reports.get_mut(&Period::YearEnd).expect("the report")
}

fn mid_year<'a, 'b>(declared: &'b mut Declared<'a>) -> &'b mut Filed<'a> {
    declared.reports.get_mut(&Period::MidYear).expect("the report")
}

const NONE: [String; 0] = [];

#[test]
fn a_clean_year_has_none() {
    assert_eq!(clean().found(), NONE);
}

#[test]
fn a1_inflated() {
    let mut world = clean();
    world.rows[0].end = "19个";
    world.rows[0].score = Some(1_188);
    assert_eq!(world.found_when(|_| {}), NONE, "19/20 of 12.50 is 11.88: the filer's own score is the recomputed one");
    world.rows[0].score = Some(1_189);
    let found = world.findings(|_| {});
    assert_eq!(
        found.iter().map(brief).collect::<Vec<_>>(),
        [
            "A1 ERROR reports.YEAR_END.rows.0.current.score",
            "A1 ERROR reports.YEAR_END.result.score",
            "A28 NOTICE reports.YEAR_END.rows.0.current.scoreReason"
        ]
    );
    assert_eq!(values(&found[0]), [("filedScore", "11.89"), ("recomputedScore", "11.88")]);
    assert_eq!(values(&found[1]), [("filedScore", "99.39"), ("recomputedScore", "99.38")]);
}

#[test]
fn a2_gap_to_the_review() {
    let mut world = clean();
    for (review, grade, want) in [
        (9_501, ResultGrade::Excellent, None),
        (9_500, ResultGrade::Excellent, Some("WARNING")),
        (9_001, ResultGrade::Excellent, Some("WARNING")),
        (9_000, ResultGrade::Excellent, Some("ERROR")),
        (9_990, ResultGrade::Good, Some("WARNING")),
    ] {
        world.reviewed = Some((review, grade));
        let want: Vec<String> =
            want.map(|severity| format!("A2 {severity} reports.YEAR_END.result.reviewScore")).into_iter().collect();
        assert_eq!(world.found(), want, "{review}");
    }
}

#[test]
fn a3_and_a5_and_a19_when_the_money_was_not_spent() {
    let mut world = clean();
    let at = |rule: &str, severity: &str, field: &str| format!("{rule} {severity} reports.YEAR_END.{field}");
    let (ahead, perfect) = (at("A3", "WARNING", "result.score"), at("A5", "WARNING", "result.score"));
    for (executed, want) in [
        (95, vec![]),
        (94, vec![ahead.clone()]),
        (90, vec![ahead.clone()]),
        (89, vec![ahead.clone(), perfect.clone()]),
        (80, vec![ahead.clone(), perfect.clone()]),
        (79, vec![ahead.clone(), perfect.clone(), at("A19", "WARNING", "execution.executed")]),
        (60, vec![ahead.clone(), perfect.clone(), at("A19", "WARNING", "execution.executed")]),
        (59, vec![ahead.clone(), perfect.clone(), at("A19", "ERROR", "execution.executed")]),
        (100, vec![]),
        (101, vec![at("A19", "WARNING", "execution.executed")]),
    ] {
        world.executed = executed;
        assert_eq!(world.found(), want, "{executed}");
    }
}

#[test]
fn a4_full_marks_for_a_missed_target() {
    let mut world = clean();
    world.rows[0].end = "19个";
    world.rows[0].score = Some(1_250);
    let found = world.found();
    assert!(found.contains(&"A4 ERROR reports.YEAR_END.rows.0.current.score".to_owned()), "{found:?}");
    world.rows[0].end = "20个";
    assert_eq!(world.found(), NONE);
}

#[test]
fn a6_and_a7_evidence() {
    let world = clean();
    let at = |severity: &str, rule: &str| vec![format!("{rule} {severity} reports.YEAR_END.rows.0.current.evidence")];
    let missing = world.found_when(|declared| year_end(declared).rows[0].evidence.clear());
    assert_eq!(missing, at("WARNING", "A6"));
    let mut lenient = clean();
    lenient.scheme.evidence.required = scheme::Evidence::Optional;
    assert_eq!(lenient.found_when(|declared| year_end(declared).rows[0].evidence.clear()), NONE);
    for (issued, want) in [("2023-12-31", true), ("2024-01-01", false), ("2025-02-01", false), ("2025-02-02", true)] {
        let found = world.found_when(|declared| {
            year_end(declared).rows[0].evidence[0].issued_on = Some(day(issued));
        });
        assert_eq!(found, if want { at("WARNING", "A6") } else { Vec::new() }, "{issued}");
    }
    let stated = |world: &World, value: i64| {
        world.found_when(|declared| year_end(declared).rows[0].evidence[0].stated = Some(value.into()))
    };
    assert_eq!(stated(&world, 20), NONE);
    assert_eq!(stated(&world, 19), at("ERROR", "A7"));
    let mut tolerant = clean();
    tolerant.scheme.audit.evidence_tolerance = jixiao_rules::value::Rate(250_000);
    assert_eq!(stated(&tolerant, 16), NONE, "4 of 16 is the tolerance");
    assert_eq!(stated(&tolerant, 15), at("ERROR", "A7"));
}

#[test]
fn a31_samples() {
    let at = |severity: &str| vec![format!("A31 {severity} reports.YEAR_END.rows.5.current.sampleSize")];
    let untold = |world: &World| world.found_when(|declared| year_end(declared).rows[5].sample_size = None);
    let mut world = clean();
    assert_eq!(untold(&world), at("NOTICE"));
    world.scheme.audit.minimum_sample = 200;
    assert_eq!((world.found(), untold(&world)), (Vec::new(), at("NOTICE")));
    world.scheme.audit.minimum_sample = 201;
    assert_eq!(world.found(), at("WARNING"));
}

#[test]
fn a8_changed_without_an_adjustment() {
    let world = clean();
    let lowered = world.findings(|declared| {
        declared.indicators[0].terms.target = Some("≥10个".to_owned());
        declared.indicators[1].terms.weight = Some(Points(1_000));
    });
    let brief: Vec<String> = lowered.iter().map(brief).collect();
    assert_eq!(brief, ["A8 ERROR indicators.0.annualTarget", "A8 ERROR indicators.1.weight"]);
    assert_eq!(values(&lowered[0]), [("approved", "≥20个"), ("present", "≥10个")]);
    let added = world.found_when(|declared| declared.approved.as_mut().expect("approved").count -= 1);
    assert_eq!(added, ["A8 ERROR indicators"]);
}

#[test]
fn a9_late_cuts() {
    let world = clean();
    let context = Context { year: Some(2024), ..Context::default() };
    let [high, low] = ["≥20个", "≥10个"].map(|text| read_target(text, &context));
    let cut = |before: &Target, after: Option<&Target>, on: &str, red: Option<Period>, later: Option<i64>| {
        let later = later.map(Into::into);
        let changed = Changed { position: 1, name: "服务站数量", before: Some(before), after, red, later };
        let adjustments = vec![Adjusted { position: 2, made_on: day(on), targets: vec![changed] }];
        let found = declaration(&Declared { fiscal_year: 2024, adjustments, ..Declared::default() }, &world.scheme);
        assert!(found.iter().all(|found| brief(found) == "A9 WARNING adjustments.2.targets.1"));
        !found.is_empty()
    };
    assert!(!cut(&high, Some(&low), "2024-10-01", None, None), "1 October is not after it");
    assert!(cut(&high, Some(&low), "2024-10-02", None, None));
    assert!(!cut(&low, Some(&high), "2024-10-02", None, None), "raised");
    assert!(cut(&high, None, "2024-10-02", None, None), "dropped");
    assert!(cut(&high, Some(&low), "2024-09-01", Some(Period::MidYear), None));
    assert!(cut(&high, Some(&low), "2024-05-01", None, Some(10)));
    let [high, low] = ["≥2000个", "≥1000个"].map(|text| read_target(text, &context));
    assert!(cut(&high, Some(&low), "2024-05-01", None, Some(1_050)));
    assert!(!cut(&high, Some(&low), "2024-05-01", None, Some(1_051)));
}

#[test]
fn a12_to_a15_targets() {
    let mut world = clean();
    for row in &mut world.rows {
        row.cycle = Some(row.target.clone());
    }
    assert_eq!(world.found(), ["A12 NOTICE indicators"]);
    world.rows[0].cycle = Some(read_target("≥60个", &Context::default()));
    assert_eq!(world.found(), NONE, "one that differs is enough");

    let mut world = clean();
    let whole = |name, level2| row(name, (Level1::Output, level2), "100%", 1_250, ("100%", "100%"));
    world.rows[1] = whole("设施合格率", Level2::Quality);
    world.rows[2] = whole("资金拨付及时率", Level2::Timeliness);
    assert_eq!(world.found(), NONE, "2 of 6");
    world.scheme.audit.full_percent_share = jixiao_rules::value::Rate(333_333);
    assert_eq!(world.found(), ["A13 NOTICE indicators"]);
    world.scheme.audit.full_percent_share = jixiao_rules::value::Rate(333_334);
    assert_eq!(world.found(), NONE);

    let words = |text: &str, name: &'static str| {
        let target = read_target(text, &Context::default());
        clean().found_when(|declared| {
            let held = Box::leak(Box::new(target));
            declared.indicators[4].annual = Some(held);
            declared.indicators[4].name = name;
        })
    };
    let at = |rule: &str| vec![format!("{rule} WARNING indicators.4.annualTarget")];
    assert_eq!(words("群众生活水平明显好转", "受益人数"), at("A14"));
    assert_eq!(words("不低于上年或全国平均水平", "受益人数"), NONE);
    assert_eq!(words("100%", "增强社会组织影响力"), at("A15"));
    assert_eq!(words("100%", "社会组织年检率提升"), NONE, "a rate says of what");
    assert_eq!(words("≥200人", "增强社会组织影响力"), NONE, "a count");
}

#[test]
fn a16_and_a17_coverage() {
    let world = clean();
    let found = world.found_when(|declared| declared.indicators.iter_mut().for_each(|row| row.tasks.clear()));
    assert_eq!(found, ["A16 WARNING keyTasks"], "nothing is linked at all");
    let found = world.found_when(|declared| declared.indicators.iter_mut().for_each(|row| row.tasks = vec![0]));
    assert_eq!(found, ["A16 WARNING keyTasks.1"]);
    let single = |funding: i64| {
        world.found_when(|declared| {
            declared.tasks[1].funding = Some(Money(funding));
            declared.tasks[0].funding = Some(Money(100_000_000 - funding));
            declared.indicators.iter_mut().for_each(|row| row.tasks = vec![0]);
            declared.indicators[5].tasks = vec![1];
        })
    };
    assert_eq!(single(19_999_999), NONE);
    assert_eq!(single(20_000_000), ["A16 WARNING keyTasks.1"]);
    let found = world.findings(|declared| {
        declared.indicators[2].level2 = Some(Level2::Quality);
        declared.indicators[3].level2 = Some(Level2::Quantity);
    });
    assert_eq!(found.iter().map(brief).collect::<Vec<_>>(), ["A17 WARNING indicators"]);
    assert_eq!(values(&found[0]), [("quality", "2"), ("timeliness", "0"), ("cost", "0"), ("satisfaction", "1")]);
}

#[test]
fn a21_and_a29_filing() {
    let world = clean();
    let found = world.found_when(|declared| mid_year(declared).late_days = Some(1));
    assert_eq!(found, ["A21 WARNING reports.MID_YEAR"]);
    let found = world.found_when(|declared| {
        mid_year(declared).returned = 3;
        year_end(declared).returned = 2;
        declared.returned = 3;
    });
    assert_eq!(found, ["A21 WARNING ", "A21 WARNING reports.MID_YEAR"]);
    let asked = |open: bool, reopened: u32| {
        world.findings(|declared| {
            let due_on = day("2024-09-10");
            let verified_on = (!open).then(|| day("2024-09-09"));
            mid_year(declared).rectifications =
                vec![Rectified { indicator: Some(0), due_on, open, verified_on, reopened }];
        })
    };
    assert_eq!(asked(false, 1), []);
    let open = asked(true, 2);
    assert_eq!(
        open.iter().map(brief).collect::<Vec<_>>(),
        ["A29 ERROR reports.MID_YEAR.rectifications.0", "A29 WARNING reports.MID_YEAR.rectifications.0"]
    );
    assert_eq!(open[0].since, Some(day("2024-09-11")), "the day after it was due");
}

#[test]
fn a23_to_a26_monitoring() {
    let mut world = clean();
    world.rows[0].mid = "5个";
    let red = "A23 WARNING reports.MID_YEAR.rows.0.current.correctiveAction";
    let due = |row: usize| format!("A26 WARNING reports.MID_YEAR.rows.{row}.current.deviations");
    assert_eq!(world.found_when(|declared| mid_year(declared).rows[0].causes.clear()), [red.to_owned(), due(0)]);
    let said = |declared: &mut Declared<'_>| mid_year(declared).rows[0].causes = vec!["资金到位较晚，八月补建"];
    let found = world.found_when(|declared| {
        said(declared);
        mid_year(declared).rows[0].corrective_action = true;
    });
    assert_eq!(found, NONE);
    let asked = |verified: Option<&str>| {
        world.findings(|declared| {
            said(declared);
            let (due_on, verified_on) = (day("2024-09-10"), verified.map(day));
            let one = Rectified { indicator: Some(0), due_on, open: false, verified_on, reopened: 0 };
            mid_year(declared).rectifications = vec![one];
        })
    };
    assert_eq!(asked(Some("2024-12-31")), []);
    let late = asked(None);
    assert_eq!(late.iter().map(brief).collect::<Vec<_>>(), [red]);
    assert_eq!(late[0].since, Some(day("2025-01-01")));
    assert_eq!(asked(Some("2025-01-01")).len(), 1);

    let short = |text: &'static str| {
        world.found_when(|declared| {
            mid_year(declared).rows[0].causes = vec![text];
            mid_year(declared).rows[0].corrective_action = true;
        })
    };
    assert_eq!(short("一二三四五六七八九"), [due(0)]);
    assert_eq!(short("一二三四五六七八九十"), NONE);
    let repeated = |rows: usize| {
        clean().found_when(|declared| {
            mid_year(declared).rows.iter_mut().take(rows).for_each(|row| row.causes = vec!["因政策调整导致进度滞后"]);
        })
    };
    assert_eq!(repeated(3), NONE);
    assert_eq!(repeated(4), ["A26 WARNING reports.MID_YEAR.rows"]);

    let mut world = clean();
    world.rows[0].end = "19个";
    assert_eq!(
        world.found_when(|declared| mid_year(declared).rows[0].outlook = Some(Outlook::Certain)),
        ["A24 WARNING reports.YEAR_END.rows.0.current.text"],
        "certain, and missed"
    );
    let impossible = clean().found_when(|declared| mid_year(declared).rows[0].outlook = Some(Outlook::Impossible));
    assert_eq!(impossible, ["A24 WARNING reports.YEAR_END.rows.0.current.text"]);
    let mut world = clean();
    world.rows[0].mid = "21个";
    assert_eq!(world.found(), ["A25 WARNING reports.YEAR_END.rows.0.current.text"]);
}

#[test]
fn a27_publication() {
    let world = clean();
    let with = |published: Option<Published>| {
        world.findings(|declared| {
            declared.version = 2;
            declared.published = published;
        })
    };
    let shown = |version, on: &str| Some(Published { withheld: false, version: Some(version), on: Some(day(on)) });
    assert_eq!(with(shown(2, "2024-02-28")), [], "the twentieth day");
    let late = with(shown(2, "2024-02-29"));
    assert_eq!(late.iter().map(brief).collect::<Vec<_>>(), ["A27 WARNING publications.TARGETS"]);
    assert_eq!(late[0].since, None);
    for published in [None, shown(1, "2024-02-20"), Some(Published { withheld: false, version: None, on: None })] {
        let found = with(published);
        assert_eq!(found.iter().map(brief).collect::<Vec<_>>(), ["A27 ERROR publications.TARGETS"]);
        assert_eq!(found[0].since, Some(day("2024-02-29")));
    }
    assert_eq!(with(Some(Published { withheld: true, version: None, on: None })), []);
    let draft = world.found_when(|declared| (declared.in_force, declared.published) = (false, None));
    assert_eq!(draft, NONE);
}

#[test]
fn a28_duties() {
    let world = clean();
    let found = |hands: Hands| {
        world.found_when(|declared| declared.hands = vec![(vec!["reports".into(), "YEAR_END".into()], hands)])
    };
    let hands = Hands { edited: Some(1), submitted: Some(2), forwarded: Some(3), accepted: Some(4) };
    assert_eq!(found(hands), NONE);
    assert_eq!(found(Hands { accepted: Some(2), ..hands }), ["A28 ERROR reports.YEAR_END"]);
    assert_eq!(found(Hands { accepted: Some(3), ..hands }), ["A28 ERROR reports.YEAR_END"]);
    assert_eq!(found(Hands::default()), NONE, "nobody is not the same as nobody");
}
