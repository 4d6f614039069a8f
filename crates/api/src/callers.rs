//! Who calls how often: operations under way at once and begun in a minute, of each caller; attempts to sign in, of each
//! address and for each account. Of this process: behind a balancer every node counts for itself.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config::Limits;
use crate::graphql::error::{ApiError, OverLimit, Result};

/// Where a request comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Address(Option<IpAddr>);

impl Address {
    /// The other end of the connection; behind that many proxies of ours, what the outermost of them saw. What stands in the
    /// header before that could be anybody's invention.
    #[must_use]
    pub fn of(extensions: &Extensions, headers: &HeaderMap, proxies: u8) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        let Some(hop) = usize::from(proxies).checked_sub(1) else { return Self(peer) };
        let texts = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let told: Vec<&str> = texts.flat_map(|text| text.split(',')).collect();
        let seen = told.iter().rev().nth(hop).and_then(|text| text.trim().parse().ok());
        Self(seen.or(peer))
    }
}

/// A caller: a user from wherever, or nobody in particular from an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Caller {
    User(i64),
    Address(Address),
}

impl Caller {
    fn of(user: Option<i64>, address: Address) -> Self {
        user.map_or(Self::Address(address), Self::User)
    }
}

/// Counts callers.
pub struct Callers {
    begun: Rate<Caller>,
    sign_ins_from: Rate<Address>,
    sign_ins_as: Rate<String>,
    under_way: Mutex<HashMap<Caller, u64>>,
    most_under_way: u64,
}

impl Callers {
    /// Nobody has called yet.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            begun: Rate::new("operationsPerMinute", limits.operations_per_minute),
            sign_ins_from: Rate::new("signInsPerMinute", limits.sign_ins_per_minute),
            sign_ins_as: Rate::new("signInsPerMinute", limits.sign_ins_per_minute),
            under_way: Mutex::default(),
            most_under_way: limits.max_concurrent_operations,
        }
    }

    /// An operation of a user (`None` for nobody) begins; it is under way until what this returns is dropped.
    ///
    /// # Errors
    /// `RateLimited`, or `Limit` when too many are under way.
    pub fn begin(self: &Arc<Self>, user: Option<i64>, address: Address) -> Result<UnderWay> {
        let caller = Caller::of(user, address);
        self.begun.check(&caller)?;
        let mut counts = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(caller).or_default();
        if *count >= self.most_under_way {
            let over = OverLimit {
                limit: "maxConcurrentOperations",
                maximum: self.most_under_way,
                requested: Some(*count + 1),
            };
            return Err(ApiError::Limit(over));
        }
        *count += 1;
        Ok(UnderWay { callers: Arc::clone(self), caller })
    }

    /// Somebody tries to sign in: counted for the address and for the account, whichever way the attempt comes.
    ///
    /// # Errors
    /// `RateLimited`.
    pub fn sign_in(&self, address: Address, username: &str) -> Result<()> {
        self.sign_ins_from.check(&address)?;
        self.sign_ins_as.check(&username.trim().to_lowercase().chars().take(64).collect())
    }
}

/// An operation that is under way.
pub struct UnderWay {
    callers: Arc<Callers>,
    caller: Caller,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut counts = self.callers.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.caller) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.caller);
            }
        }
    }
}

/// How often in a minute; a whole minute's worth may come at once.
struct Rate<K: Clone + Eq + Hash> {
    limit: &'static str,
    maximum: NonZeroU32,
    limiter: DefaultKeyedRateLimiter<K>,
    /// With more callers than this those long silent are forgotten.
    kept: AtomicUsize,
}

/// Callers that are kept before any is forgotten.
const KEPT: usize = 10_000;

impl<K: Clone + Eq + Hash> Rate<K> {
    fn new(limit: &'static str, per_minute: u32) -> Self {
        let maximum = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        Self { limit, maximum, limiter: RateLimiter::keyed(Quota::per_minute(maximum)), kept: AtomicUsize::new(KEPT) }
    }

    fn check(&self, caller: &K) -> Result<()> {
        if self.limiter.len() > self.kept.load(Ordering::Relaxed) {
            self.limiter.retain_recent();
            // Forgetting looks at everybody: not again before there are twice as many.
            self.kept.store(KEPT.max(2 * self.limiter.len()), Ordering::Relaxed);
        }
        self.limiter.check_key(caller).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            ApiError::RateLimited {
                limit: self.limit,
                maximum: self.maximum.get(),
                // To the next whole second: who waits so long is let through.
                retry_after: wait.as_secs() + 1,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address(Some(text.parse().expect("an address")))
    }

    fn callers(limits: Limits) -> Arc<Callers> {
        Arc::new(Callers::new(&limits))
    }

    #[test]
    fn a_minutes_worth_of_operations_and_no_more() {
        let callers = callers(Limits { operations_per_minute: 3, ..Limits::default() });
        let (one, other) = (address("192.0.2.1"), address("192.0.2.2"));
        for _ in 0..3 {
            assert!(callers.begin(None, one).is_ok());
        }
        let refused = callers.begin(None, one).err().expect("refused");
        assert!(matches!(refused, ApiError::RateLimited { maximum: 3, retry_after: 1..=21, .. }), "{refused:?}");
        assert!(callers.begin(None, other).is_ok(), "others go on");
        assert!(callers.begin(Some(1), one).is_ok(), "whoever signs in counts for themselves");
    }

    #[test]
    fn only_so_many_at_once() {
        let callers = callers(Limits { max_concurrent_operations: 2, ..Limits::default() });
        let from = address("2001:db8::1");
        let first = callers.begin(None, from).ok();
        let _second = callers.begin(None, from).ok();
        assert!(matches!(callers.begin(None, from), Err(ApiError::Limit(OverLimit { requested: Some(3), .. }))));
        drop(first);
        assert!(callers.begin(None, from).is_ok());
    }

    #[test]
    fn sign_ins_are_counted_by_address_and_by_account() {
        let callers = callers(Limits { sign_ins_per_minute: 2, ..Limits::default() });
        let (one, other) = (address("192.0.2.1"), address("192.0.2.2"));
        assert!(callers.sign_in(one, "a").is_ok() && callers.sign_in(one, "b").is_ok());
        assert!(callers.sign_in(one, "c").is_err(), "the address");
        assert!(callers.sign_in(other, " A ").is_ok());
        assert!(callers.sign_in(other, "a").is_err(), "the account");
    }

    #[test]
    fn behind_proxies_the_outermost_of_ours_tells() {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 80))));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 192.0.2.7".parse().expect("a value"));
        headers.append("x-forwarded-for", "10.0.0.2".parse().expect("a value"));
        let of = |proxies| Address::of(&extensions, &headers, proxies);
        assert_eq!([of(0), of(1), of(2)], [address("10.0.0.1"), address("10.0.0.2"), address("192.0.2.7")]);
        assert_eq!(of(9), address("10.0.0.1"), "fewer than that: the connection itself");
    }
}
