"""`annotator status`: how far the work is."""

import sys
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from queue import SimpleQueue

from annotator.cli import out
from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError
from annotator.model.person import is_pass
from annotator.store.address import typed
from annotator.store.progress import ActorProgress, Progress
from annotator.store.project import Project

STATES = (State.DONE, State.SKIPPED, State.OPEN, State.STARTED)
"""The states that are counted, as the columns show them; articles in none are new."""


def run(args: Namespace) -> int:
    """Print the progress of everybody, once or as it goes on."""
    with Project.open(args.project, readonly=True) as project:
        if not args.watch:
            return _print(args, project)
        with suppress(KeyboardInterrupt):
            _watch(args, project)
    return 0


def _watch(args: Namespace, project: Project) -> None:
    """Print it at once and whenever others did anything, on a terminal in the same place."""
    heard: SimpleQueue[object] = SimpleQueue()
    project.listen(lambda news, _: heard.put(news))
    while heard.get():
        while not heard.empty():  # it may take longer than a second
            heard.get()
        if sys.stdout.isatty():
            sys.stdout.write("\x1b[H\x1b[2J")
        try:
            _print(args, project)
        except AnnotatorError as error:  # a server may come back, which is heard
            out.complain(str(error))
        sys.stdout.flush()


def _print(args: Namespace, project: Project) -> int:
    progress = _without_passes(project.progress())
    scheme = project.scheme
    left = project.unindexed()
    undecided = project.labels.count_undecided()
    gone = Counter(str(each.why) for each in project.gone().values())
    conflicts = project.conflict_count()
    if args.json:
        head = {
            "project": args.project,
            "scheme": {"name": scheme.name, "version": scheme.version},
            "unindexed": left,
            "undecided": undecided,
            "left_out": dict(gone),
            "conflicts": conflicts,
        }
        out.print_json({**head, **asdict(progress)})
        return 0
    out.say(f"{args.project}: {out.number(progress.articles)} articles, scheme {scheme.name}")
    out.say(f"Languages: {_languages(progress.languages)}")
    if gone:
        told = ", ".join(f"{out.number(count)} {why}" for why, count in sorted(gone.items()))
        out.say(f"Left out besides: {told} (annotator withdraw, annotator adopt list them).")
    if left:
        out.say(f"{out.number(left)} articles cannot be searched yet: annotator import goes on.")
    if undecided:
        out.say(
            f"{out.counted(undecided, 'annotation')} with labels that were given up: "
            f"annotator scheme {typed(args.project)} pending lists them."
        )
    if conflicts:
        out.say(
            f"{out.counted(conflicts, 'open conflict')}: annotator merge {typed(args.project)} --conflicts "
            "lists what was changed in two copies."
        )
    if progress.actors:
        _print_actors(progress)
    else:
        out.say("Nobody has decided anything yet.")
    return 0


def _without_passes(progress: Progress) -> Progress:
    """The progress but for second passes and training: who is asked twice is not to know."""
    actors = tuple(each for each in progress.actors if not is_pass(each.actor))
    return replace(progress, actors=actors)


def language_name(tag: str) -> str:
    """A language for people: its tag, or why there is none."""
    return {"": "not detected yet", "und": "undetermined"}.get(tag, tag)


def _languages(counts: Mapping[str, int]) -> str:
    named = (f"{language_name(tag)} {out.number(count)}" for tag, count in counts.items())
    return ", ".join(named) or "none"


def _print_actors(progress: Progress) -> None:
    states = tuple(f"{state}>" for state in STATES)
    rows = (_row(actor, progress.articles) for actor in progress.actors)
    out.table("Annotators", ("annotator", *states, "new>", "notes>", "active time>", "last"), rows)
    rows = (row for actor in progress.actors for row in _layer_rows(actor))
    columns = ("looked at>", "articles>", "annotations>", "keys each>", "seconds each>")
    out.table("Layers", ("annotator", "layer", *columns), rows)
    rows = (row for actor in progress.actors for row in _language_rows(actor, progress.languages))
    out.table("Languages", ("annotator", "language", *states, "new>"), rows)


def _row(actor: ActorProgress, articles: int) -> tuple[str, ...]:
    return (
        actor.actor,
        *_counts(actor.states, articles),
        out.number(actor.notes),
        out.duration(actor.seconds),
        time.strftime("%Y-%m-%d %H:%M", time.localtime(actor.last)),
    )


def _counts(states: Mapping[str, int], articles: int) -> tuple[str, ...]:
    """A cell for each of `STATES`, and the articles that are new."""
    begun = (out.number(states.get(state, 0)) for state in STATES)
    return (*begun, out.number(articles - sum(states.values())))


def _layer_rows(actor: ActorProgress) -> Iterator[tuple[str, ...]]:
    for name, layer in actor.layers.items():
        numbers = (layer.looked, layer.articles, layer.annotations)
        each = (layer.effort.keys_each, layer.effort.seconds_each)
        yield (actor.actor, name, *map(out.number, numbers), *map(_ratio, each))


def _ratio(value: float | None) -> str:
    """A ratio to one place; without anything to divide by it is undefined."""
    return "—" if value is None else f"{value:.1f}"


def _language_rows(actor: ActorProgress, languages: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    for tag, articles in languages.items():
        states = actor.languages.get(tag, {})
        if states:
            yield (actor.actor, language_name(tag), *_counts(states, articles))
