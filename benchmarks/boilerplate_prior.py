"""Trains the weights that boilerplate suggestions start from: `python -m benchmarks.boilerplate_prior`.

Reads news pages whose lines are labelled content or boilerplate (`--data`, JSON lines), and writes
annotator/presets/boilerplate_prior.json: weights of features that hold in every language, no words.
The shipped file is trained on 178 pages of scrapinghub's article-extraction-benchmark (ground truth
under MIT), lines labelled by alignment with its human article bodies, headlines as boilerplate.
"""

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from annotator.suggest.boilerplate.chain import Tagger, expected
from annotator.suggest.boilerplate.features import shown
from annotator.suggest.boilerplate.prior import Prior, is_general
from benchmarks.boilerplate_pages import DATA, Page, pages

OUT = Path(__file__).parents[1] / "annotator" / "presets" / "boilerplate_prior.json"
EPOCHS, STEP, DECAY, FOLDS, SEED = 8, 0.05, 1e-3, 4, 0
MODELS = 2
"""Trained in orders of their own, and averaged."""
HIDDEN = 0.3
"""The share of features hidden at a time."""
PAGES = 3
"""Features of fewer pages are left out."""
LEAST = 0.003
"""Smaller weights are left out."""
STEEPS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)
LONG = 2.0
"""The weight of a long line of the body, which is worse to lose."""
JUMPS = tuple(f">{jump}" for jump in ("cc", "cb", "bc", "bb"))

Row = tuple[list[tuple[str, ...]], list[bool], list[float]]


def row(page: Page) -> Row:
    """The general features, truth and weights of a page's lines."""
    lines, truth = page.lines, list(page.boilerplate)
    features = [tuple(filter(is_general, line)) for line in shown(lines).features]
    margins = [
        1.0 if tag else min(max((line.end - line.start) / 100, 0.5), LONG)
        for line, tag in zip(lines, truth, strict=True)
    ]
    return features, truth, margins


def trained(rows: Sequence[Row], seed: int = SEED) -> dict[str, float]:
    """The weights that fit pages, averaged over the later half of `EPOCHS` in orders the seed gives.

    Steps up the log likelihood as Duchi, Hazan and Singer (2011) scale them (AdaGrad). Each time a
    page comes up, some features are hidden, so that no single one carries too much.
    """
    order, chance = list(rows), random.Random(seed)
    pages_with = Counter(
        name for features, _, _ in rows for name in {name for line in features for name in line}
    )
    names = [name for name in sorted(pages_with) if pages_with[name] >= PAGES]
    weights = dict.fromkeys([*names, *JUMPS], 0.0)
    squares, sums = dict.fromkeys(weights, 0.01), dict.fromkeys(weights, 0.0)
    for epoch in range(EPOCHS):
        chance.shuffle(order)
        for row in order:
            kept = {name for name in names if chance.random() >= HIDDEN}
            for name, slope in slopes(weights, row, kept).items():
                slope -= DECAY * weights[name] * len(row[1])
                squares[name] += slope * slope
                weights[name] += STEP * slope / math.sqrt(squares[name])
        if 2 * epoch >= EPOCHS:
            for name, weight in weights.items():
                sums[name] += weight
    later = EPOCHS - (EPOCHS + 1) // 2
    return {name: total / later for name, total in sums.items()}


def slopes(weights: dict[str, float], row: Row, kept: set[str]) -> dict[str, float]:
    """How the likelihood of a page rises with each weight; kept features stand for the hidden ones."""
    features, truth, margins = row
    more = 1 / (1 - HIDDEN)
    lines = [[name for name in line if name in kept] for line in features]
    emissions = [more * sum(weights[name] for name in line) for line in lines]
    sure, steps = expected(emissions, [weights[jump] for jump in JUMPS])
    found: Counter[str] = Counter()
    for line, chance, right, margin in zip(lines, sure, truth, margins, strict=True):
        for name in line:
            found[name] += more * margin * (chance - right)
    for jump, often in zip(JUMPS, steps, strict=True):
        found[jump] -= often
    for one, other in pairwise(truth):
        found[JUMPS[2 * one + other]] += 1
    return found


def loss(tagger: Tagger, rows: Sequence[Row]) -> float:
    """The sum of the log losses of all lines."""
    total = 0.0
    for features, truth, _ in rows:
        for sure, right in zip(tagger.marginals(features), truth, strict=True):
            total -= math.log(max(sure if right else 1 - sure, 1e-9))
    return total


def prior(of: Sequence[Page], seed: int = SEED) -> Prior:
    """A prior from pages: the mean of `MODELS` models; the temperature is fitted on pages left out."""
    rows = [row(page) for page in of]
    random.Random(seed).shuffle(rows)
    parts = [
        (rows[fold::FOLDS], trained([r for at, r in enumerate(rows) if at % FOLDS != fold], seed))
        for fold in range(FOLDS)
    ]

    def total(steep: float) -> float:
        return sum(loss(Tagger(weights, steep), left) for left, weights in parts)

    steep = min(STEEPS, key=total)
    several = [trained(rows, seed + more) for more in range(MODELS)]
    mean = {name: sum(one[name] for one in several) / MODELS * steep for name in several[0]}
    kept = {name: round(weight, 3) for name, weight in sorted(mean.items())}
    return Prior({name: weight for name, weight in kept.items() if abs(weight) >= LEAST}, 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "boiler_zyte_near.jsonl")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    made = prior(pages(args.data))
    about = "178 pages of scrapinghub/article-extraction-benchmark (ground truth MIT); weights only"
    data = {"version": 1, "trained_on": about, "steep": made.steep, "weights": made.weights}
    args.out.write_text(json.dumps(data, indent=0, ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(made.weights)} weights, {args.out.stat().st_size:,} bytes, steep {made.steep}")


if __name__ == "__main__":
    main()
