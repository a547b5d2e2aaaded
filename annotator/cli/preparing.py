"""Before an import of annotations: what their labels mean, known before anything is written."""

import sys
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from annotator.cli import mapping, out, sidecar
from annotator.cli.bars import Bars
from annotator.cli.foreign import Foreign
from annotator.cli.init import named_scheme
from annotator.cli.sources import Source
from annotator.cli.survey import Survey, survey
from annotator.formats.label_map import NO_MAP, LabelMap, label_map, pairs
from annotator.formats.labelling import Labelling
from annotator.model.annotation import valid_name
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme
from annotator.store.project import Project


@dataclass(frozen=True, slots=True)
class Plan:
    """How annotations of other tools are taken in."""

    names: LabelMap
    new: tuple[str, ...]
    """Labels to be added to the scheme."""
    layer: str
    annotator: str
    fallback: str
    finished: bool
    spoken_of: frozenset[str]
    """Layers that labels of the files are in."""

    def begin(self, project: Project) -> Foreign:
        """Add the new labels to a project's scheme, and give what turns records into spans."""
        for change in mapping.additions(project.scheme, list(self.new), self.layer):
            project.relabel(change)
        labelling = Labelling(project.scheme, self.names, self.layer)
        added = (labelling.place(mapping.claim_of(name)) for name in self.new)
        layers = self.spoken_of | {place.layer for place in added if place is not None}
        whose, fallback = self.annotator, self.fallback
        return Foreign(project, labelling, whose, fallback, self.finished, layers)


def dry_run(args: Namespace, path: Path, found: list[Source], actor: str) -> int:
    """Read everything and say what would come in; 1 when something would be refused."""
    project, scheme = _there(args, path)
    try:
        seen = _survey(args, found, project, scheme, actor)
    finally:
        if project is not None:
            project.close()
    if args.json:
        out.print_json(seen.json())
    else:
        seen.print()
    return 1 if seen.refused.count or (seen.seen.unknown and not args.new_labels) else 0


def plan(args: Namespace, path: Path, found: list[Source], actor: str) -> Plan | None:
    """How the annotations among the sources are taken in, None when there are none.

    Raises:
        AnnotatorError: a label has no place here, and nobody is there to be asked.
    """
    annotated = [source for source in found if source.annotated]
    if not annotated:
        return None
    names = _names(args)
    project, scheme = _there(args, path)
    try:
        seen = _survey(args, annotated, project, scheme, actor).seen
    finally:
        if project is not None:
            project.close()
    new: tuple[str, ...] = ()
    if seen.unknown:
        if args.new_labels:
            new = tuple(seen.unknown)
        elif sys.stdin.isatty() and sys.stderr.isatty():
            answers = mapping.ask(seen, scheme)
            new = tuple(name for name, answer in answers.items() if answer == mapping.ADD)
            names = names.with_more((n, a) for n, a in answers.items() if a != mapping.ADD)
        else:
            raise AnnotatorError(mapping.unknown_sentence(seen))
    whose = valid_name(args.annotator) if args.annotator else ""
    spoken_of = {label.partition("/")[0] for label in seen.labels} | {args.layer} - {""}
    return Plan(names, new, args.layer, whose, actor, not args.unfinished, frozenset(spoken_of))


def scheme_of(args: Namespace) -> Scheme:
    """The scheme of a new project: the one asked for, the one beside an export, the default."""
    if args.scheme is None:
        for source in args.sources:
            scheme = sidecar.find(Path(source))
            if scheme is not None:
                return scheme
    return named_scheme(args.scheme)


def _there(args: Namespace, path: Path) -> tuple[Project | None, Scheme]:
    """The project, when there is one, open for reading, and its scheme or the one it will have."""
    if not path.exists():
        return None, scheme_of(args)
    project = Project.open(path, readonly=True)
    return project, project.scheme


def _survey(
    args: Namespace, found: list[Source], project: Project | None, scheme: Scheme, actor: str
) -> Survey:
    labelling = Labelling(scheme, _names(args), args.layer)
    foreign = Foreign(project, labelling, args.annotator or "", actor, not args.unfinished)
    with Bars() as bars:
        return survey(found, foreign, project, bars, args.new_labels)


def _names(args: Namespace) -> LabelMap:
    """The map the arguments give."""
    names = label_map(args.map) if args.map else NO_MAP
    return names.with_more(pairs(args.map_label))
