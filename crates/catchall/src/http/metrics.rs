//! `/metrics`: counts and times in the text form that Prometheus reads. No label says whom a request was about.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Response, header};

use crate::app::{App, held};

/// Upper ends of the buckets of times, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 10.0];

/// What was counted since the start.
#[derive(Default)]
pub struct Metrics {
    requests: Mutex<BTreeMap<(String, String), Times>>,
    counts: Mutex<BTreeMap<(&'static str, String), u64>>,
}

#[derive(Default)]
struct Times {
    by_status: BTreeMap<u16, u64>,
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let seconds = took.as_secs_f64();
        // Whatever a client invents as a method is counted together.
        let method = match method {
            "GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "OPTIONS" | "PATCH" => method,
            _ => "other",
        };
        let mut all = held(&self.requests);
        let times = all
            .entry((route.to_owned(), method.to_owned()))
            .or_default();
        *times.by_status.entry(status).or_default() += 1;
        times.count += 1;
        times.seconds += seconds;
        for (bucket, end) in times.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(seconds <= end);
        }
    }

    /// Something was counted: determinations by outcome, rejects, logins, deliveries.
    pub fn count(&self, what: &'static str, label: &str, by: u64) {
        *held(&self.counts)
            .entry((what, label.to_owned()))
            .or_default() += by;
    }

    fn text(&self, to: &mut String) {
        let all = held(&self.requests);
        to.push_str("# TYPE catchall_http_requests_total counter\n");
        for ((route, method), times) in all.iter() {
            for (status, count) in &times.by_status {
                let _ = writeln!(
                    to,
                    "catchall_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}"
                );
            }
        }
        to.push_str("# TYPE catchall_http_seconds histogram\n");
        for ((route, method), times) in all.iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\"");
            for (count, end) in times.buckets.iter().zip(BUCKETS) {
                let _ = writeln!(
                    to,
                    "catchall_http_seconds_bucket{{{labels},le=\"{end}\"}} {count}"
                );
            }
            let _ = writeln!(
                to,
                "catchall_http_seconds_bucket{{{labels},le=\"+Inf\"}} {}",
                times.count
            );
            let _ = writeln!(
                to,
                "catchall_http_seconds_sum{{{labels}}} {}",
                times.seconds
            );
            let _ = writeln!(
                to,
                "catchall_http_seconds_count{{{labels}}} {}",
                times.count
            );
        }
        let counts = held(&self.counts);
        let mut last = "";
        for ((what, label), count) in counts.iter() {
            if *what != last {
                let _ = writeln!(to, "# TYPE catchall_{what}_total counter");
                last = what;
            }
            let _ = writeln!(to, "catchall_{what}_total{{kind=\"{label}\"}} {count}");
        }
    }
}

/// Everything that was counted, and how things stand now.
pub async fn metrics(State(app): State<Arc<App>>) -> Response<Body> {
    let mut text = String::new();
    app.metrics.text(&mut text);
    let current = app.current();
    let (held, problems) = current.assessor.lists();
    text.push_str("# TYPE catchall_list_age_days gauge\n");
    let today = crate::load::today();
    for list in held {
        if let Some(day) = list.day {
            let age = today.number() - day.number();
            let _ = writeln!(
                text,
                "catchall_list_age_days{{list=\"{}\"}} {age}",
                list.list
            );
        }
    }
    text.push_str("# TYPE catchall_list_problems gauge\n");
    let _ = writeln!(text, "catchall_list_problems {}", problems.len());
    text.push_str("# TYPE catchall_sessions gauge\n");
    let _ = writeln!(text, "catchall_sessions {}", app.sessions.count());
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"),
    );
    response
}
