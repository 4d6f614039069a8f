//! Figures side by side: two years of a department or jurisdiction, and a department against the median of its peers.

use std::collections::BTreeMap;

use jixiao_entity::{declaration, declaration_result, department as department_row};
use jixiao_rules::cycle::{DeclarationStatus, Period};
use jixiao_rules::kind::{Status, Vocabulary, vocabulary_words};
use jixiao_rules::rollup::Tally;
use jixiao_rules::value::{Points, Rate, median};
use rust_decimal::Decimal;
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult};

use crate::achievement::{self, AchievementFilter, Dimension, View};
use crate::ctx::{Actor, Ctx, Place};
use crate::db::{Db, column};
use crate::department::{self, Department};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::id::JurisdictionId;
use crate::jurisdiction::{self, check_year};
use crate::page::Page;
use crate::policy::{Scope, Territory};

vocabulary_words! {
    /// A figure that is compared.
    ComparisonMeasure {
        IndicatorCount = "INDICATOR_COUNT", "指标数", "number of indicators";
        ReportedCount = "REPORTED_COUNT", "已填报指标数", "indicators that are reported: all but NOT_REPORTED and NOT_APPLICABLE";
        ComparableCount = "COMPARABLE_COUNT", "可比指标数", "indicators that can be compared";
        ExceededCount = "EXCEEDED_COUNT", "超额完成指标数", "indicators with status EXCEEDED";
        AchievedCount = "ACHIEVED_COUNT", "完成指标数", "indicators with status ACHIEVED";
        PartiallyAchievedCount = "PARTIALLY_ACHIEVED_COUNT", "部分完成指标数", "indicators with status PARTIALLY_ACHIEVED";
        NotAchievedCount = "NOT_ACHIEVED_COUNT", "未完成指标数", "indicators with status NOT_ACHIEVED";
        InProgressCount = "IN_PROGRESS_COUNT", "进行中指标数", "indicators with status IN_PROGRESS";
        NotReportedCount = "NOT_REPORTED_COUNT", "未填报指标数", "indicators with status NOT_REPORTED";
        NotApplicableCount = "NOT_APPLICABLE_COUNT", "不适用指标数", "indicators with status NOT_APPLICABLE";
        UndeterminedCount = "UNDETERMINED_COUNT", "无法判定指标数", "indicators with status UNDETERMINED";
        AchievementRate = "ACHIEVEMENT_RATE", "达成率", "satisfied ÷ comparable, cut to six decimals; none when nothing is comparable";
        AverageScore = "AVERAGE_SCORE", "平均得分率", "100 × Σ score ÷ Σ maximum score, two decimals; none without any score";
        Score = "SCORE", "总分", "total score of the declaration, two decimals; of a department only, none before it is complete";
        ExecutionRate = "EXECUTION_RATE", "预算执行率", "budget execution rate, six decimals; of a department only, none before it is known";
    }
}

vocabulary_words! {
    /// Why there is no median.
    MedianAbsence {
        PeersNotReadable = "PEERS_NOT_READABLE", "无权查看全部同级部门", "the viewer may not read every department of the jurisdiction";
        TooFewPeers = "TOO_FEW_PEERS", "有此数值的同级部门不足3个", "fewer than three peers have this figure";
    }
}

/// Fewest peers that a median is told of.
const FEWEST: usize = 3;

/// Whose figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A department.
    Department(Department),
    /// A jurisdiction with all below it, as far as the caller may see.
    Jurisdiction(Place<JurisdictionId>),
}

/// A figure in two years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearMeasure {
    /// Which figure.
    pub measure: ComparisonMeasure,
    /// In the year.
    pub value: Option<Decimal>,
    /// In the year it is compared with.
    pub against: Option<Decimal>,
}

/// A figure of a department and of its peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerMeasure {
    /// Which figure.
    pub measure: ComparisonMeasure,
    /// The department's.
    pub value: Option<Decimal>,
    /// The median of its peers, six decimals, or why there is none.
    pub median: Result<Decimal, MedianAbsence>,
    /// Peers that have the figure; `None` when not all of them may be read.
    pub peers: Option<usize>,
}

/// `a − b`; `None` where either is missing.
#[must_use]
pub fn difference(a: Option<Decimal>, b: Option<Decimal>) -> Option<Decimal> {
    a.zip(b).map(|(a, b)| a - b)
}

/// What is known of a department or jurisdiction in one year.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    tally: Tally,
    score: Option<Points>,
    execution_rate: Option<Rate>,
}

impl Figures {
    fn get(&self, measure: ComparisonMeasure) -> Option<Decimal> {
        use ComparisonMeasure as M;
        let tally = &self.tally;
        let count = match measure {
            M::IndicatorCount => tally.indicators(),
            M::ReportedCount => tally.reported(),
            M::ComparableCount => tally.comparable(),
            M::ExceededCount => tally.count(Status::Exceeded),
            M::AchievedCount => tally.count(Status::Achieved),
            M::PartiallyAchievedCount => tally.count(Status::PartiallyAchieved),
            M::NotAchievedCount => tally.count(Status::NotAchieved),
            M::InProgressCount => tally.count(Status::InProgress),
            M::NotReportedCount => tally.count(Status::NotReported),
            M::NotApplicableCount => tally.count(Status::NotApplicable),
            M::UndeterminedCount => tally.count(Status::Undetermined),
            M::AchievementRate => return tally.achievement_rate().map(Rate::decimal),
            M::AverageScore => return tally.average_score().map(Points::decimal),
            M::Score => return self.score.map(Points::decimal),
            M::ExecutionRate => return self.execution_rate.map(Rate::decimal),
        };
        Some(count.into())
    }
}

/// Figures of departments or of a jurisdiction by the key of one dimension; what has no declaration in force is not there.
async fn figures(
    db: &Db,
    ctx: &Ctx,
    filter: &AchievementFilter,
    by: Dimension,
    groups: usize,
) -> Result<BTreeMap<String, Figures>> {
    let page = Page::first(u64::try_from(groups).unwrap_or(u64::MAX));
    let summary = achievement::summary(db, ctx, filter, &View::by(vec![by]), &page).await?;
    let keyed = summary.rows.into_iter().filter_map(|group| {
        let key = group.dimensions.into_iter().next()?.key?;
        Some((key, Figures { tally: group.measures.sums.tally, ..Figures::default() }))
    });
    let mut figures: BTreeMap<String, Figures> = keyed.collect();
    if filter.department_codes.is_some() {
        for row in results(db, ctx, filter).await? {
            let key = if by == Dimension::FiscalYear { row.fiscal_year.to_string() } else { row.code };
            if let Some(known) = figures.get_mut(&key) {
                (known.score, known.execution_rate) = (row.score.map(Points), row.execution_rate.map(Rate));
            }
        }
    }
    Ok(figures)
}

/// A department's result in one year.
#[derive(FromQueryResult)]
struct ResultRow {
    code: String,
    fiscal_year: i32,
    score: Option<i64>,
    execution_rate: Option<i64>,
}

/// The results of the declarations in force that the filter's departments have in its years and period.
async fn results(db: &Db, ctx: &Ctx, filter: &AchievementFilter) -> Result<Vec<ResultRow>> {
    let in_force = DeclarationStatus::IN_FORCE.map(Vocabulary::as_str);
    let period = filter.period.unwrap_or(Period::YearEnd);
    let mut select = Query::select();
    select
        .expr(column("department", "code"))
        .expr(column("declaration", "fiscal_year"))
        .expr(column("declaration_result", "score"))
        .expr(column("declaration_result", "execution_rate"))
        .from(declaration_result::Entity)
        .inner_join(declaration::Entity, column("declaration", "id").equals(("declaration_result", "declaration_id")))
        .inner_join(department_row::Entity, column("department", "id").equals(("declaration", "department_id")))
        .cond_where(Scope::of(ctx).declarations())
        .and_where(column("declaration_result", "period").eq(period.as_str()))
        .and_where(column("declaration", "status").is_in(in_force))
        .and_where(column("declaration", "fiscal_year").is_in(filter.fiscal_years.iter().flatten().copied()))
        .and_where(column("department", "code").is_in(filter.department_codes.iter().flatten().map(String::as_str)));
    let rows = db.read().query_all(&select).await?;
    Ok(rows.iter().map(|row| ResultRow::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?)
}

/// Code of the department or of the jurisdiction that is asked about.
#[derive(Clone, Debug)]
pub enum Code {
    /// A department's.
    Department(String),
    /// A jurisdiction's.
    Jurisdiction(String),
}

/// Every figure in two years, side by side; `None` when the caller may not see whose they would be.
///
/// # Errors
/// `Unauthenticated`; `INVALID_VALUE` at `fiscalYear` or `againstYear` for a year that cannot be or the same year twice.
pub async fn years(
    db: &Db,
    ctx: &Ctx,
    code: &Code,
    (year, against): (i32, i32),
    period: Period,
) -> Result<Option<(Subject, Vec<YearMeasure>)>> {
    signed_in(ctx)?;
    check_year(year, "fiscalYear")?;
    check_year(against, "againstYear")?;
    if year == against {
        let (zh, en) = ("两个年度不能相同", "compare two different years");
        return Err(Violation::new(UserErrorCode::InvalidValue, "againstYear", zh, en).into());
    }
    let mut filter = AchievementFilter {
        fiscal_years: Some(vec![year, against]),
        period: Some(period),
        ..AchievementFilter::default()
    };
    let subject = match code {
        Code::Department(code) => {
            let Some(found) = department::by_code(db.read(), ctx, code).await? else { return Ok(None) };
            filter.department_codes = Some(vec![found.code.clone()]);
            Subject::Department(found)
        }
        Code::Jurisdiction(code) => {
            let Some(found) = jurisdiction::find(db.read(), ctx, code).await? else { return Ok(None) };
            filter.jurisdiction_code = Some(found.code.clone());
            Subject::Jurisdiction(found)
        }
    };
    let figures = figures(db, ctx, &filter, Dimension::FiscalYear, 2).await?;
    let of = |year: i32, measure| figures.get(&year.to_string()).and_then(|figures| figures.get(measure));
    let measures = ComparisonMeasure::ALL.iter().map(|measure| YearMeasure {
        measure: *measure,
        value: of(year, *measure),
        against: of(against, *measure),
    });
    Ok(Some((subject, measures.collect())))
}

/// Every figure of a department beside the median of its peers: the other departments of its own jurisdiction (not of those
/// below) with a declaration in force in the year. Who may not read all of those is told of none, so that nothing beyond a
/// caller's scope can be learned from a median; nor is anybody told of fewer than three. `None` when the caller may not see
/// the department.
///
/// # Errors
/// `Unauthenticated`; `INVALID_VALUE` at `fiscalYear` for a year that cannot be.
pub async fn peers(
    db: &Db,
    ctx: &Ctx,
    code: &str,
    year: i32,
    period: Period,
) -> Result<Option<(Department, Vec<PeerMeasure>)>> {
    signed_in(ctx)?;
    check_year(year, "fiscalYear")?;
    let Some(own) = department::by_code(db.read(), ctx, code).await? else { return Ok(None) };
    let territory = Territory::of_jurisdiction(db.read(), own.jurisdiction_id).await?;
    let readable = Scope::of(ctx).covers(&territory);
    let codes = if readable { department::codes_of(db, own.jurisdiction_id).await? } else { vec![own.code.clone()] };
    let groups = codes.len();
    let filter = AchievementFilter {
        fiscal_years: Some(vec![year]),
        department_codes: Some(codes),
        period: Some(period),
        ..AchievementFilter::default()
    };
    let mut all = figures(db, ctx, &filter, Dimension::Department, groups).await?;
    let mine = all.remove(&own.code);
    let measures = ComparisonMeasure::ALL.iter().map(|measure| {
        let values: Vec<Decimal> = all.values().filter_map(|peer| peer.get(*measure)).collect();
        let peers = values.len();
        let median = match median(values) {
            _ if !readable => Err(MedianAbsence::PeersNotReadable),
            Some(median) if peers >= FEWEST => Ok(median),
            _ => Err(MedianAbsence::TooFewPeers),
        };
        let value = mine.and_then(|mine| mine.get(*measure));
        PeerMeasure { measure: *measure, value, median, peers: readable.then_some(peers) }
    });
    let measures = measures.collect();
    Ok(Some((own, measures)))
}

fn signed_in(ctx: &Ctx) -> Result<()> {
    if ctx.actor == Actor::Anonymous { Err(ServiceError::Unauthenticated) } else { Ok(()) }
}
