//! `jixiao interpret` and `jixiao assess`: anybody's own table, row by row, in constant memory.

use std::io::{BufWriter, Write, stderr, stdin, stdout};
use std::process::ExitCode;

use clap::Args;
use jixiao_rules::{assess_table, interpret as reading, scheme};

#[derive(Debug, Args)]
pub(super) struct AssessArgs {
    /// Code of a shipped scheme.
    #[arg(long, default_value = scheme::DEFAULT)]
    scheme: String,
}

pub(super) fn interpret() -> anyhow::Result<ExitCode> {
    let mut output = BufWriter::new(stdout().lock());
    let code = reading::run(stdin().lock(), &mut output, stderr().lock())?;
    output.flush()?;
    Ok(ExitCode::from(code))
}

pub(super) fn assess(args: &AssessArgs) -> anyhow::Result<ExitCode> {
    let known = scheme::shipped().iter().find(|(code, _)| *code == args.scheme);
    let Some((_, document)) = known else {
        let codes: Vec<&str> = scheme::shipped().iter().map(|(code, _)| *code).collect();
        eprintln!("没有方案 / no scheme {}: {}", args.scheme, codes.join(", "));
        return Ok(ExitCode::from(2));
    };
    let scheme = scheme::parse(document).map_err(|fault| anyhow::anyhow!("{}", fault.message.en))?;
    let mut output = BufWriter::new(stdout().lock());
    let code = assess_table::run(stdin().lock(), &mut output, stderr().lock(), &scheme)?;
    output.flush()?;
    Ok(ExitCode::from(code))
}
