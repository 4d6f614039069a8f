//! Targets as written and as read.

use async_graphql::{Context, Object};
use jixiao_rules::message::Note;
use jixiao_rules::target;

use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::kind::{Comparator, Direction, TargetKind};
use crate::graphql::scalar::{Date, Decimal};
use crate::graphql::walk::Walk;

/// 指标值：原文及其识别结果。 — A target: the text as written, and how it is read.
#[derive(Clone, Debug)]
pub struct Target {
    /// Text and reading.
    pub reading: target::Target,
    /// Certain, or confirmed by a person.
    pub confirmed: bool,
}

/// 指标值：原文及其识别结果。 — A target: the text as written, and how it is read.
#[Object]
impl Target {
    /// 原文，逐字保留。 — Verbatim, as the official wrote it.
    async fn text(&self) -> &str {
        &self.reading.text
    }
    /// 类型。 — What kind of demand it is.
    async fn kind(&self) -> TargetKind {
        self.reading.kind.into()
    }
    /// 计算符号；原文没有时为空。 — Comparator; null when the text carries none.
    async fn comparator(&self) -> Option<Comparator> {
        self.reading.comparator.map(Into::into)
    }
    /// 原文中的数值；区间的下限；没有数值时为空。 — The number as printed, lower bound of a range; null without one.
    async fn value(&self) -> Option<Decimal> {
        self.reading.value.map(Decimal::plain)
    }
    /// 区间的上限；不是区间时为空。 — Upper bound of a range as printed; null for others.
    async fn value_high(&self) -> Option<Decimal> {
        self.reading.value_high.map(Decimal::plain)
    }
    /// 原文中的计量单位；没有时为空。 — Unit as printed; null without one.
    async fn unit(&self) -> Option<&str> {
        self.reading.unit.as_deref()
    }
    /// 基本单位下的数值：展开万/亿，金额以元计，百分数以百分点计。 — The number in the base unit: 万/亿 expanded, money in 元, percent in points; null without a number.
    async fn base_value(&self) -> Option<Decimal> {
        self.reading.base_value.map(Decimal::plain)
    }
    /// 区间上限在基本单位下的数值。 — Upper bound in the base unit; null unless a range.
    async fn base_value_high(&self) -> Option<Decimal> {
        self.reading.base_value_high.map(Decimal::plain)
    }
    /// 基本单位；没有时为空。 — The base unit; null without one.
    async fn base_unit(&self) -> Option<&str> {
        self.reading.base_unit.as_deref()
    }
    /// 指标方向。 — Which way is better.
    async fn direction(&self) -> Direction {
        self.reading.direction.into()
    }
    /// 最后期限；没有期限或年份不明时为空。 — Last day allowed; null without one, or when its year is not known.
    async fn deadline(&self) -> Option<Date> {
        self.reading.deadline.and_then(target::PartialDate::date).map(Date)
    }
    /// 无需人工即可确定。 — Certain by itself, without a person.
    async fn certain(&self) -> bool {
        self.reading.certain
    }
    /// 不能确定的原因及其他读法。 — Why it is not certain, and the other readings.
    async fn notes(&self) -> Vec<Walk<ReadingNote>> {
        self.reading.notes.iter().cloned().map(ReadingNote).map(Walk).collect()
    }
    /// 已确定，或已由人工确认。 — Certain, or a person confirmed the reading.
    async fn confirmed(&self) -> bool {
        self.confirmed
    }
}

/// 对识别结果的说明。 — A note on a reading.
#[derive(Clone, Debug)]
pub struct ReadingNote(pub Note);

/// 对识别结果的说明。 — A note on a reading.
#[Object]
impl ReadingNote {
    /// 稳定代码。 — Stable code.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// 说明文字。 — For people, in the language of the request.
    async fn message(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(ctx.lang()?.of(&self.0.message).to_owned())
    }
}
