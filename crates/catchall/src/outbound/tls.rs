//! TLS: whose certificates are believed, and the greeting that checks them. TLS 1.2 and 1.3, never without a check.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Stream;

/// Whose certificates are believed.
#[derive(Clone)]
pub struct Trust {
    config: Arc<ClientConfig>,
}

impl Trust {
    /// Believes the public roots, and those in these files (PEM).
    ///
    /// # Errors
    /// When a file cannot be read or holds no certificate.
    pub fn new(roots: &[PathBuf]) -> Result<Trust> {
        let mut store = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        for path in roots {
            let place = || format!("`{}`, a file of certificates to trust", path.display());
            let all: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(path)
                .with_context(place)?
                .collect::<Result<_, _>>()
                .with_context(place)?;
            if all.is_empty() {
                return Err(anyhow!("it holds none")).with_context(place);
            }
            for one in all {
                store.add(one).with_context(place)?;
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(Trust {
            config: Arc::new(config),
        })
    }

    /// Greets the other side, which must be this one.
    ///
    /// # Errors
    /// When its certificate is not believed, has ended, or is made out to somebody else.
    pub(super) async fn greet(&self, name: &str, plain: TcpStream) -> Result<Box<dyn Stream>> {
        let named = ServerName::try_from(name.to_owned())
            .with_context(|| format!("`{name}` is no name for a certificate"))?;
        let connector = TlsConnector::from(self.config.clone());
        let stream = connector
            .connect(named, plain)
            .await
            .with_context(|| format!("no trusted connection to `{name}`"))?;
        Ok(Box::new(stream))
    }
}
