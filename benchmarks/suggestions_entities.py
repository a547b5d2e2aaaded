"""How well names are suggested, article after article: `python -m benchmarks.suggestions_entities`.

Article k is suggested from the labels of the articles before it, from an empty memory on; the model
is fitted anew whenever a quarter more articles are finished. In random order near-duplicates come
together and none is suggested from another: a group is suggested before any of it is learnt. Files
are JSON lines with `text`, `lang` and `spans`. A figure "at n articles" is over the articles before
which 0.8 n to 1.25 n were learnt. CPU seconds, one core.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.suggest.entities.names import Names
from annotator.suggest.protocol import Finished, Guess, Labelled
from benchmarks.report import mean, p95, table
from benchmarks.ring import DATA

POINTS = (5, 10, 20, 50, 100, 200)
BANDS = ((0.95, 1.01), (0.8, 0.95), (0.5, 0.8))
SHINGLE = 5
"""Words of a shingle; articles that share half of the smaller one's are near-duplicates."""
TARGETS = {
    ("bg", 50): 0.87,
    ("bg", 200): 0.91,
    ("ru", 50): 0.75,
    ("ru", 200): 0.83,
    ("uk", 50): 0.86,
}

Spans = set[tuple[int, int, str]]


@dataclass
class Score:
    """Exact spans with labels, right and wrong."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, found: Spans, gold: Spans) -> None:
        """Count an article."""
        self.right += len(found & gold)
        self.wrong += len(found - gold)
        self.missed += len(gold - found)

    @property
    def f1(self) -> float:
        """Micro-averaged; NaN of nothing."""
        whole = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / whole if whole else float("nan")


@dataclass
class Run:
    """What was measured in one file, over all orders."""

    scores: dict[tuple[str, int], Score] = field(default_factory=lambda: defaultdict(Score))
    bands: Counter[tuple[str, bool]] = field(default_factory=Counter)
    linked: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[int, tuple[int, int]] = field(default_factory=dict)


def read(path: Path) -> list[tuple[str, Finished]]:
    """The articles of a file with their topics."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        spans = tuple(
            Labelled(span["start"], span["end"], span["label"], span.get("attrs", {}))
            for span in article["spans"]
        )
        topic = str(article.get("doc_labels", {}).get("topic", ""))
        found.append((topic, Finished(article["text"], "ner", spans, article.get("lang", ""))))
    return found


def groups(articles: Sequence[Finished]) -> list[list[int]]:
    """Near-duplicates together: the numbers of the articles."""
    shingles = [_shingles(article.text) for article in articles]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, own in enumerate(shingles):
        for shingle in own:
            holders[shingle].append(at)
    parent = list(range(len(articles)))

    def root(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    for at, own in enumerate(shingles):
        shared = Counter(other for shingle in own for other in holders[shingle] if other < at)
        for other, count in shared.items():
            if 2 * count >= min(len(own), len(shingles[other])):
                parent[root(at)] = root(other)
    found: dict[int, list[int]] = defaultdict(list)
    for at in range(len(articles)):
        found[root(at)].append(at)
    return list(found.values())


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[at : at + SHINGLE]) for at in range(max(len(words) - SHINGLE + 1, 1))}


def order(
    articles: list[tuple[str, Finished]], seed: int, by_topic: bool, singly: bool
) -> Iterator[list[Finished]]:
    """The articles in groups that are suggested together."""
    kept = [article for _, article in articles]
    found = [[at] for at in range(len(kept))] if singly else groups(kept)
    random.Random(seed).shuffle(found)
    if by_topic:
        topics = sorted({topic for topic, _ in articles})
        random.Random(seed).shuffle(topics)
        found.sort(key=lambda group: topics.index(articles[group[0]][0]))
    for group in found:
        yield [kept[at] for at in group]


def points(learnt: int) -> list[int]:
    """The points an article counts for before which so many were learnt."""
    return [point for point in POINTS if 0.8 * point <= learnt <= 1.25 * point]


class Timed:
    """CPU seconds of calls, by name."""

    def __init__(self, seconds: dict[str, list[float]]) -> None:
        self._seconds = seconds

    def __call__(self, name: str, call: Any, *arguments: Any) -> Any:
        """What the call returns; how long it took is kept."""
        begun = time.process_time()
        result = call(*arguments)
        self._seconds[name].append(time.process_time() - begun)
        return result


def replay(run: Run, ordered: Iterator[list[Finished]], most: int) -> None:
    """One order: suggest each group, then learn it."""
    names, timed = Names("ner"), Timed(run.seconds)
    done: list[Finished] = []
    for group in ordered:
        for article in group:
            _measure(run, timed, names, article, len(done))
        for article in group:
            timed("learn", names.learn, article)
            done.append(article)
            if len(done) in POINTS:
                run.sizes[len(done)] = len(names.memory.save()), len(names.save())
        if names.is_stale:
            timed("refit", names.refit, done)
        if len(done) >= 1.25 * most:
            return


def _measure(run: Run, timed: Timed, names: Names, article: Finished, learnt: int) -> None:
    gold = {(span.start, span.end, span.label) for span in article.spans}
    ranges = {span[:2] for span in gold}
    guesses: list[Guess] = timed("suggest", names.suggest, article.text, article.lang)
    memory: list[Guess] = timed("memory", names.memory.suggest, article.text, article.lang)
    for point in points(learnt):
        run.scores["memory", point].add(_spans(memory), gold)
        run.scores["names", point].add(_spans(guesses), gold)
    if learnt < 10:
        return
    links = {(span.start, span.end): span.attrs.get("link") for span in article.spans}
    for guess in guesses:
        right = (guess.start, guess.end, guess.label) in gold
        band = next((f"{low}" for low, high in BANDS if low <= guess.score < high), "")
        run.bands[(band, right) if guess.label else ("", (guess.start, guess.end) in ranges)] += 1
        if right and links[guess.start, guess.end]:
            proposed = guess.attrs.get("link")
            run.linked[
                "none" if not proposed else str(proposed == links[guess.start, guess.end])
            ] += 1


def _spans(guesses: list[Guess]) -> Spans:
    return {(guess.start, guess.end, guess.label) for guess in guesses if guess.label}


def with_spacy(run: Run, ordered: list[list[Finished]], most: int, seed: int) -> None:
    """The same points with spaCy's blank pipeline, fitted anew at each of them."""
    import spacy
    from spacy.training import Example
    from spacy.util import fix_random_seed, minibatch

    flat = [article for group in ordered for article in group]
    for point in POINTS:
        if point > min(most, len(flat) - 2):
            return
        fix_random_seed(seed)
        begun = time.process_time()
        nlp = spacy.blank("xx")
        nlp.add_pipe("ner")
        examples = [_example(nlp, article, Example) for article in flat[:point]]
        optimizer = nlp.initialize(lambda examples=examples: examples)
        for _ in range(20):
            random.Random(seed).shuffle(examples)
            for batch in minibatch(examples, size=8):
                nlp.update(batch, sgd=optimizer, drop=0.2)
        run.seconds[f"spaCy refit at {point}"].append(time.process_time() - begun)
        for article in flat[point : max(point + 2, int(1.25 * point))]:
            found = {(e.start_char, e.end_char, e.label_) for e in nlp(article.text).ents}
            gold = {(span.start, span.end, span.label) for span in article.spans}
            run.scores["spaCy", point].add(found, gold)


def _example(nlp: Any, article: Finished, kind: Any) -> Any:
    doc = nlp.make_doc(article.text)
    found = [doc.char_span(s.start, s.end, s.label, alignment_mode="expand") for s in article.spans]
    from spacy.util import filter_spans

    gold = nlp.make_doc(article.text)
    gold.ents = filter_spans([span for span in found if span is not None])
    return kind(doc, gold)


def print_run(name: str, run: Run) -> None:
    """The tables of one file."""
    kinds = [kind for kind in ("memory", "names", "spaCy") if any(k == kind for k, _ in run.scores)]
    rows = [
        [
            kind,
            *(f"{run.scores[kind, p].f1:.3f}" if (kind, p) in run.scores else "—" for p in POINTS),
        ]
        for kind in kinds
    ]
    print(f"\n### {name}: F1 of exact spans with labels by articles learnt\n")
    print(table(["", *map(str, POINTS)], rows))
    whole = sum(run.bands.values())
    print("\nbands of score (from 10 articles on): share of suggestions, precision")
    for band in [*(f"{low}" for low, _ in BANDS), ""]:
        right, wrong = run.bands[band, True], run.bands[band, False]
        label = f"from {band}" if band else "untyped (edges right)"
        print(
            f"- {label}: {(right + wrong) / max(whole, 1):.2f}, {right / max(right + wrong, 1):.3f}"
        )
    print(f"- identities of right spans: {dict(run.linked)}")
    for what, taken in sorted(run.seconds.items()):
        ms = [1e3 * second for second in taken]
        print(f"- {what}: mean {mean(ms):.1f} ms, p95 {p95(ms):.1f} ms, worst {max(ms):.1f} ms")
    print(f"- bytes at articles (memory, all): {run.sizes}")


def verdicts(runs: dict[str, Run]) -> None:
    """Whether the targets are kept."""
    print()
    for (lang, point), target in TARGETS.items():
        for name, run in runs.items():
            if name.endswith(f"_{lang}") and ("names", point) in run.scores:
                reached = run.scores["names", point].f1
                word = "meets" if reached >= target else "MISSES"
                print(f"- **{word}**: {lang} at {point}: {reached:.3f} (target {target})")
    for what in ("suggest", "learn"):
        worst = max((p95(run.seconds[what]) * 1e3 for run in runs.values()), default=0.0)
        print(f"- **{'meets' if worst < 50 else 'MISSES'}**: {what} p95 {worst:.1f} ms (target 50)")


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.suggestions_entities", description=__doc__
    )
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seeds", type=int, default=2, help="random orders (default: 2)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (default: 1)")
    parser.add_argument("--most", type=int, default=200, help="articles (default: 200)")
    parser.add_argument("--by-topic", action="store_true", help="one topic after the other")
    parser.add_argument("--singly", action="store_true", help="near-duplicates as other articles")
    parser.add_argument("--mixed", action="store_true", help="all files as one project")
    parser.add_argument("--spacy", action="store_true", help="spaCy beside it (slow)")
    options = parser.parse_args(arguments)
    paths = options.files or sorted(DATA.glob("slavicner_*.jsonl"))
    if not paths:
        print(f"no files in {DATA}: name some", file=sys.stderr)
        return 1
    sets = {path.stem: read(path) for path in paths}
    if options.mixed:
        sets = {"mixed": [article for articles in sets.values() for article in articles]}
    runs = {}
    for name, articles in sets.items():
        run = runs[name] = Run()
        for seed in range(options.first, options.first + options.seeds):
            ordered = list(order(articles, seed, options.by_topic, options.singly))
            replay(run, iter(ordered), options.most)
            if options.spacy:
                with_spacy(run, ordered, options.most, seed)
        print_run(name, run)
    if not options.by_topic:  # the targets are of random order
        verdicts(runs)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
