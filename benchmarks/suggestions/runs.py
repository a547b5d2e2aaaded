"""Keys an article for boilerplate with learnt suggestions: an oracle works through a set of pages.

By hand: the runs of lines one after the other, as `benchmarks.keystrokes` marks them. *Confirm all*:
what is sure in a lump, then the runs that are wrong labelled or cleared; *then each*: before that
`tab` to each suggestion that is not sure and `enter` where that helps. *Everything shown*: as if all
that is proposed were sure. Near copies are suggested before any of them is learnt; all
pages count as imported. What the project exports must be the gold.
"""

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import preset
from annotator.store.project import Project
from annotator.suggest.boilerplate.lessons import BoilerplateLessons
from annotator.suggest.protocol import Finished, Guess, Labelled
from annotator.text import units
from benchmarks.boilerplate_pages import Page, pages
from benchmarks.keystrokes import gold
from benchmarks.keystrokes.blocks import BlockOracle
from benchmarks.keystrokes.gold import ONE, GoldArticle
from benchmarks.keystrokes.hand import Hand, WrongKeyError
from benchmarks.keystrokes.proof import exported, wrong_spans
from benchmarks.report import number, table
from benchmarks.suggestions.feeding import Fed, everything
from benchmarks.suggestions.keys import ALL, ALL_SHOWN, ANNOTATOR, Done, as_they_are
from benchmarks.suggestions.nodding import BlockNodOracle

LAYER, SCHEME = "boilerplate", "minimal"
BY_HAND, THEN_EACH = "by hand", "confirm all, then each"
LATER = 10
"""The second figure is over articles after so many."""


class Fitted(NamedTuple):
    """A page's gold and what was guessed in it before it was annotated."""

    article: GoldArticle
    guesses: tuple[Guess, ...]


def prepare(path: Path, seed: int, most: int) -> list[Fitted]:
    """Article after article: guess, learn."""
    of = pages(path)
    engine, found = BoilerplateLessons([ONE], LAYER), list[Fitted]()
    engine.count((page.source, page.text) for page in of)
    groups: dict[int, list[Page]] = {}
    for page in of:
        groups.setdefault(page.group, []).append(page)
    order = list(groups.values())
    random.Random(seed).shuffle(order)
    for group in order:
        if len(found) >= most:
            break
        articles = [gold_of(page) for page in group]
        for page, article in zip(group, articles, strict=True):
            found.append(Fitted(article, tuple(engine.suggest(page.text, "", page.source))))
        for page, article in zip(group, articles, strict=True):
            spans = tuple(Labelled(*piece) for piece in article.pieces)
            engine.learn(Finished(page.text, LAYER, spans, source=page.source))
    return found


def gold_of(page: Page) -> GoldArticle:
    """A page as the oracle of keystrokes takes it."""
    marked = {
        units.block_at(page.text, line.start)
        for line, truth in zip(page.lines, page.boilerplate, strict=True)
        if truth
    }
    labels = {block: ONE for block in marked if block is not None}
    return GoldArticle(page.id, page.text, gold.runs(page.text, labels))


def work(fitted: Sequence[Fitted], way: str) -> Done:
    """Work through pages in a new project and prove what it exports."""
    done, scheme = Done(), preset(SCHEME)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.db"
        with Project.create(path, scheme, ANNOTATOR) as project:
            for _ in project.add(Article(f.article.id, f.article.text) for f in fitted):
                pass
            fed = Fed(project)
            hand = Hand(fed, scheme)  # type: ignore[arg-type]  # it answers as the project does
            shown = everything if way == ALL_SHOWN else as_they_are
            for article, guesses in fitted:
                if way != BY_HAND:
                    fed.feed(article.id, LAYER, "boilerplate", shown(guesses))
                _annotate(hand, article, way, done)
        with Project.open(path, readonly=True) as project:
            records = exported(project, Path(folder))
            for one in fitted:
                done.faults += wrong_spans(one.article, records[one.article.id], LAYER)
    return done


def _annotate(hand: Hand, article: GoldArticle, way: str, done: Done) -> None:
    """One article; `names` counts runs to fix, or by hand those to label."""
    oracle: BlockOracle | None = None
    try:
        hand.open(article.id, LAYER)
        oracle = BlockOracle(hand, article) if way == BY_HAND else BlockNodOracle(hand, article)
        if isinstance(oracle, BlockNodOracle):
            oracle.each = way == THEN_EACH
        oracle.work()
    except (WrongKeyError, AnnotatorError, LookupError, ValueError) as error:
        done.faults.append(f"{article.id}: {error!r}; the last: {' '.join(hand.pressed[-12:])}")
    done.keys.append(hand.keys)
    fixed = oracle.fixed if isinstance(oracle, BlockNodOracle) else len(article.pieces)
    done.names.append(fixed)


def measure(path: Path, seed: int, most: int) -> dict[str, Done]:
    """All ways."""
    fitted = prepare(path, seed, most)
    return {way: work(fitted, way) for way in (BY_HAND, ALL, THEN_EACH, ALL_SHOWN)}


def runs_table(sets: dict[str, dict[str, Done]]) -> str:
    """Keys and runs an article."""
    rows = []
    for name, runs in sets.items():
        for way, done in runs.items():
            cells = [name, way]
            for first in (0, LATER):
                count = max(len(done.keys[first:]), 1)
                keys, by_hand = sum(done.keys[first:]), sum(runs[BY_HAND].keys[first:])
                cells += [number(keys / count), number(sum(done.names[first:]) / count)]
                cells.append(f"{keys / max(by_hand, 1):.0%}")
            rows.append(cells)
    head = ["pages", "way"]
    for after in ("all", f"after {LATER}"):
        head += [f"keys an article, {after}", "runs to mend", "of by hand"]
    return table(head, rows)
