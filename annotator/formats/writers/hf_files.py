"""The data files of a Hugging Face folder, one for each split: JSON lines, or Parquet.

Bytes go out as soon as they are made; of each file its size, SHA-256 and number of rows are kept for
the Croissant description.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol

from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.writers.hf_features import Feature, encoded, hub, timelike
from annotator.model.errors import AnnotatorError

ROWS = 1000
"""Rows of a row group."""

CHARACTERS = 8_000_000
"""Characters of text after which a row group is closed although it has fewer rows."""

BATCH = 10 << 20
"""Bytes of JSON lines that `datasets` reads at once, guessing the type of each column anew."""

Columns = Callable[[], tuple[Feature, ...]]
"""Gives the columns with all labels met so far."""


class DataFile:
    """What is known of a data file once it is written."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.rows = 0
        self.size = 0
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the bytes so far."""
        return self._digest.hexdigest()

    def part(self, data: bytes, last: bool = False) -> Part:
        """Some more bytes of the file."""
        self.size += len(data)
        self._digest.update(data)
        return Part(data, self.path, last)


class Writer(Protocol):
    """Makes data files from rows."""

    files: dict[str, DataFile]
    """By split, in the order of their first rows."""

    def add(self, split: str, row: dict[str, Any]) -> Iterator[Part]:
        """Put a row into a split's file."""

    def close(self) -> Iterator[Part]:
        """What is left."""


class Lines:
    """JSON lines."""

    def __init__(self, losses: Losses) -> None:
        self.files: dict[str, DataFile] = {}
        self._times: dict[str, _Times] = {}
        self._losses = losses

    def add(self, split: str, row: dict[str, Any]) -> Iterator[Part]:
        """Put a row into a split's file."""
        if split not in self.files:
            self.files[split] = DataFile(f"data/{split}.jsonl")
            self._times[split] = _Times(self._losses)
        file = self.files[split]
        file.rows += 1
        data = _line(row)
        self._times[split].see(row, len(data))
        yield file.part(data)

    def close(self) -> Iterator[Part]:
        """Look through the last batches."""
        for times in self._times.values():
            times.close()
        yield from ()


def _line(row: dict[str, Any]) -> bytes:
    """A row as one line, its columns in their order."""
    with _utf8(row["id"]):
        return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@contextmanager
def _utf8(where: str) -> Iterator[None]:
    """Turn a string that is no Unicode text into a sentence."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise AnnotatorError(f"Article {where!r} holds what UTF-8 cannot: {error}.") from error


class _Times:
    """Finds columns that `datasets` will take for times: all their values in a batch look so.

    Its JSON reader guesses before it looks at the card, and gives 2026-03-06 as 2026-03-06 00:00:00.
    """

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self._size = 0
        self._met: dict[str, bool] = {}
        """For each column with strings whether one of them is no time."""

    def see(self, row: dict[str, Any], size: int) -> None:
        """Look at a row of `size` bytes."""
        for name, value in row.items():
            self._look(name, value)
        self._size += size
        if self._size > BATCH:  # a batch ends with the line that passes the limit
            self.close()

    def close(self) -> None:
        """End the batch, and note what will be taken for times."""
        for name, plain in self._met.items():
            if not plain:
                kind = f"batch of JSON lines in which datasets takes {name} for times"
                self._losses.add(kind)
        self._size, self._met = 0, {}

    def _look(self, name: str, value: Any) -> None:
        if isinstance(value, str):
            if not self._met.get(name):
                self._met[name] = not timelike(value)
        elif isinstance(value, list):
            for each in value:
                self._look(name, each)
        elif isinstance(value, dict):
            for key, each in value.items():
                self._look(f"{name}.{key}", each)


class Parquet:
    """Parquet with row groups of `ROWS` rows, labels as numbers."""

    def __init__(self, columns: Columns) -> None:
        """AnnotatorError when pyarrow is not installed."""
        self.files: dict[str, DataFile] = {}
        self._arrow, self._parquet = arrow()
        self._columns = columns
        self._open: dict[str, tuple[_Sink, Any]] = {}
        self._waiting: dict[str, list[dict[str, Any]]] = {}
        self._characters: dict[str, int] = {}

    def add(self, split: str, row: dict[str, Any]) -> Iterator[Part]:
        """Put a row into a split's file."""
        if split not in self.files:
            self.files[split] = DataFile(f"data/{split}.parquet")
            sink = _Sink()
            # The names of labels are known at the end only; without a stored schema, what is said
            # there is what readers take for the schema's.
            writer = self._parquet.ParquetWriter(
                sink, self._schema(), compression="zstd", store_schema=False
            )
            self._open[split] = sink, writer
            self._waiting[split], self._characters[split] = [], 0
        self.files[split].rows += 1
        self._waiting[split].append(row)
        self._characters[split] += len(row["text"])
        if len(self._waiting[split]) == ROWS or self._characters[split] > CHARACTERS:
            yield self._group(split)

    def close(self) -> Iterator[Part]:
        """The last row groups, and the ends of all files with what their columns are."""
        features = json.dumps({"info": {"features": hub(self._columns())}}, ensure_ascii=False)
        for split, (sink, writer) in self._open.items():
            if self._waiting[split]:
                yield self._group(split)
            writer.add_key_value_metadata({"huggingface": features})
            writer.close()
            yield self.files[split].part(sink.taken(), last=True)

    def _group(self, split: str) -> Part:
        sink, writer = self._open[split]
        columns = self._columns()
        rows = [
            {each.name: encoded(each, row[each.name]) for each in columns}
            for row in self._waiting[split]
        ]
        with _utf8(f"{rows[0]['id']} or one after it"):
            table = self._arrow.Table.from_pylist(rows, schema=self._schema())
        writer.write_table(table)
        self._waiting[split], self._characters[split] = [], 0
        return self.files[split].part(sink.taken())

    def _schema(self) -> Any:
        return self._arrow.schema([(each.name, self._type(each)) for each in self._columns()])

    def _type(self, feature: Feature) -> Any:
        if feature.many:
            return self._arrow.list_(self._type(feature._replace(many=False)))
        if feature.dtype == "struct":
            return self._arrow.struct([(each.name, self._type(each)) for each in feature.fields])
        if feature.dtype == "class_label":
            return self._arrow.int64()  # as `datasets` has it
        return (
            self._arrow.bool_()
            if feature.dtype == "bool"
            else self._arrow.type_for_alias(feature.dtype)
        )


def arrow() -> tuple[Any, Any]:
    """The modules `pyarrow` and `pyarrow.parquet`.

    Raises:
        AnnotatorError: they are not installed.
    """
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise AnnotatorError(
            "Parquet files need pyarrow: pip install 'annotator-tui[parquet]'."
        ) from error


class _Sink:
    """Where Arrow writes to: keeps bytes until they are taken."""

    closed = False

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def write(self, data: Any) -> int:
        """Take bytes."""
        self._chunks.append(bytes(data))
        return len(self._chunks[-1])

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing more comes."""

    def taken(self) -> bytes:
        """The bytes since the last time."""
        data = b"".join(self._chunks)
        self._chunks.clear()
        return data
