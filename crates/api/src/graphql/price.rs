//! What an operation costs, known before it is executed, and whether it fits the schema.
//!
//! The library tells both only to an extension, and an extension slows every field of every answer. So the schema is built
//! twice: one copy, here, checks and prices and never executes; the other executes what this one has let through.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation};
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{
    ObjectType, Request, Schema, SchemaBuilder, ServerError, SubscriptionType, ValidationResult, Variables,
};

/// A schema that prices and never executes.
pub struct Pricing<Q, M, S>(Schema<Q, M, S>);

impl<Q: ObjectType + 'static, M: ObjectType + 'static, S: SubscriptionType + 'static> Pricing<Q, M, S> {
    /// Of the schema that is executed, built anew.
    #[must_use]
    pub fn new(schema: SchemaBuilder<Q, M, S>) -> Self {
        Self(schema.extension(Teller).finish())
    }

    /// The price of a document with these variables.
    ///
    /// # Errors
    /// What does not fit the schema.
    pub async fn price(
        &self,
        document: &ExecutableDocument,
        operation_name: Option<&str>,
        variables: &Variables,
    ) -> Result<u64, Vec<ServerError>> {
        let told = Arc::new(AtomicU64::new(UNTOLD));
        let mut request = Request::new("").variables(variables.clone()).data(Price(Arc::clone(&told)));
        request.operation_name = operation_name.map(str::to_owned);
        request.set_parsed_query(document.clone());
        let refused = self.0.execute(request).await.errors;
        match told.load(Ordering::Relaxed) {
            UNTOLD => Err(refused),
            price => Ok(price),
        }
    }
}

const UNTOLD: u64 = u64::MAX;

struct Price(Arc<AtomicU64>);

struct Teller;

impl ExtensionFactory for Teller {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Teller {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let found = next.run(ctx).await?;
        if let Some(Price(told)) = ctx.data_opt::<Price>() {
            told.store(u64::try_from(found.complexity).unwrap_or(UNTOLD - 1).min(UNTOLD - 1), Ordering::Relaxed);
        }
        // Without errors, and yet not executed.
        Err(Vec::new())
    }
}
