"""Withdrawing an article leaves no word of it in the file, and a project that is sound."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from store_help import caches, label, looked_draft, serious, stance_draft, status_draft, tamper

from annotator.model.annotation import Kind, Note, Rejection, Span, State, Work
from annotator.model.article import Article
from annotator.model.decision import Decision
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role
from annotator.model.release import ACTOR, Frozen
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Slot
from annotator.model.split import Assigned
from annotator.model.suggestion import Suggestion
from annotator.store.address import place_of
from annotator.store.articles import Result
from annotator.store.engine import connect, reader_connection
from annotator.store.erasure import is_erased
from annotator.store.filters import Filter
from annotator.store.gone import Why
from annotator.store.project import Project
from annotator.store.releases import Sum, digest_of
from annotator.store.saving import RefusedError
from annotator.store.suggesting import Offer
from annotator.store.taking import Fate, Offered

TEXT = "Ксилографова обвини Quizzelbach.\nЗаседанието на Брунхвалд продължи до полунощ."
TITLE = "Заглавиецо Zweitausendfach"
SECRETS = ("Ксилографова", "Quizzelbach", "Брунхвалд", "Заглавиецо", "Zweitausendfach",
           "Бележкатата", "Решениецето", "тайниметаданни", "secret.example", "полунощ",
           "ксилографова", "quizzelbach", "брунхвалд", "заглавиецо", "zweitausendfach")  # fmt: skip
"""Words that are nowhere but in the article and what is said of it; small as the index has them."""
KEPT = "Другата статия остава цяла."

CHILD = """
import sys
from pathlib import Path
found = []
for name in sys.argv[1:2]:
    for path in Path(name).parent.glob(Path(name).name + "*"):
        data = path.read_bytes()
        found += [f"{path.name}: {word}" for word in sys.argv[2:] if word.encode() in data]
print("\\n".join(found))
"""


def lying_in(path: Path, *words: str) -> str:
    """Which words lie in the file or beside it, told by another process."""
    run = [sys.executable, "-c", CHILD, str(path), *(words or SECRETS)]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()


def indexed(path: Path) -> set[str]:
    """The words in both indexes."""
    conn = connect(path, "ro")
    found = set()
    for name in ("article_fts", "title_fts"):
        conn.execute(f"CREATE VIRTUAL TABLE temp.v_{name} USING fts5vocab('main', {name}, 'row')")
        found |= {term for (term,) in conn.execute(f"SELECT term FROM temp.v_{name}")}
    conn.close()
    return found


def span(name: str, start: int, end: int, **more: object) -> Draft:
    made = Span(name, "entities", "PER", start, end, **more)
    return Draft(Kind.SPAN, made.key, "x", made.body(TEXT))


def work_on(project: Project) -> None:
    """Everything that can be said about an article, in several versions."""
    project.record(
        Act("label", (span("s1", 0, 12, attrs={"lemma": "Решениецето"}), span("s2", 20, 31)))
    )
    project.record(Act("label", (span("s1", 0, 31),)))
    project.record(Act("label", (span("b1", 20, 31),)), "boris")
    project.record(Act("stance", (stance_draft(TEXT, "x", "ann", "Quizzelbach", "favor"),)))
    note = Note("n1", "Бележкатата", start=0, end=12)
    project.record(Act("note", (Draft(Kind.NOTE, note.key, "x", note.body(TEXT)),)))
    project.record(Act("note", (Draft(Kind.NOTE, note.key, "x", None),)))
    turned = Rejection("entities", "PER", 20, 31)
    project.record(
        Act("reject", (Draft(Kind.REJECTION, turned.key("ann", "x"), "x", turned.body(TEXT)),))
    )
    project.record(
        Act("done", (looked_draft("x", "ann", "entities"), status_draft("x", "ann", State.DONE, 9)))
    )
    decided = Decision("item:entities:0", "entities", spans=(Span("s1", "entities", "PER", 0, 12),),
                       note="Решениецето", inputs="x")  # fmt: skip
    project.record(Act("adjudicate", (Draft(Kind.DECISION, decided.key, "x", decided.body(TEXT)),)))
    project.suggest([Offer("x", TEXT, (Suggestion("entities", "PER", 0, 12, "tool"),))])
    project.assign([Slot("x", "ann"), Slot("x", "boris"), Slot("keep", "ann")])
    project.open_pools([Pool("x", 3)])
    project.record(label(project, "keep", "k1"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.db"
    with Project.create(path, preset("news"), "ann") as project:
        meta = {"author": "тайниметаданни"}
        secret = Article("x", TEXT, TITLE, "site", "https://secret.example/1", "2026-05-01", "bg",
                         meta=meta, group="тайниметаданни")  # fmt: skip
        others = [Article("keep", KEPT, source="site", lang="bg"), Article("third", "Трети текст.")]
        list(project.add([others[0], secret, others[1]]))
        while project.index_words():
            pass
        work_on(project)
    return path


@pytest.fixture
def withdrawn(path: Path) -> Path:
    with Project.open(path, "ann") as project:
        project.withdraw("x", "asked for")
        assert project.scrub()
    return path


@pytest.mark.file_only
def test_the_words_are_there_before(path: Path) -> None:
    found = lying_in(path)
    for word in [*SECRETS[:10], "quizzelbach"]:
        assert word in found
    assert {"ксилографова", "zweitausendfach"} <= indexed(path)


@pytest.mark.file_only
def test_no_word_is_left_in_the_file_or_beside_it(withdrawn: Path) -> None:
    assert lying_in(withdrawn) == ""
    assert "остава" in lying_in(withdrawn, "остава")
    assert not indexed(withdrawn).intersection(SECRETS)
    assert "остава" in indexed(withdrawn)


def test_no_word_is_left_while_the_project_is_still_open(path: Path) -> None:
    with Project.open(path, "boris") as other, Project.open(path, "ann") as project:
        assert other.work("x").spans
        project.withdraw("x", "asked for")
        project.scrub()
        assert lying_in(path) == ""
        with pytest.raises(AnnotatorError, match="was withdrawn on"):
            other.article("x")


def test_everything_stays_sound_and_the_caches_are_those_of_the_log(withdrawn: Path) -> None:
    with Project.open(withdrawn, "ann") as project:
        assert [str(p) for p in project.verify() if p.severity != "note"] == []
        tables = ("work", "slot", "pool", "gone", "conflict", "precedent", "identity")
        before = {**caches(withdrawn), **rows(withdrawn, tables)}
        project.rebuild()
        assert {**caches(withdrawn), **rows(withdrawn, tables)} == before
        assert serious(project) == []
    numbers = rows(withdrawn, ("article",))["article"]
    assert [row[0] for row in numbers] == [1, 2, 3]
    assert all(row[1] != 2 for row in before["work"])
    assert before["slot"] != []


def rows(path: Path, tables: tuple[str, ...]) -> dict[str, list[tuple]]:
    conn = reader_connection(place_of(path), readonly=True)
    found = {
        name: sorted(conn.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in tables
    }
    conn.close()
    return found


def test_what_stays_is_that_it_was_there(withdrawn: Path) -> None:
    with Project.open(withdrawn, "ann") as project:
        events = project.history("x")
        assert len(events) == 16
        for event in events[:-1]:
            assert event.body is None or is_erased(event.body)
        assert sum(event.body is None for event in events) == 1
        assert events[-1].body["reason"] == "asked for"
        assert TEXT not in str(events)
        [gone] = project.gone().values()
        assert (gone.article, gone.why, gone.actor) == ("x", Why.WITHDRAWN, "ann")
        row = project.row("x")
        assert (row.title, row.chars, row.source, row.lang, row.date) == (
            "",
            0,
            "site",
            "bg",
            "2026-05-01",
        )


def test_it_is_in_no_queue_search_stream_or_count(withdrawn: Path) -> None:
    with Project.open(withdrawn, "ann") as project:
        assert [row.id for row in project.page()] == ["keep", "third"]
        assert project.count() == 2
        assert project.last_number() == 3
        for where in (Filter(lang="bg"), Filter(source="site"), Filter(assigned="me")):
            assert [row.id for row in project.page(where)] == ["keep"]
            assert project.count(where) == 1
        assert project.count(Filter(state="new")) == 1
        assert project.next(project.row("keep")).id == "third"
        assert project.previous(project.row("third")).id == "keep"
        assert project.search("Quizzelbach") == []
        assert project.titled("Заглавиецо") == []
        assert project.titled("x") == []
        assert [hit.article for hit in project.search("остава")] == ["keep"]
        assert [row.id for row in project.recent()] == ["keep"]
        assert [stored.article.id for stored in project.documents()] == ["keep", "third"]
        assert [article.id for article in project.articles()] == ["keep", "third"]
        assert [slot.article for slot in project.slots()] == ["keep"]
        assert list(project.pools()) == []
        assert project.loads()["ann"].assigned == 1
        assert project.works("x")[0].spans == ()
        assert project.suggestions("x") == ()
        assert project.precedents("Quizzelbach", "entities").counts == {}
        assert project.identities("entities") == []
        progress = project.progress()
        assert progress.articles == 2
        assert [each.actor for each in progress.actors] == ["ann"]
        assert project.languages() == {"bg": 1, "": 1}
        assert project.sources() == {"site": 1, "": 1}


def test_the_desk_forgets_it(withdrawn: Path) -> None:
    with Project.open(withdrawn, "ann") as project:
        assert {change.article for act in project.past_acts() for change in act.changes} == {"keep"}


def test_a_bulk_act_keeps_the_part_that_is_about_others(path: Path) -> None:
    with Project.open(path, "ann") as project:
        other = Span("o1", "entities", "PER", 0, 7)
        both = (span("m1", 0, 12), Draft(Kind.SPAN, other.key, "keep", other.body(KEPT)))
        act = Act("occurrences", both)
        project.record(act)
        project.withdraw("x", "")
        newest = next(iter(project.past_acts()))
        assert newest.id == act.id
        assert [change.key for change in newest.changes] == ["span:o1"]


def test_nothing_more_can_be_said_about_it(withdrawn: Path) -> None:
    with Project.open(withdrawn, "ann") as project:
        with pytest.raises(
            AnnotatorError, match=r"'x' was withdrawn on \d{4}-\d\d-\d\d: asked for"
        ):
            project.article("x")
        with pytest.raises(RefusedError, match="was withdrawn"):
            project.record(Act("done", (status_draft("x", "ann", State.DONE),)))
        with pytest.raises(AnnotatorError, match="was withdrawn"):
            project.withdraw("x", "again")
        with pytest.raises(AnnotatorError, match="was withdrawn"):
            project.assign([Slot("x", "vera")])
        taken = project.take([Offered("x", TEXT, _work())])
        assert (taken[0].fate, "was withdrawn" in taken[0].reason) == (Fate.REFUSED, True)
        assert serious(project) == []


def _work() -> Work:
    return Work("x", "olga", (Span("q", "entities", "PER", 0, 12),))


def test_who_has_it_on_screen_cannot_save_any_more(path: Path) -> None:
    with Project.open(path, "boris") as other, Project.open(path, "ann") as project:
        other.prepare(other.article("x"))
        other.record(Act("label", (span("b2", 0, 12),)))
        project.withdraw("x", "")
        project.scrub()
        with pytest.raises(RefusedError, match="Nothing was saved"):
            other.record(Act("label", (span("b3", 0, 12),)))
        assert serious(project) == []
    assert lying_in(path) == ""


def test_it_is_refused_when_it_comes_again(withdrawn: Path) -> None:
    with Project.open(withdrawn, "ann") as project:
        offered = [Article("x", "anything else"), Article("y", TEXT), Article("z", "Нов текст.")]
        outcomes = list(project.add(offered))
        assert [each.result for each in outcomes] == [Result.REFUSED, Result.REFUSED, Result.NEW]
        assert "it was withdrawn on" in outcomes[0].reason
        assert "asked for" in outcomes[0].reason
        assert "has the text of 'x'" in outcomes[1].reason
        assert project.texts().find(Article("x", TEXT).sha256) == ""
        assert serious(project) == []


def test_an_article_whose_words_are_not_indexed_yet(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    with Project.create(path, preset("news"), "ann") as project:
        list(project.add([Article("x", TEXT, TITLE), Article("keep", KEPT)]))
        project.withdraw("x", "")
        project.scrub()
        while project.index_words():
            pass
        assert [hit.article for hit in project.search("цяла")] == ["keep"]
        assert project.search("Quizzelbach") == []
        assert serious(project) == []
    assert lying_in(path) == ""


@pytest.mark.file_only
def test_the_index_still_finds_the_others_and_can_be_added_to(withdrawn: Path) -> None:
    with Project.open(withdrawn, "ann") as project:
        list(project.add([Article("z", "Нова статия за мостове.")]))
        while project.index_words():
            pass
        assert [hit.article for hit in project.search("статия")] == ["keep", "z"]
    conn = connect(withdrawn, "rw")
    conn.execute("INSERT INTO article_fts(article_fts) VALUES ('integrity-check')")
    conn.execute("INSERT INTO title_fts(title_fts) VALUES ('integrity-check')")
    conn.close()


# --- what is kept of it is proved ----------------------------------------------------------------


def test_an_erased_event_without_its_withdrawal_is_damage(path: Path) -> None:
    tamper(path, """UPDATE event SET body = '{"erased":"01900000-0000-7000-8000-000000000000"}'
                    WHERE kind = 'note' AND body IS NOT NULL""")  # fmt: skip
    with Project.open(path, "ann") as project:
        assert any("its hash does not hold" in line for line in serious(project))


def test_an_event_of_another_article_cannot_hide_behind_a_withdrawal(withdrawn: Path) -> None:
    with Project.open(withdrawn, "ann") as project:
        event = project.gone()["x"].event
    body = f'{{"erased":"{event}"}}'
    assert (
        tamper(
            withdrawn, "UPDATE event SET body = ? WHERE article = 'keep' AND kind = 'span'", body
        )
        == 1
    )
    with Project.open(withdrawn, "ann") as project:
        assert any("its hash does not hold" in line for line in serious(project))


def test_check_sees_words_that_were_put_back(withdrawn: Path) -> None:
    tamper(withdrawn, "UPDATE article_text SET text = 'hm' WHERE n = 2")
    with Project.open(withdrawn, "ann") as project:
        assert any("some of its words are still here" in line for line in serious(project))
        assert project.finish_withdrawals()
        assert serious(project) == []
        assert not project.finish_withdrawals()


def test_check_sees_an_event_that_speaks_of_it_still(withdrawn: Path) -> None:
    body = '{"flag":true,"note":"Бележкатата"}'
    sql = "UPDATE event SET body = ? WHERE kind = 'note' AND body IS NOT NULL"
    assert tamper(withdrawn, sql, body) == 1
    with Project.open(withdrawn, "ann") as project:
        assert any("was said about it is still here" in line for line in serious(project))
        assert project.finish_withdrawals()
        assert serious(project) == []
    assert lying_in(withdrawn) == ""


def test_check_sees_a_changed_source_and_a_lost_row(withdrawn: Path) -> None:
    tamper(withdrawn, "UPDATE article SET source = 'other' WHERE n = 2")
    with Project.open(withdrawn, "ann") as project:
        assert any("its source or date" in line for line in serious(project))
    tamper(withdrawn, "DELETE FROM gone")
    with Project.open(withdrawn, "ann") as project:
        assert any("not what the log says" in line for line in serious(project))


def test_an_interrupted_one_is_told_and_finished(path: Path) -> None:
    with Project.open(path, "ann") as project:
        project.withdraw("x", "")
    with Project.open(path, "ann") as project:
        warned = [str(p) for p in project.verify() if p.severity == "warning"]
        assert any("--finish" in line for line in warned)
        assert project.scrub()
        assert not project.scrub()
        assert [p for p in project.verify() if p.severity == "warning"] == []
    assert lying_in(path) == ""


@pytest.mark.file_only
def test_a_reader_in_the_way_leaves_it_due(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.store.engine.BUSY_SECONDS", 0.2)
    with Project.open(path, "ann") as project:
        project.withdraw("x", "")
        reading = connect(path, "ro")
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM article").fetchall()
        with pytest.raises(AnnotatorError, match="--finish"):
            project.scrub()
        reading.execute("COMMIT")
        reading.close()
        assert project.scrub()
    assert lying_in(path) == ""


def test_a_backup_of_it_is_sound_and_holds_no_word(withdrawn: Path, tmp_path: Path) -> None:
    with Project.open(withdrawn, "ann") as project:
        project.backup(tmp_path / "b.db")
    assert lying_in(tmp_path / "b.db") == ""


# --- who, and what else there is -----------------------------------------------------------------


@pytest.mark.file_only
def test_what_would_go_is_told_before(path: Path, tmp_path: Path) -> None:
    with Project.open(path, "ann") as project:
        list(project.add([Article("x", "Another text of it."), Article("copy", TEXT)]))
        weighed = project.weigh("x")
        assert (weighed.title, weighed.chars) == (TITLE, len(TEXT))
        assert weighed.people == ("ann", "boris")
        assert weighed.events == 14
        assert len(weighed.alike) == 2
        assert weighed.alike[0].startswith("x@")
        assert weighed.alike[1] == "copy"
        project.backup(tmp_path / "old.db")
        assert project.withdraw("x", "the\n person\tasked.").sentence.endswith(
            ": the person asked."
        )
        assert project.copies_with("x") == [(tmp_path / "old.db").resolve()]
        # what a process that was killed while it received a bundle leaves
        left = [tmp_path.resolve() / name for name in (".a.db.0a.part.1b.bundle", ".p.db.2c.part")]
        shutil.copy(tmp_path / "old.db", left[0])
        left[1].write_bytes(b"half of it")
        assert project.copies_with("x") == [*left, (tmp_path / "old.db").resolve()]
        with pytest.raises(AnnotatorError, match="was withdrawn"):
            project.weigh("x")
        with pytest.raises(AnnotatorError, match="no article 'nope'"):
            project.weigh("nope")
        with pytest.raises(AnnotatorError, match="no article 'nope'"):
            project.withdraw("nope", "")


def frozen(article: Article) -> dict[str, Any]:
    work = Work(article.id, ACTOR, (Span("s", "entities", "PER", 0, 4),))
    return Frozen(article.id, article.sha256, "", "", "", work, ()).body(article.text)


def test_a_release_it_was_in_has_one_article_less(path: Path) -> None:
    with Project.open(path, "ann") as project:
        bodies = {article.id: frozen(article) for article in project.articles()}
        gold = Sum()
        for name, body in sorted(bodies.items()):
            gold.add(name, digest_of(body))
        project.save_release("1.0", "run1", bodies.items())
        told = {"version": "1.0", "run": "run1", "digest": gold.digest, "articles": {"count": 3}}
        project.finish_release(told)
        assert len(list(project.released_articles(project.release("1.0")))) == 3
        project.withdraw("x", "")
        project.scrub()
        assert project.withdrawn_from(project.release("1.0")) == 1
        left = project.released_articles(project.release("1.0"))
        assert [article.id for article, _ in left] == ["keep", "third"]
    assert lying_in(path) == ""
    sql = "DELETE FROM event WHERE kind = 'release' AND article = 'keep'"
    assert tamper(path, sql) == 1
    with (
        Project.open(path, "ann") as project,
        pytest.raises(AnnotatorError, match="is not what was"),
    ):
        list(project.released_articles(project.release("1.0")))


def test_splits_stay_for_the_others(path: Path) -> None:
    with Project.open(path, "ann") as project:
        project.assign_splits([Assigned("x", "train"), Assigned("keep", "test")])
        project.withdraw("x", "")
        assert {s.article.id: s.split for s in project.documents()} == {"keep": "test", "third": ""}


@pytest.mark.file_only
def test_a_file_of_an_older_format_is_still_read(withdrawn: Path) -> None:
    tamper(withdrawn, "DROP TABLE gone")
    with Project.open(withdrawn, readonly=True) as project:
        assert project.count() == 3
        assert project.progress().articles == 3


def test_only_a_lead_may_where_there_is_one(path: Path) -> None:
    with Project.open(path, "ann") as project:
        person = Person("vera", Role.LEAD)
        project.record(Act("people", (Draft(Kind.PERSON, person.key, "", person.body()),)))
        with pytest.raises(AnnotatorError, match="Only leads may withdraw"):
            project.require(Role.LEAD, "withdraw articles")
