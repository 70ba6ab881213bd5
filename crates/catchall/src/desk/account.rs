//! Account: the page to log in, the page to change a password, and the help page with every key.

use maud::{Markup, html};

use super::frame::{self, Flash, Frame, SCREENS, Viewer};
use super::marks;
use crate::explain::words::Mood;

/// What stands on the page to log in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Login<'a> {
    /// Why the last try failed.
    pub(crate) wrong: Option<&'a str>,
    /// The name that was typed.
    pub(crate) name: &'a str,
    /// Where to go then.
    pub(crate) to: &'a str,
    /// What a demonstration says.
    pub(crate) hint: Option<&'a str>,
    /// What the button of the provider says, where there is one.
    pub(crate) provider: Option<&'a str>,
    /// Where to log out of the provider, for whoever has just left.
    pub(crate) farewell: Option<&'a str>,
}

/// The page to log in.
pub(crate) fn login(page: &Login<'_>) -> Markup {
    let frame = Frame::new("Log in", "");
    let inside = html! {
        div.narrow-form.stack {
            h1 { "Log in" }
            @if let Some(wrong) = page.wrong { div role="alert" { (marks::note(Mood::Stop, "i-bang", "Not logged in", html! { p { (marks::said(&crate::explain::words::capital(wrong))) "." } })) } }
            @if let Some(farewell) = page.farewell { (marks::note(Mood::Go, "i-law", "You are logged out here", html! { p { "Your organisation’s provider may still know you. " a href=(farewell) rel="noreferrer" { "Log out there, too" } "." } })) }
            @if let Some(hint) = page.hint { (marks::note(Mood::Plain, "i-law", "A demonstration", html! { p { (hint) } })) }
            @if let Some(label) = page.provider {
                section.card.act aria-label="With your organisation" {
                    p.btns { a.btn.btn-main href={ "/login/provider?to=" (crate::address::escaped(page.to)) } { (label) } }
                }
            }
            form.card.act action="/login" method="post" {
                @if page.provider.is_some() { h2 { "With an account of this server" } }
                input type="hidden" name="to" value=(page.to);
                div.field { label for="name" { "Name" } input #name name="name" value=(page.name) autocomplete="username" required autocapitalize="none" spellcheck="false"; }
                div.field { label for="password" { "Password" } input #password name="password" type="password" autocomplete="current-password" required; }
                p.btns { button class=(if page.provider.is_some() { "btn" } else { "btn btn-main" }) type="submit" { "Log in" } }
            }
            p.small.muted { "No account? Whoever runs this server makes one: " code { "catchall account add NAME" } "." }
        }
    };
    frame.page(inside)
}

/// The page to change one's password.
pub(crate) fn password(viewer: &Viewer, must: bool, wrong: Option<&str>) -> Markup {
    let mut frame = Frame::new("Change your password", "");
    if !must {
        frame.viewer = Some(viewer);
    }
    frame.flashes = wrong
        .map(|wrong| Flash {
            mood: Mood::Stop,
            text: format!("Not changed: {wrong}."),
        })
        .into_iter()
        .collect();
    let inside = html! {
        div.narrow-form.stack {
            h1 { "Change your password" }
            @if must { p { "Somebody else set this password. Choose your own before you go on." } }
            form.card.act action="/password" method="post" {
                (frame::token(viewer))
                div.field { label for="old" { "The password now" } input #old name="old" type="password" autocomplete="current-password" required; }
                div.field { label for="new" { "The new one" } input #new name="new" type="password" autocomplete="new-password" required minlength="12" aria-describedby="new-h"; span.hint #new-h { "at least 12 letters; a few words that only you put together do well" } }
                div.field { label for="again" { "The new one again" } input #again name="again" type="password" autocomplete="new-password" required minlength="12"; }
                p.btns { button.btn.btn-main type="submit" { "Change it" } }
            }
        }
    };
    frame.page(inside)
}

/// Keys that act on every screen or on one.
const KEYS: &[(&str, &str, &str)] = &[
    ("/", "find a case, party, provision or entry", "everywhere"),
    ("?", "this page", "everywhere"),
    ("j", "next row", "tables"),
    ("k", "the row before", "tables"),
    ("Enter", "open the row", "tables"),
    ("n", "next case", "Desk"),
    ("Ctrl Enter", "send the form: check", "Check, any form"),
    ("c", "confirm: the same party", "Matches"),
    ("d", "dismiss: another party", "Matches"),
    ("i", "ask for information", "Matches"),
    ("Esc", "leave a field, so that keys act again", "forms"),
];

/// The help page.
pub(crate) fn help(viewer: &Viewer, frame: &Frame<'_>) -> Markup {
    let inside = html! {
        div.ident { h1 { "Help and keys" } }
        div.cols.cols-side {
            div.stack {
                section.card aria-labelledby="h-day" {
                    h2 #h-day { "A day’s work" }
                    ol {
                        li { p { b { "Check." } " Say what you know of a transfer. What is left empty counts as not known. The answer stands beside the form, with the few questions that could still change it." } }
                        li { p { b { "Save as a case." } " The transfer and its answer are recorded; from then on every act is an entry that nobody can change." } }
                        li { p { b { "Ask." } " Requests come from what is missing. The clock stands still until the answer; the answer goes back into the transfer, which is assessed again, old beside new." } }
                        li { p { b { "Judge matches." } " A score is a probability. A person confirms or dismisses, with a reason." } }
                        li { p { b { "Advise, decide, sign." } " Advice is superseded, never edited. Nobody signs their own decision, or one on which they advised." } }
                        li { p { b { "Issue and reconcile." } " A licence’s balance is exact; what customs saw is set against what was shipped." } }
                    }
                }
                section.card aria-labelledby="h-words" {
                    h2 #h-words { "How to read an answer" }
                    table {
                        caption.vh { "Outcomes, with what each means" }
                        thead { tr { th scope="col" { "Answer" } th scope="col" { "Means" } } }
                        tbody {
                            @for (word, says) in [("no_licence_required", "Nothing that was checked bars it. Never “cleared”."), ("covered_by_licence", "A licence or a named exception covers it."), ("notify", "Tell the authority, and wait where the law says so."), ("licence_required", "Apply first."), ("presumption_of_denial", "Apply, and expect a no."), ("prohibited", "Stop."), ("not_known", "Missing facts could still change the answer."), ("refer", "A person must judge."), ("not_screened", "A list is missing, empty, shrunk or too old.")] {
                                tr { th scope="row" { (marks::outcome(word)) } td { (says) } }
                            }
                        }
                    }
                }
            }
            section.card.keys-table aria-labelledby="h-keys" {
                header { h2 #h-keys { "Keys" } p { "never inside a field" } }
                (marks::scroll("Keys", html! { table {
                    caption.vh { "Keys, what each does, and where" }
                    thead { tr { th scope="col" { "Key" } th scope="col" { "Does" } th scope="col" { "Where" } } }
                    tbody {
                        @for (key, does, place) in KEYS { tr { th scope="row" { @for each in key.split(' ') { kbd { (each) } } } td { (does) } td { (place) } } }
                        @for (_, word, key) in SCREENS { tr { th scope="row" { kbd { "g" } kbd { (key) } } td { (word) } td { "everywhere" } } }
                    }
                } }))
                form.act action="/help" method="post" {
                    (frame::token(viewer))
                    p { "Single keys are " b { @if viewer.keys { "on" } @else { "off" } } ". Every key has a visible button or link, so nothing is lost without them." }
                    p.btns { button.btn type="submit" name="keys" value=(if viewer.keys { "off" } else { "on" }) { @if viewer.keys { "Switch single keys off" } @else { "Switch single keys on" } } }
                }
            }
        }
    };
    frame.page(inside)
}
