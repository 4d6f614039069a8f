//! Reporting windows (rules 2.4): on time, late and locked on a given day are three facts, none of which follows from
//! another.

use chrono::{Datelike, NaiveDate};

use crate::calendar::days_after;
use crate::cycle::{Period, ReportStatus};
use crate::message::Message;

/// A window as set or extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Months from January that the data cover, 1 to 12.
    pub months: u32,
    /// First day on which may be recorded.
    pub opens_on: NaiveDate,
    /// Last day on time.
    pub due_on: NaiveDate,
    /// Last day on which may be recorded, but for the grace.
    pub closes_on: NaiveDate,
    /// Days of grace after that.
    pub grace_days: u32,
}

/// Why nothing may be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// The window opens later.
    NotYetOpen,
    /// The window is closed, the grace over.
    Closed,
}

/// How far a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filing {
    /// Its state.
    pub status: ReportStatus,
    /// It was submitted before, on time or late.
    pub submitted: bool,
    /// Days past due at its first submission; `None` before it, and where no window was set.
    pub late_days: Option<u32>,
}

/// Most days of grace.
pub const MAX_GRACE_DAYS: u32 = 366;

impl Window {
    /// Last day on which may be recorded, the grace included.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        days_after(self.closes_on, self.grace_days)
    }

    /// Days past due on `day`; 0 on time.
    #[must_use]
    pub fn late_days(&self, day: NaiveDate) -> u32 {
        u32::try_from((day - self.due_on).num_days().max(0)).unwrap_or(u32::MAX)
    }

    /// Why nothing may be recorded on `day`; `None` when it may.
    #[must_use]
    pub fn lock(&self, day: NaiveDate) -> Option<Lock> {
        if day < self.opens_on { Some(Lock::NotYetOpen) } else { (day > self.last_day()).then_some(Lock::Closed) }
    }

    /// Everything that speaks against the window, each with the name of its field.
    #[must_use]
    pub fn faults(&self, period: Period) -> Vec<(&'static str, Message)> {
        let mut faults = Vec::new();
        let mut refuse = |field, zh: &str, en: &str| faults.push((field, Message::new(zh, en)));
        if !(1..=12).contains(&self.months) {
            refuse("months", "数据截止月份应为1至12", "the months covered are 1 to 12");
        } else if period == Period::YearEnd && self.months != 12 {
            refuse("months", "年终自评的数据应覆盖12个月", "a self-evaluation covers 12 months");
        }
        for (field, day) in [("opensOn", self.opens_on), ("dueOn", self.due_on), ("closesOn", self.closes_on)] {
            if !(2000..=2200).contains(&day.year()) {
                refuse(field, "日期应在2000至2200年之间", "a day lies between 2000 and 2200");
            }
        }
        if self.due_on < self.opens_on {
            refuse("dueOn", "应报日期不能早于开放日期", "due before it opens");
        }
        if self.closes_on < self.due_on {
            refuse("closesOn", "关闭日期不能早于应报日期", "closes before it is due");
        }
        if self.grace_days > MAX_GRACE_DAYS {
            refuse("graceDays", "宽限期不能超过366日", "at most 366 days of grace");
        }
        faults
    }
}

impl Filing {
    /// A report before anything is recorded.
    pub const NOT_STARTED: Self = Self { status: ReportStatus::NotStarted, submitted: false, late_days: None };

    /// Late: as it was at its first submission, before that as it is on `day`. Never without a window.
    #[must_use]
    pub fn late(&self, window: Option<&Window>, day: NaiveDate) -> bool {
        if self.submitted {
            self.late_days.is_some_and(|days| days > 0)
        } else {
            window.is_some_and(|window| window.late_days(day) > 0)
        }
    }

    /// Why nothing may be recorded on `day`. What came back after its submission may be mended whatever the day: who
    /// returns a report wants it again. Never locked without a window.
    #[must_use]
    pub fn lock(&self, window: Option<&Window>, day: NaiveDate) -> Option<Lock> {
        if self.submitted && !self.status.submitted() {
            return None;
        }
        window.and_then(|window| window.lock(day))
    }
}

impl ReportStatus {
    /// With its reviewers, or through.
    #[must_use]
    pub const fn submitted(self) -> bool {
        matches!(self, Self::DepartmentReview | Self::FinanceReview | Self::Accepted)
    }
}

/// Why recording or submitting on `day` is refused, with the days in question.
#[must_use]
pub fn refusal(window: &Window, lock: Lock, day: NaiveDate) -> Message {
    let Window { opens_on, closes_on, grace_days, .. } = window;
    match lock {
        Lock::NotYetOpen => Message::new(
            format!("填报期自{opens_on}起, 今天是{day}, 尚未开放"),
            format!("the reporting window opens on {opens_on}; today is {day}"),
        ),
        Lock::Closed => Message::new(
            format!("填报期已于{closes_on}结束 (宽限{grace_days}日, 至{}), 今天是{day}", window.last_day()),
            format!(
                "the reporting window closed on {closes_on} (with {grace_days} days of grace on {}); today is {day}",
                window.last_day()
            ),
        ),
    }
}
