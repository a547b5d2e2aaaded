"""The command table: every command with its help, its arguments and what runs it.

Nothing here imports more than the arguments' own module, so that help is immediate.
"""

from annotator.cli import (
    adjudicate,
    adopt,
    agreement,
    arguments,
    ask,
    assign,
    export_arguments,
    feedback,
    guidelines,
    history,
    import_arguments,
    merge,
    people,
    quality,
    receive,
    release,
    rounds,
    scheme_arguments,
    send,
    serve,
    split,
    suggest,
    train,
    withdraw,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

EXITS = """\
Exit codes:
  0    done
  1    done, but some input was refused (import, label), errors were found (check), an export
       is not what it was (export --verify), near copies lie on two sides (split), conflicts
       are open (merge, receive), a goal is missed (agreement), or something needs attention
       (doctor)
  2    not done: the one line on standard error says why
  3    a fault in annotator itself; the line says where the details are
  130  interrupted with Ctrl-C; what was saved before stays saved
  141  the reader of the output went away
"""


class Command:
    """One command of the table."""

    def __init__(
        self,
        name: str,
        summary: str,
        runs: str,
        arguments: "Callable[[Any], None]",
        text: "str | Callable[[], str]" = "",
        examples: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.summary = summary
        """One line for the list of commands."""
        self.runs = runs
        """`module:function`, imported when the command runs; it takes the parsed arguments."""
        self.arguments = arguments
        """Adds its arguments to a parser."""
        self.text = text
        """What its own help says beside the summary, or what makes it."""
        self.examples = examples


COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command(
            "open",
            "open a project in the interface (may be left out)",
            "annotator.cli.open:run",
            arguments.open_,
            examples=(
                "annotator news.db",
                "annotator news.db --as iva --queue",
                "annotator open news.db --article bg-bridge",
            ),
        ),
        Command(
            "label",
            "label articles, also line by line for screen readers (--plain)",
            "annotator.cli.label:run",
            arguments.label,
            arguments.LABEL_TEXT,
            (
                "annotator label news.db --article bg-bridge",
                "annotator label news.db --plain --as iva",
            ),
        ),
        Command(
            "demo",
            "try the interface on sample articles, in a throw-away project",
            "annotator.cli.demo:run",
            arguments.demo,
            "The project is deleted when the interface is left, unless --keep says where to keep it.",
            ("annotator demo", "annotator demo --keep samples.db"),
        ),
        Command(
            "init",
            "make a new, empty project",
            "annotator.cli.init:run",
            arguments.init,
            examples=(
                "annotator init news.db",
                "annotator init news.db --scheme minimal",
                "annotator init news.db --scheme my-labels.toml --as iva",
            ),
        ),
        Command(
            "import",
            "bring in articles and annotations: text, JSONL, CSV, HTML, SQLite, other tools' files",
            "annotator.cli.import_:run",
            import_arguments.import_,
            import_arguments.text,
            import_arguments.EXAMPLES,
        ),
        Command(
            "export",
            "write articles and decisions to files",
            "annotator.cli.export:run",
            export_arguments.export,
            export_arguments.text,
            export_arguments.EXAMPLES,
        ),
        Command(
            "agreement",
            "how far annotators agree, with intervals, and which articles pull it down",
            "annotator.cli.agreement:run",
            agreement.arguments,
            agreement.TEXT,
            agreement.EXAMPLES,
        ),
        Command(
            "adjudicate",
            "decide what is gold where annotators differ",
            "annotator.cli.adjudicate:run",
            adjudicate.arguments,
            adjudicate.TEXT,
            adjudicate.EXAMPLES,
        ),
        Command(
            "split",
            "put articles into train, dev and test, so that no near copy is on two sides",
            "annotator.cli.split:run",
            split.arguments,
            split.TEXT,
            split.EXAMPLES,
        ),
        Command(
            "guidelines",
            "show the guidelines, give them a new version, list what rests on an older one",
            "annotator.cli.guidelines:run",
            guidelines.arguments,
            guidelines.TEXT,
            guidelines.EXAMPLES,
        ),
        Command(
            "release",
            "freeze the gold standard under a version, and look at releases",
            "annotator.cli.release:run",
            release.arguments,
            release.TEXT,
            release.EXAMPLES,
        ),
        Command(
            "people",
            "who works on the project, and what they may do",
            "annotator.cli.people:run",
            people.arguments,
            people.TEXT,
            people.EXAMPLES,
        ),
        Command(
            "assign",
            "give articles to people, each as many, so that every two meet",
            "annotator.cli.assign:run",
            assign.arguments,
            assign.TEXT,
            assign.EXAMPLES,
        ),
        Command(
            "rounds",
            "begin and close rounds of the work: pilots, then production",
            "annotator.cli.rounds:run",
            rounds.arguments,
            rounds.TEXT,
            rounds.EXAMPLES,
        ),
        Command(
            "ask",
            "slip hidden questions into people's work: known gold, or their own articles again",
            "annotator.cli.ask:run",
            ask.arguments,
            ask.TEXT,
            ask.EXAMPLES,
        ),
        Command(
            "quality",
            "how well each annotator works: agreement, gold, edges, speed, drift",
            "annotator.cli.quality:run",
            quality.arguments,
            quality.TEXT,
            quality.EXAMPLES,
        ),
        Command(
            "feedback",
            "look at your own work beside gold, once it is released",
            "annotator.cli.feedback:run",
            feedback.arguments,
            feedback.TEXT,
            feedback.EXAMPLES,
        ),
        Command(
            "train",
            "practise on articles whose gold is known",
            "annotator.cli.train:run",
            train.arguments,
            train.TEXT,
            train.EXAMPLES,
        ),
        Command(
            "suggest",
            "what is suggested: learn, prepare, report, forget, switch off",
            "annotator.cli.suggest:run",
            suggest.arguments,
            suggest.TEXT,
            suggest.EXAMPLES,
        ),
        Command(
            "scheme",
            "show the labels, and add, rename, retire or split them while work goes on",
            "annotator.cli.scheme:run",
            scheme_arguments.scheme,
            scheme_arguments.TEXT,
            scheme_arguments.EXAMPLES,
        ),
        Command(
            "status",
            "how far the work is, by annotator, layer and language",
            "annotator.cli.status:run",
            arguments.status,
            examples=("annotator status news.db", "annotator status news.db --json"),
        ),
        Command(
            "check",
            "prove that everything in a project is what was put there",
            "annotator.cli.check:run",
            arguments.check,
            "Reads every text and every event. The exit code is 1 when errors are found; warnings "
            "and notes alone leave it 0.",
            ("annotator check news.db", "annotator check news.db --json || restore-the-backup"),
        ),
        Command(
            "doctor",
            "show what is in force here, what the terminal can do, and what needs attention",
            "annotator.cli.doctor:run",
            arguments.doctor,
            "Settings with where each value comes from, the terminal, keys, versions, and of a "
            "project\nits file, disk and what waits to be saved. Nothing is changed. The exit code "
            "is 1 when something\nneeds attention; each such thing is one sentence with what to do.",
            ("annotator doctor", "annotator doctor news.db --as iva", "annotator doctor --json"),
        ),
        Command(
            "backup",
            "copy a project safely, even while others work in it",
            "annotator.cli.backup:run",
            arguments.backup,
            "The copy is checked before it gets its name. An existing file is never overwritten.",
            ("annotator backup news.db", "annotator backup news.db /mnt/usb/news-monday.db"),
        ),
        Command(
            "restore",
            "make a project from a backup, where there is no file yet",
            "annotator.cli.backup:restore",
            arguments.restore,
            "To go back to a backup, first move the project's own file out of the way.",
            ("annotator restore news.db /mnt/usb/news-monday.db",),
        ),
        Command(
            "history",
            "tell who did what to an article, and how it stood at any moment",
            "annotator.cli.history:run",
            history.arguments,
            history.TEXT,
            history.EXAMPLES,
        ),
        Command(
            "merge",
            "make copies of a project on which people worked apart one again",
            "annotator.cli.merge:run",
            merge.arguments,
            merge.TEXT,
            merge.EXAMPLES,
        ),
        Command(
            "send",
            "write what somebody lacks of a project, or may see of it, as one file to be mailed",
            "annotator.cli.send:run",
            send.arguments,
            send.TEXT,
            send.EXAMPLES,
        ),
        Command(
            "receive",
            "take in a file that send made, or make a project of it",
            "annotator.cli.receive:run",
            receive.arguments,
            receive.TEXT,
            receive.EXAMPLES,
        ),
        Command(
            "serve",
            "the interface in the browser, for yourself or for several people",
            "annotator.cli.serving:run",
            serve.arguments,
            serve.TEXT,
            serve.EXAMPLES,
        ),
        Command(
            "withdraw",
            "take an article out for good, with every word of it",
            "annotator.cli.withdraw:run",
            withdraw.arguments,
            withdraw.TEXT,
            withdraw.EXAMPLES,
        ),
        Command(
            "adopt",
            "put the changed text of an article in its place, with the work on it",
            "annotator.cli.adopt:run",
            adopt.arguments,
            adopt.TEXT,
            adopt.EXAMPLES,
        ),
        Command(
            "completion",
            "print the completion script for a shell",
            "annotator.cli.completion:run",
            arguments.completion,
            examples=(
                "annotator completion bash >> ~/.bashrc",
                'annotator completion zsh > "${fpath[1]}/_annotator"',
                "annotator completion fish > ~/.config/fish/completions/annotator.fish",
            ),
        ),
    )
}


def overview() -> str:
    """The text of `annotator --help`."""
    listed = "".join(f"  {name:<11} {command.summary}\n" for name, command in COMMANDS.items())
    return f"""\
Usage: annotator PROJECT.db [--as NAME]
       annotator COMMAND PROJECT.db ...

A keyboard-first terminal tool that turns scraped news articles into training data.

Commands:
{listed}
annotator COMMAND --help explains a command, with examples. The project comes first.

Examples:
  annotator demo
  annotator import news.db articles/
  annotator news.db
  annotator export news.db --format jsonl -o news.jsonl

Options:
  -h, --help     this text
  --version      the version

{EXITS}"""
