"""What stays as one left it: from article to article (`sticky`), from start to start (`remember`).

What is remembered lies in the user's state folder, a small file for each project and annotator; a
file that is missing or damaged is as good as none.
"""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from annotator.store.filters import ALL, Filter
from annotator.store.project import Project
from annotator.store.queue import ORDERS

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp

LAYER, QUEUE, PANEL = "layer", "queue", "panel"
"""The names in the settings; the queue is its filter and its order."""


class Left(NamedTuple):
    """How somebody left the screen."""

    layer: str = ""
    where: Filter = ALL
    sort: str = "number"
    panel: bool = True


def next_article(app: "AnnotatorApp") -> None:
    """Another article was opened from the queue or by going on: take back what does not stay."""
    stays = app.config.sticky
    if LAYER not in stays:
        app.desk.choose_layer(1)
    if QUEUE not in stays:
        app.work.where, app.work.sort = app.work.usual, "number"
    if PANEL not in stays and app.article is not None:
        app.article.view.panel_wanted = True


def left(app: "AnnotatorApp") -> Left:
    """How things are on screen."""
    panel = app.article.view.panel_wanted if app.article else app.panel_wanted
    return Left(app.desk.layer.name, app.work.where, app.work.sort, panel)


def put_back(app: "AnnotatorApp", found: Left) -> None:
    """Make the screen, before it is first drawn, as it was left."""
    app.panel_wanted = found.panel
    app.desk.layer = app.desk.scheme.layer(found.layer) or app.desk.layer


def recall(project: Project, names: Collection[str]) -> Left:
    """What was kept of these; for others what a new project has."""
    if not names:
        return Left()
    value: dict[str, Any] = {}
    import json  # only who remembers needs it

    with suppress(OSError, ValueError):
        kept = _file(project)
        value = json.loads(kept.read_text("utf-8"))
    with suppress(TypeError, KeyError, AttributeError):
        return Left(
            str(value["layer"]) if LAYER in names else "",
            Filter(**value["where"]) if QUEUE in names else ALL,
            known(str(value["sort"])) if QUEUE in names else "number",
            bool(value["panel"]) if PANEL in names else True,
        )
    return Left()


def known(sort: str) -> str:
    """An order that was kept; the usual one where another version of the program knew it."""
    name, colon, seed = sort.removeprefix("-").partition(":")
    is_seed = name == "random" and seed.isascii() and seed.isdigit() and len(seed) < 16
    return sort if name in ORDERS and (is_seed or not colon) else "number"


def keep(project: Project, names: Collection[str], found: Left) -> None:
    """Keep how things are for the next start. A folder that cannot be written is no trouble."""
    if not names:
        return
    import json

    file = _file(project)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_suffix(".part")
        part.write_text(json.dumps({**found._asdict(), "where": found.where._asdict()}), "utf-8")
        part.replace(file)


def _file(project: Project) -> Path:
    """The file of this project and annotator."""
    import hashlib

    from annotator.store.journal import folder

    who = hashlib.sha256(project.actor.encode()).hexdigest()[:10]
    return folder() / f"{project.id}-{who}.left"
