"""Why PostgreSQL did not start, in a sentence made of its log."""

import re
from pathlib import Path

from annotator.model.errors import AnnotatorError

_KNOWN = (
    (
        "Address already in use",
        "Port {port} is taken on this machine, perhaps by another PostgreSQL: --port {next} may be free.",
    ),
    ("Cannot assign requested address", "{listen} is no address of this machine: give another."),
    ("No space left on device", "The disk of {folder} is full: make room, then start again."),
    ("Disk quota exceeded", "Your share of the disk of {folder} is used up: make room."),
    ("Read-only file system", "{folder} lies on a disk that cannot be written."),
    (
        "could not map anonymous shared memory",
        "There is too little memory: make shared_buffers smaller in {folder}/data/postgresql.conf.",
    ),
    (
        "pre-existing shared memory block",
        "Processes of a server that was killed still run on {folder}: wait a moment, then start again.",
    ),
)
_WORST = re.compile(r"(?:PANIC|FATAL|ERROR|initdb: error):\s*(.+)")


def explained(log: str, folder: Path, port: int = 0, listen: str = "") -> AnnotatorError:
    """What to tell about a start that failed.

    Args:
        log: What the program wrote since it was started.
        folder: The server's folder.
        port: Where it was to listen.
        listen: At which address.
    """
    given = {"folder": folder, "port": port, "next": port + 1, "listen": listen}
    for sign, sentence in _KNOWN:
        if sign in log:
            return AnnotatorError(sentence.format_map(given))
    said = _WORST.findall(log) or [line for line in log.splitlines() if line.strip()]
    why = said[-1].strip() if said else "it said nothing"
    return AnnotatorError(f"PostgreSQL did not start in {folder}: {why}")
