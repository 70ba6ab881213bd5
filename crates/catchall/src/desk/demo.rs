//! Demonstration: a full desk one minute after the build. The transfers of `examples/transfers.csv` and some invented ones
//! (`data/desk/demo.jsonl`) as cases, with the acts of a few invented people, in an empty ledger.
//!
//! Everything goes through the same engine as a person's acts, in the name of that person and with their rights, only at
//! earlier times. Does nothing where the ledger holds anything. For this machine alone: the password is known.

mod reports;

use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use catchall_ledger::case::command::{Command, Office};
use catchall_ledger::case::event::{HitVerdict, Said};
use catchall_ledger::licence::Licence;
use catchall_ledger::licence::command::Movement;
use catchall_ledger::licence::event::{Line, Named, Purpose, Return, Row, Stated, Terms};
use catchall_ledger::licence::measure::Measure;
use catchall_ledger::{Actor, Timestamp};
use catchall_model::Day;
use serde_json::{Value, json};

use crate::access::accounts::{Account, hash_new};
use crate::app::App;
use crate::batch::{self, Limits};
use crate::board;
use crate::casework::{Trouble, Work};
use crate::given;
use crate::load;

/// The rows of the example, and the invented transfers.
const EXAMPLES: &str = include_str!("../../../../examples/transfers.csv");
const INVENTED: &str = include_str!("../../../../data/desk/demo.jsonl");

/// Everybody's password.
const PASSWORD: &str = "demonstration";
const TEAM: &str = "dual-use";

/// Name, role, team.
const PEOPLE: &[(&str, &str, &str)] = &[
    ("marchetti", "licensing-officer", TEAM),
    ("haas", "technical-assessor", TEAM),
    ("okoye", "screener", TEAM),
    ("varga", "evidence-analyst", TEAM),
    ("sato", "countersigner", "countersigners"),
    ("lindqvist", "auditor", "audit"),
    ("admin", "admin", "it"),
];

/// What the log-in page says.
pub(crate) const HINT: &str = "Log in as marchetti (licensing officer), haas (technical assessor), okoye (screener), varga (evidence analyst), sato (countersigner) or lindqvist (auditor). The password of each is “demonstration”. All people and the marked firms are invented.";

/// Fills an empty ledger; leaves any other alone.
///
/// # Errors
/// When an act of the story is refused, or the ledger or the accounts cannot be written.
pub fn fill(app: &App) -> Result<()> {
    people(app)?;
    if app.ledger.head()?.is_some() {
        return Ok(());
    }
    let story = Story {
        app,
        today: load::today(),
    };
    let cases = story.open_all()?;
    story.steel(&cases)?;
    story.spindles(&cases)?;
    story.screening(&cases)?;
    story.questions(&cases)?;
    story.closed(&cases)?;
    story.reports()
}

fn people(app: &App) -> Result<()> {
    let known = app.accounts.register();
    if PEOPLE
        .iter()
        .all(|(name, ..)| known.account(name).is_some())
    {
        return Ok(());
    }
    let password = hash_new(PASSWORD)?;
    app.accounts.change(|register| {
        for (name, role, team) in PEOPLE {
            if register.account(name).is_none() {
                register.accounts.push(Account {
                    name: (*name).to_owned(),
                    team: Some((*team).to_owned()),
                    roles: vec![(*role).to_owned()],
                    password: password.clone(),
                    must_change: false,
                    disabled: false,
                    made: load::now(),
                    voucher: None,
                });
            }
        }
        Ok(())
    })
}

fn actor(name: &str) -> Actor {
    let found = PEOPLE.iter().find(|(own, ..)| *own == name);
    Actor {
        name: name.to_owned(),
        team: found.map(|(_, _, team)| (*team).to_owned()),
        roles: found
            .map(|(_, role, _)| vec![(*role).to_owned()])
            .unwrap_or_default(),
    }
}

/// Case numbers by the transfer's own key.
type Cases = std::collections::BTreeMap<String, String>;

struct Story<'a> {
    app: &'a App,
    today: Day,
}

impl Story<'_> {
    /// So many days ago, at an hour and minute of the day.
    fn ago(&self, days: i64, minute: i64) -> Result<Timestamp> {
        let start = (self.today.number() - days) * 86_400_000;
        Timestamp::from_millisecond(start + (8 * 60 + minute) * 60_000)
            .map_err(|error| anyhow!("{error}"))
    }

    fn work<'w>(&'w self, who: &'w Actor, at: Timestamp) -> Work<'w> {
        Work {
            ledger: &self.app.ledger,
            policy: &self.app.policy,
            calendar: &self.app.calendar,
            actor: who,
            at,
        }
    }

    fn act(
        &self,
        cases: &Cases,
        transfer: &str,
        who: &str,
        days: i64,
        command: Command,
    ) -> Result<()> {
        let id = cases
            .get(transfer)
            .with_context(|| format!("the story has no transfer `{transfer}`"))?;
        let who = actor(who);
        let done = self.work(&who, self.ago(days, 60)?).act(id, None, command);
        done.map_err(|trouble| anyhow!("{transfer}: {trouble}"))
    }

    /// Every transfer as a case, the oldest first.
    fn open_all(&self) -> Result<Cases> {
        let current = self.app.current();
        let mut transfers = Vec::new();
        for (name, text) in [("examples.csv", EXAMPLES), ("demo.jsonl", INVENTED)] {
            let stream = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
            let (mut reader, decoder) = batch::from_stream(
                name,
                stream,
                None,
                Limits::default(),
                current.places.clone(),
            )?;
            while let Some(raw) = reader.next_raw() {
                let raw = raw.map_err(|reject| anyhow!("{name}: {}", reject.problem))?;
                let read = decoder
                    .decode(&raw)
                    .map_err(|rejects| anyhow!("{name}: {rejects:?}"))?;
                transfers.push(read);
            }
        }
        let count = i64::try_from(transfers.len())?;
        let who = actor("marchetti");
        let mut cases = Cases::new();
        for (place, transfer) in (0_i64..).zip(&transfers) {
            let made = self
                .app
                .with_room(|room| current.assessor.assess_to_json(transfer, room));
            let (_, document) = made.map_err(|errors| anyhow!("{}: {errors:?}", transfer.id))?;
            // Some came in weeks ago, most lately.
            let days = 3 + (count - place) * (count - place) * 38 / (count * count);
            let opened = self.work(&who, self.ago(days, place % 300)?).open(
                &given::to_json(transfer),
                &document,
                None,
            );
            cases.insert(
                transfer.id.clone(),
                opened.map_err(|trouble| anyhow!("{}: {trouble}", transfer.id))?,
            );
        }
        Ok(cases)
    }

    /// The steel at the border: advised, advised again, proposed; waits for a second person.
    fn steel(&self, cases: &Cases) -> Result<()> {
        let steel = "steel-25-march";
        let advise = |view: &str, text: &str, why: &str| Command::Advise {
            view: view.to_owned(),
            text: text.to_owned(),
            why: why.to_owned(),
        };
        self.act(cases, steel, "marchetti", 3, Command::Take {})?;
        self.act(cases, steel, "haas", 3, advise("prohibited", "Just outside the figures of the list, usable in missile bodies. The known use decides.", ""))?;
        self.act(
            cases,
            steel,
            "okoye",
            3,
            advise("no_view", "No party stood on a list held on that day.", ""),
        )?;
        self.act(
            cases,
            steel,
            "marchetti",
            2,
            advise(
                "refuse",
                "A permission could be asked for under the later law.",
                "",
            ),
        )?;
        self.act(
            cases,
            steel,
            "haas",
            2,
            Command::SetCondition {
                text: "Return to sender under seal.".to_owned(),
            },
        )?;
        self.act(
            cases,
            steel,
            "marchetti",
            2,
            advise(
                "prohibited",
                "The later law is of 1999; the act is of March 1998. Drop the deal.",
                "the law of another year was applied",
            ),
        )?;
        self.act(
            cases,
            steel,
            "marchetti",
            1,
            Command::Decide {
                view: "prohibited".to_owned(),
                reason: "Resolution No. 57 bars it: the exporter knew of the missile use."
                    .to_owned(),
                despite: None,
            },
        )
    }

    /// Spindles to Türkiye: approved, signed, licensed, shipped, and not what customs saw.
    fn spindles(&self, cases: &Cases) -> Result<()> {
        let order = "order-7731";
        self.act(cases, order, "marchetti", 3, Command::Take {})?;
        self.act(
            cases,
            order,
            "marchetti",
            3,
            Command::SetCondition {
                text: "Installed at the named site only.".to_owned(),
            },
        )?;
        self.act(
            cases,
            order,
            "marchetti",
            3,
            Command::Decide {
                view: "approve_with_conditions".to_owned(),
                reason: "Known end user, civil repair, quantities fit the machines on site."
                    .to_owned(),
                despite: Some("a licence is what the answer asks for, and this is it".to_owned()),
            },
        )?;
        self.act(cases, order, "sato", 2, Command::Countersign {})?;
        self.licence(cases)
    }

    fn licence(&self, cases: &Cases) -> Result<()> {
        let id = "L-DEMO-0113";
        let case_id = cases
            .get("order-7731")
            .context("the story has no spindles")?;
        let who = actor("marchetti");
        let case = self
            .work(&who, self.ago(2, 90)?)
            .case(case_id)
            .map_err(|trouble: Trouble| anyhow!("{trouble}"))?;
        let kaya = || {
            vec![Named {
                name: "Kaya Makina A.Ş.".to_owned(),
                names: Vec::new(),
                country: Some("TR".to_owned()),
            }]
        };
        let pieces = |text: &str| {
            Measure::goods(text)
                .map(Some)
                .map_err(|error| anyhow!("{error}"))
        };
        let money = |text: &str| {
            Measure::money(text)
                .map(Some)
                .map_err(|error| anyhow!("{error}"))
        };
        let terms = Terms {
            authority: "eu".to_owned(),
            holder: "Werkzeugbau Anders GmbH".to_owned(),
            until: Some(Day::from_number(self.today.number() + 700)),
            lines: vec![Line {
                number: 1,
                item: "spindles for five-axis machining centres".to_owned(),
                codes: vec!["2B001".to_owned()],
                quantity: pieces("40 pieces")?,
                value: money("320,000 EUR")?,
            }],
            end_users: kaya(),
            destinations: vec!["TR".to_owned()],
            conditions: case
                .standing_conditions()
                .map(|each| each.text.clone())
                .collect(),
            case: Some(case_id.clone()),
            ..Terms::default()
        };
        let office = self.office(&who, self.ago(2, 100)?);
        let done = office
            .issue(id, terms, Some(&case))
            .map_err(|why| anyhow!("{why}"))?;
        self.app
            .ledger
            .append_after(&Licence::stream(id), 0, done.drafts)?;
        let purpose = |on: Day| Purpose {
            transfer: None,
            end_user: Some("Kaya Makina A.Ş.".to_owned()),
            consignee: Some("Kaya Makina A.Ş.".to_owned()),
            to: Some("TR".to_owned()),
            on,
        };
        let day = |ago: i64| Day::from_number(self.today.number() - ago);
        let both = |quantity: &str, value: &str| {
            Ok::<Stated, anyhow::Error>(Stated {
                quantity: pieces(quantity)?,
                value: money(value)?,
            })
        };
        self.moved(
            id,
            2,
            110,
            Movement::Reserve {
                reservation: "order 7731".to_owned(),
                line: 1,
                amounts: both("16 pieces", "128,000 EUR")?,
                purpose: purpose(day(2)),
            },
        )?;
        self.moved(
            id,
            2,
            120,
            Movement::Ship {
                declaration: "26DE0000377".to_owned(),
                line: 1,
                amounts: both("14 pieces", "112,000 EUR")?,
                reservation: Some("order 7731".to_owned()),
                purpose: purpose(day(2)),
            },
        )?;
        let row = |pieces: &str, value: &str| Row {
            declaration: "26DE0000377".to_owned(),
            line: 1,
            quantity: Some(pieces.to_owned()),
            value: Some(value.to_owned()),
            on: None,
        };
        self.moved(
            id,
            1,
            60,
            Movement::Reconcile(Return {
                batch: "0626".to_owned(),
                sent: day(1),
                rows: vec![row("12 pieces", "96,000 EUR")],
            }),
        )
    }

    fn office<'w>(&'w self, who: &'w Actor, at: Timestamp) -> Office<'w> {
        Office {
            policy: &self.app.policy,
            calendar: &self.app.calendar,
            actor: who,
            at,
        }
    }

    fn moved(&self, id: &str, days: i64, minute: i64, movement: Movement) -> Result<()> {
        let who = actor("marchetti");
        let entries = board::whole(&self.app.ledger, &Licence::stream(id))?;
        let licence =
            Licence::of(&entries)?.with_context(|| format!("there is no licence `{id}`"))?;
        let done = self
            .office(&who, self.ago(days, minute)?)
            .licence(&licence, movement)
            .map_err(|stopped| anyhow!("{stopped}"))?;
        self.app
            .ledger
            .append_after(&Licence::stream(id), licence.seen, done.drafts)?;
        Ok(())
    }

    /// A match of a university confirmed, one of another left open.
    fn screening(&self, cases: &Cases) -> Result<()> {
        let id = cases
            .get("course-2000-09")
            .context("the story has no course")?;
        let who = actor("okoye");
        let case = self
            .work(&who, self.ago(2, 0)?)
            .case(id)
            .map_err(|trouble| anyhow!("{trouble}"))?;
        let Some(hit) = case.answer().and_then(|answer| answer.hits.first()) else {
            return Ok(());
        };
        self.act(
            cases,
            "course-2000-09",
            "okoye",
            2,
            Command::AnswerHit {
                hit: hit.key.clone(),
                verdict: HitVerdict::Confirmed,
                reason: "the same university, by name and place".to_owned(),
            },
        )
    }

    /// Questions sent; one answered and assessed again.
    fn questions(&self, cases: &Cases) -> Result<()> {
        for transfer in ["visit-2026-118", "po-55120", "pump-0381"] {
            self.act(cases, transfer, "marchetti", 3, Command::Take {})?;
        }
        let id = cases
            .get("visit-2026-118")
            .context("the story has no visit")?;
        let who = actor("marchetti");
        let case = self
            .work(&who, self.ago(2, 0)?)
            .case(id)
            .map_err(|trouble| anyhow!("{trouble}"))?;
        let kind: Vec<_> = case
            .to_ask()
            .into_iter()
            .filter(|question| question.fact == "item.kind")
            .cloned()
            .collect();
        let ask = |questions| Command::Ask {
            to: Some("the host department".to_owned()),
            questions,
            pauses: true,
        };
        self.act(cases, "visit-2026-118", "marchetti", 2, ask(kind))?;
        let answers = vec![Said {
            fact: "item.kind".to_owned(),
            value: json!("wind-tunnel"),
            words: "data and drawings of the wind tunnel itself".to_owned(),
            evidence: "letter of the department".to_owned(),
            ..Said::default()
        }];
        let current = self.app.current();
        let done = self.app.with_room(|room| {
            let judge = current.judge(self.app.keeper(&who));
            let mut assess = |transfer: &mut Value| {
                judge
                    .json(transfer, room)
                    .map_err(|unfit| unfit.to_string())
            };
            let work = self.work(&who, self.ago(1, 0)?);
            work.answer(id, None, 1, "the host department", answers, &mut assess)
                .map_err(|trouble| anyhow!("{trouble}"))
        });
        done?;
        let id = cases.get("pump-0381").context("the story has no pump")?;
        let case = self
            .work(&who, self.ago(1, 0)?)
            .case(id)
            .map_err(|trouble| anyhow!("{trouble}"))?;
        let first: Vec<_> = case.to_ask().into_iter().take(1).cloned().collect();
        self.act(cases, "pump-0381", "marchetti", 1, ask(first))
    }

    /// Some that are over.
    fn closed(&self, cases: &Cases) -> Result<()> {
        let decide = |view: &str| Command::Decide {
            view: view.to_owned(),
            reason: "As determined.".to_owned(),
            despite: None,
        };
        let transfers = ["steel-15-jan"];
        for transfer in transfers {
            self.act(cases, transfer, "marchetti", 3, Command::Take {})?;
            self.act(
                cases,
                transfer,
                "marchetti",
                3,
                decide("no_licence_required"),
            )?;
            self.act(cases, transfer, "sato", 2, Command::Countersign {})?;
        }
        Ok(())
    }
}

/// The same for a server that begins to listen.
///
/// # Errors
/// As [`fill`].
pub fn begin(app: &Arc<App>) -> Result<()> {
    fill(app).context("the demonstration could not be set up; give an empty folder with --state")
}
