"""How well boilerplate suggestions fit what people labelled, article after article.

Articles are guessed and then learned; near copies are guessed before any of them is learned. Streams
begin anew with the prior alone every 10 articles (what 0 to 9 articles teach) and every 50 (10 to 49),
in several random orders. All articles of a file count as imported: which lines recur in a source is
known. The file that the shipped prior is trained on is tested in five parts with priors trained on
the other four.

Content is what is not proposed. F1 is over all articles of a cell together; "lose" are articles of
whose body more than a tenth is proposed; "runs to fix" are maximal runs of lines that are wrong.
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path

from annotator.suggest.boilerplate.prior import Prior, shipped
from annotator.suggest.boilerplate.recurrence import Recurrence, counted
from annotator.suggest.boilerplate.suggester import Boilerplate, LineGuess
from benchmarks.boilerplate_pages import Page, pages
from benchmarks.boilerplate_prior import prior
from benchmarks.report import number, p95, spread, table
from benchmarks.suggestions import rivals

OWN = "boiler_zyte_near"
"""The file the shipped prior is trained on."""
FOLDS = 5
LABEL = "boilerplate"
REACHED = (0, 1, 5, 10, 20)
NAMES = ("0", "1-4", "5-9", "10-19", "20-49")
SURE = "from 5, only what is sure"
F1, LOSING = 0.945, 0.05
"""To reach after five articles, and the share of articles that may lose more than a tenth."""
CALL = 0.050
"""Seconds that suggesting and learning may take."""
BANDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
HEAD = ("file", "learned", "articles", "content F1 characters", "content F1 lines",
        "boilerplate F1 lines", "lose a tenth", "runs to fix", "of runs by hand")  # fmt: skip


@dataclass
class Tally:
    """Counts over articles."""

    kept: int = 0
    """Characters of the body that are left."""
    lost: int = 0
    extra: int = 0
    """Characters of boilerplate that are left."""
    kept_lines: int = 0
    lost_lines: int = 0
    extra_lines: int = 0
    caught_lines: int = 0
    articles: int = 0
    losing: int = 0
    fixes: int = 0
    runs: int = 0

    def add(self, page: Page, taken: Sequence[bool]) -> None:
        """Count a page whose lines are `taken` for boilerplate or not."""
        before = self.kept + self.lost, self.lost
        for line, truth, takes in zip(page.lines, page.boilerplate, taken, strict=True):
            what = ("caught" if takes else "extra") if truth else ("lost" if takes else "kept")
            setattr(self, f"{what}_lines", getattr(self, f"{what}_lines") + 1)
            if what != "caught":
                setattr(self, what, getattr(self, what) + line.end - line.start)
        body, lost = self.kept + self.lost - before[0], self.lost - before[1]
        self.articles += 1
        self.losing += 10 * lost > body
        wrong = [a != b for a, b in zip(page.boilerplate, taken, strict=True)]
        self.fixes += _runs(wrong)
        self.runs += _runs(page.boilerplate)

    @property
    def by_characters(self) -> float:
        """Content F1 by characters."""
        return 2 * self.kept / max(2 * self.kept + self.lost + self.extra, 1)

    @property
    def share_losing(self) -> float:
        """The share of articles that lose more than a tenth of their body."""
        return self.losing / max(self.articles, 1)

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        names = [each.name for each in fields(self)]
        return Tally(*(getattr(self, name) + getattr(other, name) for name in names))

    def cells(self) -> list[str]:
        """For a table."""
        lines = 2 * self.kept_lines
        content = lines / max(lines + self.lost_lines + self.extra_lines, 1)
        lines = 2 * self.caught_lines
        boilerplate = lines / max(lines + self.lost_lines + self.extra_lines, 1)
        count = max(self.articles, 1)
        f1s = (f"{f1:.3f}" for f1 in (self.by_characters, content, boilerplate))
        fixes = (number(n / count) for n in (self.fixes, self.runs))
        return [f"{self.articles:,}", *f1s, f"{self.share_losing:.1%}", *fixes]


def _runs(flags: Sequence[bool]) -> int:
    """How many maximal runs of true there are."""
    return sum(now and not before for before, now in pairwise([False, *flags]))


@dataclass
class Run:
    """What is measured over all streams of a file."""

    by_learned: dict[str, Tally] = field(default_factory=dict)
    bands: dict[str, list[int]] = field(default_factory=dict)
    """Lines proposed and right."""
    guessing: list[float] = field(default_factory=list)
    learning: list[float] = field(default_factory=list)
    state: int = 0
    """Bytes of the largest state as JSON."""

    def note(self, page: Page, guesses: Sequence[LineGuess], learned: int, seconds: float) -> None:
        """Count the guesses of a page."""
        name = NAMES[max(at for at, least in enumerate(REACHED) if learned >= least)]
        self.by_learned.setdefault(name, Tally()).add(page, [guess.proposed for guess in guesses])
        self.guessing.append(seconds)
        if learned < REACHED[2]:
            return
        self.by_learned.setdefault(SURE, Tally()).add(page, [guess.sure for guess in guesses])
        for guess, truth in zip(guesses, page.boilerplate, strict=True):
            if guess.proposed:
                low, high = next(
                    band for band in pairwise(BANDS) if band[0] <= guess.boilerplate < band[1]
                )
                for name in (f"{low:g} to {min(high, 1):g}", "sure" if guess.sure else "unsure"):
                    counts = self.bands.setdefault(name, [0, 0])
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
    """Guess and learn a stream; count what is guessed after as many articles as `wanted` says."""
    engine = Boilerplate([LABEL], start)
    engine.recurrence = index
    for group in stream:
        for page in group:
            if engine.learned in wanted:
                begin = time.process_time()
                guesses = engine.guesses(page.text, page.source)
                run.note(page, guesses, engine.learned, time.process_time() - begin)
        for page in group:
            tags = [LABEL if truth else "" for truth in page.boilerplate]
            begin = time.process_time()
            engine.learn(page.text, tags, page.source)
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


def measure(path: Path, seeds: Sequence[int], quick: bool = False) -> tuple[Run, list[list[str]]]:
    """All streams of a file, and the rows of the other ways."""
    name, of = path.stem, pages(path)
    of = of[:60] if quick else of
    run, index = Run(), counted((page.source, page.text) for page in of)
    for tested, start in [(of, shipped())] if quick else parts(name, of):
        for page in tested:
            follow(run, [[page]], index, start, range(1))
        for seed in seeds:
            for stream in streams(tested, seed, 10):
                follow(run, stream, index, start, range(1, 10))
            for stream in streams(tested, seed, 50):
                follow(run, stream, index, start, range(10, 50))
    print(f"{name}: {len(run.guessing):,} articles guessed", file=sys.stderr)
    return run, beside(name, of)


def beside(name: str, of: Sequence[Page]) -> list[list[str]]:
    """The rows of the other ways."""
    ways: list[tuple[str, rivals.LineRule]] = [("shorter than 80", rivals.shorter)]
    if rules := rivals.justext_rules("Polish" if "_pl_" in name else "English"):
        ways.append(("jusText rules", rules))
    rows = []
    for title, verdict in ways:
        tally = Tally()
        for page in of:
            tally.add(page, verdict(page.lines))
        rows.append([name, title, *tally.cells()])
    return rows


# --- what is told ---------------------------------------------------------------------------------


def report(runs: dict[str, Run], others: list[list[str]]) -> str:
    """Markdown."""
    rows = []
    for name, run in runs.items():
        wanted = [at for at in (*NAMES, SURE) if at in run.by_learned]
        rows += [[name, at, *run.by_learned[at].cells()] for at in wanted]
    rows += [["all", at, *together(runs, (at,)).cells()] for at in (*NAMES, SURE)]
    rows.append(["all", "from 5", *together(runs, NAMES[2:]).cells()])
    told = ["## Boilerplate", table(HEAD, rows + others), "### Precision by confidence"]
    told += [bands(runs), "### Costs", costs(runs), "\n".join(verdicts(runs))]
    if rivals.justext_rules("English") is None:
        told.append("- jusText's rules are left out: install justext")
    return "\n\n".join(told)


def bands(runs: dict[str, Run]) -> str:
    """Precision by confidence."""
    rows = []
    for band in sorted({band for run in runs.values() for band in run.bands}):
        counts = [sum(run.bands.get(band, [0, 0])[k] for run in runs.values()) for k in (0, 1)]
        rows.append([band, f"{counts[0]:,}", f"{counts[1] / counts[0]:.3f}"])
    return table(["confidence", "lines proposed", "boilerplate"], rows)


def costs(runs: dict[str, Run]) -> str:
    """CPU and sizes."""
    guess, learn = _milliseconds(runs)
    return "\n".join(
        (
            f"- guess: {spread(guess)} ms CPU an article (median / 95th percentile), learn: {spread(learn)}",
            f"- slowest: guess {number(max(guess))} ms, learn {number(max(learn))} ms",
            f"- state with all lines of a file counted: {max(run.state for run in runs.values()):,} bytes",
        )
    )


def _milliseconds(runs: dict[str, Run]) -> tuple[list[float], list[float]]:
    guess = [1e3 * x for run in runs.values() for x in run.guessing]
    return guess, [1e3 * x for run in runs.values() for x in run.learning]


def verdicts(runs: dict[str, Run]) -> list[str]:
    """Whether what was wanted is reached."""
    after = together(runs, NAMES[2:])
    worst = max(map(p95, _milliseconds(runs)))
    kept = (
        (f"content F1 after five articles: {after.by_characters:.3f}, wanted {F1}", after.by_characters >= F1),
        (f"articles losing more than a tenth: {after.share_losing:.1%}, wanted {LOSING:.0%} at most", after.share_losing <= LOSING),
        (f"guess and learn, 95 of 100: {worst:.1f} ms CPU, wanted below 50", worst < 1e3 * CALL),
    )  # fmt: skip
    return [f"- **{'meets' if met else 'MISSES'}**: boilerplate, {what}" for what, met in kept]


def together(runs: dict[str, Run], names: Sequence[str]) -> Tally:
    """Cells of all files as one."""
    total = Tally()
    for run in runs.values():
        for name in names:
            total = total.plus(run.by_learned.get(name, Tally()))
    return total
