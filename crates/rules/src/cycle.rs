//! The year's cycle: roles, periods, states, acts, and the one table that says who may do what in which state (rules 2.3, 2.5).

use crate::kind::{Vocabulary, vocabulary};

vocabulary! {
    /// What a grant makes its holder (rules 1.1).
    Role {
        UnitFiler = "UNIT_FILER", "单位填报人", "unit filer"; DepartmentReviewer = "DEPARTMENT_REVIEWER", "主管部门审核人", "department reviewer";
        FinanceReviewer = "FINANCE_REVIEWER", "财政审核人", "finance reviewer"; Auditor = "AUDITOR", "审计人员", "auditor";
        Admin = "ADMIN", "系统管理员", "administrator";
    }
}
vocabulary! {
    /// Period of a report. MID_YEAR and YEAR_END always exist; the others only where a window is set.
    Period {
        FirstQuarter = "Q1", "一季度监控", "first quarter"; MidYear = "MID_YEAR", "年中监控", "mid-year";
        ThirdQuarter = "Q3", "三季度监控", "third quarter"; YearEnd = "YEAR_END", "年终自评", "year-end";
    }
}
vocabulary! {
    /// What a declaration covers (rules 1.2).
    DeclarationScope { WholeDepartment = "WHOLE_DEPARTMENT", "部门整体支出", "whole department"; Project = "PROJECT", "项目支出", "project"; }
}
vocabulary! {
    /// State of a declaration (rules 2.3).
    DeclarationStatus {
        Draft = "DRAFT", "草稿", "draft"; DepartmentReview = "DEPARTMENT_REVIEW", "主管部门审核中", "department review";
        FinanceReview = "FINANCE_REVIEW", "财政审核中", "finance review"; Returned = "RETURNED", "已退回", "returned";
        Rejected = "REJECTED", "不予通过", "rejected"; PendingBudget = "PENDING_BUDGET", "待预算批复", "pending budget";
        Approved = "APPROVED", "已批复", "approved"; Closed = "CLOSED", "已办结", "closed";
    }
}
vocabulary! {
    /// State of a monitoring report or self-evaluation (rules 2.3).
    ReportStatus {
        NotStarted = "NOT_STARTED", "未开始", "not started"; Draft = "DRAFT", "草稿", "draft";
        DepartmentReview = "DEPARTMENT_REVIEW", "主管部门审核中", "department review";
        FinanceReview = "FINANCE_REVIEW", "财政审核中", "finance review"; Returned = "RETURNED", "已退回", "returned";
        Accepted = "ACCEPTED", "审核通过", "accepted";
    }
}
vocabulary! {
    /// Whose scores stand beside the filer's.
    ReviewStage { Review = "REVIEW", "财政复核", "finance review"; SpotCheck = "SPOT_CHECK", "抽查复核", "spot check"; }
}
vocabulary! {
    /// State of a rectification (rules 2.3); overdue is computed, never a state.
    RectificationStatus {
        Requested = "REQUESTED", "待整改", "requested"; Responded = "RESPONDED", "已答复", "responded";
        Verified = "VERIFIED", "已核实", "verified"; Reopened = "REOPENED", "重新整改", "reopened";
    }
}
vocabulary! {
    /// Grade of the review of targets, 优良中差 (rules 2.2).
    TargetReviewGrade { Excellent = "EXCELLENT", "优", "excellent"; Good = "GOOD", "良", "good"; Fair = "FAIR", "中", "fair"; Poor = "POOR", "差", "poor"; }
}
vocabulary! {
    /// 完成目标可能性 (rules 1.5).
    AttainmentOutlook { Certain = "CERTAIN", "确定能", "certain"; Possible = "POSSIBLE", "有可能", "possible"; Impossible = "IMPOSSIBLE", "完全不可能", "impossible"; }
}
vocabulary! {
    /// 偏差原因 categories of the monitoring form (rules 1.5); TARGET_SET_TOO_LOW is the cause of rules 4.3.
    DeviationCategory {
        Funding = "FUNDING", "经费保障", "funding"; Institutional = "INSTITUTIONAL", "制度保障", "institutional"; Staffing = "STAFFING", "人员保障", "staffing";
        Equipment = "EQUIPMENT", "硬件条件保障", "equipment"; TargetSetTooLow = "TARGET_SET_TOO_LOW", "目标值设定明显偏低", "target set too low"; Other = "OTHER", "其他", "other";
    }
}
vocabulary! {
    /// State of an adjustment of an approved declaration (rules 2.3).
    AdjustmentStatus {
        Draft = "DRAFT", "草稿", "draft"; DepartmentReview = "DEPARTMENT_REVIEW", "主管部门审核中", "department review";
        FinanceReview = "FINANCE_REVIEW", "财政审核中", "finance review"; Approved = "APPROVED", "已批复", "approved";
        Returned = "RETURNED", "已退回", "returned"; Rejected = "REJECTED", "不予通过", "rejected"; Withdrawn = "WITHDRAWN", "已撤回", "withdrawn";
    }
}
vocabulary! {
    /// 调剂 / 追加 / 调减 (rules 1.2).
    AdjustmentKind { Reallocation = "REALLOCATION", "调剂", "reallocation"; Supplement = "SUPPLEMENT", "追加", "supplement"; Reduction = "REDUCTION", "调减", "reduction"; }
}
vocabulary! {
    /// What of a declaration is published (rules 2.4): the approved budget and targets, or the accepted self-evaluation.
    PublicationKind { Targets = "TARGETS", "预算与绩效目标", "budget and targets"; Results = "RESULTS", "绩效自评结果", "results of the self-evaluation"; }
}
vocabulary! {
    /// State of a publication (rules 2.3). A withheld one stays so.
    PublicationStatus {
        Pending = "PENDING", "待公开", "pending"; Published = "PUBLISHED", "已公开", "published";
        Corrected = "CORRECTED", "已更正", "corrected"; Withheld = "WITHHELD", "不予公开", "withheld";
    }
}
vocabulary! {
    /// What people do. Each act is one command, one transaction, one audit entry.
    Act {
        DeclarationImport = "DECLARATION_IMPORT", "导入申报表", "import a declaration"; DeclarationEdit = "DECLARATION_EDIT", "编辑申报", "edit a declaration";
        TargetConfirm = "TARGET_CONFIRM", "确认指标值", "confirm a target"; DeclarationSubmit = "DECLARATION_SUBMIT", "提交申报", "submit a declaration";
        DeclarationForward = "DECLARATION_FORWARD", "上报财政", "forward a declaration"; DeclarationReturn = "DECLARATION_RETURN", "退回申报", "return a declaration";
        DeclarationReject = "DECLARATION_REJECT", "否决申报", "reject a declaration"; DeclarationAccept = "DECLARATION_ACCEPT", "审核通过", "accept a declaration";
        DeclarationApprove = "DECLARATION_APPROVE", "批复", "approve a declaration";
        DeclarationCreate = "DECLARATION_CREATE", "新建申报", "create a declaration";
        DeclarationAgreedEdit = "DECLARATION_AGREED_EDIT", "记录商定的修改", "record agreed edits";
        DeclarationClose = "DECLARATION_CLOSE", "年度办结", "close a declaration";
        DeclarationCarryOver = "DECLARATION_CARRY_OVER", "结转下年度", "carry a declaration over";
        AdjustmentOpen = "ADJUSTMENT_OPEN", "提出调整", "open an adjustment"; AdjustmentEdit = "ADJUSTMENT_EDIT", "编辑调整", "edit an adjustment";
        AdjustmentSubmit = "ADJUSTMENT_SUBMIT", "提交调整", "submit an adjustment";
        AdjustmentForward = "ADJUSTMENT_FORWARD", "上报调整", "forward an adjustment";
        AdjustmentReturn = "ADJUSTMENT_RETURN", "退回调整", "return an adjustment";
        AdjustmentReject = "ADJUSTMENT_REJECT", "否决调整", "reject an adjustment";
        AdjustmentApprove = "ADJUSTMENT_APPROVE", "批复调整", "approve an adjustment";
        AdjustmentWithdraw = "ADJUSTMENT_WITHDRAW", "撤回调整", "withdraw an adjustment";
        ActualValuesRecord = "ACTUAL_VALUES_RECORD", "填报实际完成值", "record actual values";
        ReportSubmit = "REPORT_SUBMIT", "提交报告", "submit a report"; ReportForward = "REPORT_FORWARD", "上报报告", "forward a report";
        ReportReturn = "REPORT_RETURN", "退回报告", "return a report"; ReportReview = "REPORT_REVIEW", "财政复核评分", "review a report";
        ReportAccept = "REPORT_ACCEPT", "报告审核通过", "accept a report"; ReportSpotCheck = "REPORT_SPOT_CHECK", "抽查复核", "spot-check a report";
        RectificationRequest = "RECTIFICATION_REQUEST", "提出整改要求", "request a rectification";
        RectificationRespond = "RECTIFICATION_RESPOND", "答复整改", "respond to a rectification";
        RectificationVerify = "RECTIFICATION_VERIFY", "核实整改", "verify a rectification";
        RectificationReopen = "RECTIFICATION_REOPEN", "要求重新整改", "reopen a rectification"; Administer = "ADMINISTER", "系统管理", "administer";
        PasswordChange = "PASSWORD_CHANGE", "修改本人密码", "change the own password";
        AuditVerify = "AUDIT_VERIFY", "核验日志", "verify the log";
        AuditPackExport = "AUDIT_PACK_EXPORT", "导出审计包", "export an audit pack"; AccessLogRead = "ACCESS_LOG_READ", "查阅访问日志", "read the access log";
        EvidenceAdd = "EVIDENCE_ADD", "添加佐证材料", "add evidence"; EvidenceRemove = "EVIDENCE_REMOVE", "移除佐证材料", "remove evidence";
        PublicationState = "PUBLICATION_STATE", "填写数据质量说明", "state the quality of data";
        PublicationPublish = "PUBLICATION_PUBLISH", "公开", "publish";
        PublicationCorrect = "PUBLICATION_CORRECT", "更正公开内容", "correct what is published";
        PublicationWithhold = "PUBLICATION_WITHHOLD", "不予公开", "withhold from publication";
        SchemeWhatIf = "SCHEME_WHAT_IF", "试用评分方案", "re-score under another scheme";
        FindingDismiss = "FINDING_DISMISS", "搁置问题", "dismiss a finding"; FindingReopen = "FINDING_REOPEN", "恢复问题", "reopen a finding";
    }
}

impl DeclarationStatus {
    /// The states in which a declaration counts: approved, and not replaced by anything.
    pub const IN_FORCE: [Self; 2] = [Self::Approved, Self::Closed];

    /// Whether a declaration in this state counts in summaries.
    #[must_use]
    pub fn in_force(self) -> bool {
        Self::IN_FORCE.contains(&self)
    }
}

/// One line of the table: in state `from`, `role` may do `act`, which leads to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition<S> {
    /// Who.
    pub role: Role,
    /// What.
    pub act: Act,
    /// In which state.
    pub from: S,
    /// Leading where; the same state where nothing moves.
    pub to: S,
}

/// Lines of a table, written as `role act: from -> to, from -> to;`.
macro_rules! transitions {
    ($state:ident; $($role:ident $act:ident: $($from:ident -> $to:ident),+;)+) => {
        &[$($(Transition { role: Role::$role, act: Act::$act, from: $state::$from, to: $state::$to }),+),+]
    };
}

/// The declaration's state machine.
pub const DECLARATION: &[Transition<DeclarationStatus>] = transitions! { DeclarationStatus;
    UnitFiler DeclarationEdit: Draft -> Draft, Returned -> Returned;
    UnitFiler TargetConfirm: Draft -> Draft, Returned -> Returned;
    UnitFiler DeclarationSubmit: Draft -> DepartmentReview, Returned -> DepartmentReview;
    DepartmentReviewer DeclarationForward: DepartmentReview -> FinanceReview;
    DepartmentReviewer DeclarationReturn: DepartmentReview -> Returned;
    FinanceReviewer DeclarationReturn: FinanceReview -> Returned;
    FinanceReviewer DeclarationReject: FinanceReview -> Rejected;
    FinanceReviewer DeclarationAccept: FinanceReview -> PendingBudget;
    FinanceReviewer DeclarationApprove: PendingBudget -> Approved;
    FinanceReviewer DeclarationAgreedEdit: FinanceReview -> FinanceReview;
    UnitFiler AdjustmentOpen: Approved -> Approved;
    FinanceReviewer DeclarationClose: Approved -> Closed;
    UnitFiler DeclarationCarryOver: Closed -> Closed;
};

/// Lines that go before those of [`DECLARATION`] for a department without a review level of its own (rules 2.3).
pub const DECLARATION_WITHOUT_REVIEW_LEVEL: &[Transition<DeclarationStatus>] = transitions! { DeclarationStatus;
    UnitFiler DeclarationSubmit: Draft -> FinanceReview, Returned -> FinanceReview;
};

/// The state machine of adjustments. An approved one changes its declaration.
pub const ADJUSTMENT: &[Transition<AdjustmentStatus>] = transitions! { AdjustmentStatus;
    UnitFiler AdjustmentEdit: Draft -> Draft, Returned -> Returned;
    UnitFiler AdjustmentSubmit: Draft -> DepartmentReview, Returned -> DepartmentReview;
    UnitFiler AdjustmentWithdraw: Draft -> Withdrawn, Returned -> Withdrawn, DepartmentReview -> Withdrawn, FinanceReview -> Withdrawn;
    DepartmentReviewer AdjustmentForward: DepartmentReview -> FinanceReview;
    DepartmentReviewer AdjustmentReturn: DepartmentReview -> Returned;
    FinanceReviewer AdjustmentReturn: FinanceReview -> Returned;
    FinanceReviewer AdjustmentReject: FinanceReview -> Rejected;
    FinanceReviewer AdjustmentApprove: FinanceReview -> Approved;
};

/// As [`DECLARATION_WITHOUT_REVIEW_LEVEL`], for adjustments.
pub const ADJUSTMENT_WITHOUT_REVIEW_LEVEL: &[Transition<AdjustmentStatus>] = transitions! { AdjustmentStatus;
    UnitFiler AdjustmentSubmit: Draft -> FinanceReview, Returned -> FinanceReview;
};

/// The state machine of monitoring reports and self-evaluations.
pub const REPORT: &[Transition<ReportStatus>] = transitions! { ReportStatus;
    UnitFiler ActualValuesRecord: NotStarted -> Draft, Draft -> Draft, Returned -> Draft;
    UnitFiler EvidenceAdd: NotStarted -> Draft, Draft -> Draft, Returned -> Draft;
    UnitFiler EvidenceRemove: Draft -> Draft, Returned -> Draft;
    UnitFiler ReportSubmit: Draft -> DepartmentReview, Returned -> DepartmentReview;
    DepartmentReviewer ReportForward: DepartmentReview -> FinanceReview;
    DepartmentReviewer ReportReturn: DepartmentReview -> Returned;
    FinanceReviewer ReportReturn: FinanceReview -> Returned;
    FinanceReviewer ReportReview: FinanceReview -> FinanceReview;
    FinanceReviewer ReportAccept: FinanceReview -> Accepted;
    FinanceReviewer ReportSpotCheck: Accepted -> Accepted;
    FinanceReviewer RectificationRequest: FinanceReview -> FinanceReview, Accepted -> Accepted;
};

/// The state machine of rectifications, which runs beside the report's.
pub const RECTIFICATION: &[Transition<RectificationStatus>] = transitions! { RectificationStatus;
    UnitFiler RectificationRespond: Requested -> Responded, Reopened -> Responded;
    FinanceReviewer RectificationVerify: Responded -> Verified;
    FinanceReviewer RectificationReopen: Responded -> Reopened;
};

/// The state machine of publications. The department publishes (rules 2.1); who filed says where the data come from.
pub const PUBLICATION: &[Transition<PublicationStatus>] = transitions! { PublicationStatus;
    UnitFiler PublicationState: Pending -> Pending, Published -> Published, Corrected -> Corrected;
    DepartmentReviewer PublicationPublish: Pending -> Published;
    DepartmentReviewer PublicationCorrect: Published -> Corrected, Corrected -> Corrected;
    DepartmentReviewer PublicationWithhold: Pending -> Withheld, Published -> Withheld, Corrected -> Withheld;
};

/// Acts that depend on no state.
pub const STATELESS: &[(Role, Act)] = &[
    (Role::UnitFiler, Act::DeclarationImport),
    (Role::UnitFiler, Act::DeclarationCreate),
    (Role::Admin, Act::Administer),
    (Role::Admin, Act::AuditVerify),
    (Role::Auditor, Act::AuditVerify),
    (Role::Auditor, Act::AuditPackExport),
    (Role::UnitFiler, Act::PasswordChange),
    (Role::DepartmentReviewer, Act::PasswordChange),
    (Role::FinanceReviewer, Act::PasswordChange),
    (Role::Auditor, Act::PasswordChange),
    (Role::Admin, Act::PasswordChange),
    (Role::Admin, Act::AccessLogRead),
    (Role::Auditor, Act::AccessLogRead),
    // Who answers for a scheme, who checks by it and who stores it; never who is scored by it.
    (Role::FinanceReviewer, Act::SchemeWhatIf),
    (Role::Auditor, Act::SchemeWhatIf),
    (Role::Admin, Act::SchemeWhatIf),
    (Role::Auditor, Act::FindingDismiss),
    (Role::Auditor, Act::FindingReopen),
];

/// Roles that one person may not hold together: who administers neither files nor reviews.
pub const EXCLUSIVE: &[(Role, Role)] =
    &[(Role::Admin, Role::UnitFiler), (Role::Admin, Role::DepartmentReviewer), (Role::Admin, Role::FinanceReviewer)];

/// Whether nobody may hold both roles.
#[must_use]
pub fn exclude(one: Role, other: Role) -> bool {
    EXCLUSIVE.iter().any(|(a, b)| (*a, *b) == (one, other) || (*b, *a) == (one, other))
}

/// The roles that may ever do `act`.
#[must_use]
pub fn roles_of(act: Act) -> Vec<Role> {
    let holds = |role: &Role| {
        DECLARATION.iter().any(|line| line.act == act && line.role == *role)
            || REPORT.iter().any(|line| line.act == act && line.role == *role)
            || RECTIFICATION.iter().any(|line| line.act == act && line.role == *role)
            || ADJUSTMENT.iter().any(|line| line.act == act && line.role == *role)
            || PUBLICATION.iter().any(|line| line.act == act && line.role == *role)
            || STATELESS.contains(&(*role, act))
    };
    Role::ALL.iter().copied().filter(holds).collect()
}

/// Where `act` leads from `from`, `None` when the state does not allow it to any of `roles`.
#[must_use]
pub fn next<S: Copy + PartialEq>(table: &[Transition<S>], roles: &[Role], act: Act, from: S) -> Option<S> {
    table.iter().find(|line| line.act == act && line.from == from && roles.contains(&line.role)).map(|line| line.to)
}

impl AdjustmentStatus {
    /// Nothing leads out of it.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected | Self::Withdrawn)
    }
}

impl Period {
    /// Months that have passed at the default cut-off of the period (rules 2.4): July for mid-year.
    #[must_use]
    pub const fn default_months(self) -> u32 {
        match self {
            Self::FirstQuarter => 3,
            Self::MidYear => 7,
            Self::ThirdQuarter => 9,
            Self::YearEnd => 12,
        }
    }

    /// The periods that exist without any window.
    pub const ALWAYS: [Self; 2] = [Self::MidYear, Self::YearEnd];
}
