//! What can go wrong: few kinds, and an internal error carries its cause, not its text.

use jixiao_rules::kind::vocabulary_words;
use jixiao_rules::message::Message;
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

vocabulary_words! {
    /// Code of something the user can mend.
    UserErrorCode {
        InvalidValue = "INVALID_VALUE", "值无效", "the value is not valid";
        Required = "REQUIRED", "必填", "a value is needed";
        TooLong = "TOO_LONG", "过长", "too long";
        NotFound = "NOT_FOUND", "不存在", "not found";
        Conflict = "CONFLICT", "已被他人修改", "changed by somebody else";
        AlreadyExists = "ALREADY_EXISTS", "已存在", "exists already";
        WrongState = "WRONG_STATE", "当前状态不允许", "not in this state";
        WindowClosed = "WINDOW_CLOSED", "不在填报期内", "the reporting window is closed";
        InvalidCredentials = "INVALID_CREDENTIALS", "用户名或密码错误", "wrong name or password";
        InvalidToken = "INVALID_TOKEN", "令牌无效", "the token is not valid";
        Blocked = "BLOCKED", "存在必须更正的问题", "a check of severity ERROR blocks this";
        NotReadable = "NOT_READABLE", "无法识别", "cannot be read";
        ReasonRequired = "REASON_REQUIRED", "需要说明理由", "a reason is needed";
        ScoreOutOfBand = "SCORE_OUT_OF_BAND", "得分超出区间", "the score is outside its band";
        IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED", "幂等键已用于其他内容", "the idempotency key was used with another input";
        FormRefused = "FORM_REFUSED", "申报表无法导入", "the form cannot be imported";
        FileRefused = "FILE_REFUSED", "文件不被接受", "the file is not accepted";
        LimitExceeded = "LIMIT_EXCEEDED", "超出限制", "over a limit";
    }
}

/// Something the user can mend: a code, the path into the input, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Code.
    pub code: UserErrorCode,
    /// Path into the input, list indexes included.
    pub field: Vec<String>,
    /// For people.
    pub message: Message,
}

impl Violation {
    /// A violation at `field`, a path with dots such as `input.entries.3.text`; empty for the whole input.
    pub fn new(code: UserErrorCode, field: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let field = field.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { code, field, message: Message::new(zh, en) }
    }

    /// Unknown and unseen are the same.
    #[must_use]
    pub fn not_found(field: &str) -> Self {
        Self::new(UserErrorCode::NotFound, field, "不存在或无权查看", "not found")
    }
}

/// Why a read or command did not succeed.
#[derive(Debug)]
pub enum ServiceError {
    /// Nobody is signed in.
    Unauthenticated,
    /// Seen, but not allowed.
    Forbidden,
    /// What the user can mend.
    Invalid(Vec<Violation>),
    /// Everything else; its text is for the log only.
    Internal(anyhow::Error),
}

/// Result of every function of the service.
pub type Result<T, E = ServiceError> = std::result::Result<T, E>;

impl ServiceError {
    /// One violation.
    pub fn invalid(code: UserErrorCode, field: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation::new(code, field, zh, en)])
    }

    /// Unknown and unseen are the same.
    #[must_use]
    pub fn not_found(field: &str) -> Self {
        Self::Invalid(vec![Violation::not_found(field)])
    }
}

impl From<Violation> for ServiceError {
    fn from(violation: Violation) -> Self {
        Self::Invalid(vec![violation])
    }
}

impl From<DbErr> for ServiceError {
    fn from(error: DbErr) -> Self {
        Self::Internal(error.into())
    }
}

impl From<anyhow::Error> for ServiceError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<serde_json::Error> for ServiceError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.into())
    }
}
