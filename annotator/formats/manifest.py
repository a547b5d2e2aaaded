"""The manifest beside every export: what it was made from and how, what went out, what did not.

A JSON file `manifest.json` in a folder, `NAME.manifest.json` beside a file; with it the SHA-256 of
every file, in the form `sha256sum -c` reads (`SHA256SUMS`, or `NAME.sha256`). It holds no times and
no names of machines: the same project and options give the same bytes.
"""

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from annotator import __version__
from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.files import Output, Part
from annotator.formats.losses import Losses
from annotator.formats.selection import Selection
from annotator.model.article import text_sha256
from annotator.model.scheme import Scheme
from annotator.text.counting import Count

if TYPE_CHECKING:
    from annotator.formats.table import Format

SCHEMA = "annotator-manifest/1"
NAME, SUFFIX = "manifest.json", ".manifest.json"
SUMS, SUMS_SUFFIX = "SHA256SUMS", ".sha256"


class Told:
    """Counts what goes into a format, and writes the manifest when all is out."""

    def __init__(
        self,
        format_: "Format",
        options: Options,
        selection: Selection,
        scheme: Scheme,
        losses: Losses,
    ) -> None:
        self._format = format_
        self._options = options
        self._selection = selection
        self._scheme = scheme
        self.losses = losses
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._labels: Counter[tuple[str, str, str]] = Counter()
        self._newest = ""

    def counted(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The same documents, counted as they pass."""
        for document in documents:
            self._count(document)
            yield document

    @property
    def has_works(self) -> bool:
        """Whether anybody's work passed so far."""
        return bool(self._counts["annotators"])

    def close(self, output: Output) -> None:
        """Write the manifest and the sums of all files, its own too."""
        name, sums = (NAME, SUMS) if output.is_folder else (SUFFIX, SUMS_SUFFIX)
        told = {**self.facts(), "files": output.hashes}
        text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
        output.write(Part(text.encode() + b"\n", name))
        lines = "".join(f"{sum_}  {file}\n" for file, sum_ in output.hashes.items())
        output.write(Part(lines.encode(), sums))

    def facts(self) -> dict[str, Any]:
        """Everything but the files."""
        scheme = self._scheme
        version = scheme.guidelines_version
        return {
            "schema": SCHEMA,
            "tool": f"annotator {__version__}",
            "format": self._format.name,
            "options": options_facts(self._options),
            "selection": self._selection.facts(),
            "scheme": {
                "name": scheme.name,
                "version": scheme.version,
                "sha256": text_sha256(scheme.toml),
                "guidelines_sha256": text_sha256(scheme.guidelines),
                **({"guidelines_version": version} if version else {}),
            },
            "versions": _versions(),
            "newest_event": self._newest,
            "went_in": self._went_in(),
            "went_out": self.losses.written,
            "facts": self.losses.facts,
            "losses": [
                {
                    "what": kind,
                    "count": count,
                    **({"examples": list(few)} if self._format.texts else {}),
                }
                for kind, count, few in self.losses
            ],
        }

    def _count(self, document: Document) -> None:
        counts = self._counts
        counts["articles"][document.article.lang or "und"] += 1
        if document.split:
            counts["splits"][document.split] += 1
        for work in document.works:
            counts["annotators"][work.actor] += 1
            counts["states"][str(work.status.state)] += 1
            self._labels.update((span.layer, span.label, span.origin) for span in work.spans)
            if work.stances:
                counts["stances"].update(stance.label for stance in work.stances)
            decided = (e for key, e in work.versions.items() if not key.startswith("time:"))
            self._newest = max(self._newest, max(decided, default=""))

    def _went_in(self) -> dict[str, dict[str, int]]:
        """The counts by what they are of, each sorted by name."""
        for (layer, label, origin), count in self._labels.items():
            self._counts["labels"][f"{layer}/{label}"] += count
            self._counts["methods"][origin] += count
        self._labels.clear()
        return {name: dict(sorted(each.items())) for name, each in sorted(self._counts.items())}


def options_facts(options: Options) -> dict[str, Any]:
    """The options that are not as they are by themselves."""
    values = {field.name: getattr(options, field.name) for field in fields(Options)}
    usual = {field.name: field.default for field in fields(Options)}
    return {name: value for name, value in values.items() if value != usual[name]}


def options_of(facts: dict[str, Any]) -> Options:
    """The options a manifest tells of."""
    known = {field.name for field in fields(Options)}
    given = {name: value for name, value in facts.items() if name in known}
    if "offsets" in given:
        given["offsets"] = Count(given["offsets"])
    return Options(**given)


def _versions() -> dict[str, str]:
    """Of what decides about the bytes: tokenizer, its library, Unicode."""
    import regex

    from annotator.text.tokens import TOKENIZER

    return {
        "tokenizer": TOKENIZER,
        "regex": str(regex.__version__),
        "unicode": unicodedata.unidata_version,
    }
