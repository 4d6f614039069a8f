//! Live reading and preview: what would be, without writing.

use async_graphql::{Context, Object};
use jixiao_rules::target::{Context as Around, read_target};
use jixiao_service::actual_value;

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, outcome};
use crate::graphql::mutation::actual_value::{ActualValuesPreview, ActualValuesRecordInput, rows};
use crate::graphql::types::target::Target;

/// Fields of this noun on the root.
#[derive(Default)]
pub struct ReadingQuery;

#[Object]
impl ReadingQuery {
    /// 识别一个指标值，供填写时即时显示；不写入。 — Reads a target as it is typed; nothing is stored.
    async fn interpret_target(
        &self,
        #[graphql(desc = "原文。 — The text.")] text: String,
        #[graphql(desc = "二级指标：原文或枚举名。 — Level 2, as printed or the enum's name.")] level2: Option<String>,
        #[graphql(desc = "三级指标名称。 — Name of the indicator.")] indicator_name: Option<String>,
        #[graphql(desc = "预算年度。 — Fiscal year.")] fiscal_year: Option<i32>,
    ) -> Target {
        let around =
            Around { level1: None, level2: level2.as_deref(), name: indicator_name.as_deref(), year: fiscal_year };
        let reading = read_target(&text, &around);
        Target { confirmed: reading.certain, reading }
    }

    /// 预览填报结果：与正式填报同一路径，不写入。 — What recording the same input would give: the same path, nothing written.
    async fn actual_values_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "填报内容。 — The values.")] input: ActualValuesRecordInput,
    ) -> Result<Option<ActualValuesPreview>> {
        let lang = ctx.lang()?;
        let command = match input.command(lang)? {
            Ok(command) => command,
            Err(user_errors) => return Ok(Some(ActualValuesPreview { results: Vec::new(), user_errors })),
        };
        let planned = actual_value::preview(ctx.db()?, ctx.op()?, &command).await;
        Ok(Some(match outcome(planned, lang)? {
            Ok(planned) => {
                let (results, user_errors) = rows(planned, lang);
                ActualValuesPreview { results, user_errors }
            }
            Err(user_errors) => ActualValuesPreview { results: Vec::new(), user_errors },
        }))
    }
}
