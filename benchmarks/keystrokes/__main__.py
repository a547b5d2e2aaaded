"""Keys per correct annotation, beside SLATE and a mouse.

`python -m benchmarks.keystrokes [--quick] [--only NAME ...]` lets an oracle that presses public keys
only and sees only what is on the screen replay gold on the real desk. What its project exports must
be the gold, span for span; where it is not, the run fails.
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.keystrokes.figures import Run, figures_table, verdict
from benchmarks.keystrokes.gold import AbsentError
from benchmarks.keystrokes.names import RING, SPREAD
from benchmarks.keystrokes.replay import SETS, Replayed, replay, sample
from benchmarks.report import median, number, table

BY_HAND, OF_SLATE, WITH_OCCURRENCES = 3.0, 0.75, 2.0
ONE_CATEGORY, FINE, STANCE = 12, 60, 6
FAULTS = 12
"""So many faults of a run are told."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its report; 1 when an export was not the gold, 0 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.keystrokes", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="every 25th article of the corpora")
    names = [chosen.name for chosen in SETS]
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME")
    chosen = parser.parse_args(arguments)
    results: dict[tuple[str, str], Replayed] = {}
    skipped = []
    with tempfile.TemporaryDirectory() as folder:
        for one in SETS:
            if one.name not in chosen.only:
                continue
            try:
                articles = sample(one.load(), chosen.quick)
            except AbsentError as error:
                skipped.append(f"- skipped: {one.title}: {error}.")
                continue
            for policy in one.policies:
                print(f"{one.title}: {policy.title if policy else ''}", file=sys.stderr)
                key = (one.name, policy.title if policy else "")
                results[key] = replay(one, articles, policy, Path(folder))
    report(results, skipped)
    return 1 if any(done.run.faults for done in results.values()) else 0


def report(results: dict[tuple[str, str], Replayed], skipped: list[str]) -> None:
    """Tables, verdicts, what was skipped and what went wrong."""
    print("## Keys per correct annotation\n")
    print(figures_table(done.run for done in results.values()))
    stances = results.get(("articles_stance", ""))
    if stances:
        print("\n", stance_table(stances), sep="")
    print("", *verdicts(results), *skipped, sep="\n")
    for done in results.values():
        run = done.run
        for fault in run.faults[:FAULTS]:
            print(f"- **FAILED**: {run.name}, {run.policy}: {fault}")
        if len(run.faults) > FAULTS:
            print(f"- **FAILED**: {run.name}, {run.policy}: and {len(run.faults) - FAULTS} more")


def stance_table(done: Replayed) -> str:
    """Keys of each stance."""
    rows = []
    for cost in done.stances:
        it = cost.position
        holder = it.holder_name or it.holder
        keys = [str(len(it.evidence)), str(cost.way), str(cost.keys)]
        rows.append([it.target, holder, it.value, *keys])
    return table(("target", "holder", "value", "evidence", "keys to the row", "keys there"), rows)


def verdicts(results: dict[tuple[str, str], Replayed]) -> Iterator[str]:
    """A line for each target."""
    for one in SETS:
        if one.name.startswith("slavicner"):
            hand, spread = (_run(results, one.name, p.title) for p in (RING, SPREAD))
            by_hand, beside = (hand.rate, hand.beside_slate) if hand else (math.nan, math.nan)
            yield verdict(
                f"{one.title}, by hand, below 3 keys a span", by_hand, BY_HAND, below=True
            )
            yield verdict(
                f"{one.title}, by hand, 0.75 of SLATE's counted walking", beside, OF_SLATE
            )
            rate = spread.rate if spread else math.nan
            yield verdict(
                f"{one.title}, with occurrences, below 2", rate, WITH_OCCURRENCES, below=True
            )
    fact = _run(results, "factrueval", RING.title)
    if fact:
        yield f"- reported: factRuEval by hand: {number(fact.rate)} keys a span"
    for name, limit, what in (
        ("articles_one", ONE_CATEGORY, "one category"),
        ("articles_fine", FINE, "fine categories"),
    ):
        run = _run(results, name, "")
        keys = run.keys[0] if run else math.nan
        yield verdict(f"boilerplate of the Bulgarian article, {what}, {limit} keys", keys, limit)
    yield from _stance_verdicts(results)


def _stance_verdicts(results: dict[tuple[str, str], Replayed]) -> Iterator[str]:
    """The target is for a stance in the author's own voice, its row being the next one."""
    done = results.get(("articles_stance", ""))
    if not done:
        yield verdict("a stance with one sentence of evidence, 6 keys", math.nan, STANCE)
        return
    one = [cost for cost in done.stances if len(cost.position.evidence) == 1]
    own = [cost for cost in one if cost.position.holder == "author"]
    most = max(min(cost.way, 1) + cost.keys for cost in own)
    yield verdict(
        "a stance with one sentence of evidence, 6 keys, from the row before", most, STANCE
    )
    way = [cost.way + cost.keys for cost in own]
    yield f"- reported: with the way from the row marked before: median {number(median(way))}, at most {max(way)}"
    quoted = [cost.keys for cost in one if cost not in own]
    if quoted:
        yield f"- reported: a quoted speaker's with one sentence: median {number(median(quoted))}, at most {max(quoted)}"


def _run(results: dict[tuple[str, str], Replayed], name: str, policy: str) -> Run | None:
    done = results.get((name, policy))
    return done.run if done else None


if __name__ == "__main__":
    sys.exit(main())
