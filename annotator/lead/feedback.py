"""An annotator's own view: their work beside gold, once that is released or the lead allows it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from annotator.gold.comparison import Comparison, Difference, Outcome, SpanPair, StancePair, compare
from annotator.lead.known_gold import Gold
from annotator.lead.known_gold import gold as known_gold
from annotator.model.annotation import Span, Stance, State, Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.guidelines import guideline
from annotator.model.person import Role
from annotator.store import feedback, questions
from annotator.store.address import typed

if TYPE_CHECKING:
    from annotator.store.project import Project


class Feedback(NamedTuple):
    """One article of an annotator's, with its gold."""

    article: Article
    own: Work
    gold: Work
    comparison: Comparison


class Line(NamedTuple):
    """One article in the list."""

    article: str
    title: str
    comparison: Comparison


def is_allowed(project: "Project") -> bool:
    """Whether annotators may see adjudicated gold that is not released."""
    return feedback.is_allowed(project)


def allow(project: "Project", allowed: bool) -> bool:
    """Let annotators see adjudicated gold before a release, or no more; whether that is a change.

    Raises:
        AnnotatorError: this annotator may not decide it.
    """
    project.require(Role.LEAD, "say who may see gold before a release")
    return feedback.allow(project, allowed)


def visible_gold(project: "Project") -> Gold:
    """The gold that annotators may see now.

    Raises:
        AnnotatorError: nothing is released, and the lead has not allowed more.
    """
    found = known_gold(project, adjudicated=is_allowed(project) and project.sees_all())
    if found is None and not project.sees_all():
        raise AnnotatorError(
            f"There is no gold to see in {project.path.name} yet: on a server, where nobody sees others' "
            "work, feedback opens with the first release."
        )
    if found is None:
        raise AnnotatorError(
            f"There is no gold to see in {project.path.name} yet: feedback opens with the first release, or "
            f"when a lead runs annotator feedback {typed(project.path)} --allow."
        )
    return found


def candidates(project: "Project", gold: Gold, name: str) -> list[str]:
    """The articles somebody is done with that may have gold, in the order of the queue."""
    waiting, possible = _waiting(project, name), gold.possible()
    done = questions.done_by(project, name)
    return [article for article in done if article in possible and article not in waiting]


def listed(project: "Project", gold: Gold, name: str) -> Iterator[Line]:
    """The articles somebody is done with that have gold, in the order of the queue."""
    for article in candidates(project, gold, name):
        true = gold.work(article)
        if true is None:
            continue
        made = compare(project.work(article, name), true, project.scheme)
        if made.layers:
            yield Line(article, project.article(article).title, made)


def one(project: "Project", gold: Gold, name: str, article: str) -> Feedback:
    """One article in detail.

    Raises:
        AnnotatorError: no such article, not finished, its gold not to be seen yet.
    """
    read = project.article(article)
    own = project.work(article, name)
    if own.status.state is not State.DONE:
        raise AnnotatorError(f"{name} is not done with {article}; feedback comes after that.")
    true = gold.work(article) if article not in _waiting(project, name) else None
    made = None if true is None else compare(own, true, project.scheme)
    if true is None or made is None or not made.layers:
        raise AnnotatorError(f"There is no gold to see for {article} yet.")
    return Feedback(read, own, true, made)


def _waiting(project: "Project", name: str) -> set[str]:
    """Articles that somebody is still to do again: their gold would tell the answer."""
    return {slot.article for slot in project.passes(name, finished=False)}


# --- in words


def told(pair: Difference) -> str:
    """A difference in a few words: `missed ORG`, `PER, gold ORG`, `ORG, 4 too wide at the start`."""
    own = pair.own.label if pair.own is not None else ""
    true = pair.gold.label if pair.gold is not None else ""
    if pair.outcome is Outcome.MISSED:
        return f"missed {true}"
    if pair.outcome is Outcome.EXTRA:
        return f"{own}, not gold"
    labels = own if own == true else f"{own}, gold {true}"
    return ", ".join([labels, *_edges(pair)])


def _edges(pair: Difference) -> list[str]:
    if not isinstance(pair, SpanPair):
        return []
    return [
        f"{abs(by)} too {'wide' if by > 0 else 'narrow'} at the {where}"
        for by, where in zip(pair.edges, ("start", "end"), strict=True)
        if by
    ]


def surface(pair: Difference, text: str) -> str:
    """What a difference is about: the words that both cover, or the target (and holder)."""
    if isinstance(pair, StancePair):
        stance = pair.gold or pair.own
        assert stance is not None
        holder = "" if stance.holder.kind == "author" else f" by {stance.holder.name}"
        return f"{stance.target.name}{holder}"
    start, end = pair.place
    return text[start:end]


def section(project: "Project", pair: Difference) -> str:
    """The guideline's Markdown on the label that is gold (else on the one given); "" without any."""
    label = pair.label
    scheme = project.scheme
    return guideline(scheme, pair.layer, label) or guideline(scheme, pair.layer)


# --- as JSON


def line_json(line: Line) -> dict[str, Any]:
    """An article of the list."""
    made = line.comparison
    by: dict[str, int] = {}
    for pair in made.differences:
        by[str(pair.outcome)] = by.get(str(pair.outcome), 0) + 1
    return {
        "article": line.article,
        "title": line.title,
        "layers": list(made.layers),
        "same": made.alike,
        "differences": len(made.differences),
        "by_outcome": dict(sorted(by.items())),
    }


def detail_json(found: Feedback) -> dict[str, Any]:
    """One article with every difference."""
    line = Line(found.article.id, found.article.title, found.comparison)
    text = found.article.text
    return line_json(line) | {"found": [_pair(pair, text) for pair in found.comparison.differences]}


def _pair(pair: Difference, text: str) -> dict[str, Any]:
    made: dict[str, Any] = {"layer": pair.layer, "outcome": str(pair.outcome)}
    for name, thing in (("own", pair.own), ("gold", pair.gold)):
        made[name] = None if thing is None else _thing(thing, text)
    if isinstance(pair, SpanPair) and pair.own is not None and pair.gold is not None:
        made["edges"] = list(pair.edges)
    return made


def _thing(thing: Span | Stance, text: str) -> dict[str, Any]:
    if isinstance(thing, Span):
        return {"label": thing.label, "start": thing.start, "end": thing.end,
                "text": text[thing.start : thing.end]}  # fmt: skip
    return {
        "label": thing.label,
        "target": thing.target._asdict(),
        "holder": thing.holder._asdict(),
        "evidence": [[each.start, each.end] for each in thing.evidence],
    }
