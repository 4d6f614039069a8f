//! Forms at random, for whoever writes and reads them.

use jixiao_rules::form::{Form, FormIndicator, FormTask};
use jixiao_rules::kind::{BudgetLine, Vocabulary};
use jixiao_rules::level::{level1_of, level2_of};
use jixiao_rules::value::{Money, Points};
use proptest::prelude::*;
use proptest::sample::select;

/// Text as the parser makes it, out of characters that could be taken for markup, quotes or separators.
fn text() -> impl Strategy<Value = String> {
    let line = "[甲乙丙丁0-9a-z<>&;#\"'/!%≥≤=,，。（）“” -]{0,12}";
    proptest::collection::vec(line, 1..4).prop_map(|lines| {
        let lines: Vec<String> =
            lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        // A first letter that no label, dash or number begins with.
        format!("戊{}", lines.join("\n"))
    })
}

fn money() -> impl Strategy<Value = Money> {
    prop_oneof![0..=i64::MAX, 0..=100_000_000_i64].prop_map(Money)
}

fn target() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof![
        text(),
        "[≥≤<>=]{0,2}[0-9]{1,5}[%个元]?",
        "<p>|&lt;|\"\"x|\"a|&amp;x|_x0041_|_x000D_|=1|'a"
    ])
}

fn indicator() -> impl Strategy<Value = FormIndicator> {
    let level1 =
        select(vec!["产出指标", "成本指标(20分)", "效 益 指标", "满意度指标", "服务对象满意度指标", "奇怪指标"]);
    let level2 = select(vec!["数量指标", "质量", "成本指标", "社会效益指标", "新指标", "满意度指标"]);
    (level1, proptest::option::of(level2), text(), proptest::option::of(0..=10_000_i64), target(), target()).prop_map(
        |(level1, level2, name, weight, cycle_target, annual_target)| FormIndicator {
            level1: level1_of(level1),
            level1_label: level1.into(),
            level2: level2.and_then(level2_of),
            level2_label: level2.map(str::to_owned),
            name,
            weight: weight.map(Points),
            cycle_target,
            annual_target,
        },
    )
}

fn task() -> impl Strategy<Value = FormTask> {
    let optional = || proptest::option::of(text());
    (text(), optional(), proptest::option::of(money()), optional()).prop_map(
        |(name, description, planned_funding, expected_result)| FormTask {
            name,
            description,
            planned_funding,
            expected_result,
        },
    )
}

prop_compose! {
    /// A form with whatever a form can hold.
    pub(crate) fn any_form()(
        name in text(),
        counts in proptest::array::uniform2(proptest::option::of(0..=i64::MAX)),
        budget in proptest::collection::btree_map(select(BudgetLine::ALL), money(), 0..9),
        goal in proptest::option::of(text()),
        key_tasks in proptest::collection::vec(task(), 0..5),
        indicators in proptest::collection::vec(indicator(), 1..12),
    ) -> Form {
        Form {
            department_name: Some(name),
            publicly_funded_staff_count: counts[0],
            subordinate_unit_count: counts[1],
            budget,
            overall_goal: goal,
            key_tasks,
            indicators,
        }
    }
}
