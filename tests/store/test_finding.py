"""Words found with their place, titles by their beginnings, recent articles, filter lines, views."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_help import label

from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import preset
from annotator.store.filter_line import FIELDS, parse, written
from annotator.store.filters import Filter
from annotator.store.journal import folder
from annotator.store.places import place
from annotator.store.project import Project
from annotator.store.views import View
from annotator.store.words import pieces

PLACES = [
    ("Среща с Ким Чен\u2011ун и гости", "чен-ун", "Чен\u2011ун"),
    ("Ченунг и Чен-унски, после Чен-ун.", "Чен-ун ", "Чен-ун"),
    ("Le cafe\u0301 et le cafe", "cafe ", "cafe"),
    ("Un caf\u00e9, deux caf\u00e9s", "cafe ", "caf\u00e9"),
    ("Un cafe\u0301 noir", "cafe noir", "cafe\u0301"),
    ("чужие мои и мой", "мой ", "мой"),
    ("金正恩在平壤会见了客人", "在平壤", "在平壤"),
    ("市長のイワン・ペトロフ氏", '"イワン ペトロフ"', "イワン・ペトロフ"),
    ("soft hy\u00adphen here", "hyphen ", "hy\u00adphen"),
    ("Große STRASSE", "straße ", "STRASSE"),
    ("Το ΣΊΣΥΦΟΣ και ο Σίσυφος", "σισυφος ", "ΣΊΣΥΦΟΣ"),
    ("यह हिन्दी में है", "हिन्दी ", "हिन्दी"),
    ('say "two\n  words" now', '"two words"', "two\n  words"),
    ("ﬁne ﬂow", "flow", "ﬂow"),
    ("한국어를 배운다", "한국", "한국"),
    ("kim在平壤", "kim ", "kim"),
    ("a 1,000 b", "1,000 ", "1,000"),
    ("дума " * 4000 + "край", "край ", "край"),
    ("дума " * 1637 + "Чен-" + "ун край", "чен-ун", "Чен-ун"),
    ("short and considerable", "a considerable", "considerable"),
]


@pytest.mark.parametrize(("text", "words", "found"), PLACES)
def test_the_place_of_words(text: str, words: str, found: str) -> None:
    where = place(text, pieces(words))
    assert where is not None
    assert text[where[0] : where[1]] == found


def test_no_place() -> None:
    assert place("дума", pieces("слово")) is None
    assert place("абв", pieces("бв")) is None
    assert place("бвг абв", pieces("бв ")) is None
    assert place("", pieces("x")) is None


@given(
    st.text("aбé\u0301 \u00ad在ﬁ\u0130'-.", max_size=60),
    st.text("aбé 在i", min_size=1, max_size=6),
)
def test_a_place_is_always_a_stretch_of_the_text(text: str, words: str) -> None:
    found = place(text, pieces(words))
    assert found is None or 0 <= found[0] < found[1] <= len(text)


@pytest.fixture
def indexed(tmp_path: Path):
    """A project whose words are indexed."""
    with Project.create(tmp_path / "p.db", preset("news"), "ann") as project:
        list(project.add([
            Article("one", "Някакъв ред.\n" + "Пълнеж без край. " * 30 + "Ким Чен-ун пристигна."),
            Article("two", "Нищо такова, само Ун Чен и Ким.", "Ким Чен-ун на посещение"),
            Article("three", "金正恩在平壤会见了客人。", "<b>平壤</b>"),
            Article("four", "Петрова дойде. Обща дума.", "Сто години мост"),
            Article("five", "Обща дума.", "Мост за сто"),
        ]))  # fmt: skip
        while project.index_words():
            pass
        yield project


def test_hits_with_snippet_and_place(indexed: Project) -> None:
    found = indexed.search('"Ким Чен-ун"')
    assert [hit.article for hit in found] == ["one", "two"]
    first, second = found
    text = indexed.article("one").text
    assert text[first.start : first.end] == "Ким Чен-ун"
    assert first.snippet[first.at :].startswith("Ким Чен-ун")
    assert first.snippet[: first.at].strip() in text
    assert not first.snippet.startswith("ълнеж"), "begins with a word"
    assert len(first.snippet) < 200
    assert (second.title, second.start, second.end) == ("Ким Чен-ун на посещение", 0, 0)
    assert second.snippet.startswith("Нищо такова")


def test_hits_page_by_page_in_any_script(indexed: Project) -> None:
    assert [hit.article for hit in indexed.search("平壤")] == ["three"]
    assert indexed.search("平壤")[0].title == "<b>平壤</b>"
    first = indexed.search("обща дума", limit=1)
    assert [hit.article for hit in first] == ["four"]
    assert [hit.article for hit in indexed.search("обща дума", 1, first[-1])] == ["five"]
    assert indexed.search("обща дума", 1, 5) == []
    for nothing in ("", "  ", '"', "...", "няма"):
        assert indexed.search(nothing) == []


def test_titles_by_the_beginnings_of_their_words(indexed: Project) -> None:
    def ids(words: str) -> list[str]:
        return [row.id for row in indexed.titled(words)]

    assert ids("мост") == ["four", "five"]
    assert ids("сто МО") == ["four", "five"]
    assert ids("мост годи") == ["four"]
    assert ids("чен-у") == ["two"]
    assert ids("平") == ["three"]
    assert ids("някак") == ["one"], "untitled: its first line"
    assert ids("дойде") == []
    assert ids("five") == ["five"]
    assert ids("") == ids('"*') == []
    assert [row.id for row in indexed.titled("мост", 1)] == ["four"]
    assert [row.id for row in indexed.titled("мост", 1, 4)] == ["five"]


def test_recent_articles_newest_first(project: Project) -> None:
    assert project.recent() == []
    for number, article in enumerate(("zh", "bg", "en", "zh")):
        project.submit(label(project, article, f"s{number}", number, number + 2)).result()
    project.submit(label(project, "ru", "other"), "zoe").result()
    assert [row.id for row in project.recent()] == ["zh", "en", "bg"]
    assert [row.id for row in project.recent(1)] == ["zh"]
    assert project.recent(1)[0] == project.row("zh")


LINES = [
    ("lang:bg  state:new words", Filter("words", "new", "bg")),
    ('source:"Новини БГ" група', Filter("група", source="Новини БГ")),
    ('source:"Вестник ""Труд""" x', Filter("x", source='Вестник "Труд"')),
    ('"lang:bg x" y', Filter('"lang:bg x" y')),
    ("Status:done LANGUAGE:ru length:>5", Filter("", "done", "ru", long=">5")),
    ("flag:yes note:no", Filter(flag="yes", note="no")),
    ("a:b http://x lang:", Filter("a:b http://x")),
    ("дума lang:bg", Filter("дума", lang="bg")),
    ("дума lang:bg ", Filter("дума ", lang="bg")),
    ('source:"не край', Filter(source="не край")),
    ("lang:bg lang:ru", Filter(lang="ru")),
]


@pytest.mark.parametrize(("line", "where"), LINES)
def test_a_line_and_what_it_means(line: str, where: Filter) -> None:
    assert parse(line) == where
    assert parse(written(where)) == where


@given(st.builds(
    Filter, words=st.text("aб \"'", max_size=9).map(str.lstrip),
    **{name: st.text("aб \":'><-", max_size=9) for name in FIELDS},
))  # fmt: skip
def test_a_filter_is_written_so_that_it_reads_the_same(where: Filter) -> None:
    assert parse(written(where)) == where


def test_views_are_kept_for_project_and_annotator(project: Project, path: Path) -> None:
    assert project.views() == []
    project.keep_view(View("мои", 'source:"Новини БГ"', "-date"))
    project.keep_view(View("Long", "long:>5000"))
    project.keep_view(View("мои", "lang:bg", "length"))
    assert project.views() == [View("Long", "long:>5000"), View("мои", "lang:bg", "length")]
    with Project.open(path, "../zoe") as other:
        assert other.views() == []
        other.keep_view(View("x", "y"))
    project.forget_view("Long")
    assert [view.name for view in project.views()] == ["мои"]
    assert len(list(folder().glob("*.views"))) == 2
    for file in folder().glob("*.views"):
        file.write_text("[{]")
    assert project.views() == []


def test_views_that_cannot_be_written(project: Project) -> None:
    folder().parent.mkdir(parents=True, exist_ok=True)
    folder().write_text("in the way")
    with pytest.raises(AnnotatorError, match="cannot be written"):
        project.keep_view(View("x", "y"))
    assert project.views() == []
