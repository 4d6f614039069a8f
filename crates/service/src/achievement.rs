//! Achievement rates over any combination of dimensions: sums of integers over the assessments, added up in SQL.

use jixiao_entity::{
    achievement, declaration, declaration_result, department, indicator, jurisdiction as jurisdiction_row,
    jurisdiction_closure,
};
use jixiao_rules::cycle::{DeclarationStatus, Period};
use jixiao_rules::kind::{Level1, Level2, ResultGrade, Status, Vocabulary, vocabulary_words};
use jixiao_rules::message::Message;
use jixiao_rules::rollup::Tally;
use sea_orm::sea_query::{Alias, Cond, Expr, Query, SelectStatement, SimpleExpr};
use sea_orm::{ConnectionTrait, ExprTrait, QueryResult};

use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::department::below;
use crate::error::{Result, ServiceError, UserErrorCode};
use crate::jurisdiction;
use crate::page::{KeyValue, Page, Slice, SortKey};
use crate::policy::Scope;

vocabulary_words! {
    /// What achievements are grouped by.
    Dimension {
        FiscalYear = "FISCAL_YEAR", "年度", "fiscal year"; Jurisdiction = "JURISDICTION", "财政区划", "jurisdiction";
        Department = "DEPARTMENT", "部门", "department"; Level1 = "LEVEL1", "一级指标", "level 1"; Level2 = "LEVEL2", "二级指标", "level 2";
        Status = "STATUS", "完成状态", "status"; Grade = "GRADE", "评价等级", "grade"; Period = "PERIOD", "期间", "period";
    }
}
vocabulary_words! {
    /// What groups are ordered by; ties by the dimensions' keys.
    SummaryOrder {
        Key = "KEY", "维度", "the dimensions' keys"; IndicatorCount = "INDICATOR_COUNT", "指标数", "number of indicators";
        AchievementRate = "ACHIEVEMENT_RATE", "达成率", "achievement rate"; AverageScore = "AVERAGE_SCORE", "平均得分率", "average score";
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

/// A group with its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its dimensions, in the order asked for.
    pub dimensions: Vec<DimensionValue>,
    /// Counts and sums.
    pub tally: Tally,
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

/// What a summary adds up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Each declaration's own roll-up in a period: one row instead of one per indicator.
    Results,
    /// The assessments, where levels or statuses are told apart.
    Assessments,
}

impl Source {
    fn of(filter: &AchievementFilter, dimensions: &[Dimension]) -> Self {
        let apart = [Dimension::Level1, Dimension::Level2, Dimension::Status];
        let whole = filter.level1.is_none() && filter.level2.is_none() && filter.statuses.is_none();
        if whole && !dimensions.iter().any(|dimension| apart.contains(dimension)) {
            Self::Results
        } else {
            Self::Assessments
        }
    }

    fn table(self) -> &'static str {
        match self {
            Self::Results => "declaration_result",
            Self::Assessments => "achievement",
        }
    }
}

/// Columns of one dimension: what it is grouped by, and its label where that is another column.
fn columns(source: Source, dimension: Dimension) -> (SimpleExpr, Option<SimpleExpr>) {
    let column = |table: &str, name: &str| Expr::col((Alias::new(table), Alias::new(name)));
    match dimension {
        Dimension::FiscalYear => (column("declaration", "fiscal_year").cast_as("TEXT"), None),
        Dimension::Jurisdiction => (column("bucket", "code"), Some(column("bucket", "name"))),
        Dimension::Department => (column("department", "code"), Some(column("department", "name"))),
        Dimension::Level1 => (column("indicator", "level1"), None),
        Dimension::Level2 => (column("indicator", "level2"), None),
        Dimension::Status => (column("achievement", "status"), None),
        Dimension::Grade => (column("declaration_result", "grade"), None),
        Dimension::Period => (column(source.table(), "period"), None),
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

/// The rows that the caller may see and the filter lets through.
fn base(ctx: &Ctx, source: Source, filter: &AchievementFilter, dimensions: &[Dimension]) -> SelectStatement {
    let column = |table: &str, name: &str| Expr::col((Alias::new(table), Alias::new(name)));
    let texts = |words: Vec<&'static str>| words;
    let mut select = Query::select();
    match source {
        Source::Results => select.from(declaration_result::Entity),
        Source::Assessments => select
            .from(achievement::Entity)
            .inner_join(indicator::Entity, column("indicator", "id").equals(("achievement", "indicator_id"))),
    };
    let of_declaration = column("declaration", "id").equals((source.table(), "declaration_id"));
    select
        .inner_join(declaration::Entity, of_declaration)
        .inner_join(department::Entity, column("department", "id").equals(("declaration", "department_id")))
        .cond_where(Scope::of(ctx).declarations());
    let in_force = [DeclarationStatus::Approved, DeclarationStatus::Closed].map(Vocabulary::as_str);
    select.and_where(column("declaration", "status").is_in(in_force));
    let period = filter.period.or_else(|| (!dimensions.contains(&Dimension::Period)).then_some(Period::YearEnd));
    if let Some(period) = period {
        select.and_where(column(source.table(), "period").eq(period.as_str()));
    }
    if let Some(years) = &filter.fiscal_years {
        select.and_where(column("declaration", "fiscal_year").is_in(years.iter().copied()));
    }
    if let Some(code) = &filter.jurisdiction_code {
        select.and_where(column("department", "jurisdiction_id").in_subquery(below(code)));
    }
    if let Some(codes) = &filter.department_codes {
        select.and_where(column("department", "code").is_in(codes.iter().map(String::as_str)));
    }
    if let Some(levels) = &filter.level1 {
        let levels = texts(levels.iter().map(|level| level.as_str()).collect());
        select.and_where(column("indicator", "level1").is_in(levels));
    }
    if let Some(levels) = &filter.level2 {
        let levels = texts(levels.iter().map(|level| level.as_str()).collect());
        select.and_where(column("indicator", "level2").is_in(levels));
    }
    if let Some(statuses) = &filter.statuses {
        let statuses = texts(statuses.iter().map(|status| status.as_str()).collect());
        select.and_where(column("achievement", "status").is_in(statuses));
    }
    select
}

/// Adds the counts and sums of a tally; PostgreSQL's sums of integers are numeric, so they are cast back.
fn add_measures(select: &mut SelectStatement, source: Source) {
    if source == Source::Results {
        let counts = Status::ALL.iter().map(|status| format!("n_{}", status.as_str().to_lowercase()));
        for name in counts.chain(["score_sum".to_owned(), "max_score_sum".to_owned()]) {
            let sum = format!("CAST(COALESCE(SUM(declaration_result.{name}), 0) AS BIGINT)");
            select.expr_as(Expr::cust(sum), Alias::new(name));
        }
        return;
    }
    for status in Status::ALL {
        let count = format!("CAST(SUM(CASE WHEN achievement.status = '{status}' THEN 1 ELSE 0 END) AS BIGINT)");
        select.expr_as(Expr::cust(count), Alias::new(format!("n_{}", status.as_str().to_lowercase())));
    }
    let scored = "achievement.score IS NOT NULL AND achievement.max_score IS NOT NULL";
    for (name, column) in [("score_sum", "score"), ("max_score_sum", "max_score")] {
        let sum = format!("CAST(COALESCE(SUM(CASE WHEN {scored} THEN achievement.{column} ELSE 0 END), 0) AS BIGINT)");
        select.expr_as(Expr::cust(sum), Alias::new(name));
    }
}

fn tally_of(row: &QueryResult) -> Result<Tally> {
    let mut tally = Tally::default();
    for (count, status) in tally.counts.iter_mut().zip(Status::ALL) {
        let name = format!("n_{}", status.as_str().to_lowercase());
        *count = row.try_get::<Option<i64>>("", &name)?.unwrap_or(0);
    }
    tally.score_sum = row.try_get("", "score_sum")?;
    tally.max_score_sum = row.try_get("", "max_score_sum")?;
    Ok(tally)
}

/// The measure that groups are ordered by, as an integer that orders alike; `None` for the keys alone.
fn order_expr(order: SummaryOrder) -> Option<SimpleExpr> {
    let satisfied = "(n_exceeded + n_achieved)";
    let comparable = format!("({satisfied} + n_partially_achieved + n_not_achieved)");
    let all: Vec<String> = Status::ALL.iter().map(|status| format!("n_{}", status.as_str().to_lowercase())).collect();
    let sql = match order {
        SummaryOrder::Key => return None,
        SummaryOrder::IndicatorCount => all.join(" + "),
        SummaryOrder::AchievementRate => {
            format!("CASE WHEN {comparable} = 0 THEN NULL ELSE {satisfied} * 1000000 / {comparable} END")
        }
        SummaryOrder::AverageScore => {
            "CASE WHEN max_score_sum = 0 THEN NULL ELSE score_sum * 1000000 / max_score_sum END".to_owned()
        }
    };
    Some(Expr::cust(sql))
}

/// Joins the jurisdiction each department counts for: the children of the filter's jurisdiction, each with all below
/// it, and the node itself for its own departments; without one the topmost the caller may see.
async fn join_buckets(db: &Db, ctx: &Ctx, filter: &AchievementFilter, select: &mut SelectStatement) -> Result<()> {
    let (whole, own) = jurisdiction::buckets(db, ctx, filter.jurisdiction_code.as_deref()).await?;
    let column = |name: &str| Expr::col((Alias::new("jurisdiction_closure"), Alias::new(name)));
    let mut on = Cond::any().add(column("ancestor_id").is_in(whole.iter().map(|id| id.0)));
    if let Some(own) = own {
        on = on.add(column("ancestor_id").eq(own.0).and(column("depth").eq(0)));
    }
    let joined = Cond::all().add(column("descendant_id").equals(("department", "jurisdiction_id"))).add(on);
    select.join(sea_orm::JoinType::InnerJoin, jurisdiction_closure::Entity, joined).join_as(
        sea_orm::JoinType::InnerJoin,
        jurisdiction_row::Entity,
        Alias::new("bucket"),
        Expr::col(("bucket", "id")).equals(("jurisdiction_closure", "ancestor_id")),
    );
    Ok(())
}

/// A page of groups.
///
/// # Errors
/// `Unauthenticated`; `Invalid` for no or a repeated dimension.
pub async fn summary(
    db: &Db,
    ctx: &Ctx,
    filter: &AchievementFilter,
    dimensions: &[Dimension],
    (order, descending): (SummaryOrder, bool),
    page: &Page,
) -> Result<Slice<Group>> {
    check(ctx, dimensions)?;
    let source = Source::of(filter, dimensions);
    let mut select = base(ctx, source, filter, dimensions);
    if dimensions.contains(&Dimension::Jurisdiction) {
        join_buckets(db, ctx, filter, &mut select).await?;
    }
    if source == Source::Assessments && dimensions.contains(&Dimension::Grade) {
        let column = |name: &str| Expr::col((Alias::new("declaration_result"), Alias::new(name)));
        let on = column("declaration_id").equals(("declaration", "id"));
        let on = on.and(column("period").equals(("achievement", "period")));
        select.left_join(declaration_result::Entity, on);
    }
    for (position, dimension) in dimensions.iter().enumerate() {
        let (key, label) = columns(source, *dimension);
        let label_expr = label.clone().unwrap_or_else(|| key.clone());
        select.expr_as(key.clone(), Alias::new(format!("key_{position}")));
        select.expr_as(label_expr, Alias::new(format!("label_{position}")));
        select.add_group_by([key]);
        if let Some(label) = label {
            select.add_group_by([label]);
        }
    }
    add_measures(&mut select, source);
    let ordering = order_expr(order);
    let mut outer = Query::select();
    outer.expr(Expr::col(sea_orm::sea_query::Asterisk));
    if let Some(measure) = ordering.clone() {
        outer.expr_as(measure, Alias::new("measure"));
    }
    outer.from_subquery(select, Alias::new("grouped"));
    let measure = ordering.into_iter().map(|expr| SortKey { expr, descending });
    let keys = (0..dimensions.len()).map(|position| SortKey::asc(Expr::col(Alias::new(format!("key_{position}")))));
    page.apply(&mut outer, &measure.chain(keys).collect::<Vec<_>>());
    let rows = db.read().query_all(&outer).await?;
    let ordered = order != SummaryOrder::Key;
    let groups = rows.iter().map(|row| group_of(row, dimensions, ordered)).collect::<Result<Vec<_>>>()?;
    Ok(page.slice(groups))
}

fn group_of(row: &QueryResult, dimensions: &[Dimension], ordered: bool) -> Result<Group> {
    let mut values = Vec::with_capacity(dimensions.len());
    for (position, dimension) in dimensions.iter().enumerate() {
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
    let order = if ordered { row.try_get("", "measure")? } else { None };
    Ok(Group { dimensions: values, tally: tally_of(row)?, order, ordered })
}

/// Counts and sums over everything the filter lets through.
///
/// # Errors
/// As [`summary`].
pub async fn totals(db: &Db, ctx: &Ctx, filter: &AchievementFilter, dimensions: &[Dimension]) -> Result<Tally> {
    check(ctx, dimensions)?;
    let source = Source::of(filter, dimensions);
    let mut select = base(ctx, source, filter, dimensions);
    add_measures(&mut select, source);
    let row = db.read().query_one(&select).await?.ok_or_else(|| anyhow::anyhow!("a sum has no row"))?;
    tally_of(&row)
}

fn check(ctx: &Ctx, dimensions: &[Dimension]) -> Result<()> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let repeated = dimensions.iter().enumerate().any(|(index, dimension)| dimensions[..index].contains(dimension));
    if dimensions.is_empty() || repeated {
        let (zh, en) = ("分组维度不能为空或重复", "name at least one dimension, each once");
        return Err(ServiceError::invalid(UserErrorCode::InvalidValue, "groupBy", zh, en));
    }
    Ok(())
}
