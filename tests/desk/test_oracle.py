"""The oracle of the keystroke benchmark: it annotates own articles, and its proof can fail."""

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.text import units
from benchmarks.keystrokes.blocks import BlockOracle
from benchmarks.keystrokes.gold import (
    AbsentError,
    GoldArticle,
    Piece,
    Position,
    arranged,
    blocks,
    runs,
    two_articles,
)
from benchmarks.keystrokes.names import RING, SPREAD, TAGS, Policy
from benchmarks.keystrokes.peers import (
    counted,
    mouse_seconds,
    slate_lines,
    slate_search,
    slate_words,
)
from benchmarks.keystrokes.replay import GoldSet, Replayed, replay

BULGARIAN = (
    "Кметът Желю Добрев отказа на Балкан Строй\n"
    "\n"
    "Вчера Желю Добрев каза, че „Балкан Строй“ няма да копае край Искрец. Добрев замина за Искрец "
    "с вечерния влак, а Балкан Строй мълчи. Никой в Искрец не е изненадан, обясни Ралица Минкова "
    "от вестник „Вечерна камбана“.\n"
    "Балкан Строй оспори думите на Добрев в неделя.\n"
)
GREEK = "Η Ελένη Καρά γύρισε στη Νάξο. «Η Νάξος αλλάζει», είπε η Καρά στην Athens Ledger.\n"
PAGE = (
    "Начало\nСвят\nСпорт\nВход\n"
    "Мостът край Искрец се отваря в неделя\n"
    "Първият влак мина в шест, каза Ралица Минкова.\n"
    "Още по темата: влакът спря\n"
    "Никой не е изненадан.\n"
    "Последни новини\nПреди 2 часа\nДъждът не спира\nПреди 3 часа\nРеката расте\n© Вечерна камбана\n"
)


def names(text: str, *found: tuple[str, str]) -> GoldArticle:
    """Gold of one article: label and surface, in the text's order."""
    pieces: list[Piece] = []
    at = 0
    for label, surface in found:
        at = text.index(surface, at)
        if any((p.start, p.end) == (at, at + len(surface)) for p in pieces):
            at = text.index(surface, at + 1)
        pieces.append(Piece(at, at + len(surface), label))
    return GoldArticle(f"own/{len(text)}", text, arranged(pieces)[0])


TOWN = names(
    BULGARIAN,
    ("PER", "Желю Добрев"),
    ("PER", "Желю"),
    ("ORG", "Балкан Строй"),
    ("PER", "Желю Добрев"),
    ("ORG", "„Балкан Строй“"),
    ("LOC", "Искрец"),
    ("PER", "Добрев"),
    ("LOC", "Искрец"),
    ("ORG", "Балкан Строй"),
    ("LOC", "Искрец"),
    ("PER", "Ралица Минкова"),
    ("ORG", "вестник „Вечерна камбана“"),
    ("ORG", "Вечерна камбана"),
    ("ORG", "Балкан Строй"),
    ("PER", "Добрев"),
    ("EVT", "неделя"),
)
ISLAND = names(
    GREEK, ("PER", "Ελένη Καρά"), ("LOC", "Νάξο"), ("LOC", "Νάξος"), ("PER", "Καρά"),
    ("ORG", "Athens"), ("PRO", "Ledger"),
)  # fmt: skip


def page(*labels: str) -> GoldArticle:
    """Gold of the page: for each line a label, or "" for the article's own text."""
    return GoldArticle("own/page", PAGE, runs(PAGE, dict(zip(blocks(PAGE), labels, strict=True))))


ONE = page(*["boilerplate"] * 4, "", "", "boilerplate", "", *["boilerplate"] * 6)
FINE = page("nav", "nav", "nav", "form_login", "headline", "", "teaser_inline", "",
            *["teaser_list"] * 5, "footer")  # fmt: skip
SAID = units.next_sentence(BULGARIAN, BULGARIAN.index("Вчера"))
assert SAID is not None
GRID = GoldArticle(
    "own/grid",
    BULGARIAN,
    (),
    entities=tuple(
        (piece, f"{piece.label}-{BULGARIAN[piece.start : piece.end]}")
        for piece in TOWN.pieces
        if piece.label in ("PER", "LOC")
    ),
    positions=(
        Position("PER-Желю Добрев", "AGAINST", "author", "", (SAID,)),
        Position("LOC-Искрец", "FAVOR", "author", "", ()),
        Position("LOC-Искрец", "AGAINST", "quoted", "PER-Желю Добрев", (SAID,)),
        Position("PER-Добрев", "NEUTRAL", "quoted", "PER-Ралица Минкова", ()),
    ),
)


def annotate(article: GoldArticle, layer: str, tmp_path: Path, policy: Policy | None = None,
             scheme: str = "news") -> Replayed:  # fmt: skip
    own = GoldSet("own", "own", lambda: [article], layer, scheme)
    return replay(own, [article], policy, tmp_path)


@pytest.mark.parametrize("policy", [RING, TAGS, SPREAD], ids=lambda policy: policy.title)
@pytest.mark.parametrize("article", [TOWN, ISLAND], ids=["Bulgarian", "Greek"])
def test_names_come_out_as_the_gold(article: GoldArticle, policy: Policy, tmp_path: Path) -> None:
    run = annotate(article, "entities", tmp_path, policy).run
    assert run.faults == []
    assert run.spans == [len(article.pieces)]
    assert len(article.pieces) < run.keys[0] < 9 * len(article.pieces)


def test_the_ring_takes_fewer_keys_than_tags(tmp_path: Path) -> None:
    by_ring, by_tags = (annotate(TOWN, "entities", tmp_path, p).run.keys[0] for p in (RING, TAGS))
    assert by_ring < by_tags


def test_earlier_articles_help_when_names_are_spread(tmp_path: Path) -> None:
    again = replace(TOWN, id="own/again")
    own = GoldSet("own", "own", list, "entities")
    run = replay(own, [TOWN, again], SPREAD, tmp_path).run
    assert run.faults == []
    assert run.keys[1] < run.keys[0]


@pytest.mark.parametrize(("article", "scheme"), [(ONE, "minimal"), (FINE, "news")])
def test_boilerplate_comes_out_as_the_gold(
    article: GoldArticle, scheme: str, tmp_path: Path
) -> None:
    run = annotate(article, "boilerplate", tmp_path, scheme=scheme).run
    assert run.faults == []
    assert run.keys[0] <= 4 * len(article.pieces)


def test_a_page_longer_than_the_screen_comes_out_as_the_gold(tmp_path: Path) -> None:
    text = "\n".join(f"Ред {n} от дългата страница" for n in range(150))
    long = dict(
        zip(blocks(text), ["boilerplate"] * 90 + [""] * 5 + ["boilerplate"] * 45, strict=False)
    )
    article = GoldArticle("own/long", text, runs(text, long))
    run = annotate(article, "boilerplate", tmp_path, scheme="minimal").run
    assert run.faults == []
    assert run.keys[0] < 50


def test_stances_come_out_as_the_gold(tmp_path: Path) -> None:
    done = annotate(GRID, "stance", tmp_path)
    assert done.run.faults == []
    assert [cost.keys > 0 for cost in done.stances] == [True] * 4


def test_the_proof_finds_what_is_missing_and_what_is_too_much(tmp_path: Path) -> None:
    class Lazy(BlockOracle):
        def work(self) -> None:
            self._mark(2, 2, "b")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("benchmarks.keystrokes.replay.BlockOracle", Lazy)
        run = annotate(ONE, "boilerplate", tmp_path, scheme="minimal").run
    assert len([fault for fault in run.faults if "is missing" in fault]) == 3
    assert len([fault for fault in run.faults if "is too much" in fault]) == 1


def test_slate_costs_what_its_runs_cost() -> None:
    away = GoldArticle(
        "a",
        "one two three four five Anna Bel six Nis eight nine ten eleven\n",
        (Piece(24, 32, "PER"),),
    )
    assert slate_words(away) == [5]
    two = replace(away, pieces=(Piece(24, 32, "PER"), Piece(37, 40, "LOC")))
    assert slate_words(two)[1] == 2 + 1 + 2, "a cursor two wide is made narrow again"
    assert slate_search(away) == [5]
    text = "\n".join(f"line {n}" for n in range(79))
    rows = blocks(text)
    last = GoldArticle("b", text, (Piece(rows[9][0], rows[-1][1], "x"),))
    assert slate_lines(last, rows) == [6]
    middle = GoldArticle("c", text, (Piece(rows[13][0], rows[15][1], "x"),))
    assert slate_lines(middle, rows) == [7]
    assert [counted(n) for n in (0, 1, 9, 10, 660)] == [0, 1, 2, 3, 4]
    assert round(mouse_seconds(1), 1) == 3.5


def test_gold_that_cannot_stand_together_is_counted() -> None:
    pieces, dropped = arranged(
        [Piece(0, 9, "ORG"), Piece(5, 12, "PER"), Piece(0, 4, "LOC"), Piece(0, 9, "LOC")]
    )
    assert (pieces, dropped) == ((Piece(0, 9, "ORG"), Piece(0, 4, "LOC")), 2)


def test_gold_of_another_text_is_not_replayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.keystrokes.gold.SHARED", tmp_path)
    with pytest.raises(AbsentError, match="is not there"):
        two_articles("entities")
    (tmp_path / "articles").mkdir()
    for name in ("000_2075f97cec139a43", "002_d04839ea0ce42844"):
        (tmp_path / "articles" / f"{name}.txt").write_text("another text", encoding="utf-8")
    with pytest.raises(AbsentError, match="not the text that was marked"):
        two_articles("entities")


def test_the_gold_by_hand_cuts_whole_names_and_lines(shared_data: Path) -> None:
    for article in two_articles("boilerplate"):
        starts = {start for start, _ in blocks(article.text)}
        assert all(p.start in starts for p in article.pieces)
    for article in two_articles("entities"):
        assert not article.dropped
        assert all(
            article.text[p.start : p.end].strip('"„“ .,') == article.text[p.start : p.end]
            for p in article.pieces
        )
