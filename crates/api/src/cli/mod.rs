//! The commands of the binary `jixiao`.

mod batch;
mod demo;
mod department;
mod doctor;
mod export;
mod findings;
mod import;
mod progress;
mod rollup;
mod serve;
mod tables;
mod user;
mod window;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use clap::{Parser, Subcommand};
use jixiao_service::file::{Staged, Staging};

use crate::config::Config;
use crate::{app, graphql, telemetry};

/// 预算绩效服务 — GraphQL service for government budget performance.
#[derive(Debug, Parser)]
#[command(name = "jixiao", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API (GraphQL at /graphql).
    Serve,
    /// Apply pending migrations.
    Migrate,
    /// A demonstration on a real form: makes its data, then serves.
    Demo,
    /// Import an official form as a draft; makes department and jurisdiction where they are missing.
    Import(import::Args),
    /// Read targets: TSV on standard input, one JSON object a row on standard output.
    Interpret,
    /// Assess targets and actual values: TSV on standard input, one JSON object a row on standard output.
    Assess(tables::AssessArgs),
    /// Print the GraphQL schema.
    Schema,
    /// Manage users.
    #[command(subcommand)]
    User(user::Command),
    /// Manage departments.
    #[command(subcommand)]
    Department(department::Command),
    /// Manage reporting windows.
    #[command(subcommand)]
    Window(window::Command),
    /// Write data out.
    #[command(subcommand)]
    Export(export::Command),
    /// Look after the sums that summaries read.
    #[command(subcommand)]
    Rollup(rollup::Command),
    /// Check the audit chain, and that every stored number is what the rules give.
    Doctor,
    /// Compute the findings of every declaration anew: once after an upgrade from a version that kept none.
    Findings,
    /// Ask the running service whether it is ready; exit code 0 when it is.
    Healthcheck,
}

/// Runs the command line.
///
/// # Errors
/// What the command reports to the terminal.
pub fn run() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    // These need neither configuration nor database.
    match &cli.command {
        Command::Interpret => return tables::interpret(),
        Command::Assess(args) => return tables::assess(args),
        Command::Schema => {
            print!("{}", graphql::sdl());
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    let config = Config::load()?;
    let _traces = telemetry::install(config.log_format, &config.log_filter, config.otlp_endpoint.as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(dispatch(cli.command, config))
}

async fn dispatch(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve => serve::serve(&config, app::open_to_serve(&config).await?).await?,
        Command::Migrate => {
            app::open(&Config { migrate: Some(true), ..config }).await?;
        }
        Command::Demo => demo::run(config).await?,
        Command::Import(args) => import::run(&config, &args).await?,
        Command::User(command) => user::run(&config, command).await?,
        Command::Department(command) => department::run(&config, command).await?,
        Command::Window(command) => window::run(&config, command).await?,
        Command::Export(command) => export::run(&config, command).await?,
        Command::Rollup(command) => rollup::run(&config, &command).await?,
        Command::Doctor => return doctor::run(&config).await,
        Command::Findings => findings::run(&config).await?,
        Command::Healthcheck => return serve::healthcheck(&config).await,
        Command::Interpret | Command::Assess(_) | Command::Schema => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads at most `limit` bytes from a file, or from standard input for `-`.
fn read(path: &Path, limit: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more tells whether there is more.
    let most = limit.saturating_add(1);
    if path.as_os_str() == "-" {
        std::io::stdin().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(path).with_context(|| path.display().to_string())?.take(most).read_to_end(&mut bytes)?;
    }
    ensure!(
        u64::try_from(bytes.len()).is_ok_and(|length| length <= limit),
        "文件不能超过{limit}字节 / a file has at most {limit} bytes"
    );
    Ok(bytes)
}

/// The same as a file that commands take.
async fn staged(path: &Path, limit: u64) -> anyhow::Result<Staged> {
    let mut staging = Staging::new(&std::env::temp_dir()).await?;
    staging.write(&read(path, limit)?).await?;
    Ok(staging.finish(path.display().to_string()).await?)
}
