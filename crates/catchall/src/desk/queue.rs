//! Queue: the desk itself: my work and the teams' queues, clocks, why each case is here and what it lacks, bulk triage, and how
//! old the work is.
//!
//! Takes the board's lines, which are in order of urgency, and walks them once for counts, pictures and one page of rows: a
//! hundred thousand cases cost one walk. "Not screened" never falls off the page: those cases come before all others.

use std::collections::BTreeMap;
use std::sync::Arc;

use maud::{Markup, html};

use catchall_ledger::case::Status;
use catchall_model::Day;

use super::case::{standing, standing_word};
use super::frame::{self, Frame, Viewer};
use super::marks;
use crate::board::Line;
use crate::explain::words;

/// Rows on one page.
pub(crate) const ROWS: usize = 25;
/// Weeks of the picture of what came in and went out.
const WEEKS: usize = 8;
/// Columns of the age strip: tenths of the time a case should take, and the rest.
const TENTHS: usize = 16;

/// What somebody wants to see.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// `mine`, `sign`, `matches`, `waiting`, `unscreened`, `open`, `closed`, or `team:NAME`.
    pub(crate) queue: String,
    /// Only this answer.
    pub(crate) outcome: String,
    /// Words of the id, the title, the transfer.
    pub(crate) words: String,
    /// From 1.
    pub(crate) page: usize,
}

/// One walk over the lines.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// The rows of the page.
    pub(crate) rows: Vec<Arc<Line>>,
    /// How many fit the filter.
    pub(crate) found: usize,
    mine: usize,
    sign: usize,
    matches: usize,
    waiting: usize,
    unscreened: usize,
    open: usize,
    closed: usize,
    late: usize,
    mine_late: usize,
    mine_paused: usize,
    teams: BTreeMap<String, usize>,
    ages: [usize; TENTHS],
    came: [usize; WEEKS],
    went: [usize; WEEKS],
}

impl Filter {
    /// Whether a line fits; `wanted` are the filter's words in small letters.
    fn fits(&self, line: &Line, me: &str, wanted: &str) -> bool {
        let own = &line.summary;
        let open = own.status.is_open();
        let queue = match self.queue.as_str() {
            "mine" => open && own.owner.as_deref() == Some(me),
            "sign" => own.status == Status::Proposed,
            "matches" => open && own.open_hits > 0,
            "waiting" => own.status == Status::Waiting,
            "unscreened" => line.unscreened(),
            "closed" => !open,
            other => match other.strip_prefix("team:") {
                Some(team) => open && own.team.as_deref() == Some(team),
                None => open,
            },
        };
        queue
            && (self.outcome.is_empty() || own.outcome == self.outcome)
            && line.words.contains(wanted)
    }

    /// The address of the same with another page.
    fn address(&self, page: usize) -> String {
        format!(
            "/desk?queue={}&outcome={}&q={}&page={page}",
            crate::address::escaped(&self.queue),
            crate::address::escaped(&self.outcome),
            crate::address::escaped(&self.words)
        )
    }
}

/// Walks the lines that this person may see, once.
pub(crate) fn walk(
    lines: &[Arc<Line>],
    may_see: impl Fn(&Line) -> bool,
    filter: &Filter,
    me: &str,
    today: Day,
) -> Walk {
    let mut walk = Walk::default();
    let skip = filter.page.saturating_sub(1).saturating_mul(ROWS);
    let wanted = filter.words.to_lowercase();
    for line in lines.iter().filter(|line| may_see(line)) {
        walk.count(line, me, today);
        if filter.fits(line, me, &wanted) {
            if walk.found >= skip && walk.rows.len() < ROWS {
                walk.rows.push(line.clone());
            }
            walk.found += 1;
        }
    }
    walk
}

impl Walk {
    fn count(&mut self, line: &Line, me: &str, today: Day) {
        let own = &line.summary;
        let week = |day: Day| {
            usize::try_from((today.number() - day.number()) / 7)
                .ok()
                .filter(|week| *week < WEEKS)
        };
        if let Some(week) = week(own.opened) {
            self.came[WEEKS - 1 - week] += 1;
        }
        if let Some(week) = line.closed.and_then(week) {
            self.went[WEEKS - 1 - week] += 1;
        }
        if !own.status.is_open() {
            self.closed += 1;
            return;
        }
        self.open += 1;
        self.late += usize::from(own.late);
        self.sign += usize::from(own.status == Status::Proposed);
        self.matches += usize::from(own.open_hits > 0);
        self.waiting += usize::from(own.status == Status::Waiting);
        self.unscreened += usize::from(line.unscreened());
        if own.owner.as_deref() == Some(me) {
            self.mine += 1;
            self.mine_late += usize::from(own.late);
            self.mine_paused += usize::from(own.paused);
        }
        if let Some(team) = &own.team {
            match self.teams.get_mut(team) {
                Some(count) => *count += 1,
                None => {
                    self.teams.insert(team.clone(), 1);
                }
            }
        }
        let tenth = (own.used * 10 / own.target.max(1)) as usize;
        self.ages[tenth.min(TENTHS - 1)] += 1;
    }
}

/// What the page shows.
pub(crate) struct Page<'a> {
    /// What was found.
    pub(crate) walk: &'a Walk,
    /// What was asked.
    pub(crate) filter: &'a Filter,
    /// Who is looking.
    pub(crate) viewer: &'a Viewer,
    /// Lists that are missing or too old, in sentences.
    pub(crate) stale: &'a [String],
    /// Whether this person may take, hand on, ask.
    pub(crate) acts: [bool; 3],
    /// Today.
    pub(crate) today: Day,
}

/// The whole screen.
pub(crate) fn page(page: &Page<'_>, frame: &Frame<'_>) -> Markup {
    let walk = page.walk;
    let inside = html! {
        div.ident {
            h1 { "Desk" }
            p.facts {
                span { (marks::day(page.today)) }
                span { b { (marks::thousands(walk.mine)) } " for you" }
                span { b { (marks::thousands(walk.mine_late)) } " late" }
                span { b { (marks::thousands(walk.mine_paused)) } " standing still for an answer" }
            }
            p.acts { a.btn href=(frame.link("/check")) { "Check a transfer" } a.btn.btn-main href="/desk/next" data-key="n" { "Next case " kbd { "n" } } }
        }
        div.cols.cols-desk {
            (queues(page))
            div.stack {
                @for problem in page.stale { (marks::note(words::Mood::Need, "o-notscreened", "A list cannot be used", html! { p { (marks::said(problem)) } p { "Transfers that need it are answered “not screened” until it is there." } })) }
                (table(page))
            }
            div.stack.late { (ages(walk)) (flow(walk)) }
        }
    };
    frame.page(inside)
}

fn queues(page: &Page<'_>) -> Markup {
    let walk = page.walk;
    let own = [
        ("mine", "For me", walk.mine),
        ("sign", "Countersign", walk.sign),
        ("matches", "Matches", walk.matches),
        ("waiting", "Waiting for others", walk.waiting),
        ("unscreened", "Not screened", walk.unscreened),
        ("open", "All open", walk.open),
        ("closed", "Closed", walk.closed),
    ];
    let item = |queue: &str, word: &str, count: usize| {
        let now = page.filter.queue == queue;
        html! { li { a href={ "/desk?queue=" (crate::address::escaped(queue)) } aria-current=[now.then_some("true")] { (marks::name(word)) span.n { (marks::thousands(count)) } } } }
    };
    html! {
        nav aria-label="Queues" {
            ul.queues { @for (queue, word, count) in own { (item(queue, word, count)) } }
            @if !walk.teams.is_empty() {
                h2.queues-head { "Teams" }
                ul.queues { @for (team, count) in &walk.teams { (item(&format!("team:{team}"), team, *count)) } }
            }
        }
    }
}

fn title(filter: &Filter) -> String {
    match filter.queue.as_str() {
        "mine" => "For me".to_owned(),
        "sign" => "Waiting for a second person".to_owned(),
        "matches" => "With matches to judge".to_owned(),
        "waiting" => "Waiting for others".to_owned(),
        "unscreened" => "Not screened".to_owned(),
        "closed" => "Closed".to_owned(),
        other => other
            .strip_prefix("team:")
            .map_or_else(|| "All open".to_owned(), |team| format!("Team {team}")),
    }
}

fn table(page: &Page<'_>) -> Markup {
    let (walk, filter) = (page.walk, page.filter);
    let outcomes = [
        "prohibited",
        "presumption_of_denial",
        "licence_required",
        "notify",
        "covered_by_licence",
        "no_licence_required",
        "not_known",
        "refer",
        "not_screened",
    ];
    html! {
        section.card.card-flush aria-labelledby="h-work" {
            header { h2 #h-work { (marks::said(&title(filter))) } p { (marks::count(walk.found, "case", "cases")) ", first what a day’s delay hurts most" } }
            form.filters.bulk action="/desk" method="get" {
                input type="hidden" name="queue" value=(filter.queue);
                label { "Answer" select name="outcome" { option value="" { "all answers" } @for word in outcomes { option value=(word) selected[filter.outcome == word] { (words::capital(&words::outcome(word).words)) } } } }
                label { "Words" input name="q" type="search" value=(filter.words) placeholder="case, item, party"; }
                button.btn type="submit" { "Filter" }
            }
            @if walk.rows.is_empty() {
                @if walk.open == 0 { (marks::empty("No case is open.", html! { a href="/check" { "Check a transfer" } " and save it as a case." })) }
                @else { (marks::empty("Nothing waits here.", html! { a href="/desk?queue=open" { (marks::count(walk.open, "case is", "cases are")) " open in all" } " or " a href="/check" { "check a transfer" } "." })) }
            } @else {
                form action="/desk" method="post" {
                    (frame::token(page.viewer))
                    input type="hidden" name="back" value=(filter.address(filter.page));
                    (marks::scroll("Cases", rows(walk)))
                    p.btns.bulk {
                        span.small.muted { "With the chosen: " }
                        @if page.acts[0] { button.btn type="submit" name="do" value="take" { "Take" } }
                        @if page.acts[2] { button.btn type="submit" name="do" value="ask" { "Ask all open questions" } }
                        @if page.acts[1] { label.small for="bulk-to" { "Hand to " } input #bulk-to name="to" autocomplete="off"; button.btn type="submit" name="do" value="hand" { "Hand on" } }
                    }
                }
                (pages(walk, filter))
            }
        }
    }
}

fn pages(walk: &Walk, filter: &Filter) -> Markup {
    let last = walk.found.div_ceil(ROWS).max(1);
    html! {
        @if last > 1 {
            nav.pages aria-label="Pages" {
                @if filter.page > 1 { a href=(filter.address(filter.page - 1)) { "Earlier" } }
                span { "Page " (marks::thousands(filter.page)) " of " (marks::thousands(last)) }
                @if filter.page < last { a href=(filter.address(filter.page + 1)) { "Later" } }
            }
        }
    }
}

fn rows(walk: &Walk) -> Markup {
    html! {
        table.work.reflow role="table" {
            caption.vh { "Cases, the most urgent first" }
            thead role="rowgroup" { tr role="row" {
                th.pick scope="col" role="columnheader" { input type="checkbox" data-all="case" aria-label="Choose all on this page"; }
                th scope="col" role="columnheader" { "Transfer" } th scope="col" role="columnheader" { "Answer" } th scope="col" role="columnheader" { "Why it is here" }
                th scope="col" role="columnheader" { "Missing" } th scope="col" role="columnheader" { "Clock" }
            } }
            tbody role="rowgroup" { @for line in &walk.rows { (row(line)) } }
        }
    }
}

fn row(line: &Line) -> Markup {
    let own = &line.summary;
    html! {
        tr role="row" data-row="" {
            td.pick role="cell" { input type="checkbox" name="case" value=(own.id) aria-label={ "Choose " (own.id) }; }
            th scope="row" role="rowheader" {
                a.what href={ "/cases/" (own.id) } { (marks::said(&own.title)) }
                span.sub { code { (own.id) } " · " (marks::name(&own.transfer)) @if let Some(owner) = &own.owner { " · " (marks::name(owner)) } @else { " · nobody has it" } }
            }
            td role="cell" { (marks::outcome(&own.outcome)) }
            td role="cell" data-l="Why:" { (marks::said(&own.why)) @if own.status != Status::Review && own.why != standing_word(own.status) { br; (standing(own.status)) } }
            td.miss role="cell" data-l="Missing:" {
                @if own.missing == 0 && own.open_hits == 0 { span.muted { "nothing" } }
                @if own.missing > 0 { (marks::count(own.missing, "fact", "facts")) " " }
                @if own.open_hits > 0 { (marks::count(own.open_hits, "match", "matches")) }
            }
            td.clockcell role="cell" data-l="Clock:" { (clock(own.used, own.target, own.paused, own.late)) }
        }
    }
}

/// A clock in a cell: words first, a bar beside them.
pub(crate) fn clock(used: u32, target: u32, paused: bool, late: bool) -> Markup {
    let target = target.max(1);
    let full = 66.0 * f64::from(used.min(target * 4 / 3)) / f64::from(target);
    html! {
        (used) " d of " (target) @if late { " " b { "late" } } @if paused { " paused" }
        svg viewBox="0 0 92 12" aria-hidden="true" {
            rect class="s-sunk e-edge w1" x="1" y="3" width="88" height="6" {}
            rect class=(if late { "f-stop" } else { "f-ink2" }) x="1" y="3" width=(super::strip::figure(full)) height="6" {}
            @if paused { rect x=(super::strip::figure(1.0 + full)) y="3" width="12" height="6" fill="url(#h-unk)" {} }
            path.e-ink.w2 d="M67 0V12" {}
        }
    }
}

/// How much of their time open cases have used.
fn ages(walk: &Walk) -> Markup {
    let most = walk.ages.iter().copied().max().unwrap_or(0).max(1);
    #[expect(clippy::cast_precision_loss, reason = "counts of cases")]
    let tall = |count: usize| 70.0 * count as f64 / most as f64;
    html! {
        section.card aria-labelledby="h-age" {
            header { h2 #h-age { "Clocks" } p { (marks::thousands(walk.open)) " open, " (marks::thousands(walk.late)) " late" } }
            figure.pic.w-s {
                svg.draw viewBox="0 0 320 116" role="img" aria-labelledby="ag-t ag-d" {
                    title #ag-t { "Open cases by the share of their time that is used" }
                    desc #ag-d { (walk.late) " of " (walk.open) " open cases have used more than their time." }
                    rect.s-stop x="202" y="8" width="116" height="82" {}
                    @for (place, count) in walk.ages.iter().enumerate() {
                        @let x = 2 + 20 * place;
                        @let high = tall(*count);
                        @if *count > 0 { rect class=(if place >= 10 { "f-stop" } else { "f-ink2" }) x=(x + 2) y=(super::strip::figure(90.0 - high)) width="15" height=(super::strip::figure(high.max(1.5))) {} }
                    }
                    path.e-edge.w15 d="M2 90H320" {}
                    path.e-ink.w2 d="M202 4V90" {}
                    text.t-xs x="2" y="108" { "0" } text.t-xs.mid x="102" y="108" { "half" } text.t-xs.mid.b x="202" y="108" { "target" } text.t-xs.end x="318" y="108" { "1½" }
                }
            }
            (marks::as_table("Clocks", html! {
                table {
                    caption { "Open cases by the share of their time that is used" }
                    thead { tr { th scope="col" { "Used" } th.num scope="col" { "Cases" } } }
                    tbody { @for (place, count) in walk.ages.iter().enumerate() { tr { th scope="row" { @if place == TENTHS - 1 { (place * 10) " % and more" } @else { (place * 10) " to " (place * 10 + 9) " %" } } td.num { (marks::thousands(*count)) } } } }
                }
            }))
        }
    }
}

/// What came in and went out, by week.
fn flow(walk: &Walk) -> Markup {
    let most = walk
        .came
        .iter()
        .chain(&walk.went)
        .copied()
        .max()
        .unwrap_or(0)
        .max(1);
    #[expect(clippy::cast_precision_loss, reason = "counts of cases")]
    let tall = |count: usize| 70.0 * count as f64 / most as f64;
    let (came, went): (usize, usize) = (walk.came.iter().sum(), walk.went.iter().sum());
    html! {
        section.card aria-labelledby="h-flow" {
            header { h2 #h-flow { "In and out" } p { (WEEKS) " weeks" } }
            figure.pic.w-s {
                svg.draw viewBox="0 0 320 112" role="img" aria-labelledby="fl-t fl-d" {
                    title #fl-t { "Cases opened and closed by week" }
                    desc #fl-d { (came) " came in and " (went) " went out in " (WEEKS) " weeks." }
                    @for place in 0..WEEKS {
                        @let x = 6 + 39 * place;
                        @let (up, out) = (tall(walk.came[place]), tall(walk.went[place]));
                        rect.f-accent x=(x) y=(super::strip::figure(88.0 - up)) width="15" height=(super::strip::figure(up)) {}
                        rect.s-surf.e-ink.w15 x=(x + 16) y=(super::strip::figure(88.0 - out)) width="14" height=(super::strip::figure(out)) {}
                        text.t-xs.mid x=(x + 15) y="106" { @if place == WEEKS - 1 { "now" } @else { "−" (WEEKS - 1 - place) } }
                    }
                    path.e-edge.w15 d="M2 88H318" {}
                }
                figcaption { "Filled: came in. Hollow: went out. Weeks before now." }
            }
            (marks::as_table("In and out", html! {
                table {
                    caption { "Cases opened and closed by week" }
                    thead { tr { th scope="col" { "Weeks ago" } th.num scope="col" { "In" } th.num scope="col" { "Out" } } }
                    tbody { @for place in 0..WEEKS { tr { th scope="row" { (WEEKS - 1 - place) } td.num { (walk.came[place]) } td.num { (walk.went[place]) } } } }
                }
            }))
        }
    }
}

/// All cases in a plain table, for the screen Cases.
pub(crate) fn list(page: &Page<'_>, frame: &Frame<'_>) -> Markup {
    let inside = html! {
        div.ident { h1 { "Cases" } p.facts { span { (marks::count(page.walk.found, "case", "cases")) } span { (marks::thousands(page.walk.open)) " open" } span { (marks::thousands(page.walk.closed)) " closed" } } p.acts { a.btn.btn-main href=(frame.link("/check")) { "Check a transfer" } } }
        div.cols.cols-rail { (queues(page)) (table(page)) }
    };
    frame.page(inside)
}
