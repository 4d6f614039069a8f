//! People whom an identity provider knows: an account each, grants that follow the provider, all of it in the log.

use jixiao_api::app::operator;
use jixiao_rules::cycle::Role;
use jixiao_service::user::{External, NewGrant, arrive, by_id, set_disabled};

use crate::harness::TestApp;

fn who(subject: &str, grants: &[(Role, Option<&str>)]) -> External {
    let grant = |(role, place): &(Role, Option<&str>)| NewGrant {
        role: *role,
        department_code: None,
        jurisdiction_code: place.map(str::to_owned),
    };
    External {
        issuer: "https://id.example".to_owned(),
        subject: subject.to_owned(),
        username: "auditor".to_owned(),
        display_name: "外部审计员".to_owned(),
        grants: grants.iter().map(grant).collect(),
    }
}

#[tokio::test]
async fn rights_follow_the_provider() {
    let app = TestApp::new().await;
    let ctx = operator();
    let held = async |id| {
        let user = by_id(&app.db, id).await.expect("reads").expect("open");
        user.grants.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let before = app.chain().await;
    let one = arrive(&app.db, &ctx, &who("s-1", &[(Role::Auditor, Some("440100"))])).await.expect("arrives");
    let one = one.expect("open");
    assert_eq!((held(one).await, app.chain().await - before), (vec!["AUDITOR 440100".to_owned()], 1));
    // A name of ours stays ours, and each subject is somebody else.
    let user = by_id(&app.db, one).await.expect("reads").expect("open");
    assert_eq!(user.username, "auditor#s-1");
    let two = arrive(&app.db, &ctx, &who("s-2", &[])).await.expect("arrives").expect("open");
    assert_ne!(one, two);
    // The same again changes nothing and writes nothing.
    let before = app.chain().await;
    assert_eq!(
        arrive(&app.db, &ctx, &who("s-1", &[(Role::Auditor, Some("440100"))])).await.expect("arrives"),
        Some(one)
    );
    assert_eq!(app.chain().await, before);
    // One grant goes, another comes; what names no place here, or does not go with another, is left out.
    let wanted = [
        (Role::Auditor, Some("440118")),
        (Role::Auditor, Some("999999")),
        (Role::Admin, None),
        (Role::UnitFiler, Some("440118")),
    ];
    arrive(&app.db, &ctx, &who("s-1", &wanted)).await.expect("arrives");
    assert_eq!(held(one).await, ["AUDITOR 440118", "ADMIN *"]);
    assert_eq!(app.chain().await, before + 1);
    // Closed here is closed, whatever the provider says.
    set_disabled(&app.db, &ctx, one, true).await.expect("closes");
    assert_eq!(arrive(&app.db, &ctx, &who("s-1", &wanted)).await.expect("answers"), None);
    app.healthy().await;
}

#[tokio::test]
async fn who_arrives_twice_at_once_is_one() {
    let app = TestApp::new().await;
    let ctx = operator();
    let person = who("s-1", &[(Role::Auditor, Some("440100"))]);
    let arrivals = (0..8).map(|_| arrive(&app.db, &ctx, &person));
    let found = futures_util::future::join_all(arrivals).await;
    let ids: Vec<_> = found.into_iter().map(|one| one.expect("arrives").expect("open")).collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "{ids:?}");
}
