//! The past: whatever moment is asked for, the answer is what was to be read then.

use serde_json::{Value, json};

use crate::harness::upload::acts;
use crate::harness::{TestApp, indicators};

const PARTS: &str =
    "version status indicators { name annualTarget { text } achievement(period: YEAR_END) { status rate score } }";

/// What is to be read now, in the shape of the contract's document.
async fn now(app: &TestApp) -> Value {
    let query = format!("{{ declaration(departmentCode: \"440118001\", fiscalYear: 2024) {{ {PARTS} }} }}");
    app.query("filer", &query, json!({})).await.data("declaration").clone()
}

async fn then(app: &TestApp, name: &str, id: &str, at: &str) -> Value {
    let answer = app.run(name, "AsOf", json!({ "id": id, "at": at })).await;
    answer.data("declarationAsOf").clone()
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// One change of a draft: another target of some indicator.
async fn edit(app: &TestApp, dice: &mut Dice) {
    let page = app.page("filer").await;
    let rows = indicators(&page);
    let row = &rows[usize::try_from(dice.roll(rows.len() as u64)).expect("small")];
    let input = json!({ "indicatorId": row["id"], "annualTarget": format!("≥{}%", dice.roll(100)), "expectedRevision": page["revision"] });
    let update = "mutation($input: IndicatorUpdateInput!) { indicatorUpdate(input: $input) { userErrors { code } } }";
    let answer = app.query("filer", update, json!({ "input": input })).await;
    assert_eq!(answer.user_errors("indicatorUpdate"), Vec::<&str>::new());
}

/// One change of a report: another value of some indicator.
async fn record(app: &TestApp, dice: &mut Dice, id: &str) {
    let rows = indicators(&app.page("filer").await);
    let row = &rows[usize::try_from(dice.roll(rows.len() as u64)).expect("small")];
    let text = if dice.roll(4) == 0 { Value::Null } else { json!(format!("{}%", dice.roll(120))) };
    let input =
        json!({ "declarationId": id, "period": "YEAR_END", "entries": [{ "indicatorId": row["id"], "text": text }] });
    app.run("filer", "RecordActualValues", json!({ "input": input })).await;
}

#[tokio::test]
async fn random_histories_replayed() {
    for seed in 1..=2 {
        let (app, mut dice) = (TestApp::new().await, Dice(seed));
        let begun = app.moment();
        app.advance(10);
        let id = app.import().await;
        let mut history = vec![(begun.clone(), Value::Null), (app.moment(), now(&app).await)];
        for step in 0..20 {
            app.advance(1 + i64::try_from(dice.roll(5)).expect("small"));
            match step {
                0..8 => edit(&app, &mut dice).await,
                8 => app.approve(&id).await,
                _ => record(&app, &mut dice, &id).await,
            }
            history.push((app.moment(), now(&app).await));
        }
        // At each moment itself, and a minute before the next, what was to be read is read again.
        for (place, (at, known)) in history.iter().enumerate() {
            assert_eq!(then(&app, "filer", &id, at).await, *known, "seed {seed}, {at}");
            if let Some((next, _)) = history.get(place + 1) {
                let moment =
                    chrono::DateTime::parse_from_rfc3339(next).expect("a moment") - chrono::TimeDelta::microseconds(1);
                assert_eq!(then(&app, "filer", &id, &moment.to_rfc3339()).await, *known, "seed {seed}, before {next}");
            }
        }
        let last = &history.last().expect("a history").1;
        assert_eq!(then(&app, "filer", &id, "2099-01-01T00:00:00Z").await, *last);

        // Then's drafts stay hidden from auditors, and from strangers everything.
        for (at, known) in history.iter().step_by(5) {
            let hidden = known.is_null() || known["status"] == "DRAFT";
            assert_eq!(then(&app, "auditor", &id, at).await.is_null(), hidden, "{at}");
            assert!(then(&app, "filer2", &id, at).await.is_null());
        }
        assert!(acts(&app.access_log("auditor").await).iter().all(|(act, _)| act == "AS_OF_READ"));
    }
}
