"""Help, the command table, and what they may import."""

import shlex
import subprocess
import sys

import pytest

from annotator import __version__
from annotator.cli import arguments
from annotator.cli.parser import parser
from annotator.cli.table import COMMANDS
from annotator.formats.sources import incoming

HEAVY = ("textual", "rich", "sqlite_utils", "sqlite3", "pysqlite3", "regex", "razdel", "langdetect")

PROBE = """
import sys
from annotator.cli.main import main
code = main({argv!r})
print("loaded:", *sorted(set({heavy!r}) & set(sys.modules)))
sys.exit(code)
"""


def probe(*argv: str) -> tuple[int, str, list[str]]:
    """A command in a process of its own: exit code, output, and the heavy modules it loaded."""
    program = PROBE.format(argv=list(argv), heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr == ""
    text, _, loaded = done.stdout.rpartition("loaded:")
    return done.returncode, text, loaded.split()


@pytest.mark.parametrize("argv", [["--help"], ["-h"], ["help"], ["--version"]])
def test_help_and_version_load_nothing_heavy(argv):
    code, text, loaded = probe(*argv)
    assert (code, loaded) == (0, [])
    assert __version__ in text if argv == ["--version"] else "Exit codes:" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_help_loads_nothing_heavy_and_has_examples(name, cli):
    code, text, loaded = probe(name, "--help")
    assert (code, loaded) == (0, [])
    assert f"annotator {name}" in text
    assert "Examples:" in text
    assert cli("help", name).out == text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_is_a_command_that_can_be_given(name):
    command = COMMANDS[name]
    assert command.examples
    for example in command.examples:
        words = shlex.split(example.split("|")[0].split(">")[0], comments=True)
        assert words[0] == "annotator"
        given = words[1:] if words[1] in COMMANDS else ["open", *words[1:]]
        assert given[0] == name
        parser(command).parse_args(given[1:])


def test_the_overview_lists_every_command(cli):
    text = cli("--help").out
    assert all(command.summary in text for command in COMMANDS.values())
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_the_terminal_and_examples_can_be_pasted(name, cli, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    text, _, examples = cli(name, "--help").out.partition("Examples:\n")
    prose = [line for line in text.splitlines() if "|" not in line and "{" not in line]
    assert max(map(len, prose)) <= 80
    assert examples.rstrip().splitlines() == [f"  {each}" for each in COMMANDS[name].examples]


def test_the_table_loads_no_command():
    program = (
        "import sys, annotator.cli.table; print(*sorted(m for m in sys.modules if 'cli.' in m))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split() == ["annotator.cli.arguments", "annotator.cli.table"]


def test_without_arguments_the_overview_is_shown_and_the_call_counts_as_wrong(cli):
    ran = cli()
    assert ran.code == 2
    assert ran.out == cli("--help").out


def test_the_tables_of_names_are_those_of_the_rooms():
    assert incoming.ROLES == arguments.ROLES


def test_every_command_names_a_function_that_is_there():
    from annotator.cli.main import _function

    assert all(callable(_function(command)) for command in COMMANDS.values())


def test_an_unknown_command_gets_a_hint(cli):
    ran = cli("imprt", "news.db")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "annotator: There is no command or project 'imprt'; did you mean import?\n"
    assert "see annotator --help" in cli("zzzzzz").err


def test_a_command_after_the_project_is_put_right(cli):
    ran = cli("news.db", "check", "--json")
    assert ran.code == 2
    assert "annotator check news.db --json" in ran.err


@pytest.mark.parametrize(
    "argv",
    [
        ["status"],
        ["import"],
        ["export", "news.db"],
        ["export", "news.db", "--format", "nonsense", "-o", "x"],
        ["status", "news.db", "--jso"],
        ["import", "news.db", "--jobs", "many"],
    ],
)
def test_a_wrong_call_is_one_line_and_exit_code_2(cli, argv):
    ran = cli(*argv)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("annotator: ")
    assert ran.err.count("\n") == 1
    assert f"see annotator {argv[0]} --help" in ran.err


def test_the_installed_command_and_the_module_are_the_same():
    for start in (["-m", "annotator"], ["-c", "from annotator.cli import run; run()"]):
        done = subprocess.run([sys.executable, *start, "--version"], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, f"annotator {__version__}\n")
