//! Completions and the manual page, generated from the command line itself.

use clap::CommandFactory;

use super::{Cli, Stop};

/// Which shell.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell to complete for.
    shell: clap_complete::Shell,
}

/// Which page.
#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// A verb, for its own page.
    verb: Option<String>,
}

pub(crate) fn completions(args: &Completions) -> Result<u8, Stop> {
    clap_complete::generate(
        args.shell,
        &mut Cli::command(),
        "catchall",
        &mut std::io::stdout(),
    );
    Ok(0)
}

pub(crate) fn man(args: &Man) -> Result<u8, Stop> {
    let mut command = Cli::command();
    if let Some(verb) = &args.verb {
        let found = command.find_subcommand(verb).cloned();
        let Some(found) = found else {
            return Err(Stop::usage(anyhow::anyhow!(
                "there is no verb `{verb}`; `catchall --help` lists them"
            )));
        };
        command = found;
    }
    let title = args
        .verb
        .as_ref()
        .map_or("catchall".to_owned(), |verb| format!("catchall-{verb}"));
    clap_mangen::Man::new(command)
        .title(title)
        .render(&mut std::io::stdout())?;
    Ok(0)
}
