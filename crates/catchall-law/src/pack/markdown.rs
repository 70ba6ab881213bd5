//! Markdown: the fenced blocks of an article, each with the prose that stands above it.

/// A fenced block that the program reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// `provision`, `case`, `set`, `parties`.
    pub name: &'a str,
    /// Its content.
    pub text: &'a str,
    /// Byte of the file at which the content begins.
    pub start: usize,
    /// The prose between the block before and this one.
    pub prose: &'a str,
    /// Byte of the file at which the fence begins.
    pub fence: usize,
}

/// The blocks of a file whose fence says `toml` and a name. A fence that nothing closes gives its byte.
pub(super) fn blocks(text: &str) -> Result<Vec<Block<'_>>, usize> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &str, usize, usize)> = None;
    let mut prose_from = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_end();
        let ticks = trimmed.bytes().take_while(|b| *b == b'`').count();
        match open {
            None if ticks >= 3 => {
                open = Some((ticks, trimmed[ticks..].trim(), at + line.len(), at))
            }
            Some((length, info, start, fence)) if ticks >= length && trimmed.len() == ticks => {
                let mut words = info.split_whitespace();
                if words.next() == Some("toml")
                    && let Some(name) = words.next()
                {
                    found.push(Block {
                        name,
                        text: &text[start..at],
                        start,
                        prose: &text[prose_from..fence],
                        fence,
                    });
                }
                prose_from = at + line.len();
                open = None;
            }
            _ => {}
        }
        at += line.len();
    }
    match open {
        Some((_, _, _, fence)) => Err(fence),
        None => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_carry_their_place_and_the_prose_above_them() {
        let text = "# One\nSays so.\n```toml provision\nid = 1\n```\nmore\n````toml case\n```\n````\n```rust\nno\n```\n";
        let found = blocks(text).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].name, found[0].text, found[0].prose),
            ("provision", "id = 1\n", "# One\nSays so.\n")
        );
        assert_eq!(&text[found[0].start..found[0].start + 6], "id = 1");
        assert_eq!((found[1].name, found[1].text), ("case", "```\n"));
    }

    #[test]
    fn a_fence_that_nothing_closes_is_found() {
        assert_eq!(blocks("x\n```toml case\na = 1\n"), Err(2));
    }
}
