//! What a summary adds up. Whatever it is asked, each row of its source has the same counts and sums ([`COLUMNS`]); the
//! coarsest source that tells the dimensions and filters apart is taken:
//!
//! | by or filtered by | source | grows with |
//! | --- | --- | --- |
//! | anything but departments | `rollup_cell` and what is pending in `rollup_delta` | years × level 2 × status × grade |
//! | departments, not by levels, status or grade | `department_result` | departments |
//! | departments by grade | `declaration_result` | declarations |
//! | departments by level or status | `achievement` | indicators |

use jixiao_entity::id::JurisdictionId;
use jixiao_entity::{
    achievement, declaration, declaration_result, department, department_result, indicator, jurisdiction_closure,
    rollup_cell, rollup_delta,
};
use jixiao_rules::cycle::{DeclarationStatus, Period};
use jixiao_rules::kind::{Status, Vocabulary};
use sea_orm::sea_query::{Alias, Cond, Expr, IntoTableRef, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use super::place::{Places, places};
use super::{AchievementFilter, Dimension};
use crate::ctx::Ctx;
use crate::db::{Db, column};
use crate::error::Result;
use crate::jurisdiction;
use crate::rollup::COLUMNS;

/// What is asked, and where.
pub(super) struct Question<'a> {
    pub(super) filter: &'a AchievementFilter,
    pub(super) dimensions: &'a [Dimension],
    pub(super) places: Places,
    /// What departments count for, where jurisdictions are told apart.
    buckets: Option<Buckets>,
}

/// Jurisdictions with all below them, and one for its own departments only.
struct Buckets {
    whole: Vec<JurisdictionId>,
    own: Option<JurisdictionId>,
    /// Which of them holds which jurisdiction of the places.
    held: Vec<(JurisdictionId, JurisdictionId)>,
}

/// Alias of the column of one dimension.
pub(super) fn alias(position: usize) -> Alias {
    Alias::new(format!("dimension_{position}"))
}

impl<'a> Question<'a> {
    pub(super) async fn new(
        db: &Db,
        ctx: &Ctx,
        filter: &'a AchievementFilter,
        dimensions: &'a [Dimension],
    ) -> Result<Self> {
        let code = filter.jurisdiction_code.as_deref();
        let places = places(db, ctx, code).await?;
        let mut buckets = None;
        if dimensions.contains(&Dimension::Jurisdiction) {
            let (whole, own) = jurisdiction::buckets(db, ctx, code).await?;
            let lines = jurisdiction_closure::Entity::find()
                .filter(jurisdiction_closure::Column::AncestorId.is_in(whole.iter().copied()))
                .filter(jurisdiction_closure::Column::DescendantId.is_in(places.jurisdictions.iter().copied()))
                .select_only()
                .columns([jurisdiction_closure::Column::AncestorId, jurisdiction_closure::Column::DescendantId]);
            buckets = Some(Buckets { whole, own, held: lines.into_tuple().all(db.read()).await? });
        }
        Ok(Self { filter, dimensions, places, buckets })
    }

    pub(super) fn by(&self, dimension: Dimension) -> bool {
        self.dimensions.contains(&dimension)
    }

    /// Whether indicators are told apart, so that declarations as a whole do not count.
    pub(super) fn of_indicators(&self) -> bool {
        of_indicators(self.filter, self.dimensions)
    }

    fn by_department(&self) -> bool {
        self.by(Dimension::Department) || self.filter.department_codes.is_some()
    }

    fn by_grade(&self) -> bool {
        self.by(Dimension::Grade) || self.filter.grades.is_some()
    }

    /// The one period that is counted; `None` where periods are told apart.
    pub(super) fn period(&self) -> Option<Period> {
        self.filter.period.or_else(|| (!self.by(Dimension::Period)).then_some(Period::YearEnd))
    }

    /// Everything to be added up; `None` when the caller sees nothing of it.
    pub(super) fn rows(&self) -> Option<SelectStatement> {
        let mut parts = Vec::new();
        if self.by_department() {
            parts.extend((!self.places.is_empty()).then(|| self.of_departments(&self.places)));
        } else {
            parts.extend(self.of_jurisdictions());
            let beside = self.places.beside();
            parts.extend((!beside.is_empty()).then(|| self.of_departments(&beside)));
        }
        let mut parts = parts.into_iter();
        let mut rows = parts.next()?;
        rows.unions(parts.map(|part| (UnionType::All, part)));
        Some(rows)
    }

    fn of_departments(&self, places: &Places) -> SelectStatement {
        if self.of_indicators() {
            self.raw(places, "achievement")
        } else if self.by_grade() {
            self.raw(places, "declaration_result")
        } else {
            self.of_department_results(places)
        }
    }

    // ── jurisdictions: cells, and what is pending ──

    fn of_jurisdictions(&self) -> Vec<SelectStatement> {
        let all = &self.places.jurisdictions;
        let Some(buckets) = &self.buckets else {
            if all.is_empty() {
                return Vec::new();
            }
            return self.subtree(all, None, 1);
        };
        if let Some(own) = buckets.own
            && *all == [own]
        {
            // The node itself, for its own departments, is what is left when its children are taken from it.
            let mut parts = self.subtree(&[own], Some(own), 1);
            if !buckets.whole.is_empty() {
                parts.extend(self.subtree(&buckets.whole, None, 1));
                parts.extend(self.subtree(&buckets.whole, Some(own), -1));
            }
            return parts;
        }
        let of = |bucket: &JurisdictionId| -> Vec<JurisdictionId> {
            buckets.held.iter().filter(|(upper, _)| upper == bucket).map(|(_, lower)| *lower).collect()
        };
        let held = buckets.whole.iter().map(|bucket| (bucket, of(bucket))).filter(|(_, held)| !held.is_empty());
        held.flat_map(|(bucket, held)| self.subtree(&held, Some(*bucket), 1)).collect()
    }

    /// The cells of some jurisdictions and what is pending below them, `sign` times, counted for `bucket` or for themselves.
    fn subtree(&self, of: &[JurisdictionId], bucket: Option<JurisdictionId>, sign: i64) -> Vec<SelectStatement> {
        let of = || of.iter().map(|one| one.0);
        ["rollup_cell", "rollup_delta"]
            .map(|table| {
                let mut select = Query::select();
                let place = if table == "rollup_cell" {
                    select.from(rollup_cell::Entity);
                    column("rollup_cell", "jurisdiction_id")
                } else {
                    // In this order on SQLite: little is pending.
                    let above = jurisdiction_closure::Entity.into_table_ref().alias(Alias::new("above"));
                    select.from(rollup_delta::Entity).cross_join(above);
                    select.and_where(column("above", "descendant_id").equals(("rollup_delta", "jurisdiction_id")));
                    column("above", "ancestor_id")
                };
                select.and_where(place.clone().is_in(of()));
                let word = |name: &str| Expr::cust(format!("NULLIF({table}.{name}, '')"));
                for (position, dimension) in self.dimensions.iter().enumerate() {
                    let value = match dimension {
                        Dimension::Jurisdiction => bucket.map_or_else(|| place.clone(), |id| Expr::val(id.0)),
                        // Never asked of this source.
                        Dimension::Department => Expr::val(0),
                        Dimension::FiscalYear => column(table, "fiscal_year"),
                        Dimension::Period => column(table, "period"),
                        Dimension::Level1 => word("level1"),
                        Dimension::Level2 => word("level2"),
                        Dimension::Status => word("status"),
                        Dimension::Grade => word("grade"),
                    };
                    select.expr_as(value, alias(position));
                }
                for name in COLUMNS {
                    let value = if sign < 0 { format!("-{table}.{name}") } else { format!("{table}.{name}") };
                    select.expr_as(Expr::cust(value), Alias::new(name));
                }
                if self.of_indicators() {
                    select.and_where(column(table, "status").ne(""));
                }
                self.restrict(&mut select, table, table, table);
                select
            })
            .into()
    }

    /// The filter, on the tables that hold the year and period, the levels and status, and the grade.
    fn restrict(&self, select: &mut SelectStatement, time: &str, indicator: &str, grade: &str) {
        let filter = self.filter;
        if let Some(period) = self.period() {
            select.and_where(column(time, "period").eq(period.as_str()));
        }
        if let Some(years) = &filter.fiscal_years {
            let table = if time == "achievement" || time == "declaration_result" { "declaration" } else { time };
            select.and_where(column(table, "fiscal_year").is_in(years.iter().copied()));
        }
        if let Some(levels) = &filter.level1 {
            select.and_where(column(indicator, "level1").is_in(levels.iter().map(|level| level.as_str())));
        }
        if let Some(levels) = &filter.level2 {
            select.and_where(column(indicator, "level2").is_in(levels.iter().map(|level| level.as_str())));
        }
        if let Some(statuses) = &filter.statuses {
            let table = if indicator == "indicator" { "achievement" } else { indicator };
            select.and_where(column(table, "status").is_in(statuses.iter().map(|status| status.as_str())));
        }
        if let Some(grades) = &filter.grades {
            select.and_where(column(grade, "grade").is_in(grades.iter().map(|grade| grade.as_str())));
        }
    }

    // ── departments: their own sums, or the rows themselves ──

    /// Years as they are kept: those asked for, each that there is, or 0, the sum of all.
    pub(super) fn years(&self) -> SimpleExpr {
        let year = column("department_result", "fiscal_year");
        match &self.filter.fiscal_years {
            Some(years) => year.is_in(years.iter().copied().filter(|year| *year > 0)),
            None if self.by(Dimension::FiscalYear) => year.gt(0),
            None => year.eq(0),
        }
    }

    fn of_department_results(&self, places: &Places) -> SelectStatement {
        let mut select = Query::select();
        select
            .from(department_result::Entity)
            .inner_join(department::Entity, column("department", "id").equals(("department_result", "department_id")))
            .and_where(self.years());
        if let Some(period) = self.period() {
            select.and_where(column("department_result", "period").eq(period.as_str()));
        }
        self.dimensions_of(&mut select, "department_result", "department_result", "department_result");
        for name in COLUMNS {
            select.expr_as(column("department_result", name), Alias::new(name));
        }
        self.at(&mut select, places);
        select
    }

    /// The rows themselves, of declarations in force.
    fn raw(&self, places: &Places, table: &'static str) -> SelectStatement {
        let mut select = Query::select();
        if table == "achievement" {
            select
                .from(achievement::Entity)
                .inner_join(indicator::Entity, column("indicator", "id").equals(("achievement", "indicator_id")));
            if self.by_grade() {
                let on = column("declaration_result", "declaration_id").equals(("achievement", "declaration_id"));
                let period = column("declaration_result", "period").equals(("achievement", "period"));
                select.inner_join(declaration_result::Entity, on.and(period));
            }
        } else {
            select.from(declaration_result::Entity);
        }
        select
            .inner_join(declaration::Entity, column("declaration", "id").equals((table, "declaration_id")))
            .inner_join(department::Entity, column("department", "id").equals(("declaration", "department_id")));
        select.and_where(column("declaration", "status").is_in(DeclarationStatus::IN_FORCE.map(Vocabulary::as_str)));
        self.dimensions_of(&mut select, table, "declaration", "declaration_result");
        for name in COLUMNS {
            let value = if table == "achievement" { of_achievement(name) } else { of_result(name) };
            select.expr_as(Expr::cust(value), Alias::new(name));
        }
        self.restrict(&mut select, table, "indicator", "declaration_result");
        self.at(&mut select, places);
        select
    }

    fn dimensions_of(&self, select: &mut SelectStatement, time: &str, year: &str, grade: &str) {
        for (position, dimension) in self.dimensions.iter().enumerate() {
            let value = match dimension {
                Dimension::Jurisdiction => column("held", "ancestor_id"),
                Dimension::Department => column("department", "id"),
                Dimension::FiscalYear => column(year, "fiscal_year"),
                Dimension::Period => column(time, "period"),
                Dimension::Level1 => column("indicator", "level1"),
                Dimension::Level2 => column("indicator", "level2"),
                Dimension::Status => column("achievement", "status"),
                Dimension::Grade => column(grade, "grade"),
            };
            select.expr_as(value, alias(position));
        }
    }

    /// Departments of the places only, each for the jurisdiction that holds it where those are told apart.
    fn at(&self, select: &mut SelectStatement, places: &Places) {
        select.cond_where(places.condition());
        if let Some(codes) = &self.filter.department_codes {
            select.and_where(column("department", "code").is_in(codes.iter().map(String::as_str)));
        }
        let Some(Buckets { whole, own, .. }) = &self.buckets else { return };
        let mut on = Cond::any().add(column("held", "ancestor_id").is_in(whole.iter().map(|id| id.0)));
        if let Some(own) = own {
            on = on.add(column("held", "ancestor_id").eq(own.0).and(column("held", "depth").eq(0)));
        }
        let joined = Cond::all().add(column("held", "descendant_id").equals(("department", "jurisdiction_id"))).add(on);
        let held = jurisdiction_closure::Entity.into_table_ref().alias(Alias::new("held"));
        select.join(sea_orm::JoinType::InnerJoin, held, joined);
    }
}

/// Whether indicators are told apart.
pub(super) fn of_indicators(filter: &AchievementFilter, dimensions: &[Dimension]) -> bool {
    let apart = [Dimension::Level1, Dimension::Level2, Dimension::Status];
    let whole = filter.level1.is_none() && filter.level2.is_none() && filter.statuses.is_none();
    !whole || dimensions.iter().any(|dimension| apart.contains(dimension))
}

/// One of [`COLUMNS`] of an assessment. What declarations add as a whole is not asked then.
fn of_achievement(name: &str) -> String {
    let scored = "achievement.score IS NOT NULL AND achievement.max_score IS NOT NULL";
    let status = Status::ALL.iter().find(|status| name == format!("n_{}", status.as_str().to_lowercase()));
    match (name, status) {
        (_, Some(status)) => format!("CASE WHEN achievement.status = '{status}' THEN 1 ELSE 0 END"),
        ("score_sum", _) => format!("CASE WHEN {scored} THEN achievement.score ELSE 0 END"),
        ("max_score_sum", _) => format!("CASE WHEN {scored} THEN achievement.max_score ELSE 0 END"),
        ("rate_count", _) => "CASE WHEN achievement.rate IS NULL THEN 0 ELSE 1 END".to_owned(),
        ("rate_high", _) => "COALESCE(achievement.rate / 1000000000, 0)".to_owned(),
        ("rate_low", _) => "COALESCE(achievement.rate % 1000000000, 0)".to_owned(),
        _ => "0".to_owned(),
    }
}

/// One of [`COLUMNS`] of a declaration's result.
fn of_result(name: &str) -> String {
    if name == "declarations" { "1".to_owned() } else { format!("declaration_result.{name}") }
}
