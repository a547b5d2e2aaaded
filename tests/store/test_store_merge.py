"""Merging copies of a project: what comes in, what is refused, what is in conflict."""

import os
import shutil
import stat
from pathlib import Path

import pytest
from engines import bytes_of, copy_project
from store_help import (
    caches,
    label,
    looked_draft,
    serious,
    span_draft,
    stance_draft,
    status_draft,
    tamper,
)

from annotator.model.annotation import Kind, State
from annotator.model.article import Article, text_sha256
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, chain_hash
from annotator.model.scheme_file import preset
from annotator.store import copies, engine, merging, withdrawing
from annotator.store.address import place_of
from annotator.store.articles import seal
from annotator.store.engine import writer_connection
from annotator.store.erasure import erased_by, erased_text, is_erased
from annotator.store.keys import key, packed, unpacked
from annotator.store.merging_articles import rank
from annotator.store.project import Project


@pytest.fixture
def other(path: Path) -> Path:
    """A second copy of the project, made by `cp` while it is closed."""
    with Project.open(path, "ann") as project:
        project.record(label(project, "bg", "shared"))
    copy_project(path, path.with_name("other.db"))
    return path.with_name("other.db")


def work(path: Path, *drafts: Draft, actor: str = "ann") -> list[str]:
    """Some acts in a closed copy; the ids of the events."""
    with Project.open(path, actor) as project:
        return [project.record(Act("do", (draft,)))[-1].id for draft in drafts]


def edit(path: Path, start: int, end: int, actor: str = "ann") -> str:
    """Another extent for the shared span, as its version stands on this screen."""
    with Project.open(path, actor) as project:
        base = project.work("bg").versions["span:shared"]
        text = project.article("bg").text
        draft = span_draft(text, "bg", "shared", start, end, base)
        return project.record(Act("edit", (draft,)))[-1].id


def test_the_union_has_everybodys_work_and_is_sound(path: Path, other: Path) -> None:
    mine = work(path, status_draft("bg", "ann", State.DONE))
    theirs = work(other, status_draft("ru", "zoe", State.DONE), actor="zoe")
    with Project.open(other, "zoe") as project:
        list(project.add([Article("new", "A text that only one copy has.", "A title", lang="en")]))
        theirs += [project.record(label(project, "new", "n"))[-1].id]
    before = bytes_of(other, beside=False)
    with Project.open(path, "ann") as project:
        dry = project.merge(other, dry_run=True)
        assert project.row("new") is None
        merged = project.merge(str(other))
        assert merged == dry
        assert (merged.events, merged.articles, merged.by) == (
            4,
            1,
            {"zoe": 2},
        )  # two of them sessions
        assert project.work("ru", "zoe").status.state is State.DONE
        assert project.work("new", "zoe").spans
        assert project.article("new").title == "A title"
        assert project.languages()["en"] == 2
        assert project.row("new").n == 5
        known = {row[0] for row in project._reader.rows("SELECT id FROM event")}
        assert {*mine, *theirs} <= known
        assert not serious(project)
        later = project.record(label(project, "zh", "later"))[-1].id
        assert later > max(known)
        again = project.merge(other)
        assert (again.events, again.articles, again.settled) == (0, 0, 0)
    assert bytes_of(other, beside=False) == before


def test_events_from_a_clock_that_runs_ahead_are_still_older_than_what_comes_next(
    path: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = __import__("time").time
    with monkeypatch.context() as patch:
        patch.setattr("annotator.model.event.Clock.__init__.__defaults__", (lambda: now() + 9000,))
        ahead = edit(other, 0, 4)
    with Project.open(path, "ann") as project:
        project.merge(other)
        assert project.work("bg").versions["span:shared"] == ahead
    assert edit(path, 1, 5) > ahead
    with Project.open(path, "ann") as project:
        assert project.work("bg").spans[0].start == 1


def test_another_project_is_refused_with_the_way_out(path: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.db"
    Project.create(stranger, preset("news"), "ann").close()
    with Project.open(path, "ann") as project:
        with pytest.raises(AnnotatorError, match=r"another project.*annotator import .*project.db"):
            project.merge(stranger)
        with pytest.raises(AnnotatorError, match="the project itself"):
            project.merge(path)
        with pytest.raises(AnnotatorError, match="no project at"):
            project.merge(tmp_path / "missing.db")


def test_a_text_that_differs_refuses_the_merge_and_is_named(path: Path, other: Path) -> None:
    for file, text in ((path, "One text of it."), (other, "Another text of it.")):
        with Project.open(file, "ann") as project:
            list(project.add([Article("both", text)]))
    work(other, status_draft("ru", "zoe", State.DONE), actor="zoe")
    with Project.open(path, "ann") as project:
        before = project.vector()
        with pytest.raises(AnnotatorError, match=r"'both' has another text in .*annotator export"):
            project.merge(other)
        assert project.vector() == before


ERASED = erased_text("01a202ad-b6ed-7c3d-8d73-7d7d433d473f")
DAMAGE = {
    "a body": ("UPDATE event SET body = replace(body, '\"PER\"', '\"ORG\"') WHERE kind = 'span'", "not what"),
    "an actor": ("UPDATE event SET actor = 'eve' WHERE kind = 'span'", "not what was written"),
    "a hash": ("UPDATE event SET hash = upper(hash) WHERE kind = 'status'", "not what was written"),
    "a hole": ("DELETE FROM event WHERE seq = 2", "missing"),
    "an end": ("UPDATE event SET id = 'g' WHERE kind = 'status'", "its id is not one"),
    "a kind": ("UPDATE event SET kind = 'vote' WHERE kind = 'status'", "does not know"),
    "a text": ("UPDATE article_text SET text = text || '.' WHERE n = 5", "text is not"),
    "a title": ("UPDATE article SET title = 'x' WHERE id = 'new'", "title"),
    "an article": ("DELETE FROM article WHERE id = 'new'", "speak of article 'new'"),
    "an erasure": (f"UPDATE event SET body = '{ERASED}' WHERE kind = 'span'", "no withdrawal"),
}  # fmt: skip


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_copy_is_refused_whole(path: Path, other: Path, what: str) -> None:
    with Project.open(other, "zoe") as project:
        list(project.add([Article("new", "A text that only one copy has.")]))
        project.record(label(project, "new", "n"))
        project.record(Act("do", (status_draft("ru", "zoe", State.DONE),)))
    sql, words = DAMAGE[what]
    if what == "an article":
        tamper(other, "DELETE FROM article_text WHERE n = 5")
    assert tamper(other, sql)
    with Project.open(path, "ann") as project:
        before = (project.vector(), project.count())
        with pytest.raises(AnnotatorError, match=words):
            project.merge(other)
        assert (project.vector(), project.count()) == before


def test_a_history_rewritten_with_right_hashes_does_not_pass(path: Path, other: Path) -> None:
    """Whoever rewrites an event and all hashes after it still differs from the copy that has it."""
    work(other, status_draft("ru", "ann", State.DONE))
    conn = writer_connection(place_of(other))
    rows = conn.execute("SELECT * FROM event ORDER BY writer, seq").fetchall()
    last: dict[str, str] = {}
    for pos, *fields, body, _ in rows:
        fields[3] = "eve" if fields[10] == "span" else fields[3]
        digest = chain_hash(last.get(fields[1], ""), (*fields, body or "null"))
        last[fields[1]] = digest
        sql = "UPDATE event SET actor = ?, hash = ? WHERE pos = ?"
        conn.execute(sql, (fields[3], digest, pos))
    conn.close()
    with Project.open(path, "ann") as project, pytest.raises(AnnotatorError, match="in its place"):
        project.merge(other)


def rewritten(path: Path, kind: str, **columns: str) -> None:
    """A closed copy whose newest event of a kind says something else, all hashes made anew."""
    conn = writer_connection(place_of(path))
    last: dict[str, str] = {}
    newest = conn.execute("SELECT max(pos) FROM event WHERE kind = ?", (kind,)).fetchone()[0]
    names = merging.log.COLUMNS.split(", ")
    for pos, *row in conn.execute("SELECT * FROM event ORDER BY writer, seq").fetchall():
        fields = dict(zip(names, row, strict=True)) | (columns if pos == newest else {})
        *told, body, _ = fields.values()
        last[row[1]] = chain_hash(last.get(row[1], ""), (*told, "null" if body is None else body))
        sql = "UPDATE event SET id = ?, body = ?, hash = ? WHERE pos = ?"
        conn.execute(sql, (fields["id"], body, last[row[1]], pos))
    conn.close()


SPAN = {"layer": "entities", "label": "PER", "start": 0, "end": 3}
NONSENSE: dict[str, tuple[Draft, dict[str, str]]] = {
    "no label": (Draft(Kind.SPAN, "span:x", "", {"layer": "entities", "start": None}), {}),
    "numbers for names": (Draft(Kind.RULE, "rule:x", "", {**SPAN, "text": 5}), {}),
    "a list of marks": (Draft(Kind.SPAN, "span:x", "", {**SPAN, "attrs": [1]}), {}),
    "words for seconds": (
        status_draft("ru", "ann", State.DONE), {"body": '{"reason":"","seconds":"x","state":"done"}'}),
    "more seconds than there are": (
        status_draft("ru", "ann", State.DONE),
        {"body": f'{{"reason":"","seconds":{10**30},"state":"done"}}'}),
    "a withdrawal with a number for a reason": (
        Draft(Kind.WITHDRAWAL, "withdrawal", "ru", {"reason": 5, "sha256": ""}), {}),
    "a quotation that is not there": (
        status_draft("ru", "ann", State.DONE),
        {"kind": "span", "body": '{"end":90000,"label":"PER","layer":"entities","start":0,"text":"x"}'}),
    "a time that never comes": (
        status_draft("ru", "ann", State.DONE), {"id": "ffffffff-ffff-7fff-bfff-ffffffffffff"}),
}  # fmt: skip


@pytest.mark.parametrize("what", NONSENSE)
def test_what_makes_no_sense_is_refused_although_its_hash_holds(
    path: Path, other: Path, what: str
) -> None:
    draft, columns = NONSENSE[what]
    kind = columns.get("kind", str(draft.kind))
    with Project.open(other, "ann") as project:
        if kind == "span":
            project.record(label(project, "ru", "x"))
        project.record(Act("do", (draft,)))
    if columns:
        rewritten(other, **{"kind": kind, **columns})
    with Project.open(path, "ann") as project:
        before = project.vector()
        with pytest.raises(AnnotatorError, match=r"no sense|its id is"):
            project.merge(other)
        assert project.vector() == before


NUL = pytest.param("a\0b", marks=pytest.mark.file_only)
"""No server would keep it."""


@pytest.mark.parametrize("text", ["", " ", NUL])
def test_a_text_that_no_import_would_take_is_refused(path: Path, other: Path, text: str) -> None:
    with Project.open(other, "ann") as project:
        list(project.add([Article("new", "A text that only one copy has.", "A title")]))
    tamper(other, "UPDATE article_text SET text = ? WHERE n = 5", text)
    row = (text_sha256(text), len(text), seal("new", "A title", *[""] * 4, "{}", text_sha256(text)))
    tamper(other, "UPDATE article SET sha256 = ?, chars = ?, seal = ? WHERE id = 'new'", *row)
    with Project.open(path, "ann") as project, pytest.raises(AnnotatorError, match="its text is"):
        project.merge(other)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("meta", "{oops"),
        ("meta", "[1]"),
        pytest.param("title", "a\0b", marks=pytest.mark.file_only),
        ("lang", "бг"),
    ],
)
def test_an_article_that_no_import_would_take_is_refused(
    path: Path, other: Path, column: str, value: str
) -> None:
    with Project.open(other, "ann") as project:
        list(project.add([Article("new", "A text that only one copy has.", "A title")]))
    tamper(other, f"UPDATE article SET {column} = ? WHERE id = 'new'", value)
    data = "id, title, source, url, date, grp, meta, sha256"
    conn = writer_connection(place_of(other))
    row = conn.execute(f"SELECT {data} FROM article WHERE id = 'new'").fetchone()
    conn.execute("UPDATE article SET seal = ? WHERE id = 'new'", (seal(*row),))
    conn.close()
    with Project.open(path, "ann") as project:
        with pytest.raises(AnnotatorError, match="damaged or was tampered with at article 'new'"):
            project.merge(other)
        assert project.row("new") is None


@pytest.mark.file_only
def test_a_copy_on_a_read_only_medium_can_be_merged(
    path: Path, other: Path, tmp_path: Path
) -> None:
    work(other, status_draft("ru", "ann", State.DONE))
    folder = tmp_path / "medium"
    folder.mkdir()
    shutil.copy(other, folder / "copy.db")
    os.chmod(folder / "copy.db", stat.S_IREAD)
    os.chmod(folder, stat.S_IREAD | stat.S_IEXEC)
    try:
        with Project.open(path, "ann") as project:
            assert project.merge(folder / "copy.db").events == 2
    finally:
        os.chmod(folder, stat.S_IRWXU)


def test_a_backup_and_a_copy_in_use_can_be_merged(path: Path, other: Path, tmp_path: Path) -> None:
    work(other, status_draft("ru", "ann", State.DONE))
    with Project.open(other, "ann") as busy:
        busy.backup(tmp_path / "backup.db")
        busy.record(Act("do", (status_draft("zh", "ann", State.DONE),)))
        with Project.open(path, "ann") as project:
            assert project.merge(tmp_path / "backup.db").events == 2
            assert project.merge(other).events == 2
            assert project.work("zh").status.state is State.DONE


@pytest.mark.file_only
def test_a_copy_of_an_older_format_is_merged_and_a_newer_one_refused(
    path: Path, other: Path
) -> None:
    work(other, status_draft("ru", "ann", State.DONE))
    for version, drop in ((2, True), (99, False)):
        conn = engine.connect(other, "rw")
        conn.execute(f"PRAGMA user_version = {version}")
        if drop:
            for table in (
                *("slot", "pool", "conflict", "gone", "statistic"),
                *("guess", "lesson", "arrangement"),
            ):
                conn.execute(f"DROP TABLE {table}")
        conn.close()
        with Project.open(path, "ann") as project:
            if drop:
                assert project.merge(other).events == 2
            else:
                with pytest.raises(AnnotatorError, match="newer annotator"):
                    project.merge(other)


TEXT_OF_BG = "SELECT t.text FROM article a JOIN article_text t ON t.n = a.n WHERE a.id = 'bg'"


def test_a_withdrawn_article_goes_with_all_its_words_in_both_directions(
    path: Path, other: Path
) -> None:
    work(other, status_draft("ru", "zoe", State.DONE), actor="zoe")
    edit(other, 1, 5)
    third = path.with_name("third.db")
    copy_project(other, third)
    with Project.open(path, "ann") as project:
        project.withdraw("bg", "asked to")
        assert project.merge(other).events == 4  # full versions come in, and are erased
        assert not serious(project)
        assert project._reader.value(TEXT_OF_BG) == ""
        bodies = project._reader.rows("SELECT body FROM event WHERE kind = 'span'")
        assert all(erased_by(body) for (body,) in bodies)
    with Project.open(third, "ann") as project:
        project.merge(path)  # erased versions come in, where there are full ones
        assert not serious(project)
        assert project._reader.value(TEXT_OF_BG) == ""
        assert project._reader.rows("SELECT body FROM event WHERE kind = 'span'") == bodies
        assert project.work("ru", "zoe").status.state is State.DONE
    assert caches(path)["head"] == caches(third)["head"]
    assert "Срещ".encode() not in bytes_of(third)


# --- what is settled without asking


def test_a_file_that_could_not_be_written_anew_is_by_the_next_merge(
    path: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(other, "ann") as project:
        project.withdraw("bg", "asked for")
        project.scrub()

    def busy(_project: object) -> None:
        raise AnnotatorError("Somebody reads it.")

    with Project.open(path, "ann") as project:
        with monkeypatch.context() as patch:
            patch.setattr(withdrawing, "scrub", busy)
            merged = project.merge(other)
            assert (merged.events, merged.trouble) == (2, "Somebody reads it.")
        assert withdrawing.is_unscrubbed(project._reader)
        project.merge(other, dry_run=True)
        assert withdrawing.is_unscrubbed(project._reader)
        merged = project.merge(other)
        assert (merged.events, merged.trouble) == (0, "")
        assert not withdrawing.is_unscrubbed(project._reader)


def test_languages_and_other_data_settle_the_same_way_in_both_directions(
    path: Path, other: Path
) -> None:
    for file, title, tag, who in ((path, "One", "bg", "detector 1"), (other, "Two", "mk", "user")):
        with Project.open(file, "ann") as project:
            list(project.add([Article("x", "A text that both copies have.", title, "site")]))
            project.set_languages([("x", tag, who)])
            while project.index_words():
                pass
    copy_project(path, path.with_name("third.db"))
    found = []
    for one, two in ((path, other), (other, path.with_name("third.db"))):
        with Project.open(one, "ann") as project:
            project.merge(two)
            found.append(project.article("x"))
            title = found[-1].title
            assert [row.id for row in project.titled(title)] == ["x"]
            gone = {"One": "Two", "Two": "One"}[title]
            assert not project.titled(gone)
            assert [hit.article for hit in project.search(f'"{title} A text"')] == ["x"]
            assert not project.search(f'"{gone} A text"')
            assert project.languages()["mk"] == 1
            assert not serious(project)
    assert found[0] == found[1]
    assert found[0].lang_source == "user"


def test_languages_are_ordered_by_who_said_so() -> None:
    order = [
        ("", ""),
        ("bg", "langdetect 1"),
        ("zz", "langdetect 1"),
        ("aa", "import"),
        ("aa", "user"),
    ]
    assert [order[i] for i in sorted(range(5), key=lambda i: rank(*order[i]))] == order


# --- conflicts


def test_two_versions_of_one_thing_are_shown_until_it_is_changed_again(
    path: Path, other: Path
) -> None:
    first = edit(path, 0, 4)
    edit(path, 0, 3)
    mine = edit(path, 0, 2)
    theirs = edit(other, 1, 5)
    assert first < mine < theirs
    with Project.open(path, "ann") as project:
        assert project.merge(other).conflicts == 1
        found = project.conflicts()[0]
        assert (found.article, found.actor, found.key) == ("bg", "ann", "span:shared")
        assert (found.this.event, [each.event for each in found.others]) == (theirs, [mine])
        assert project.conflict_count() == project.conflict_count("bg", "ann") == 1
        assert not project.conflict_count("ru", "ann")
        assert project.work("bg").spans[0].start == 1  # the newest holds meanwhile
    edit(path, 2, 6)
    with Project.open(path, "ann") as project, Project.open(other, "ann") as second:
        assert not project.conflicts()
        second.merge(path)  # it is settled there too
        assert not second.conflicts()
        assert caches(path)["head"] == caches(other)["head"]


def test_the_winners_side_going_on_alone_settles_nothing(path: Path, other: Path) -> None:
    theirs = edit(other, 1, 5)
    first = edit(path, 0, 4)
    assert theirs < first
    mine = edit(path, 0, 3)  # in another sitting, that knew nothing of the other copy
    with Project.open(path, "ann") as project:
        project.merge(other)
        found = project.conflicts()[0]
        assert (found.this.event, found.others[0].event) == (mine, theirs)


@pytest.mark.parametrize("keep_other", [False, True])
def test_a_conflict_is_settled_by_choosing(path: Path, other: Path, keep_other: bool) -> None:
    edit(path, 0, 4)
    with Project.open(other, "ann") as project:
        base = project.work("bg").versions["span:shared"]
        project.record(Act("remove", (Draft(Kind.SPAN, "span:shared", "bg", None, base),)))
    with Project.open(path, "ann") as project:
        project.merge(other)
        name = project.conflicts()[0].name
        with pytest.raises(AnnotatorError, match="no open conflict"):
            project.keep("g")
        project.keep(name[:4], other=keep_other)
        assert bool(project.work("bg").spans) is keep_other
        assert not project.conflicts()
        assert next(project.past_acts()).verb == "settle"
        before = caches(path)
        project.rebuild()
        assert caches(path) == before
        assert not project.conflicts()
        assert not serious(project)


def test_the_same_decision_twice_is_no_conflict(path: Path, other: Path) -> None:
    for file, seconds in ((path, 10), (other, 99)):
        with Project.open(file, "ann") as project:
            stance = stance_draft(project.article("bg").text, "bg", "ann", "Чен", "FAVOR")
        work(file, status_draft("bg", "ann", State.DONE, seconds), stance,
             looked_draft("bg", "ann", "stance"),
             Draft(Kind.TIME, "time:ann:bg", "bg", {"seconds": {"": seconds}, "keys": {}}))  # fmt: skip
    with Project.open(path, "ann") as project:
        project.merge(other)
        assert not project.conflicts()
    work(other, status_draft("ru", "ann", State.SKIPPED))
    work(path, status_draft("ru", "ann", State.DONE))
    with Project.open(path, "ann") as project:
        assert project.merge(other).conflicts == 1


def test_three_versions_are_one_conflict_with_two_others(path: Path, other: Path) -> None:
    third = path.with_name("third.db")
    copy_project(other, third)
    made = [edit(path, 0, 4), edit(other, 1, 5), edit(third, 2, 6)]
    with Project.open(path, "ann") as project:
        project.merge(other)
        project.merge(third)
        found = project.conflicts()
        assert [found[0].this.event, *(each.event for each in found[0].others)] == made[::-1]
        project.keep(found[0].name)
        assert not project.conflicts()


def test_settling_two_of_three_leaves_the_third_open(path: Path, other: Path) -> None:
    third = path.with_name("third.db")
    copy_project(other, third)
    edit(path, 0, 4)
    edit(other, 1, 5)
    unseen = edit(third, 2, 6)
    with Project.open(path, "ann") as project:
        project.merge(other)
        project.keep(project.conflicts()[0].name)
        assert not project.conflicts()
        project.merge(third)
        assert unseen in [each.event for each in project.conflicts()[0].others]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM conflict",
        "UPDATE conflict SET other = event",
        "INSERT INTO conflict VALUES ('ru', 'ann', 'span:none', 'b', 'a')",
        "INSERT INTO conflict VALUES ('', 'ann', 'rule:none', 'b', 'a')",
    ],
)
def test_conflicts_that_the_log_does_not_tell_of_are_found(
    path: Path, other: Path, change: str
) -> None:
    edit(path, 0, 4)
    edit(other, 1, 5)
    with Project.open(path, "ann") as project:
        project.merge(other)
        assert project.conflict_count() == 1
        assert not serious(project)
    assert tamper(path, change) == 1
    with Project.open(path, "ann") as project:
        (found,) = serious(project)
        assert "is in conflict" in found
        project.rebuild()
        assert not serious(project)
        assert project.conflict_count() == 1


# --- erased bodies, packed keys


def test_only_a_body_that_was_erased_counts_as_erased() -> None:
    name = "01a202ad-b6ed-7c3d-8d73-7d7d433d473f"
    assert erased_by(erased_text(name)) == name
    assert is_erased({"erased": name})
    for body in ({"erased": "x"}, {"erased": name, "a": 1}, {"erased": None}, {}):
        assert not is_erased(body)
    assert not is_erased(None)
    assert not erased_by(None)


def test_a_key_is_found_again_in_the_packed_set() -> None:
    some = [(f"article {n}", f"{n:064x}") for n in range(100)]
    keys = unpacked(packed(some))
    assert len(keys) == 100
    assert all(key(*each) in keys for each in some)
    assert key("article 1", "0" * 64) not in keys
    assert len(unpacked("not base 64!")) == 0


def test_a_batch_that_another_process_wrote_meanwhile_is_passed_over(
    path: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(other, status_draft("ru", "zoe", State.DONE), actor="zoe")
    check = copies.Copy.check_events

    def meanwhile(*args: object) -> copies.Checked:
        found = check(*args)
        with monkeypatch.context() as patch, Project.open(path, "eve") as second:
            patch.setattr(copies.Copy, "check_events", check)
            second.merge(other)
        return found

    monkeypatch.setattr(copies.Copy, "check_events", meanwhile)
    with Project.open(path, "ann") as project:
        project.merge(other)
        assert project.work("ru", "zoe").status.state is State.DONE
        assert not serious(project)
    assert merging.BATCH > 1000
