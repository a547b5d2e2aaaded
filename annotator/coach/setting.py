"""What is set about suggestions and which suggesters there are, for `annotator suggest options`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from annotator.coach.suggesters import own
from annotator.model.errors import AnnotatorError
from annotator.model.suggesters import SuggesterSettings

if TYPE_CHECKING:
    from annotator.model.assistance import Assistance
    from annotator.store.project import Project


class Known(NamedTuple):
    """A suggester of one layer, and what it knows of this annotator."""

    layer: str
    source: str
    articles: int
    """How many it learnt; 0 of one that has no lesson yet."""
    version: str


class Setting(NamedTuple):
    """How a project helps with suggestions, as one annotator finds it."""

    assistance: "Assistance"
    suggesters: tuple[Known, ...]
    plugins: Mapping[str, SuggesterSettings]
    """Those that the person's configuration names."""
    announced: tuple[str, ...]
    """Plug-ins that installed packages announce, used or not."""
    notes: tuple[str, ...]
    """What suggesters say about themselves, such as a library that is missing."""


def setting(project: "Project", plugins: Mapping[str, SuggesterSettings]) -> Setting:
    """What holds in a project; no plug-in is imported for it."""
    lessons = {(each.layer, each.source): each for each in project.lessons()}
    ours = own(project.scheme)
    keys = dict.fromkeys([*(each.key for each in ours), *lessons])
    known = tuple(
        Known(*key, len(lessons[key].learnt) if key in lessons else 0,
              lessons[key].version if key in lessons else "")
        for key in keys
    )  # fmt: skip
    said = (str(getattr(each.suggester, "note", "") or "") for each in ours)
    return Setting(
        project.assistance(), known, plugins, _announced(), tuple(dict.fromkeys(filter(None, said)))
    )


def _announced() -> tuple[str, ...]:
    """The names of plug-ins that installed packages announce."""
    from importlib.metadata import entry_points

    from annotator.suggest.plugins import GROUP

    try:
        return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))
    except Exception:  # what is installed may be damaged in any way
        return ()


def changed(project: "Project", **wanted: Any) -> bool:
    """Change what is set; whether anything did.

    Args:
        project: opened by a lead.
        wanted: `blind`, a share or None; `off`, `on`: names of layers; `without`, `with_`: names of
            annotators.

    Raises:
        AnnotatorError: this annotator is no lead, or there is no such share, layer or annotator.
    """
    now = project.assistance()
    layers = {layer.name for layer in project.scheme.span_layers}
    people = {*project.people(), *project.actors(), project.actor}
    _check("layer with suggestions", {*wanted["off"], *wanted["on"]}, layers | now.off)
    _check("annotator", {*wanted["without"], *wanted["with_"]}, people | now.without)
    for both, names in (("--off and --on", {*wanted["off"]} & {*wanted["on"]}),
                        ("--without and --with", {*wanted["without"]} & {*wanted["with_"]})):  # fmt: skip
        if names:
            raise AnnotatorError(f"{both} both name {min(names)}; say one of them.")
    return project.set_assistance(
        now._replace(
            blind=now.blind if wanted["blind"] is None else wanted["blind"],
            off=(now.off | {*wanted["off"]}) - {*wanted["on"]},
            without=(now.without | {*wanted["without"]}) - {*wanted["with_"]},
        )
    )


def _check(thing: str, names: set[str], known: set[str] | frozenset[str]) -> None:
    """Raises AnnotatorError for a name that is not known."""
    strange = sorted(names - known)
    if strange:
        listed = ", ".join(sorted(known))
        raise AnnotatorError(f"There is no {thing} {strange[0]!r}; there is {listed}.")
