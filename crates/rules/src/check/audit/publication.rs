//! A27: budget and targets are published within the days the law gives (预算法 art. 14: calendar days).

use super::{Declared, Findings};
use crate::calendar::days_after;
use crate::kind::Severity;
use crate::scheme::Scheme;

/// Not published, published late, or another version than the approved one. What is withheld carries its reason; without
/// one the service withholds nothing.
pub(super) fn check(declared: &Declared<'_>, scheme: &Scheme, findings: &mut Findings) {
    let (true, Some(approved)) = (declared.in_force, declared.approved_on) else { return };
    let published = declared.published;
    if published.is_some_and(|published| published.withheld) {
        return;
    }
    let due = days_after(approved, scheme.audit.publication_days);
    let version = declared.version;
    let path = ["publications", "TARGETS"];
    let shown = published.and_then(|published| published.version);
    let (severity, zh, en) = match (shown, published.and_then(|published| published.on)) {
        (Some(shown), _) if shown != version => (
            Severity::Error,
            format!("公开的是第 {shown} 版，现行批复为第 {version} 版，应于 {due} 前更正"),
            format!("version {shown} is published, version {version} is approved; due by {due}"),
        ),
        (Some(_), Some(on)) if on > due => {
            (Severity::Warning, format!("于 {on} 公开，期限为 {due}"), format!("published on {on}, due by {due}"))
        }
        (Some(_), _) => return,
        (None, _) => (
            Severity::Error,
            format!("批复于 {approved}，应于 {due} 前公开，尚未公开"),
            format!("approved on {approved} and due by {due}, not published"),
        ),
    };
    let found = findings.add("A27", severity, &path, zh, en);
    found.compare("approvedOn", approved).compare("dueOn", due).compare("approvedVersion", version);
    found.compare_known("publishedVersion", shown);
    found.compare_known("publishedOn", published.and_then(|published| published.on));
    if severity == Severity::Error {
        found.since = Some(days_after(due, 1));
    }
}
