"""The list for the meeting: items to discuss, as Markdown."""

import re
from collections.abc import Iterator

from annotator.gold.adjudication.items import NOTHING, Item, State, Variant, What
from annotator.lead.adjudication_queue import Options, Waiting
from annotator.lead.adjudication_report import tables
from annotator.lead.adjudication_table import Table
from annotator.lead.adjudication_words import in_words
from annotator.model.scheme import Scheme
from annotator.store.project import Project
from annotator.text.visible import plain_line

AROUND = 120
"""Characters of the text before and after an item."""
LONGEST = 600
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def to_discuss(project: Project, options: Options) -> tuple[str, int]:
    """The list as Markdown, and how many items are on it. Annotators have letters there, no names."""
    waiting = Waiting(project, options)
    parts: list[str] = []
    count = 0
    for ready, table in tables(waiting):
        items = [item for item in table.items if item.state is State.DISCUSS]
        if items:
            title = table.article.title or ready.article
            parts += [f"## {_safe(title)}", f"Article {_safe(ready.article)}"]
            parts += [line for item in items for line in _item(table, item, project.scheme)]
            count += len(items)
    head = f"# To discuss: {count} item{'' if count == 1 else 's'}"
    return "\n\n".join([head, *parts]) + "\n", count


def _item(table: Table, item: Item, scheme: Scheme) -> Iterator[str]:
    layer = scheme.layer(item.layer)
    what = layer.title if layer else item.layer
    categories = ", ".join(item.category)
    yield f"### {_safe(what)}: {_about(table, item)} ({categories})"
    text = table.article.text
    if item.end > item.start:
        before, after = text[max(item.start - AROUND, 0) : item.start], text[item.end :][:AROUND]
        inside = _safe(text[item.start : item.end])
        yield f"> … {_safe(before)} **{inside}** {_safe(after)} …"
    yield "\n".join(_variant(table, item, variant) for variant in item.variants)
    if item.decided is not None and item.decided.disputed:
        both = (
            f"{_safe(d.actor)}: {_safe(in_words(d.decision, text))}" for d in item.decided.disputed
        )
        yield f"Two opinions: {'; '.join(both)}"
    decision = item.decided.decision if item.decided else None
    if decision is not None:
        said = [
            "guideline problem" if decision.guideline else "",
            str(decision.reason).replace("_", " ") if decision.reason else "",
            _safe(decision.note),
        ]
        if any(said):
            yield f"Note: {'; '.join(part for part in said if part)}"


def _about(table: Table, item: Item) -> str:
    stance = next((v.stance for v in item.variants if v.stance), None)
    if item.what is What.SPAN or stance is None:
        return f"“{_safe(table.article.text[item.start : item.end][:80])}”"
    holder = "" if stance.holder.kind == "author" else f" ({_safe(stance.holder.name)})"
    return f"{_safe(stance.target.name)}{holder}"


def _variant(table: Table, item: Item, variant: Variant) -> str:
    who = ", ".join(sorted(table.letters.get(name, "?") for name in variant.annotators))
    text = table.article.text
    if variant.code == NOTHING:
        said = "nothing"
    elif variant.span is not None:
        span = variant.span
        said = f"{_safe(span.label)} “{_safe(text[span.start : span.end])}”"
    elif item.what is What.STANCE and variant.stance is not None:
        said = _safe(variant.stance.label)
    else:
        said = ", ".join(f"“{_safe(text[e.start : e.end])}”" for e in variant.evidence)
    return f"- {who}: {said} ({len(variant.annotators)} of {len(item.voters)})"


def _safe(words: str) -> str:
    """Foreign words in one line, nothing in them that Markdown or a terminal would obey."""
    return _SPECIAL.sub(r"\\\1", plain_line(words, LONGEST))
