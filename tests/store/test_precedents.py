"""How a string was labelled before: filed with each act, counted by label, places newest first."""

import random
from pathlib import Path

import pytest
from store_help import caches, serious, tamper

from annotator.model.annotation import Kind, Span
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.store import opening
from annotator.store.engine import connect
from annotator.store.project import Project
from annotator.text.forms import form_key


def span_act(project: Project, article: str, span: Span, on: bool = True) -> Act:
    """An act that puts a span on an article, or takes it away."""
    body = span.body(project.article(article).text) if on else None
    return Act("label", (Draft(Kind.SPAN, span.key, article, body),))


def on(project: Project, article: str, words: str, label: str, layer: str = "entities") -> Span:
    """Label the first occurrence of some words."""
    start = project.article(article).text.index(words)
    span = Span(f"{article}-{words}-{label}", layer, label, start, start + len(words))
    project.submit(span_act(project, article, span)).result()
    return span


def test_counts_and_places_newest_first(project: Project) -> None:
    on(project, "bg", "Пхенян", "LOC")
    on(project, "ru", "Пхеньяне", "LOC")
    on(project, "en", "Pyongyang", "LOC")
    on(project, "bg", "Чен-ун", "PER")
    found = project.precedents("Пхенян", "entities")
    assert found.form == form_key("Пхенян")
    assert found.counts == {"LOC": 1}
    assert not found.is_ambiguous
    place = found.places["LOC"][0]
    assert (place.article, place.surface) == ("bg", "Пхенян")
    assert project.article("bg").text[place.start : place.end] == "Пхенян"
    assert project.precedents("Сеул", "entities").counts == {}
    assert project.precedents("Пхенян", "names").counts == {}
    assert project.precedents("", "entities").places == {}


def test_forms_of_a_string_are_one(tmp_path: Path) -> None:
    texts = {"a": "Кметът Петров дойде.", "b": "Видяха Петрова там.", "c": "петров ПЕТРОВ"}
    with Project.create(tmp_path / "p.db", preset("news"), "ann") as project:
        list(project.add(Article(name, text) for name, text in texts.items()))
        on(project, "a", "Петров", "PER")
        on(project, "c", "ПЕТРОВ", "ORG")
        on(project, "b", "Петрова", "PER")
        found = project.precedents("петров", "entities")
        assert found.counts == {"PER": 2, "ORG": 1}
        assert list(found.counts) == ["PER", "ORG"]
        assert found.is_ambiguous
        assert [p.surface for p in found.places["PER"]] == ["Петрова", "Петров"]
        form = form_key("Петров")
        assert project.labels_of([form, "no"], "entities") == {form: {"PER": 2, "ORG": 1}}
        assert project.labels_of([form, form], "entities")[form]["PER"] == 2
        assert project.known_forms("entities", [form, "no", form]) == {form}
        assert project.known_forms("stance", [form]) == set()
        assert project.known_forms("entities", []) == set()
        many = [*(f"no{number}" for number in range(1200)), form]  # more than one query asks for
        assert project.known_forms("entities", many) == {form}
        assert project.labels_of(many, "entities") == {form: {"PER": 2, "ORG": 1}}
        assert not serious(project)


def test_at_most_twenty_places_of_a_label(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.db", preset("news"), "ann") as project:
        list(project.add([Article("a", "Рим " * 30), Article("b", "Рим " * 30)]))
        for number in range(30):
            article = "ab"[number % 2]
            span = Span(f"s{number}", "entities", "LOC", number * 4, number * 4 + 3)
            project.submit(span_act(project, article, span)).result()
        found = project.precedents("Рим", "entities")
        assert found.counts == {"LOC": 30}
        starts = [place.start for place in found.places["LOC"]]
        assert starts == [number * 4 for number in range(29, 9, -1)]


def test_what_is_changed_or_removed_is_filed_anew(project: Project, path: Path) -> None:
    span = on(project, "bg", "Пхенян", "LOC")
    project.submit(span_act(project, "bg", span._replace(label="ORG"))).result()
    assert project.precedents("Пхенян", "entities").counts == {"ORG": 1}
    wider = span._replace(label="ORG", start=span.start - 2)
    project.submit(span_act(project, "bg", wider)).result()
    assert project.precedents("Пхенян", "entities").counts == {}
    assert project.precedents("в Пхенян", "entities").counts == {"ORG": 1}
    assert not serious(project)
    before = caches(path)
    project.rebuild()
    assert caches(path) == before
    project.submit(span_act(project, "bg", wider, on=False)).result()
    assert caches(path)["precedent"] == []


def test_annotators_are_blind_to_each_other(project: Project, path: Path) -> None:
    on(project, "bg", "Пхенян", "LOC")
    with Project.open(path, "zoe") as other:
        assert other.precedents("Пхенян", "entities").counts == {}
        assert other.known_forms("entities", [form_key("Пхенян")]) == set()
        assert other.labels_of([form_key("Пхенян")], "entities") == {}


def test_only_short_surfaces_are_filed(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.db", preset("news"), "ann") as project:
        list(project.add([Article("a", "дума " * 60)]))
        for end in (99, 104, 299):
            span = Span(f"s{end}", "entities", "PER", 0, end)
            project.submit(span_act(project, "a", span)).result()
        assert [row[-1] for row in caches(project.path)["precedent"]] == ["span:s99"]
        assert project.precedents("дума " * 60, "entities").counts == {}
        assert not serious(project)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM precedent",
        "UPDATE precedent SET label = 'ORG'",
        "UPDATE precedent SET form = 'друг'",
        "UPDATE precedent SET n = 2",
        "UPDATE precedent SET key = 'span:x'",
        "UPDATE precedent SET actor = 'zoe'",
        "INSERT INTO precedent VALUES ('ann', 'entities', 'x', 'LOC', 'e', 1, 'span:x')",
    ],
)
def test_a_check_finds_what_is_wrong_and_a_rebuild_mends_it(path: Path, sql: str) -> None:
    with Project.open(path, "ann") as project:
        on(project, "bg", "Пхенян", "LOC")
    before = caches(path)
    assert tamper(path, sql) == 1
    with Project.open(path, "ann") as project:
        assert any("precedents" in problem for problem in serious(project))
        project.rebuild()
        assert not serious(project)
    assert caches(path) == before


FIRST = [
    "project",
    "article",
    "article_text",
    "tally",
    "event",
    "head",
    "work",
    "article_lang",
    "article_source",
    "article_grp",
    "article_date",
    "event_act",
    "event_actor",
    "event_thing",
    "work_state",
]
"""Tables and indexes of the first format; the word index besides."""


def old_format(path: Path) -> None:
    """Make the file what version 1 of the format was."""
    conn = connect(path, "rw")
    newer = """SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL AND type = ?
               AND tbl_name NOT LIKE '\\_%' ESCAPE '\\'"""
    for kind in ("index", "table"):
        for _, name in conn.execute(newer, (kind,)).fetchall():
            if name not in FIRST and not name.startswith(("article_fts", "title_fts_")):
                conn.execute(f"DROP {kind} {name}")
    conn.execute("DELETE FROM _sqlite_migrations WHERE name <> 'first'")
    conn.execute("DELETE FROM project WHERE name = 'titles'")
    conn.execute("PRAGMA user_version = 1")
    conn.close()


@pytest.mark.file_only
def test_an_older_project_is_brought_up_to_date(path: Path) -> None:
    with Project.open(path, "ann") as project:
        on(project, "bg", "Пхенян", "LOC")
        while project.index_words():
            pass
    before = caches(path)
    old_format(path)
    with Project.open(path, "ann", readonly=True) as old:
        assert not serious(old), "sound as what it is"
        assert len(old.page()) == 4
    with Project.open(path, "ann") as project:
        assert project.precedents("Пхенян", "entities").counts == {"LOC": 1}
        assert project.unindexed() == 4
        while project.index_words():
            pass
        assert project.unindexed() == 0
        assert [row.id for row in project.titled("влиз")] == ["bg"]
        assert [row.id for row in project.page(sort="length")] == ["zh", "ru", "en", "bg"]
        assert not serious(project)
    assert caches(path) == before


@pytest.mark.file_only
def test_damaged_data_stops_an_update_with_a_sentence(path: Path) -> None:
    with Project.open(path, "ann") as project:
        on(project, "bg", "Пхенян", "LOC")
    old_format(path)
    tamper(path, "UPDATE event SET body = '{' WHERE kind = 'span'")
    with pytest.raises(Exception, match="holds damaged data"):
        opening.check(path, readonly=False)


def test_many_random_acts_keep_the_table_right(project: Project, path: Path) -> None:
    rng = random.Random(5)
    words = project.article("en").text.split()
    for _ in range(150):
        word = rng.choice(words).strip(".")
        span = Span(f"s{rng.randrange(8)}", "entities", rng.choice(["PER", "LOC"]), 0, 1)
        start = project.article("en").text.index(word)
        span = span._replace(start=start, end=start + len(word))
        project.submit(span_act(project, "en", span, rng.random() < 0.7)).result()
    expected: dict[str, dict[str, int]] = {}
    text = project.article("en").text
    for span in project.work("en").spans:
        counts = expected.setdefault(form_key(text[span.start : span.end]), {})
        counts[span.label] = counts.get(span.label, 0) + 1
    forms = [form_key(word.strip(".")) for word in words]
    assert project.labels_of(forms, "entities") == expected
    assert project.known_forms("entities", forms) == set(expected)
    before = caches(path)
    project.rebuild()
    assert caches(path) == before
