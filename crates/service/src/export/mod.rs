//! Listings as files: CSV or .xlsx, page after page through the same reads that answer the API, in the memory of one page.
//!
//! A listing is a [`Listing`]: how it reads a page, and one table of columns. To add one: its file here, its line in
//! [`Export`], its arguments in `api`.

mod access;
mod achievement;
mod audit;
mod cell;
mod csv;
mod declaration;
mod evidence;
mod finding;
mod form;
mod indicator;
mod outstanding;
mod publication;
mod rectification;
mod report_row;
mod xlsx;

pub(crate) use self::form::fund_label;
pub use self::form::{FormFormat, OfficialForm, form};

use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use jixiao_rules::kind::vocabulary_words;
use jixiao_rules::message::Message;

use self::cell::{Cell, Column};
use crate::access::{Access, AccessAct, AccessFilter, note};
use crate::achievement::{AchievementFilter, Dimension, SummaryOrder};
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::declaration::DeclarationFilter;
use crate::error::{Result, ServiceError};
use crate::file::FileType;
use crate::finding::FindingFilter;
use crate::indicator::{IndicatorFilter, IndicatorOrder};
use crate::page::{KeyValue, Page, Slice};
use crate::publication::PublicationFilter;

vocabulary_words! {
    /// The form of an exported file.
    ExportFormat { Csv = "csv", "CSV表格", "CSV table"; Xlsx = "xlsx", "Excel工作簿", "Excel workbook"; }
}

/// Rows read at once.
const PAGE: u64 = 200;

/// Which listing, with its arguments.
#[derive(Clone, Debug)]
pub enum Export {
    /// Declarations with their result at year-end.
    Declarations(DeclarationFilter),
    /// Indicators with target, actual value and achievement of one period; `true` for the largest first.
    Indicators(Box<IndicatorFilter>, (IndicatorOrder, bool)),
    /// Achievement rates by dimensions.
    AchievementSummary(AchievementFilter, Vec<Dimension>, (SummaryOrder, bool)),
    /// What the caller still owes; of one fiscal year, or all.
    Outstanding(Option<i32>),
    /// What changed of an object as the log names it, one row a change. The caller has made sure that it may be seen.
    AuditTrail(String),
    /// The access log.
    AccessLog(AccessFilter),
    /// Rectifications of the reports of these declarations.
    Rectifications(DeclarationFilter),
    /// What is published or withheld.
    Publications(PublicationFilter),
    /// Evidence files of the reports of these declarations, those that were removed included.
    Evidence(DeclarationFilter),
    /// What the checks find, the gravest first.
    Findings(FindingFilter),
}

/// A file that is written while it is read.
pub struct Exported {
    /// Name of the file, by its listing and day.
    pub file_name: String,
    /// Media type.
    pub media_type: &'static str,
    /// Its bytes. An error after the first part cuts the file short.
    pub bytes: BoxStream<'static, Result<Vec<u8>>>,
}

/// A listing that can be exported.
pub(crate) trait Listing: Send + Sync + 'static {
    /// A row.
    type Row: Send + Sync;

    /// What it shows of a row, in order.
    fn columns(&self) -> Vec<Column<Self::Row>>;

    /// Place of a row in the listing.
    fn place(&self, row: &Self::Row) -> Vec<KeyValue>;

    /// A page of it, within what the caller may see.
    fn page(&self, db: &Db, ctx: &Ctx, page: &Page) -> impl Future<Output = Result<Slice<Self::Row>>> + Send;
}

impl Export {
    /// Its name, in a path and on the command line.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Declarations(_) => "declarations",
            Self::Indicators(..) => "indicators",
            Self::AchievementSummary(..) => "achievement-summary",
            Self::Outstanding(_) => "outstanding",
            Self::AuditTrail(_) => "audit-trail",
            Self::AccessLog(_) => "access-log",
            Self::Rectifications(_) => "rectifications",
            Self::Publications(_) => "publications",
            Self::Evidence(_) => "evidence",
            Self::Findings(_) => "findings",
        }
    }

    fn title(&self) -> Message {
        match self {
            Self::Declarations(_) => Message::new("申报", "Declarations"),
            Self::Indicators(..) => Message::new("指标", "Indicators"),
            Self::AchievementSummary(..) => Message::new("达成率汇总", "Achievement summary"),
            Self::Outstanding(_) => Message::new("尚欠报告", "Outstanding reports"),
            Self::AuditTrail(_) => Message::new("变更记录", "Audit trail"),
            Self::AccessLog(_) => Message::new("访问日志", "Access log"),
            Self::Rectifications(_) => Message::new("整改", "Rectifications"),
            Self::Publications(_) => Message::new("公开", "Publications"),
            Self::Evidence(_) => Message::new("佐证材料", "Evidence"),
            Self::Findings(_) => Message::new("问题", "Findings"),
        }
    }
}

/// Opens an export: noted in the access log with `arguments` first, then its first page is read, so that whatever is
/// refused is refused before any byte is sent.
///
/// # Errors
/// `Unauthenticated`, what the listing refuses, or when the database or the access log fails.
pub async fn open(db: &Db, ctx: &Ctx, export: Export, format: ExportFormat, arguments: String) -> Result<Exported> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let (name, title) = (export.name(), export.title());
    let node = format!("Export:{name}.{format}");
    note(db, ctx, vec![Access { act: AccessAct::Export, node, department: None, detail: Some(arguments) }]).await?;
    let to = (db.clone(), ctx.clone(), ctx.lang.of(&title).to_owned(), format);
    let mut bytes = match export {
        Export::Declarations(filter) => begin(to, declaration::Declarations(filter)),
        Export::Indicators(filter, order) => begin(to, indicator::Indicators(*filter, order)),
        Export::AchievementSummary(filter, dimensions, order) => {
            begin(to, achievement::Summary { filter, dimensions, order })
        }
        Export::Outstanding(year) => begin(to, outstanding::Outstanding(year)),
        Export::AuditTrail(node) => begin(to, audit::Trail(node)),
        Export::AccessLog(filter) => begin(to, access::Log(filter)),
        Export::Rectifications(filter) => begin(to, rectification::Rectifications(filter)),
        Export::Publications(filter) => begin(to, publication::Publications(filter)),
        Export::Evidence(filter) => begin(to, evidence::Files(filter)),
        Export::Findings(filter) => begin(to, finding::Findings(filter)),
    }?;
    let first = bytes.try_next().await?;
    let file_name = format!("{}-{}.{format}", ctx.lang.of(&title), ctx.today());
    let media_type = match format {
        ExportFormat::Csv => "text/csv; charset=utf-8; header=present",
        ExportFormat::Xlsx => FileType::Xlsx.media_type(),
    };
    let bytes = stream::iter(first.map(Ok)).chain(bytes).boxed();
    Ok(Exported { file_name, media_type, bytes })
}

/// The rows as bytes of one form or the other.
enum Writer {
    Csv(Box<csv::Csv>),
    Xlsx(Box<xlsx::Workbook>),
}

impl Writer {
    fn row(&mut self, cells: &[Cell]) -> Result<()> {
        match self {
            Self::Csv(csv) => csv.row(cells),
            Self::Xlsx(book) => book.row(cells),
        }
    }

    fn take(&mut self) -> Result<Vec<u8>> {
        match self {
            Self::Csv(csv) => csv.take(),
            Self::Xlsx(book) => book.take(),
        }
    }

    fn finish(self) -> Result<Vec<u8>> {
        match self {
            Self::Csv(mut csv) => csv.take(),
            Self::Xlsx(book) => book.finish(),
        }
    }
}

/// An export on its way: where it stands in its listing.
struct Run<L: Listing> {
    db: Db,
    ctx: Ctx,
    listing: L,
    columns: Vec<Column<L::Row>>,
    page: Page,
    writer: Writer,
    rows: u64,
}

type Destination = (Db, Ctx, String, ExportFormat);

fn begin<L: Listing>(to: Destination, listing: L) -> Result<BoxStream<'static, Result<Vec<u8>>>> {
    let (db, ctx, title, format) = to;
    let columns = listing.columns();
    let heading: Vec<Cell> = columns.iter().map(|column| ctx.lang.of(&column.heading).into()).collect();
    let writer = match format {
        ExportFormat::Csv => {
            let mut csv = csv::Csv::new();
            csv.row(&heading)?;
            Writer::Csv(Box::new(csv))
        }
        ExportFormat::Xlsx => Writer::Xlsx(Box::new(xlsx::Workbook::new(&title, heading)?)),
    };
    let run = Run { db, ctx, listing, columns, page: Page::first(PAGE), writer, rows: 0 };
    Ok(stream::try_unfold(Some(run), |run| async move {
        match run {
            Some(run) => run.step().await.map(Some),
            None => Ok(None),
        }
    })
    .boxed())
}

impl<L: Listing> Run<L> {
    /// Writes the next page; gives its bytes, and what follows it.
    async fn step(mut self) -> Result<(Vec<u8>, Option<Self>)> {
        let found = self.listing.page(&self.db, &self.ctx, &self.page).await?;
        for row in &found.rows {
            let cells: Vec<Cell> = self.columns.iter().map(|column| (column.cell)(row, self.ctx.lang)).collect();
            self.writer.row(&cells)?;
            self.rows += 1;
        }
        self.ctx.progress.tell(self.rows, None);
        match found.rows.last().filter(|_| found.has_next) {
            Some(last) => {
                self.page.after = Some(self.listing.place(last));
                Ok((self.writer.take()?, Some(self)))
            }
            None => Ok((self.writer.finish()?, None)),
        }
    }
}
