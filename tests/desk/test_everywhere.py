"""A line that stands again in other articles of its source is labelled in all of them, as one act."""

import pytest
from desk_kit import ACTOR, FakeLog, Hands, check

from annotator.model.annotation import Kind, Span, State, Status
from annotator.model.event import Draft, new_id
from annotator.model.suggestion import Suggestion

LINES = ("Кметът откри моста.", "Прочетете още: 12 новини", "ВСИЧКИ права запазени")
TEXTS = (
    "Кметът откри моста.\nПрочетете още: 12 новини\nВсички права запазени\n",
    "Мостът е скъп.\n  Прочетете  още: 7 новини \nДруго\n",
    "Друга новина.\nвсички ПРАВА запазени\n\nпрочетете още: 345 новини\n",
    "Нищо общо.\n",
)
MORE = "Прочетете още: 12 новини"


def hands(*, suggested: bool = False) -> Hands:
    log = FakeLog(*TEXTS)
    if suggested:
        start = TEXTS[0].index(MORE)
        log.suggested["a0"] = [
            Suggestion("boilerplate", "teaser_list", start, start + len(MORE), "lines", 0.9)
        ]
    return Hands(log=log)


def labelled(h: Hands) -> dict[str, list[tuple[str, str, str]]]:
    """Label, words and origin of the spans that are saved, by article."""
    found = {}
    for name, article in h.log.articles.items():
        spans = h.log.work(name).spans
        if spans:
            found[name] = [(s.label, article.text[s.start : s.end], s.origin) for s in spans]
    return found


ALL = {
    "a0": [("teaser_list", MORE, "lines")],
    "a1": [("teaser_list", "Прочетете  още: 7 новини", "recurring")],
    "a2": [("teaser_list", "прочетете още: 345 новини", "recurring")],
}


def test_it_says_where_first_and_acts_when_asked_again() -> None:
    h = hands(suggested=True).go(MORE).type("_")
    told = "2 other articles have this line: again labels all of them teaser_list, esc lets go."
    assert h.said == told
    assert h.log.acts == []
    h.type("_")
    assert labelled(h) == ALL
    assert h.said == "teaser_list in 2 other articles too; undo takes all of it back."
    assert len(h.log.acts) == 1
    check(h)


@pytest.mark.parametrize("keys", ["escape", "right left", "2 1", "r ctrl+z"])
def test_anything_else_lets_go(keys: str) -> None:
    h = hands(suggested=True).go(MORE).type(f"_ {keys}").go(MORE).type("_")
    assert "again labels all" in h.said
    assert set(labelled(h)) <= {"a0"}


def test_so_does_another_article() -> None:
    h = hands(suggested=True).go(MORE).type("_")
    h.desk.open("a1")
    h.go("Прочетете").desk.give("nav")
    h.desk.open("a0")
    assert h.go(MORE).type("_").said.startswith("1 other article has this line")
    assert set(labelled(h)) == {"a1"}


def test_what_has_changed_between_the_two_keys_is_told_again() -> None:
    h = hands(suggested=True).go(MORE).type("_")
    h.log.elsewhere(_labelled(h, "a1", "Прочетете  още: 7 новини"))
    assert h.type("_").said.startswith("1 other article has this line")
    assert set(labelled(h)) == {"a1"}
    h.type("_")
    assert labelled(h) == {**ALL, "a1": [("nav", "Прочетете  още: 7 новини", "hand")]}


def test_what_is_not_saved_yet_counts_too() -> None:
    h = hands(suggested=True)
    h.desk.open("a2")
    h.log.slow = []
    h.desk.finish()
    h.desk.open("a0")
    assert h.go(MORE).type("_").said.startswith("1 other article has this line")
    h.type("_")
    assert h.go(MORE).type("_").said.startswith("No other unfinished article")
    h.log.let_go()
    assert labelled(h) == {name: ALL[name] for name in ("a0", "a1")}


def test_lines_turned_down_there_are_left_alone() -> None:
    h = hands(suggested=True)
    start = TEXTS[1].index("Прочетете")
    end = TEXTS[1].index(" \nДруго")
    h.log.suggested["a1"] = [Suggestion("boilerplate", "nav", start, end, "lines", 0.9)]
    h.desk.open("a1")
    h.type("tab backspace")
    h.desk.open("a0")
    h.go(MORE).type("_ _")
    assert labelled(h) == {name: ALL[name] for name in ("a0", "a2")}


def test_with_edges_moved_the_line_is_confirmed_first() -> None:
    h = hands()
    run = TEXTS[0][TEXTS[0].index(MORE) :].strip()
    start = TEXTS[0].index(MORE)
    h.log.suggested["a0"] = [
        Suggestion("boilerplate", "teaser_list", start, start + len(run), "lines", 0.9)
    ]
    h.desk.open("a0")
    assert h.type("tab shift+left _").said == "The edges were moved: enter confirms them first."
    h.type("_ enter").go(MORE).type("_ _")
    assert labelled(h) == ALL


def test_a_label_given_by_hand_goes_everywhere_too_and_stays_as_it_is() -> None:
    h = hands().go(MORE)
    h.desk.give("teaser_list")
    h.go(MORE).type("_ _")
    assert labelled(h) == {**ALL, "a0": [("teaser_list", MORE, "hand")]}
    h.type("ctrl+z")
    assert labelled(h) == {"a0": [("teaser_list", MORE, "hand")]}
    assert h.said == "Undone: everywhere, in 2 articles."
    assert h.desk.sheet.article.id == "a0"


@pytest.mark.parametrize("where", ["a0", "a1", "a3"])
@pytest.mark.parametrize("again", [False, True])
def test_undo_and_redo_are_whole_from_anywhere_and_after_a_restart(where, again) -> None:
    h = hands(suggested=True).go(MORE).type("_ _")
    h.restart(where) if again else h.desk.open(where)
    h.type("ctrl+z")
    assert labelled(h) == {}
    assert h.said == "Undone: everywhere, in 3 articles."
    assert h.desk.sheet.article.id == where
    if again:
        h.restart(where)
    h.type("ctrl+y")
    assert labelled(h) == ALL
    h.type("ctrl+z ctrl+y ctrl+z")
    assert labelled(h) == {}


def test_undo_while_nothing_is_saved_yet() -> None:
    h = hands(suggested=True).go(MORE)
    h.log.slow = []
    h.type("_ _ ctrl+z ctrl+y")
    h.desk.open("a2")
    assert [s.label for s in h.desk.sheet.spans.values()] == ["teaser_list"]
    h.type("ctrl+z")
    assert h.desk.sheet.spans == {}
    h.log.let_go()
    assert labelled(h) == {}


def test_what_was_changed_since_stays() -> None:
    h = hands(suggested=True).go(MORE).type("_ _")
    h.desk.open("a1")
    h.go("Прочетете")
    h.desk.give("nav")
    h.desk.open("a0")
    h.type("ctrl+z ctrl+z")
    assert labelled(h) == {}
    h.type("ctrl+y ctrl+y")
    h.desk.open("a3")
    h.log.elsewhere(_relabelled(h, "a1"))
    h.type("ctrl+z ctrl+z")
    assert {name: spans[0][0] for name, spans in labelled(h).items()} == {"a1": "footer"}


@pytest.mark.parametrize("verb", ["done", "skipped"])
def test_undo_and_redo_leave_alone_what_another_sitting_has_finished(verb: str) -> None:
    h = hands(suggested=True).go(MORE).type("_ _")
    h.log.elsewhere(_status("a1", State(verb)))
    assert h.type("ctrl+z").said.endswith(
        "1 of its changes stay: they were changed elsewhere since."
    )
    assert labelled(h) == {"a1": ALL["a1"]}
    h.log.elsewhere(_status("a1", State.OPEN))
    h.log.elsewhere(_status("a2", State(verb)))
    h.type("ctrl+y")
    assert labelled(h) == {name: ALL[name] for name in ("a0", "a1")}


def _status(article: str, state: State) -> Draft:
    body = Status(state).body()
    return Draft(Kind.STATUS, Status.key(ACTOR, article), article, body)


def _labelled(h: Hands, article: str, words: str) -> Draft:
    text = h.log.articles[article].text
    start = text.index(words)
    span = Span(new_id(), "boilerplate", "nav", start, start + len(words))
    return Draft(Kind.SPAN, span.key, article, span.body(text))


def _relabelled(h: Hands, article: str) -> Draft:
    (span,) = h.log.work(article).spans
    body = span._replace(label="footer").body(h.log.articles[article].text)
    return Draft(Kind.SPAN, span.key, article, body)


def test_labelled_finished_and_silent_articles_are_left_out() -> None:
    h = hands()
    h.desk.open("a1")
    h.go("Прочетете").desk.give("footer")
    h.desk.open("a2")
    h.desk.finish()
    h.desk.open("a0")
    h.go(MORE).desk.give("teaser_list")
    h.go(MORE).type("_")
    assert h.said == "No other unfinished article of this source has this line unlabelled."
    h.desk.open("a2")
    h.desk.run("reopen")
    h.log.held_out.add("a2")
    h.desk.open("a0")
    assert "No other" in h.go(MORE).type("_").said
    h.desk.open("a2")
    h.go("прочетете").desk.give("teaser_list")
    h.go("прочетете").type("_")
    assert h.said.startswith("This article is held out")


def test_a_run_of_lines_goes_everywhere_line_by_line() -> None:
    h = hands()
    run = TEXTS[0][TEXTS[0].index(MORE) :].strip()
    start = TEXTS[0].index(MORE)
    h.log.suggested["a0"] = [
        Suggestion("boilerplate", "teaser_list", start, start + len(run), "lines", 0.9)
    ]
    h.desk.open("a0")
    h.type("tab _ _")
    assert labelled(h) == {
        "a0": [("teaser_list", run, "lines")],
        "a1": [("teaser_list", "Прочетете  още: 7 новини", "recurring")],
        "a2": [
            ("teaser_list", "всички ПРАВА запазени\n\nпрочетете още: 345 новини", "recurring"),
        ],
    }


def test_where_it_makes_no_sense_it_says_so() -> None:
    h = hands()
    assert h.type("_").said == "Everywhere needs a line that has a label, or one suggested."
    assert h.type("2 _").said == "Everywhere is for layers of lines, such as boilerplate."
    assert h.type("3 _").said == "Everywhere is for layers of lines, such as boilerplate."
