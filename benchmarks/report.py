"""Medians, Markdown tables and verdicts."""

import math
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure of one cell, in the unit of its target."""

    value: float
    where: str


def median(values: Sequence[float]) -> float:
    """The median; NaN of nothing."""
    return statistics.median(values) if values else math.nan


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; NaN of nothing."""
    return statistics.fmean(values) if values else math.nan


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed; NaN of nothing."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1] if values else math.nan


def number(value: float) -> str:
    """Milliseconds or a ratio with as many digits as the measurement bears; a dash for NaN."""
    if math.isnan(value):
        return "—"
    return f"{value:.2f}" if value < 10 else f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def spread(values: Sequence[float]) -> str:
    """Median / 95th percentile."""
    return f"{number(median(values))} / {number(p95(values))}" if values else "—"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def verdict(target: str, limit: float, figures: Iterable[Measured]) -> str:
    """One line: whether the worst figure keeps to `limit`, and where the worst one is."""
    kept = [figure for figure in figures if not math.isnan(figure.value)]
    if not kept:
        return f"- **not measured**: {target}"
    worst = max(kept, key=lambda figure: figure.value)
    word = "meets" if worst.value <= limit else "MISSES"
    missed = sum(figure.value > limit for figure in kept)
    count = f"; {missed} of {len(kept)} cells miss it" if missed else f" of {len(kept)} cells"
    return f"- **{word}**: {target}: worst {number(worst.value)} ({worst.where}){count}"


def machine() -> str:
    """What the figures were measured on and with, and how busy it was."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("textual", "slate-nlp"))
    load = os.getloadavg()[0]
    python = platform.python_version()
    return f"{os.cpu_count()} cores (load {load:.1f}), Python {python}, {packages}"
