//! Long work tells how far it is, to the last of it.

use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt;
use jixiao_service::batch::Manner;
use jixiao_service::ctx::{Ctx, Progress};
use jixiao_service::declaration::DeclarationFilter;
use jixiao_service::export::{Export, ExportFormat, open};
use jixiao_service::file::Staging;
use jixiao_service::pack::{self, Extent};
use jixiao_service::{department, doctor, finding};

use crate::harness::{TestApp, operator};

type Told = Arc<Mutex<Vec<(u64, Option<u64>)>>>;

/// The operator's circumstances, and what is told of the progress.
fn watched() -> (Ctx, Told) {
    let told = Told::default();
    let keep = Arc::clone(&told);
    let progress = Progress::to(move |done, of| keep.lock().expect("one thread").push((done, of)));
    (Ctx { progress, ..operator() }, told)
}

fn taken(told: &Told) -> Vec<(u64, Option<u64>)> {
    std::mem::take(&mut told.lock().expect("one thread"))
}

#[tokio::test]
async fn long_work_tells_how_far_it_is() {
    let (app, _) = TestApp::approved().await;
    let (ctx, told) = watched();
    let mut staging = Staging::new(&std::env::temp_dir()).await.expect("a file");
    let rows = "code,name,jurisdictionCode\n440118201,甲局,440118\n440118202,乙局,440118\n";
    staging.write(rows.as_bytes()).await.expect("writes");
    let file = staging.finish("f.csv".to_owned()).await.expect("a file");
    department::import(&app.db, &ctx, Manner::default(), &file, 1_000).await.expect("imports");
    assert_eq!(taken(&told), [(1, Some(2)), (2, Some(2))]);

    doctor::examine(&app.db, &ctx).await.expect("examines");
    finding::refresh(&app.db, &ctx).await.expect("refreshes");
    let folder = tempfile::tempdir().expect("a folder");
    pack::write(&app.db, &ctx, &Extent::default(), folder.path()).await.expect("a pack");
    assert_eq!(taken(&told), [(1, Some(1)); 3]);

    let listing = Export::Declarations(DeclarationFilter::default());
    let exported = open(&app.db, &ctx, listing, ExportFormat::Csv, String::new()).await.expect("opens");
    exported.bytes.try_collect::<Vec<_>>().await.expect("to the end");
    assert_eq!(taken(&told), [(1, None)]);
}
