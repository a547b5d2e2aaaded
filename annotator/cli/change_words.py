"""One change of one thing in a few words, for histories: what it was, what it became."""

from collections.abc import Mapping
from typing import Any

from annotator.model.annotation import Kind

QUOTED = 40
"""Code points of a quoted surface that are shown."""

Body = Mapping[str, Any]


def change(kind: Kind, key: str, before: Body | None, after: Body | None) -> str:
    """What an event did to a thing; "" for what is not worth a word.

    Args:
        kind: what the thing is.
        key: its key in the log.
        before: the version it replaced, None where there was none.
        after: the new version, None where the thing was removed.
    """
    if any(body is not None and "erased" in body for body in (before, after)):
        return f"{kind}, erased when the article was withdrawn"
    words = _WORDS.get(kind)
    if words is None:
        return f"{kind} {key}" + (" removed" if after is None else "")
    old = "" if before is None else words({**before, "key": key})
    if after is None and kind is Kind.SUCCESSOR:
        return f"no longer {old}" if old else "no longer replaced"
    if after is None:
        return f"{old or kind} removed"
    new = words({**after, "key": key})
    return new if old in ("", new) else f"{old} → {new}"


def _surface(body: Body) -> str:
    text = body.get("text")
    if not isinstance(text, str):
        return f"{body.get('start')}-{body.get('end')}"
    shown = " ".join(text.split())
    return f'"{shown[: QUOTED - 1]}…"' if len(shown) > QUOTED else f'"{shown}"'


def _span(body: Body) -> str:
    attrs = ", ".join(f"{name} {value}" for name, value in sorted(body.get("attrs", {}).items()))
    more = f" ({attrs})" if attrs else ""
    place = f" {body['start']}-{body['end']}" if "text" in body else ""
    return f"{body['layer']} {body['label']} {_surface(body)}{place}{more}"


def _stance(body: Body) -> str:
    target, holder = body["target"], body["holder"]
    who = "" if holder["kind"] == "author" else f", says {holder['name'] or holder['kind']}"
    evidence = body.get("evidence", ())
    told = f", {len(evidence)} evidence" if evidence else ""
    return f"{target['name'] or target['kind']}: {body['label']}{who}{told}"


def _looked(body: Body) -> str:
    return f"{body.get('layer', '')} looked at"


def _status(body: Body) -> str:
    reason = f" ({body['reason']})" if body.get("reason") else ""
    return f"{body['state']}{reason}"


def _note(body: Body) -> str:
    words = body.get("note", "")
    what = "flag" if body.get("flag") else "note"
    where = f" at {_surface(body)}" if "start" in body else ""
    return f'{what}{where} "{words}"' if words else f"{what}{where}"


def _time(body: Body) -> str:
    seconds = sum(body.get("seconds", {}).values())
    return f"{seconds} s in all"


def _slot(body: Body) -> str:
    round_ = f" in round {body['round']}" if body.get("round") else ""
    return f"assigned to {body['key'].removeprefix('slot:')}{round_}"


def _pool(body: Body) -> str:
    return f"open to {body.get('people')} annotators"


def _decision(body: Body) -> str:
    if body.get("verdict") != "decided":
        return f"{body['layer']} item: {body.get('verdict')}"
    parts = [f"{span['label']} {_surface(span)}" for span in body.get("spans", ())]
    stance = body.get("stance")
    if "evidence" in body or body["key"].startswith("item:evidence:"):
        parts = [f"evidence {_surface(each)}" for each in body.get("evidence", ())]
    elif stance is not None:
        parts = [_stance(stance)]
    reason = f", {body['reason']}" if body.get("reason") else ""
    reason += ", second opinion" if body.get("second") else ""
    reason += ", annotated it too" if body.get("own") else ""
    said = f': "{body["note"]}"' if body.get("note") else ""
    return f"{body['layer']} {' + '.join(parts) or 'nothing'} ({body['method']}{reason}){said}"


def _release(body: Body) -> str:
    return f"in {body['key'].replace(':', ' ', 1)}"


def _withdrawal(body: Body) -> str:
    return f"withdrawn: {body.get('reason') or 'no reason given'}"


def _successor(body: Body) -> str:
    return f"replaced by {body.get('by')}"


def _suggestion(body: Body) -> str:
    return f"{body.get('source')} suggests {_span(body)}"


def _shown(body: Body) -> str:
    return f"{len(body['items'])} suggested in {body['layer']} by {body['source']}"


_WORDS = {
    Kind.SPAN: _span,
    Kind.STANCE: _stance,
    Kind.LOOKED: _looked,
    Kind.STATUS: _status,
    Kind.NOTE: _note,
    Kind.TIME: _time,
    Kind.REJECTION: lambda body: f"turned down {_span(body)}",
    Kind.SUGGESTION: _suggestion,
    Kind.SHOWN: _shown,
    Kind.SLOT: _slot,
    Kind.POOL: _pool,
    Kind.DECISION: _decision,
    Kind.RELEASE: _release,
    Kind.WITHDRAWAL: _withdrawal,
    Kind.SUCCESSOR: _successor,
}
