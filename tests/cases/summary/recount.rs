//! Every summary equals a naive recount of the rows: every combination of dimensions, with any filter, for any viewer, in
//! any order, within any bounds, folded or not.

use std::collections::BTreeMap;

use jixiao_rules::cycle::Period;
use jixiao_rules::kind::{Level1, Level2, ResultGrade, Status, Vocabulary};
use jixiao_service::achievement::{
    AchievementFilter, Bounds, Dimension, Group, Having, Measures, SummaryOrder, View, summary, totals,
};
use jixiao_service::ctx::{Actor, Ctx, User};
use jixiao_service::id::JurisdictionId;
use jixiao_service::page::Page;
use jixiao_service::{rollup, user};
use rust_decimal::Decimal;

use super::country::{Dice, Fact, Facts, VIEWERS, country, facts};
use crate::harness::{TestApp, operator, size};

/// What a group adds up to, counted one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counted {
    counts: [i64; 8],
    scores: (i64, i64),
    rates: (i64, i128),
    declarations: i64,
    money: (i64, i128, i128),
    filed: [i64; 4],
}

impl Counted {
    fn add(&mut self, fact: &Fact, of_indicators: bool) {
        let Some(assessed) = &fact.assessed else {
            if of_indicators {
                return;
            }
            self.declarations += 1;
            if let Some((budget, executed)) = fact.money {
                let (count, budgets, spent) = self.money;
                self.money = (count + 1, budgets + i128::from(budget), spent + i128::from(executed));
            }
            let place = match fact.filed {
                Some(Some(0)) => 0,
                Some(Some(_)) => 1,
                Some(None) => 2,
                None => 3,
            };
            self.filed[place] += 1;
            return;
        };
        let status = Status::ALL.iter().position(|status| status.as_str() == assessed.status).expect("a status");
        self.counts[status] += 1;
        if let Some((score, max)) = assessed.scores {
            self.scores = (self.scores.0 + score, self.scores.1 + max);
        }
        if let Some(rate) = assessed.rate {
            self.rates = (self.rates.0 + 1, self.rates.1 + i128::from(rate));
        }
    }

    fn of(measures: &Measures) -> Self {
        let (sums, declared) = (measures.sums, measures.sums.declared);
        Self {
            counts: sums.tally.counts,
            scores: (sums.tally.score_sum, sums.tally.max_score_sum),
            rates: (sums.rate_count, sums.rates.total()),
            declarations: declared.declarations,
            money: (declared.execution_count, declared.budget.total(), declared.executed.total()),
            filed: [declared.filed_on_time, declared.filed_late, declared.filed_undated, declared.not_filed],
        }
    }

    /// The printed number without its point.
    fn measure(&self, order: SummaryOrder) -> Option<i128> {
        let [exceeded, achieved, partly, not, progress, unreported, inapplicable, undetermined] =
            self.counts.map(i128::from);
        let all = self.counts.iter().copied().map(i128::from).sum::<i128>();
        let comparable = exceeded + achieved + partly + not;
        let ratio = |top: i128, bottom: i128| (bottom != 0).then(|| top * 1_000_000 / bottom);
        let [on_time, late, ..] = self.filed.map(i128::from);
        match order {
            SummaryOrder::Key => None,
            SummaryOrder::IndicatorCount => Some(all),
            SummaryOrder::ReportedCount => Some(all - unreported - inapplicable),
            SummaryOrder::ComparableCount => Some(comparable),
            SummaryOrder::AchievementRate => ratio(exceeded + achieved, comparable),
            SummaryOrder::AverageScore => {
                let (score, max) = (i128::from(self.scores.0), i128::from(self.scores.1));
                (max != 0).then(|| (score * 20_000 + max) / (2 * max))
            }
            SummaryOrder::MeanCompletionRate => (self.rates.0 != 0).then(|| self.rates.1 / i128::from(self.rates.0)),
            SummaryOrder::ExceededCount => Some(exceeded),
            SummaryOrder::AchievedCount => Some(achieved),
            SummaryOrder::PartiallyAchievedCount => Some(partly),
            SummaryOrder::NotAchievedCount => Some(not),
            SummaryOrder::InProgressCount => Some(progress),
            SummaryOrder::NotReportedCount => Some(unreported),
            SummaryOrder::NotApplicableCount => Some(inapplicable),
            SummaryOrder::UndeterminedCount => Some(undetermined),
            SummaryOrder::DeclarationCount => Some(i128::from(self.declarations)),
            SummaryOrder::ExecutionRate => ratio(self.money.2, self.money.1),
            SummaryOrder::OnTimeRate => ratio(on_time, on_time + late),
        }
    }
}

fn decimals(order: SummaryOrder) -> u32 {
    match order {
        SummaryOrder::AverageScore => 2,
        SummaryOrder::AchievementRate
        | SummaryOrder::MeanCompletionRate
        | SummaryOrder::ExecutionRate
        | SummaryOrder::OnTimeRate => 6,
        _ => 0,
    }
}

fn of_declarations(order: SummaryOrder) -> bool {
    matches!(order, SummaryOrder::DeclarationCount | SummaryOrder::ExecutionRate | SummaryOrder::OnTimeRate)
}

fn of_indicators(filter: &AchievementFilter, dimensions: &[Dimension]) -> bool {
    let apart = [Dimension::Level1, Dimension::Level2, Dimension::Status];
    filter.level1.is_some()
        || filter.level2.is_some()
        || filter.statuses.is_some()
        || dimensions.iter().any(|dimension| apart.contains(dimension))
}

/// A user with what a summary of theirs may count.
struct Viewer {
    ctx: Ctx,
    user: User,
}

impl Viewer {
    async fn of(app: &TestApp, name: &str) -> Self {
        let user = user::by_username(&app.db, name).await.expect("reads").expect("a user");
        Self { ctx: Ctx { actor: Actor::User(user.clone()), ..operator() }, user }
    }

    fn sees(&self, facts: &Facts, fact: &Fact) -> bool {
        self.user.grants.iter().any(|grant| match (&grant.department, &grant.jurisdiction) {
            (Some(department), _) => department.id == fact.department,
            (None, Some(place)) => facts.above[&fact.jurisdiction].contains(&place.id),
            (None, None) => true,
        })
    }

    /// The jurisdiction that a fact counts for: below `node`, or the topmost that the viewer sees.
    fn bucket(&self, facts: &Facts, fact: &Fact, node: Option<JurisdictionId>) -> JurisdictionId {
        let above = &facts.above[&fact.jurisdiction];
        if let Some(node) = node {
            let child = above.iter().find(|place| facts.places[place].parent_id == Some(node));
            return child.copied().unwrap_or(node);
        }
        let seen = |place: &JurisdictionId| {
            self.user.grants.iter().any(|grant| match (&grant.department, &grant.jurisdiction) {
                (Some(department), _) => {
                    facts.all.iter().any(|fact| fact.department == department.id && fact.jurisdiction == *place)
                }
                (None, Some(granted)) => facts.above[place].contains(&granted.id),
                (None, None) => true,
            })
        };
        let seen = above.iter().filter(|place| seen(place));
        *seen.min_by_key(|place| facts.above[place].len()).expect("it is seen")
    }
}

fn lets_through(facts: &Facts, filter: &AchievementFilter, by_period: bool, fact: &Fact) -> bool {
    let word = |list: &Option<Vec<&'static str>>, value: Option<&String>| {
        list.as_ref().is_none_or(|list| value.is_some_and(|value| list.contains(&value.as_str())))
    };
    fn words<V: Vocabulary>(list: &Option<Vec<V>>) -> Option<Vec<&'static str>> {
        list.as_ref().map(|list| list.iter().map(|one| one.as_str()).collect())
    }
    let period = filter.period.or((!by_period).then_some(Period::YearEnd));
    let place = |code: &String| facts.above[&fact.jurisdiction].iter().any(|place| facts.places[place].code == *code);
    let assessed = fact.assessed.as_ref();
    filter.fiscal_years.as_ref().is_none_or(|years| years.contains(&fact.fiscal_year))
        && filter.jurisdiction_code.as_ref().is_none_or(place)
        && filter.department_codes.as_ref().is_none_or(|codes| codes.contains(&fact.department_code))
        && period.is_none_or(|period| fact.period == period.as_str())
        && word(&words(&filter.grades), fact.grade.as_ref())
        && (assessed.is_none() || word(&words(&filter.level1), assessed.and_then(|made| made.level1.as_ref())))
        && (assessed.is_none() || word(&words(&filter.level2), assessed.and_then(|made| made.level2.as_ref())))
        && (assessed.is_none() || word(&words(&filter.statuses), assessed.map(|made| &made.status)))
}

type Keys = Vec<Option<String>>;

fn recount(
    facts: &Facts,
    viewer: &Viewer,
    filter: &AchievementFilter,
    dimensions: &[Dimension],
) -> BTreeMap<Keys, Counted> {
    let of_indicators = of_indicators(filter, dimensions);
    let node =
        filter.jurisdiction_code.as_ref().and_then(|code| facts.places.values().find(|place| place.code == *code));
    let mut groups: BTreeMap<Keys, Counted> = BTreeMap::new();
    let by_period = dimensions.contains(&Dimension::Period);
    for fact in facts.all.iter().filter(|fact| viewer.sees(facts, fact) && lets_through(facts, filter, by_period, fact))
    {
        if fact.assessed.is_none() && of_indicators {
            continue;
        }
        let key = |dimension: &Dimension| match dimension {
            Dimension::FiscalYear => Some(fact.fiscal_year.to_string()),
            Dimension::Jurisdiction => {
                Some(facts.places[&viewer.bucket(facts, fact, node.map(|node| node.id))].code.clone())
            }
            Dimension::Department => Some(fact.department_code.clone()),
            Dimension::Level1 => fact.assessed.as_ref().and_then(|made| made.level1.clone()),
            Dimension::Level2 => fact.assessed.as_ref().and_then(|made| made.level2.clone()),
            Dimension::Status => fact.assessed.as_ref().map(|made| made.status.clone()),
            Dimension::Grade => fact.grade.clone(),
            Dimension::Period => Some(fact.period.clone()),
        };
        groups.entry(dimensions.iter().map(key).collect()).or_default().add(fact, of_indicators);
    }
    groups
}

fn random_filter(dice: &mut Dice, facts: &Facts, viewer: &Viewer) -> AchievementFilter {
    let maybe = |dice: &mut Dice| dice.roll(4) == 0;
    let mut filter = AchievementFilter::default();
    if maybe(dice) {
        filter.fiscal_years = Some(dice.some(&[2021, 2022, 2023, 2024]));
    }
    if dice.roll(2) == 0 {
        // What the viewer may name: below or above anything seen.
        let seen = facts.all.iter().filter(|fact| viewer.sees(facts, fact));
        let mut codes: Vec<String> = seen
            .flat_map(|fact| &facts.above[&fact.jurisdiction])
            .map(|place| facts.places[place].code.clone())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        filter.jurisdiction_code = (!codes.is_empty()).then(|| dice.of(&codes));
    }
    if dice.roll(6) == 0 {
        let mut codes: Vec<String> = facts.all.iter().map(|fact| fact.department_code.clone()).collect();
        codes.sort_unstable();
        codes.dedup();
        filter.department_codes = Some(dice.some(&codes));
    }
    if dice.roll(6) == 0 {
        filter.level1 = Some(dice.some(Level1::ALL));
    }
    if dice.roll(6) == 0 {
        filter.level2 = Some(dice.some(Level2::ALL));
    }
    if dice.roll(6) == 0 {
        filter.statuses = Some(dice.some(Status::ALL));
    }
    if dice.roll(6) == 0 {
        filter.grades = Some(dice.some(ResultGrade::ALL));
    }
    if maybe(dice) {
        filter.period = Some(dice.of(Period::ALL));
    }
    filter
}

fn random_view(dice: &mut Dice, dimensions: &[Dimension], of_indicators: bool, groups: &[&Counted]) -> View {
    let measures: Vec<SummaryOrder> =
        SummaryOrder::ALL.iter().copied().filter(|order| !of_indicators || !of_declarations(*order)).collect();
    let order = dice.of(&measures);
    let mut having = Having::new();
    let bounded = dice.of(&measures);
    let values: Vec<i128> = groups.iter().filter_map(|group| group.measure(bounded)).collect();
    if dice.roll(2) == 0 && bounded != SummaryOrder::Key && !values.is_empty() {
        let at = Decimal::from_i128_with_scale(dice.of(&values), decimals(bounded));
        let bounds = [
            Bounds { gte: Some(at), ..Bounds::default() },
            Bounds { gt: Some(at), ..Bounds::default() },
            Bounds { lte: Some(at), ..Bounds::default() },
            Bounds { lt: Some(at), ..Bounds::default() },
            Bounds { gte: Some(at), lte: Some(at), ..Bounds::default() },
        ];
        having.insert(bounded, dice.of(&bounds));
    }
    View { dimensions: dimensions.to_vec(), having, order, descending: dice.roll(2) == 0 }
}

/// The groups as they must be shown.
fn shown(groups: &BTreeMap<Keys, Counted>, view: &View) -> Vec<(Keys, Counted)> {
    let within = |group: &Counted| {
        view.having.iter().all(|(measure, bounds)| {
            let Some(value) = group.measure(*measure) else { return false };
            let value = Decimal::from_i128_with_scale(value, decimals(*measure));
            bounds.gte.is_none_or(|bound| value >= bound)
                && bounds.gt.is_none_or(|bound| value > bound)
                && bounds.lte.is_none_or(|bound| value <= bound)
                && bounds.lt.is_none_or(|bound| value < bound)
        })
    };
    let mut shown: Vec<_> =
        groups.iter().filter(|(_, group)| within(group)).map(|(keys, group)| (keys.clone(), group.clone())).collect();
    // Nulls last, whichever way.
    let place = |value: Option<i128>| match value {
        None => (true, 0),
        Some(value) => (false, if view.descending { -value } else { value }),
    };
    let keyed = |keys: &Keys| keys.iter().map(|key| (key.is_none(), key.clone())).collect::<Vec<_>>();
    shown.sort_by_key(|(keys, group)| (place(group.measure(view.order)), keyed(keys)));
    shown
}

fn keys(group: &Group) -> Keys {
    group.dimensions.iter().map(|value| value.key.clone()).collect()
}

async fn compare(app: &TestApp, facts: &Facts, viewer: &Viewer, dice: &mut Dice, dimensions: &[Dimension]) {
    let filter = random_filter(dice, facts, viewer);
    let groups = recount(facts, viewer, &filter, dimensions);
    let of_indicators = of_indicators(&filter, dimensions);
    let view = random_view(dice, dimensions, of_indicators, &groups.values().collect::<Vec<_>>());
    let told = format!("{} {filter:?} {view:?}", viewer.user.username);

    let page = Page::first(100_000);
    let got =
        summary(&app.db, &viewer.ctx, &filter, &view, &page).await.unwrap_or_else(|error| panic!("{told}: {error:?}"));
    let got: Vec<_> = got.rows.iter().map(|group| (keys(group), Counted::of(&group.measures))).collect();
    assert_eq!(got, shown(&groups, &view), "{told}");

    let all = recount(facts, viewer, &filter, &[]).remove(&Vec::new()).unwrap_or_default();
    let got = totals(&app.db, &viewer.ctx, &filter, false).await.unwrap_or_else(|error| panic!("{told}: {error:?}"));
    assert_eq!(Counted::of(&got), all, "totals of {told}");
}

#[tokio::test]
async fn every_summary_equals_a_recount() {
    let app = country(0x5eed_0001 + u64::try_from(size("SUMMARY_SEED", 0)).expect("fits")).await;
    let facts = facts(&app).await;
    assert!(facts.all.iter().any(|fact| fact.grade.is_some()), "some have a grade");
    assert!(facts.all.iter().any(|fact| fact.money.is_some()) && facts.all.iter().any(|fact| fact.filed.is_some()));
    let mut viewers = Vec::new();
    for name in VIEWERS {
        viewers.push(Viewer::of(&app, name).await);
    }
    let mut dice = Dice(77);
    let mut compared = 0;
    for subset in 1_u32..256 {
        let chosen = |(bit, _): &(usize, &Dimension)| subset >> bit & 1 == 1;
        let dimensions: Vec<Dimension> =
            Dimension::ALL.iter().enumerate().filter(chosen).map(|(_, one)| *one).collect();
        // The first are answered from what is pending alone, the last from what is folded, those between from both.
        if subset % 40 == 0 {
            rollup::fold(&app.db).await.expect("folds");
        }
        let viewer = &viewers[usize::try_from(dice.roll(6)).expect("fits")];
        compare(&app, &facts, viewer, &mut dice, &dimensions).await;
        compared += 1;
    }
    rollup::fold_all(&app.db).await.expect("folds");
    for viewer in &viewers {
        for dimension in Dimension::ALL {
            compare(&app, &facts, viewer, &mut dice, &[*dimension]).await;
            compare(
                &app,
                &facts,
                viewer,
                &mut dice,
                &[Dimension::Department, *dimension][usize::from(*dimension == Dimension::Department)..],
            )
            .await;
            compared += 2;
        }
    }
    app.healthy().await;
    println!("{compared} summaries over {} facts", facts.all.len());
}
