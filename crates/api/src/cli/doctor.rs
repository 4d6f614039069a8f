//! `jixiao doctor`.

use std::process::ExitCode;

use jixiao_service::doctor::{examine, examine_files};

use super::progress::watched;
use crate::app::{failed, open};
use crate::config::Config;

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let db = open(config).await?;
    let (ctx, bar) = watched();
    let report = examine(&db, &ctx).await.map_err(failed)?;
    drop(bar);
    let chain = &report.chain;
    println!(
        "审计日志 / audit log: {} 条 / entries, {}",
        chain.entries,
        if chain.intact { "完好 / intact" } else { "已断裂 / BROKEN" }
    );
    if let Some(sequence) = chain.first_broken_sequence {
        println!("  首个断裂位置 / first broken: {sequence}");
    }
    println!("申报 / declarations: {}", report.declarations);
    for difference in &report.differences {
        println!("  不一致 / differs: {difference}");
    }
    let files = examine_files(&db, &config.store()?).await.map_err(failed)?;
    println!("佐证材料 / evidence files: {}", files.evidence);
    for difference in &files.differences {
        println!("  不一致 / differs: {difference}");
    }
    if !files.orphans.is_empty() {
        println!("  无记录的文件 (无害) / files without a row (harmless): {}", files.orphans.len());
        for orphan in &files.orphans {
            println!("    {orphan}");
        }
    }
    let clean = chain.intact && report.differences.is_empty() && files.differences.is_empty();
    println!("{}", if clean { "一切正常 / all clean" } else { "发现问题 / problems found" });
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
