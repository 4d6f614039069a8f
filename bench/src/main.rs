//! What `make bench` drives beside the service: data in bulk, the floor that the service is measured against, and the rules
//! alone.

mod bare;
mod country;
mod engine;
mod fill;
mod floor;
mod plain;
mod scale;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Data and floor for `make bench`.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fills an empty database: 20,000 declarations × 20 indicators × 2 periods at scale 1.
    Fill {
        /// Database to fill.
        #[arg(long)]
        database_url: String,
        /// How many times 20,000 declarations.
        #[arg(long, default_value = "1")]
        scale: scale::Scale,
        /// Where to write one line per declaration: department, year, id, ids of indicators that take a number.
        #[arg(long)]
        params: PathBuf,
        /// Where to write one line per role: role, access token.
        #[arg(long)]
        tokens: PathBuf,
    },
    /// Fills an empty database with a country: 31 provinces, 300 prefectures, 3,000 counties, three years.
    Country(country::Args),
    /// Writes tokens anew for a database that was filled earlier.
    Tokens {
        /// The filled database.
        #[arg(long)]
        database_url: String,
        /// Where to write one line per role: role, access token.
        #[arg(long)]
        tokens: PathBuf,
    },
    /// Measures the plain SQL that summaries would be without roll-ups.
    Plain {
        /// Database to read.
        #[arg(long)]
        database_url: String,
        /// How long each statement is run.
        #[arg(long, default_value = "10")]
        seconds: u64,
    },
    /// Serves declarations as JSON made by one hand-written SQL statement.
    Floor {
        /// Database to read.
        #[arg(long)]
        database_url: String,
        /// Address to serve on.
        #[arg(long)]
        listen: SocketAddr,
    },
    /// Serves so many bytes and does nothing else.
    Bare {
        /// How many bytes an answer has.
        #[arg(long)]
        bytes: usize,
        /// Address to serve on.
        #[arg(long)]
        listen: SocketAddr,
    },
    /// Measures the rules alone, on one core: readings and assessments of real rows, each beside a floor.
    Engine(engine::Args),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Fill { database_url, scale, params, tokens } => {
            fill::run(&fill::Options { database_url, scale, params, tokens }).await
        }
        Command::Country(args) => country::run(&args).await,
        Command::Tokens { database_url, tokens } => fill::tokens(&database_url, &tokens).await,
        Command::Plain { database_url, seconds } => {
            plain::run(&database_url, std::time::Duration::from_secs(seconds)).await
        }
        Command::Floor { database_url, listen } => floor::serve(&database_url, listen).await,
        Command::Bare { bytes, listen } => bare::serve(bytes, listen).await,
        Command::Engine(args) => engine::run(&args),
    }
}
