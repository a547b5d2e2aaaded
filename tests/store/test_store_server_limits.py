"""A server takes every project that a file takes, names of any length, and refuses what a file refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from store_help import (
    caches,
    label,
    looked_draft,
    serious,
    span_draft,
    stance_draft,
    status_draft,
)

from annotator.model.annotation import Kind, State
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.store import long_names
from annotator.store.address import Place, place_of
from annotator.store.articles import ID_LIMIT, Result
from annotator.store.dialect import translate
from annotator.store.engine import reader_connection
from annotator.store.filters import Filter
from annotator.store.project import Project

LONG = "".join(chr(0x20000 + 37 * n) for n in range(ID_LIMIT - 1))
"""Each character of four bytes and another one: what comes again is packed, and fits."""
ACTOR = "".join(chr(0x20000 + 41 * n) for n in range(64))
LANG = "-".join(f"x{n * n}" for n in range(1000))
TEXT = "Влизане. Срещата се проведе в Пхенян."


def usual(name: str, n: int = 0, text: str = TEXT) -> Article:
    return Article(name, text, source=f"s{n}", date="2026-01-01", group=f"g{n}", lang="bg")


def long(n: int, text: str = TEXT) -> Article:
    return Article(
        f"{LONG}{n}", text, title=LONG * 2, source=f"{LONG}{n}", url=LONG * 2, date=f"{LONG}{n % 2}",
        group=f"{LONG * 3}{n}", lang=f"{LANG}{n}",
    )  # fmt: skip


def work_on(project: Project, name: str) -> None:
    """Each kind of thing that has an article's id in its key, and one that is filed by long texts."""
    body = {"text": TEXT[:7], "start": 0, "end": 7, "layer": "entities", "label": "PER"}
    attrs = {"xid": LONG[:200], "lemma": LONG[200:300]}
    too_long = {**body, "text": TEXT, "end": len(TEXT), "attrs": {"xid": LONG, "lemma": LONG}}
    drafts = [
        span_draft(TEXT, name, "s", 0, 7),
        Draft(Kind.SPAN, "span:filed", name, {**body, "attrs": attrs}),
        Draft(Kind.SPAN, "span:not filed", name, too_long),
        stance_draft(TEXT, name, ACTOR, LONG, "favour"),
        looked_draft(name, ACTOR, "entities"),
        status_draft(name, ACTOR, State.DONE, 5),
    ]
    for act in (drafts, drafts[:1], drafts[1:]):  # the second time each meets what is there
        project.submit(Act("label", tuple(act))).result()


def seen(project: Project) -> object:
    """What is asked of the articles."""
    rows = project.page()
    spans = [event.body for event in project.history(f"{LONG}0") if event.kind is Kind.SPAN]
    return (
        [
            [row.id for row in project.page(sort=sort, after=after, limit=2)]
            for sort in ("number", "date", "-date", "source", "event", "-event", "length", "title")
            for after in (None, *rows)
        ],
        [
            project.count(where)
            for where in (
                Filter(source=f"{LONG}1"),
                Filter(group=f"{LONG * 3}2", lang=f"{LANG}2"),
                Filter(lang=f"{LANG}1", words="пхенян"),
                Filter(state="done"),
            )
        ],
        [project.article(row.id) for row in rows],
        [(row.id, row.state, row.counts, row.looked) for row in rows],
        project.precedents("Влизане", "entities").counts,
        [(known.xid, known.uses) for known in project.identities("entities", "", "Влизане")],
        [document.article.id for document in project.documents()],
        spans,
    )


def is_hash(place: Place, index: str) -> bool:
    conn = reader_connection(place)
    sql = """SELECT count(*) FROM pg_class c JOIN pg_am m ON m.oid = c.relam
             WHERE c.relname = ? AND m.amname = 'hash'"""
    found: int = conn.execute(sql, (index,)).fetchone()[0]
    conn.close()
    return bool(found)


def test_names_of_any_length(pg_url: Callable[[], str], tmp_path: Path) -> None:
    found = []
    server, file = place_of(pg_url()), tmp_path / "p.db"
    for place in (server, file):
        Project.create(place, preset("news"), ACTOR).close()
        with Project.open(place, ACTOR) as project:
            assert {each.result for each in project.add([usual("a"), usual("b", 1)])} == {
                Result.NEW
            }
            project.submit(label(project, "a", "before")).result()
            if place == server:  # usual names never pay for long ones
                assert not is_hash(server, "event_thing")
                assert not is_hash(server, "article_source")
            offered = [long(n) for n in range(3)]
            assert {each.result for each in project.add(offered)} == {Result.NEW}
            again = [*offered, Article("a", TEXT + TEXT), Article(LONG + "33", TEXT)]
            assert [each.result for each in project.add(again)] == [
                *[Result.UNCHANGED] * 3, Result.CHANGED, Result.REFUSED
            ]  # fmt: skip
            while project.index_words():
                pass
            for name in ("a", f"{LONG}0", f"{LONG}1"):
                work_on(project, name)
            project.submit(label(project, f"{LONG}2", "only")).result()
            found.append(seen(project))
            assert serious(project) == []
            before = caches(place)
            project.rebuild()
            assert caches(place) == before
    assert found[0] == found[1]
    assert is_hash(server, "event_thing")
    assert is_hash(server, "article_lang")


def test_a_file_with_long_names_goes_onto_a_server_and_back(
    pg_url: Callable[[], str], tmp_path: Path
) -> None:
    file, server, back = tmp_path / "p.db", place_of(pg_url()), tmp_path / "back.db"
    Project.create(file, preset("news"), ACTOR).close()
    with Project.open(file, ACTOR) as project:
        list(project.add([usual("a"), long(0), long(1)]))
        work_on(project, f"{LONG}0")
        told = seen(project)
    Project.restore(file, server)
    Project.restore(server, back)
    assert caches(server) == caches(back) == caches(file)
    for place in (server, back):
        with Project.open(place, ACTOR) as project:
            work_on(project, f"{LONG}1")
            assert serious(project) == []
    with Project.open(file, ACTOR) as project:
        assert seen(project) == told


def test_a_copy_with_long_names_is_merged_into_a_server(
    pg_url: Callable[[], str], tmp_path: Path
) -> None:
    server, copy = place_of(pg_url()), tmp_path / "copy.db"
    Project.create(server, preset("news"), "ann").close()
    with Project.open(server, "ann") as project:
        list(project.add([usual("a")]))
    Project.restore(server, copy)
    with Project.open(copy, ACTOR) as project:
        list(project.add([long(0)]))
        work_on(project, f"{LONG}0")
    with Project.open(server, "ann") as project:
        for _ in project.merge(copy) or ():
            pass
        assert project.article(f"{LONG}0").text == TEXT
        assert serious(project) == []
    kept = caches(server)
    assert kept["head"] == caches(copy)["head"]


BAD = [
    Article("a\0b", TEXT),
    Article("a", TEXT + "\0"),
    Article("a\ud800", TEXT),
    Article("a", "\udfff" + TEXT),
    Article("a", TEXT, title="\0"),
    Article("a", TEXT, source="\ud800"),
    Article("a", TEXT, meta={"k": "\0"}),
    Article("a", TEXT, meta={"k\ud800": 1}),
    Article("a", TEXT, lang="ы"),
    Article("", TEXT),
]


def test_what_no_engine_takes(pg_url: Callable[[], str], tmp_path: Path) -> None:
    told = []
    for place in (place_of(pg_url()), tmp_path / "p.db"):
        Project.create(place, preset("news"), "ann").close()
        with Project.open(place, "ann") as project:
            told.append([*project.add([usual("first"), *BAD, usual("last")])])
            told.append([project.article(row.id) for row in project.page()])
            for words in ("a\0b", "\ud800", "\0"):
                assert project.titled(words) == project.search(words) == []
    assert told[:2] == told[2:]
    assert sum(each.result is Result.REFUSED for each in told[0]) >= len(BAD) - 1


def test_nul_in_a_decision(pg_url: Callable[[], str], tmp_path: Path) -> None:
    told = []
    for place in (place_of(pg_url()), tmp_path / "p.db"):
        Project.create(place, preset("news"), "ann").close()
        with Project.open(place, "ann") as project:
            list(project.add([usual("a")]))
            for text in ("\0", "\ud800"):
                draft = Draft(Kind.NOTE, "note:1", "a", {"note": text})
                with pytest.raises(AnnotatorError) as error:
                    project.submit(Act("note", (draft,))).result()
                told.append(str(error.value))
            assert project.vector() == {} or serious(project) == []
    assert told[:2] == told[2:]


def test_conflicts_with_a_key_are_met_by_its_name() -> None:
    """A primary key over hashes has other columns."""
    sql = "INSERT INTO head (a, b) VALUES (?,?)\n ON CONFLICT (a, b) DO UPDATE SET b = excluded.b"
    assert "ON CONFLICT ON CONSTRAINT head_pkey DO UPDATE" in translate(sql)
    assert translate("INSERT INTO t (a) VALUES (?) ON CONFLICT DO NOTHING").endswith("DO NOTHING")


def test_what_is_too_long_to_be_filed() -> None:
    assert long_names.is_filed("я" * (long_names.FILED // 2))
    assert not long_names.is_filed("я" * (long_names.FILED // 2), "a")
    assert long_names.is_filed("\ud800")
