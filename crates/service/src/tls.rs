//! The cryptography of every TLS connection that this process opens.

/// Chooses ring, before the first HTTP client is made. Where somebody chose before, theirs it is.
pub fn choose() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
