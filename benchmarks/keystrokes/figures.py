"""What is reported: keys per span of each article, beside the peers, and the verdicts."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.keystrokes.peers import KEY, mouse_seconds
from benchmarks.report import median, number, table


@dataclass
class Run:
    """One set replayed by one policy."""

    name: str
    """What was replayed."""
    policy: str
    """How."""
    keys: list[int] = field(default_factory=list)
    """The oracle's presses, an article each; choosing the layer is one of them."""
    spans: list[int] = field(default_factory=list)
    """Gold spans, an article each; what was marked is proved to be they."""
    walked: list[int] = field(default_factory=list)
    """SLATE's keys by counted walking (boilerplate: in line mode)."""
    searched: list[int] = field(default_factory=list)
    """SLATE's keys with its search, granted every script; empty for boilerplate."""
    dropped: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Keys a span over all articles."""
        return _rate(self.keys, self.spans)

    @property
    def beside_slate(self) -> float:
        """The oracle's keys over those of SLATE's counted walking."""
        return _rate(self.keys, self.walked)


def _rate(keys: Sequence[int], spans: Sequence[int]) -> float:
    return sum(keys) / sum(spans) if sum(spans) else math.nan


def _rates(keys: Sequence[int], spans: Sequence[int]) -> list[float]:
    return [k / n for k, n in zip(keys, spans, strict=True) if n]


def _p90(values: Sequence[float]) -> float:
    return sorted(values)[math.ceil(0.9 * len(values)) - 1] if values else math.nan


def _spread(keys: Sequence[int], spans: Sequence[int]) -> str:
    """Median and 90th percentile of an article's keys per span, and keys per span over all."""
    if not keys:
        return "—"
    each = _rates(keys, spans)
    return f"{number(median(each))} / {number(_p90(each))} · {number(_rate(keys, spans))}"


def figures_table(runs: Iterable[Run]) -> str:
    """The oracle beside SLATE and the mouse."""
    head = (
        "gold",
        "policy",
        "articles",
        "spans",
        "keys a span: p50 / p90 · all",
        "SLATE, counted",
        "SLATE, search too",
        "of SLATE",
        "seconds a span",
        "mouse",
    )
    return table(head, (_row(run) for run in runs))


def _row(run: Run) -> list[str]:
    spans = sum(run.spans)
    return [
        run.name,
        run.policy,
        f"{len(run.spans)}",
        f"{spans:,}" + (f" (-{run.dropped})" if run.dropped else ""),
        _spread(run.keys, run.spans),
        _spread(run.walked, run.spans),
        _spread(run.searched, run.spans),
        number(run.beside_slate),
        number(run.rate * KEY),
        number(mouse_seconds(1)),
    ]


def verdict(target: str, value: float, limit: float, below: bool = False) -> str:
    """One line: whether a figure keeps to its target (`below`: must be less)."""
    if math.isnan(value):
        return f"- **not measured**: {target}"
    met = value < limit if below else value <= limit
    return f"- **{'meets' if met else 'MISSES'}**: {target}: {number(value)}"
