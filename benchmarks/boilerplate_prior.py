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
from pathlib import Path

from annotator.suggest.boilerplate.features import shown
from annotator.suggest.boilerplate.perceptron import Tagger
from annotator.suggest.boilerplate.prior import Prior, is_general
from annotator.suggest.boilerplate.suggester import LONG
from benchmarks.boilerplate_pages import DATA, Page, pages

OUT = Path(__file__).parents[1] / "annotator" / "presets" / "boilerplate_prior.json"
EPOCHS, STEP, FOLDS, SEED = 8, 0.1, 4, 0
HIDDEN = 0.3
"""The share of features hidden at a time."""
PAGES = 3
"""Features of fewer pages are left out."""
CROPS = 0
"""Cropped copies of each page."""
LEAST = 0.01
"""Smaller weights are left out."""
STEEPS = (0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.2, 0.25, 0.3)

Row = tuple[list[tuple[str, ...]], list[bool], list[float]]


def row(page: Page, first: int = 0, stop: int | None = None) -> Row:
    """The general features, truth and margins of a page or of its lines `first` to `stop`."""
    lines, truth = page.lines[first:stop], list(page.boilerplate[first:stop])
    features = [tuple(filter(is_general, line)) for line in shown(lines).features]
    margins = [
        1.0 if tag else min(max((line.end - line.start) / 100, 0.5), LONG)
        for line, tag in zip(lines, truth, strict=True)
    ]
    return features, truth, margins


def cropped(page: Page, chance: random.Random) -> Row:
    """A page as other tools hand it on: little before the body, more or less after it."""
    body = [at for at, tag in enumerate(page.boilerplate) if not tag]
    if not body:
        return row(page)
    after = len(page.lines) - body[-1] - 1
    first = max(body[0] - chance.choice((0, 0, 1, 1, 2, 4)), 0)
    return row(page, first, body[-1] + 1 + chance.randint(0, after))


def trained(rows: Sequence[Row], seed: int = SEED) -> dict[str, float]:
    """The averaged weights after `EPOCHS` over pages in an order the seed gives.

    Each time a page comes up, some features are hidden, so that no single one carries too much.
    """
    tagger = Tagger({}, 1.0, STEP, prior=1.0)
    order, chance = list(rows), random.Random(seed)
    pages_with = Counter(
        name for features, _, _ in rows for name in {name for line in features for name in line}
    )
    names = sorted(pages_with)
    rare = {name for name in names if pages_with[name] < PAGES}
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for features, truth, margins in order:
            hidden = rare | {name for name in names if chance.random() < HIDDEN}
            seen = [tuple(name for name in line if name not in hidden) for line in features]
            tagger.learn(seen, truth, margins)
    found = {name: round(weight, 3) for name, weight in tagger.weights().items()}
    return {name: weight for name, weight in sorted(found.items()) if abs(weight) >= LEAST}


def loss(tagger: Tagger, rows: Sequence[Row]) -> float:
    """The sum of the log losses of all lines."""
    total = 0.0
    for features, truth, _ in rows:
        for sure, right in zip(tagger.marginals(features), truth, strict=True):
            total -= math.log(max(sure if right else 1 - sure, 1e-9))
    return total


def prior(of: Sequence[Page], seed: int = SEED) -> Prior:
    """A prior from pages; the temperature is fitted on pages left out in turn."""
    chance = random.Random(seed)
    rows = [(row(page), *(cropped(page, chance) for _ in range(CROPS))) for page in of]
    chance.shuffle(rows)
    parts = [
        (
            _flat(rows[fold::FOLDS]),
            trained(_flat([r for at, r in enumerate(rows) if at % FOLDS != fold]), seed),
        )
        for fold in range(FOLDS)
    ]

    def total(steep: float) -> float:
        return sum(loss(Tagger(weights, steep), left) for left, weights in parts)

    return Prior(trained(_flat(rows), seed), min(STEEPS, key=total))


def _flat(rows: Sequence[Sequence[Row]]) -> list[Row]:
    return [one for several in rows for one in several]


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
