//! Letter: what goes to an applicant, from the case's own facts, as plain text and as one page of HTML.
//!
//! A letter says what is asked, or what was decided and why, which conditions hold, and what can be done against it. It
//! names no adviser and shows no advice. Nothing is sent here; the letter that went out is recorded as it stands.

use catchall_model::Day;

use super::{Case, Decision, PERMISSIVE, Request};

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// Paragraphs and lists, in order.
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Words(String),
    List(Vec<String>),
}

impl Letter {
    /// As plain text, lines of at most 78 letters where words allow it; ends in a newline.
    pub fn text(&self) -> String {
        let mut text = format!("To: {}\nSubject: {}\n", self.to, self.subject);
        for part in &self.parts {
            text.push('\n');
            match part {
                Part::Words(words) => wrap(&mut text, words, "", ""),
                Part::List(items) => {
                    for (place, item) in items.iter().enumerate() {
                        wrap(&mut text, item, &format!("{}. ", place + 1), "   ");
                    }
                }
            }
        }
        text
    }

    /// As one page that needs nothing but itself.
    pub fn html(&self) -> String {
        let mut page = String::from(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
        );
        page.push_str(&escaped(&self.subject));
        page.push_str("</title>\n</head>\n<body>\n<main>\n<p>To: <bdi>");
        page.push_str(&escaped(&self.to));
        page.push_str("</bdi></p>\n<h1>");
        page.push_str(&escaped(&self.subject));
        page.push_str("</h1>\n");
        for part in &self.parts {
            match part {
                Part::Words(words) => {
                    page.push_str(&format!("<p>{}</p>\n", escaped(words)));
                }
                Part::List(items) => {
                    page.push_str("<ol>\n");
                    for item in items {
                        page.push_str(&format!("<li>{}</li>\n", escaped(item)));
                    }
                    page.push_str("</ol>\n");
                }
            }
        }
        page.push_str("</main>\n</body>\n</html>\n");
        page
    }
}

/// The letter that asks for information.
pub fn asking(case: &Case, request: &Request) -> Letter {
    let mut parts = vec![Part::Words(format!(
        "We are looking at {} (your reference {}). To go on we need your answer to the following:",
        case.title, case.transfer
    ))];
    let questions = request
        .questions
        .iter()
        .map(|question| match question.evidence.as_str() {
            "" => question.question.clone(),
            evidence => format!("{} What would show it: {evidence}.", question.question),
        });
    parts.push(Part::List(questions.collect()));
    parts.push(Part::Words(
        "If something cannot be found out, please say so; that is an answer too.".to_owned(),
    ));
    let due = request.due.map_or(String::new(), |due| {
        format!(" Please answer by {}.", due.in_prose())
    });
    let clock = if request.pauses {
        "Our time for this case stands still until we hear from you."
    } else {
        "Our time for this case goes on meanwhile."
    };
    parts.push(Part::Words(format!("{clock}{due}")));
    parts.push(Part::Words(closing(case, request.stamp.day())));
    Letter {
        to: request.to.clone(),
        subject: format!(
            "Case {}: we need information (request {})",
            case.id, request.number
        ),
        parts,
    }
}

/// The letter that tells a decision; none for one that does not stand.
pub fn deciding(case: &Case, decision: &Decision, to: &str) -> Option<Letter> {
    if !decision.stands() {
        return None;
    }
    let day = decision.signed.as_ref().unwrap_or(&decision.stamp).day();
    let mut parts = vec![Part::Words(format!(
        "On {} we decided on {} (your reference {}).",
        day.in_prose(),
        case.title,
        case.transfer
    ))];
    parts.push(Part::Words(outcome_in_words(&decision.view).to_owned()));
    parts.push(Part::Words(format!("Our reasons: {}", decision.reason)));
    let rests_on = case
        .assessed
        .iter()
        .find(|each| each.answer.id == decision.answer);
    if let Some(cites) = rests_on
        .map(|each| &each.answer.cites)
        .filter(|cites| !cites.is_empty())
    {
        parts.push(Part::Words(format!(
            "The law that decides: {}.",
            cites.join("; ")
        )));
    }
    let conditions: Vec<String> = case
        .conditions
        .iter()
        .filter(|condition| {
            decision.conditions.contains(&condition.number) && condition.dropped.is_none()
        })
        .map(|condition| condition.text.clone())
        .collect();
    if !conditions.is_empty() {
        parts.push(Part::Words("These conditions hold:".to_owned()));
        parts.push(Part::List(conditions));
    }
    if !PERMISSIVE.contains(&decision.view.as_str()) {
        parts.push(Part::Words("You can appeal against this decision. Write to us with your grounds and the number of this case; somebody who took no part in the decision will look at it.".to_owned()));
    }
    parts.push(Part::Words(closing(case, day)));
    Some(Letter {
        to: to.to_owned(),
        subject: format!("Case {}: decision {}", case.id, decision.number),
        parts,
    })
}

fn outcome_in_words(view: &str) -> &'static str {
    match view {
        "no_licence_required" => {
            "No licence is required. This holds for the facts as you stated them, and for the law and lists of that day."
        }
        "approve" => "The transfer is approved as you stated it.",
        "approve_with_conditions" => "The transfer is approved as you stated it, on conditions.",
        "refuse" => "The transfer is refused.",
        "prohibited" => "The transfer is prohibited and must not go ahead.",
        _ => "We return the case without a decision on its substance.",
    }
}

fn closing(case: &Case, day: Day) -> String {
    let team = case
        .team
        .as_deref()
        .map_or(String::new(), |team| format!(", team {team}"));
    format!("Case {}{team}, {}.", case.id, day.in_prose())
}

/// Text as it may stand in HTML, in elements and in quoted attributes.
pub fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => made.push_str("&amp;"),
            '<' => made.push_str("&lt;"),
            '>' => made.push_str("&gt;"),
            '"' => made.push_str("&quot;"),
            '\'' => made.push_str("&#39;"),
            control if control.is_control() && control != '\n' => made.push(' '),
            other => made.push(other),
        }
    }
    made
}

fn wrap(text: &mut String, words: &str, first: &str, next: &str) {
    const WIDTH: usize = 78;
    let mut line = first.to_owned();
    let mut empty = true;
    for word in words.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(line.trim_end());
            text.push('\n');
            line = next.to_owned();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_wrapped_and_its_page_lets_nothing_through() {
        let letter = Letter {
            to: "Kaya & <b>Makina</b>".to_owned(),
            subject: "Case C-1: \"x\"".to_owned(),
            parts: vec![
                Part::Words("word ".repeat(40)),
                Part::List(vec!["one".to_owned(), "two".to_owned()]),
            ],
        };
        assert!(
            letter.text().lines().all(|line| line.chars().count() <= 78),
            "{}",
            letter.text()
        );
        assert!(letter.text().ends_with("1. one\n2. two\n"));
        let page = letter.html();
        assert!(page.contains("Kaya &amp; &lt;b&gt;Makina&lt;/b&gt;") && !page.contains("<b>"));
        assert!(page.contains("<title>Case C-1: &quot;x&quot;</title>"));
    }
}
