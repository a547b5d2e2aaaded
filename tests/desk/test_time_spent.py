"""Active time and keys by layer: kept when an article is left, and only where something was decided."""

from desk_kit import FakeLog, Hands

from annotator.desk.timer import GLANCE, PAUSE, ActiveTime
from annotator.model.annotation import Kind
from annotator.model.spent import Spent

TEXT = "Гара Подуяне\nВлакът на Мила Тонева закъсня."


def hands(log: FakeLog | None = None) -> Hands:
    return Hands(TEXT, "Друга статия\nс два реда", "Трета", log=log)


def times(h: Hands) -> dict[str, Spent]:
    """What is recorded, by article."""
    return {
        key.rpartition(":")[2]: Spent.of(body)
        for heads in h.log.heads.values()
        for key, (kind, _, body) in heads.items()
        if kind is Kind.TIME
    }


def pressing(h: Hands, keys: str, seconds: float = 2.0) -> None:
    """Press keys, with so many seconds before each."""
    for key in keys.split():
        h.time += seconds
        h.type(key)


def test_the_timer_counts_by_layer_and_a_pause_once() -> None:
    now = 0.0
    timer = ActiveTime(lambda: now)
    timer.start(10, Spent({"a": 4}, {"a": 7, "b": 1}))
    timer.layer = "a"
    now = 3.4
    timer.key()
    timer.layer = "b"
    now += PAUSE * 10
    timer.key()
    assert timer.spent == Spent({"a": 7, "b": 60}, {"a": 8, "b": 2})
    assert timer.seconds == 10 + 63
    timer.start()
    assert timer.spent == Spent()


def test_what_is_spent_is_recorded_when_the_article_is_left() -> None:
    h = hands()
    pressing(h, "h 2 right p")
    assert times(h) == {}, "nothing while one works"
    h.desk.open("a1")
    assert times(h) == {
        "a0": Spent({"boilerplate": 4, "entities": 4}, {"boilerplate": 2, "entities": 2})
    }
    assert [act.verb for act in h.log.acts] == ["label", "label", "time"]


def test_an_article_merely_looked_at_stays_new() -> None:
    h = hands()
    pressing(h, "down down 2 right", seconds=30)
    h.desk.open("a1")
    assert times(h) == {}
    assert h.log.acts == []


def test_reading_again_counts_from_some_seconds_on() -> None:
    h = hands()
    pressing(h, "h")
    h.desk.open("a1")
    before = times(h)["a0"]
    h.desk.open("a0")
    pressing(h, "down", seconds=GLANCE / 2)
    h.desk.open("a1")
    assert times(h)["a0"] == before, "a glance"
    h.desk.open("a0")
    pressing(h, "down", seconds=GLANCE * 2)
    h.desk.open("a1")
    assert times(h)["a0"] == Spent({"boilerplate": 12}, {"boilerplate": 2})


def test_all_sittings_are_summed() -> None:
    h = hands()
    pressing(h, "h")
    h.desk.leave()
    again = hands(h.log)
    pressing(again, "2 p", seconds=4)
    again.desk.leave()
    again.desk.leave()
    assert times(again)["a0"] == Spent(
        {"boilerplate": 6, "entities": 4}, {"boilerplate": 2, "entities": 1}
    )
    assert [act.verb for act in h.log.acts].count("time") == 2


def test_time_is_never_undone_nor_does_it_stop_undo() -> None:
    h = hands()
    pressing(h, "h")
    h.desk.open("a1")
    spent = times(h)
    h.type("ctrl+z")
    assert (h.desk.sheet.article.id, h.spans()) == ("a0", [])
    h.type("ctrl+y")
    assert len(h.spans()) == 1
    h.restart("a1")
    h.type("ctrl+z")
    assert h.spans() == []
    assert h.type("ctrl+z").said == "Nothing to undo."
    assert times(h)["a0"].keys["boilerplate"] >= spent["a0"].keys["boilerplate"]


def test_slow_saving_loses_no_time_when_one_comes_back() -> None:
    h = hands()
    h.log.slow = []
    pressing(h, "h")
    h.desk.open("a1")
    h.desk.open("a0")
    assert h.desk.sheet.spent == Spent({"boilerplate": 2}, {"boilerplate": 1})
    pressing(h, "2 p")
    h.desk.leave()
    h.log.let_go()
    assert times(h)["a0"] == Spent(
        {"boilerplate": 4, "entities": 2}, {"boilerplate": 2, "entities": 1}
    )


def test_bodies_that_say_nothing_are_nothing() -> None:
    assert Spent.of(None) == Spent.of({"seconds": 3}) == Spent()
    assert Spent.of(Spent({"a": 1}, {"b": 2}).body()) == Spent({"a": 1}, {"b": 2})
