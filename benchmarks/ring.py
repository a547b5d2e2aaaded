"""How well the candidate ring fits what annotators labelled: `python -m benchmarks.ring [FILES...]`.

Files are JSON lines with `text` and `spans` (`start`, `end`, `label`); of nested spans the outermost
count. Each file is read twice: by the text alone, and as a project would, where the surfaces labelled
in earlier articles are known. Keys per span are those of an annotator who pays one key for a
candidate, labelled or skipped, and five for a span the ring has not with these edges.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.suggest.ring import candidates
from annotator.text.forms import form_key
from benchmarks.report import table

DATA = Path(__file__).parents[2] / "shared" / "data" / "ner"
BY_HAND = 5
"""Keys for a span that is not in the ring."""
HEAD = [
    "file", "surfaces known", "spans", "exact", "overlap", "candidates per span", "precision",
    "keys per span", "ms per 10 KB",
]  # fmt: skip


@dataclass
class Tally:
    """Counts over the articles of a file."""

    spans: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    overlap: Counter[str] = field(default_factory=Counter)
    candidates: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    size: int = 0
    seconds: float = 0.0

    def row(self, name: str, known: bool) -> list[str]:
        """The figures of a file."""
        spans, exact, found = self.spans.total(), self.exact.total(), self.candidates.total()
        return [
            name,
            "yes" if known else "no",
            f"{spans:,}",
            f"{exact / spans:.3f}",
            f"{self.overlap.total() / spans:.3f}",
            f"{found / spans:.2f}",
            f"{exact / max(found, 1):.3f}",
            f"{(found + BY_HAND * (spans - exact)) / spans:.2f}",
            f"{self.seconds * 1e3 / self.size * 1e4:.1f}",
        ]


def outermost(spans: list[dict[str, Any]]) -> dict[tuple[int, int], str]:
    """The ranges that lie in no other, and the first label of each."""
    found: dict[tuple[int, int], str] = {}
    reached = -1
    for span in sorted(spans, key=lambda span: (span["start"], -span["end"])):
        if span["end"] > reached:
            found[span["start"], span["end"]] = span["label"]
            reached = span["end"]
    return found


def articles(path: Path, layer: str | None) -> Iterator[tuple[str, dict[tuple[int, int], str]]]:
    """Texts and their outermost spans, of one layer or of all."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            spans = [span for span in article["spans"] if layer in (None, span.get("layer"))]
            yield article["text"], outermost(spans)


def measure(path: Path, layer: str | None, known: bool) -> Tally:
    """Look for the candidates of all articles of a file and count."""
    tally = Tally()
    keys: set[str] = set()
    for text, gold in articles(path, layer):
        _count(tally, text, gold, keys if known else frozenset())
        keys.update(form_key(text[start:end]) for start, end in gold)
    return tally


def _count(
    tally: Tally, text: str, gold: dict[tuple[int, int], str], known: Container[str]
) -> None:
    begun = time.process_time()
    found = candidates(text, known=known)
    tally.seconds += time.process_time() - begun
    tally.size += len(text.encode())
    covered = bytearray(len(text))
    for candidate in found:
        covered[candidate.start : candidate.end] = b"\1" * (candidate.end - candidate.start)
        tally.candidates[candidate.why] += 1
        label = gold.get((candidate.start, candidate.end))
        tally.right[candidate.why] += label is not None
        if label is not None:
            tally.exact[label] += 1
    for (start, end), label in gold.items():
        tally.spans[label] += 1
        tally.overlap[label] += any(covered[start:end])


def shares(part: Counter[str], whole: Counter[str]) -> str:
    """The share of each kind, the most frequent first."""
    kinds = whole.most_common(12)
    return ", ".join(f"{kind} {part[kind] / count:.2f} of {count:,}" for kind, count in kinds)


def main(arguments: list[str]) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ring", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--layer", help="only spans of this layer (factRuEval: ner for names)")
    options = parser.parse_args(arguments)
    paths = options.files or sorted(DATA.glob("*.jsonl"))
    if not paths:
        print(f"no files in {DATA}: name some", file=sys.stderr)
        return 1
    rows, details = [], []
    for path in paths:
        for known in (False, True):
            tally = measure(path, options.layer, known)
            rows.append(tally.row(path.stem, known))
            state = "known" if known else "not known"
            details.append(
                f"- {path.stem}, surfaces {state}: exact by label: {shares(tally.exact, tally.spans)};"
                f" right by reason: {shares(tally.right, tally.candidates)}"
            )
    print(table(HEAD, rows), "\n".join(details), sep="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
