//! `jixiao findings`.

use jixiao_service::finding::refresh;

use crate::app::{failed, open, operator};
use crate::config::Config;

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let db = open(config).await?;
    let count = refresh(&db, &operator()).await.map_err(failed)?;
    println!("已重新检查申报 / declarations checked anew: {count}");
    Ok(())
}
