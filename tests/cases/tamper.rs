//! Tampering past the service: whatever is altered in the log or in a document is found, with its place.

use jixiao_entity::{audit_entry, declaration_document};
use jixiao_service::{audit, doctor};
use sea_orm::sea_query::{Alias, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QueryOrder,
};
use serde_json::json;

use crate::harness::verifier::agrees;
use crate::harness::{TestApp, operator};

/// A history with its protection taken off, as only who owns the database can.
async fn unprotected() -> TestApp {
    let (app, id) = TestApp::approved().await;
    app.record(&id, "YEAR_END", json!({ "summary": { "problems": "进度偏慢" } })).await;
    let postgres = app.db.backend() == sea_orm::DbBackend::Postgres;
    for table in ["audit_entry", "declaration_document"] {
        for act in ["update", "delete"] {
            let on = if postgres { format!(" ON {table}") } else { String::new() };
            let drop = format!("DROP TRIGGER {table}_no_{act}{on}");
            app.db.read().execute_unprepared(&drop).await.expect("drops a trigger");
        }
    }
    app
}

async fn broken(app: &TestApp) -> Option<i64> {
    let found = audit::verify(app.db.read(), &operator(), None).await.expect("verifies");
    assert_eq!(found.intact, found.first_broken_sequence.is_none());
    found.first_broken_sequence
}

/// A text with one bit of its last ASCII byte flipped.
fn flipped(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let last = bytes.iter().rposition(u8::is_ascii).expect("an ASCII byte");
    bytes[last] ^= 1;
    String::from_utf8(bytes).expect("still text")
}

#[tokio::test]
async fn a_bit_in_each_column_of_an_entry() {
    let app = unprotected().await;
    let db = app.db.read();
    let all = audit_entry::Entity::find().order_by_asc(audit_entry::Column::Sequence).all(db).await.expect("reads");
    // An entry that fills every column but the reason, and one that fills that as well.
    let entry = all.iter().rfind(|entry| entry.document_sha256.is_some()).expect("an entry").clone();
    let text = |value: &str| SimpleExpr::from(flipped(value));
    // Another one that exists: keys of others the database itself refuses.
    let other = |id: i64| if id == 1 { 2_i64 } else { 1 };
    let alterations: [(&str, SimpleExpr); 13] = [
        ("at", (entry.at.0 ^ 1).into()),
        ("actor_id", other(entry.actor_id.expect("a person").0).into()),
        ("actor_name", text(&entry.actor_name)),
        ("role", text("UNIT_FILER")),
        ("action", text(&entry.action)),
        ("node", text(&entry.node)),
        ("department_id", other(entry.department_id.expect("a department").0).into()),
        ("reason", "".into()),
        ("changes", text(&entry.changes)),
        ("document_sha256", text(entry.document_sha256.as_deref().expect("a hash"))),
        ("request_id", text(&entry.request_id)),
        ("previous_hash", text(&entry.previous_hash)),
        ("hash", text(&entry.hash)),
    ];
    for (column, value) in alterations {
        audit_entry::Entity::update_many()
            .col_expr(Alias::new(column), value)
            .filter(audit_entry::Column::Sequence.eq(entry.sequence))
            .exec(db)
            .await
            .expect("alters");
        assert_eq!(broken(&app).await, Some(entry.sequence), "{column}");
        entry.clone().into_active_model().reset_all().update(db).await.expect("restores");
        assert_eq!(broken(&app).await, None, "{column} restored");
    }
    // The end of the chain as well: the next entry would follow it.
    let end = all.len();
    let head = all.last().expect("an entry").hash.clone();
    for (hash, found) in [(flipped(&head), i64::try_from(end).ok()), (head, None)] {
        let set = format!("UPDATE audit_head SET hash = '{hash}'");
        db.execute_unprepared(&set).await.expect("alters");
        assert_eq!(broken(&app).await, found);
    }
}

#[tokio::test]
async fn entries_dropped_swapped_and_added() {
    let app = unprotected().await;
    let db = app.db.read();
    let all = audit_entry::Entity::find().order_by_asc(audit_entry::Column::Sequence).all(db).await.expect("reads");
    let last = all.last().expect("an entry").sequence;
    for entry in &all {
        entry.clone().delete(db).await.expect("drops");
        assert_eq!(broken(&app).await, Some(entry.sequence), "dropped");
        entry.clone().into_active_model().reset_all().insert(db).await.expect("restores");
    }
    let swap = async |one: i64, other: i64| {
        for (from, to) in [(one, -1), (other, one), (-1, other)] {
            let set = format!("UPDATE audit_entry SET sequence = {to} WHERE sequence = {from}");
            db.execute_unprepared(&set).await.expect("moves");
        }
    };
    for (one, other) in [(1, 2), (4, 5), (3, last), (last - 1, last)] {
        swap(one, other).await;
        assert_eq!(broken(&app).await, Some(one), "{one} and {other} swapped");
        swap(one, other).await;
    }
    assert_eq!(broken(&app).await, None);
    let mut forged = all[4].clone();
    (forged.sequence, forged.hash) = (last + 1, flipped(&forged.hash));
    forged.into_active_model().reset_all().insert(db).await.expect("adds");
    assert_eq!(broken(&app).await, Some(last + 1), "added");
}

/// As the log was written before an entry's contents had a hash of their own: all fields in one array.
#[tokio::test]
async fn entries_of_older_versions_still_fit() {
    let app = unprotected().await;
    let db = app.db.read();
    let all = audit_entry::Entity::find().order_by_asc(audit_entry::Column::Sequence).all(db).await.expect("reads");
    let mut previous = audit::GENESIS.to_owned();
    for mut entry in all {
        entry.previous_hash.clone_from(&previous);
        let fields = json!([
            entry.sequence,
            entry.at,
            entry.actor_id,
            entry.actor_name,
            entry.role.map(|role| role.0),
            entry.action,
            entry.node,
            entry.department_id,
            entry.reason,
            entry.changes,
            entry.document_sha256,
            entry.request_id,
            entry.previous_hash
        ]);
        entry.hash = audit::sha256(fields.to_string().as_bytes());
        previous.clone_from(&entry.hash);
        entry.into_active_model().reset_all().update(db).await.expect("writes");
    }
    db.execute_unprepared(&format!("UPDATE audit_head SET hash = '{previous}'")).await.expect("writes");
    assert_eq!(broken(&app).await, None);
    let pack = app.packed(&app.eyes("auditor").await).await;
    let told = agrees(&["pack", pack.text()]);
    assert!(told.is_empty() || told.contains("of an older version"), "{told}");
    // New entries follow old ones.
    let id = app.page("filer").await["id"].as_str().expect("an id").to_owned();
    app.record(&id, "YEAR_END", json!({ "summary": { "problems": "进度仍慢" } })).await;
    assert_eq!(broken(&app).await, None);
}

#[tokio::test]
async fn every_document_ever_written_is_examined() {
    let app = unprotected().await;
    let db = app.db.read();
    let differences = async || doctor::examine(&app.db, &operator()).await.expect("examines").differences;
    let documents = declaration_document::Entity::find()
        .order_by_asc(declaration_document::Column::Number)
        .all(db)
        .await
        .expect("reads");
    let number = documents.len() / 2;
    let document = documents.iter().find(|one| usize::try_from(one.number) == Ok(number)).expect("one").clone();
    let (body, place) = (flipped(&document.body), format!("Declaration:1 document {number}"));
    let altered = |body: &str, sha256: &str| {
        let (body, sha256) = (body.to_owned(), sha256.to_owned());
        declaration_document::Model { body, sha256, ..document.clone() }.into_active_model().reset_all()
    };
    altered(&body, &document.sha256).update(db).await.expect("alters");
    assert_eq!(differences().await, [format!("{place} hash")]);
    altered(&body, &audit::sha256(body.as_bytes())).update(db).await.expect("alters");
    assert_eq!(differences().await, [format!("{place} is not in the log")]);
    document.clone().delete(db).await.expect("drops");
    assert_eq!(differences().await, [format!("{place} is missing")]);
    document.into_active_model().reset_all().insert(db).await.expect("restores");
    assert_eq!(differences().await, Vec::<String>::new());
}

/// In the file itself, not by a statement: also where what is left is no text any more.
#[tokio::test]
async fn a_bit_in_the_file() {
    let mut app = TestApp::on_sqlite().await;
    let id = app.import().await;
    app.approve(&id).await;
    let all = audit_entry::Entity::find()
        .order_by_asc(audit_entry::Column::Sequence)
        .all(app.db.read())
        .await
        .expect("reads");
    let documents = declaration_document::Entity::find()
        .order_by_asc(declaration_document::Column::Number)
        .all(app.db.read())
        .await
        .expect("reads");
    let (entry, document) = (&all[all.len() - 3], &documents[documents.len() / 2]);
    let expected = [
        // The entry's own hash, and the next entry's copy of it.
        (entry.hash.clone(), vec![format!("entry {}", entry.sequence), format!("entry {}", entry.sequence + 1)]),
        (document.sha256.clone(), vec![format!("Declaration:1 document {} hash", document.number)]),
    ];
    for (needle, places) in &expected {
        let mut found = Vec::new();
        app.db.read().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.expect("all of it in the file");
        let whole = std::fs::read(app.file()).expect("reads");
        let needle = needle.as_bytes();
        let hits = whole.windows(needle.len()).enumerate().filter(|(_, bytes)| *bytes == needle).map(|(at, _)| at);
        for at in hits.collect::<Vec<_>>() {
            for bit in [0x01, 0x80] {
                let mut bytes = whole.clone();
                bytes[at] ^= bit;
                std::fs::write(app.file(), &bytes).expect("writes");
                app.restart().await;
                let examined = doctor::examine(&app.db, &operator()).await.expect("examines");
                found.extend(examined.chain.first_broken_sequence.map(|place| format!("entry {place}")));
                found.extend(examined.differences);
            }
        }
        std::fs::write(app.file(), &whole).expect("restores");
        app.restart().await;
        for place in places {
            assert!(found.iter().any(|told| told.starts_with(place.trim_end_matches(" hash"))), "{place}: {found:?}");
        }
        app.healthy().await;
    }
}
