"""The newest event each project is known to have held, kept outside of it.

Chains show holes, but not that a file was replaced by an older copy of itself; this does.
"""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path

from annotator.store.address import Address, Place
from annotator.store.journal import folder


def newest(project_id: str, path: Place) -> str:
    """The id of the newest event this user wrote to the project at `path`, "" when not known."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads(_file(project_id, path).read_text("utf-8"))["newest"])
    return ""


def remember(project_id: str, path: Place, event: str) -> None:
    """Keep the id for the next check. A state folder that cannot be written is no trouble."""
    if not event:
        return
    with suppress(OSError):
        file = _file(project_id, path)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps({"newest": event, "path": str(path)}), "utf-8")
        os.replace(part, file)


def _file(project_id: str, path: Place) -> Path:
    known = path.known_as if isinstance(path, Address) else str(path)
    digest = hashlib.sha256(os.fsencode(known)).hexdigest()[:10]
    return folder() / f"{project_id}-{digest}.seen"
