"""A team on a server, as the manual's page has it, command by command and key by key; then the same
work by the same people in one file, which must come to the same.

Only the folder and the port are other than on the page. Whose home a command is typed in is told by the
name before its `$`; the server runs as somebody else than root.
"""

import json
import os
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pg_kit import Shelter, free_port, needs_wheel
from pty_kit import SAVED, Terminal, annotator, environment
from server_kit import House

from annotator.cli.main import main
from annotator.server import binaries
from annotator.store.project import Project
from annotator.tui.errands import REPEAT

pytestmark = pytest.mark.file_only

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "server.md"
BEGINS = "## A team in ten minutes\n"
FOLDER = "/home/lena"
"""Lena's home on the page."""
AT = re.compile(r"postgresql://(\w+)@127\.0\.0\.1/news")
_BLOCK = re.compile(r"^```(console|keys)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KEYS = {"enter": "\r", "ctrl+d": "\x04", "ctrl+q": "\x11"}
SEARCHING = "search /"


class Line(NamedTuple):
    """A command line of the page, who types it, and the keys pressed in what it opens."""

    who: str
    words: str
    keys: tuple[str, ...] = ()


Step = tuple[Line, ...]
"""Lines that are typed at the same time, as a rule one."""


def steps() -> list[Step]:
    text = PAGE.read_text("utf-8")
    found: list[Step] = []
    for kind, block in _BLOCK.findall(text[text.index(BEGINS) :].split("\n## ")[0]):
        lines = [line.split("$ ", 1) for line in block.strip().split("\n")]
        if kind == "console":
            found += [(Line(*line),) for line in lines]
        else:
            pairs = zip(lines[::2], lines[1::2], strict=True)
            found.append(tuple(Line(*line, tuple(keys[0].split())) for line, keys in pairs))
    return found


class Team:
    """The homes of people, and what they type there."""

    def __init__(self, homes: dict[str, Path], cap: Any, patch: pytest.MonkeyPatch) -> None:
        self.homes = homes
        self.told: dict[str, str] = {}
        """What each command printed, by its line."""
        self._cap = cap
        self._patch = patch
        for home in homes.values():
            (home / "sample_data").symlink_to(ROOT / "sample_data")

    def enter(self, who: str) -> dict[str, str]:
        """Be somebody at home; what a command's environment is there."""
        home = self.homes[who]
        seen = environment(home)
        for name, value in seen.items():
            self._patch.setenv(name, value)
        self._patch.chdir(home)
        return seen

    def type(self, step: Step) -> None:
        """Type a step's lines."""
        for line in step:
            assert shlex.split(line.words)[0] == "annotator" or not line.keys
        if step[0].keys:
            self.press(step)
        else:
            (line,) = step
            self.told[line.words] = self.run(line)

    def run(self, line: Line) -> str:
        """What a command prints; it must end with 0."""
        seen = self.enter(line.who)
        words = shlex.split(line.words)
        if words[0] != "annotator":
            subprocess.run(["/bin/sh", "-c", line.words], env=seen, check=True)
            return ""
        self._cap.readouterr()
        code = main([os.path.expanduser(word) for word in words[1:]])
        told = self._cap.readouterr()
        assert (code, told.err) == (0, ""), (line, told)
        return str(told.out)

    def press(self, step: Step) -> None:
        """Press the keys of all, in turn, each once the screen shows what the one before did."""
        terminals = []
        try:
            for line in step:
                words = shlex.split(line.words)[1:]
                terminals.append(Terminal(annotator(*words), self.homes[line.who]))
            for terminal in terminals:
                terminal.wait(SAVED, "? keys")
            for keys in zip_longest(*(line.keys for line in step)):
                for terminal, key in zip(terminals, keys, strict=True):
                    press(terminal, key)
            for terminal in terminals:
                assert terminal.ended() == 0
        finally:
            for terminal in terminals:
                terminal.close()


def press(terminal: Terminal, key: str | None) -> None:
    """Press a key, and wait until the screen shows what it does."""
    if key is None or terminal.gone:
        return
    before = terminal.text
    if key.startswith("/"):
        terminal.send("/")
        terminal.wait(SEARCHING)
        terminal.send(key[1:])
        terminal.wait(f"search {key}")
    elif key == "enter":
        terminal.send(KEYS[key])
        terminal.wait(SAVED, without=SEARCHING)
    elif key == "ctrl+q":
        terminal.send(KEYS[key])
    else:
        if (
            key == "ctrl+d"
        ):  # nobody finishes two articles that fast: the second would count as held down
            time.sleep(REPEAT)
        terminal.send(KEYS.get(key, key))
        terminal.wait_until(lambda: terminal.text != before and SAVED in terminal.text, repr(key))


# --- the page


@pytest.fixture
def house() -> Iterator[House]:
    """A folder of somebody else than root, for Lena's home."""
    needs_wheel()
    made = House(Shelter(), Path())
    try:
        yield made
    finally:
        made.close()


def on_the_page(house: House, team: Team, port: int) -> None:
    """Type the page. Lena's server is run by whom her home belongs to; she sends the passwords."""
    socket = f"?host={house.path}/news-server&port={port}"
    for step in steps():
        here = [
            line._replace(words=AT.sub(rf"postgresql://\1@127.0.0.1:{port}/news", line.words)
                          .replace(f"?host={FOLDER}/news-server", socket))
            for line in step
        ]  # fmt: skip
        words = shlex.split(here[0].words)
        if words[1:3] == ["server", "start"]:
            words += ["--port", str(port)]
            told = house.call(lambda words=words: at_home(house.path, words))()
            assert (told.code, told.err) == (0, ""), told
            assert f"port {port}" in told.out
            continue
        if words[0] == "mv":
            file = here[0].who + ".pgpass"
            (house.path / file).rename(team.homes[here[0].who] / file)
        team.type(tuple(here))


def at_home(home: Path, words: list[str]) -> int:
    os.chdir(home)
    return main(words[1:])


# --- the same in one file


FILE = "team.db"


def in_one_file() -> Iterator[Step]:
    """The page's steps as they are typed where the project is one file.

    There is no server to start and nothing to take along; everything else is the same, and whose login
    it was on the server is told by `--as`. Who annotates does so at the same time.
    """
    together: list[Line] = []
    for step in steps():
        words = shlex.split(step[0].words)
        if words[0] != "annotator" or words[1] in ("checkout", "merge"):
            continue
        if words[1] == "server":
            made = of_the_server(words[2:])
            if made:
                yield (Line("lena", made),)
            continue
        here = [as_in_file(line) for line in step]
        if words[1] == "adjudicate" and together:
            yield tuple(together)
            together = []
        if step[0].keys and words[1] != "adjudicate":
            together += here
        elif words[1] != "check":
            yield tuple(here)


def of_the_server(words: list[str]) -> str:
    """What makes the project and its list of people in a file."""
    if words[0] == "init":
        return f"annotator init {FILE} --as lena"
    if words[0] == "add":
        role = words[words.index("--role") + 1] if "--role" in words else "annotator"
        return f"annotator people {FILE} --add {words[2]}:{role} --as lena"
    return ""


def as_in_file(line: Line) -> Line:
    words = AT.sub(FILE, line.words).replace("train.db", FILE)
    named = "" if "--as" in words or "export" in words or "status" in words else f" --as {line.who}"
    return line._replace(who="lena", words=words + named)


# --- what comes out

CHANCE = re.compile("[0-9a-f]{16}")
"""Ids of annotations and of items."""


def told_apart(path: Path) -> list[str]:
    """An export's articles without what chance and the clock make: ids, and seconds at work.

    Votes are in the order of such ids, so lists are put in another one.
    """

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items() if name != "seconds"}
        if isinstance(value, list):
            return sorted(map(plain, value), key=json.dumps)
        return CHANCE.sub("*", value) if isinstance(value, str) and len(value) < 40 else value

    return [json.dumps(plain(json.loads(line))) for line in path.read_text("utf-8").splitlines()]


def turns(path: Path) -> str:
    """Who decided what, in the order in which it came in: a letter for each act in a row."""
    with Project.open(path, readonly=True) as project:
        rows = project._reader.rows("SELECT actor FROM event WHERE key LIKE 'span:%' ORDER BY pos")
        return "".join(name for name, _ in groupby(actor[0] for (actor,) in rows))


def test_the_page_and_the_same_work_in_one_file_come_to_the_same(
    house: House, tmp_path: Path, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = house.shelter.programs()
    monkeypatch.setattr(binaries, "wheel", lambda: programs)
    homes = {name: tmp_path / name for name in ("iva", "boris", "vera", "file")}
    for home in homes.values():
        home.mkdir()
    alone = homes.pop("file")
    team = Team(homes | {"lena": house.path}, capfd, monkeypatch)
    on_the_page(house, team, free_port())
    file = Team({"lena": alone}, capfd, monkeypatch)
    for step in in_one_file():
        file.type(step)

    order = turns(house.path / "news-1.0.db")
    assert len(order) > 4, f"they did not work at the same time: {order}"
    assert order.endswith("v"), f"not brought back afterwards: {order}"
    for name in ("gold-1.0.jsonl", "all.jsonl"):
        there, here = told_apart(house.path / name), told_apart(alone / name)
        assert there == here, name
        assert len(there) == 2
    iob2 = (house.path / "gold-1.0.iob2").read_bytes()
    assert iob2 == (alone / "gold-1.0.iob2").read_bytes()
    assert iob2.count(b"B-ORG") == iob2.count(b"B-PER") == iob2.count(b"B-LOC") == 1
    assert b"PRO" not in iob2
