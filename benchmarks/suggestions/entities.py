"""How well names are suggested, article after article.

Article k is suggested from the labels of the articles before it, from an empty memory on; the model
is fitted anew whenever the suggester says that it is stale. Figures "at n articles" are over the
articles before which 0.8 n to 1.25 n were learnt, 0 the first group.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from annotator.suggest.entities.names import Names
from annotator.suggest.protocol import Finished
from benchmarks.report import mean, number, p95, table
from benchmarks.suggestions import rivals
from benchmarks.suggestions.corpus import LAYER, Group, Item, order
from benchmarks.suggestions.scores import (
    NEAR,
    POINTS,
    Bands,
    Score,
    Span,
    Timed,
    gold_of,
    identities,
    points,
    typed,
)

MOST = 200
"""The last point."""
LEARNT = 10
"""Precision by confidence is from so many articles on."""
TARGETS = {("bg", 50): 0.87, ("bg", 200): 0.91, ("ru", 50): 0.75, ("ru", 200): 0.83, ("uk", 50): 0.86}  # fmt: skip
CALL = 0.050
"""Seconds that suggesting and learning may take."""
OURS, MEMORY, SPACY, SLOVNET = "names", "memory only", "spaCy blank NER", "slovnet (PER LOC ORG)"
OURS_OF_SLOVNETS = "names (PER LOC ORG)"


@dataclass
class Run:
    """What was measured in one set, over all orders."""

    scores: dict[tuple[str, int], Score] = field(default_factory=lambda: defaultdict(Score))
    spans: dict[int, Score] = field(default_factory=lambda: defaultdict(Score))
    """Ours without labels, candidates too."""
    fresh: dict[int, Score] = field(default_factory=lambda: defaultdict(Score))
    """Ours in a topic that others came before, by articles of the topic that were learnt."""
    bands: Bands = field(default_factory=Bands)
    linked: Counter[str] = field(default_factory=Counter)
    timed: Timed = field(default_factory=Timed)
    sizes: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By articles learnt: bytes of the memory, bytes of all."""


def replay(run: Run, ordered: Sequence[Group], most: int = MOST) -> None:
    """One order: suggest each group, then learn it."""
    names, timed, done = Names(LAYER), run.timed, list[Finished]()
    topics: Counter[str] = Counter()
    for group in ordered:
        for item in group:
            found = _measure(run, names, item.article, len(done))
            if len(topics) > (item.topic in topics):
                for point in points(topics[item.topic]):
                    run.fresh[point].add(found, gold_of(item.article.spans))
        topics.update(item.topic for item in group)
        for item in group:
            timed("learn", names.learn, item.article)
            done.append(item.article)
            if len(done) in POINTS:
                run.sizes[len(done)] = len(names.memory.save()), len(names.save())
        if names.is_stale:
            timed("refit", names.refit, done)
        if len(done) >= NEAR[1] * most:
            return


def _measure(run: Run, names: Names, article: Finished, learnt: int) -> set[Span]:
    """Count an article; our typed guesses."""
    gold = gold_of(article.spans)
    guesses = run.timed("suggest", names.suggest, article.text, article.lang)
    memory = run.timed("suggest, memory only", names.memory.suggest, article.text, article.lang)
    for point in points(learnt):
        run.scores[MEMORY, point].add(typed(memory), gold)
        run.scores[OURS, point].add(typed(guesses), gold)
        run.spans[point].add({(g.start, g.end, "") for g in guesses}, {(*s[:2], "") for s in gold})
    if learnt >= LEARNT:
        run.bands.add(guesses, gold)
        identities(guesses, article.spans, run.linked)
    if (finder := _slovnet(article.lang)) is not None:
        wanted = {span for span in gold if span[2] in rivals.SLOVNET}
        found = run.timed("slovnet", finder, article.text)
        own = {span for span in typed(guesses) if span[2] in rivals.SLOVNET}
        for point in points(learnt):
            run.scores[SLOVNET, point].add(found, wanted)
            run.scores[OURS_OF_SLOVNETS, point].add(own, wanted)
    return typed(guesses)


_LOADED: list[rivals.NameFinder | None] = []


def _slovnet(lang: str) -> rivals.NameFinder | None:
    """The model where the language is its own, loaded once."""
    if lang != "ru":
        return None
    if not _LOADED:
        _LOADED.append(rivals.slovnet())
    return _LOADED[0]


def with_spacy(run: Run, ordered: Sequence[Group], seed: int, most: int = MOST) -> None:
    """The same points with spaCy, trained anew at each of them."""
    flat = [item.article for group in ordered for item in group]
    for point in (p for p in POINTS if 5 <= p <= min(most, len(flat) - 2)):
        print(f"  spaCy at {point}", file=sys.stderr)
        finder = run.timed(f"spaCy trained on {point}", rivals.spacy_trained, flat[:point], seed)
        for article in flat[point : max(point + 2, int(NEAR[1] * point))]:
            found = run.timed("spaCy", finder, article.text)
            run.scores[SPACY, point].add(found, gold_of(article.spans))


def measure(
    items: Sequence[Item],
    seeds: Sequence[int],
    spacy: bool,
    by_topic: bool = False,
    most: int = MOST,
) -> Run:
    """Everything of one set."""
    run = Run()
    for seed in seeds:
        ordered = order(items, seed, by_topic)
        replay(run, ordered, most)
        if spacy:
            with_spacy(run, ordered, seed, most)
    return run


# --- what is told ---------------------------------------------------------------------------------


def curve(runs: dict[str, Run], by_topic: bool) -> str:
    """F1 by number of articles, a row each way."""
    rows = []
    for name, run in runs.items():
        ways = dict.fromkeys(way for way, _ in run.scores)
        for way in sorted(ways, key=[OURS, MEMORY, SPACY, OURS_OF_SLOVNETS, SLOVNET].index):
            scores = (run.scores.get((way, point), Score()) for point in (0, *POINTS))
            rows.append([name, way, *(_f1(score) for score in scores)])
        if by_topic:
            scores = (run.fresh.get(point, Score()) for point in (0, *POINTS))
            rows.append([name, "names, by articles of a new topic", *map(_f1, scores)])
        rows.append([name, "names, edges only", *(_f1(run.spans[p]) for p in (0, *POINTS))])
    return table(["set", "F1 at", "0", *map(str, POINTS)], rows)


def _f1(score: Score) -> str:
    return f"{score.f1:.3f}" if score.f1 == score.f1 and score.right + score.missed else "—"


def bands(runs: dict[str, Run]) -> str:
    """Precision by confidence."""
    rows = [[name, *row] for name, run in runs.items() for row in run.bands.rows()]
    return table(["set", "confidence", "suggestions", "share", "precision"], rows)


def costs(runs: dict[str, Run]) -> str:
    """CPU and sizes."""
    rows = []
    for name, run in runs.items():
        for what, seconds in sorted(run.timed.seconds.items()):
            ms = [1e3 * each for each in seconds]
            rows.append([name, what, *map(number, (mean(ms), p95(ms), max(ms)))])
    told = [table(["set", "CPU ms", "mean", "95 of 100", "worst"], rows), ""]
    for name, run in runs.items():
        sizes = ", ".join(f"{n}: {m:,} / {w:,}" for n, (m, w) in sorted(run.sizes.items()))
        told.append(f"- {name}: saved bytes by articles, memory / all: {sizes}")
        if run.linked:
            told.append(f"- {name}: identities proposed with right spans: {dict(run.linked)}")
    return "\n".join(told)


def verdicts(runs: dict[str, Run]) -> list[str]:
    """Whether what was wanted is reached; by the last two letters of a set's name its language."""
    lines = []
    for (lang, point), target in TARGETS.items():
        for name, run in runs.items():
            score = run.scores.get((OURS, point))
            if name.endswith(f"_{lang}") and score is not None:
                word = "meets" if score.f1 >= target else "MISSES"
                lines.append(
                    f"- **{word}**: {name}, F1 at {point} articles: {score.f1:.3f}, wanted {target}"
                )
    for what in ("suggest", "learn"):
        for name, run in runs.items():
            worst = p95(run.timed.seconds[what])
            word = "meets" if worst < CALL else "MISSES"
            lines.append(
                f"- **{word}**: {name}, {what}, 95 of 100: {1e3 * worst:.1f} ms CPU, wanted below 50"
            )
    return lines


def report(runs: dict[str, Run], title: str, wanted: bool = True) -> str:
    """Markdown."""
    parts = [
        f"## Entities, {title}",
        curve(runs, not wanted),
        "### Precision by confidence",
        bands(runs),
    ]
    parts += ["### Costs", costs(runs)]
    if wanted:
        parts.append("\n".join(verdicts(runs)))
    if rivals.slovnet() is None:
        parts.append("- slovnet is left out: install slovnet, navec and natasha")
    return "\n\n".join(parts)
