//! Which listing is exported, and with which arguments: those of the GraphQL field of the same listing, each as JSON or as
//! the bare text of a word, a code or a number.

use std::collections::BTreeMap;

use async_graphql::{ID, InputType, Value};
use jixiao_rules::cycle::Period;
use jixiao_rules::message::Message;
use jixiao_service::achievement::SummaryOrder;
use jixiao_service::ctx::{Actor, Ctx};
use jixiao_service::db::Db;
use jixiao_service::export::{Export, Exported, FormFormat, OfficialForm, form, open};
use jixiao_service::indicator::IndicatorOrder;

use crate::graphql::error::{ApiError, Result};
use crate::graphql::kind::{AchievementDimension, ReportingPeriod};
use crate::graphql::query::access::AccessFilter;
use crate::graphql::query::achievement::{AchievementFilter, AchievementSummaryOrder};
use crate::graphql::query::audit::seen_node;
use crate::graphql::query::declaration::DeclarationFilter;
use crate::graphql::query::finding::FindingFilter;
use crate::graphql::query::indicator::{IndicatorFilter, IndicatorOrderInput};
use crate::graphql::query::publication::PublicationFilter;

/// An export as it is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Name of the listing or form.
    pub listing: String,
    /// Ending of the file.
    pub format: String,
    /// Arguments by name.
    pub arguments: Vec<(String, String)>,
}

/// The file asked for.
///
/// # Errors
/// `UNAUTHENTICATED`; `NOT_FOUND` for no such listing, or an object that may not be seen; `BAD_USER_INPUT` for an argument that does not
/// fit; what the listing refuses.
pub async fn export(db: &Db, ctx: &Ctx, asked: Asked) -> Result<Exported> {
    if ctx.actor == Actor::Anonymous {
        return Err(ApiError::Unauthenticated);
    }
    if ["form", "monitoring-form", "self-evaluation-form"].contains(&asked.listing.as_str()) {
        return official(db, ctx, asked).await;
    }
    let format = asked.format.parse().map_err(|_| ApiError::NotFound)?;
    let told: Vec<String> = asked.arguments.iter().map(|(name, text)| format!("{name}={text}")).collect();
    let export = decode(db, ctx, &asked.listing, Arguments::of(asked.arguments)?).await?;
    Ok(open(db, ctx, export, format, told.join("&")).await?)
}

/// An official form, which is no listing.
async fn official(db: &Db, ctx: &Ctx, asked: Asked) -> Result<Exported> {
    let format: FormFormat = asked.format.parse().map_err(|_| ApiError::NotFound)?;
    let mut given = Arguments::of(asked.arguments)?;
    let department = given.take::<String>("departmentCode")?.ok_or_else(|| refused("departmentCode"))?;
    let year = given.take::<i32>("fiscalYear")?.ok_or_else(|| refused("fiscalYear"))?;
    let which = match asked.listing.as_str() {
        "monitoring-form" => {
            let period = given.take::<ReportingPeriod>("period")?.map_or(Period::MidYear, |period| period.0);
            if period == Period::YearEnd {
                return Err(refused("period"));
            }
            OfficialForm::Monitoring(period)
        }
        "self-evaluation-form" => OfficialForm::SelfEvaluation,
        _ => OfficialForm::Declaration,
    };
    given.end()?;
    form(db, ctx, (which, format), (&department, year)).await?.ok_or(ApiError::NotFound)
}

async fn decode(db: &Db, ctx: &Ctx, listing: &str, mut given: Arguments) -> Result<Export> {
    let export = match listing {
        "declarations" => Export::Declarations(given.or_default::<DeclarationFilter>("filter")?.into()),
        "indicators" => {
            let filter = given.or_default::<IndicatorFilter>("filter")?;
            let order = given.take::<IndicatorOrderInput>("orderBy")?;
            let order =
                order.map_or((IndicatorOrder::Id, false), |order| (order.field.0, order.direction.descending()));
            Export::Indicators(Box::new(filter.into()), order)
        }
        "achievement-summary" => {
            let filter = given.or_default::<AchievementFilter>("filter")?;
            let dimensions = given.or_default::<Vec<AchievementDimension>>("groupBy")?;
            let order = given.take::<AchievementSummaryOrder>("orderBy")?;
            let order = order.map_or((SummaryOrder::Key, false), |order| (order.field.0, order.direction.descending()));
            Export::AchievementSummary(filter.into(), dimensions.into_iter().map(Into::into).collect(), order)
        }
        "outstanding" => Export::Outstanding(given.take("fiscalYear")?),
        "audit-trail" => {
            let id = given.take::<ID>("nodeId")?.ok_or_else(|| refused("nodeId"))?;
            Export::AuditTrail(seen_node(db, ctx, &id).await?.ok_or(ApiError::NotFound)?)
        }
        "access-log" => Export::AccessLog(given.or_default::<AccessFilter>("filter")?.service()?),
        "rectifications" => Export::Rectifications(given.or_default::<DeclarationFilter>("filter")?.into()),
        "publications" => Export::Publications(given.or_default::<PublicationFilter>("filter")?.into()),
        "evidence" => Export::Evidence(given.or_default::<DeclarationFilter>("filter")?.into()),
        "findings" => Export::Findings(given.or_default::<FindingFilter>("filter")?.service()?),
        _ => return Err(ApiError::NotFound),
    };
    given.end()?;
    Ok(export)
}

fn refused(name: &str) -> ApiError {
    ApiError::BadUserInput(Message::new(format!("参数 {name} 无效"), format!("the argument {name} is not valid here")))
}

/// Arguments that were given and not yet taken.
struct Arguments(BTreeMap<String, String>);

impl Arguments {
    fn of(given: Vec<(String, String)>) -> Result<Self> {
        let mut arguments = BTreeMap::new();
        for (name, text) in given {
            if arguments.contains_key(&name) {
                return Err(refused(&name));
            }
            arguments.insert(name, text);
        }
        Ok(Self(arguments))
    }

    fn take<T: InputType>(&mut self, name: &str) -> Result<Option<T>> {
        let Some(text) = self.0.remove(name) else { return Ok(None) };
        let json = serde_json::from_str(&text).ok().and_then(|json| Value::from_json(json).ok());
        // A code of digits is a number in JSON, and a text where a text is wanted.
        let found = json.and_then(read).or_else(|| read(Value::String(text)));
        found.map(Some).ok_or_else(|| refused(name))
    }

    fn or_default<T: InputType + Default>(&mut self, name: &str) -> Result<T> {
        Ok(self.take(name)?.unwrap_or_default())
    }

    fn end(self) -> Result<()> {
        self.0.into_keys().next().map_or(Ok(()), |name| Err(refused(&name)))
    }
}

/// Reads a value whole: a field that the type does not know would otherwise be passed over, and a filter not be one.
fn read<T: InputType>(value: Value) -> Option<T> {
    let read = T::parse(Some(value.clone())).ok()?;
    knows(&read.to_value(), &value).then_some(read)
}

fn knows(known: &Value, given: &Value) -> bool {
    match (known, given) {
        (Value::Object(known), Value::Object(given)) => {
            given.iter().all(|(name, given)| known.get(name).is_some_and(|known| knows(known, given)))
        }
        (Value::List(known), Value::List(given)) => known.iter().zip(given).all(|(known, given)| knows(known, given)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take<T: InputType>(text: &str) -> Result<Option<T>> {
        Arguments::of(vec![("a".to_owned(), text.to_owned())])?.take("a")
    }

    #[test]
    fn arguments_are_json_or_bare() {
        let filter = take::<DeclarationFilter>("{\"fiscalYears\":[2024],\"statuses\":[\"APPROVED\"]}");
        let filter = filter.expect("reads").expect("given");
        assert_eq!(filter.fiscal_years, Some(vec![2024]));
        assert_eq!(take::<String>("440118").expect("reads"), Some("440118".to_owned()));
        assert_eq!(take::<i32>("2024").expect("reads"), Some(2024));
        assert_eq!(
            take::<Vec<AchievementDimension>>("[\"LEVEL1\",\"STATUS\"]").expect("reads").map(|all| all.len()),
            Some(2)
        );
        assert_eq!(take::<Vec<AchievementDimension>>("LEVEL1").expect("reads").map(|all| all.len()), Some(1));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for text in [
            "{\"fiscalYear\":2024}",
            "{\"statuses\":[\"GONE\"]}",
            "{\"fiscalYears\":[\"2024\"]}",
            "{",
            "approved",
            "[]",
        ] {
            assert!(take::<DeclarationFilter>(text).is_err(), "{text}");
        }
        let twice = vec![("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())];
        assert!(Arguments::of(twice).is_err());
        assert!(Arguments::of(vec![("b".to_owned(), "1".to_owned())]).expect("reads").end().is_err());
    }
}
