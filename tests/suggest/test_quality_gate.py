"""Suggestions may not become worse: figures held to the floors in floors.toml.

A floor may rise, and then `highest` rises with it; where it is below `highest`, it must say why.
"""

import tomllib
from functools import cache
from pathlib import Path

import made_corpus
import made_pages
import pytest

from annotator.model.scheme_file import preset
from annotator.suggest.boilerplate.lessons import BoilerplateLessons
from annotator.suggest.boilerplate.lines import lines_of
from annotator.suggest.boilerplate.suggester import tags_of
from annotator.suggest.entities import crf
from annotator.suggest.entities.names import Names
from annotator.suggest.protocol import Finished, Guess, Labelled
from benchmarks.boilerplate_pages import Page, pages
from benchmarks.suggestions import boilerplate, entities
from benchmarks.suggestions.corpus import LAYER, Item, order, read
from benchmarks.suggestions.scores import Score, gold_of, typed

FLOORS = Path(__file__).with_name("floors.toml")
LEARNT, TESTED = 21, 21
"""Made articles."""
WORDS = 25
"""Letters of a reason, at least."""


def floors() -> dict[str, dict[str, object]]:
    return tomllib.loads(FLOORS.read_text(encoding="utf-8"))


def why_not(name: str, entry: dict[str, object]) -> str:
    """What is wrong with a floor; "" when nothing is."""
    floor, highest = entry.get("floor"), entry.get("highest")
    if not isinstance(floor, float) or not isinstance(highest, float) or not entry.get("what"):
        return f"{name}: give floor, highest and what it is"
    if floor > highest:
        return f"{name}: the floor has risen, so write highest = {floor}"
    if floor < highest and len(str(entry.get("reason", "")).strip()) < WORDS:
        return f"{name}: the floor fell from {highest} to {floor}: say why, or raise it again"
    return ""


def held(figures: dict[str, float]) -> None:
    """Compare figures with their floors; tells all that fall short."""
    known = floors()
    short = [
        f"{name} is {figure:.3f}, below its floor {known[name]['floor']} ({known[name]['what']})"
        for name, figure in figures.items()
        if figure < known[name]["floor"]
    ]
    assert not short, "\n".join(short)


# --- the floors themselves -------------------------------------------------------------------------


def test_a_floor_falls_only_with_a_reason():
    assert [said for name, entry in floors().items() if (said := why_not(name, entry))] == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"floor": 0.8, "highest": 0.8, "what": "F1"}, ""),
        ({"floor": 0.7, "highest": 0.8, "what": "F1"}, "say why"),
        ({"floor": 0.7, "highest": 0.8, "what": "F1", "reason": "slow"}, "say why"),
        ({"floor": 0.7, "highest": 0.8, "what": "F1", "reason": "the test articles became harder"}, ""),
        ({"floor": 0.9, "highest": 0.8, "what": "F1"}, "highest = 0.9"),
        ({"floor": 0.9, "highest": 0.9}, "what it is"),
        ({"highest": 0.9, "what": "F1"}, "what it is"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_floor_is_told(entry, said):
    found = why_not("a.b", entry)
    assert (said in found) if said else (found == "")


def test_a_figure_below_its_floor_is_told():
    name, entry = next(iter(floors().items()))
    held({name: float(entry["floor"])})
    with pytest.raises(AssertionError, match="below its floor"):
        held({name: float(entry["floor"]) - 0.001})


# --- on articles made for it -----------------------------------------------------------------------


@cache
def corpus() -> tuple[made_corpus.Made, ...]:
    return tuple(made_corpus.corpus(LEARNT + TESTED))


def test_the_made_articles_are_what_they_say():
    for article in corpus():
        for span in (*article.names.spans, *article.lines.spans):
            surface = article.names.text[span.start : span.end]
            assert surface == surface.strip()
            assert surface
    forms = {
        one.names.text[s.start : s.end]
        for one in corpus()
        for s in one.names.spans
        if s.attrs["xid"] == "PER-0" and one.names.lang == "ru"
    }
    assert len(forms) > 3, "names stand in their cases"


def precision(guesses: list[tuple[Guess, bool]]) -> float:
    sure = [right for guess, right in guesses if guess.sure]
    assert sure, "nothing is sure"
    return sum(sure) / len(sure)


def follow(names: Names, learnt: list[Finished], tested: list[Finished]) -> dict[str, float]:
    """Learn and fit once, then guess and learn article after article."""
    for article in learnt:
        names.learn(article)
    memory, edges, whole = Score(), Score(), Score()
    sure, linked = list[tuple[Guess, bool]](), list[bool]()
    if crf.is_there():
        names.fit(learnt)
    for article in tested:
        guesses, gold = names.suggest(article.text, article.lang), gold_of(article.spans)
        whole.add(typed(guesses), gold)
        memory.add(typed(names.memory.suggest(article.text, article.lang)), gold)
        edges.add({(g.start, g.end, "") for g in guesses}, {(*s[:2], "") for s in gold})
        sure += [(guess, (guess.start, guess.end, guess.label) in gold) for guess in guesses]
        xids = {(s.start, s.end, s.label): s.attrs.get("xid") for s in article.spans}
        linked += [
            guess.attrs.get("xid") == xids[guess.start, guess.end, guess.label]
            for guess in guesses
            if xids.get((guess.start, guess.end, guess.label))
        ]
        names.learn(article)
    share = sum(guess.sure for guess, _ in sure) / max(len(sure), 1)
    return {
        "f1": whole.f1, "memory_f1": memory.f1, "edges_f1": edges.f1,
        "sure_precision": precision(sure), "sure_share": share,
        "identities": sum(linked) / max(len(linked), 1),
    }  # fmt: skip


def test_names_in_made_articles():
    pytest.importorskip("pycrfsuite", reason="python-crfsuite is not installed")
    articles = [one.names for one in corpus()]
    figures = follow(Names(made_corpus.NAMES), articles[:LEARNT], articles[LEARNT:])
    held({f"made.names.{name}": figure for name, figure in figures.items()})


def test_names_in_made_articles_from_memory_alone(monkeypatch):
    monkeypatch.setattr(crf, "is_there", lambda: False)
    articles = [one.names for one in corpus()]
    figures = follow(Names(made_corpus.NAMES), articles[:6], articles[6:])
    held({f"made.memory.{name}": figures[name] for name in ("f1", "sure_precision")})


def test_boilerplate_in_made_articles():
    labels = [label.name for label in preset("news").layers[0].labels]
    engine, lines = BoilerplateLessons(labels, made_corpus.LINES), [one.lines for one in corpus()]
    tally, sure, kinds = boilerplate.Tally(), list[bool](), list[bool]()
    cold, untaught, many = boilerplate.Tally(), BoilerplateLessons(labels), 0
    for number, article in enumerate(lines):
        guesses = engine.suggest(article.text, article.lang, article.source)
        cut = tuple(lines_of(article.text))
        truth = tags_of(cut, [span[:3] for span in article.spans])
        page = Page(str(number), article.text, "", cut, tuple(map(bool, truth)), number)
        cold.add(page, [guess.proposed for guess in untaught.engine.guesses(article.text)])
        if number >= 6:
            found = tags_of(cut, [(g.start, g.end, g.label) for g in guesses])
            tally.add(page, [bool(tag) for tag in found])
            certain = tags_of(cut, [(g.start, g.end, g.label) for g in guesses if g.sure])
            sure += [a == b for a, b in zip(certain, truth, strict=True) if a]
            kinds += [a == b for a, b in zip(found, truth, strict=True) if a and b]
            many += sum(map(bool, truth))
        engine.learn(article)
    held(
        {
            "made.lines.content_f1": tally.by_characters,
            "made.lines.bodies_kept": 1 - tally.share_losing,
            "made.lines.categories": sum(kinds) / max(len(kinds), 1),
            "made.lines.sure_precision": sum(sure) / max(len(sure), 1),
            "made.lines.sure_share": len(sure) / many,
            "made.lines.cold_content_f1": cold.by_characters,
            "made.lines.cold_bodies_kept": 1 - cold.share_losing,
        }
    )


def followed(articles: list[Finished]) -> list[tuple[list[bool], list[bool]]]:
    """By article: of the boilerplate lines proposed, which have the right kind; of the sure ones too."""
    labels = [label.name for label in preset("news").layers[0].labels]
    lessons, found = BoilerplateLessons(labels), []
    for article in articles:
        truth = tags_of(lines_of(article.text), [span[:3] for span in article.spans])
        guesses = lessons.engine.guesses(article.text, article.source)
        pairs = [(g, g.shown_label == tag, tag) for g, tag in zip(guesses, truth, strict=True)]
        kinds = [right for guess, right, tag in pairs if guess.proposed and tag]
        found.append((kinds, [right for guess, right, _ in pairs if guess.sure]))
        lessons.learn(article)
    return found


def test_kinds_of_boilerplate_in_made_pages():
    several = [
        [made_pages.finished(number, source, seed) for number in range(12)]
        for source in made_pages.ORDERS
        for seed in range(3)
    ]
    several.append([page for pair in zip(several[0], several[3], strict=True) for page in pair])
    runs = [followed(articles) for articles in several]

    def share(which: int, first: int, stop: int) -> float:
        rights = [right for run in runs for one in run[first:stop] for right in one[which]]
        assert rights, "none is there"
        return sum(rights) / len(rights)

    def taken(first: int, stop: int) -> float:
        sure, proposed = (
            sum(len(one[n]) for run in runs for one in run[first:stop]) for n in (1, 0)
        )
        return sure / proposed

    kinds = [share(0, *part) for part in ((0, 2), (2, 5), (5, 24))]
    assert kinds == sorted(kinds), f"kinds are not told better as more is learnt: {kinds}"
    held(
        {
            "made.kinds.sure_first": share(1, 1, 2),
            "made.kinds.sure_early": share(1, 2, 5),
            "made.kinds.sure_late": share(1, 5, 24),
            "made.kinds.cold": share(0, 0, 1),
            "made.kinds.early": kinds[1],
            "made.kinds.late": kinds[2],
            "made.kinds.sure_share_first": taken(1, 2),
            "made.kinds.sure_share_late": taken(5, 24),
        }
    )


# --- on real articles ------------------------------------------------------------------------------


def test_names_in_real_articles(shared_data):
    pytest.importorskip("pycrfsuite", reason="python-crfsuite is not installed")
    groups = order(read(shared_data / "ner" / "slavicner_bg.jsonl"), 1)
    flat = [item.article for group in groups for item in group]
    figures = follow(Names(LAYER), flat[:50], flat[50:90])
    held({f"bg50.names.{name}": figures[name] for name in ("f1", "memory_f1", "sure_precision")})


def test_lines_of_real_pages(shared_data):
    total = boilerplate.Tally()
    for name in ("daniel_en", "daniel_pl"):
        of = pages(shared_data / "boilerplate" / f"boiler_{name}_near.jsonl")[:50]
        engine = BoilerplateLessons([boilerplate.LABEL])
        for page in of[:5]:
            spans = tuple(
                Labelled(line.start, line.end, boilerplate.LABEL)
                for line, is_boilerplate in zip(page.lines, page.boilerplate, strict=True)
                if is_boilerplate
            )
            engine.learn(Finished(page.text, "", spans, source=page.source))
        for page in of[5:]:
            found = engine.engine.guesses(page.text, page.source)
            total.add(page, [guess.proposed for guess in found])
    held(
        {
            "real.lines.content_f1": total.by_characters,
            "real.lines.bodies_kept": 1 - total.share_losing,
        }
    )


@pytest.mark.long
def test_the_figures_that_were_wanted(shared_data, long_run):
    if not long_run:
        pytest.skip("minutes: set ANNOTATOR_LONG=1")
    pytest.importorskip("pycrfsuite", reason="python-crfsuite is not installed")
    figures = {}
    for lang, most in (("bg", 200), ("ru", 200), ("uk", 50)):
        items: list[Item] = read(shared_data / "ner" / f"slavicner_{lang}.jsonl")
        run = entities.measure(items, (1, 2), spacy=False, most=most)
        for point in {50, most}:
            figures[f"long.{lang}{point}.f1"] = run.scores[entities.OURS, point].f1
    paths = sorted((shared_data / "boilerplate").glob("*.jsonl"))
    runs = {path.stem: boilerplate.measure(path, (0, 1))[0] for path in paths}
    after = boilerplate.together(runs, boilerplate.NAMES[2:])
    figures["long.lines.content_f1"] = after.by_characters
    figures["long.lines.bodies_kept"] = 1 - after.share_losing
    held(figures)
