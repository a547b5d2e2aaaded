"""The newest event each project file is known to have held, kept outside of it.

Chains show holes, but not that a file was replaced by an older copy of itself; this does.
"""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path

from annotator.store.journal import folder


def newest(project_id: str, path: Path) -> str:
    """The id of the newest event this user wrote to the file at `path`, "" when not known."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads(_file(project_id, path).read_text("utf-8"))["newest"])
    return ""


def remember(project_id: str, path: Path, event: str) -> None:
    """Keep the id for the next check. A state folder that cannot be written is no trouble."""
    if not event:
        return
    with suppress(OSError):
        file = _file(project_id, path)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps({"newest": event, "path": str(path)}), "utf-8")
        os.replace(part, file)


def _file(project_id: str, path: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
    return folder() / f"{project_id}-{digest}.seen"
