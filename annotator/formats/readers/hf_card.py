"""What a data set folder says about itself: its files by split, and the names of its labels."""

import fnmatch
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from annotator.formats.readers.hf_front import BadCardError, front_matter
from annotator.formats.sources.fields import language
from annotator.text.counting import Count

README = "README.md"
OWN = "annotator-hf/"
"""What the schema of our own folders begins with."""

Names = Mapping[str, tuple[str, ...]]
"""Label names by the path of their column or field: `ner_tags`, `entities.label`."""

_LIMIT = 4 << 20
"""Bytes of a card that are read."""

SUFFIXES = (".jsonl", ".parquet", ".json")

_SPLIT = re.compile(
    r"(?<![a-z])(train|training|validation|valid|val|dev|test|testing|eval|evaluation)(?![a-z])"
)
_CALLED = {
    "training": "train",
    "testing": "test",
    "eval": "test",
    "evaluation": "test",
    **dict.fromkeys(("validation", "valid", "val"), "dev"),
}
"""What the project calls splits that have other names."""


class DataFile(NamedTuple):
    """A file with rows."""

    name: str
    """Its path in the folder, with `/`."""
    split: str
    """The project's name of its split; "" when it is not known."""
    names: Names


class Card(NamedTuple):
    """What the front matter of `README.md` says."""

    own: bool = False
    """Whether annotator wrote the folder."""
    offsets: Count = Count.CODE_POINTS
    """What offsets in a folder of ours count."""
    splits: Mapping[str, str] | None = None
    """In a folder of ours: the project's name of each split that has one."""
    lang: str = ""
    """The language of all texts, when there is only one."""
    names: Mapping[str, Names] = {}
    """By configuration."""
    files: tuple[tuple[str, str, str], ...] = ()
    """Configuration, split and pattern of the paths."""
    tells: bool = False
    """Whether it says anything about files or columns."""

    def split(self, name: str) -> str:
        """The project's name of a split."""
        if self.own:
            return (self.splits or {}).get(name, "")
        return _CALLED.get(name, name)

    def names_of(self, config: str) -> Names:
        """The labels' names in a configuration."""
        if config in self.names or len(self.names) != 1:
            return self.names.get(config, {})
        return next(iter(self.names.values()))


def read_card(folder: Path) -> Card:
    """The card of a folder; an empty one when there is none.

    Raises:
        BadCardError: it is not UTF-8, or its front matter cannot be read.
    """
    path = folder / README
    try:
        with path.open("rb") as stream:
            data = stream.read(_LIMIT)
    except FileNotFoundError:
        return Card()
    except OSError as error:
        raise BadCardError(f"it cannot be read: {error.strerror or error}") from None
    try:
        return card_of(front_matter(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise BadCardError(f"byte {error.start} is not UTF-8") from None


def card_of(head: Mapping[str, Any]) -> Card:
    """What a front matter says, as far as it is understood."""
    own = _mapping(head.get("annotator"))
    langs = head.get("language")
    langs = [langs] if isinstance(langs, str) else langs if isinstance(langs, list) else []
    splits = _mapping(own.get("splits"))
    return Card(
        own=str(own.get("schema", "")).startswith(OWN),
        offsets=_count(own.get("offsets")),
        splits={name: said for name, said in splits.items() if isinstance(said, str)},
        lang=language(langs[0]) if len(langs) == 1 and isinstance(langs[0], str) else "",
        names=dict(_infos(head.get("dataset_info"))),
        files=tuple(_files(head.get("configs"))),
        tells="dataset_info" in head or "configs" in head,
    )


def data_files(folder: Path, card: Card) -> Iterator[DataFile | str]:
    """The files with rows, each once and in order; a pattern of the card that fits none as it is."""
    there = sorted(_walk(folder))
    if not card.files:
        names = card.names_of("default")
        for name in there:
            if not name.endswith(".json") or _SPLIT.search(name.rpartition("/")[2]):
                yield DataFile(name, _split_of(name, card), names)
        return
    seen: set[str] = set()
    for config, split, pattern in card.files:
        fitting = [each for each in there if fnmatch.fnmatchcase(each, pattern)]
        if not fitting:
            yield pattern
        for name in fitting:
            if name not in seen:
                seen.add(name)
                yield DataFile(name, card.split(split), card.names_of(config))


def has_data(folder: Path, card: Card) -> bool:
    """Whether there is any file with rows."""
    return any(isinstance(each, DataFile) for each in data_files(folder, card))


def hub_names(metadata: bytes | None) -> dict[str, tuple[str, ...]]:
    """Label names from the metadata `datasets` puts into Parquet files; empty without them."""
    try:
        info = json.loads(metadata or b"{}")
    except (ValueError, RecursionError):
        return {}
    features = _mapping(_mapping(info).get("info")).get("features")
    return dict(_hub(features, "", 0))


def _hub(node: Any, path: str, depth: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    if depth > 20:
        return
    if isinstance(node, list):
        for each in node[:1]:
            yield from _hub(each, path, depth + 1)
    if not isinstance(node, dict):
        return
    kind = node.get("_type")
    if kind == "ClassLabel" and (names := _strings(node.get("names"))):
        yield path, names
    elif isinstance(kind, str) and "feature" in node:
        yield from _hub(node["feature"], path, depth + 1)
    elif not isinstance(kind, str):
        for name, each in node.items():
            yield from _hub(each, f"{path}.{name}" if path else name, depth + 1)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):  # numbered: '0': PER
        numbers = sorted((int(key), key) for key in value if key.isdecimal() and len(key) < 9)
        value = [value[key] for _, key in numbers]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    return ()


def _count(value: Any) -> Count:
    return Count(value) if value in tuple(Count) else Count.CODE_POINTS


def _infos(value: Any) -> Iterator[tuple[str, Names]]:
    """The label names of each configuration in `dataset_info`."""
    for info in value if isinstance(value, list) else [value]:
        if isinstance(info, dict):
            config = info.get("config_name")
            name = config if isinstance(config, str) and config else "default"
            yield name, dict(_features(info.get("features"), ""))


def _features(node: Any, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(node, list):
        for each in node:
            name = _mapping(each).get("name")
            if isinstance(name, str):
                yield from _features(each, f"{path}.{name}" if path else name)
    elif isinstance(node, dict):
        if names := _strings(_mapping(node.get("class_label")).get("names")):
            yield path, names
        for key in ("dtype", "list", "large_list", "sequence", "struct"):
            yield from _features(node.get(key), path)


def _files(configs: Any) -> Iterator[tuple[str, str, str]]:
    """Configuration, split and pattern of everything in `configs`."""
    for config in configs if isinstance(configs, list) else []:
        each = _mapping(config)
        name, given = str(each.get("config_name", "default")), each.get("data_files")
        if isinstance(given, dict):
            given = [{"split": split, "path": path} for split, path in given.items()]
        for item in given if isinstance(given, list) else [given]:
            entry = item if isinstance(item, dict) else {"split": "train", "path": item}
            paths = entry.get("path")
            for path in paths if isinstance(paths, list) else [paths]:
                if isinstance(path, str) and path:
                    yield name, str(entry.get("split", "train")), path.removeprefix("./")


def _split_of(name: str, card: Card) -> str:
    """The split a file's name tells of, else its folders' names; "" when they tell none."""
    for part in reversed(name.lower().split("/")):
        if found := _SPLIT.search(part):
            return card.split(found[1])
    return ""


def _walk(folder: Path) -> Iterator[str]:
    """Paths of the files that may have rows; hidden ones and linked folders are passed over."""
    for place, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".")]
        inside = Path(place).relative_to(folder)
        for file in files:
            if file.lower().endswith(SUFFIXES) and not file.startswith("."):
                yield (inside / file).as_posix()
