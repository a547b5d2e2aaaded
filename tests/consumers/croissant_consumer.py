"""Reads a data set folder through its croissant.json, as a program of its own.

Run by an interpreter that has mlcroissant (requirements-croissant.txt), offline:

    python croissant_consumer.py FOLDER

prints JSON - how many records, of which splits, labels by column, faults - and exits with 0, or with
1 when the description has faults or the files are not the described ones.
"""

import json
import logging
import socket
import sys
import warnings
from collections import Counter
from pathlib import Path


def no_network(*_args, **_more):
    raise OSError("this check reads local files only")


def told(folder: Path) -> dict:
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    issues = dataset.metadata.issues
    names = [as_json(split["splits/name"]) for split in dataset.records("splits")]
    splits, labels, first = Counter(), {}, {}
    for name in names:
        for record in dataset.records(name):
            plain = as_json(record)
            assert plain[f"{name}/split"] == name, plain[f"{name}/split"]
            splits[name] += 1
            first.setdefault(name, plain)
            count_labels(plain, labels)
    return {
        "records": sum(splits.values()),
        "splits": splits,
        "labels": labels,
        "first": first,
        "errors": sorted(issues.errors),
        "warnings": sorted(issues.warnings),
        "sets": sorted(each.id for each in dataset.metadata.record_sets),
    }


def as_json(value):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def count_labels(record: dict, labels: dict) -> None:
    for value in record.values():
        for struct in value if isinstance(value, list) else []:
            for name, each in struct.items() if isinstance(struct, dict) else []:
                if name.endswith("/label"):
                    column = name.split("/")[1]
                    labels.setdefault(column, Counter())[str(each)] += 1


def main() -> int:
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    socket.socket.connect = no_network
    found = told(Path(sys.argv[1]).resolve())
    print(json.dumps(found, ensure_ascii=False, sort_keys=True))
    return 1 if found["errors"] else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception as error:  # a consumer's many ways to refuse a file
        why = [f"{type(each).__name__}: {each}" for each in (error, error.__cause__) if each]
        print(json.dumps({"errors": why}, ensure_ascii=False))
        sys.exit(1)
