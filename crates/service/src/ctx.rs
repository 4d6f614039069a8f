//! Who asks, when, and in which language: built once per request and passed along.

use std::sync::Arc;

use chrono::NaiveDate;
use jixiao_entity::id::{DepartmentId, GrantId, JurisdictionId, Timestamp, UserId};
use jixiao_rules::calendar;
use jixiao_rules::cycle::Role;
use jixiao_rules::message::Message;
use serde::{Deserialize, Serialize};

/// The language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// 中文, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The message in this language.
    #[must_use]
    pub fn of(self, message: &Message) -> &str {
        match self {
            Self::Zh => &message.zh,
            Self::En => &message.en,
        }
    }
}

/// A role held for a department, a jurisdiction with all below it, or (both `None`) everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Key.
    pub id: GrantId,
    /// The role.
    pub role: Role,
    /// For this department.
    pub department: Option<Place<DepartmentId>>,
    /// For this jurisdiction and all below it.
    pub jurisdiction: Option<Place<JurisdictionId>>,
}

impl std::fmt::Display for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let department = self.department.as_ref().map(|place| place.code.as_str());
        let jurisdiction = self.jurisdiction.as_ref().map(|place| place.code.as_str());
        write!(f, "{} {}", self.role, department.or(jurisdiction).unwrap_or("*"))
    }
}

/// A department or jurisdiction as grants name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<Id> {
    /// Key.
    pub id: Id,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// A signed-in user with the grants held at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Key.
    pub id: UserId,
    /// Name to sign in with.
    pub username: String,
    /// Name for people.
    pub display_name: String,
    /// What the user may be.
    pub grants: Vec<Grant>,
}

/// A user as remembered beside what they did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRef {
    /// Key; `None` for the operator's command line.
    pub id: Option<UserId>,
    /// Name as it is.
    pub display_name: String,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody signed in.
    Anonymous,
    /// A signed-in user.
    User(User),
    /// Whoever runs the `jixiao` command on the machine itself.
    Operator,
}

/// How far long work is, for who watches it; nobody by default.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<Watcher>>);

/// Is told how many are done, and of how many where that is known.
type Watcher = dyn Fn(u64, Option<u64>) + Send + Sync;

impl Progress {
    /// Tells this watcher.
    #[must_use]
    pub fn to(watcher: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(watcher)))
    }

    pub(crate) fn tell(&self, done: u64, of: Option<u64>) {
        if let Some(watcher) = &self.0 {
            watcher(done, of);
        }
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "watched" } else { "unwatched" })
    }
}

/// The circumstances of one request.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Who asks.
    pub actor: Actor,
    /// The moment of the request; the only clock that rules and commands see.
    pub now: Timestamp,
    /// Identifies the request in answers, logs and audit entries.
    pub request_id: String,
    /// Language of messages.
    pub lang: Lang,
    /// Who watches how far it is.
    pub progress: Progress,
}

impl Ctx {
    /// Of somebody at a moment; nobody watches.
    #[must_use]
    pub fn new(actor: Actor, now: Timestamp, request_id: impl Into<String>, lang: Lang) -> Self {
        Self { actor, now, request_id: request_id.into(), lang, progress: Progress::default() }
    }

    /// The day of the request in China.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        calendar::day_of(self.now.date_time())
    }

    /// The signed-in user.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        match &self.actor {
            Actor::User(user) => Some(user),
            _ => None,
        }
    }

    /// Key of the signed-in user.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        self.user().map(|user| user.id)
    }

    /// Name of the actor, as audit entries keep it.
    #[must_use]
    pub fn actor_name(&self) -> &str {
        match &self.actor {
            Actor::Anonymous => "",
            Actor::User(user) => &user.display_name,
            Actor::Operator => "jixiao",
        }
    }
}
