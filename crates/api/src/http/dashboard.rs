//! The dashboard: static files that are part of the program. Where they were not built there are none, and the service goes
//! without.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

/// `dashboard/dist`, as it was when the program was built; an unoptimised program reads the files each time.
#[derive(RustEmbed)]
#[folder = "../../dashboard/dist"]
#[allow_missing = true]
struct Files;

/// What a page may do: its own scripts, styles and images, and requests to where it comes from. Nothing inline, no other host.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Files whose names change with their content.
const HASHED: &str = "assets/";
const INDEX: &str = "index.html";

/// Whether this program has a dashboard.
pub fn is_here() -> bool {
    Files::get(INDEX).is_some()
}

/// A file of the dashboard; for the address of any of its pages, the page that shows them all.
pub(super) async fn serve(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let (file, name) = match Files::get(path) {
        Some(file) => (file, path),
        // What a page names and is not there is missing, not a page.
        None if path.starts_with(HASHED) => return StatusCode::NOT_FOUND.into_response(),
        None => match Files::get(INDEX) {
            Some(file) => (file, INDEX),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    let kept = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers: [(HeaderName, HeaderValue); 5] = [
        (CONTENT_TYPE, HeaderValue::from_static(media(name))),
        (CACHE_CONTROL, HeaderValue::from_static(kept)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (headers, file.data.into_owned()).into_response()
}

fn media(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
