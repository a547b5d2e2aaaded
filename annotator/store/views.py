"""Views of the queue that an annotator keeps by name: a filter line and an order.

They are habits of one person at one machine, so they lie in the user's state folder, one file for
each project and annotator, and not in the project.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from annotator.model.errors import AnnotatorError
from annotator.store.journal import folder, stem


@dataclass(frozen=True, slots=True)
class View:
    """A filter and an order under a name."""

    name: str
    line: str
    """The filter as it is typed (`filter_line`)."""
    sort: str = "number"


def views(project_id: str, actor: str) -> list[View]:
    """The views an annotator keeps for a project, sorted by name; what cannot be read is none."""
    with suppress(OSError, ValueError, TypeError):
        found = json.loads(_file(project_id, actor).read_text("utf-8"))
        made = [View(**{name: str(value) for name, value in item.items()}) for item in found]
        return sorted(made, key=lambda view: (view.name.casefold(), view.name))
    return []


def keep(project_id: str, actor: str, view: View) -> None:
    """Keep a view, instead of one with this name; raises AnnotatorError when it cannot be."""
    _write(project_id, actor, [view, *_others(project_id, actor, view.name)])


def forget(project_id: str, actor: str, name: str) -> None:
    """Keep a view no longer; raises AnnotatorError when that cannot be written."""
    _write(project_id, actor, _others(project_id, actor, name))


def _others(project_id: str, actor: str, name: str) -> list[View]:
    return [view for view in views(project_id, actor) if view.name != name]


def _write(project_id: str, actor: str, kept: list[View]) -> None:
    file = _file(project_id, actor)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_suffix(f".{os.getpid()}")
        text = json.dumps([asdict(view) for view in kept], ensure_ascii=False, indent=1)
        part.write_text(text, "utf-8")
        os.replace(part, file)
    except OSError as error:
        raise AnnotatorError(f"{file} cannot be written ({error.strerror}).") from error


def _file(project_id: str, actor: str) -> Path:
    return folder() / f"{stem(project_id, actor)}.views"
