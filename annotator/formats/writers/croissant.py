"""Croissant 1.1: what files a data set has and what their columns are, as JSON-LD.

A `FileObject` with its SHA-256 for each split, a `RecordSet` for each split with a `Field` for each
column, one more that names the splits, and one for the labels of each layer. What a project does not
know (address, licence, creator, date of publication) is left out, for whoever publishes to fill in.
Format: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html.
"""

import json
from collections.abc import Iterator
from typing import Any

from annotator.formats.writers.hf_card import Facts
from annotator.formats.writers.hf_features import Feature
from annotator.formats.writers.hf_files import DataFile

SPEC = "http://mlcommons.org/croissant/1.1"

_ENCODINGS = {".jsonl": "application/jsonlines", ".parquet": "application/x-parquet"}
_TYPES = {
    "string": "sc:Text",
    "int64": "sc:Integer",
    "bool": "sc:Boolean",
    "day": "sc:Date",
    "time": "sc:DateTime",
}
_SPLITS = {
    "train": "cr:TrainingSplit",
    "validation": "cr:ValidationSplit",
    "test": "cr:TestSplit",
}

_PLAIN_TERMS = (
    *("annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty"),
    *(
        "excludes",
        "extract",
        "field",
        "fileProperty",
        "fileObject",
        "fileSet",
        "format",
        "includes",
    ),
    *("isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet"),
    *("references", "regex", "readLines", "repeated", "replace", "samplingRate", "sdVersion"),
    *("separator", "source", "subField", "transform", "unArchive", "value"),
)
"""Terms of Croissant that the context gives their namespace and nothing more."""


def croissant(facts: Facts) -> str:
    """The whole `croissant.json`."""
    described: dict[str, Any] = {
        "@context": _context(),
        "@type": "sc:Dataset",
        "name": facts.title,
        "description": _description(facts),
        "conformsTo": SPEC,
        "version": f"{facts.scheme.version}.0.0",
        "keywords": facts.tags,
        "distribution": [_file(file) for file in facts.files.values()],
        "recordSet": list(_record_sets(facts)),
    }
    if facts.langs:
        described["inLanguage"] = facts.langs
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _context() -> dict[str, Any]:
    """The JSON-LD context of the specification's appendix, with the terms its library adds."""
    as_json = {name: {"@id": f"cr:{name}", "@type": "@json"} for name in ("data", "examples")}
    return {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "description": {"@container": "@language"},
        "name": {"@container": "@language"},
        **as_json,
        **{name: f"cr:{name}" for name in _PLAIN_TERMS},
    }


def _description(facts: Facts) -> str:
    what = ", ".join(layer.title or layer.name for layer in facts.scheme.layers)
    total = facts.totals.total
    return (
        f"{total} news article{'' if total == 1 else 's'} with what one annotator each marked: "
        f"{what}. Scheme {facts.scheme.name}, version {facts.scheme.version}. "
        "README.md tells more."
    )


def _file(file: DataFile) -> dict[str, Any]:
    suffix = file.path[file.path.rindex(".") :]
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path.rpartition("/")[2],
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": _ENCODINGS[suffix],
        "sha256": file.sha256,
    }


def _record_sets(facts: Facts) -> Iterator[dict[str, Any]]:
    if facts.files:
        yield _splits(list(facts.files))
    for feature in facts.columns:
        for name, labels in _label_sets(feature):
            yield _labels(name, labels)
    for split, file in facts.files.items():
        yield _records(split, file, _described(facts, file))


def _described(facts: Facts, file: DataFile) -> list[Feature]:
    """The columns of a file; of JSON lines without dates that are of no one kind.

    mlcroissant reads JSON lines with pandas, which turns a column called `date` into points in time
    whenever it can, and then fails where text was announced.
    """
    if file.path.endswith(".parquet"):
        return list(facts.columns)
    kind = facts.totals.dates
    return [
        each._replace(dtype=kind) if each.name == "date" else each
        for each in facts.columns
        if each.name != "date" or kind
    ]


def _splits(names: list[str]) -> dict[str, Any]:
    """The set that names the splits and says what each is for."""
    return _inline(
        "splits",
        "cr:Split",
        {"name": "sc:Text", "url": "sc:URL"},
        [{"splits/name": name, "splits/url": _SPLITS.get(name, "cr:Split")} for name in names],
    )


def _label_sets(feature: Feature) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The labels of a column, those inside its structs too."""
    if feature.labels:
        yield f"labels/{feature.name}", feature.labels
    for each in feature.fields:
        if each.labels:
            yield f"labels/{feature.name}/{each.name}", each.labels


def _labels(name: str, labels: tuple[str, ...]) -> dict[str, Any]:
    """An enumeration: labels with their numbers."""
    data = [{f"{name}/index": n, f"{name}/name": label} for n, label in enumerate(labels)]
    return _inline(name, "sc:Enumeration", {"index": "sc:Integer", "name": "sc:Text"}, data)


def _inline(
    name: str, kind: str, columns: dict[str, str], data: list[dict[str, Any]]
) -> dict[str, Any]:
    """A record set whose records stand in it, known by their names."""
    fields = [
        {"@type": "cr:Field", "@id": f"{name}/{field}", "name": field, "dataType": type_}
        for field, type_ in columns.items()
    ]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "dataType": kind,
        "key": {"@id": f"{name}/name"},
        "field": fields,
        "data": data,
    }


def _records(split: str, file: DataFile, columns: list[Feature]) -> dict[str, Any]:
    """The articles of a split."""
    name = {
        "@type": "cr:Field",
        "@id": f"{split}/split",
        "name": "split",
        "description": "the split the article is in, from the name of its file",
        "dataType": "sc:Text",
        "source": {
            "fileObject": {"@id": file.path},
            "extract": {"fileProperty": "filename"},
            "transform": {"regex": r"^(\w+?)(?:\.\w+)?$"},
        },
        "references": {"field": {"@id": "splits/name"}},
    }
    return {
        "@type": "cr:RecordSet",
        "@id": split,
        "name": split,
        "description": f"{file.rows} articles, one a row",
        "key": {"@id": f"{split}/id"},
        "field": [name, *(_field(each, split, file) for each in columns)],
    }


def _field(feature: Feature, split: str, file: DataFile) -> dict[str, Any]:
    """A column as a field; a list of structs has a sub-field for each field that is no list."""
    ident = f"{split}/{feature.name}"
    field: dict[str, Any] = {"@type": "cr:Field", "@id": ident, "name": feature.name}
    if feature.about:
        field["description"] = feature.about
    if feature.many:
        field |= {"isArray": True, "arrayShape": "-1"}
    if not feature.fields:
        return {**field, "dataType": _type(feature, file), "source": _source(file, feature.name)}
    left_out = [each.name for each in feature.fields if each.many]
    if left_out:
        field["description"] += f"; not described here: {', '.join(left_out)}"
    field["subField"] = [
        {
            "@type": "cr:Field",
            "@id": f"{ident}/{each.name}",
            "name": each.name,
            "dataType": _type(each, file),
            "source": {**_source(file, feature.name), "transform": {"jsonPath": each.name}},
        }
        for each in feature.fields
        if not each.many
    ]
    return field


def _source(file: DataFile, column: str) -> dict[str, Any]:
    return {"fileObject": {"@id": file.path}, "extract": {"column": column}}


def _type(feature: Feature, file: DataFile) -> str:
    if feature.dtype == "class_label":
        return "sc:Text" if file.path.endswith(".jsonl") else "sc:Integer"
    return _TYPES[feature.dtype]
