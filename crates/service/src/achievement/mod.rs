//! Achievement rates over any combination of dimensions: sums of integers, added up on write as far as they can be
//! ([`crate::rollup`]) and in SQL from there.

mod measure;
mod page;
mod place;
mod source;
mod worst;

use jixiao_entity::{department, jurisdiction};
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::{Level1, Level2, ResultGrade, Status, Vocabulary, vocabulary_words};
use jixiao_rules::message::Message;
use jixiao_rules::summary::Sums;
use sea_orm::sea_query::{Alias, Expr, IntoTableRef, Query, SelectStatement, SimpleExpr};
use sea_orm::{ConnectionTrait, ExprTrait, QueryResult};

pub use self::measure::{Bounds, Having, SummaryOrder};
pub(crate) use self::place::places;
use self::source::{Question, alias, of_indicators};
pub(crate) use self::worst::Worst;
use crate::ctx::{Actor, Ctx};
use crate::db::{Db, column};
use crate::declaration::Declaration;
use crate::error::{Result, ServiceError, UserErrorCode};
use crate::page::{KeyKind, KeyValue, Page, Slice, SortKey};
use crate::rollup;

vocabulary_words! {
    /// What achievements are grouped by.
    Dimension {
        FiscalYear = "FISCAL_YEAR", "年度", "fiscal year"; Jurisdiction = "JURISDICTION", "财政区划", "jurisdiction";
        Department = "DEPARTMENT", "部门", "department"; Level1 = "LEVEL1", "一级指标", "level 1"; Level2 = "LEVEL2", "二级指标", "level 2";
        Status = "STATUS", "完成状态", "status"; Grade = "GRADE", "评价等级", "grade"; Period = "PERIOD", "期间", "period";
    }
}
/// Which achievements count. Lists that are `None` do not restrict.
#[derive(Clone, Debug, Default)]
pub struct AchievementFilter {
    /// Of these years.
    pub fiscal_years: Option<Vec<i32>>,
    /// Of this jurisdiction and all below it.
    pub jurisdiction_code: Option<String>,
    /// Of these departments.
    pub department_codes: Option<Vec<String>>,
    /// Of these level 1.
    pub level1: Option<Vec<Level1>>,
    /// Of these level 2.
    pub level2: Option<Vec<Level2>>,
    /// Of this period; YEAR_END unless grouped by period.
    pub period: Option<Period>,
    /// With these statuses.
    pub statuses: Option<Vec<Status>>,
    /// Of declarations with these grades in the period.
    pub grades: Option<Vec<ResultGrade>>,
}

/// One dimension of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DimensionValue {
    /// Which dimension.
    pub dimension: Dimension,
    /// Its key: a code or an enum's name; `None` where there is none (no grade yet, no level 2).
    pub key: Option<String>,
    /// For people.
    pub label: Message,
}

/// Counts and sums of a group or of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Counts and sums.
    pub sums: Sums,
    /// Indicators are told apart, so that nothing is known of declarations as a whole.
    pub of_indicators: bool,
}

/// A group with its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its dimensions, in the order asked for.
    pub dimensions: Vec<DimensionValue>,
    /// Counts and sums.
    pub measures: Measures,
    order: Option<i64>,
    ordered: bool,
}

impl Group {
    /// Place in its connection.
    #[must_use]
    pub fn cursor(&self) -> Vec<KeyValue> {
        let keys = self.dimensions.iter().map(|value| KeyValue::from(value.key.clone()));
        if self.ordered { std::iter::once(self.order.into()).chain(keys).collect() } else { keys.collect() }
    }
}

/// How a summary is shown.
#[derive(Clone, Debug)]
pub struct View {
    /// What is grouped by; at least one, each once.
    pub dimensions: Vec<Dimension>,
    /// Which groups are shown.
    pub having: Having,
    /// What they are ordered by.
    pub order: SummaryOrder,
    /// The largest first; null sorts last either way.
    pub descending: bool,
}

impl View {
    /// All groups by these dimensions, in the order of their keys.
    #[must_use]
    pub fn by(dimensions: Vec<Dimension>) -> Self {
        Self { dimensions, having: Having::new(), order: SummaryOrder::Key, descending: false }
    }

    /// The sort keys of its groups.
    pub fn shape(&self) -> impl Iterator<Item = KeyKind> + Clone {
        let measure = (self.order != SummaryOrder::Key).then_some(KeyKind::Int);
        measure.into_iter().chain(self.dimensions.iter().map(|_| KeyKind::Text))
    }
}

/// The label of a key that is an enum's name or a number.
fn label(dimension: Dimension, key: Option<&str>) -> Message {
    fn words<T: Vocabulary>(key: &str) -> Option<Message> {
        key.parse::<T>().ok().map(|word| Message::new(word.zh(), word.en()))
    }
    let Some(key) = key else { return Message::new("无", "none") };
    let known = match dimension {
        Dimension::Level1 => words::<Level1>(key),
        Dimension::Level2 => words::<Level2>(key),
        Dimension::Status => words::<Status>(key),
        Dimension::Grade => words::<ResultGrade>(key),
        Dimension::Period => words::<Period>(key),
        Dimension::FiscalYear | Dimension::Jurisdiction | Dimension::Department => None,
    };
    known.unwrap_or_else(|| Message::new(key, key))
}

/// What a dimension is grouped by, and its label where that is another column.
fn columns(position: usize, dimension: Dimension) -> (SimpleExpr, Option<SimpleExpr>) {
    match dimension {
        Dimension::FiscalYear => (Expr::col((Alias::new("added"), alias(position))).cast_as("TEXT"), None),
        Dimension::Jurisdiction => (column("bucket", "code"), Some(column("bucket", "name"))),
        Dimension::Department => (column("department", "code"), Some(column("department", "name"))),
        _ => (Expr::col((Alias::new("added"), alias(position))), None),
    }
}

/// The rows of a source by group.
fn grouped(rows: SelectStatement, dimensions: &[Dimension]) -> SelectStatement {
    let mut select = Query::select();
    select.from_subquery(rows, Alias::new("added"));
    for (position, dimension) in dimensions.iter().enumerate() {
        let of = || Expr::col((Alias::new("added"), alias(position)));
        match dimension {
            Dimension::Jurisdiction => {
                let bucket = jurisdiction::Entity.into_table_ref().alias(Alias::new("bucket"));
                select.inner_join(bucket, column("bucket", "id").eq(of()));
            }
            Dimension::Department => {
                select.inner_join(department::Entity, column("department", "id").eq(of()));
            }
            _ => {}
        }
        let (key, label) = columns(position, *dimension);
        select.expr_as(key.clone(), Alias::new(format!("key_{position}"))).add_group_by([key]);
        if let Some(label) = label {
            select.expr_as(label.clone(), Alias::new(format!("label_{position}"))).add_group_by([label]);
        }
    }
    add_sums(&mut select);
    // What was counted and is no more leaves nothing.
    let counted: Vec<String> =
        rollup::COLUMNS[..Status::ALL.len()].iter().map(|name| format!("added.{name}")).collect();
    let counted = format!("SUM({}) <> 0 OR SUM(added.declarations) <> 0", counted.join(" + "));
    select.and_having(Expr::cust(counted)).to_owned()
}

/// Adds the sums; PostgreSQL's sums of integers are numeric, so they are cast back.
fn add_sums(select: &mut SelectStatement) {
    for name in rollup::COLUMNS {
        let sum = Expr::cust(format!("CAST(COALESCE(SUM(added.{name}), 0) AS BIGINT)"));
        select.expr_as(sum, Alias::new(name));
    }
}

/// A page of groups.
///
/// # Errors
/// `Unauthenticated`; `Invalid` for no or a repeated dimension, bounds that contradict each other, a measure that the
/// groups do not have, and an unknown jurisdiction.
pub async fn summary(db: &Db, ctx: &Ctx, filter: &AchievementFilter, view: &View, page: &Page) -> Result<Slice<Group>> {
    check(ctx, filter, view)?;
    let View { dimensions, having, order, descending } = view;
    let question = Question::new(db, ctx, filter, dimensions).await?;
    let (groups, stored) = match page::departments(db, &question, page).await? {
        Some(departments) => (departments, Some("achievement_rate")),
        None => match question.rows() {
            Some(rows) => (grouped(rows, dimensions), None),
            None => return Ok(page.slice(Vec::new())),
        },
    };
    let (mut select, measure) = measure::measured(groups, *order, having, stored);
    let measure = measure.into_iter().map(|expr| SortKey { expr, descending: *descending });
    let keys = (0..dimensions.len()).map(|position| SortKey::asc(Expr::col(Alias::new(format!("key_{position}")))));
    let keys: Vec<SortKey> = measure.chain(keys).collect();
    // Department, year and period are always there; levels and grade are not.
    let nullable = if stored.is_some() { keys.len() - dimensions.len() } else { keys.len() };
    page.apply_nullable(&mut select, &keys, nullable);
    let rows = db.read().query_all(&select).await?;
    let groups = rows.iter().map(|row| group_of(row, view, question.of_indicators()));
    Ok(page.slice(groups.collect::<Result<Vec<_>>>()?))
}

fn group_of(row: &QueryResult, view: &View, of_indicators: bool) -> Result<Group> {
    let mut values = Vec::with_capacity(view.dimensions.len());
    for (position, dimension) in view.dimensions.iter().enumerate() {
        let key: Option<String> = row.try_get("", &format!("key_{position}"))?;
        let named = matches!(dimension, Dimension::Department | Dimension::Jurisdiction);
        let label = if named {
            let name: String = row.try_get("", &format!("label_{position}"))?;
            Message::new(name.clone(), name)
        } else {
            label(*dimension, key.as_deref())
        };
        values.push(DimensionValue { dimension: *dimension, key, label });
    }
    let ordered = view.order != SummaryOrder::Key;
    let order = if ordered { row.try_get("", "measure")? } else { None };
    let measures = Measures { sums: rollup::sums_of(&rollup::values(row)?), of_indicators };
    Ok(Group { dimensions: values, measures, order, ordered })
}

/// Counts and sums over everything the filter lets through, whatever it is grouped by.
///
/// # Errors
/// `Unauthenticated`; `Invalid` for an unknown jurisdiction. `by_period` counts every period that the filter lets through,
/// else the filter's alone, or year-end.
pub async fn totals(db: &Db, ctx: &Ctx, filter: &AchievementFilter, by_period: bool) -> Result<Measures> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let dimensions = if by_period { [Dimension::Period].as_slice() } else { &[] };
    let question = Question::new(db, ctx, filter, dimensions).await?;
    let of_indicators = question.of_indicators();
    let Some(rows) = question.rows() else { return Ok(Measures { of_indicators, ..Measures::default() }) };
    let mut select = Query::select();
    select.from_subquery(rows, Alias::new("added"));
    add_sums(&mut select);
    let row = db.read().query_one(&select).await?.ok_or_else(|| anyhow::anyhow!("a sum has no row"))?;
    Ok(Measures { sums: rollup::sums_of(&rollup::values(&row)?), of_indicators })
}

/// What one declaration adds up to in a period, as it is given: in force or not, now or as it was.
#[must_use]
pub fn of_declaration(declaration: &Declaration, period: Period) -> Measures {
    Measures { sums: rollup::of_result(declaration, period), of_indicators: false }
}

fn check(ctx: &Ctx, filter: &AchievementFilter, view: &View) -> Result<()> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let dimensions = &view.dimensions;
    let repeated = dimensions.iter().enumerate().any(|(index, dimension)| dimensions[..index].contains(dimension));
    if dimensions.is_empty() || repeated {
        let (zh, en) = ("分组维度不能为空或重复", "name at least one dimension, each once");
        return Err(ServiceError::invalid(UserErrorCode::InvalidValue, "groupBy", zh, en));
    }
    let of_indicators = of_indicators(filter, dimensions);
    measure::check(&view.having, of_indicators).map_err(ServiceError::Invalid)
}
