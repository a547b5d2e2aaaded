"""The real doccano takes our exports in and gives them out: `python doccano_consumer.py EXPORT...`.

For a virtual environment of its own (requirements-doccano.txt), without a server and without a
network: doccano's import pipeline runs on an SQLite file in a temporary folder, into a project that
allows overlapping spans and into one that does not, and its export pipeline writes the first one
out again. What comes out must be what went in, offsets and metadata too. One line of JSON says what
was found; the exit code is 1 when anything is wrong. A second path after a colon gets doccano's own
export: `export.jsonl:given-out.jsonl`.
"""

import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        start(Path(folder))
        files = []
        for number, argument in enumerate(arguments):
            path, _, out = argument.partition(":")
            files.append(look_at(Path(path), Path(out or f"{folder}/{number}.jsonl"), number))
    good = bool(files) and not any(file["errors"] for file in files)
    print(json.dumps({"ok": good, "files": files}, ensure_ascii=False))
    return 0 if good else 1


def start(folder: Path) -> None:
    """Django with doccano's settings and an empty database."""
    backend = importlib.util.find_spec("backend")
    assert backend is not None, "doccano is not installed"
    sys.path.insert(0, next(iter(backend.submodule_search_locations or ())))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "MEDIA_ROOT": str(folder / "media"),
        "STANDALONE": "True",
    }
    import django
    from django.core import management

    django.setup()
    management.call_command("migrate", verbosity=0)


def look_at(path: Path, out: Path, number: int) -> dict[str, object]:
    """What doccano makes of an export, and what is wrong with it."""
    lines = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    overlapping, errors = take_in(path, f"overlapping {number}", allow_overlapping=True)
    flat, more = take_in(path, f"flat {number}", allow_overlapping=False)
    errors += more
    give_out(overlapping, out)
    given = [json.loads(line) for line in out.read_text("utf-8").split("\n") if line]
    errors += differences(lines, given)
    return {
        "path": path.name,
        "lines": len(lines),
        "examples": overlapping.examples.count(),
        "spans": spans_in(overlapping),
        "spans without overlaps": spans_in(flat),
        "labels": labels(given),
        "errors": errors[:20],
    }


def take_in(path: Path, name: str, allow_overlapping: bool) -> tuple[object, list[str]]:
    """A new project with the file imported, and what doccano complains of."""
    from data_import.datasets import load_dataset
    from data_import.pipeline.catalog import JSONL
    from data_import.pipeline.readers import FileName
    from django.contrib.auth.models import User
    from projects.models import ProjectType, SequenceLabelingProject

    user, _ = User.objects.get_or_create(username="somebody")
    project = SequenceLabelingProject.objects.create(
        name=name,
        project_type=ProjectType.SEQUENCE_LABELING,
        collaborative_annotation=True,
        allow_overlapping=allow_overlapping,
        created_by=user,
    )
    files = [FileName(full_path=str(path), generated_name=path.name, upload_name=path.name)]
    dataset = load_dataset(ProjectType.SEQUENCE_LABELING, JSONL, files, project, encoding="utf_8")
    dataset.save(user)
    return project, [str(error) for error in dataset.errors]


def give_out(project: object, out: Path) -> None:
    """The project in doccano's own export."""
    from data_export.models import ExportedExample
    from data_export.pipeline import factories
    from data_export.pipeline.dataset import Dataset
    from data_export.pipeline.services import ExportApplicationService

    examples = ExportedExample.objects.filter(project=project)
    dataset = Dataset(
        examples,
        factories.create_labels(project, examples),
        factories.create_comment(examples),
        is_text_project=True,
    )
    formatters = factories.create_formatter(project, "JSONL")
    ExportApplicationService(dataset, formatters, factories.create_writer("JSONL")).export(out)


def spans_in(project: object) -> int:
    from labels.models import Span

    return Span.objects.filter(example__project=project).count()


def differences(lines: list[dict], given: list[dict]) -> list[str]:
    """Where what came out is not what went in."""
    by_id = {line["id"]: line for line in given}
    wrong = [] if len(by_id) == len(lines) else [f"{len(lines)} lines in, {len(by_id)} out"]
    for line in lines:
        other = by_id.get(line["id"], {})
        wrong += [
            f"{line['id']}: {name} is {str(other.get(name))[:80]}"
            for name, value in line.items()
            if name not in ("label", "Comments") and other.get(name) != value
        ]
        if sorted(map(tuple, line["label"])) != sorted(map(tuple, other.get("label", ()))):
            wrong.append(f"{line['id']}: other labels")
    return wrong


def labels(given: list[dict]) -> list[list[object]]:
    """Each label with its text, in order."""
    return [
        [line["id"], start, end, label, line["text"][start:end]]
        for line in given
        for start, end, label in line["label"]
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
