//! Packs: which state of the law is judged by, who put it forward, who published it; and the forms for the next.

use maud::{Markup, html};

use catchall_ledger::pack::{Packs, Proposal, Standing};

use super::frame::{self, Frame};
use super::marks;
use crate::explain::words::Mood;

/// What stands on the page.
pub(crate) struct Page<'a> {
    /// Everything that happened.
    pub(crate) packs: &'a Packs,
    /// The state that is loaded.
    pub(crate) loaded: &'a str,
    /// Whether only published packs are judged by.
    pub(crate) only_published: bool,
    /// Whether this person may put packs forward.
    pub(crate) may_write: bool,
    /// Whether this person may publish packs that others wrote.
    pub(crate) may_publish: bool,
}

/// The page.
pub(crate) fn page(page: &Page<'_>, frame: &Frame<'_>) -> Markup {
    let packs = page.packs;
    let published = packs.published();
    let fits = published.is_some_and(|own| own.digest == page.loaded);
    let known = fits || packs.waiting().any(|own| own.digest == page.loaded);
    let inside = html! {
        (frame::crumbs(&[("Law", "/law")], "Who published the packs"))
        div.ident {
            h1 { "Who published the packs" }
            p.facts { span { "Nobody publishes what they wrote." } @if page.only_published { span { "This server judges by published packs only." } } }
        }
        div.stack {
            section.card aria-labelledby="h-now" {
                h2 #h-now { "Now" }
                dl.kv {
                    dt { "Loaded" } dd { code { (page.loaded) } }
                    dt { "Published" } dd { @if let Some(own) = published { code { (own.digest) } " " (judged(own)) } @else { "none yet" } }
                }
                @if fits { (marks::note(Mood::Go, "i-law", "What is judged by was published", html! {})) }
                @else { (marks::note(Mood::Refer, "i-bang", "What is judged by was not published", html! { p { "The packs that are loaded are not those that somebody published." } })) }
                @if page.may_write && !known { (propose(page.loaded, frame)) }
            }
            section.card aria-labelledby="h-all" {
                h2 #h-all { "Proposals" }
                @if packs.proposals.is_empty() { (marks::empty("Nothing was proposed.", html! {})) }
                @for own in packs.proposals.iter().rev() { (proposal(own, page, frame)) }
            }
            @if !packs.irregular.is_empty() { section.card aria-labelledby="h-odd" {
                h2 #h-odd { "Entries without effect" }
                @for (number, why) in &packs.irregular { p { "Entry " (number) ": " (marks::said(why)) } }
            } }
        }
    };
    frame.page(inside)
}

fn judged(own: &Proposal) -> Markup {
    html! {
        @if let Some((stamp, why)) = &own.judged {
            " by " (marks::name(&stamp.by.name)) ", " (stamp.day())
            @if !why.is_empty() { ": " (marks::said(why)) }
        }
    }
}

fn propose(digest: &str, frame: &Frame<'_>) -> Markup {
    html! {
        form.act action="/law/packs" method="post" {
            @if let Some(viewer) = frame.viewer { (frame::token(viewer)) }
            input type="hidden" name="digest" value=(digest);
            div.field { label for="about" { "What is other than before" } textarea #about name="about" rows="2" required {} }
            p.btns { button.btn.btn-main type="submit" name="do" value="propose" { "I wrote this: put it forward" } }
        }
    }
}

fn proposal(own: &Proposal, page: &Page<'_>, frame: &Frame<'_>) -> Markup {
    let viewer = frame.viewer;
    let wrote = viewer.is_some_and(|viewer| page.packs.wrote(&viewer.name, &own.digest));
    let waits = own.standing == Standing::Waiting;
    let field = format!("why-{}", own.stamp.number);
    html! {
        section aria-label={ "Proposal of " (own.stamp.by.name) ", " (own.stamp.day()) } {
            p { b { (marks::name(&own.stamp.by.name)) } " " span.muted { (own.stamp.day()) } ": " (marks::said(&own.about)) }
            p { code { (own.digest) } " " @match own.standing {
                Standing::Waiting => { (marks::tag("waits")) }
                Standing::Published => { (marks::tag("published")) (judged(own)) }
                Standing::Returned => { (marks::tag("returned")) (judged(own)) }
            } }
            @if waits && page.may_publish && wrote { p.muted { "You wrote this, or a part of it: somebody else must publish it." } }
            @if waits && page.may_publish && !wrote {
                form.act action="/law/packs" method="post" {
                    @if let Some(viewer) = viewer { (frame::token(viewer)) }
                    input type="hidden" name="digest" value=(own.digest);
                    div.field { label for=(field) { "Why, or what you read it against" } input id=(field) name="why"; }
                    p.btns {
                        button.btn.btn-main type="submit" name="do" value="publish" { "Publish" }
                        button.btn type="submit" name="do" value="return" { "Send back" }
                    }
                }
            }
        }
    }
}
