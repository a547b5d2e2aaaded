"""The plain mode goes through the same queue, and knows of other sittings."""

import io
import time

import pytest

from annotator.cli.main import main
from annotator.model.annotation import Kind, Span
from annotator.model.event import Act, Draft
from annotator.model.slot import Pool, Slot, Why
from annotator.store.project import Project

pytestmark = pytest.mark.both_engines

PATIENCE = 20.0
"""Seconds after which what a server tells a little later did not come."""


def plain(path, capfd, monkeypatch, *lines: str) -> tuple[int, str]:
    """A sitting of rada's from the command line."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    capfd.readouterr()
    code = main(["label", str(path), "--plain", "--as", "rada"])
    return code, capfd.readouterr().out


def test_ones_own_articles_then_the_pools(path, capfd, monkeypatch) -> None:
    with Project.open(path, "lead") as lead:
        lead.assign([Slot("key-ja", "rada")])
        lead.open_pools([Pool("key-el", 1)])
    code, said = plain(path, capfd, monkeypatch, "done", "done")
    assert code == 0
    assert said.index("桟橋") < said.index("προβλήτα")
    assert "No other article is left to do" in said
    with Project.open(path, "lead") as lead:
        assert [slot.article for slot in lead.slots(annotator="rada")] == ["key-el", "key-ja"]
    assert plain(path, capfd, monkeypatch) == (
        0,
        "No article is left to do; name one with --article ID.\n",
    )


def test_a_later_pass_begins_with_nothing(path, capfd, monkeypatch) -> None:
    with Project.open(path, "lead") as lead:
        lead.assign([Slot("key-bg", "rada")])
    plain(path, capfd, monkeypatch, "layer 2", "find Рада Вълчева", "PER", "done")
    with Project.open(path, "lead") as lead:
        lead.assign([Slot("key-bg", "rada #2", "", Why.AGAIN)])
    code, said = plain(
        path, capfd, monkeypatch, "layer 2", "list", "find Тодор Жеков", "PER", "done"
    )
    assert code == 0
    assert "It is done" not in said
    assert "Вълчева, PER" not in said
    with Project.open(path, "lead") as lead:
        works = {work.actor: len(work.spans) for work in lead.works("key-bg")}
        assert works == {"rada": 1, "rada #2": 1}
        assert lead.is_finished("key-bg", "rada #2")


def test_another_sitting_is_told_of(path, capfd, monkeypatch) -> None:
    with Project.open(path, "rada") as project:
        with project.sit():
            assert "open in another window too" in plain(path, capfd, monkeypatch, "quit")[1]
        assert "open in another window too" not in plain(path, capfd, monkeypatch, "quit")[1]


@pytest.mark.parametrize("line", ["PER", "done"])
def test_what_another_sitting_changed_is_read_again_before_the_next_line(path, sit, line) -> None:
    here = sit()
    assert here.session.way.sit(PATIENCE) == ""
    here("layer 2", "find Рада Вълчева")
    with Project.open(path, "rada") as other, other.sit():
        end = time.monotonic() + PATIENCE
        while here.session.way.sitting.alone and time.monotonic() < end:
            time.sleep(0.02)  # a server tells it a little later
        text = other.article("key-bg").text
        made = Span("x", "entities", "LOC", 11, 17)
        draft = Draft(Kind.SPAN, made.key, "key-bg", made.body(text))
        other.submit(Act("label", (draft,))).result()
        said = here(line)
        assert "You changed this article in another window" in said[0]
        assert here.session.refused, "a script is told that its line was not carried out"
        assert here.labels() == [("LOC", text[11:17])]
        assert here.session.desk.sheet.article.id == "key-bg"
        here("find Рада Вълчева", "PER")
        assert sorted(here.labels()) == [("LOC", text[11:17]), ("PER", "Рада Вълчева")]
    here.session.way.stand_up()
