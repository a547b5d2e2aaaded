"""What one side of a conflict says, and what happened to articles meanwhile, in words."""

import time
from collections.abc import Iterator, Sequence

from annotator.cli.out import counted, number
from annotator.model.annotation import Kind
from annotator.store.conflicts import Version
from annotator.store.meanwhile import Meanwhile

MOST = 10
"""Articles that are named."""
LONGEST = 40
"""Characters of a quotation that are shown."""


def said(version: Version) -> str:
    """One side in a few words."""
    body = version.body
    if body is None:
        return f"{version.kind} removed"
    match version.kind:
        case Kind.SPAN | Kind.REJECTION:
            rejected = "" if version.kind is Kind.SPAN else "not "
            quoted = f" “{_short(body['text'])}”" if "text" in body else ""
            return (
                f"{rejected}{body['label']}{quoted} {number(body['start'])}–{number(body['end'])}"
            )
        case Kind.STANCE:
            return f"{body['label']} toward {_short(body['target']['name'])}"
        case Kind.STATUS:
            return str(body["state"]) + (f": {_short(body['reason'])}" if body["reason"] else "")
        case Kind.LOOKED:
            return f"looked at {body['layer']}"
        case Kind.NOTE:
            return ("flag" if body["flag"] else "note") + f" {_short(body['note'])}".rstrip()
        case Kind.RULE:
            return f"rule: {body['label']} for “{_short(body['text'])}”"
    return _short(", ".join(f"{name} {value}" for name, value in body.items()))


def when(version: Version) -> str:
    """When it was said, in local time."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(version.time))


def happened(meanwhile: Meanwhile) -> Iterator[str]:
    """A line for each thing that happened to articles while somebody worked on them elsewhere."""
    if meanwhile.withdrawn:
        named = _named(meanwhile.withdrawn)
        yield f"Withdrawn meanwhile, so that the work on them is erased: {named}."
    if meanwhile.replaced:
        yield f"Replaced meanwhile by a newer text; the work stays with the older: {_named(meanwhile.replaced)}."
    if meanwhile.taken:
        named = _named([f"{article} ({who})" for article, who in meanwhile.taken])
        yield f"Taken back or given to others meanwhile; the work stays: {named}."
    if meanwhile.crowded:
        named = _named(meanwhile.crowded)
        yield f"Taken by more people by now than were asked for; all their work stays: {named}."
    if meanwhile.kept:
        articles = counted(meanwhile.kept, "article")
        yield f"The language or other data of {articles} stay as they are here: a lead may change them."
    if meanwhile.scheme:
        yield (
            f"The work was done with {meanwhile.scheme}, and the project has another scheme by now: merge "
            "the other way round as well, to go on with that."
        )


def _named(articles: Sequence[str]) -> str:
    more = f" and {number(len(articles) - MOST)} more" if len(articles) > MOST else ""
    return ", ".join(articles[:MOST]) + more


def _short(text: object) -> str:
    words = " ".join(str(text).split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
