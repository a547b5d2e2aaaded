"""Bundles: what is sent arrives whole or not at all, and shows nobody what is not for them."""

import gzip
import json
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from engines import bytes_of, copy_project, stands_for
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_help import caches, label, serious, span_draft, status_draft

from annotator.model.annotation import Kind, Note, State
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role
from annotator.model.slot import Slot, Why
from annotator.store import bundle, feedback, handing, receiving
from annotator.store.handing import What
from annotator.store.project import Project
from annotator.store.rebuild import rebuild
from annotator.store.shapes import nonsense

LONG = os.environ.get("ANNOTATOR_LONG") == "1"


def quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def create(path: Path, sent: Path, actor: str = "iva") -> Path:
    """A project made of a bundle."""
    receiving.create(stands_for(path), sent, actor, quiet)
    return path


def body(sent: Path) -> list[Any]:
    """What is in a bundle."""
    data = sent.read_bytes().split(b"\n", 2)[2]
    return [json.loads(line) for line in gzip.decompress(data).splitlines()]


def sealed(sent: Path, data: bytes) -> None:
    """A bundle with a right checksum over whatever is in it."""
    digest = sha256(data).hexdigest().encode()
    sent.write_bytes(bundle.MAGIC + digest + b"\n" + data)


def repacked(sent: Path, change: Callable[[list[Any]], list[Any]]) -> None:
    """A bundle changed by somebody who knows how they are made."""
    lines = change(body(sent))
    data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    sealed(sent, gzip.compress(data))


def send_all(path: Path, sent: Path) -> Path:
    """A bundle of all of a closed project."""
    with Project.open(path, "lead", readonly=True) as project:
        return project.send(sent).path


@pytest.fixture
def worked(path: Path) -> Path:
    """The project, closed, with two annotators' work on two articles, assigned by a lead."""
    with Project.open(path, "lead") as project:
        slots = (Slot("bg", "iva"), Slot("ru", "iva", "", Why.GOLD), Slot("ru", "petar"))
        drafts = [Draft(Kind.SLOT, slot.key, slot.article, slot.body()) for slot in slots]
        person = Person("lead", Role.LEAD)
        project.record(Act("assign", (Draft(Kind.PERSON, person.key, "", person.body()), *drafts)))
        for actor in ("iva", "petar", "iva #2"):
            project.record(label(project, "ru", f"of {actor}"), actor)
        secret = Note("s", "what petar thinks", False)
        text = project.article("ru").text
        project.record(
            Act("note", (Draft(Kind.NOTE, secret.key, "ru", secret.body(text)),)), "petar"
        )
        replaced = {"by": "ru@12345678", "slots": ["iva", "petar"]}
        project.record(Act("adopt", (Draft(Kind.SUCCESSOR, "successor", "en", replaced),)))
    return path


def test_a_project_made_of_a_bundle_is_the_same(worked: Path, tmp_path: Path, engine: str) -> None:
    with Project.open(worked, "lead", readonly=True) as project:
        sent = project.send(tmp_path / "all.annotator")
        vector = project.vector()
    assert (sent.articles, sent.events) == (4, sum(vector.values()))
    made = create(tmp_path / "made.db", sent.path)
    with Project.open(made, "iva") as project:
        assert project.vector() == vector
        assert not serious(project)
        assert project.unindexed() == (4 if engine == "file" else 0)
        made_of = {a.id: a for a in project.articles()}
    with Project.open(worked, "iva") as project:
        assert {a.id: a for a in project.articles()} == made_of
    assert caches(made)["head"] == caches(worked)["head"]
    assert not [p for p in tmp_path.iterdir() if ".part" in p.name or ".bundle" in p.name]


def test_work_goes_back_and_forth_with_what_is_newer(worked: Path, tmp_path: Path) -> None:
    with Project.open(worked, "lead") as project:
        first = project.send(tmp_path / "1").path
    made = create(tmp_path / "iva.db", first)
    with Project.open(made, "iva") as project:
        project.record(label(project, "zh", "z"))
        list(project.add([Article("new", "Her own article.")]))
        back = project.send(tmp_path / "2", receiving.since(first))
        assert (back.articles, back.events) == (1, 2)
    with Project.open(worked, "lead") as project:
        merged = project.receive(back.path)
        assert (merged.events, merged.articles, merged.by) == (2, 1, {"iva": 1})
        assert project.receive(back.path).events == 0
        with pytest.raises(AnnotatorError, match="nothing that they lack"):
            project.send(tmp_path / "3", receiving.since(back.path))
        assert not (tmp_path / "3").exists()
        assert not serious(project)


def test_what_is_saved_while_a_bundle_is_made_goes_with_the_next(
    worked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create(tmp_path / "iva.db", send_all(worked, tmp_path / "0"))
    writers = handing.writers

    def slow(*args: Any) -> Any:
        found = writers(*args)
        monkeypatch.undo()
        with Project.open(made, "iva") as other:
            list(other.add([Article("new", "Her own article.")]))
            other.record(label(other, "new", "n"))
        return found

    with Project.open(made, "iva") as project:
        project.record(label(project, "zh", "z"))
        monkeypatch.setattr(handing, "writers", slow)
        first = project.send(tmp_path / "1").path
        second = project.send(tmp_path / "2", receiving.since(first)).path
    with Project.open(worked, "lead") as lead:
        lead.receive(first)
        lead.receive(second)
        assert lead.work("new", "iva").spans
        assert not serious(lead)


def test_what_goes_on_behind_what_is_here_is_refused(worked: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    copy_project(worked, old)
    with Project.open(worked, "petar") as project:
        project.record(label(project, "zh", "one"))
        between = project.send(tmp_path / "between").path
        project.record(label(project, "zh", "two"))
        last = project.send(tmp_path / "last", receiving.since(between)).path
    with Project.open(old, "iva") as project:
        with pytest.raises(AnnotatorError, match=r"goes on behind event 2 .* has 0"):
            project.receive(last)
        project.receive(between)
        assert project.receive(last).events == 1
        assert not serious(project)
    with pytest.raises(AnnotatorError, match="goes on behind"):
        create(tmp_path / "none.db", last)
    assert not (tmp_path / "none.db").exists()


def test_only_one_persons_sittings_go_and_mixed_ones_are_counted(
    worked: Path, tmp_path: Path
) -> None:
    with Project.open(worked, "petar") as project:
        project.record(label(project, "zh", "alone"))
        sent = project.send(tmp_path / "p", What(only="petar"))
    assert (sent.articles, sent.events, sent.left_out) == (1, 2, 1)
    with pytest.raises(AnnotatorError, match="adds to a project and is none by itself"):
        create(tmp_path / "none.db", sent.path)
    with (
        Project.open(worked, "zoe") as project,
        pytest.raises(AnnotatorError, match="zoe did alone"),
    ):
        project.send(tmp_path / "z", What(only="zoe"))


# --- handouts


def test_a_handout_holds_nothing_of_the_others(worked: Path, tmp_path: Path) -> None:
    with Project.open(worked, "lead") as project:
        sent = project.send(tmp_path / "iva.annotator", What(to="iva")).path
        with pytest.raises(AnnotatorError, match="zoe was assigned no articles"):
            project.send(tmp_path / "zoe.annotator", What(to="zoe"))
    text = gzip.decompress(sent.read_bytes().split(b"\n", 2)[2]).decode()
    for word in ("petar", "thinks", "gold"):
        assert word not in text
    made = create(tmp_path / "iva.db", sent)
    assert b"petar" not in bytes_of(made)
    with Project.open(made, "iva") as project:
        assert [article.id for article in project.articles()] == ["bg", "ru"]
        assert {work.actor for work in project.works("ru")} == {"iva", "iva #2"}
        assert list(project.people()) == ["lead"]
        assert not serious(project)
        before = caches(made)
        project._write(rebuild)
        assert caches(made) == before


def test_a_handout_tells_whether_gold_may_be_seen(worked: Path, tmp_path: Path) -> None:
    made = tmp_path / "iva.db"
    for number, allowed in enumerate((True, False)):
        with Project.open(worked, "lead") as project:
            assert feedback.allow(project, allowed)
            sent = project.send(tmp_path / f"{number}.annotator", What(to="iva")).path
        if allowed:
            create(made, sent)
        with Project.open(made, "iva") as project:
            project.receive(sent)
            assert feedback.is_allowed(project) is allowed


def test_a_switch_that_says_nothing_is_nonsense() -> None:
    row = ("id", "writer", 1, "lead", "", "feedback", "", "act", "feedback", "", "feedback")
    assert not nonsense((*row, '{"allowed":true}', "hash"))
    assert nonsense((*row, "{}", "hash"))


def test_work_in_a_handout_comes_back_and_a_new_one_adds_to_it(
    worked: Path, tmp_path: Path
) -> None:
    with Project.open(worked, "lead") as project:
        first = project.send(tmp_path / "1", What(to="iva")).path
    made = create(tmp_path / "iva.db", first)
    with Project.open(made, "iva") as project:
        base = project.work("ru").versions["span:of iva"]
        text = project.article("ru").text
        project.record(Act("edit", (span_draft(text, "ru", "of iva", 1, 4, base),)))
        back = project.send(tmp_path / "2", receiving.since(first))
        assert (back.articles, back.events) == (0, 2)
        assert project.merge(worked).events == 0  # of the whole copy comes what is for her
        with pytest.raises(AnnotatorError, match="handouts come from the whole copy"):
            project.send(tmp_path / "3", What(to="petar"))
    with Project.open(worked, "lead") as project:
        before = project._reader.value("SELECT count(*) FROM event")
        assert project.merge(made).events == 2  # the file itself does as well
        assert project.receive(back.path).events == 0
        assert project.work("ru", "iva").spans[0].start == 1
        assert not project.conflicts()
        assert project._reader.value("SELECT count(*) FROM event") == before + 2
        with pytest.raises(AnnotatorError, match="is a whole copy"):
            project.receive(first)
        slot = Slot("zh", "iva")
        project.record(Act("assign", (Draft(Kind.SLOT, slot.key, "zh", slot.body()),)))
        second = project.send(tmp_path / "4", What(to="iva")).path
        assert not serious(project)
    with Project.open(made, "iva") as project:
        merged = project.receive(second)
        assert (merged.articles, merged.by) == (1, {"lead": 1})
        assert project.receive(second).events == 0
        project.record(Act("done", (status_draft("zh", "iva", State.DONE),)))
        assert not serious(project)
    with Project.open(worked, "lead") as project:
        project.merge(made)
        assert project.work("zh", "iva").status.state is State.DONE


def test_work_that_came_with_a_handout_already_is_not_mixed_with_its_origin(
    worked: Path, tmp_path: Path
) -> None:
    with Project.open(worked, "lead") as project:
        first = project.send(tmp_path / "1", What(to="iva")).path
    laptop = create(tmp_path / "laptop.db", first)
    with Project.open(laptop, "iva") as project:
        project.record(label(project, "bg", "here"))
        back = project.send(tmp_path / "2", receiving.since(first)).path
    with Project.open(worked, "lead") as project:
        project.receive(back)
        second = project.send(tmp_path / "3", What(to="iva")).path
    with Project.open(create(tmp_path / "desk.db", second), "iva") as project:
        with pytest.raises(
            AnnotatorError, match=r"2 has work .*and receive a new handout from there"
        ):
            project.receive(back)
        with pytest.raises(AnnotatorError, match=r"laptop.db has work .*from there"):
            project.merge(laptop)
        assert not serious(project)


def test_without_assignments_a_handout_has_all_articles(path: Path, tmp_path: Path) -> None:
    with Project.open(path, "lead") as project:
        assert project.send(tmp_path / "1", What(to="iva")).articles == 4
        reader = project._reader
        assert len(handing.articles_for(reader, "iva")) == 4


# --- damage


@pytest.fixture(scope="module")
def parcel(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small project and a bundle with work that it lacks."""
    from annotator.model.scheme_file import preset

    folder = tmp_path_factory.mktemp("parcel")
    with Project.create(folder / "p.db", preset("minimal"), "ann") as project:
        list(project.add([Article("a", "Some text about Peter.")]))
    copy_project(folder / "p.db", folder / "q.db")
    with Project.open(folder / "q.db", "zoe") as project:
        project.record(label(project, "a", "x"))
        project.send(folder / "sent.annotator")
    return folder / "p.db", folder / "sent.annotator"


@settings(max_examples=2000 if LONG else 150,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(data=st.data())
def test_a_flipped_byte_a_cut_or_an_addition_is_refused(parcel, tmp_path, data) -> None:
    path, sent = parcel
    good = sent.read_bytes()
    place = data.draw(st.integers(0, len(good) - 1))
    damaged = data.draw(
        st.one_of(
            st.integers(1, 255).map(
                lambda bits: good[:place] + bytes([good[place] ^ bits]) + good[place + 1 :]
            ),
            st.just(good[:place]),
            st.binary(min_size=1, max_size=9).map(lambda more: good + more),
            st.binary(min_size=1, max_size=9).map(lambda more: good[:place] + more + good[place:]),
        )
    )
    if damaged == good:  # what was put in is what stood there
        return
    file = tmp_path / "damaged.annotator"
    file.write_bytes(damaged)
    with Project.open(path, "ann") as project:
        before = project.vector()
        with pytest.raises(AnnotatorError) as error:
            project.receive(file)
        assert "\n" not in str(error.value)
        assert project.vector() == before
    with pytest.raises(AnnotatorError):
        create(tmp_path / "made.db", file)
    assert {p.name for p in tmp_path.iterdir()} <= {"damaged.annotator", "made.db.lock"}


WRONG: dict[str, Callable[[list[Any]], list[Any]]] = {
    "an event twice": lambda lines: [*lines[:-1], lines[-2], ["end", 1, lines[-1][2] + 1]],
    "an event less": lambda lines: [*lines[:-2], lines[-1]],
    "no end": lambda lines: lines[:-1],
    "more after the end": lambda lines: [*lines, ["end", 1, 2]],
    "no manifest": lambda lines: lines[1:],
    "an event of a handout": lambda lines: [*lines[:-1], ["given", *lines[-2][1:]], lines[-1]],
    "numbers for words": lambda lines: [lines[0], *[[line[0], *[1] * 13] for line in lines[1:]]],
    "too few columns": lambda lines: [*lines[:2], *[line[:5] for line in lines[2:]]],
    "a list": lambda lines: [lines],
    "a sequence too large": lambda lines: [*lines[:-2], [*lines[-2][:3], 2**70, *lines[-2][4:]], lines[-1]],
    "a body that differs": lambda lines: [
        *lines[:-2], [*lines[-2][:12], '{"layer":"entities"}', lines[-2][13]], lines[-1]],
    "an article that differs": lambda lines: [
        lines[0], [*lines[1][:14], lines[1][14] + "!"], *lines[2:]],
    "another project": lambda lines: [{**lines[0], "project": "x"}, *lines[1:]],
    "a vector of words": lambda lines: [{**lines[0], "vector": {"a": "b"}}, *lines[1:]],
    "half a character": lambda lines: [{**lines[0], "by": "\ud800"}, *lines[1:]],
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_right_checksum_over_nonsense_is_refused(parcel, tmp_path: Path, what: str) -> None:
    path, sent = parcel
    file = tmp_path / "wrong.annotator"
    shutil.copy(sent, file)
    repacked(file, WRONG[what])
    with Project.open(path, "ann") as project:
        before = project.vector()
        if what == "an article that differs":  # it has that article, and its own text of it
            project.receive(file, dry_run=True)
        elif what == "an event twice":
            with pytest.raises(AnnotatorError, match="damaged"):
                project.receive(file)
        else:
            with pytest.raises(AnnotatorError):
                project.receive(file)
        assert project.vector() == before
    if what != "another project":
        with pytest.raises(AnnotatorError):
            create(tmp_path / "made.db", file)
        assert not (tmp_path / "made.db").exists()


def test_a_bomb_is_left_as_soon_as_it_is_noticed(
    parcel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "ROOM", 1 << 20)
    path, sent = parcel
    file = tmp_path / "bomb.annotator"
    first = json.dumps(body(sent)[0]).encode() + b"\n"
    with Project.open(path, "ann") as project:
        for more in (b" " * (64 << 20), (b'["article"' + b" " * 5000 + b"]\n") * 20_000):
            sealed(file, gzip.compress(first + more))
            assert file.stat().st_size < 200_000
            with pytest.raises(AnnotatorError, match=r"far more than a bundle|damaged"):
                project.receive(file)
        whole = gzip.compress(first * 50)
        sealed(file, whole[:20] + b"\xff" * 20 + whole[40:])
        with pytest.raises(AnnotatorError, match="damaged"):
            project.receive(file)
        deep = b"[" * 100_000 + b"]" * 100_000 + b"\n"
        sealed(file, gzip.compress(first + deep))
        with pytest.raises(AnnotatorError, match="damaged"):
            project.receive(file)


def test_what_is_no_bundle_is_said_so(parcel, tmp_path: Path) -> None:
    path, sent = parcel
    with Project.open(path, "ann") as project:
        (tmp_path / "text").write_text("hello")
        newer = sent.read_bytes().replace(b"bundle 1\n", b"bundle 2\n", 1)
        (tmp_path / "newer").write_bytes(newer)
        for name, words in (("text", "no annotator bundle"), ("newer", "newer annotator"),
                            ("missing", "no file"), ("", "a folder")):  # fmt: skip
            with pytest.raises(AnnotatorError, match=words):
                project.receive(tmp_path / name)
        with pytest.raises(AnnotatorError, match="exists already"):
            project.send(sent)


@pytest.mark.file_only
def test_a_project_is_no_bundle(worked: Path) -> None:
    with (
        Project.open(worked, "lead") as project,
        pytest.raises(AnnotatorError, match="not a bundle"),
    ):
        project.receive(worked)


def test_nothing_is_left_of_a_bundle_that_could_not_be_written(
    worked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with Project.open(worked, "lead") as project, monkeypatch.context() as patch:
        patch.setattr(bundle.Output, "line", full)
        with pytest.raises(AnnotatorError, match="No space left"):
            project.send(tmp_path / "x.annotator")
    assert not (tmp_path / "x.annotator").exists()


def test_a_project_is_never_made_over_something(worked: Path, tmp_path: Path) -> None:
    with Project.open(worked, "lead") as project:
        sent = project.send(tmp_path / "1").path
    with pytest.raises(AnnotatorError, match=r"exists already|holds tables already"):
        create(worked, sent)
