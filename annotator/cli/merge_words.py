"""What one side of a conflict says, in words."""

import time

from annotator.cli.out import number
from annotator.model.annotation import Kind
from annotator.store.conflicts import Version

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


def _short(text: object) -> str:
    words = " ".join(str(text).split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
