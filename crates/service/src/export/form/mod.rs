//! The official forms as files, in the layout in which they are published: workbooks, and pages to print.

mod declaration;
mod monitoring;
mod page;
mod report;
mod self_evaluation;
mod sheet;
mod workbook;

use futures_util::stream::{self, StreamExt};
use jixiao_rules::cycle::Period;
use jixiao_rules::kind::vocabulary_words;
use jixiao_rules::scheme::Scheme;

pub(crate) use self::report::fund_label;

use self::report::Filled;
use self::sheet::Sheet;
use super::Exported;
use crate::access::{Access, AccessAct, note};
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::declaration::{Whole, by_department, execution};
use crate::error::{Result, ServiceError};
use crate::file::FileType;
use crate::scheme;

vocabulary_words! {
    /// What a form is written as.
    FormFormat { Xlsx = "xlsx", "Excel工作簿", "Excel workbook"; Html = "html", "可打印页面", "page to print"; }
}

/// Which form of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfficialForm {
    /// 部门整体预算绩效目标申报表.
    Declaration,
    /// 绩效目标执行监控表 of a period during the year.
    Monitoring(Period),
    /// 绩效自评表.
    SelfEvaluation,
}

impl OfficialForm {
    /// Its name, in a path and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Declaration => "form",
            Self::Monitoring(_) => "monitoring-form",
            Self::SelfEvaluation => "self-evaluation-form",
        }
    }

    fn sheet(self, whole: &Whole, scheme: &Scheme) -> Sheet {
        let (declaration, department) = (&whole.declaration, whole.department.name.as_str());
        let filled = |period| {
            let execution = execution(declaration, period, scheme);
            Filled { declaration, department, period, execution }
        };
        match self {
            Self::Declaration => {
                let mut form = declaration.form();
                form.department_name = Some(department.to_owned());
                declaration::sheet(&form)
            }
            Self::Monitoring(period) => monitoring::sheet(&filled(period)),
            Self::SelfEvaluation => self_evaluation::sheet(&filled(Period::YearEnd)),
        }
    }
}

/// A form of a department's declaration of a year; `None` when there is none or it may not be seen. A report that was not begun is
/// a form to fill in. Noted in the access log.
///
/// # Errors
/// `Unauthenticated`, or when the database or the access log fails.
pub async fn form(
    db: &Db,
    ctx: &Ctx,
    (form, format): (OfficialForm, FormFormat),
    (department_code, fiscal_year): (&str, i32),
) -> Result<Option<Exported>> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let Some(whole) = by_department(db, ctx, department_code, fiscal_year).await? else { return Ok(None) };
    let read = Access {
        act: AccessAct::Export,
        node: format!("Export:{}.{format}", form.name()),
        department: Some(whole.department.id),
        detail: Some(format!("departmentCode={department_code}&fiscalYear={fiscal_year}")),
    };
    note(db, ctx, vec![read]).await?;
    let scheme = scheme::of(db, &whole.declaration.scheme).await?;
    let sheet = form.sheet(&whole, &scheme);
    let file_name = format!("{}-{fiscal_year}-{}.{format}", whole.department.name, sheet.name);
    let (media_type, bytes) = match format {
        FormFormat::Xlsx => {
            let written = tokio::task::spawn_blocking(move || workbook::write(&sheet)).await;
            (FileType::Xlsx.media_type(), written.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?)
        }
        FormFormat::Html => ("text/html; charset=utf-8", page::write(&sheet).into_bytes()),
    };
    Ok(Some(Exported { file_name, media_type, bytes: stream::iter([Ok(bytes)]).boxed() }))
}

#[cfg(test)]
mod tests;
