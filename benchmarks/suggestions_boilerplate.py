"""How well boilerplate suggestions fit what people labelled: `python -m benchmarks.suggestions_boilerplate`.

Articles come one after the other, are guessed, and then learned. Near copies are guessed before any
of them is learned. Streams begin anew with the prior alone every 10 articles (what 0 to 9 articles
teach) and every 50 (10 to 49), in several random orders. The file that the shipped prior is trained
on is tested in five parts with priors trained on the other four. Beside it: jusText's rules on lines
(the package's own code, when it is installed) and "shorter than 80 characters is boilerplate".

Content is what is not proposed. F1 is over all articles of a cell together; "lose" are articles of
whose body more than a tenth is proposed.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from annotator.suggest.boilerplate.lines import Line
from annotator.suggest.boilerplate.prior import Prior, shipped
from annotator.suggest.boilerplate.recurrence import Recurrence, counted
from annotator.suggest.boilerplate.suggester import Boilerplate, LineGuess
from benchmarks.boilerplate_pages import DATA, Page, pages
from benchmarks.boilerplate_prior import prior
from benchmarks.report import number, p95, spread, table

OWN = "boiler_zyte_near"
"""The file the shipped prior is trained on."""
FOLDS = 5
LABEL = "boilerplate"
REACHED = (0, 1, 5, 10, 20)
NAMES = ("0", "1-4", "5-9", "10-19", "20-49")
F1, LOSING = 0.945, 0.05
"""To reach after five articles, and the share of articles that may lose more than a tenth."""
BANDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
HEAD = ["file", "learned", "articles", "content F1 characters", "lines", "lose a tenth"]

Verdict = Callable[[Sequence[Line]], list[bool]]


@dataclass
class Tally:
    """Counts over articles: characters and lines of content kept, lost, and boilerplate kept."""

    kept: list[int] = field(default_factory=lambda: [0, 0])
    lost: list[int] = field(default_factory=lambda: [0, 0])
    extra: list[int] = field(default_factory=lambda: [0, 0])
    articles: int = 0
    losing: int = 0

    def add(self, page: Page, taken: Sequence[bool]) -> None:
        """Count a page whose lines are `taken` for boilerplate or not."""
        body = loss = 0
        for line, truth, takes in zip(page.lines, page.boilerplate, taken, strict=True):
            size = line.end - line.start
            body += 0 if truth else size
            loss += size if takes and not truth else 0
            if truth and takes:
                continue
            counts = self.extra if truth else self.lost if takes else self.kept
            counts[0] += size
            counts[1] += 1
        self.articles += 1
        self.losing += 10 * loss > body

    def f1(self, unit: int) -> float:
        """Content F1: 0 by characters, 1 by lines."""
        kept = 2 * self.kept[unit]
        return kept / max(kept + self.lost[unit] + self.extra[unit], 1)

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            *([a + b for a, b in zip(x, y, strict=True)] for x, y in (
                (self.kept, other.kept), (self.lost, other.lost), (self.extra, other.extra))),
            self.articles + other.articles, self.losing + other.losing,
        )  # fmt: skip

    def cells(self) -> list[str]:
        """For a table."""
        share = self.losing / max(self.articles, 1)
        return [f"{self.articles:,}", f"{self.f1(0):.3f}", f"{self.f1(1):.3f}", f"{share:.1%}"]


@dataclass
class Run:
    """What is measured over all streams of a file."""

    by_learned: dict[str, Tally] = field(default_factory=dict)
    bands: dict[float, list[int]] = field(default_factory=dict)
    guessing: list[float] = field(default_factory=list)
    learning: list[float] = field(default_factory=list)
    state: int = 0
    """Bytes of the largest state as JSON."""

    def note(self, page: Page, guesses: Sequence[LineGuess], learned: int, seconds: float) -> None:
        """Count the guesses of a page."""
        name = NAMES[max(at for at, least in enumerate(REACHED) if learned >= least)]
        tally = self.by_learned.setdefault(name, Tally())
        tally.add(page, [guess.proposed for guess in guesses])
        self.guessing.append(seconds)
        for guess, truth in zip(guesses, page.boilerplate, strict=True):
            if guess.proposed and learned >= REACHED[2]:
                band = max(low for low in BANDS if guess.boilerplate >= low)
                counts = self.bands.setdefault(band, [0, 0])
                counts[0] += 1
                counts[1] += truth


def streams(of: Sequence[Page], seed: int, length: int) -> Iterator[list[list[Page]]]:
    """Articles in random order, cut in streams; near copies stand together in a list."""
    groups: dict[int, list[Page]] = {}
    for page in of:
        groups.setdefault(page.group, []).append(page)
    order = list(groups.values())
    random.Random(seed).shuffle(order)
    stream: list[list[Page]] = []
    for group in order:
        stream.append(group)
        if sum(map(len, stream)) >= length:
            yield stream
            stream = []
    if stream:
        yield stream


def follow(
    run: Run, stream: Sequence[Sequence[Page]], index: Recurrence, start: Prior, wanted: range
) -> None:
    """LineGuess and learn a stream; count what is guessed after as many articles as `wanted` says."""
    engine = Boilerplate([LABEL], start)
    engine.recurrence = index
    for group in stream:
        for page in group:
            if engine.learned in wanted:
                begin = time.process_time()
                guesses = engine.guesses(page.text, page.source, counted=True)
                run.note(page, guesses, engine.learned, time.process_time() - begin)
        for page in group:
            tags = [LABEL if truth else "" for truth in page.boilerplate]
            begin = time.process_time()
            engine.learn(page.text, tags, page.source, counted=True)
            run.learning.append(time.process_time() - begin)
    if engine.learned >= REACHED[-1]:
        run.state = max(run.state, len(json.dumps(engine.dump(), ensure_ascii=False).encode()))


def parts(name: str, of: Sequence[Page]) -> list[tuple[list[Page], Prior]]:
    """Pages to test, with a prior that was not trained on them."""
    if name != OWN:
        return [(list(of), shipped())]
    found = []
    for fold in range(FOLDS):
        rest = [page for page in of if page.group % FOLDS != fold]
        found.append(([page for page in of if page.group % FOLDS == fold], prior(rest)))
    return found


def measure(name: str, of: Sequence[Page], seeds: int) -> Run:
    """All streams of a file."""
    run = Run()
    index = counted((page.source, page.text) for page in of)
    for tested, start in parts(name, of):
        cold = [[page] for page in tested]
        for one in cold:
            follow(run, [one], index, start, range(1))
        for seed in range(seeds):
            for stream in streams(tested, seed, 10):
                follow(run, stream, index, start, range(1, 10))
            for stream in streams(tested, seed, 50):
                follow(run, stream, index, start, range(10, 50))
        print(f"{name}: {len(run.guessing):,} articles guessed", file=sys.stderr)
    return run


def shorter(lines: Sequence[Line]) -> list[bool]:
    """The rule of thumb."""
    return [line.end - line.start < 80 for line in lines]


def justext_rules() -> Callable[[str], Verdict] | None:
    """The published rules by the package's own code, by language; None when it is not installed."""
    try:
        from justext.core import classify_paragraphs, revise_paragraph_classification
        from justext.paragraph import Paragraph
        from justext.utils import get_stoplist
    except ImportError:
        return None

    def of_language(language: str) -> Verdict:
        stoplist = frozenset(get_stoplist(language))

        def verdict(lines: Sequence[Line]) -> list[bool]:
            paragraphs = []
            for line in lines:
                made = Paragraph(_Path())
                made.append_text(line.text)
                paragraphs.append(made)
            classify_paragraphs(paragraphs, stoplist)
            revise_paragraph_classification(paragraphs)
            return [made.is_boilerplate for made in paragraphs]

        return verdict

    return of_language


class _Path:
    """Where a paragraph stands in HTML; lines stand nowhere."""

    dom = xpath = "p"


def beside(name: str, of: Sequence[Page]) -> list[list[str]]:
    """The rows of the other ways."""
    ways: list[tuple[str, Verdict]] = [("shorter than 80", shorter)]
    if rules := justext_rules():
        ways.append(("jusText rules", rules("Polish" if "_pl_" in name else "English")))
    rows = []
    for title, verdict in ways:
        tally = Tally()
        for page in of:
            tally.add(page, verdict(page.lines))
        rows.append([name, title, *tally.cells()])
    return rows


def report(runs: dict[str, Run], others: list[list[str]]) -> str:
    """Markdown."""
    rows = []
    for name, run in runs.items():
        rows += [[name, at, *run.by_learned[at].cells()] for at in NAMES if at in run.by_learned]
    for at in NAMES:
        rows.append(["all", at, *together(runs, (at,)).cells()])
    lines = [
        "## Content kept",
        "",
        table(HEAD, rows + others),
        "",
        "## Precision by confidence",
        "",
    ]
    bands = []
    for low, high in pairwise(BANDS):
        counts = [sum(run.bands.get(low, [0, 0])[k] for run in runs.values()) for k in (0, 1)]
        right = f"{counts[1] / counts[0]:.3f}" if counts[0] else "—"
        bands.append([f"{low:g} to {min(high, 1):g}", f"{counts[0]:,}", right])
    lines += [table(["confidence", "lines proposed", "boilerplate"], bands), "", "## Costs", ""]
    guess = [1e3 * x for run in runs.values() for x in run.guessing]
    learn = [1e3 * x for run in runs.values() for x in run.learning]
    lines += [
        f"- guess: {spread(guess)} ms CPU an article (median / 95th percentile), learn: {spread(learn)}",
        f"- slowest: guess {number(max(guess))} ms, learn {number(max(learn))} ms",
        f"- state with all lines of a file counted: {max(run.state for run in runs.values()):,} bytes",
        "", "## Verdict", "",
    ]  # fmt: skip
    after = together(runs, NAMES[2:])
    share = after.losing / after.articles
    lines.append(
        f"- content F1 after five articles: {after.f1(0):.3f}, to reach {F1}: {_met(after.f1(0) >= F1)}"
    )
    lines.append(
        f"- articles losing more than a tenth: {share:.1%}, to reach {LOSING:.0%}: {_met(share <= LOSING)}"
    )
    lines.append(
        f"- learn and guess below 50 ms, 95 of 100: {_met(max(p95(guess), p95(learn)) < 50)}"
    )
    return "\n".join(lines)


def together(runs: dict[str, Run], names: Sequence[str]) -> Tally:
    """Cells of all files as one."""
    total = Tally()
    for run in runs.values():
        for name in names:
            total = total.plus(run.by_learned.get(name, Tally()))
    return total


def _met(reached: bool) -> str:
    return "met" if reached else "missed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=sorted(DATA.glob("*.jsonl")))
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    runs: dict[str, Run] = {}
    others: list[list[str]] = []
    for path in args.files:
        of = pages(path)
        runs[path.stem] = measure(path.stem, of, args.seeds)
        others += beside(path.stem, of)
    print(report(runs, others))


if __name__ == "__main__":
    main()
