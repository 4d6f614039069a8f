//! `jixiao interpret` and `jixiao assess`: anybody's own table, row by row, in constant memory.

use std::borrow::Cow;
use std::io::{self, BufWriter, ErrorKind, Write, stderr, stdin, stdout};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use jixiao_rules::assess::Occasion;
use jixiao_rules::{assess_table, interpret as reading, scheme};

#[derive(Debug, Args)]
pub(super) struct AssessArgs {
    /// Code of a shipped scheme, or a file that ends in `.toml`.
    #[arg(long, default_value = scheme::DEFAULT)]
    scheme: String,
    /// A report during the year, cut off after so many months; without it, the year's end.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=11))]
    months: Option<u32>,
}

pub(super) fn interpret() -> anyhow::Result<ExitCode> {
    let mut output = BufWriter::new(stdout().lock());
    let code = reading::run(stdin().lock(), &mut output, stderr().lock());
    ended(code.and_then(|code| output.flush().map(|()| code)))
}

pub(super) fn assess(args: &AssessArgs) -> anyhow::Result<ExitCode> {
    let Some(document) = document(&args.scheme)? else {
        let codes: Vec<&str> = scheme::shipped().iter().map(|(code, _)| *code).collect();
        eprintln!("没有方案 / no scheme {}: {}", args.scheme, codes.join(", "));
        return Ok(ExitCode::from(2));
    };
    let scheme = scheme::parse(&document).map_err(|fault| anyhow::anyhow!("{}", fault.message.en))?;
    let occasion = args.months.map_or(Occasion::YearEnd, Occasion::DuringYear);
    let mut output = BufWriter::new(stdout().lock());
    let code = assess_table::run(stdin().lock(), &mut output, stderr().lock(), &scheme, occasion);
    ended(code.and_then(|code| output.flush().map(|()| code)))
}

/// Who closes the pipe, as `head` does, has read enough: no fault.
fn ended(code: io::Result<u8>) -> anyhow::Result<ExitCode> {
    match code {
        Ok(code) => Ok(ExitCode::from(code)),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error.into()),
    }
}

/// The text of a scheme, shipped or one's own.
fn document(scheme: &str) -> anyhow::Result<Option<Cow<'static, str>>> {
    if scheme.ends_with(".toml") {
        let text = std::fs::read_to_string(scheme).with_context(|| format!("cannot read {scheme}"))?;
        return Ok(Some(text.into()));
    }
    let known = scheme::shipped().iter().find(|(code, _)| *code == scheme);
    Ok(known.map(|(_, document)| (*document).into()))
}
