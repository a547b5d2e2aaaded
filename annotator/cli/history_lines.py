"""`annotator history`: an article's past as lines, as JSON, or its decisions at one moment."""

import time
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from annotator import config
from annotator.cli import out
from annotator.cli.change_words import change
from annotator.cli.open import existing
from annotator.model.annotation import Kind, Work
from annotator.model.decision import Decided
from annotator.model.errors import AnnotatorError
from annotator.model.event import Event, event_time
from annotator.model.person import Role, person_of
from annotator.store.project import Project

SHOWN = 6
"""Changes of one act that are told one by one, unless all are asked for."""

Body = Mapping[str, Any] | None
Change = tuple[Event, Body]
"""An event and the body it replaced."""


def run(args: Namespace) -> int:
    """Tell the past of an article."""
    actor = config.who(args.actor, config.read())
    with Project.open(existing(args.project), actor, readonly=True) as project:
        if args.annotator is None or person_of(args.annotator)[0] != actor:
            project.require(Role.ADJUDICATOR, "look at the work of others")
        if args.at is None:
            _history(project, args)
        else:
            _then(project, args)
    return 0


# --- the history


def _history(project: Project, args: Namespace) -> None:
    events = project.history(args.article, args.annotator or "")
    if not events:
        project.article(args.article)  # which says so when there is none
        whom = f" by {args.annotator}" if args.annotator else ""
        out.say(f"Nothing was done{whom} on article {args.article!r} yet.")
        return
    changes = [each for each in _changes(events) if _about(each, args.layer)]
    if args.json:
        out.print_json([_json(each) for each in changes])
        return
    for _, act in groupby(changes, key=lambda each: each[0].act):
        for line in _lines(list(act), args.all):
            out.say(line)


def _changes(events: Iterable[Event]) -> Iterator[Change]:
    """Each event with what stood before it, its base; events of one act stay together."""
    bodies: dict[str, Body] = {}
    for event in events:
        bodies[event.id] = event.body
        yield event, bodies.get(event.base)


def _about(each: Change, layer: str | None) -> bool:
    """Whether a change is about a layer, or about none."""
    event, before = each
    named = {_layer(event, body) for body in (event.body, before) if body is not None}
    return layer is None or not any(named) or layer in named


def _layer(event: Event, body: Mapping[str, Any]) -> str:
    if event.kind is Kind.STANCE:
        return "stance"
    return str(body.get("layer", ""))


def _lines(act: list[Change], whole: bool) -> Iterator[str]:
    """One act: when, who and what it was, then its changes."""
    first = act[0][0]
    told = [
        words
        for event, before in act
        if (words := change(event.kind, event.key, before, event.body))
    ]
    if all(event.kind in (Kind.TIME, Kind.SHOWN) for event, _ in act) and not whole:
        return
    head = f"{_when(first.id)}  {first.actor}  {first.verb}"
    if len(told) == 1:
        yield f"{head}: {told[0]}"
        return
    yield f"{head}: {out.counted(len(told), 'change')}"
    shown = told if whole or len(told) <= SHOWN else told[: SHOWN - 1]
    yield from (f"    {words}" for words in shown)
    if len(shown) < len(told):
        yield f"    and {len(told) - len(shown)} more (--all tells them)"


def _when(event: str) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event_time(event)))


def _json(each: Change) -> dict[str, Any]:
    event, before = each
    return {
        "event": event.id,
        "time": event_time(event.id),
        "act": event.act,
        "actor": event.actor,
        "verb": event.verb,
        "of": event.of,
        "kind": str(event.kind),
        "key": event.key,
        "before": before,
        "after": event.body,
    }


# --- the state at a moment


def _then(project: Project, args: Namespace) -> None:
    found = project.works_at(args.article, args.at)
    works = [w for w in found if args.annotator in (None, w.actor)]
    decided = () if args.annotator else project.decisions_at(args.article, args.at)
    if not project.history(args.article):
        project.article(args.article)
    text = _text(project, args.article)
    if args.json:
        out.print_json(
            {
                "article": args.article,
                "at": args.at,
                "works": [_work_json(work, text) for work in works],
                "decisions": [_decided_json(each, text) for each in decided],
            }
        )
        return
    if not works and not decided:
        out.say(f"Nobody had decided anything on article {args.article!r} then.")
    for work in works:
        _say_work(work, args.layer, text)
    if decided:
        out.say(f"Adjudicated: {out.counted(len(decided), 'item')}")
        for each in decided:
            body = each.decision.body(text)
            out.say(f"    {each.actor}: {change(Kind.DECISION, each.decision.key, None, body)}")


def _text(project: Project, article: str) -> str:
    """The article's text; "" of one that was withdrawn, of which no spans are left."""
    try:
        return project.article(article).text
    except AnnotatorError:
        return ""


def _say_work(work: Work, layer: str | None, text: str) -> None:
    reason = f" ({work.status.reason})" if work.status.reason else ""
    looked = ", ".join(sorted(work.looked)) or "no layer"
    out.say(f"{work.actor}: {work.status.state}{reason}; looked at {looked}")
    for span in work.spans:
        if layer in (None, span.layer):
            out.say(f"    {change(Kind.SPAN, span.key, None, span.body(text))}")
    for stance in work.stances:
        if layer in (None, "stance"):
            out.say(f"    {change(Kind.STANCE, '', None, stance.body(text))}")
    for note in work.notes:
        out.say(f"    {change(Kind.NOTE, note.key, None, note.body(text))}")


def _work_json(work: Work, text: str) -> dict[str, Any]:
    return {
        "annotator": work.actor,
        "status": work.status.body(),
        "looked": sorted(work.looked),
        "spans": [{"id": span.id, **span.body(text)} for span in work.spans],
        "stances": [stance.body(text) for stance in work.stances],
        "notes": [{"id": note.id, **note.body(text)} for note in work.notes],
    }


def _decided_json(each: Decided, text: str) -> dict[str, Any]:
    head = {"item": each.decision.item, "actor": each.actor, "event": each.event}
    return {**head, **each.decision.body(text)}
