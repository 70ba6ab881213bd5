//! Engines: the same provisions in three engines, equal answers asserted, nanoseconds a decision, growth.

use std::hint::black_box;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use catchall_law::{Decision, Facts, Reached, Scratch};
use catchall_model::Effect;
use cedar_policy::Request;

use crate::Asked;
use crate::cedar::Cedar;
use crate::clock::{Timing, time};
use crate::further;
use crate::ours::{Ours, overall};
use crate::random::Random;
use crate::rego::Rego;
use crate::report::{Bar, Report, number};
use crate::transfer::{self, Plain};

/// Provisions written by hand.
pub const BY_HAND: usize = 12;

/// Bars by size: masks only and explained, in nanoseconds.
fn bars(provisions: usize) -> (Option<Bar>, Option<Bar>) {
    match provisions {
        BY_HAND => (Some(Bar::AtMost(100.0)), Some(Bar::AtMost(3_000.0))),
        5_000 => (Some(Bar::AtMost(1_000.0)), Some(Bar::AtMost(10_000.0))),
        _ => (None, None),
    }
}

/// What ours took at one size.
pub struct OurTimes {
    masks: Timing,
    explained: Timing,
    columns: Timing,
}

/// Transfers with every fact known; the same in every run.
pub fn transfers(count: usize) -> Vec<Plain> {
    let mut random = Random::new(0xca7c_4a11);
    (0..count)
        .map(|_| transfer::complete(&mut random))
        .collect()
}

/// Section 1: equal answers, and what happens when facts are missing.
pub fn equal_answers(report: &mut Report, asked: &Asked) {
    let plain = transfers(asked.transfers);
    report.section(format!(
        "1. Equal answers: {BY_HAND} provisions written three times, {} transfers",
        number(plain.len() as f64)
    ));
    let ours = Ours::new(&[]);
    let mut rego = Rego::new(&[]).unwrap_or_else(|error| panic!("{error}"));
    let cedar = Cedar::new(&[]).unwrap_or_else(|error| panic!("{error}"));
    let (mut scratch, mut reached) = (Scratch::default(), Vec::new());
    let mut counts = [0usize; Effect::ALL.len()];
    for each in &plain {
        let answer = agreed(each, &ours, &mut rego, &cedar, &mut scratch, &mut reached);
        counts[answer.level()] += 1;
    }
    let shown: Vec<String> = Effect::ALL
        .iter()
        .zip(counts)
        .map(|(effect, count)| format!("{} {effect}", number(count as f64)))
        .collect();
    report.words(format!(
        "all facts known: all three engines give the same outcome for every transfer ({})",
        shown.join(", ")
    ));
    missing_facts(report, &plain, &ours, &mut rego, &cedar);
}

/// The outcome that all three give, or a stop.
fn agreed(
    plain: &Plain,
    ours: &Ours,
    rego: &mut Rego,
    cedar: &Cedar,
    scratch: &mut Scratch,
    reached: &mut Vec<Reached>,
) -> Effect {
    let facts = ours.facts(plain);
    ours.program.reach(&facts, scratch, reached);
    let (sure, most) = overall(reached);
    assert_eq!(
        sure, most,
        "a transfer with every fact known is left open: {plain:?}"
    );
    let by_rego = rego.decide(rego.input(plain));
    assert_eq!(sure, by_rego, "Rego answers otherwise than ours: {plain:?}");
    let (by_cedar, error) = cedar.decide(&cedar.request(plain));
    assert!(
        !error,
        "Cedar skipped a policy although every fact is known: {plain:?}"
    );
    assert_eq!(
        sure, by_cedar,
        "Cedar answers otherwise than ours: {plain:?}"
    );
    sure
}

/// What the peers say where the answer hangs on a missing fact.
fn missing_facts(
    report: &mut Report,
    plain: &[Plain],
    ours: &Ours,
    rego: &mut Rego,
    cedar: &Cedar,
) {
    let mut random = Random::new(0x0f_0f0f);
    let mut scratch = Scratch::default();
    let (mut lacking, mut open) = (0usize, 0usize);
    let mut rego_counts = Wrong::default();
    let mut cedar_counts = Wrong::default();
    for whole in plain {
        let left = transfer::punched(whole, 15, &mut random);
        if left.missing() == 0 {
            continue;
        }
        lacking += 1;
        let (least, most) = ours.exact(&ours.facts(&left), &mut scratch);
        open += usize::from(least != most);
        rego_counts.take(least, most, rego.decide(rego.input(&left)), false);
        let (by_cedar, error) = cedar.decide(&cedar.request(&left));
        cedar_counts.take(least, most, by_cedar, error);
    }
    report.words(format!(
        "each fact deleted in 15 % of cases: {} transfers lack a fact; in {} the answer hangs on it, and ours says so",
        number(lacking as f64),
        number(open as f64)
    ));
    for (name, counts) in [("regorus", rego_counts), ("cedar", cedar_counts)] {
        let diagnostic = if counts.error > 0 {
            format!(
                "; {} of these carry an error that a caller may look at",
                number(counts.error as f64)
            )
        } else {
            String::new()
        };
        report.words(format!(
            "{name}, obvious use: of these {}, {} are allowed to go ahead, {} more are given less than the facts may bring{diagnostic}; {} decided ones are wrong",
            number(open as f64),
            number(counts.go_ahead as f64),
            number(counts.milder as f64),
            number(counts.decided_wrong as f64)
        ));
    }
}

/// How an engine without "not known" answers where facts are missing.
#[derive(Default)]
struct Wrong {
    go_ahead: usize,
    milder: usize,
    error: usize,
    decided_wrong: usize,
}

impl Wrong {
    fn take(&mut self, least: Effect, most: Effect, answer: Effect, error: bool) {
        if least == most {
            self.decided_wrong += usize::from(answer != least);
        } else if answer <= Effect::CoveredByLicence {
            self.go_ahead += 1;
            self.error += usize::from(error);
        } else if answer < most {
            self.milder += 1;
            self.error += usize::from(error);
        }
    }
}

/// Section 2: nanoseconds a decision at twelve provisions.
pub fn one_decision(report: &mut Report, asked: &Asked) -> OurTimes {
    report.section(format!(
        "2. One decision, {BY_HAND} provisions, {} transfers",
        number(asked.transfers as f64)
    ));
    let plain = transfers(asked.transfers);
    let ours = our_times(report, asked, BY_HAND, &plain);
    peer_times(report, asked, BY_HAND, &plain, &plain, &ours);
    crate::columnar::growth(report, asked);
    ours
}

/// Section 3: the same with more provisions.
pub fn growth(report: &mut Report, asked: &Asked, small: &OurTimes) {
    report.section("3. Growth: 512 provisions, most of which do not concern the transfer");
    let plain = transfers(asked.transfers);
    let middle = our_times(report, asked, 512, &plain);
    let sample = &plain[..plain.len().min(1_000)];
    peer_times(report, asked, 512, sample, sample, &middle);
    report.section("3b. Growth: 5,000 provisions");
    let large = our_times(report, asked, 5_000, &plain);
    for (name, then, now) in [
        ("masks only", small.masks, large.masks),
        ("with explanation", small.explained, large.explained),
        ("in columns", small.columns, large.columns),
    ] {
        report.figure(
            format!("growth.ours.{}", name.replace(' ', "_")),
            format!("ours, {name}: 5,000 provisions against {BY_HAND}"),
            now.best / then.best,
            "times",
            None,
            "",
        );
    }
}

/// The peers at 5,000 provisions: last of all, since they may not end and would disturb what follows.
pub fn peers_at_scale(report: &mut Report, asked: &Asked) {
    report.section("3c. Peers at 5,000 provisions, each given a minute".to_owned());
    let count = asked.transfers.min(100);
    let (passes, plain) = (asked.passes.min(3), transfers(count));
    let expected: Vec<Effect> = {
        let ours = Ours::new(&further::make(5_000 - BY_HAND));
        let (mut scratch, mut reached) = (Scratch::default(), Vec::new());
        plain
            .iter()
            .map(|each| {
                ours.program
                    .reach(&ours.facts(each), &mut scratch, &mut reached);
                overall(&reached).0
            })
            .collect()
    };
    for peer in ["regorus", "cedar"] {
        let (plain, expected) = (plain.clone(), expected.clone());
        let (tell, told) = channel();
        // Left behind when it does not end: the process ends soon after.
        std::thread::Builder::new()
            .stack_size(256 << 20)
            .spawn(move || {
                let more = further::make(5_000 - BY_HAND);
                let timing = match peer {
                    "regorus" => Rego::new(&more).map(|mut rego| {
                        let inputs: Vec<regorus::Value> =
                            plain.iter().map(|each| rego.input(each)).collect();
                        for (input, expected) in inputs.iter().zip(&expected) {
                            assert_eq!(
                                rego.decide(input.clone()),
                                *expected,
                                "Rego answers otherwise than ours at 5,000 provisions"
                            );
                        }
                        time(passes, inputs.len(), || {
                            for_each(&inputs, |input| rego.decide(input.clone()))
                        })
                    }),
                    _ => Cedar::new(&more).map(|cedar| {
                        let requests: Vec<Request> =
                            plain.iter().map(|each| cedar.request(each)).collect();
                        for (request, expected) in requests.iter().zip(&expected) {
                            assert_eq!(
                                cedar.decide(request).0,
                                *expected,
                                "Cedar answers otherwise than ours at 5,000 provisions"
                            );
                        }
                        time(passes, requests.len(), || {
                            for_each(&requests, |request| cedar.decide(request))
                        })
                    }),
                };
                let _ = tell.send(timing);
            })
            .expect("a thread");
        match told.recv_timeout(Duration::from_secs(60)) {
            Ok(Ok(timing)) => report.figure(
                format!("5000.{peer}.eval"),
                format!("{peer}, eval"),
                timing.best,
                "ns",
                None,
                median(timing),
            ),
            Ok(Err(error)) => report.words(format!(
                "{peer}: does not take 5,000 provisions: {}",
                error.chars().take(160).collect::<String>()
            )),
            Err(RecvTimeoutError::Timeout) => {
                report.words(format!("{peer}: not ended within a minute"))
            }
            Err(RecvTimeoutError::Disconnected) => {
                report.words(format!("{peer}: stopped; see the message above"))
            }
        }
    }
}

fn our_times(report: &mut Report, asked: &Asked, provisions: usize, plain: &[Plain]) -> OurTimes {
    let ours = Ours::new(&further::make(provisions - BY_HAND));
    assert_eq!(
        ours.program.len(),
        provisions,
        "the measured law has as many provisions as said"
    );
    let (masks_bar, explained_bar) = bars(provisions);
    let facts: Vec<Facts> = plain.iter().map(|each| ours.facts(each)).collect();
    let (mut scratch, mut reached, mut decision) =
        (Scratch::default(), Vec::new(), Decision::default());
    let id = |what: &str| format!("{provisions}.ours.{what}");
    let label = |what: &str| format!("ours, {what}");
    let masks = time(asked.passes, facts.len(), || {
        for each in &facts {
            ours.program.reach(each, &mut scratch, &mut reached);
            black_box(&reached);
        }
    });
    report.figure(
        id("masks"),
        label("masks only"),
        masks.best,
        "ns",
        masks_bar,
        median(masks),
    );
    let mut room = Facts::default();
    let with_facts = time(asked.passes, plain.len(), || {
        for each in plain {
            ours.fill(each, &mut room);
            ours.program.reach(&room, &mut scratch, &mut reached);
            black_box(&reached);
        }
    });
    report.figure(
        id("masks_and_facts"),
        label("masks and filling the facts from words"),
        with_facts.best,
        "ns",
        None,
        median(with_facts),
    );
    let explained = time(asked.passes, facts.len(), || {
        for each in &facts {
            ours.program.decide(each, &mut scratch, &mut decision);
            black_box(&decision);
        }
    });
    report.figure(
        id("explained"),
        label("with cited explanation"),
        explained.best,
        "ns",
        explained_bar,
        median(explained),
    );
    let columns = crate::columnar::measure(report, asked, provisions, plain, &ours);
    OurTimes {
        masks,
        explained,
        columns,
    }
}

/// Times the peers on `plain`, after asserting equal answers on `checked`.
fn peer_times(
    report: &mut Report,
    asked: &Asked,
    provisions: usize,
    plain: &[Plain],
    checked: &[Plain],
    ours: &OurTimes,
) {
    let more = further::make(provisions - BY_HAND);
    let law = Ours::new(&more);
    let (mut scratch, mut reached) = (Scratch::default(), Vec::new());
    let rego = Rego::new(&more);
    let cedar = Cedar::new(&more);
    let mut rego = match rego {
        Ok(rego) => rego,
        Err(error) => {
            return report.words(format!(
                "regorus: does not take {provisions} provisions: {error}"
            ));
        }
    };
    let cedar = match cedar {
        Ok(cedar) => cedar,
        Err(error) => {
            return report.words(format!(
                "cedar: does not take {provisions} provisions: {error}"
            ));
        }
    };
    for each in checked {
        agreed(each, &law, &mut rego, &cedar, &mut scratch, &mut reached);
    }
    let inputs: Vec<regorus::Value> = plain.iter().map(|each| rego.input(each)).collect();
    let rego_eval = time(asked.passes, inputs.len(), || {
        for_each(&inputs, |input| rego.decide(input.clone()))
    });
    report.figure(
        format!("{provisions}.regorus.eval"),
        "regorus, bytecode, eval",
        rego_eval.best,
        "ns",
        None,
        median(rego_eval),
    );
    let rego_all = time(asked.passes, plain.len(), || {
        for each in plain {
            let input = rego.input(each);
            black_box(rego.decide(input));
        }
    });
    report.figure(
        format!("{provisions}.regorus.with_input"),
        "regorus, bytecode, with input building",
        rego_all.best,
        "ns",
        None,
        median(rego_all),
    );
    let requests: Vec<Request> = plain.iter().map(|each| cedar.request(each)).collect();
    let cedar_eval = time(asked.passes, requests.len(), || {
        for_each(&requests, |request| cedar.decide(request))
    });
    report.figure(
        format!("{provisions}.cedar.eval"),
        "cedar, authorizer, eval",
        cedar_eval.best,
        "ns",
        None,
        median(cedar_eval),
    );
    let cedar_all = time(asked.passes, plain.len(), || {
        for each in plain {
            let request = cedar.request(each);
            black_box(cedar.decide(&request));
        }
    });
    report.figure(
        format!("{provisions}.cedar.with_request"),
        "cedar, authorizer, with request building",
        cedar_all.best,
        "ns",
        None,
        median(cedar_all),
    );
    for (name, theirs) in [("regorus", rego_eval), ("cedar", cedar_eval)] {
        for (what, own) in [
            ("masks only", ours.masks),
            ("with explanation", ours.explained),
            ("in columns", ours.columns),
        ] {
            let id = format!("{provisions}.{name}_over_ours.{}", what.replace(' ', "_"));
            report.figure(
                id,
                format!("{name} eval against ours {what}"),
                theirs.best / own.best,
                "times",
                None,
                "",
            );
        }
    }
}

fn for_each<T, A>(all: &[T], mut decide: impl FnMut(&T) -> A) {
    for each in all {
        black_box(decide(each));
    }
}

/// The median beside the best.
pub fn median(timing: Timing) -> String {
    format!("median {}", number(timing.median))
}
