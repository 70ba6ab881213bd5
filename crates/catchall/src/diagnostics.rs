//! Diagnostics of packs, drawn with the source beside them as a compiler would.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use catchall_law::{Diagnostic, PackFile, Severity};

/// Draws problems in order, each with its line; `colour` only where a person looks on.
pub(crate) fn draw(problems: &[Diagnostic], files: &[PackFile], colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut drawn = String::new();
    for problem in problems {
        let level = match problem.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let source = files
            .iter()
            .find(|file| file.path == *problem.at.file)
            .map_or("", |file| file.text.as_str());
        let start = problem.at.start.min(source.len());
        // A span over several lines is shown by its first: the message says the rest.
        let line_end = source
            .get(start..)
            .and_then(|rest| rest.find('\n'))
            .map_or(source.len(), |at| start + at);
        let end = problem.at.end.clamp(start, line_end);
        let snippet = Snippet::source(source).path(&*problem.at.file).annotation(
            AnnotationKind::Primary
                .span(start..end)
                .label(problem.label.as_str()),
        );
        let mut group = level
            .primary_title(problem.message.as_str())
            .id(problem.code)
            .element(snippet);
        if !problem.help.is_empty() {
            group = group.element(Level::HELP.message(problem.help.as_str()));
        }
        let witness = problem
            .witness
            .as_ref()
            .map(|witness| format!("for example: {witness}"));
        if let Some(witness) = &witness {
            group = group.element(Level::NOTE.message(witness.as_str()));
        }
        drawn.push_str(&renderer.render(&[group]));
        drawn.push_str("\n\n");
    }
    drawn
}

/// `2 errors, 1 warning`.
pub(crate) fn count(problems: &[Diagnostic]) -> String {
    let errors = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .count();
    let warnings = problems.len() - errors;
    let plural =
        |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    match (errors, warnings) {
        (0, 0) => "no problems".to_owned(),
        (_, 0) => plural(errors, "error"),
        (0, _) => plural(warnings, "warning"),
        _ => format!(
            "{}, {}",
            plural(errors, "error"),
            plural(warnings, "warning")
        ),
    }
}
