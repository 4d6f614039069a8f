//! Log lines, as text or JSON, on the standard error; panics are log lines too. And, where a collector is named, traces.

use std::io::IsTerminal as _;

use anyhow::Context;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::config::LogFormat;

/// Traces on their way to a collector: what is left is sent when this is dropped.
pub struct Traces(SdkTracerProvider);

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "the last traces did not reach the collector");
        }
    }
}

/// Installs the subscriber of this process, and a panic hook that writes through it (within the span of the request). Traces go
/// to the OTLP collector at this address, if any.
///
/// # Errors
/// When the filter or the address cannot be read, or a subscriber is there already.
pub fn install(format: LogFormat, filter: &str, collector: Option<&str>) -> anyhow::Result<Option<Traces>> {
    let filter = EnvFilter::try_new(filter).context("log_filter")?;
    // Colours are for a terminal: in a file or a collector they are noise.
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colours);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let traces = collector.map(provider).transpose()?;
    let spans = traces.as_ref().map(|Traces(provider)| {
        // Our own, whatever the log leaves out; events are in the log.
        let ours = Targets::new().with_target("jixiao_api", LevelFilter::INFO);
        tracing_opentelemetry::layer().with_tracer(provider.tracer("jixiao")).with_filter(ours)
    });
    let installed = tracing_subscriber::registry().with(lines.with_filter(filter)).with(spans).try_init();
    installed.map_err(|error| anyhow::anyhow!("logging: {error}"))?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let text = panic.payload_as_str().unwrap_or("unknown");
        tracing::error!(place, text, "panic");
    }));
    Ok(traces)
}

fn provider(collector: &str) -> anyhow::Result<Traces> {
    jixiao_service::tls::choose();
    let endpoint = format!("{}/v1/traces", collector.trim_end_matches('/'));
    let exporter = SpanExporter::builder().with_http().with_endpoint(endpoint).build().context("otlp_endpoint")?;
    let resource = Resource::builder().with_service_name("jixiao").build();
    Ok(Traces(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
}
