//! Filling a database for `make bench`: 10 prefectures of 10 counties, their departments, three years of declarations.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use jixiao_api::app::{failed, now, open, operator};
use jixiao_api::auth::Tokens;
use jixiao_api::config::{Config, Secret};
use jixiao_api::graphql::id::{NodeKind, encode};
use jixiao_rules::cycle::Role;
use jixiao_sample::generate::{self, Making, Sample};
use jixiao_service::bulk::{self, NewDepartment};
use jixiao_service::ctx::{Ctx, UserRef};
use jixiao_service::db::Db;
use jixiao_service::declaration::Declaration;
use jixiao_service::id::{DepartmentId, JurisdictionId, UserId};
use jixiao_service::user::{self, NewGrant};
use jixiao_service::{department, jurisdiction, rollup, scheme};
use rand::SeedableRng;
use rand::rngs::StdRng;
use sqlx::Executor as _;

use crate::scale::Scale;

/// Declarations at scale 1.
const DECLARATIONS: u64 = 20_000;
const YEARS: [i32; 3] = [2022, 2023, 2024];
const PROVINCE: &str = "990000";
/// Declarations in one transaction.
const CHUNK: usize = 200;

/// What to fill, and where to say what was made.
pub(crate) struct Options {
    pub(crate) database_url: String,
    pub(crate) scale: Scale,
    pub(crate) params: PathBuf,
    pub(crate) tokens: PathBuf,
}

pub(crate) async fn run(options: &Options) -> anyhow::Result<()> {
    let config = Config { database_url: Secret::new(&options.database_url), migrate: Some(true), ..Config::load()? };
    let db = open(&config).await?;
    let ctx = operator();
    ensure!(department::all(&db).await.map_err(failed)?.is_empty(), "the database holds departments already");
    let counties = places(&db, &ctx).await?;
    let users = people(&db, &ctx, Some(PROVINCE)).await?;
    write_tokens(&config, &options.tokens, &users)?;

    let wanted = options.scale.of(DECLARATIONS);
    let departments = departments(&db, &ctx, &counties, wanted.div_ceil(3)).await?;
    let samples = generate::samples();
    let making = making(&db, &samples, &users).await?;
    let mut random = StdRng::seed_from_u64(20_240_101);
    let mut params = BufWriter::new(File::create(&options.params)?);
    let places: Vec<(&(DepartmentId, String), i32)> =
        departments.iter().flat_map(|place| YEARS.map(|year| (place, year))).collect();
    let places = &places[..usize::try_from(wanted)?.min(places.len())];
    for (number, chunk) in places.chunks(CHUNK).enumerate() {
        let (made, takes): (Vec<_>, Vec<_>) =
            chunk.iter().map(|((id, _), year)| generate::declaration(&making, &mut random, *id, *year)).unzip();
        let stored = bulk::declarations(&db, &ctx, made).await.map_err(failed)?;
        for (((place, _), declaration), takes) in chunk.iter().zip(&stored).zip(&takes) {
            write_params(&mut params, &place.1, declaration, takes)?;
        }
        // What was appended is folded as it is in a running service, so that it does not pile up.
        rollup::fold_all(&db).await.map_err(failed)?;
        if number % 20 == 0 {
            println!("{} of {wanted} declarations", number * CHUNK + chunk.len());
        }
    }
    params.flush()?;
    // PostgreSQL would look at its tables by itself within a minute.
    if options.database_url.starts_with("postgres") {
        sqlx::PgPool::connect(&options.database_url).await?.execute("VACUUM ANALYZE").await?;
    }
    Ok(())
}

/// Writes tokens anew for a database that was filled earlier: they end within a day.
pub(crate) async fn tokens(database_url: &str, path: &Path) -> anyhow::Result<()> {
    let config = Config { database_url: Secret::new(database_url), migrate: Some(true), ..Config::load()? };
    let db = open(&config).await?;
    let mut users = Vec::new();
    for name in ["filer", "department", "finance", "auditor"] {
        let user = user::by_username(&db, name).await.map_err(failed)?.context(name)?;
        users.push((name, user.id));
    }
    write_tokens(&config, path, &users)
}

/// A line of parameters: department, year, id, the indicators that take a number.
fn write_params(out: &mut impl Write, code: &str, made: &Declaration, takes: &[bool]) -> anyhow::Result<()> {
    let indicators: Vec<String> = made
        .indicators
        .iter()
        .zip(takes)
        .filter(|(_, takes)| **takes)
        .map(|(indicator, _)| encode(NodeKind::Indicator, indicator.id.0).to_string())
        .collect();
    let id = encode(NodeKind::Declaration, made.id.0);
    writeln!(out, "{code}\t{}\t{}\t{}", made.fiscal_year, *id, indicators.join(","))?;
    Ok(())
}

async fn places(db: &Db, ctx: &Ctx) -> anyhow::Result<Vec<JurisdictionId>> {
    let make = async |code: String, name: String, parent_code: Option<String>| {
        jurisdiction::create(db, ctx, &jurisdiction::Create { code, name, parent_code }).await.map_err(failed)
    };
    make(PROVINCE.to_owned(), "测算省".to_owned(), None).await?;
    let mut counties = Vec::new();
    for prefecture in 1..=10 {
        let code = format!("99{prefecture:02}00");
        make(code.clone(), format!("测算{prefecture}市"), Some(PROVINCE.to_owned())).await?;
        for county in 1..=10 {
            let name = format!("测算{prefecture}市{county}区");
            counties.push(make(format!("99{prefecture:02}{county:02}"), name, Some(code.clone())).await?);
        }
    }
    Ok(counties)
}

/// What declarations are made with.
pub(crate) async fn making<'a>(
    db: &Db,
    samples: &'a [Sample],
    users: &[(&'static str, UserId)],
) -> anyhow::Result<Making<'a>> {
    Ok(Making {
        samples,
        scheme: scheme::default(db.read()).await.map_err(failed)?.reference(),
        filer: UserRef { id: Some(users[0].1), display_name: "测算填报人".to_owned() },
        reviewers: [users[1].1, users[2].1],
        now: now(),
    })
}

/// The filer, the two reviewers and the auditor of a jurisdiction or of everything, by the role's name in the load scripts.
pub(crate) async fn people(
    db: &Db,
    ctx: &Ctx,
    jurisdiction: Option<&str>,
) -> anyhow::Result<Vec<(&'static str, UserId)>> {
    let roles = [
        ("filer", Role::UnitFiler),
        ("department", Role::DepartmentReviewer),
        ("finance", Role::FinanceReviewer),
        ("auditor", Role::Auditor),
    ];
    let mut users = Vec::new();
    for (name, role) in roles {
        let grant = NewGrant { role, department_code: None, jurisdiction_code: jurisdiction.map(str::to_owned) };
        let new = user::Create {
            username: name.to_owned(),
            display_name: "测算填报人".to_owned(),
            password: format!("{:032x}", rand::random::<u128>()),
            grants: vec![grant],
        };
        users.push((name, user::create(db, ctx, &new).await.map_err(failed)?));
    }
    Ok(users)
}

pub(crate) fn write_tokens(config: &Config, file: &Path, users: &[(&'static str, UserId)]) -> anyhow::Result<()> {
    let tokens = Tokens::new(&config.signing_secret()?.0, config.access_token_minutes);
    let mut out = File::create(file).context("the file of tokens")?;
    for (name, id) in users {
        writeln!(out, "{name}\t{}", tokens.issue(id.0, now())?.token.expose())?;
    }
    Ok(())
}

async fn departments(
    db: &Db,
    ctx: &Ctx,
    counties: &[JurisdictionId],
    wanted: u64,
) -> anyhow::Result<Vec<(DepartmentId, String)>> {
    let new: Vec<NewDepartment> = (0..wanted)
        .zip(counties.iter().cycle())
        .map(|(number, county)| NewDepartment {
            code: format!("99{number:07}"),
            name: format!("测算第{number}局"),
            jurisdiction: *county,
        })
        .collect();
    let mut made = Vec::with_capacity(new.len());
    for chunk in new.chunks(2_000) {
        let keys = bulk::departments(db, ctx, chunk).await.map_err(failed)?;
        made.extend(keys.into_iter().zip(chunk.iter().map(|new| new.code.clone())));
    }
    Ok(made)
}
