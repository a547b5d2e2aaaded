"""The command table: every command with its help, its arguments and what runs it.

A command's own module is imported when its help, its arguments or the command itself are asked for.
"""

from importlib import import_module

from annotator.cli import arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

EXITS = """\
Exit codes:
  0    done
  1    done, but some input was refused (import, label), errors were found
       (check), an export is not what it was (export --verify), near copies lie
       on two sides (split), conflicts are open (merge, receive), a goal is
       missed (agreement), something needs attention (doctor), or a server does
       not run (server status)
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
        examples: "tuple[str, ...] | Callable[[], tuple[str, ...]]" = (),
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
        self._examples = examples

    @property
    def examples(self) -> tuple[str, ...]:
        """Command lines that can be given as they are."""
        return self._examples() if callable(self._examples) else self._examples


def _command(name: str, summary: str, module: str = "", runs: str = "") -> Command:
    """A command that a module describes: `arguments`, `EXAMPLES`, and `TEXT` or what makes it, `text`.

    Args:
        name: the command's.
        summary: one line.
        module: in this package; the one of the command's name, if none is given.
        runs: the module with the function `run`, if it is not the same.
    """

    def own() -> "Any":
        return import_module(f"annotator.cli.{module or name}")

    def text() -> str:
        made = getattr(own(), "text", None)
        return str(made() if made else own().TEXT)

    return Command(
        name,
        summary,
        f"annotator.cli.{runs or module or name}:run",
        lambda parser: own().arguments(parser),
        text,
        lambda: own().EXAMPLES,
    )


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
        _command(
            "import",
            "bring in articles and annotations, also those of other tools",
            "import_arguments",
            "import_",
        ),
        _command("export", "write articles and decisions to files", "export_arguments", "export"),
        _command("agreement", "how far annotators agree, and which articles pull it down"),
        _command("adjudicate", "decide what is gold where annotators differ"),
        _command("split", "put articles into train, dev and test, near copies together"),
        _command("guidelines", "show the guidelines, change them, list what rests on older ones"),
        _command("release", "freeze the gold standard under a version, and look at releases"),
        _command("people", "who works on the project, and what they may do"),
        _command("assign", "give articles to people, each as many, so that every two meet"),
        _command("rounds", "begin and close rounds of the work: pilots, then production"),
        _command("ask", "slip hidden questions into people's work"),
        _command("quality", "how well each annotator works: agreement, gold, speed, drift"),
        _command("feedback", "look at your own work beside gold, once it is released"),
        _command("train", "practise on articles whose gold is known"),
        _command("suggest", "what is suggested: learn, prepare, report, forget, switch off"),
        _command(
            "scheme",
            "show the labels; add, rename, retire or split them",
            "scheme_arguments",
            "scheme",
        ),
        Command(
            "status",
            "how far the work is, by annotator, layer and language",
            "annotator.cli.status:run",
            arguments.status,
            examples=(
                "annotator status news.db",
                "annotator status news.db --json",
                "annotator status news.db --watch",
            ),
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
            "show settings, what the terminal can do, what needs attention",
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
            "The copy is a file, also of a project on a server, and is checked before it gets its name. An\n"
            "existing file is never overwritten.",
            (
                "annotator backup news.db",
                "annotator backup news.db /mnt/usb/news-monday.db",
                "annotator backup postgresql://vera@db.example.org/news news-monday.db",
            ),
        ),
        Command(
            "restore",
            "make a project from a backup, where there is none yet",
            "annotator.cli.backup:restore",
            arguments.restore,
            "To go back to a backup, first move the project's own file out of the way. With an address the\n"
            "whole project moves to a server; its people's logins are made there by `annotator server`.",
            (
                "annotator restore news.db /mnt/usb/news-monday.db",
                "annotator restore postgresql://vera@db.example.org/news news-monday.db",
            ),
        ),
        _command("history", "tell who did what to an article, and how it stood at any moment"),
        _command("checkout", "copy your part of a project, to work without a connection"),
        _command("merge", "make copies of a project on which people worked apart one again"),
        _command("send", "write what somebody lacks of a project as a file to be mailed"),
        _command("receive", "take in a file that send made, or make a project of it"),
        _command(
            "serve",
            "the interface in the browser, for yourself or for several people",
            runs="serving",
        ),
        _command("server", "run a PostgreSQL for a team, and set up projects on a server"),
        _command("withdraw", "take an article out for good, with every word of it"),
        _command("adopt", "put an article's changed text in its place, and keep the work"),
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
Usage: annotator PROJECT [--as NAME]
       annotator COMMAND PROJECT ...

A keyboard-first terminal tool that turns news articles into training data.

Commands:
{listed}
annotator COMMAND --help explains a command. The project comes first.

Examples:
  annotator demo
  annotator import news.db articles/
  annotator news.db
  annotator export news.db --format jsonl -o news.jsonl

Options:
  -h, --help     this text
  --version      the version

{EXITS}"""
