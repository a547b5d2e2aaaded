"""Before an import of annotations: what their labels mean, known before anything is written."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from annotator.cli import mapping, out, sidecar
from annotator.cli.bars import Bars
from annotator.cli.foreign import Foreign, Name
from annotator.cli.init import named_scheme
from annotator.cli.sources import Source
from annotator.cli.survey import Survey, survey
from annotator.formats.claims import Claim
from annotator.formats.label_map import NO_MAP, LabelMap, label_map, pairs
from annotator.formats.labelling import Labelling, name_of
from annotator.model.annotation import valid_name
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme
from annotator.store import receiving
from annotator.store.address import Place
from annotator.store.project import Project


@dataclass(frozen=True, slots=True)
class Plan:
    """How annotations of other tools are taken in."""

    names: LabelMap
    new: tuple[Name, ...]
    """Labels to be added to the scheme."""
    layer: str
    annotator: str
    fallback: str
    finished: bool
    survey: Survey
    """What the files hold."""

    def begin(self, project: Project) -> Foreign:
        """Add the new labels to a project's scheme, and give what turns records into spans."""
        for change in mapping.additions(project.scheme, list(self.new), self.layer):
            project.relabel(change)
        labelling = Labelling(project.scheme, self.names, self.layer)
        lost = [name for name in self.survey.seen.unknown if labelling.place(_claim(name)) is None]
        if lost:
            raise AnnotatorError(mapping.unknown_sentence(lost))
        layers = {source: self._layers(source, labelling) for source in self.survey.layers}
        whose, fallback = self.annotator, self.fallback
        return Foreign(project, labelling, whose, fallback, self.finished, layers)

    def _layers(self, source: str, labelling: Labelling) -> frozenset[str]:
        """The layers that the labels of a source are in, by its title."""
        added = (labelling.place(_claim(name)) for name in self.survey.unknown.get(source, ()))
        found = {place.layer for place in added if place is not None and place.layer}
        named = frozenset({self.layer} - {""})
        return self.survey.layers.get(source, frozenset()) | found | named


def _claim(name: Name) -> Claim:
    """Some claim with a label."""
    return Claim(0, 1, name[1], layer=name[0])


def dry_run(
    args: Namespace,
    path: Place,
    found: list[Source],
    actor: str,
    refusal: Callable[[str, str], object],
) -> int:
    """Read everything and say what would come in; 1 when something would be refused.

    Raises:
        AnnotatorError: labels were to be added that cannot be.
    """
    project, scheme = _there(args, path)
    try:
        seen = _survey(args, found, project, scheme, actor, refusal)
    finally:
        if project is not None:
            project.close()
    if args.json:
        out.print_json(seen.json())
    else:
        seen.print()
    if args.new_labels:
        _addable(scheme, seen.seen.unknown, args.layer)
    return 1 if seen.refused.count or (seen.seen.unknown and not args.new_labels) else 0


def _addable(scheme: Scheme, names: Iterable[Name], layer: str) -> None:
    """That labels can be added to a scheme; AnnotatorError when they cannot."""
    try:
        mapping.additions(scheme, names, layer)
    except AnnotatorError as error:
        raise AnnotatorError(
            f"{error} Give it another name with --map-label; nothing was imported."
        ) from None


def plan(args: Namespace, path: Place, found: list[Source], actor: str) -> Plan | None:
    """How the annotations among the sources are taken in, None when there are none.

    Raises:
        AnnotatorError: a label has no place here, and nobody is there to be asked.
    """
    annotated = [source for source in found if source.annotated]
    if not annotated:
        _nothing_to_map(args)
        return None
    names = _names(args)
    project, scheme = _there(args, path)
    try:
        looked = _survey(args, annotated, project, scheme, actor)
    finally:
        if project is not None:
            project.close()
    seen = looked.seen
    new: tuple[Name, ...] = ()
    if seen.unknown:
        if args.new_labels:
            new = tuple(seen.unknown)
        elif sys.stdin.isatty() and sys.stderr.isatty():
            answers = mapping.ask(seen, scheme)
            new = tuple(name for name, answer in answers.items() if answer == mapping.ADD)
            given = ((name_of(*n), a) for n, a in answers.items() if a != mapping.ADD)
            names = names.with_more(given)
        else:
            raise AnnotatorError(mapping.unknown_sentence(seen.unknown))
    _addable(scheme, new, args.layer)
    whose = valid_name(args.annotator) if args.annotator else ""
    return Plan(names, new, args.layer, whose, actor, not args.unfinished, looked)


def _nothing_to_map(args: Namespace) -> None:
    """Refuse what is said of other tools' annotations where there are none: it would be passed over."""
    given = {
        "--map": args.map,
        "--map-label": args.map_label,
        "--new-labels": args.new_labels,
        "--annotator": args.annotator,
        "--suggestions": args.suggestions,
        "--unfinished": args.unfinished,
    }
    name = next((name for name, value in given.items() if value), "")
    if name:
        raise AnnotatorError(
            f"{name} is for annotations of other tools, and none of the sources is one; say the kind "
            "with --kind if they are."
        )


def scheme_of(args: Namespace) -> Scheme:
    """The scheme of a new project: the one asked for, the one beside an export, the default."""
    if args.scheme is None:
        for source in args.sources:
            scheme = sidecar.find(Path(source))
            if scheme is not None:
                return scheme
    return named_scheme(args.scheme)


def _there(args: Namespace, path: Place) -> tuple[Project | None, Scheme]:
    """The project, when there is one, open for reading, and its scheme or the one it will have."""
    if not receiving.is_there(path):
        return None, scheme_of(args)
    project = Project.open(path, readonly=True)
    return project, project.scheme


def _survey(
    args: Namespace,
    found: list[Source],
    project: Project | None,
    scheme: Scheme,
    actor: str,
    refusal: Callable[[str, str], object] = lambda _where, _reason: None,
) -> Survey:
    labelling = Labelling(scheme, _names(args), args.layer)
    foreign = Foreign(project, labelling, args.annotator or "", actor, not args.unfinished)
    with Bars() as bars:
        return survey(found, foreign, project, bars, args.new_labels, refusal)


def _names(args: Namespace) -> LabelMap:
    """The map the arguments give."""
    names = label_map(args.map) if args.map else NO_MAP
    return names.with_more(pairs(args.map_label))
