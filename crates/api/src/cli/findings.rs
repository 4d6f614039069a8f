//! `jixiao findings`.

use jixiao_service::finding::refresh;

use super::progress::watched;
use crate::app::{failed, open};
use crate::config::Config;

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let db = open(config).await?;
    let (ctx, bar) = watched();
    let count = refresh(&db, &ctx).await.map_err(failed)?;
    drop(bar);
    println!("已重新检查申报 / declarations checked anew: {count}");
    Ok(())
}
