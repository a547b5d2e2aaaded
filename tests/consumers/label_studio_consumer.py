"""Label Studio's own SDK reads our exports: `python label_studio_consumer.py EXPORT...`.

For a virtual environment of its own (requirements-label-studio.txt). The configuration beside each
export is parsed and checked, every task and annotation is validated against it, and the SDK's
converter turns the export into JSON-MIN, from which the labels are counted. Validation knows names
only, so offsets are held against the text here. One line of JSON says what was found; the exit
code is 1 when anything is wrong.
"""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface


def main(paths: list[str]) -> int:
    files = [look_at(Path(path)) for path in paths]
    good = bool(files) and not any(file["errors"] for file in files)
    print(json.dumps({"ok": good, "files": files}, ensure_ascii=False))
    return 0 if good else 1


def look_at(path: Path) -> dict[str, object]:
    """What the SDK finds in an export, and what is wrong with it."""
    config = Path(f"{path}.config.xml").read_text("utf-8")
    interface = LabelInterface(config)
    interface.validate()
    tasks = json.loads(path.read_text("utf-8"))
    errors = [error for task in tasks for error in faults(interface, task)]
    found = minimal(config, path) if any(task["annotations"] for task in tasks) else []
    return {
        "path": path.name,
        "controls": sorted(control.name for control in interface.controls),
        "tasks": len(tasks),
        "annotations": sum(len(task["annotations"]) for task in tasks),
        "labels": labels(found),
        "errors": errors[:20],
    }


def faults(interface: LabelInterface, task: dict) -> list[str]:
    """What is wrong with a task."""
    name = task["data"].get("doc_id")
    wrong = []
    # On the data alone: with annotations the SDK's check of a task fails over its own call.
    if not interface.validate_task({"data": task["data"]}):
        wrong.append(f"{name}: the data does not fit")
    for annotation in task["annotations"]:
        if not interface.validate_annotation(annotation):
            said = interface.validate_prediction(annotation, return_errors=True)
            wrong.append(f"{name}: {said}")
        for region in annotation["result"]:
            value = region["value"]
            if region["type"] == "labels":
                surface = task["data"]["text"][value["start"] : value["end"]]
                if surface != value["text"] or not surface:
                    wrong.append(f"{name}: {value} does not cut out its text")
    return wrong


def minimal(config: str, path: Path) -> list[dict]:
    """The export as JSON-MIN, made by the SDK's converter."""
    with tempfile.TemporaryDirectory() as folder:
        converter = Converter(config, folder, download_resources=False)
        converter.convert_to_json_min(str(path), folder, is_dir=False)
        return json.loads((Path(folder) / "result.json").read_text("utf-8"))


def labels(found: list[dict]) -> dict[str, int]:
    """How often each label occurs, as `control/label`."""
    counted: Counter[str] = Counter()
    for record in found:
        for control, values in record.items():
            for value in values if isinstance(values, list) else ():
                for label in value.get("labels", ()) if isinstance(value, dict) else ():
                    counted[f"{control}/{label}"] += 1
    return dict(sorted(counted.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
