//! Where people's answers to hits are kept: a file of JSON Lines, only ever added to, behind an interface that another store can take over.
//!
//! What an answer means and whether it still holds is decided below, in `catchall-screen`; nothing is judged here.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use catchall_screen::Answer;

/// A store of answers.
pub(crate) trait AnswerStore {
    /// Every answer, in the order in which they were given, and what cannot be read: a line each, in words.
    ///
    /// # Errors
    /// When the store cannot be read at all.
    fn all(&self) -> Result<(Vec<Answer>, Vec<String>)>;

    /// Keeps answers behind those that are there; they last once this returns.
    ///
    /// # Errors
    /// When they could not be written.
    fn keep(&self, answers: &[Answer]) -> Result<()>;
}

/// A file of JSON Lines.
pub(crate) struct AnswerFile {
    path: PathBuf,
}

impl AnswerFile {
    pub(crate) fn at(path: &Path) -> AnswerFile {
        AnswerFile {
            path: path.to_owned(),
        }
    }
}

impl AnswerStore for AnswerFile {
    fn all(&self) -> Result<(Vec<Answer>, Vec<String>)> {
        // A file that nobody has written to yet holds no answer.
        if !self.path.exists() {
            return Ok((Vec::new(), Vec::new()));
        }
        let bytes = std::fs::read(&self.path)
            .with_context(|| format!("cannot read the answers `{}`", self.path.display()))?;
        let (mut answers, mut problems) = (Vec::new(), Vec::new());
        for (line, text) in (1u32..).zip(bytes.split(|byte| *byte == b'\n')) {
            let read = match std::str::from_utf8(text).map(str::trim) {
                Ok("") => continue,
                Ok(text) => Answer::read(text).map_err(|error| error.to_string()),
                Err(_) => Err("the line is not UTF-8".to_owned()),
            };
            match read {
                Ok(answer) => answers.push(answer),
                Err(why) => {
                    problems.push(format!(
                        "the answers `{}`, line {line}: {why}; mend the line or take it out",
                        self.path.display()
                    ));
                }
            }
        }
        Ok((answers, problems))
    }

    fn keep(&self, answers: &[Answer]) -> Result<()> {
        let unwritten = || format!("cannot write the answers `{}`", self.path.display());
        if let Some(folder) = self.path.parent().filter(|own| !own.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).with_context(unwritten)?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(&self.path)
            .with_context(unwritten)?;
        // Two people may answer at the same moment.
        file.lock().with_context(unwritten)?;
        let mut text = String::new();
        if !ends_its_line(&mut file).with_context(unwritten)? {
            text.push('\n');
        }
        for answer in answers {
            text.push_str(&answer.line());
            text.push('\n');
        }
        file.write_all(text.as_bytes()).with_context(unwritten)?;
        file.sync_data().with_context(unwritten)
    }
}

/// Whether the last line is ended; one that was cut off must not take in the next.
fn ends_its_line(file: &mut File) -> std::io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == [b'\n'])
}
