"""Keys an article with learnt suggestions: an oracle works through a set as a project would grow.

Articles come in random order, near-duplicates together; each is suggested from the gold of those
before it. The oracle of `benchmarks.keystrokes` presses public keys on the real desk, and what its
project exports must be the gold. By hand: *tags only* and *ring* (`tab` from candidate to candidate).
With occurrences: `=` for names that come again. *Confirm each*: `tab` to each suggestion or candidate,
`enter`, a letter or on. *Confirm all*: what is sure in a lump, then what is wrong or missing mended;
*everything shown*: the same, as if all that has a label were sure.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import preset
from annotator.store.project import Project
from annotator.suggest.protocol import Guess
from benchmarks.keystrokes.gold import GoldArticle, Piece, arranged
from benchmarks.keystrokes.hand import Hand, WrongKeyError
from benchmarks.keystrokes.names import RING, SPREAD, TAGS, NameOracle, Policy
from benchmarks.keystrokes.proof import exported, wrong_spans
from benchmarks.report import number, table
from benchmarks.suggestions.corpus import LAYER, Item
from benchmarks.suggestions.feeding import Fed, Prepared, everything
from benchmarks.suggestions.nodding import NodOracle

ANNOTATOR = "oracle"
SCHEME = "news"
FIRST, LATER = (0, 120), (50, 100)
"""Which articles a figure is over: from the first, and after fifty."""
QUARTER, EACH_ENTITY = 0.25, 1.0
"""To reach after fifty articles: of the keys by hand, and per entity with confirm-all."""
FAULTS = 12
"""So many faults of a run are told."""


class Way(NamedTuple):
    """How the oracle works."""

    name: str
    policy: Policy
    oracle: Callable[[Hand, GoldArticle, Policy], NameOracle] = NameOracle
    shown: Callable[[Sequence[Guess]], Sequence[Guess]] | None = None
    """What of the guesses is suggested; None suggests nothing."""


def as_they_are(guesses: Sequence[Guess]) -> Sequence[Guess]:
    """All guesses with the sureness the suggester gives them."""
    return guesses


MANUAL, BY_RING, OCCURRENCES = "by hand, tags only", "by hand, ring", "ring and occurrences"
SPREAD_TAGS = Policy("tags and every occurrence", ring=False, occurrences=True)
EACH, ALL, ALL_SHOWN = "confirm each", "confirm all", "confirm all, everything shown"

WAYS = (
    Way(MANUAL, TAGS),
    Way(BY_RING, RING),
    Way(OCCURRENCES, SPREAD),
    Way(EACH, RING, NameOracle, as_they_are),
    Way(f"{EACH}, occurrences", SPREAD, NameOracle, as_they_are),
    Way(ALL, TAGS, NodOracle, as_they_are),
    Way(f"{ALL}, occurrences", SPREAD_TAGS, NodOracle, as_they_are),
    Way(f"{ALL}, ring", RING, NodOracle, as_they_are),
    Way(f"{ALL}, ring and occurrences", SPREAD, NodOracle, as_they_are),
    Way(ALL_SHOWN, TAGS, NodOracle, everything),
    Way(f"{ALL_SHOWN}, occurrences", SPREAD_TAGS, NodOracle, everything),
)


@dataclass
class Done:
    """One set worked through in one way."""

    keys: list[int] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    spent: list[Counter[str]] = field(default_factory=list)
    """Where the oracle tells: keys by what they were for."""
    faults: list[str] = field(default_factory=list)
    orders: int = 1
    """How many orders `keys` and `names` are sums over."""

    def over(self, stretch: tuple[int, int]) -> tuple[float, float]:
        """Keys an article and keys per gold entity of articles of a stretch."""
        keys, names = self.keys[slice(*stretch)], self.names[slice(*stretch)]
        if not keys:
            return float("nan"), float("nan")
        return sum(keys) / len(keys) / self.orders, sum(keys) / max(sum(names), 1)


def gold_of(item: Item) -> GoldArticle:
    """An article as the oracle of keystrokes takes it."""
    pieces, dropped = arranged(Piece(s.start, s.end, s.label) for s in item.article.spans)
    return GoldArticle(item.id, item.article.text, pieces, dropped)


def work(prepared: Sequence[Prepared], way: Way) -> Done:
    """Work through articles in a new project and prove what it exports."""
    done, articles = Done(), [gold_of(one.item) for one in prepared]
    scheme = preset(SCHEME)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.db"
        with Project.create(path, scheme, ANNOTATOR) as project:
            for _ in project.add(Article(a.id, a.text) for a in articles):
                pass
            fed = Fed(project)
            hand = Hand(fed, scheme)  # type: ignore[arg-type]  # it answers as the project does
            for article, one in zip(articles, prepared, strict=True):
                if way.shown is not None:
                    fed.feed(article.id, LAYER, "names", way.shown(one.guesses))
                _annotate(hand, article, way, done)
        with Project.open(path, readonly=True) as project:
            records = exported(project, Path(folder))
            for article in articles:
                done.faults += wrong_spans(article, records[article.id], LAYER)
    return done


def _annotate(hand: Hand, article: GoldArticle, way: Way, done: Done) -> None:
    """One article; what goes wrong is a fault of the run."""
    oracle = None
    try:
        hand.open(article.id, LAYER)
        oracle = way.oracle(hand, article, way.policy)
        oracle.work()
    except (WrongKeyError, AnnotatorError, LookupError, ValueError) as error:
        done.faults.append(f"{article.id}: {error!r}; the last: {' '.join(hand.pressed[-12:])}")
    done.keys.append(hand.keys)
    done.names.append(len(article.pieces))
    done.spent.append(oracle.spent if isinstance(oracle, NodOracle) else Counter())


def keys_table(runs: dict[str, Done]) -> str:
    """Keys an article, per entity and beside the ways by hand."""
    rows = []
    by_tags, by_ring = runs[MANUAL], runs[BY_RING]
    for name, done in runs.items():
        cells = [name]
        for stretch in (FIRST, LATER):
            mean, each = done.over(stretch)
            shares = [mean / base.over(stretch)[0] for base in (by_tags, by_ring)]
            cells += [number(mean), number(each), *(f"{share:.0%}" for share in shares)]
        rows.append(cells)
    head = ["way"]
    for low, high in (FIRST, LATER):
        head += [f"{low + 1}-{high}: an article", "an entity", "of tags", "of ring"]
    return table(head, rows)


def spent_table(runs: dict[str, Done]) -> str:
    """What the keys of a lump's mending were for, an article after fifty."""
    kinds = ("lump", "ring", "remove", "relabel", "edges", "missing")
    rows = []
    for name, done in runs.items():
        spent: Counter[str] = sum(done.spent[slice(*LATER)], Counter())
        if spent:
            count = len(done.spent[slice(*LATER)]) * done.orders
            rows.append([name, *(number(spent[kind] / count) for kind in kinds)])
    return table(["keys an article after fifty", *kinds], rows)


def together(runs: Sequence[dict[str, Done]]) -> dict[str, Done]:
    """Runs of several seeds, article by article one after the other: figures are over all."""
    found: dict[str, Done] = {}
    for name in runs[0]:
        parts = [run[name] for run in runs]
        least = min(len(part.keys) for part in parts)
        whole = Done(faults=[f for part in parts for f in part.faults], orders=len(parts))
        for at in range(least):
            whole.keys.append(sum(part.keys[at] for part in parts))
            whole.names.append(sum(part.names[at] for part in parts))
            whole.spent.append(sum((part.spent[at] for part in parts), Counter()))
        found[name] = whole
    return found


def verdicts(name: str, runs: dict[str, Done]) -> list[str]:
    """Whether what was wanted is reached; it is of Bulgarian, told for all."""
    lines = []
    by_hand = runs[MANUAL].over(LATER)[0]
    for way in (ALL, f"{ALL}, ring"):
        mean, each = runs[way].over(LATER)
        where = f"{name}, {way}, articles {LATER[0] + 1} to {LATER[1]}"
        lines.append(
            _met(
                mean <= QUARTER * by_hand,
                f"{where}: {mean / by_hand:.0%} of the keys by hand (tags only), wanted 25% at most",
            )
        )
        lines.append(
            _met(each <= EACH_ENTITY, f"{where}: {number(each)} keys an entity, wanted 1 at most")
        )
    return lines


def _met(reached: bool, what: str) -> str:
    return f"- **{'meets' if reached else 'MISSES'}**: {what}"


def report(name: str, runs: dict[str, Done]) -> str:
    """Markdown."""
    parts = [f"## Keys an article, {name}", keys_table(runs), spent_table(runs)]
    if len(runs[MANUAL].keys) > LATER[0]:
        parts.append("\n".join(verdicts(name, runs)))
    faults = [f"- **FAILED**: {way}: {f}" for way, done in runs.items() for f in done.faults]
    if faults:
        parts.append("\n".join([*faults[:FAULTS], f"- {len(faults)} faults in all"]))
    return "\n\n".join(parts)
