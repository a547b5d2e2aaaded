"""Suggestions that learn, measured: `python -m benchmarks.suggestions WHAT [FILES]`.

WHAT is `entities` (F1 by number of articles), `boilerplate` (content kept), `keys` (an oracle at the real
desk), `costs` (whether a refit is felt) or `all`. FILES are JSON lines of articles with `id`, `text`,
`lang` and `spans`; lines labelled content or boilerplate are spans of the layer `line`. Without FILES
those in ../shared/data are taken. What was wanted stands at the end of each part.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.suggestions import boilerplate, costs, entities, keys, runs
from benchmarks.suggestions.corpus import DATA, first, kind_of, mixed, order, read
from benchmarks.suggestions.feeding import prepare

MOST, QUICK = 120, 30
"""Articles that the oracle works through."""
PAGES, FEW = 100, 15
"""Pages that it works through."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when an oracle's export was not the gold or nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suggestions", description=__doc__)
    parser.add_argument("what", choices=(*PARTS, "all"))
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seeds", type=int, default=2, help="random orders (default: 2)")
    parser.add_argument("--quick", action="store_true", help="few articles, one order, no spaCy")
    parser.add_argument(
        "--no-spacy", action="store_true", help="without spaCy, which takes longest"
    )
    options = parser.parse_args(arguments)
    paths = options.files or sorted((DATA / "ner").glob("slavicner_*.jsonl")) + sorted(
        (DATA / "boilerplate").glob("*.jsonl")
    )
    names = [path for path in paths if kind_of(path) == "entities"]
    pages = [path for path in paths if kind_of(path) == "boilerplate"]
    if not names and not pages:
        print(f"Nothing to measure in {DATA}: name files.", file=sys.stderr)
        return 1
    chosen = PARTS.values() if options.what == "all" else [PARTS[options.what]]
    return max(part(names, pages, options) for part in chosen)


def _entities(names: list[Path], pages: list[Path], options: argparse.Namespace) -> int:  # noqa: ARG001 - all parts are called alike
    seeds, spacy = _seeds(options), not (options.quick or options.no_spacy)
    most = QUICK if options.quick else entities.MOST
    found: dict[str, entities.Run] = {}
    sets = {path.stem: read(path) for path in names}
    for name, items in sets.items():
        print(f"entities: {name}", file=sys.stderr)
        found[name] = entities.measure(items, seeds, spacy, most=most)
    if found:
        print(entities.report(found, "random order, near-duplicates together", not options.quick))
    if options.quick:
        return 0
    if len(sets) > 1:
        sets["all as one project"] = mixed(list(sets.values()))
    topics = {
        name: entities.measure(items, seeds[:1], spacy=False, by_topic=True)
        for name, items in sets.items()
    }
    if topics:
        print(entities.report(topics, "one topic after the other", wanted=False))
    return 0


def _boilerplate(names: list[Path], pages: list[Path], options: argparse.Namespace) -> int:  # noqa: ARG001 - see above
    found: dict[str, boilerplate.Run] = {}
    others: list[list[str]] = []
    for path in pages:
        found[path.stem], rows = boilerplate.measure(path, _seeds(options), options.quick)
        others += rows
    if found:
        print(boilerplate.report(found, others))
    return 0


def _keys(names: list[Path], pages: list[Path], options: argparse.Namespace) -> int:
    failed = False
    for path in names:
        most, done = QUICK if options.quick else MOST, []
        for seed in _seeds(options):
            prepared = prepare(first(order(read(path), seed), most))
            done.append({})
            for way in keys.WAYS:
                print(f"keys: {path.stem}, order {seed}: {way.name}", file=sys.stderr)
                done[-1][way.name] = keys.work(prepared, way)
        whole = keys.together(done)
        print(keys.report(path.stem, whole))
        failed |= any(one.faults for one in whole.values())
    sets = {
        path.stem: runs.measure(path, _seeds(options)[0], FEW if options.quick else PAGES)
        for path in pages
    }
    if sets:
        print("## Keys an article for boilerplate", runs.runs_table(sets), sep="\n\n")
    faults = [fault for ways in sets.values() for one in ways.values() for fault in one.faults]
    print(*(f"- **FAILED**: {fault}" for fault in faults[: keys.FAULTS]), sep="\n")
    return 1 if failed or faults else 0


def _costs(names: list[Path], pages: list[Path], options: argparse.Namespace) -> int:  # noqa: ARG001 - see above
    if names:
        print(costs.felt(names[0], options.quick))
    return 0


def _seeds(options: argparse.Namespace) -> list[int]:
    return list(range(1, 2 if options.quick else 1 + options.seeds))


Part = Callable[[list[Path], list[Path], argparse.Namespace], int]
PARTS: dict[str, Part] = {
    "entities": _entities,
    "boilerplate": _boilerplate,
    "keys": _keys,
    "costs": _costs,
}

if __name__ == "__main__":
    sys.exit(main())
