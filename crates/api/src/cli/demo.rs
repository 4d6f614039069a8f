//! `jixiao demo`: a demonstration on a real form. It gets where it goes only by the service's own commands, as its
//! different users; what is there already is left as it is, so running it twice is safe.

use anyhow::{Context as _, ensure};
use chrono::NaiveDate;
use jixiao_rules::cycle::{
    Act, DeclarationStatus, DeviationCategory, Period, PublicationKind, ReportStatus, Role, TargetReviewGrade,
};
use jixiao_rules::kind::{Direction, Level, TargetKind, TargetWhich};
use jixiao_rules::value::{Money, Points};
use jixiao_rules::window::Window;
use jixiao_service::actual_value::{self, AmountsPatch, Entry, ExecutionPatch, Mode, Record};
use jixiao_service::ctx::{Actor, Ctx, Lang};
use jixiao_service::db::Db;
use jixiao_service::declaration::{self, Confirmation, Declaration, Deviation, Import, IndicatorPatch, Step};
use jixiao_service::department::{self, Create as NewDepartment};
use jixiao_service::jurisdiction::{self, Create as NewJurisdiction};
use jixiao_service::page::Page;
use jixiao_service::publication;
use jixiao_service::report;
use jixiao_service::user::{self, Create as NewUser, NewGrant};
use jixiao_service::window::{self, Extend, Set, WindowFilter};

use super::serve;
use crate::app::{failed, now, open, operator};
use crate::config::Config;

const FORM: &str = include_str!("../../../../tests/fixtures/zengcheng-civil-affairs-declaration.txt");
const PASSWORD: &str = "jixiao-demo-2024";
const DEPARTMENT: &str = "440118001";
const YEAR: i32 = 2024;
/// Stands in every sample value, so that nobody takes it for a real figure.
const SAMPLE: &str = "演示样例数据，非真实填报 (sample data, not a real report)";
/// Name to sign in with, name for people, role, department, jurisdiction.
type DemoUser = (&'static str, &'static str, Role, Option<&'static str>, Option<&'static str>);
/// Code, name, code of the one above.
const PLACES: [(&str, &str, Option<&str>); 3] =
    [("440000", "广东省", None), ("440100", "广州市", Some("440000")), ("440118", "广州市增城区", Some("440100"))];
const DEPARTMENT_NAME: &str = "广州市增城区民政局";
const USERS: [DemoUser; 5] = [
    ("admin", "演示管理员", Role::Admin, None, None),
    ("filer", "演示填报人", Role::UnitFiler, Some(DEPARTMENT), None),
    ("department", "演示部门审核人", Role::DepartmentReviewer, Some(DEPARTMENT), None),
    ("finance", "演示财政审核人", Role::FinanceReviewer, None, Some("440118")),
    ("auditor", "演示审计人员", Role::Auditor, None, Some("440118")),
];
/// Sample actual values: name of the indicator, mid-year, year-end, the filer's own year-end score where a person scores.
const VALUES: [(&str, &str, &str, Option<i64>); 14] = [
    ("低保资金社会化发放率", "97%", "98.2%", None),
    ("临时救助水平", "不低于上年水平", "不低于上年水平", Some(450)),
    ("覆盖全区13个镇街符合领取补贴的残疾人", "100%", "100%", None),
    ("颐康服务站数量", "70个", "148个", None),
    ("家庭养老床位建设数量", "300张", "587张", None),
    ("完成申请居家养老服务对象", "1200人", "3100人", None),
    ("火化率", "100%", "100%", None),
    ("流浪乞讨人员救助救治率", "100%", "100%", None),
    ("社工服务站覆盖率", "100%", "100%", None),
    ("实现流浪救助全区覆盖率", "100%", "100%", None),
    ("委托第三方机构对服务项目质量评估", "评估结果均为合格", "评估结果均为合格以上", Some(454)),
    ("农村留守儿童和困境儿童入户关爱覆盖率", "98%", "99.5%", None),
    ("增强社会组织影响力以及社会治理能力，达到以评促改、以评促建目的", "90%", "100%", None),
    ("救助对象社会救助实施的满意度", "88%", "92.3%", None),
];

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let db = open(&Config { migrate: Some(true), ..config.clone() }).await?;
    prepare(&db).await?;
    announce(&config, &db).await?;
    serve::serve(&config, db).await
}

/// Makes the demonstration's data, as far as it is not there.
async fn prepare(db: &Db) -> anyhow::Result<()> {
    ensure!(
        ours(db).await?,
        "数据库中已有其他数据, 演示不在其中运行 / the database holds other data: the demonstration does not run there"
    );
    organise(db).await?;
    windows(db).await?;
    let mut declaration = file(db).await?;
    declaration = approve(db, declaration).await?;
    declaration = publish(db, declaration).await?;
    if declaration.report_status(Period::MidYear) == ReportStatus::NotStarted {
        record(db, &declaration, Period::MidYear, "20000.00").await?;
    }
    mid_year(db).await?;
    if declaration.report_status(Period::YearEnd) == ReportStatus::NotStarted {
        record(db, &declaration, Period::YearEnd, "49876.54").await?;
    }
    Ok(())
}

/// Whether the database is empty or holds only what the demonstration made, be it cut off half-way. The administrator
/// comes first, so places without any user are somebody else's.
async fn ours(db: &Db) -> anyhow::Result<bool> {
    let users = user::all(db).await.map_err(failed)?;
    let departments = department::all(db).await.map_err(failed)?;
    let places = jurisdiction::all(db).await.map_err(failed)?;
    if users.is_empty() {
        return Ok(departments.is_empty() && places.is_empty());
    }
    let user = |(name, shown): &(String, String)| USERS.iter().any(|user| user.0 == name && user.1 == shown);
    let place = |(code, name): &(String, String)| PLACES.iter().any(|place| place.0 == code && place.1 == name);
    let department = |(code, name): &(String, String)| code == DEPARTMENT && name == DEPARTMENT_NAME;
    Ok(users.iter().all(user) && places.iter().all(place) && departments.iter().all(department))
}

/// The circumstances of a demonstration user.
async fn act_as(db: &Db, username: &str) -> anyhow::Result<Ctx> {
    let user = user::by_username(db, username).await.map_err(failed)?;
    let user = user.with_context(|| format!("the demonstration has no user {username}"))?;
    Ok(Ctx::new(Actor::User(user), now(), "demo", Lang::default()))
}

/// People, jurisdictions, the department.
async fn organise(db: &Db) -> anyhow::Result<()> {
    for (index, (username, name, role, department, jurisdiction)) in USERS.iter().enumerate() {
        // The first administrator comes from the machine's own command line, all else from the administrator.
        let by = if index == 0 { operator() } else { act_as(db, "admin").await? };
        if index == 1 {
            places(db, &by).await?;
        }
        if user::by_username(db, username).await.map_err(failed)?.is_none() {
            let grant = NewGrant {
                role: *role,
                department_code: department.map(str::to_owned),
                jurisdiction_code: jurisdiction.map(str::to_owned),
            };
            let (username, display_name) = ((*username).to_owned(), (*name).to_owned());
            let new = NewUser { username, display_name, password: PASSWORD.to_owned(), grants: vec![grant] };
            user::create(db, &by, &new).await.map_err(failed)?;
        }
    }
    Ok(())
}

async fn places(db: &Db, admin: &Ctx) -> anyhow::Result<()> {
    let known = jurisdiction::all(db).await.map_err(failed)?;
    for (code, name, parent) in PLACES {
        if !known.iter().any(|(known, _)| known == code) {
            let parent_code = parent.map(str::to_owned);
            let new = NewJurisdiction { code: code.to_owned(), name: name.to_owned(), parent_code };
            jurisdiction::create(db, admin, &new).await.map_err(failed)?;
        }
    }
    if department::all(db).await.map_err(failed)?.is_empty() {
        let (code, name) = (DEPARTMENT.to_owned(), DEPARTMENT_NAME.to_owned());
        let new = NewDepartment { code, name, jurisdiction_code: "440118".to_owned() };
        department::create(db, admin, &new).await.map_err(failed)?;
    }
    Ok(())
}

/// Sets the year's reporting windows as they would have been, and extends them, so that the demonstration works on any day.
async fn windows(db: &Db) -> anyhow::Result<()> {
    let admin = act_as(db, "admin").await?;
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).context("a day of the demonstration");
    let year_end = [day(YEAR + 1, 1, 1)?, day(YEAR + 1, 3, 31)?];
    let days = [(Period::MidYear, 7, [day(YEAR, 8, 1)?, day(YEAR, 8, 31)?]), (Period::YearEnd, 12, year_end)];
    let filter = WindowFilter { jurisdiction_code: Some("440118".into()), fiscal_year: Some(YEAR), period: None };
    let known = window::list(db, &admin, &filter, &Page::first(10)).await.map_err(failed)?.rows;
    for (period, months, [opens_on, due_on]) in days {
        let window = match known.iter().find(|known| known.period == period) {
            Some(known) => known.clone(),
            None => {
                let window = Window { months, opens_on, due_on, closes_on: due_on, grace_days: 0 };
                let jurisdiction_code = "440118".to_owned();
                let new = Set { jurisdiction_code, fiscal_year: YEAR, period, window, expected_revision: None };
                window::set(db, &admin, &new).await.map_err(failed)?
            }
        };
        let open_end = day(2099, 12, 31)?;
        if window.window.closes_on < open_end {
            let more = Extend {
                due_on: Some(open_end),
                closes_on: Some(open_end),
                reason: "演示".to_owned(),
                expected_revision: window.revision,
            };
            window::extend(db, &admin, window.id, &more).await.map_err(failed)?;
        }
    }
    Ok(())
}

async fn current(db: &Db, ctx: &Ctx) -> anyhow::Result<Option<Declaration>> {
    let found = declaration::by_department(db, ctx, DEPARTMENT, YEAR).await.map_err(failed)?;
    Ok(found.map(|whole| whole.declaration))
}

/// Imports the form, completes what it left open, and confirms what a person must read.
async fn file(db: &Db) -> anyhow::Result<Declaration> {
    let filer = act_as(db, "filer").await?;
    let mut declaration = match current(db, &filer).await? {
        Some(declaration) => declaration,
        None => {
            let new = Import {
                department_code: DEPARTMENT.to_owned(),
                department_name: None,
                jurisdiction_code: Some("440118".to_owned()),
                fiscal_year: YEAR,
                text: FORM.to_owned(),
                dry_run: false,
            };
            declaration::import(db, &filer, &new).await.0.map_err(failed)?.declaration
        }
    };
    if !declaration::editable(declaration.status) {
        return Ok(declaration);
    }
    for position in 0..declaration.indicators.len() {
        let indicator = &declaration.indicators[position];
        let id = indicator.id;
        if let (None, Some(cycle)) = (&indicator.annual_target, &indicator.cycle_target) {
            let patch = IndicatorPatch {
                expected_revision: declaration.revision,
                annual_target: Some(Some(cycle.reading.text.clone())),
                ..IndicatorPatch::default()
            };
            declaration = declaration::update_indicator(db, &filer, id, &patch).await.map_err(failed)?.declaration;
        }
        for which in [TargetWhich::Annual, TargetWhich::Cycle] {
            let open = declaration.indicators[position].target(which).filter(|target| !target.confirmed());
            let Some(reading) = open.map(|target| target.reading.clone()) else { continue };
            let undirected = reading.kind == TargetKind::Quantity && reading.direction == Direction::Unknown;
            let said = Confirmation {
                which,
                kind: None,
                comparator: None,
                value: None,
                value_high: None,
                unit: None,
                direction: undirected.then_some(Direction::HigherIsBetter),
                deadline: None,
                expected_revision: declaration.revision,
            };
            declaration = declaration::confirm_target(db, &filer, id, &said).await.map_err(failed)?.declaration;
        }
    }
    Ok(declaration)
}

/// Takes the declaration to APPROVED, each step as the user whose step it is.
async fn approve(db: &Db, mut declaration: Declaration) -> anyhow::Result<Declaration> {
    let approval = ("增财绩〔2024〕1号（演示）".to_owned(), NaiveDate::from_ymd_opt(2024, 2, 8).unwrap_or_default());
    loop {
        let (username, act) = match declaration.status {
            DeclarationStatus::Draft | DeclarationStatus::Returned => ("filer", Act::DeclarationSubmit),
            DeclarationStatus::DepartmentReview => ("department", Act::DeclarationForward),
            DeclarationStatus::FinanceReview => ("finance", Act::DeclarationAccept),
            DeclarationStatus::PendingBudget => ("finance", Act::DeclarationApprove),
            DeclarationStatus::Approved | DeclarationStatus::Rejected | DeclarationStatus::Closed => {
                return Ok(declaration);
            }
        };
        let step = Step {
            act,
            expected_revision: declaration.revision,
            reason: None,
            grade: (act == Act::DeclarationAccept).then_some(TargetReviewGrade::Good),
            approval: (act == Act::DeclarationApprove).then(|| approval.clone()),
        };
        let ctx = act_as(db, username).await?;
        declaration = declaration::step(db, &ctx, declaration.id, &step).await.map_err(failed)?.declaration;
    }
}

/// Publishes the approved targets, for everybody to read.
async fn publish(db: &Db, declaration: Declaration) -> anyhow::Result<Declaration> {
    if declaration.publications.contains_key(&PublicationKind::Targets) {
        return Ok(declaration);
    }
    let step = publication::Step {
        act: Act::PublicationPublish,
        declaration_id: declaration.id,
        kind: PublicationKind::Targets,
        expected_revision: 0,
        version: Some(declaration.version),
        reason: None,
    };
    let department = act_as(db, "department").await?;
    Ok(publication::step(db, &department, &step).await.map_err(failed)?.declaration)
}

/// Records the sample values of a period.
async fn record(db: &Db, declaration: &Declaration, period: Period, executed: &str) -> anyhow::Result<()> {
    let entry = |indicator: &declaration::Indicator| {
        let known = VALUES.iter().find(|(name, ..)| *name == indicator.name);
        let (_, mid, end, score) = known.with_context(|| format!("no sample value for {}", indicator.name))?;
        let year_end = period == Period::YearEnd;
        Ok(Entry {
            indicator_id: Some(indicator.id),
            text: Some(Some(if year_end { *end } else { *mid }.to_owned())),
            level: score.map(|_| Some(Level::Full)),
            score: score.filter(|_| year_end).map(|score| Some(Points(score))),
            note: Some(Some(SAMPLE.to_owned())),
            deviations: Some(Some(vec![Deviation { category: DeviationCategory::Other, text: SAMPLE.to_owned() }])),
            ..Entry::default()
        })
    };
    let executed = Money::from_wan_yuan(executed.parse()?).context("the sample amount fits")?;
    let command = Record {
        declaration_id: declaration.id,
        period,
        entries: declaration.indicators.iter().map(entry).collect::<anyhow::Result<_>>()?,
        execution: Some(ExecutionPatch {
            total: AmountsPatch { executed: Some(Some(executed)), ..AmountsPatch::default() },
            reason: Some(Some(SAMPLE.to_owned())),
            ..ExecutionPatch::default()
        }),
        summary: None,
        expected_revision: None,
        idempotency_key: None,
        mode: Mode::AllOrNothing,
        file_sha256: None,
    };
    let done = actual_value::record(db, &act_as(db, "filer").await?, &command).await.map_err(failed)?;
    ensure!(done.recorded.written, "the sample values were refused: {:?}", done.recorded.violations);
    Ok(())
}

/// Takes the mid-year report to ACCEPTED.
async fn mid_year(db: &Db) -> anyhow::Result<()> {
    let filer = act_as(db, "filer").await?;
    loop {
        let declaration = current(db, &filer).await?.context("the declaration is there")?;
        let (username, act) = match declaration.report_status(Period::MidYear) {
            ReportStatus::Draft | ReportStatus::Returned => ("filer", Act::ReportSubmit),
            ReportStatus::DepartmentReview => ("department", Act::ReportForward),
            ReportStatus::FinanceReview => ("finance", Act::ReportAccept),
            ReportStatus::NotStarted | ReportStatus::Accepted => return Ok(()),
        };
        let expected_revision = declaration.report_revision(Period::MidYear);
        let step = report::Step { act, expected_revision, reason: None };
        let ctx = act_as(db, username).await?;
        report::step(db, &ctx, declaration.id, Period::MidYear, &step).await.map_err(failed)?;
    }
}

/// Says where to look, who may sign in, and one query that works as it stands.
async fn announce(config: &Config, db: &Db) -> anyhow::Result<()> {
    let auditor = user::by_username(db, "auditor").await.map_err(failed)?.context("the auditor is there")?;
    let token = serve::tokens(config)?.issue(auditor.id.0, now())?;
    let address = config.listen;
    println!("\n绩效演示 / jixiao demo\n");
    if crate::http::dashboard::is_here() {
        println!("界面 pages  http://{address}/");
    }
    println!("GraphiQL   http://{address}/graphql");
    println!("用户/users  filer  department  finance  auditor  admin    密码/password  {PASSWORD}");
    println!("部门/department  {DEPARTMENT}    年度/year  {YEAR}\n");
    println!("一个可直接运行的查询 / a query that works as it stands ({} min):\n", config.access_token_minutes);
    println!(
        "curl -s http://{address}/graphql -H 'content-type: application/json' -H 'authorization: Bearer {}' \\\n  \
         -d '{{\"query\":\"{{ achievementSummary(groupBy: [LEVEL1], first: 10) {{ edges {{ node {{ dimensions {{ label }} \
         indicatorCount achievementRate averageScore }} }} totals {{ indicatorCount achievementRate }} }} }}\"}}'\n",
        token.token.expose()
    );
    println!("无须登录的公开查询 / what everybody may read, without signing in:\n");
    println!(
        "curl -s http://{address}/graphql -H 'content-type: application/json' \\\n  \
         -d '{{\"query\":\"{{ publications(first: 5) {{ edges {{ node {{ kind status department {{ name }} fiscalYear }} }} }} }}\"}}'\n"
    );
    Ok(())
}
