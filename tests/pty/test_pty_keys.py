"""Keys as terminals send them: none lost, none misread, and a paste presses none."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from engines import stands_for
from pty_kit import SAVED, Terminal, annotator, environment, make_project

from annotator.model.annotation import State
from annotator.model.article import Article
from annotator.store.project import Project

RIGHT, LEFT, UP, DOWN = b"\x1b[C", b"\x1b[D", b"\x1b[A", b"\x1b[B"
ESCAPE, ENTER, BACKSPACE, DELETE = b"\x1b", b"\r", b"\x7f", b"\x1b[3~"
F1, F2, F3, F4, F5 = b"\x1bOP", b"\x1bOQ", b"\x1bOR", b"\x1bOS", b"\x1b[15~"
F7, F8, F9 = b"\x1b[18~", b"\x1b[19~", b"\x1b[20~"
SHIFT_RIGHT, SHIFT_LEFT, CTRL_UP, CTRL_DOWN = b"\x1b[1;2C", b"\x1b[1;2D", b"\x1b[1;5A", b"\x1b[1;5B"
PASTE_BEGIN, PASTE_END = b"\x1b[200~", b"\x1b[201~"
OPEN = "1 of 3"
TEXT = "Anna Kovac met Ivan Petrov in Sofia"


def ctrl(letter: str) -> bytes:
    """What a terminal sends for a control key."""
    return bytes([ord(letter) & 0x1F])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    articles = [Article(f"story-{n}", TEXT, title=f"Title {n}") for n in (1, 2, 3)]
    return make_project(tmp_path / "news.db", articles)


@contextmanager
def plain_terminal(project: Path) -> Iterator[Terminal]:
    command = annotator(str(stands_for(project)), "--as", "iva")
    with Terminal(command, project.parent, columns=120) as terminal:
        terminal.wait("Title 1", OPEN)
        yield terminal


@contextmanager
def inside_tmux(project: Path) -> Iterator[Terminal]:
    """The program in tmux in the terminal, with a server of its own."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    folder = Path(tempfile.mkdtemp(prefix="tmux"))  # a socket's path must be short
    tmux = ["tmux", "-f", str(folder / "conf"), "-S", str(folder / "s")]
    (folder / "conf").write_text("set -g status off\nset -s escape-time 20\n")
    command = [*tmux, "-u", "new-session", *annotator(str(stands_for(project)), "--as", "iva")]
    try:
        with Terminal(command, project.parent, columns=120) as terminal:
            terminal.wait("Title 1", OPEN)
            yield terminal
    finally:
        env = environment(project.parent)
        subprocess.run([*tmux, "kill-server"], env=env, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


PLACES = pytest.mark.parametrize("place", [plain_terminal, inside_tmux])

ARRIVING = [
    (b"2", "2 Entities", b""),
    (F1, "a letter labels", ESCAPE),
    (b"?", "a letter labels", ESCAPE),
    (F2, "Guideline:", ESCAPE),
    (F3, "search /", ESCAPE),
    (b"/", "search /", ESCAPE),
    (ctrl("f"), "search /", ESCAPE),
    (F5, "! flagged", F5),
    (b"!", "! flagged", b"!"),
    (F9, "Note on", ESCAPE),
    (b";", "Note on", ESCAPE),
    (F8 + b";", "this selection", ESCAPE),
    (LEFT, "2 Entities", b""),
    (SHIFT_RIGHT + b";", "this selection", ESCAPE),
    (LEFT, "2 Entities", b""),
    (b"-" + RIGHT + b";", "this selection", ESCAPE),
    (LEFT, "2 Entities", b""),
    (ctrl("l"), "3 Stance", b"2"),
    (ctrl("o"), "filter: words", ESCAPE),
    (ctrl("x"), "Skip this article", ESCAPE),
    (ctrl("k"), "Skip this article", ESCAPE),
    (ctrl("p"), "Search for commands", ESCAPE),
    (b":", "Search for commands", ESCAPE),
    (ctrl("s"), "Everything is saved already", LEFT),
    (ctrl("n"), "2 of 3", ctrl("g")),
    (CTRL_DOWN, "2 of 3", CTRL_UP),
]
"""What is sent, what the screen must then show, and what takes it away again."""


@PLACES
def test_every_kind_of_key_arrives(project: Path, place: object) -> None:
    with place(project) as terminal:
        for keys, shown, back in ARRIVING:
            assert shown not in terminal.text or not back, keys
            terminal.send(keys)
            terminal.wait(shown)
            terminal.send(back)
            if back:
                terminal.wait(OPEN, "2 Entities", without=shown)
        panel = "PER" if "PER" in terminal.text else "Person"
        terminal.send(F4)
        terminal.wait(OPEN, without=panel)
        terminal.send(F4)
        terminal.wait(panel)


@PLACES
def test_labels_and_edges_made_by_arrows(project: Path, place: object) -> None:
    with place(project) as terminal:
        terminal.send(b"2")
        terminal.wait("2 Entities")
        terminal.send(SHIFT_RIGHT + b"p")  # Anna Kovac
        terminal.send(RIGHT + RIGHT + b"o")  # Ivan ...
        terminal.send(BACKSPACE + ctrl("z") + ctrl("z") + ctrl("y"))  # removed, back, gone, back
        terminal.send(b"\x1b[F" + b"l")  # end: Sofia
        terminal.wait_until(lambda: len(spans(project)) == 3, "three spans")
        terminal.send(LEFT + b"e")
        terminal.wait_until(lambda: ("EVT", "in") in spans(project), "a fourth")
        terminal.send(DELETE)
        terminal.wait_until(lambda: len(spans(project)) == 3, "it is removed")
        terminal.wait(SAVED)
    assert spans(project) == [("PER", "Anna Kovac"), ("ORG", "Ivan"), ("LOC", "Sofia")]


def spans(project: Path, article: str = "story-1") -> list[tuple[str, str]]:
    """The labels in an article and what they cover, in order of the text."""
    with Project.open(project, "iva", readonly=True) as opened:
        text = opened.article(article).text
        found = sorted(opened.work(article).spans, key=lambda s: s.start)
        return [(s.label, text[s.start : s.end]) for s in found]


# --- type-ahead

WORDS = [f"word{n}" for n in range(80)]


@pytest.fixture
def long_project(tmp_path: Path) -> Path:
    articles = [Article(f"story-{n}", " ".join(WORDS), title=f"Title {n}") for n in (1, 2, 3)]
    return make_project(tmp_path / "news.db", articles)


def test_keys_typed_ahead_are_all_carried_out(long_project: Path) -> None:
    letters = [b"polr"[n % 4 : n % 4 + 1] for n in range(len(WORDS))]
    with plain_terminal(long_project) as terminal:
        terminal.send(b"2" + RIGHT.join(letters))
        terminal.wait_until(lambda: len(spans(long_project)) == len(WORDS), "all labels")
        terminal.wait(SAVED)
        terminal.send(b"\x11")
        assert terminal.ended() == 0
    names = {b"p": "PER", b"o": "ORG", b"l": "LOC", b"r": "PRO"}
    expected = [(names[letter], word) for letter, word in zip(letters, WORDS, strict=True)]
    assert spans(long_project) == expected
    with Project.open(long_project, "iva") as opened:
        made = [(e.body or {}).get("text") for e in opened.history("story-1") if e.kind == "span"]
        assert made == WORDS  # each once, in the order typed
        assert opened.verify() == []


def test_keys_that_arrive_byte_by_byte(long_project: Path) -> None:
    with plain_terminal(long_project) as terminal:
        for byte in b"2" + (b"p" + RIGHT) * 20:
            terminal.send(bytes([byte]))
        terminal.wait_until(lambda: len(spans(long_project)) == 20, "20 labels")
    assert spans(long_project) == [("PER", word) for word in WORDS[:20]]


def test_quitting_right_behind_the_keys_loses_none(long_project: Path) -> None:
    with plain_terminal(long_project) as terminal:
        terminal.send(b"2" + (b"p" + RIGHT) * 40 + b"\x11")
        assert terminal.ended() == 0
    assert spans(long_project) == [("PER", word) for word in WORDS[:40]]


def test_a_key_held_down_does_not_finish_articles_nobody_saw(long_project: Path) -> None:
    with plain_terminal(long_project) as terminal:
        terminal.settle()  # a key before the program knows that the article was seen would not count
        terminal.send(ctrl("d") * 6)
        terminal.wait("2 of 3", SAVED)
        terminal.settle()
        states = finished(long_project)
    assert states["story-1"] is State.DONE
    assert list(states.values()).count(State.DONE) < 3


def finished(project: Path) -> dict[str, State]:
    """Where each article stands."""
    with Project.open(project, "iva", readonly=True) as opened:
        return {row.id: row.state for row in opened.page()}


# --- other alphabets


def test_cyrillic_letters_label_by_their_key(project: Path) -> None:
    (project.parent / "annotator.toml").write_text('layout = "ru"\n', encoding="utf-8")
    with plain_terminal(project) as terminal:
        terminal.send("2")
        terminal.wait("2 Entities")
        terminal.send("з".encode() + RIGHT + "щ".encode())  # on p and o
        terminal.wait_until(lambda: len(spans(project)) == 2, "two spans")
    assert spans(project) == [("PER", "Anna"), ("ORG", "Kovac")]


def test_a_letter_of_an_unknown_layout_asks_and_labels_nothing(project: Path) -> None:
    with plain_terminal(project) as terminal:
        terminal.send("2")
        terminal.wait("2 Entities")
        terminal.send("з")
        terminal.wait("Which keyboard layout")
        terminal.send(ESCAPE)
        terminal.wait(OPEN, "2 Entities", without="Which keyboard layout")
    assert spans(project) == []


def test_what_is_typed_into_a_line_stays_as_it_is(project: Path) -> None:
    (project.parent / "annotator.toml").write_text('layout = "ru"\n', encoding="utf-8")
    with plain_terminal(project) as terminal:
        terminal.send(";")
        terminal.wait("Note on")
        terminal.send("Ќе биде, щъ Ωμέγα 新聞 e\u0301")
        terminal.wait("биде", "Ωμέγα")
        terminal.send(ENTER)
        terminal.wait("Note kept.", SAVED)
    with Project.open(project, "iva", readonly=True) as opened:
        assert [n.note for n in opened.work("story-1").notes] == ["Ќе биде, щъ Ωμέγα 新聞 e\u0301"]


# --- pasted text


@pytest.mark.parametrize(
    "pasted",
    [b"ppp\x04", b"t\nn\n\x04\x04", b"\x11", "з\x18".encode(), b"p\x1b[31mp\x1bp\x1b[Bp"],
)
def test_a_paste_into_the_article_presses_no_key(project: Path, pasted: bytes) -> None:
    with plain_terminal(project) as terminal:
        terminal.send("2")
        terminal.wait("2 Entities")
        terminal.send(PASTE_BEGIN + pasted + PASTE_END)
        terminal.send(ctrl("s"))  # shown only when what came before was worked off
        terminal.wait(OPEN, "Everything is saved already")
        assert finished(project)["story-1"] is State.NEW
    assert spans(project) == []


def test_a_paste_into_a_line_is_text(project: Path) -> None:
    with plain_terminal(project) as terminal:
        terminal.send("2/")
        terminal.wait("2 Entities", "search /")
        terminal.send(PASTE_BEGIN + b"Petrov in" + PASTE_END)
        terminal.wait("search /Petrov in", without="not found")
        terminal.send(ENTER)
        terminal.wait(OPEN, without="search /")
        terminal.send("p")
        terminal.wait_until(lambda: spans(project) == [("PER", "Petrov in")], "the match's label")


def test_a_paste_into_a_line_leaves_control_characters_behind(project: Path) -> None:
    with plain_terminal(project) as terminal:
        terminal.send("/")
        terminal.wait("search /")
        terminal.send(PASTE_BEGIN + "Pet\x04rov\x9b31m in\u202e".encode() + PASTE_END)
        terminal.wait("search /Pet")
        terminal.settle()
        assert "\x9b".encode() not in terminal.raw
        assert "\u202e".encode() not in terminal.raw
