//! Frame: what stands around every screen: skip link, navigation, the two dates, messages, keys.
//!
//! A screen fills a [`Frame`] and hands in its markup; the frame asks nothing. Links carry the two dates on, so that whoever
//! looks at the past stays there. To add a screen to the navigation: one row in [`SCREENS`].

use catchall_model::Day;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::assets;
use super::marks;
use crate::explain::words::Mood;

/// The two dates of everything a page shows.
#[derive(Clone, Debug)]
pub(crate) struct Dates {
    /// The law and lists of this day; each transfer's own day when not chosen.
    pub(crate) as_of: Option<Day>,
    /// What was recorded by this day; everything recorded when not chosen.
    pub(crate) known_by: Option<Day>,
    /// Today, by the machine's clock.
    pub(crate) today: Day,
    /// What the law and lists are, in a few words: `41 instruments, 12 lists`.
    pub(crate) vintage: String,
}

/// Who is looking.
#[derive(Clone, Debug, Default)]
pub(crate) struct Viewer {
    /// Name to be shown.
    pub(crate) name: String,
    /// The team, where there is one.
    pub(crate) team: Option<String>,
    /// Roles.
    pub(crate) roles: Vec<String>,
    /// The token that every form sends back.
    pub(crate) token: String,
    /// Whether single keys act; switched on the help page.
    pub(crate) keys: bool,
    /// Addresses of the screens that this person may open.
    pub(crate) screens: Vec<&'static str>,
}

/// A message after an act.
#[derive(Clone, Debug)]
pub(crate) struct Flash {
    /// `Go` for what was done, `Stop` for what was not.
    pub(crate) mood: Mood,
    /// In one sentence.
    pub(crate) text: String,
}

/// The screens of the navigation: address, word, key behind `g`.
pub(crate) const SCREENS: &[(&str, &str, &str)] = &[
    ("/desk", "Desk", "d"),
    ("/check", "Check", "k"),
    ("/matches", "Matches", "m"),
    ("/parties", "Parties", "p"),
    ("/cases", "Cases", "c"),
    ("/evidence", "Evidence", "e"),
    ("/commitments", "Commitments", "t"),
    ("/licences", "Licences", "l"),
    ("/law", "Law", "w"),
];

/// One page.
pub(crate) struct Frame<'a> {
    /// Before the product's name in the title.
    pub(crate) title: String,
    /// Address of the screen in the navigation.
    pub(crate) screen: &'a str,
    /// Who is looking; nobody on the page to log in.
    pub(crate) viewer: Option<&'a Viewer>,
    /// The dates; none on pages that have none.
    pub(crate) dates: Option<&'a Dates>,
    /// The form that the dates belong to, by its id; else a form of their own that asks for `here`.
    pub(crate) dates_in: Option<&'a str>,
    /// The address of this page without its dates.
    pub(crate) here: &'a str,
    /// Days worth a click: word and day.
    pub(crate) presets: Vec<(String, Option<Day>)>,
    /// Messages.
    pub(crate) flashes: Vec<Flash>,
    /// The keys of this screen: key and what it does.
    pub(crate) keys: &'a [(&'a str, &'a str)],
}

impl<'a> Frame<'a> {
    /// A page with nothing special about it.
    pub(crate) fn new(title: impl Into<String>, screen: &'a str) -> Frame<'a> {
        Frame {
            title: title.into(),
            screen,
            viewer: None,
            dates: None,
            dates_in: None,
            here: screen,
            presets: Vec::new(),
            flashes: Vec::new(),
            keys: &[],
        }
    }

    /// The whole page.
    pub(crate) fn page(&self, inside: Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="same-origin";
                    meta name="color-scheme" content="light dark";
                    title { (marks::plain(&self.title)) " · Catchall" }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href=(assets::sheet());
                    script src=(assets::script()) defer {}
                }
                body data-keys=[self.viewer.map(|viewer| if viewer.keys { "on" } else { "off" })] {
                    a.skip href="#main" { "Skip to the page" }
                    (marks::sprite())
                    (self.top())
                    @if let Some(dates) = self.dates { (self.dates(dates)) }
                    main.page #main tabindex="-1" {
                        @for flash in &self.flashes { (message(flash)) }
                        @match self.dates { Some(dates) => (PreEscaped(dates.onward(inside.into_string()))), None => (inside) }
                    }
                    (self.foot())
                }
            }
        }
    }

    /// An address with the dates of this page on it.
    pub(crate) fn link(&self, address: &str) -> String {
        match self.dates {
            Some(dates) => dates.carried(address),
            None => address.to_owned(),
        }
    }

    fn top(&self) -> Markup {
        html! {
            header.top {
                div.top-in {
                    a.brand href="/" { (PreEscaped(BRAND)) "Catchall" }
                    @if let Some(viewer) = self.viewer {
                        nav.nav aria-label="Screens" { (self.screens()) }
                        form.find role="search" action="/find" method="get" {
                            label.vh for="find" { "Find a case, party, provision or entry" }
                            input #find name="q" type="search" placeholder="Case, party, provision, 3A001";
                            kbd aria-hidden="true" { "/" }
                        }
                        (who(viewer))
                        details.menu {
                            summary { "Menu" }
                            nav aria-label="Screens, small window" { (self.screens()) }
                            p.small { a href="/help" { "Help and keys" } " · " (marks::name(&viewer.name)) }
                            (leave(viewer))
                        }
                    }
                }
            }
        }
    }

    fn screens(&self) -> Markup {
        html! {
            ul {
                @for (address, word, _) in SCREENS.iter().filter(|(address, ..)| self.viewer.is_some_and(|viewer| viewer.screens.contains(address))) {
                    li { a href=(self.link(address)) aria-current=[(*address == self.screen).then_some("page")] { (word) } }
                }
            }
        }
    }

    fn dates(&self, dates: &Dates) -> Markup {
        let inside = html! {
            div.asof-in {
                label for="as_of" {
                    "As of "
                    input #as_of name="as_of" value=[dates.as_of] placeholder="day of the act" inputmode="numeric" autocomplete="off" form=[self.dates_in]
                        pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}" aria-describedby="dates-hint";
                }
                label for="known_by" {
                    "Known by "
                    input #known_by name="known_by" value=[dates.known_by] placeholder="all recorded" inputmode="numeric" autocomplete="off" form=[self.dates_in]
                        pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}" aria-describedby="dates-hint";
                }
                button.btn type="submit" form=[self.dates_in] { "Show" }
                span.vh #dates-hint { "Year, month, day. As of: the day whose law and lists are applied. Known by: the day up to which our own record is used. Empty: each transfer’s own day, and everything recorded." }
                @if !self.presets.is_empty() {
                    ul.presets aria-label="Other days" {
                        @for (word, day) in &self.presets {
                            @let there = Dates { as_of: *day, ..dates.clone() };
                            li { a href=(there.carried(self.here)) aria-current=[(dates.as_of == *day).then_some("true")] { (word) } }
                        }
                    }
                }
                @if let Some(words) = dates.past() {
                    span.past-note { (marks::mark("i-clock")) "Past view: " (words) }
                }
                span.vintage { (dates.vintage) }
            }
        };
        let class = if dates.past().is_some() {
            "asof is-past"
        } else {
            "asof"
        };
        html! {
            @if self.dates_in.is_some() {
                section class=(class) aria-label="Dates of this answer" { (inside) }
            } @else {
                form class=(class) action=(self.here) method="get" aria-label="Dates of this answer" { (inside) }
            }
        }
    }

    fn foot(&self) -> Markup {
        html! {
            footer.foot {
                @if self.viewer.is_some() {
                    p.keys {
                        strong { "Keys" } " "
                        @for (key, does) in self.keys { span { @for each in key.split(' ') { kbd { (each) } " " } (does) } " " }
                        span { kbd { "/" } " find" } " "
                        span { kbd { "g" } " " kbd { "d" } " desk" } " "
                        span { kbd { "?" } " " a href="/help" { "all keys, switch off" } }
                    }
                }
                p { "The machine determines; a person decides. No match is not a clearance." }
            }
        }
    }
}

const BRAND: &str = "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M3 12a9 9 0 0118 0\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3.2\"/><path d=\"M21 12a9 9 0 01-18 0\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3.2\" stroke-dasharray=\"3.4 2.6\"/><circle cx=\"12\" cy=\"12\" r=\"2.6\" fill=\"currentColor\"/></svg>";

impl Dates {
    /// An address with these dates on it.
    pub(crate) fn carried(&self, address: &str) -> String {
        let mut made = address.to_owned();
        for (name, day) in [("as_of", self.as_of), ("known_by", self.known_by)] {
            if let Some(day) = day {
                made.push(if made.contains('?') { '&' } else { '?' });
                made.push_str(&format!("{name}={day}"));
            }
        }
        made
    }

    /// A page whose ways to other pages of the desk, links and searches, have these dates on them.
    fn onward(&self, page: String) -> String {
        const WAY: &str = " href=\"/";
        if self.as_of.is_none() && self.known_by.is_none() {
            return page;
        }
        let mut made = String::with_capacity(page.len() + page.len() / 8);
        let mut rest = page.as_str();
        while let Some(at) = rest.find(WAY) {
            let (before, way) = rest.split_at(at + WAY.len() - 1);
            let (address, after) = way.split_at(way.find('"').unwrap_or(way.len()));
            made.push_str(before);
            // What has days of its own keeps them; documents of the API have no header to show any.
            if address.contains("as_of=")
                || address.contains("known_by=")
                || address.starts_with("/v1/")
            {
                made.push_str(address);
            } else {
                let (path, part) = address.split_at(address.find('#').unwrap_or(address.len()));
                made.push_str(
                    &self
                        .carried(path)
                        .replace("&as_of", "&amp;as_of")
                        .replace("&known_by", "&amp;known_by"),
                );
                made.push_str(part);
            }
            rest = after;
        }
        made.push_str(rest);
        const ASKS: &str = " method=\"get\">";
        made.replace(ASKS, &format!("{ASKS}{}", self.fields().into_string()))
    }

    /// These dates as fields of a form that asks, so that what it finds is of the same days.
    fn fields(&self) -> Markup {
        html! {
            @for (name, day) in [("as_of", self.as_of), ("known_by", self.known_by)] {
                @if let Some(day) = day { input type="hidden" name=(name) value=(day); }
            }
        }
    }

    /// What makes this a view of the past, in words.
    fn past(&self) -> Option<String> {
        let law = self
            .as_of
            .filter(|day| *day != self.today)
            .map(|day| format!("the law of {}", marks::day(day)));
        let record = self
            .known_by
            .filter(|day| *day < self.today)
            .map(|day| format!("as recorded by {}", marks::day(day)));
        match (law, record) {
            (None, None) => None,
            (law, record) => Some(law.into_iter().chain(record).collect::<Vec<_>>().join(", ")),
        }
    }
}

fn who(viewer: &Viewer) -> Markup {
    html! {
        details.who {
            summary { (marks::name(&viewer.name)) @if let Some(team) = &viewer.team { " · " (marks::name(team)) } }
            div {
                @if !viewer.roles.is_empty() { p.small { (viewer.roles.join(", ").replace('_', " ")) } }
                p.small { a href="/help" { "Help and keys" } }
                (leave(viewer))
            }
        }
    }
}

fn leave(viewer: &Viewer) -> Markup {
    html! { form action="/logout" method="post" { (token(viewer)) button.btn type="submit" { "Log out" } } }
}

/// The token that a form sends back, so that no other site can send it.
pub(crate) fn token(viewer: &Viewer) -> Markup {
    html! { input type="hidden" name="csrf" value=(viewer.token); }
}

fn message(flash: &Flash) -> Markup {
    let sign = if flash.mood == Mood::Go {
        "m-true"
    } else {
        "i-bang"
    };
    html! {
        div.flash role="status" { (marks::note(flash.mood, sign, &flash.text, html! {})) }
    }
}

/// Where a screen stands: the way to it.
pub(crate) fn crumbs(way: &[(&str, &str)], here: &str) -> Markup {
    html! {
        nav.crumbs aria-label="Where you are" {
            ol {
                @for (word, address) in way { li { a href=(address) { (word) } } }
                li aria-current="page" { (marks::said(here)) }
            }
        }
    }
}
