//! Load: how many assessments a second a running server answers, against the bare framework's echo on the same machine in the
//! same run with the same connections and the same bytes.
//!
//! Usage: `load ADDRESS TOKEN TRANSFER.json [CONNECTIONS] [SECONDS] [QUERY]`. It measures echo, the server, echo and the server again,
//! each as fast as the connections allow; then the server at half its own rate, for the times of single answers. Times are taken
//! from when a request was due, not from when it was sent, so that a stall counts for all who waited. The driver shares the cores
//! with the server: the ratio counts, not the figures.

#![forbid(unsafe_code)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// What came of a run.
struct Run {
    answered: usize,
    failed: usize,
    seconds: f64,
    times: Vec<Duration>,
}

impl Run {
    fn rate(&self) -> f64 {
        self.answered as f64 / self.seconds
    }

    fn at(&self, share: f64) -> f64 {
        let place =
            ((self.times.len() as f64 * share) as usize).min(self.times.len().saturating_sub(1));
        self.times
            .get(place)
            .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }

    fn told(&self, what: &str) {
        println!(
            "{what}: {:.0} a second, {} answered, {} failed; p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
            self.rate(),
            self.answered,
            self.failed,
            self.at(0.5),
            self.at(0.99),
            self.at(1.0)
        );
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [address, token, file, rest @ ..] = args.as_slice() else {
        return Err(
            "usage: load ADDRESS TOKEN TRANSFER.json [CONNECTIONS] [SECONDS] [QUERY]".into(),
        );
    };
    let address: SocketAddr = address.parse()?;
    let body = std::fs::read(file)?;
    let connections: usize = rest.first().map_or(Ok(16), |text| text.parse())?;
    let seconds: u64 = rest.get(1).map_or(Ok(10), |text| text.parse())?;
    let query = rest.get(2).map_or("?record=false", String::as_str);
    let request = |path: &str, body: &[u8]| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: load\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    let ask = request(&format!("/v1/assess{query}"), &body);
    let (length, status) = one(address, &ask)?;
    if status != 200 {
        return Err(format!("the server answered {status}").into());
    }
    // Echo gives back as many bytes as an answer has, so that both pay the same for the wire.
    let echo = echo_server()?;
    let same = request("/echo", &vec![b'x'; length]);
    let small = request("/echo", &body);
    println!(
        "{connections} connections, {seconds} s each; a transfer of {} bytes, an answer of {length}",
        body.len()
    );
    let span = Duration::from_secs(seconds);
    let mut rates = [[0.0; 3]; 2];
    for rate in &mut rates {
        for (place, (what, to, bytes)) in [
            ("echo of the transfer", echo, &small),
            ("echo of an answer's length", echo, &same),
            ("assess", address, &ask),
        ]
        .into_iter()
        .enumerate()
        {
            let run = drive(to, bytes, connections, span, None);
            run.told(what);
            rate[place] = run.rate();
        }
    }
    let mean = |place: usize| (rates[0][place] + rates[1][place]) / 2.0;
    println!(
        "assess is {:.0} % of the echo of the transfer, {:.0} % of the echo of an answer's length",
        mean(2) / mean(0) * 100.0,
        mean(2) / mean(1) * 100.0
    );
    drive(address, &ask, connections, span, Some(mean(2) / 2.0)).told("assess at half that rate");
    Ok(())
}

/// The framework alone: a body in, the same body out.
fn echo_server() -> Result<SocketAddr, Box<dyn std::error::Error>> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    std::thread::spawn(move || {
        runtime.block_on(async move {
            let app = axum::Router::new().route(
                "/echo",
                axum::routing::post(|body: axum::body::Bytes| async { body }),
            );
            if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                let _ = axum::serve(listener, app).await;
            }
        });
    });
    Ok(address)
}

fn one(address: SocketAddr, request: &[u8]) -> Result<(usize, u16), Box<dyn std::error::Error>> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request)?;
    let mut kept = Vec::new();
    answer(&mut stream, &mut kept).ok_or_else(|| "no answer".into())
}

/// Reads one answer off a connection: the length of its body, and its status.
fn answer(stream: &mut TcpStream, kept: &mut Vec<u8>) -> Option<(usize, u16)> {
    let mut part = [0_u8; 1 << 16];
    loop {
        if let Some(end) = kept.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&kept[..end]).to_lowercase();
            let status = head.get(9..12)?.parse().ok()?;
            let length: usize = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))?
                .parse()
                .ok()?;
            while kept.len() < end + 4 + length {
                let count = stream.read(&mut part).ok().filter(|count| *count > 0)?;
                kept.extend_from_slice(&part[..count]);
            }
            kept.drain(..end + 4 + length);
            return Some((length, status));
        }
        let count = stream.read(&mut part).ok().filter(|count| *count > 0)?;
        kept.extend_from_slice(&part[..count]);
    }
}

/// All connections at once; as fast as they can, or at a rate.
fn drive(
    address: SocketAddr,
    request: &[u8],
    connections: usize,
    span: Duration,
    rate: Option<f64>,
) -> Run {
    let begun = Instant::now();
    let parts: Vec<(usize, usize, Vec<Duration>)> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..connections)
            .map(|number| {
                scope.spawn(move || {
                    connection(
                        address,
                        request,
                        begun,
                        span,
                        rate.map(|rate| rate / connections as f64),
                        number,
                    )
                })
            })
            .collect();
        running
            .into_iter()
            .filter_map(|one| one.join().ok())
            .collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    let mut times: Vec<Duration> = parts
        .iter()
        .flat_map(|part| part.2.iter().copied())
        .collect();
    times.sort_unstable();
    Run {
        answered: parts.iter().map(|part| part.0).sum(),
        failed: parts.iter().map(|part| part.1).sum(),
        seconds,
        times,
    }
}

fn connection(
    address: SocketAddr,
    request: &[u8],
    begun: Instant,
    span: Duration,
    rate: Option<f64>,
    number: usize,
) -> (usize, usize, Vec<Duration>) {
    let (mut answered, mut failed, mut times) = (0, 0, Vec::new());
    let Ok(mut stream) = TcpStream::connect(address) else {
        return (0, 1, times);
    };
    let _ = stream.set_nodelay(true);
    let mut kept = Vec::new();
    let gap = rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
    let mut due = begun + gap.unwrap_or_default().mul_f64(number as f64 / 16.0);
    while begun.elapsed() < span {
        let from = match gap {
            None => Instant::now(),
            Some(gap) => {
                let now = Instant::now();
                if due > now {
                    std::thread::sleep(due - now);
                }
                due += gap;
                due - gap
            }
        };
        let done = stream
            .write_all(request)
            .is_ok()
            .then(|| answer(&mut stream, &mut kept))
            .flatten();
        match done {
            Some((_, 200)) => answered += 1,
            Some(_) => failed += 1,
            None => return (answered, failed + 1, times),
        }
        times.push(from.elapsed());
    }
    (answered, failed, times)
}
