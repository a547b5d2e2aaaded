"""Copies worked on apart and merged in any direction become the same, and nothing is lost on the way.

Machines have clocks of their own that jump by up to 100 s; files are copied, merges are killed between
two batches, bundles go by mail. Whatever was acknowledged anywhere is everywhere at the end. Some of the
copies may be on a server; a copy of such a one is made as its owner would, through a file.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pg_kit import TestServer
from store_help import caches, serious, span_draft, status_draft

from annotator.model.annotation import Kind, Note, Span, State, looked_key
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Clock, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.store import merging, receiving
from annotator.store.address import Address, Place
from annotator.store.project import Project

pytestmark = pytest.mark.file_only

LONG = os.environ.get("ANNOTATOR_LONG") == "1"
TEXT = "Иван Петров се срещна с Мария в Пхенян."
ARTICLES = ("a", "b")
ACTORS = ("iva", "petar")
START = 4_000_000_000.0
"""Seconds: later than whoever makes the first copies, so that clocks that are set do differ."""

DUMP = {
    "head": "SELECT article, actor, key, event, kind, body FROM head ORDER BY 1, 2, 3",
    "work": """SELECT a.id, w.actor, w.state, w.seconds, w.newest, w.counts, w.looked
               FROM work w JOIN article a ON a.n = w.n ORDER BY 1, 2""",
    "precedent": """SELECT p.actor, p.layer, p.form, p.label, p.event, a.id, p.key
                    FROM precedent p JOIN article a ON a.n = p.n ORDER BY 1, 2, 3, 4, 5""",
    "identity": "SELECT * FROM identity ORDER BY actor, layer, form, xid, lemma, label",
    "slot": """SELECT a.id, s.annotator, s.round, s.why, s.given, s.event FROM slot s
               JOIN article a ON a.n = s.n ORDER BY 1, 2""",
    "conflict": "SELECT * FROM conflict ORDER BY article, actor, key, event, other",
    "tally": "SELECT what, value, articles FROM tally WHERE articles > 0 ORDER BY what, value",
    "gone": "SELECT a.id, g.why, g.event FROM gone g JOIN article a ON a.n = g.n ORDER BY a.id",
    "article": """SELECT a.id, a.sha256, a.chars, a.date, a.title, a.opening, a.source, a.lang, a.lang_source, a.seal,
                  t.text FROM article a JOIN article_text t ON t.n = a.n ORDER BY a.id""",
    "event": "SELECT id, writer, seq, actor, key, base, of, body, hash FROM event ORDER BY id",
}


def dump(project: Project) -> dict[str, list[Any]]:
    """All that must be equal in copies that know the same."""
    return {name: project._reader.rows(sql) for name, sql in DUMP.items()}


class KilledError(RuntimeError):
    """The process of a merge ended."""


@contextmanager
def killed_after(batches: int) -> Iterator[None]:
    """Merges end after so many batches of two events."""
    left = [batches]
    write = merging.write_batch

    def stop(*args: Any, **named: Any) -> None:
        if not left[0]:
            raise KilledError
        left[0] -= 1
        write(*args, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "BATCH", 2)
        patch.setattr(merging, "write_batch", stop)
        yield


class Copies(RuleBasedStateMachine):
    """Three or four copies of one project, each on a machine with its own clock."""

    server: TestServer | None = None
    """Where those of `on_server` are."""
    on_server = ""
    """Numbers of copies."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="merge-"))
        self.databases: set[str] = set()
        self.open: list[Project] = []
        self.offset: list[float] = []
        self.saved: set[str] = set()
        self.names = 0
        self.bundles: list[Path] = []

    @initialize(count=st.integers(3, 4))
    def begin(self, count: int) -> None:
        """A project, copied by `cp` while it is closed."""
        first = self.folder / "first.db"
        with Project.create(first, preset("news"), "lead") as project:
            list(project.add([Article(name, TEXT, lang="bg") for name in ARTICLES]))
        for number in range(count):
            self.clone(first, self.place(number))
            self.offset.append(0.0)
            self.open.append(self.opened(number))

    def place(self, number: int, order: str = "") -> Place:
        """Where a copy is, or in the end a copy of it."""
        if self.server is None or str(number) not in self.on_server:
            return self.folder / f"{order}{number}.db"
        return Address(self.server.url(f"{self.folder.name.lower()}{order}{number}"))

    def clone(self, source: Place, target: Place) -> None:
        """Have in one place what is in another; nobody has them open."""
        if isinstance(source, Path) and isinstance(target, Path):
            shutil.copy(source, target)
            return
        if isinstance(target, Path):
            target.unlink(missing_ok=True)
        else:
            assert self.server is not None
            self.server.drop(target.name)
            self.databases.add(target.name)
        if isinstance(source, Address) and isinstance(target, Address):
            assert self.server is not None
            self.server.make_database(target.name, source.name)
        else:
            Project.restore(source, target)

    def opened(self, number: int) -> Project:
        project = Project.open(self.place(number), ACTORS[number % 2])
        chain = project._writing._chain
        chain.clock = Clock(lambda: START + self.offset[number])
        return project

    def at(self, number: int) -> Project:
        return self.open[number % len(self.open)]

    def save(self, project: Project, draft: Draft, actor: str) -> None:
        """An act that must be seen at once and never be lost."""
        event = project.record(Act("do", (draft,)), actor)[-1]
        self.saved.add(event.id)
        sql = "SELECT event FROM head WHERE article = ? AND actor = ? AND key = ?"
        assert project._reader.value(sql, (draft.article, actor, draft.key)) == event.id

    @rule(
        who=st.integers(0, 3),
        actor=st.sampled_from(ACTORS),
        article=st.sampled_from(ARTICLES),
        thing=st.sampled_from(["span", "span", "note", "status", "looked", "slot"]),
        name=st.sampled_from("pq"),
        start=st.integers(0, 20),
        remove=st.integers(0, 4),
    )
    def edit(self, who, actor, article, thing, name, start, remove) -> None:
        """Somebody changes a thing as it stands on their screen."""
        project = self.at(who)
        if project.gone_article(article) is not None:
            return
        versions = project.work(article, actor).versions
        if thing == "span":
            span = Span(name, "entities", "PER", start, start + 4, {"xid": f"X{start % 2}"})
            draft = Draft(Kind.SPAN, span.key, article, span.body(TEXT))
        elif thing == "note":
            note = Note(name, f"n{start % 3}", False)
            draft = Draft(Kind.NOTE, note.key, article, note.body(TEXT))
        elif thing == "status":
            draft = status_draft(article, actor, (State.DONE, State.OPEN)[start % 2], start)
        elif thing == "looked":
            draft = Draft(
                Kind.LOOKED, looked_key(actor, article, "stance"), article, {"layer": "stance"}
            )
        else:
            slot = Slot(article, name, f"r{start % 3}")
            draft = Draft(Kind.SLOT, slot.key, article, slot.body())
        base = versions.get(draft.key, "")
        body = None if remove == 0 and base else draft.body
        self.save(project, draft._replace(base=base, body=body), actor)

    @rule(who=st.integers(0, 3), seconds=st.floats(-100, 100))
    def jump(self, who: int, seconds: float) -> None:
        """A clock is set."""
        self.offset[who % len(self.open)] += seconds

    @rule(who=st.integers(0, 3))
    def restart(self, who: int) -> None:
        """The program is left and started again: another writer."""
        number = who % len(self.open)
        self.open[number].close()
        self.open[number] = self.opened(number)

    @rule(who=st.integers(0, 3), name=st.sampled_from("cd"), title=st.sampled_from(["", "A", "B"]),
          source=st.sampled_from(["", "one"]), lang=st.sampled_from(["", "bg"]))  # fmt: skip
    def bring_in(self, who, name, title, source, lang) -> None:
        """The same article is imported in several copies, with other data."""
        list(self.at(who).add([Article(name, TEXT + name, title, source, lang=lang)]))
        if title:
            while self.at(who).index_words():
                pass

    @rule(who=st.integers(0, 3), article=st.sampled_from("abcd"), tag=st.sampled_from(["bg", "mk"]),
          by=st.sampled_from(["user", "detector 1"]))  # fmt: skip
    def tongue(self, who, article, tag, by) -> None:
        """A language is corrected or detected."""
        self.at(who).set_languages([(article, tag, by)])

    @rule(who=st.integers(0, 3), article=st.sampled_from("bbc"), chance=st.integers(0, 2))
    def withdraw(self, who: int, article: str, chance: int) -> None:
        """An article is taken out with all its words, where it was not before."""
        project = self.at(who)
        if chance == 0 and project.row(article) and not project.gone_article(article):
            project.withdraw(article, f"asked of {who}")

    @rule(one=st.integers(0, 3), two=st.integers(0, 3))
    def merge(self, one: int, two: int) -> None:
        """A copy takes in another; once more brings nothing."""
        if self.at(one) is not self.at(two):
            self.at(one).merge(self.at(two).path)
            again = self.at(one).merge(self.at(two).path)
            assert (again.events, again.articles, again.settled, again.conflicts) == (0, 0, 0, 0)

    @rule(one=st.integers(0, 3), two=st.integers(0, 3), batches=st.integers(0, 4))
    def kill(self, one: int, two: int, batches: int) -> None:
        """A merge is killed; what is there then is sound."""
        if self.at(one) is self.at(two):
            return
        with killed_after(batches):
            try:
                self.at(one).merge(self.at(two).path)
            except KilledError:
                self.sound(self.at(one))

    @rule(one=st.integers(0, 3), two=st.integers(0, 3))
    def copy(self, one: int, two: int) -> None:
        """A copy is put in another's place, by `cp` of a file, once it knows what that one knew."""
        one, two = one % len(self.open), two % len(self.open)
        if one == two:
            return
        self.open[one].merge(self.open[two].path)
        for number in (one, two):
            self.open[number].close()
        self.clone(self.place(one), self.place(two))
        for number in (one, two):
            self.open[number] = self.opened(number)

    @rule(one=st.integers(0, 3), two=st.integers(0, 3))
    def mail(self, one: int, two: int) -> None:
        """A bundle of all goes from one to another."""
        self.names += 1
        target = self.folder / f"{self.names}.annotator"
        self.at(one).send(target)
        self.at(two).receive(target)
        self.bundles.append(target)

    @precondition(lambda self: self.bundles)
    @rule(one=st.integers(0, 3), two=st.integers(0, 3), data=st.data())
    def answer(self, one: int, two: int, data: st.DataObject) -> None:
        """What is newer than a bundle goes from one to another, who has taken that bundle in."""
        last = data.draw(st.sampled_from(self.bundles))
        self.names += 1
        target = self.folder / f"{self.names}.annotator"
        self.at(two).receive(last)
        try:
            self.at(one).send(target, receiving.since(last))
        except AnnotatorError:  # there is nothing new
            return
        self.at(two).receive(target)

    @rule(who=st.integers(0, 3), other=st.booleans(), again=st.booleans())
    def settle(self, who: int, other: bool, again: bool) -> None:
        """The first open conflict is settled, by choice or by another change."""
        project = self.at(who)
        found = project.conflicts()
        if not found:
            return
        first = found[0]
        assert {first.this.event} | {each.event for each in first.others} <= self.saved
        if again and first.this.kind is Kind.SPAN:
            draft = span_draft(TEXT, first.article, first.key[5:], 1, 3, first.this.event)
            self.save(project, draft, first.actor)
        else:
            project.keep(first.name, other)
            head = project._reader.value(
                "SELECT max(id) FROM event WHERE article = ? AND key = ?",
                (first.article, first.key),
            )
            self.saved.add(head)
        assert first.name not in [each.name for each in project.conflicts()]

    def sound(self, project: Project) -> None:
        """Nothing is wrong with a copy, and its caches are those made anew."""
        assert not serious(project)
        before, conflicts = caches(project.path), dump(project)["conflict"]
        project.rebuild()
        assert caches(project.path) == before
        assert dump(project)["conflict"] == conflicts

    def teardown(self) -> None:
        """All learn of all, in two orders; then all are equal."""
        try:
            if self.open:
                self.converge()
        finally:
            for project in self.open:
                project.close()
            for name in self.databases:
                assert self.server is not None
                self.server.drop(name)
            shutil.rmtree(self.folder)

    def converge(self) -> None:
        """Merge in three orders, each into copies of the projects as they are now."""
        number = len(self.open)
        for project in self.open:
            project.close()
        self.open = []
        pairs = [("x", 0, n) for n in range(1, number)]  # ((a + b) + c) + d
        pairs += [("y", n - 1, n) for n in range(number - 1, 0, -1)]  # a + (b + (c + d))
        pairs += [("z", number - 1, n) for n in range(number - 1)]  # ((d + a) + b) + c
        made: set[tuple[str, int]] = set()
        for order, one, two in pairs:
            if (order, one) not in made:
                made.add((order, one))
                self.clone(self.place(one), self.place(one, order))
            with Project.open(self.place(one, order), "lead") as project:
                project.merge(self.place(two, order if (order, two) in made else ""))
        for order, n in (("x", 0), ("y", 0), ("z", number - 1)):
            self.open.append(Project.open(self.place(n, order), "lead"))
        dumps = [dump(project) for project in self.open]
        for name in DUMP:
            for each in dumps[1:]:
                assert each[name] == dumps[0][name], name
        events = {row[0] for row in dumps[0]["event"]}
        assert self.saved <= events
        self.sound(self.open[-1])


Copies.TestCase.settings = settings(
    max_examples=300 if LONG else 8,
    stateful_step_count=40 if LONG else 25,
    suppress_health_check=list(HealthCheck),
)
TestCopies = Copies.TestCase


@pytest.mark.parametrize("on_server", ["1", "02"])
def test_copies_in_files_and_on_a_server(pg_server: TestServer, on_server: str) -> None:
    """File, server, file, and the other way round."""

    class Mixed(Copies):
        server = pg_server

    Mixed.on_server = on_server
    run_state_machine_as_test(
        Mixed,
        settings=settings(
            max_examples=1_000 if LONG else 2,
            stateful_step_count=25 if LONG else 10,
            suppress_health_check=list(HealthCheck),
        ),
    )
