//! A country, each of whose summaries equals a count that a program in another language makes from its audit pack.

use jixiao_rules::cycle::Role;
use jixiao_sample::country::{Size, make};
use jixiao_sample::generate::{Making, samples};
use jixiao_service::ctx::UserRef;
use jixiao_service::{scheme, user};

use crate::harness::verifier::agrees;
use crate::harness::{TestApp, operator, size};

const SMALL: Size = Size { provinces: 2, prefectures: 4, counties: 5, departments: 1, years: 3 };

#[tokio::test]
async fn every_summary_counted_again() {
    let mut app = TestApp::new().await;
    app.add_user("nation", &[(Role::Auditor, None, None)]).await;
    let person = async |name: &str| user::by_username(&app.db, name).await.expect("reads").expect("a user");
    let (filer, department, finance) = (person("filer").await, person("department").await, person("finance").await);
    let samples = samples();
    let making = Making {
        samples: &samples,
        scheme: scheme::default(app.db.read()).await.expect("a scheme").reference(),
        filer: UserRef { id: Some(filer.id), display_name: filer.display_name },
        reviewers: [department.id, finance.id],
        now: operator().now,
    };
    make(&app.db, &operator(), &making, SMALL, 7, |_| {}).await.expect("a country");
    app.healthy().await;

    let pack = app.packed(&app.eyes("nation").await).await;
    let told = agrees(&["pack", pack.text()]);
    assert!(told.is_empty() || told.contains("; 0 differences"), "{told}");
    let token = pack.path().join("token");
    std::fs::write(&token, app.token("nation")).expect("writes");
    let (url, folder) = (format!("http://{}/graphql", app.address().await), pack.text().to_owned());
    let count = size("SOAK_SUMMARIES", 40).to_string();
    let recount = move || {
        let token = token.to_str().expect("a plain path");
        agrees(&["recount", &folder, "--url", &url, "--token-file", token, "--seed", "7", "--count", &count])
    };
    let told = tokio::task::spawn_blocking(recount).await.expect("ends");
    print!("{told}");
}
