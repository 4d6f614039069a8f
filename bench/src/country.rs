//! A whole country in an empty database, for the recount of `make soak`.

use std::path::PathBuf;

use anyhow::ensure;
use jixiao_api::app::{failed, open, operator};
use jixiao_api::config::{Config, Secret};
use jixiao_sample::country::{Size, make};
use jixiao_sample::generate;
use jixiao_service::department;

use crate::fill::{making, people, write_tokens};

/// What to fill, how large, and where to write the tokens.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Database to fill.
    #[arg(long)]
    database_url: String,
    /// Where to write one line per role: role, access token.
    #[arg(long)]
    tokens: PathBuf,
    /// Seed of everything.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Provinces.
    #[arg(long, default_value_t = Size::WHOLE.provinces)]
    provinces: usize,
    /// Prefectures of all of them together.
    #[arg(long, default_value_t = Size::WHOLE.prefectures)]
    prefectures: usize,
    /// Counties of all of them together.
    #[arg(long, default_value_t = Size::WHOLE.counties)]
    counties: usize,
    /// Departments of each.
    #[arg(long, default_value_t = Size::WHOLE.departments)]
    departments: usize,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let config = Config { database_url: Secret::new(&args.database_url), migrate: Some(true), ..Config::load()? };
    let db = open(&config).await?;
    let ctx = operator();
    ensure!(department::all(&db).await.map_err(failed)?.is_empty(), "the database holds departments already");
    let users = people(&db, &ctx, None).await?;
    write_tokens(&config, &args.tokens, &users)?;
    let samples = generate::samples();
    let making = making(&db, &samples, &users).await?;
    let Args { provinces, prefectures, counties, departments, .. } = *args;
    let size = Size { provinces, prefectures, counties, departments, years: Size::WHOLE.years };
    let wanted = size.declarations();
    let told = |done| {
        if done % 2_000 == 0 || done == wanted {
            println!("{done} of {wanted} declarations");
        }
    };
    make(&db, &ctx, &making, size, args.seed, told).await.map_err(failed)
}
