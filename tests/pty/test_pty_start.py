"""Starting and leaving in a real terminal, and the places where nothing can be drawn."""

import re
import subprocess
from pathlib import Path

import pytest
from engines import stands_for
from pty_kit import (
    ALTERNATE_SCREEN,
    MOUSE,
    SAVED,
    Terminal,
    annotator,
    assert_restored,
    environment,
    make_project,
)

from annotator.model.annotation import Kind, Span
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.store.journal import Journal
from annotator.store.project import Project

TEXTS = ("Bridge opens\n\nAnna Kovac spoke.\n\nRead more", "Second story\n\nIt rained.")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    articles = [
        Article(f"story-{n}", text, title=f"Title {n}", source="example.org")
        for n, text in enumerate(TEXTS, 1)
    ]
    return make_project(tmp_path / "news.db", articles)


def opened(project: Path, *options: str, **terminal: object) -> Terminal:
    command = annotator(str(stands_for(project)), "--as", "iva", *options)
    return Terminal(command, project.parent, **terminal)


def test_the_first_article_is_painted_and_quitting_gives_the_terminal_back(project: Path) -> None:
    with opened(project) as terminal:
        terminal.wait("Title 1", "Bridge opens", "Anna Kovac spoke.", "1 of 2", SAVED)
        assert ALTERNATE_SCREEN in terminal.modes()
        assert terminal.modes() & MOUSE
        assert terminal.settings() != terminal.before
        terminal.send(b"\x11")  # ctrl+q
        assert terminal.ended() == 0
        assert_restored(terminal)


def test_a_terminal_that_knows_no_frames(project: Path) -> None:
    with opened(project, frames=False) as terminal:
        terminal.wait("Bridge opens", "1 of 2", SAVED)
        terminal.send(b"\x11")
        assert terminal.ended() == 0
        assert_restored(terminal)


def test_without_the_mouse_no_mouse_is_asked_for(project: Path) -> None:
    with opened(project, "--no-mouse") as terminal:
        terminal.wait("Bridge opens")
        terminal.send(b"\x11")
        assert terminal.ended() == 0
        assert b"\x1b[?1000h" not in terminal.raw


def test_eighty_columns(project: Path) -> None:
    with opened(project, columns=80, rows=24) as terminal:
        terminal.wait("Title 1", "Bridge opens", "1 of 2", "1 Boilerplate", SAVED, "^D done")
        terminal.send("t")
        terminal.wait_until(lambda: " T " in terminal.lines[1], "the label's letter")
        terminal.send("3")  # the stance grid stands below the article
        terminal.wait("3 Stance")


def test_a_window_made_smaller_and_larger(project: Path) -> None:
    with opened(project, columns=140, rows=40) as terminal:
        terminal.wait("Bridge opens", "Headline")  # the panel's legend
        for columns, rows in ((80, 24), (40, 10), (140, 40)):
            terminal.resize(columns, rows)
            terminal.wait("Bridge opens")
            terminal.wait_until(lambda: "1 of 2" in terminal.lines[-2], "the status line")
        terminal.wait("Headline")


def test_no_colour_is_set_where_none_is_wanted(project: Path) -> None:
    with opened(project, NO_COLOR="1") as terminal:
        terminal.wait("Bridge opens", SAVED)
        terminal.send("t")
        terminal.wait_until(lambda: " T " in terminal.lines[1], "the label's letter")
        colours = {
            code
            for match in re.finditer(rb"\x1b\[([0-9;]*)m", bytes(terminal.raw))
            for code in coloured(match[1].decode())
        }
        assert not colours


def coloured(codes: str) -> list[str]:
    """The colours in a list of SGR codes that are not a shade of grey."""
    found = []
    numbers = [int(c or 0) for c in codes.split(";")]
    while numbers:
        code = numbers.pop(0)
        if code in (38, 48):
            if numbers.pop(0) == 5:
                palette = numbers.pop(0)
                if palette in range(1, 7) or palette in range(9, 15) or not is_grey(palette):
                    found.append(f"{code};5;{palette}")
            else:
                red, green, blue = numbers[:3]
                del numbers[:3]
                if not red == green == blue:
                    found.append(f"{code};2;{red};{green};{blue}")
        elif code % 10 in range(1, 7) and code // 10 in (3, 4, 9, 10):
            found.append(str(code))
    return found


def is_grey(palette: int) -> bool:
    """Whether a colour of the 256 is black, white or between."""
    if palette in (0, 7, 8, 15) or palette >= 232:
        return True
    red, rest = divmod(palette - 16, 36)
    return red == rest // 6 == rest % 6


def test_what_an_earlier_sitting_could_not_save_is_saved_first(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(project.parent / "state"))
    span = Span("kept-aside", "boilerplate", "teaser_list", 0, len("Bridge opens"))
    act = Act("label", (Draft(Kind.SPAN, span.key, "story-1", span.body(TEXTS[0])),))
    with Project.open(project, "iva") as opened_here:
        Journal(opened_here.id, "iva", opened_here.path).add(act, "iva", "The disk was full.")
        assert len(opened_here.pending()) == 1
    with opened(project) as terminal:
        terminal.wait(
            "T  Bridge opens", "1 decision that an earlier sitting could not save is saved"
        )
        terminal.send(b"\x11")
        assert terminal.ended() == 0
    with Project.open(project, "iva") as opened_here:
        assert [s.id for s in opened_here.work("story-1").spans] == ["kept-aside"]
        assert not opened_here.pending()


# --- where nothing can be drawn


def one_sentence(words: str) -> bool:
    lines = words.strip().splitlines()
    return len(lines) == 1 and lines[0].startswith("annotator: ") and "Traceback" not in words


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_draw(project: Path, term: str) -> None:
    with opened(project, TERM=term) as terminal:
        assert terminal.ended() == 2
        assert one_sentence(terminal.raw.decode())
        assert "TERM" in terminal.raw.decode()
        assert b"\x1b" not in terminal.raw


def test_no_terminal(project: Path) -> None:
    ran = subprocess.run(
        annotator(str(stands_for(project)), "--as", "iva"),
        env=environment(project.parent),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert one_sentence(ran.stderr)
    assert "terminal" in ran.stderr


def test_a_project_that_is_not_there(tmp_path: Path) -> None:
    with opened(tmp_path / "none.db") as terminal:
        assert terminal.ended() == 2
        assert one_sentence(terminal.raw.decode())
        assert "none.db" in terminal.raw.decode()
        assert ALTERNATE_SCREEN not in terminal.modes()
        assert b"\x1b[?" not in terminal.raw
    assert not (tmp_path / "none.db").exists()


def test_a_project_without_articles(tmp_path: Path) -> None:
    with opened(make_project(tmp_path / "empty.db", [])) as terminal:
        assert terminal.ended() == 2
        assert one_sentence(terminal.raw.decode())
        assert "annotator import" in terminal.raw.decode()
