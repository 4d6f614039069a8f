//! Figures side by side: of two years, of a department and its peers.

use async_graphql::{Context, Object, SimpleObject};
use jixiao_service::comparison::{self, Subject, difference};

use crate::graphql::error::Result;
use crate::graphql::kind::{ComparisonMeasure, MedianAbsence, ReportingPeriod};
use crate::graphql::scalar::Decimal;
use crate::graphql::types::achievement::{Language, label_of};
use crate::graphql::types::department::{Department, JurisdictionName};

/// 两个年度的对比。 — Two years of a department or jurisdiction side by side.
#[derive(SimpleObject)]
pub struct YearComparison {
    /// 年度。 — Fiscal year.
    pub fiscal_year: i32,
    /// 对比的年度。 — The year it is compared with.
    pub against_year: i32,
    /// 期间。 — The period.
    pub period: ReportingPeriod,
    /// 部门；按区划对比时为空。 — Whose figures; null when they are of a jurisdiction.
    pub department: Option<Department>,
    /// 区划；按部门对比时为空。 — Whose figures, with all below it; null when they are of a department.
    pub jurisdiction: Option<JurisdictionName>,
    /// 各项数值，次序固定。 — Every figure, in a fixed order.
    pub measures: Vec<YearMeasure>,
}

impl YearComparison {
    /// Of what the service found.
    #[must_use]
    pub fn new(
        (subject, measures): (Subject, Vec<comparison::YearMeasure>),
        (fiscal_year, against_year): (i32, i32),
        period: ReportingPeriod,
    ) -> Self {
        let (department, jurisdiction) = match subject {
            Subject::Department(department) => (Some(Department(department)), None),
            Subject::Jurisdiction(place) => (None, Some(JurisdictionName(place))),
        };
        let measures = measures.into_iter().map(YearMeasure).collect();
        Self { fiscal_year, against_year, period, department, jurisdiction, measures }
    }
}

/// 一项数值在两个年度的对比。 — One figure in two years.
pub struct YearMeasure(comparison::YearMeasure);

/// 一项数值在两个年度的对比。 — One figure in two years.
#[Object]
impl YearMeasure {
    /// 哪一项数值。 — Which figure.
    async fn measure(&self) -> ComparisonMeasure {
        self.0.measure.into()
    }
    /// 数值的名称。 — Its name for people.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "语言；为空时按请求。 — Language; the request's when null.")] lang: Option<Language>,
    ) -> Result<&'static str> {
        label_of(ctx, self.0.measure, lang)
    }
    /// 本年度；没有已批复的申报或没有此数值时为空，从不以0代替。 — In the year; null without a declaration in force or without the figure, never 0 instead.
    async fn value(&self) -> Option<Decimal> {
        self.0.value.map(Decimal)
    }
    /// 对比年度；同上。 — In the year it is compared with; null likewise.
    async fn against_value(&self) -> Option<Decimal> {
        self.0.against.map(Decimal)
    }
    /// 本年度减对比年度，精确；任一为空时为空。 — The year minus the other, exact; null where either is.
    async fn difference(&self) -> Option<Decimal> {
        difference(self.0.value, self.0.against).map(Decimal)
    }
}

/// 部门与同级部门中位数的对比。 — A department beside the median of its peers.
#[derive(SimpleObject)]
pub struct PeerComparison {
    /// 部门。 — The department.
    pub department: Department,
    /// 年度。 — Fiscal year.
    pub fiscal_year: i32,
    /// 期间。 — The period.
    pub period: ReportingPeriod,
    /// 各项数值，次序固定。 — Every figure, in a fixed order.
    pub measures: Vec<PeerMeasure>,
}

/// 一项数值与同级部门中位数的对比。 — One figure of a department and of its peers.
pub struct PeerMeasure(pub comparison::PeerMeasure);

/// 一项数值与同级部门中位数的对比。 — One figure of a department and of its peers.
#[Object]
impl PeerMeasure {
    /// 哪一项数值。 — Which figure.
    async fn measure(&self) -> ComparisonMeasure {
        self.0.measure.into()
    }
    /// 数值的名称。 — Its name for people.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "语言；为空时按请求。 — Language; the request's when null.")] lang: Option<Language>,
    ) -> Result<&'static str> {
        label_of(ctx, self.0.measure, lang)
    }
    /// 本部门；没有已批复的申报或没有此数值时为空。 — The department's; null without a declaration in force or without the figure.
    async fn value(&self) -> Option<Decimal> {
        self.0.value.map(Decimal)
    }
    /// 同级部门的中位数，六位小数；偶数个时取中间两个的平均，截断。不提供时为空，见 absence。 — The median of the peers, six decimals; of an even number the mean of the two in the middle, cut. Null for the reason in `absence`.
    async fn median(&self) -> Option<Decimal> {
        self.0.median.ok().map(Decimal)
    }
    /// 没有中位数的原因；有中位数时为空。 — Why there is no median; null when there is one.
    async fn absence(&self) -> Option<MedianAbsence> {
        self.0.median.err().map(Into::into)
    }
    /// 本部门减中位数，精确；任一为空时为空。 — The department's minus the median, exact; null where either is.
    async fn difference(&self) -> Option<Decimal> {
        difference(self.0.value, self.0.median.ok()).map(Decimal)
    }
    /// 有此数值的同级部门个数；无权查看全部同级部门时为空。 — How many peers have this figure; null when the viewer may not read all of them.
    async fn peer_count(&self) -> Option<usize> {
        self.0.peers
    }
}
