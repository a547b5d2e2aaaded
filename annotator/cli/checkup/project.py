"""A project: where it lies, who has it, and what waits in it."""

from pathlib import Path

from annotator.cli import out
from annotator.cli.checkup.facts import Section
from annotator.store import health
from annotator.store.address import Address, Place
from annotator.store.project import Project

ENOUGH = 100 * 1024 * 1024
"""Bytes free that no sitting will need."""
CROWDED = 0.8
"""Of the connections that a server takes: with more it is told."""
SLOW = 100
"""Milliseconds of an answer from which on it is told."""


def look(path: Place, actor: str) -> Section:
    """What can be told of the project without reading its articles."""
    section = Section("Project")
    with section.noting():
        if isinstance(path, Address):
            _server(section, path)
        else:
            _file(section, path)
        with Project.open(path, actor, readonly=True) as project:
            _contents(section, project)
    return section


def _file(section: Section, path: Path) -> None:
    found = health.health(path)
    section.fact("path", str(found.path))
    section.fact("size", size(found.size))
    section.fact("write-ahead log", size(found.log))
    section.fact("file system", found.file_system or "not told")
    section.fact("free on its disk", size(found.free))
    section.fact("can be written", found.writable)
    section.fact("being written now", found.locked)
    if found.free < max(ENOUGH, found.size):
        section.troubles.append(
            f"Only {size(found.free)} are free beside {path}, too little for a backup: free some space."
        )
    if not found.writable:
        section.troubles.append(
            f"{path} or its folder cannot be written: change their permissions to work on it."
        )
    if found.locked:
        section.notes.append(
            "Another process is writing to it just now; that is fine for a moment."
        )


def _server(section: Section, address: Address) -> None:
    found = health.far(address)
    section.fact("address", str(address))
    section.fact("server", f"PostgreSQL {found.version}")
    section.fact("way there", _way(found))
    section.fact("an answer takes", f"{found.milliseconds:.1f} ms")
    section.fact("login", found.login)
    section.fact("your account", f"{found.name}, {found.role}" if found.name else "the owner's")
    section.fact("size", size(found.size))
    section.fact("connections to it", found.here)
    section.fact("connections to its server", f"{found.connections} of {found.most}")
    if found.exposed_to:
        section.troubles.append(
            f"What goes to {found.exposed_to} can be read on the way: add ?sslmode=verify-full to the "
            "address (the manual's page on servers says what that takes)."
        )
    if found.connections > CROWDED * found.most:
        section.troubles.append(
            f"The server has {found.connections} connections of {found.most} at most: close some, or have "
            "max_connections raised."
        )
    if found.milliseconds > SLOW:
        section.notes.append(
            f"Each answer of the server takes {found.milliseconds:.0f} ms, and a decision takes some: it is "
            "far away, or busy."
        )


def _way(found: health.Far) -> str:
    if found.encrypted:
        return f"encrypted, {found.encrypted}"
    return f"not encrypted, to {found.exposed_to}" if found.exposed_to else "within this machine"


def _contents(section: Section, project: Project) -> None:
    scheme = project.scheme
    section.fact("articles", project.count())
    section.fact("scheme", f"{scheme.name}, version {scheme.version}")
    section.fact("you work as", project.actor)
    waiting = len(project.pending())
    section.fact("your decisions not saved yet", waiting)
    if waiting:
        section.troubles.append(
            f"Not saved yet: {out.counted(waiting, 'decision')} of {project.actor}; open the project, "
            "which sends them again."
        )
    undecided = project.labels.count_undecided()
    section.fact("to be decided again", undecided)
    if undecided:
        section.notes.append(
            f"{out.counted(undecided, 'annotation')} with labels that were given up: "
            "annotator scheme PROJECT pending lists them."
        )
    if left := project.unindexed():
        section.notes.append(
            f"Not searchable yet: {out.counted(left, 'article')}; annotator import goes on."
        )


def size(count: int) -> str:
    """Bytes for people."""
    number = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.1f} TiB"
