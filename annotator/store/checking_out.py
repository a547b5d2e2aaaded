"""Working offline: a copy of one's own part of a project, and what is new for it later on.

Both are a handout (`handing`) that is not mailed but goes from one project straight into the other. It is
read as it is at one moment, and wherever the project is: in a file or on a server.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.model.person import person_of
from annotator.store import handing, receiving, sending
from annotator.store.bundle import Manifest
from annotator.store.copies import Copy
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.merging import Merged, Said
    from annotator.store.part import Part

_DATA = "SELECT id, seal, lang, lang_source FROM article WHERE id IN ({marks})"
_FOR = "SELECT value FROM project WHERE name = ?"
_PAGE = 500


def check_out(project: "Part", target: Path, name: str, said: "Said") -> "Merged":
    """Make a copy for one annotator, see `Project.check_out`."""
    with sending.handing_out(project, name, said) as (made, values):
        return receiving.make(target, made, values, str(project.path), name, said)


def whose(project: "Part") -> str:
    """Whom a copy was handed out for."""
    found = project._reader.value(_FOR, (receiving.FOR,))
    return str(found) if found else person_of(project.actor)[0]


def fetch(project: "Part", whole: Copy, dry_run: bool, said: "Said") -> "Merged":
    """Take into a copy that was handed out what is for its annotator in the whole project by now.

    Raises:
        AnnotatorError: there are no articles for them any more; nothing was written then.
    """
    from annotator.store.merging import take

    name = whose(project)
    names = list(_news(project._reader, whole, name))
    made = Manifest(whole.id, "", project.actor, "", name, len(names), 0, {}, "")
    values = sending.handout(whole.reader, name, names, said)
    with receiving.unpacked(whole.shown, made, values, project) as copy:
        return take(project, copy, dry_run, said)


def _news(ours: Reader, whole: Copy, name: str) -> Iterator[str]:
    """Those of the articles for an annotator that are new to the copy or have other data by now."""
    rest = iter(handing.articles_for(whole.reader, name))
    while some := [article for article, _ in islice(rest, _PAGE)]:
        sql = _DATA.format(marks=",".join("?" * len(some)))
        here = set(ours.rows(sql, some))
        yield from (row[0] for row in whole.reader.rows(sql, some) if row not in here)
