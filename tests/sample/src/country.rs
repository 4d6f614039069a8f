//! A country: provinces, prefectures and counties with their departments, and declarations of every kind in each, seeded.

use jixiao_rules::actual::read_actual;
use jixiao_rules::cycle::{DeclarationStatus, Period};
use jixiao_rules::target::Context;
use jixiao_service::bulk::{self, NewDepartment};
use jixiao_service::ctx::Ctx;
use jixiao_service::db::Db;
use jixiao_service::declaration::{Declaration, Indicator};
use jixiao_service::error::Result;
use jixiao_service::id::{DepartmentId, JurisdictionId};
use jixiao_service::jurisdiction;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::generate::{self, Making};

/// How large a country is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Provinces, at most 31.
    pub provinces: usize,
    /// Prefectures, dealt out to the provinces in turn.
    pub prefectures: usize,
    /// Counties, dealt out to the prefectures in turn.
    pub counties: usize,
    /// Departments of each province, prefecture and county.
    pub departments: usize,
    /// Fiscal years, from 2022 on.
    pub years: usize,
}

impl Size {
    /// 31 provinces, 300 prefectures, 3,000 counties, three years.
    pub const WHOLE: Self = Self { provinces: 31, prefectures: 300, counties: 3_000, departments: 1, years: 3 };

    /// Declarations in it.
    #[must_use]
    pub fn declarations(self) -> usize {
        (self.provinces + self.prefectures + self.counties) * self.departments * self.years
    }
}

/// Declarations in one transaction.
const CHUNK: usize = 200;

/// Makes the country in a database; tells after each part how many declarations are there. For the operator.
///
/// # Errors
/// When the database fails, or holds some of it already.
pub async fn make(db: &Db, ctx: &Ctx, making: &Making<'_>, size: Size, seed: u64, told: impl Fn(usize)) -> Result<()> {
    let places = places(db, ctx, size).await?;
    let departments = departments(db, ctx, &places, size.departments).await?;
    let mut random = StdRng::seed_from_u64(seed);
    let wanted: Vec<(DepartmentId, i32)> =
        departments.iter().flat_map(|id| (2022..).take(size.years).map(|year| (*id, year))).collect();
    let mut done = 0;
    for chunk in wanted.chunks(CHUNK) {
        let made = chunk.iter().map(|(department, year)| {
            let (made, takes) = generate::declaration(making, &mut random, *department, *year);
            varied(made, &takes, &mut random)
        });
        done += bulk::declarations(db, ctx, made.collect()).await?.len();
        told(done);
    }
    Ok(())
}

/// The jurisdictions with their codes: `120000`, `120100`, `120101`.
async fn places(db: &Db, ctx: &Ctx, size: Size) -> Result<Vec<(JurisdictionId, String)>> {
    let mut made: Vec<(JurisdictionId, String)> = Vec::new();
    let add = async |code: String, name: String, parent_code: Option<String>| {
        let new = jurisdiction::Create { code: code.clone(), name, parent_code };
        jurisdiction::create(db, ctx, &new).await.map(|id| (id, code))
    };
    for province in 0..size.provinces {
        let name = format!("样例第{}省", province + 1);
        made.push(add(format!("{}0000", province + 11), name, None).await?);
    }
    for prefecture in 0..size.prefectures {
        let (province, own) = (prefecture % size.provinces, prefecture / size.provinces + 1);
        let (above, name) = (format!("{}0000", province + 11), format!("样例第{}市", prefecture + 1));
        made.push(add(format!("{}{own:02}00", province + 11), name, Some(above)).await?);
    }
    for county in 0..size.counties {
        let (prefecture, own) = (county % size.prefectures, county / size.prefectures + 1);
        let (province, middle) = (prefecture % size.provinces + 11, prefecture / size.provinces + 1);
        let (above, name) = (format!("{province}{middle:02}00"), format!("样例第{}县", county + 1));
        made.push(add(format!("{province}{middle:02}{own:02}"), name, Some(above)).await?);
    }
    Ok(made)
}

async fn departments(
    db: &Db,
    ctx: &Ctx,
    places: &[(JurisdictionId, String)],
    each: usize,
) -> Result<Vec<DepartmentId>> {
    let new: Vec<NewDepartment> = places
        .iter()
        .flat_map(|(jurisdiction, code)| {
            (1..=each).map(move |number| NewDepartment {
                code: format!("{code}{number:03}"),
                name: format!("样例{code}第{number}局"),
                jurisdiction: *jurisdiction,
            })
        })
        .collect();
    let mut made = Vec::with_capacity(new.len());
    for chunk in new.chunks(2_000) {
        made.extend(bulk::departments(db, ctx, chunk).await?);
    }
    Ok(made)
}

/// What declarations differ in: state, what is reported and what of it is met, whether the money is known.
fn varied(mut made: Declaration, takes: &[bool], random: &mut StdRng) -> Declaration {
    match random.random_range(0..20) {
        0 => return draft(made),
        1 => made.status = DeclarationStatus::Closed,
        _ => {}
    }
    let year = made.fiscal_year;
    for (indicator, takes) in made.indicators.iter_mut().zip(takes) {
        for period in [Period::MidYear, Period::YearEnd] {
            match random.random_range(0..10) {
                0 => _ = indicator.values.remove(&period),
                1..5 if *takes => report(indicator, period, year, &random.random_range(1..200).to_string()),
                _ => {}
            }
        }
    }
    if random.random_range(0..5) == 0
        && let Some(report) = made.reports.get_mut(&Period::YearEnd)
    {
        report.execution.executed = None;
    }
    made
}

/// Not approved yet, so that it counts nowhere.
fn draft(mut made: Declaration) -> Declaration {
    (made.status, made.version, made.revision) = (DeclarationStatus::Draft, 0, 1);
    (made.approval_number, made.approved_on, made.review_grade) = (None, None, None);
    made.reports.clear();
    made.indicators.iter_mut().for_each(|indicator| indicator.values.clear());
    made
}

/// Puts another actual value in place.
fn report(indicator: &mut Indicator, period: Period, year: i32, text: &str) {
    let Indicator { level1_label, level2_label, name, annual_target, values, .. } = indicator;
    let (Some(target), Some(value)) = (annual_target, values.get_mut(&period)) else { return };
    let (level1, level2) = (Some(level1_label.as_str()), level2_label.as_deref());
    let context = Context { level1, level2, name: Some(name.as_str()), year: Some(year) };
    value.reading = Some(read_actual(text, &target.reading, &context));
    (value.entry.text, value.entry.level, value.entry.score) = (Some(text.to_owned()), None, None);
}
