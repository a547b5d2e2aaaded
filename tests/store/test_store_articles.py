"""Articles go in exactly, once, and never over one another."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_help import serious

from annotator.model.article import Article, text_sha256
from annotator.model.errors import AnnotatorError
from annotator.store import articles
from annotator.store.articles import Outcome, Result
from annotator.store.project import Project

pytestmark = pytest.mark.both_engines

TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1
).filter(lambda text: not text.isspace())


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    text=TEXT, title=TEXT, meta=st.dictionaries(TEXT, st.integers() | TEXT | st.none(), max_size=3)
)
def test_an_article_comes_back_exactly(project: Project, text: str, title: str, meta: dict) -> None:
    article = Article(text_sha256(text + title + repr(meta)), text, title, "source", "url", "2024-05-01",
                      "bg", "import", "group", meta)  # fmt: skip
    assert [o.result for o in project.add([article])] in ([Result.NEW], [Result.UNCHANGED])
    assert project.article(article.id) == article


def test_line_ends_and_combining_marks_stay(project: Project) -> None:
    text = "one\r\ntwo\rthree\u2028four\x85 e\u0301 \ufeff\u200b\U0001f468\u200d\U0001f469"
    list(project.add([Article("odd", text)]))
    assert project.article("odd").text == text


def test_each_later_copy_of_a_text_is_told_with_the_first_one(project: Project) -> None:
    texts = {
        "x1": "once",
        "x2": "often",
        "x3": "often",
        "x4": "twice",
        "x5": "often",
        "x6": "twice",
    }
    list(project.add(Article(name, text) for name, text in texts.items()))
    before = {number: name for name, number in project._reader.rows("SELECT id, n FROM article")}
    found = [("x3", "x2"), ("x5", "x2"), ("x6", "x4")]
    assert [*project.same_texts()] == found
    for after, name in before.items():
        later = [pair for pair in found if pair[0] > name or not name.startswith("x")]
        assert [*project.same_texts(after)] == later


def test_what_becomes_of_offers(project: Project) -> None:
    offers = [
        Article("new", "first text"),
        Article("new", "first text", title="another title"),
        Article("new", "second text"),
        Article("new", "second text"),
        Article("blank", " \n\t"),
        Article("nul", "a\0b"),
        Article("half", "a\ud800b"),
        Article("title", "text", title="\udfff"),
        Article("meta", "text", meta={"x": float("nan")}),
        Article("object", "text", meta={"x": object()}),
        Article("", "text"),
        Article("x" * 1001, "text"),
        Article("lang", "text", lang="български"),
        Article("nul in\0id", "text"),
    ]
    apart = f"new@{text_sha256('second text')[:8]}"
    outcomes = list(project.add(offers))
    assert outcomes[:4] == [
        Outcome("new", Result.NEW),
        Outcome("new", Result.UNCHANGED),
        Outcome(apart, Result.CHANGED),
        Outcome(apart, Result.UNCHANGED),
    ]
    assert {o.result for o in outcomes[4:]} == {Result.REFUSED}
    assert all(o.reason for o in outcomes[4:])
    assert "NUL character at offset 1" in outcomes[5].reason
    assert "lone surrogate U+D800 at offset 1" in outcomes[6].reason
    assert project.article("new").text == "first text"
    assert project.article(apart).text == "second text"
    assert project.count() == 6
    assert not serious(project)


def test_the_second_import_changes_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "BATCH", 7)
    offers = [Article(f"a{n}", f"text {n}") for n in range(100)]
    assert Counter(o.result for o in project.add(offers)) == {Result.NEW: 100}
    again = [*offers, Article("a100", "text 100")]
    assert Counter(o.result for o in project.add(again)) == {Result.UNCHANGED: 100, Result.NEW: 1}
    rows = project.page(limit=1000)
    assert [row.n for row in rows] == list(range(1, 106))  # dense: the last number is the count


def test_an_import_cut_short_keeps_and_tells_what_was_read(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "BATCH", 10)

    def source():
        for n in range(35):
            yield Article(f"a{n}", f"text {n}")
        raise AnnotatorError("the source broke")

    told = []
    outcomes = project.add(source())
    told.extend(next(outcomes) for _ in range(35))
    with pytest.raises(AnnotatorError, match="the source broke"):
        next(outcomes)
    kept = {row.id for row in project.page(limit=100)}
    assert {o.id for o in told} == {f"a{n}" for n in range(35)}
    assert len(kept) == 4 + 35


def test_a_large_text_makes_a_batch_of_its_own(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "BATCH_CHARS", 1000)
    offers = [Article(f"a{n}", "слово " * 300) for n in range(5)]
    assert [len(batch) for batch in articles.batches(offers)] == [1] * 5
    assert [o.result for o in project.add(offers)] == [Result.NEW] * 5


def test_missing_article(project: Project) -> None:
    with pytest.raises(AnnotatorError, match="no article 'nowhere'"):
        project.article("nowhere")
    assert project.row("nowhere") is None


def test_languages(project: Project, path: Path) -> None:
    list(project.add([Article(f"a{n}", f"text {n}") for n in range(3)]))
    assert project.languages() == {"": 3, "bg": 1, "en": 1, "ru": 1, "zh": 1}
    first, second, third = project.without_language()
    assert first == (5, "a0", "text 0")
    assert project.without_language(limit=1, after=first[0]) == [second]
    detected = [(name, "und", "detector 1") for _, name, _ in (first, second, third)]
    assert project.set_languages(detected) == 3
    assert project.set_languages(detected) == 0
    assert project.set_language("a0", "sr_Latn")
    assert project.set_languages([("a0", "hr", "detector 1")]) == 0, "a person's word stands"
    article = project.article("a0")
    assert (article.lang, article.lang_source) == ("sr-Latn", "user")
    with pytest.raises(AnnotatorError, match="not a language tag"):
        project.set_language("a0", "no such thing")
    assert not project.without_language()


def test_untitled_articles_show_their_opening(project: Project) -> None:
    list(
        project.add(
            [Article("u", "\n \n  First   line here. \nSecond"), Article("t", "x", title="T")]
        )
    )
    assert [row.title for row in project.page(after=4)] == ["First line here.", "T"]
    assert articles.opening("word " * 100) == ("word " * 100)[:100].strip()
