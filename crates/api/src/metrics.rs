//! What the service tells Prometheus: operations by name, how long they take, errors by code, limits that were hit, answers from
//! memory, and what is open at the moment. Never who asked or for what.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Names that are told apart; callers choose them, so there is an end to it.
const NAMES: usize = 500;
/// Seconds up to which operations are counted together.
#[expect(clippy::disallowed_types, reason = "seconds for Prometheus, no figure of anybody's performance")]
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    operation: String,
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CodeLabel {
    code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LimitLabel {
    limit: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResultLabel {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabel {
    state: &'static str,
}

/// What became of looking for an answer in memory.
#[derive(Clone, Copy, Debug)]
pub enum Recall {
    /// It was given again.
    Given,
    /// It did not hold any more.
    Outdated,
    /// It was kept.
    Kept,
}

/// What is open at the moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Open {
    /// Connections to the database, and how many of them nobody uses.
    pub connections: (u32, u32),
    /// Subscriptions that are followed.
    pub subscribers: usize,
    /// Sockets and other streams of answers.
    pub streams: usize,
    /// Bytes of answers in memory.
    pub answers: u64,
}

/// Counts, and tells.
pub struct Metrics {
    registry: Registry,
    operations: Family<OperationLabels, Histogram, fn() -> Histogram>,
    errors: Family<CodeLabel, Counter>,
    limits: Family<LimitLabel, Counter>,
    recalls: Family<ResultLabel, Counter>,
    connections: Family<StateLabel, Gauge>,
    subscribers: Gauge,
    streams: Gauge,
    answers: Gauge,
    names: Mutex<HashSet<String>>,
}

impl Default for Metrics {
    fn default() -> Self {
        let operations: Family<_, _, fn() -> Histogram> = Family::new_with_constructor(|| Histogram::new(SECONDS));
        let mut metrics = Self {
            registry: Registry::with_prefix("jixiao"),
            operations,
            errors: Family::default(),
            limits: Family::default(),
            recalls: Family::default(),
            connections: Family::default(),
            subscribers: Gauge::default(),
            streams: Gauge::default(),
            answers: Gauge::default(),
            names: Mutex::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("operation_seconds", "Time to answer, by operation", self.operations.clone());
        registry.register("errors", "Errors in answers, by code", self.errors.clone());
        registry.register("limits_hit", "Refusals, by the name of the limit", self.limits.clone());
        registry.register("answer_cache", "Answers from memory: given, outdated, kept", self.recalls.clone());
        registry.register("answer_cache_bytes", "Bytes of answers in memory", self.answers.clone());
        registry.register("database_connections", "Connections to the database, by state", self.connections.clone());
        registry.register("subscribers", "Subscriptions that are followed", self.subscribers.clone());
        registry.register("streams", "Sockets and other streams of answers that are open", self.streams.clone());
    }

    /// An operation was answered.
    pub fn answered(&self, operation: Option<&str>, kind: &'static str, time: Duration) {
        let labels = OperationLabels { operation: self.name(operation.unwrap_or_default()), kind };
        self.operations.get_or_create(&labels).observe(time.as_secs_f64());
    }

    /// An error was answered; with the name of the limit, where it was one.
    pub fn failed(&self, code: &str, limit: Option<&str>) {
        self.errors.get_or_create(&CodeLabel { code: code.to_owned() }).inc();
        if let Some(limit) = limit {
            self.limits.get_or_create(&LimitLabel { limit: limit.to_owned() }).inc();
        }
    }

    /// An answer in memory was looked for.
    pub fn recalled(&self, recall: Recall) {
        let result = match recall {
            Recall::Given => "given",
            Recall::Outdated => "outdated",
            Recall::Kept => "kept",
        };
        self.recalls.get_or_create(&ResultLabel { result }).inc();
    }

    /// Everything, as Prometheus reads it; `None` when it cannot be written.
    #[must_use]
    pub fn tell(&self, open: Open) -> Option<String> {
        let (size, idle) = open.connections;
        for (state, count) in [("idle", idle), ("used", size.saturating_sub(idle))] {
            self.connections.get_or_create(&StateLabel { state }).set(count.into());
        }
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.subscribers.set(count(open.subscribers));
        self.streams.set(count(open.streams));
        self.answers.set(i64::try_from(open.answers).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &self.registry).ok()?;
        Some(text)
    }

    /// The name, or `other` when there are too many.
    fn name(&self, operation: &str) -> String {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if !names.contains(operation) {
            if names.len() >= NAMES || operation.len() > 100 {
                return "other".to_owned();
            }
            names.insert(operation.to_owned());
        }
        operation.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_told() {
        let metrics = Metrics::default();
        metrics.answered(Some("Page"), "query", Duration::from_millis(3));
        metrics.failed("LIMIT_EXCEEDED", Some("maxCost"));
        metrics.recalled(Recall::Given);
        let open = Open { connections: (5, 2), subscribers: 1, streams: 4, answers: 77 };
        let text = metrics.tell(open).expect("text");
        for line in [
            r#"jixiao_operation_seconds_bucket{le="0.005",operation="Page",kind="query"} 1"#,
            r#"jixiao_errors_total{code="LIMIT_EXCEEDED"} 1"#,
            r#"jixiao_limits_hit_total{limit="maxCost"} 1"#,
            r#"jixiao_answer_cache_total{result="given"} 1"#,
            r#"jixiao_database_connections{state="used"} 3"#,
            "jixiao_answer_cache_bytes 77",
            "jixiao_streams 4",
            "# EOF",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
    }

    #[test]
    fn names_that_callers_invent_come_to_an_end() {
        let metrics = Metrics::default();
        for number in 0..2 * NAMES {
            metrics.answered(Some(&format!("Q{number}")), "query", Duration::ZERO);
        }
        let text = metrics.tell(Open::default()).expect("text");
        assert_eq!(text.matches("_count{").count(), NAMES + 1);
        assert!(text.contains(r#"operation="other""#));
    }
}
