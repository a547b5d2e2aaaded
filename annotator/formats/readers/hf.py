"""Data set folders of the Hugging Face Hub, ours and others'.

Rows come from JSON lines and, with pyarrow, Parquet, in the splits that the card or the files' names
tell. The card's `dataset_info` (or the metadata in Parquet files) names labels that are numbers.
Rows have a text and spans (structs with start, end and label), or tokens and tags; a text made of
tokens has single spaces between them. Loading scripts are not run.
Format: https://huggingface.co/docs/hub/datasets-manual-configuration.
"""

import datetime
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from annotator.formats.claims import Record
from annotator.formats.readers.hf_card import (
    README,
    Card,
    DataFile,
    data_files,
    has_data,
    hub_names,
    read_card,
)
from annotator.formats.readers.hf_front import BadCardError
from annotator.formats.readers.hf_rows import (
    NoColumnsError,
    is_annotated,
    is_own,
    own_record,
    record,
    without_bytes,
)
from annotator.formats.readers.table import HEAD, kind_of_file
from annotator.formats.sources.fields import ID_LIMIT, UnfitError
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal, open_file
from annotator.formats.sources.lines import numbered_lines
from annotator.formats.strict_json import BadJsonError, loads
from annotator.formats.writers.hf_files import arrow
from annotator.model.article import Article, text_sha256
from annotator.model.errors import AnnotatorError

_HEAD = 1 << 20
_LOOKED_AT = 20
"""Bytes and rows from which a folder without a card is told."""
_BATCH = 100
"""Rows of Parquet in memory at once."""

_Row = tuple[str, Any]
"""Where a row is, and the row or why it cannot be read."""


def sniff(head: bytes, name: str) -> bool:  # noqa: ARG001 - every reader is asked the same way
    """Never: only whole folders are of this kind."""
    return False


def sniff_folder(path: Path) -> bool:
    """Whether a folder is a data set: its card says so, or `data/` holds rows with annotations."""
    try:
        card = read_card(path)
    except BadCardError:
        card = Card()
    if card.tells or card.own:
        return has_data(path, card)
    try:
        there = sorted(path.joinpath("data").iterdir())
    except OSError:
        return False
    if any(each.suffix.lower() == ".parquet" for each in there):
        return True
    first = next((each for each in there if each.suffix.lower() == ".jsonl"), None)
    return first is not None and _is_annotated(first)


def _is_annotated(path: Path) -> bool:
    """Whether the first rows of a file have spans or tags, and no tool's reader knows it."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
        lines = head.decode("utf-8-sig", "ignore").split("\n")
        whole = lines if len(head) < _HEAD else lines[:-1]
        rows = [loads(line) for line in whole[:_LOOKED_AT] if line.strip()]
    except (OSError, BadJsonError):
        return False
    found = [row for row in rows if isinstance(row, dict)]
    if any(map(is_own, found)):
        return True
    return any(map(is_annotated, found)) and not kind_of_file(head[:HEAD], path.name)


def read(found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
    """Everything the rows of a folder say."""
    card = Card()
    try:
        card = read_card(found.path)
    except BadCardError as error:
        yield Refusal(f"{found.where}/{README}", str(error))
    folder = _Folder(found, card, options)
    files = list(data_files(found.path, card))
    if not files:
        yield Refusal(found.where, "it has no files of JSON lines or Parquet")
    for file in files:
        if isinstance(file, str):
            shown = file[:100]
            yield Refusal(f"{found.where}/{README}", f"it names {shown!r}, which is not there")
        else:
            yield from folder.file(file)


class _Folder:
    """Reads the files of a folder one after another, and keeps their ids apart."""

    def __init__(self, found: Found, card: Card, options: ReadOptions) -> None:
        self._found = found
        self._card = card
        self._options = options
        self._stem = found.path.resolve().name or "dataset"
        self._texts: dict[str, str] = {}
        """For each id the beginning of its text's SHA-256."""

    def file(self, file: DataFile) -> Iterator[Record | Refusal]:
        """What a file says; of one whose rows are of no known kind, only that."""
        where = f"{self._found.where}/{file.name}"
        path = self._found.path / file.name
        if any(other.exists() and path.samefile(other) for other in self._options.never):
            yield Refusal(where, "it is the project itself")
            return
        parquet = file.name.lower().endswith(".parquet")
        try:
            rows = self._parquet(path, where) if parquet else self._lines(path, where)
            for names, (place, row) in rows:
                item = self._item(row, place, file._replace(names={**file.names, **names}))
                if isinstance(item, NoColumnsError):
                    yield Refusal(where, str(item))
                    return
                yield item
        except AnnotatorError as error:
            yield Refusal(where, str(error).rstrip("."))
        except OSError as error:
            yield Refusal(where, f"it cannot be read: {error.strerror or 'it is damaged'}")

    def _lines(
        self, path: Path, where: str
    ) -> Iterator[tuple[Mapping[str, tuple[str, ...]], _Row]]:
        first = True
        for number, line in numbered_lines(path, self._options):
            if isinstance(line, BadJsonError):
                yield {}, (f"{where}:{number}", line)
            elif line.strip():
                row = _loaded(line)
                if first and isinstance(row, BadJsonError) and path.suffix.lower() == ".json":
                    reason = "it is one JSON value; only files with an object a line are read"
                    yield {}, (where, BadJsonError(reason))
                    return
                yield {}, (f"{where}:{number}", row)
                first = False

    def _parquet(
        self, path: Path, where: str
    ) -> Iterator[tuple[Mapping[str, tuple[str, ...]], _Row]]:
        pa, parquet = arrow()
        number = 0
        with open_file(path, self._options) as stream:
            try:
                opened = parquet.ParquetFile(stream)
                names = hub_names((opened.schema_arrow.metadata or {}).get(b"huggingface"))
                for batch in opened.iter_batches(batch_size=_BATCH):
                    for row in batch.to_pylist():
                        number += 1
                        yield names, (f"{where}, row {number}", row)
            except (pa.ArrowException, OSError, ValueError, OverflowError):
                rows = f" after row {number}" if number else ""
                yield {}, (where, BadJsonError(f"it is damaged{rows}, or no Parquet file"))

    def _item(self, row: Any, where: str, file: DataFile) -> Record | Refusal | NoColumnsError:
        left_out: Counter[str] = Counter()
        try:
            if isinstance(row, BadJsonError):
                raise row
            if not isinstance(row, dict):
                raise UnfitError("not a JSON object")
            if file.name.lower().endswith(".parquet"):
                row = _plain_row(without_bytes(row, left_out))
            found = self._record(row, where, file)
        except NoColumnsError as error:
            return error
        except (UnfitError, BadJsonError) as error:
            return Refusal(where, str(error))
        kept = Counter(found.left_out) + left_out
        return found._replace(left_out=dict(kept))

    def _record(self, row: dict[str, Any], where: str, file: DataFile) -> Record:
        if is_own(row):
            found = own_record(row, where, self._card, file.names, self._options)
        else:
            found = record(row, where, self._stem, file.names, self._options)
            found = found._replace(article=self._apart(found.article, file))
        article = found.article
        if file.split:
            article = replace(article, meta={"split": file.split, **article.meta})
        if not article.lang and self._card.lang and not self._card.own:
            article = replace(article, lang=self._card.lang, lang_source="import")
        return found._replace(article=article)

    def _apart(self, article: Article, file: DataFile) -> Article:
        """The article under an id that no other of the folder has.

        Numbers begin anew in each split, so the folder and the split go before them; an id that
        still comes twice gets a piece of its text's SHA-256.
        """
        ident = article.id.removeprefix(self._options.prefix)
        if ident.isdecimal():
            ident = "-".join(filter(None, (self._stem, file.split, ident)))
        digest = text_sha256(article.text)[:16]
        if self._texts.setdefault(ident, digest) != digest:
            ident = f"{ident}-{digest}"
        if len(ident) > ID_LIMIT:
            raise UnfitError(f"the id is longer than {ID_LIMIT} characters")
        return replace(article, id=self._options.prefix + ident)


def _loaded(line: str) -> Any:
    """A line's value, or why it has none."""
    try:
        return loads(line)
    except BadJsonError as error:
        return error


def _plain_row(row: dict[str, Any]) -> Any:
    """A row of Parquet as JSON would have it, held to the same limits."""
    try:
        return loads(json.dumps(_plain(row)))
    except (ValueError, TypeError, RecursionError) as error:  # BadJsonError is a ValueError
        raise BadJsonError(str(error)) from None


_KINDS: Mapping[type, Callable[[Any], Any]] = {
    datetime.datetime: datetime.datetime.isoformat,
    datetime.date: datetime.date.isoformat,
    datetime.time: datetime.time.isoformat,
    datetime.timedelta: str,
    Decimal: str,
    bytes: lambda _: None,
    float: lambda number: number if math.isfinite(number) else None,
}


def _plain(value: Any) -> Any:
    """A value of Arrow's as JSON has them."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    kind = next((kind for kind in _KINDS if isinstance(value, kind)), None)
    return _KINDS[kind](value) if kind else str(value)
