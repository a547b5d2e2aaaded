"""What SQLite's own checks do not see, ours do: a changed word, a lost event, a flipped bit."""

import os
import random
from pathlib import Path

import pytest
from engines import copy_project
from store_help import caches, label, serious, span_draft, stance_draft, status_draft, tamper

from annotator.model.annotation import State
from annotator.model.event import Act
from annotator.store import check
from annotator.store.engine import connect
from annotator.store.project import Project

LONG = os.environ.get("ANNOTATOR_LONG") == "1"


@pytest.fixture
def decided(project: Project, path: Path) -> Path:
    """A closed project with decisions of two annotators."""
    for article in ("bg", "ru"):
        text = project.article(article).text
        for number in range(5):
            act = Act(
                "label", (span_draft(text, article, f"{article}{number}", number, number + 5),)
            )
            project.submit(act).result()
        project.submit(Act("stance", (stance_draft(text, article, "ann", "X", "FAVOR"),))).result()
    project.submit(Act("done", (status_draft("bg", "ann", State.DONE),))).result()
    project.submit(label(project, "ru", "z"), "zoe").result()
    assert not serious(project)
    project.close()
    return path


CHANGES = {
    "a label in the log": "UPDATE event SET body = replace(body, 'PER', 'ORG') WHERE key = 'span:bg0'",
    "who did it": "UPDATE event SET actor = 'zoe' WHERE key = 'span:bg0'",
    "when": "UPDATE event SET id = '00000000-0000-7000-8000-00000000000f' WHERE key = 'span:bg0'",
    "an event gone": "DELETE FROM event WHERE key = 'span:bg3'",
    "a removal forged": "UPDATE event SET body = NULL WHERE key = 'span:bg0'",
    "a hash": "UPDATE event SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE key = 'span:bg0'",
    "a body that is no JSON": "UPDATE event SET body = '{' WHERE key = 'span:bg0'",
    "an unknown kind": "UPDATE event SET kind = 'spam' WHERE key = 'span:bg0'",
    "the current state": "UPDATE head SET body = replace(body, 'PER', 'ORG') WHERE key = 'span:bg0'",
    "a head gone": "DELETE FROM head WHERE key = 'span:bg0'",
    "a head without event": "INSERT INTO head SELECT article, actor, 'span:new', event, kind, body "
    "FROM head WHERE key = 'span:bg0'",
    "the queue's state": "UPDATE work SET state = 'done'",
    "the queue's counts": "UPDATE work SET counts = '{}'",
    "a queue row gone": "DELETE FROM work WHERE actor = 'zoe'",
    "a queue row too many": "INSERT INTO work VALUES ('nobody', 1, 'done', 0, '', '{}', '[]')",
    "a language's count": "UPDATE tally SET articles = articles + 1 WHERE value = 'bg'",
    "a source's count": "DELETE FROM tally WHERE what = 'source'",
    "a text": "UPDATE article_text SET text = replace(text, 'Пхенян', 'Пхенсн') WHERE n = 1",
    "a text gone": "DELETE FROM article_text WHERE n = 3",
    "a text's hash": "UPDATE article SET sha256 = replace(sha256, 'a', 'b')",
    "a title": "UPDATE article SET title = 'another' WHERE n = 2",
    "an opening": "UPDATE article SET opening = 'another' WHERE n = 2",
    "metadata": "UPDATE article SET meta = '{\"x\":1}' WHERE n = 2",
    "an article renamed": "UPDATE article SET id = 'gb' WHERE id = 'bg'",
    "an article gone": "DELETE FROM article WHERE n = 2",
    "the scheme gone": "DELETE FROM head WHERE kind = 'scheme'",
    "the id gone": "DELETE FROM project",
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_behind_the_back_is_noticed(decided: Path, name: str) -> None:
    assert tamper(decided, CHANGES[name]) >= 1
    assert check.errors(decided)


def test_the_newest_events_gone_are_noticed(decided: Path) -> None:
    """A chain cut at its end is whole; that more was there is remembered outside the file."""
    assert tamper(decided, "DELETE FROM event WHERE id = (SELECT max(id) FROM event)") == 1
    with Project.open(decided, "ann") as project:
        project.rebuild()
        assert any("lacks events it once had" in error for error in serious(project))


@pytest.mark.file_only
def test_every_flipped_bit_that_changes_something_is_noticed(decided: Path, tmp_path: Path) -> None:
    """Bits all over the file; a flip may go unseen only where it changes no article and no decision."""
    rng = random.Random(11)
    whole = decided.read_bytes()
    before = _content(decided)
    noticed = 0
    flips = 1000 if LONG else 60
    for number in range(flips):
        broken = tmp_path / f"broken{number}.db"
        data = bytearray(whole)
        place = rng.randrange(len(data) * 8)
        data[place // 8] ^= 1 << place % 8
        broken.write_bytes(data)
        try:
            seen = bool(check.errors(broken))
        except Exception as error:  # a check must report, whatever it meets
            raise AssertionError(f"bit {place} stopped the check: {error!r}") from error
        noticed += seen
        if not seen:
            assert _content(broken) == before, f"bit {place} changed something unseen"
        for name in tmp_path.glob(f"broken{number}.db*"):
            name.unlink()
    assert noticed > flips // 10


def _content(path: Path) -> object:
    """All that matters: articles without languages, the log, the current state."""
    conn = connect(path, "ro")
    found = (
        conn.execute("SELECT n, id, sha256, chars, title, source, url, date, grp, meta FROM article "
                     "NOT INDEXED ORDER BY n").fetchall(),
        conn.execute("SELECT n, text FROM article_text ORDER BY n").fetchall(),
        conn.execute("SELECT id, writer, seq, actor, article, key, base, act, verb, of, kind, body, hash "
                     "FROM event NOT INDEXED ORDER BY id").fetchall(),
    )  # fmt: skip
    conn.close()
    return found, caches(path)


def test_a_span_inside_a_visible_character_is_a_warning(project: Project) -> None:
    text = project.article("ru").text
    flag = text.index("🇰🇵")
    act = Act("label", (span_draft(text, "ru", "half", flag, flag + 1),))
    project.submit(act).result()
    (found,) = [p for p in project.verify() if p.severity == "warning" and "visible" in p.message]
    assert "span:half" in found.message


def test_an_older_copy_put_back_is_noticed(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    copy_project(path, old)
    with Project.open(path, "ann") as project:
        project.submit(label(project, "bg", "s")).result()
    copy_project(old, path)
    with Project.open(path, "ann") as project:
        assert any("lacks events it once had" in error for error in serious(project))


def test_a_sound_project_has_no_findings_but_notes(decided: Path) -> None:
    with Project.open(decided, "ann") as project:
        while project.index_words():
            pass
        assert all(p.severity == "note" for p in project.verify())
