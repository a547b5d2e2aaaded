"""Undo and redo: linear, across articles and restarts, bulk acts whole, and lazily read."""

from concurrent.futures import Future

import pytest
from desk_kit import ACTOR, FakeLog, Hands, put

from annotator.desk.history import History
from annotator.model.annotation import Kind, Note, Span, State
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, PastAct

TEXTS = ("Ким посети Русия.\nНазад\nВход", "Киев е красив град.\nДалее", "北京今天下雨。")


def hands() -> Hands:
    return Hands(*TEXTS).type("2")


def test_one_act_at_a_time_and_nothing_more() -> None:
    h = hands().go("Ким").type("p").go("Русия").type("l o")
    assert h.type("ctrl+z").spans() == [("PER", "Ким"), ("LOC", "Русия")]
    assert h.said == "Undone: label."
    assert h.here == "Русия"
    assert h.type("ctrl+z ctrl+z").spans() == []
    assert h.here == "Ким"
    assert h.type("ctrl+z").said == "Nothing to undo."
    assert h.type("ctrl+y ctrl+y ctrl+y").spans() == [("PER", "Ким"), ("ORG", "Русия")]
    assert h.said == "Done again: label."
    assert h.type("ctrl+y").said == "Nothing to redo."


def test_a_new_act_ends_redo() -> None:
    h = hands().go("Ким").type("p ctrl+z").go("Русия").type("l")
    assert h.type("ctrl+y").said == "Nothing to redo."
    h.restart()
    assert h.type("ctrl+y").said == "Nothing to redo."
    assert h.spans() == [("LOC", "Русия")]


def test_a_new_act_ends_redo_of_what_an_earlier_sitting_undid() -> None:
    h = hands().type("! 0 ctrl+z")
    h.restart()
    h.type("ctrl+z 1 0")
    assert h.type("ctrl+y").said == "Nothing to redo."


def test_acts_without_an_effect_are_not_acts() -> None:
    h = hands().go("Ким").type("p p p ctrl+z")
    assert h.spans() == []


def test_across_articles() -> None:
    h = hands().go("Ким").type("p")
    h.desk.finish()
    h.desk.open("a1")
    h.go("Киев").type("l ctrl+z ctrl+z")
    assert h.desk.sheet.article.id == "a0"
    assert h.desk.sheet.status.state is State.NEW
    assert h.desk.sheet.looked == set()
    assert h.type("ctrl+z").spans() == []
    h.type("ctrl+y ctrl+y ctrl+y")
    assert h.desk.sheet.article.id == "a1"
    assert h.spans() == [("LOC", "Киев")]


def test_across_restarts_back_and_forth() -> None:
    h = hands().go("Ким").type("p")
    h.restart("a1")
    h.type("2").go("Киев").type("l")
    h.restart("a2")
    h.type("ctrl+z")
    assert h.desk.sheet.article.id == "a1"
    assert h.spans() == []
    h.restart("a2")
    h.type("ctrl+z")
    assert (h.desk.sheet.article.id, h.spans()) == ("a0", [])
    h.restart("a2")
    h.type("ctrl+y")
    assert h.spans() == [("PER", "Ким")]
    h.restart("a2")
    h.type("ctrl+y")
    assert h.spans() == [("LOC", "Киев")]
    assert h.type("ctrl+y").said == "Nothing to redo."
    h.restart("a2")
    h.type("ctrl+z ctrl+z")
    assert h.log.state() == {}


def test_done_skip_and_reopen_are_undone() -> None:
    h = hands()
    h.time = 30.0
    h.desk.finish()
    assert h.desk.sheet.status.seconds == 30
    h.desk.run("reopen")
    h.desk.skip("реклама")
    states = []
    for _ in range(3):
        states.append((h.desk.sheet.status.state, h.desk.sheet.status.reason))
        h.type("ctrl+z")
    assert states == [(State.SKIPPED, "реклама"), (State.OPEN, ""), (State.DONE, "")]
    assert h.desk.sheet.status.state is State.NEW
    assert h.type("ctrl+z").said == "Nothing to undo."


def test_status_acts_that_change_nothing() -> None:
    h = hands()
    h.desk.run("reopen")
    assert h.said == "This article is open."
    h.desk.finish()
    h.desk.finish()
    assert len(h.log.acts) == 1
    h.desk.skip("x")
    h.desk.skip("x")
    assert h.said == "This article is skipped already."
    assert len(h.log.acts) == 2
    assert h.desk.sheet.looked == {"boilerplate", "entities", "stance"}


def bulk(log: FakeLog) -> None:
    """One act on two articles, as a screen for recurring lines would make it."""
    drafts = []
    for article, surface in (("a0", "Назад"), ("a1", "Далее"), ("a0", "Вход")):
        text = log.articles[article].text
        start = text.index(surface)
        span = Span(f"s{start}{article}", "boilerplate", "nav", start, start + len(surface))
        drafts.append(Draft(Kind.SPAN, span.key, article, span.body(text)))
    log._save(Act("recurring", tuple(drafts)), Future())


@pytest.mark.parametrize("here", ["a0", "a1", "a2"])
def test_a_bulk_act_is_undone_whole_across_articles(here: str) -> None:
    log = FakeLog(*TEXTS)
    bulk(log)
    h = Hands(log=log)
    h.restart(here)
    end = log.state()
    h.type("ctrl+z")
    assert log.state() == {}
    assert h.said == "Undone: recurring, in 2 articles."
    assert h.desk.sheet.article.id == ("a0" if here == "a2" else here)
    assert h.spans() == []
    h.type("ctrl+y")
    assert log.state() == end
    assert len(h.spans()) == (1 if here == "a1" else 2)
    h.desk.open("a1")
    assert h.spans() == [("nav", "Далее")]


def test_what_was_changed_elsewhere_stays() -> None:
    log = FakeLog(*TEXTS)
    bulk(log)
    text = log.articles["a1"].text
    start = text.index("Далее")
    changed = Span(f"s{start}a1", "boilerplate", "footer", start, start + 5)
    log.elsewhere(Draft(Kind.SPAN, changed.key, "a1", changed.body(text)))
    log.acts.pop()
    h = Hands(log=log).type("ctrl+z")
    assert h.said == (
        "Undone: recurring, in 2 articles. "
        "1 of its changes stay: they were changed elsewhere since."
    )
    assert list(log.state()) == [changed.key]
    h.type("ctrl+y")
    assert len(log.state()) == 3
    assert log.state()[changed.key]["label"] == "footer"


def test_an_act_all_changed_elsewhere_is_passed() -> None:
    h = hands().go("Ким").type("p").go("Русия").type("l")
    (span,) = [s for s in h.desk.sheet.spans.values() if s.label == "LOC"]
    h.log.elsewhere(Draft(Kind.SPAN, span.key, "a0", None))
    h.desk.open("a0")
    h.type("2 ctrl+z")
    assert "changed elsewhere" in h.said
    assert h.type("ctrl+z").spans() == []


def test_an_article_that_is_gone_is_said() -> None:
    h = hands().go("Ким").type("p")
    h.desk.open("a1")
    del h.log.articles["a0"]
    assert h.type("ctrl+z").said == "label stays: There is no article a0."
    assert h.desk.sheet.article.id == "a1"
    with pytest.raises(AnnotatorError):
        h.desk.open("a0")


def test_older_acts_are_read_only_as_far_as_needed() -> None:
    h = hands()
    for _ in range(200):
        h.type("!")
    h.restart()
    assert h.log.read == 0
    h.type("! !")
    h.type("ctrl+z ctrl+z")
    assert h.log.read == 0
    h.type("ctrl+z")
    assert h.log.read <= 8
    h.type("ctrl+y ctrl+y ctrl+y")
    assert h.log.read <= 8
    h.restart()
    before = h.log.read
    h.type("ctrl+y")
    assert h.log.read - before <= 12


def test_imports_are_not_taken_back() -> None:
    log = FakeLog(*TEXTS)
    put(log, "a0", ("entities", "LOC", "Русия"))
    h = Hands(log=log).type("2").go("Ким").type("p ctrl+z")
    assert h.type("ctrl+z").said == "Nothing to undo."
    assert h.spans() == [("LOC", "Русия")]
    h.go("Русия").type("o ctrl+z")
    assert h.spans() == [("LOC", "Русия")]


def test_acts_on_their_way_to_the_log_are_on_the_sheet() -> None:
    h = hands()
    h.log.slow = []
    h.go("Ким").type("p").go("Русия").type("l")
    h.desk.finish()
    h.desk.open("a1")
    h.type("!")
    h.desk.open("a0")
    assert h.spans() == [("PER", "Ким"), ("LOC", "Русия")]
    assert h.desk.sheet.status.state is State.DONE
    h.type("ctrl+z ctrl+z")
    assert h.desk.sheet.status.state is State.NEW
    h.log.let_go()
    h.desk.open("a0")
    assert h.spans() == [("PER", "Ким"), ("LOC", "Русия")]
    assert h.desk.waiting() == []


def test_acts_kept_aside_stay_on_the_sheet_until_saved() -> None:
    h = hands()
    h.log.slow = []
    h.go("Ким").type("p")
    ((_, future),) = h.log.slow
    future.set_exception(AnnotatorError("The disk is full."))
    h.desk.open("a0")
    assert h.spans() == [("PER", "Ким")]
    waiting = [(act, Future()) for act, _ in h.log.slow]
    h.log.slow = waiting
    h.log.let_go()
    h.type("2").go("Ким").type("o")
    h.desk.open("a0")
    assert h.spans() == [("ORG", "Ким")]


def test_many_acts_are_not_remembered_twice() -> None:
    h = hands()
    for _ in range(300):
        h.type("!")
    assert len(h.desk._sent) <= 65


def test_undo_of_stance_goes_to_its_row() -> None:
    h = hands().go("Ким").type("p").go("Русия").type("l 3 f down a up")
    assert h.stances() == [("Ким", "author", "FAVOR"), ("Русия", "author", "AGAINST")]
    h.type("ctrl+z")
    assert h.desk.stances.current is not None
    assert h.desk.stances.current.target.name == "Русия"
    assert h.desk.stances.current.stance is None
    h.type("ctrl+y")
    assert h.desk.stances.current.stance is not None


def test_flags_and_notes() -> None:
    h = hands().go("Русия").type("!")
    assert h.said == "Flagged."
    (flag,) = h.desk.sheet.notes.values()
    assert (flag.flag, flag.start, flag.end) == (True, None, None)
    assert h.type("!").said == "Flag taken away."
    h.type("- f5 escape ! -")
    assert len(h.desk.sheet.notes) == 2
    h.desk.notes.write("виж края")
    h.desk.notes.write("виж края")
    assert len(h.log.acts) == 5
    h.desk.notes.write("виж началото")
    assert h.desk.notes.here() is not None
    assert h.desk.notes.here().note == "виж началото"
    h.type("escape - left")
    assert h.desk.notes.here(flag=True) is not None, "a wider selection finds it"
    h.type("escape")
    h.desk.notes.write("за всичко")
    assert h.desk.notes.here() == Note(h.desk.notes.here().id, "за всичко")
    h.desk.notes.write("")
    assert h.desk.notes.here() is None
    h.desk.notes.write("")
    assert h.said == "" or h.said == "Note removed."
    h.type("- backspace escape")
    for _ in range(20):
        h.type("ctrl+z")
    assert h.log.state() == {}


def test_nothing_more_here_for_each_layer() -> None:
    h = Hands(*TEXTS).type("0")
    assert h.said == "Boilerplate: looked at, nothing more here."
    assert h.desk.sheet.looked == {"boilerplate"}
    assert h.type("0").said == "Boilerplate is recorded as looked at already."
    h.type("2").go("Ким").type("p 0 3 0")
    assert h.desk.sheet.looked == {"boilerplate", "entities", "stance"}
    assert h.stances() == [("Ким", "author", "NONE")]
    h.type("ctrl+z")
    assert h.desk.sheet.looked == {"boilerplate", "entities"}
    assert h.stances() == []


def past(name: str, verb: str = "label", of: str = "") -> PastAct:
    return PastAct(name, verb, of, ())


def test_the_log_alone_says_what_stands() -> None:
    log = [past("1"), past("2"), past("3"), past("u3", "undo", "3"), past("u2", "undo", "2"),
           past("r2", "redo", "2"), past("u2b", "undo", "2")]  # fmt: skip
    history = History(lambda: iter(log[::-1]))
    assert [history.redo().id for _ in range(2)] == ["2", "3"]
    assert history.redo() is None
    assert [history.undo().id for _ in range(3)] == ["3", "2", "1"]
    assert history.undo() is None


def test_the_actor_is_in_the_keys() -> None:
    h = hands()
    h.desk.finish()
    assert all(ACTOR in key for key in h.log.state())


def test_undoing_a_label_that_joined_a_run_goes_to_the_block_it_added() -> None:
    h = Hands("Меню\nТърсене\nВход\nТекст.").type("n n n")
    assert h.spans() == [("nav", "Меню\nТърсене\nВход")]
    assert h.type("ctrl+z").here == "Вход"
    assert h.type("ctrl+z").here == "Търсене"
    assert h.type("ctrl+y").here == "Търсене"
