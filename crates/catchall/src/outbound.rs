//! Outbound: the one way from the server to another machine: webhooks, and a provider of identities.
//!
//! An address is read ([`target`]), looked up once ([`resolve`]), and what was found is spoken to ([`connect`]), so that a name cannot turn
//! into another machine in between. Nobody follows a redirect. Loopback and private addresses are refused for targets that a user
//! named; what `serve` was started with may name them.
//!
//! TLS stands behind the feature `https`: its crates take their time to compile, and a server without a single `https://` target does not
//! need them. Certificates are checked against the public roots and those that `serve --ca` names.

#[cfg(feature = "https")]
mod tls;

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

#[cfg(feature = "https")]
pub use self::tls::Trust;

/// Whose certificates are believed: this build speaks no TLS, so nobody's.
#[cfg(not(feature = "https"))]
#[derive(Clone, Debug, Default)]
pub struct Trust;

#[cfg(not(feature = "https"))]
impl Trust {
    /// Believes nobody.
    ///
    /// # Errors
    /// When somebody is to be believed: the error says how to get a build that can.
    pub fn new(roots: &[std::path::PathBuf]) -> Result<Trust> {
        if !roots.is_empty() {
            bail!("`--ca`: {NO_TLS}");
        }
        Ok(Trust)
    }

    /// Greets nobody.
    async fn greet(&self, _name: &str, _plain: TcpStream) -> Result<Box<dyn Stream>> {
        bail!(NO_TLS)
    }
}

/// How to get a build that can.
#[cfg(not(feature = "https"))]
const NO_TLS: &str =
    "this build speaks no TLS; `cargo build --release --features team` makes one that does";

/// The parts of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whether it is spoken to with TLS.
    pub tls: bool,
    /// Host and port, as in `host:8080`.
    pub host: String,
    /// The path, with what stands behind the `?`.
    pub path: String,
}

impl Target {
    /// What the header `host` says: the port where it is not the usual one.
    pub fn authority(&self) -> &str {
        let usual = if self.tls { ":443" } else { ":80" };
        self.host.strip_suffix(usual).unwrap_or(&self.host)
    }

    /// The host alone: what a certificate must be made out to.
    pub fn name(&self) -> &str {
        let name = self.host.rsplit_once(':').map_or("", |(name, _)| name);
        name.trim_start_matches('[').trim_end_matches(']')
    }
}

/// Both ways of a connection.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Reads an address.
///
/// # Errors
/// When it is none that can be spoken to, or not by this build.
pub fn target(url: &str) -> Result<Target> {
    let (tls, rest) = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
        (Some(rest), _) => (false, rest),
        (None, Some(rest)) => (true, rest),
        (None, None) => bail!("`{url}` begins with neither `https://` nor `http://`"),
    };
    #[cfg(not(feature = "https"))]
    if tls {
        bail!("`{url}`: {NO_TLS}, or put a proxy in front of it that takes plain HTTP");
    }
    let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let clean = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if host.is_empty()
        || host.contains(['@', '?'])
        || !clean(host)
        || !clean(path)
        || path.contains('#')
    {
        bail!("`{url}` is no address of a target; write `https://host:port/path`");
    }
    let has_port = host
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    Ok(Target {
        tls,
        host: match (has_port, tls) {
            (true, _) => host.to_owned(),
            (false, true) => format!("{host}:443"),
            (false, false) => format!("{host}:80"),
        },
        path: path.to_owned(),
    })
}

/// Speaks to the first address that answers, of those that were looked up.
///
/// # Errors
/// When nobody listens there, or the other side's certificate is not believed.
pub async fn connect(
    target: &Target,
    addresses: &[SocketAddr],
    trust: &Trust,
) -> Result<Box<dyn Stream>> {
    let plain = TcpStream::connect(addresses)
        .await
        .context("cannot connect")?;
    if !target.tls {
        return Ok(Box::new(plain));
    }
    trust.greet(target.name(), plain).await
}

/// Whether an address belongs to this machine, to a private network, or to nobody.
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b))
        }
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            v6.to_ipv4_mapped()
                .is_some_and(|v4| is_private(IpAddr::V4(v4)))
                || v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || (first & 0xfe00) == 0xfc00
                || (first & 0xffc0) == 0xfe80
                || (first == 0x0064 && second == 0xff9b)
                || (first == 0x2001 && second == 0x0db8)
                || first == 0x2002
        }
    }
}

/// The addresses to speak to; never none.
///
/// # Errors
/// When the name is not known, or leads to this machine or a private network and is not allowed by name.
pub async fn resolve(target: &Target, allowed: &[String]) -> Result<Vec<SocketAddr>> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host(&target.host)
        .await
        .with_context(|| format!("`{}` is not known", target.host))?
        .collect();
    let by_name = allowed.contains(&target.host);
    if !by_name && found.iter().any(|address| is_private(address.ip())) {
        bail!(
            "`{}` is an address of this machine or of a private network; `serve --webhook-target {}` allows it",
            target.host,
            target.host
        );
    }
    if found.is_empty() {
        bail!("`{}` has no address", target.host);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_not_the_open_network_are_told_apart() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for open in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "2606:4700::1111",
        ] {
            assert!(!is_private(open.parse().unwrap()), "{open}");
        }
    }

    #[test]
    fn a_target_is_http_with_a_host() {
        let read = target("http://example.org/hook?x=1").unwrap();
        assert_eq!(
            (read.host.as_str(), read.path.as_str()),
            ("example.org:80", "/hook?x=1")
        );
        assert_eq!(
            target("http://example.org:9000").unwrap().host,
            "example.org:9000"
        );
        for wrong in [
            "http://a?b",
            "http://",
            "http://a@b/",
            "http://a b/",
            "ftp://x",
            "http://a/\r\nx: y",
        ] {
            assert!(target(wrong).is_err(), "{wrong}");
        }
    }
    #[cfg(feature = "https")]
    #[test]
    fn a_target_with_tls_has_its_own_port_and_a_name_to_check() {
        let read = target("https://example.org/hook").unwrap();
        assert_eq!(
            (read.tls, read.host.as_str(), read.name()),
            (true, "example.org:443", "example.org")
        );
        assert_eq!(target("https://[::1]:8443/").unwrap().name(), "::1");
    }

    #[cfg(not(feature = "https"))]
    #[test]
    fn a_build_without_tls_says_how_to_get_one_with_it() {
        let said = target("https://example.org/").unwrap_err().to_string();
        assert!(said.contains("--features team"), "{said}");
        assert!(Trust::new(&["ca.pem".into()]).is_err());
        assert!(Trust::new(&[]).is_ok());
    }
}
