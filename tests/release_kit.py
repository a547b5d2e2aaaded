"""A small project whose three articles were annotated by three people, and what decides their items."""

from collections.abc import Callable, Iterable
from pathlib import Path

from annotator.gold.adjudication import making, taking
from annotator.gold.adjudication.items import Item, State
from annotator.model.annotation import (
    Evidence,
    Kind,
    Party,
    Span,
    Stance,
    Status,
    looked_key,
)
from annotator.model.annotation import State as Said
from annotator.model.article import Article
from annotator.model.decision import Decision, Reason
from annotator.model.event import Act, Draft, new_id
from annotator.model.scheme_file import preset
from annotator.store.project import Project

PEOPLE = ("iva", "mila", "petar")
JUDGE = "vera"
LEAD = "lena"
TEXTS = {
    "bridge": "Anna Velkova opened the bridge.\nThe Harbour Office in Novobryag praised Anna Velkova.",
    "ferry": "Съветът на Старобряг спря ферибота.\nБорис Радин го поиска.",
    "tunnel": "Nobody of the Water Board said when the tunnel reopens.",
}
Choose = Callable[[Item], Decision | None]


def place(text: str, surface: str) -> tuple[int, int]:
    """Where a surface stands first."""
    start = text.index(surface)
    return start, start + len(surface)


def span_draft(article: str, label: str, surface: str, span_id: str = "") -> Draft:
    """A new entity on a surface."""
    span = Span(span_id or new_id(), "entities", label, *place(TEXTS[article], surface))
    return Draft(Kind.SPAN, span.key, article, span.body(TEXTS[article]))


def stance_draft(article: str, actor: str, target: str, value: str) -> Draft:
    """A stance with the target's name as its evidence."""
    text = TEXTS[article]
    stance = Stance(Party("entity", target), value, evidence=(Evidence(*place(text, target)),))
    return Draft(Kind.STANCE, stance.key(actor, article), article, stance.body(text))


def done_draft(article: str, actor: str, state: Said = Said.DONE) -> Draft:
    """Somebody says where they stand with an article."""
    return Draft(Kind.STATUS, Status.key(actor, article), article, Status(state).body())


def looked_draft(article: str, actor: str, layer: str) -> Draft:
    """Somebody declares a layer looked at."""
    return Draft(Kind.LOOKED, looked_key(actor, article, layer), article, {"layer": layer})


def save(path: Path, actor: str, *drafts: Draft, verb: str = "label") -> None:
    """Save drafts in a sitting of their own."""
    with Project.open(path, actor) as project:
        project.record(Act(verb, drafts))


def annotated(path: Path) -> Path:
    """The project: all three finished `bridge` and `ferry`; only iva began `tunnel`."""
    with Project.create(path, preset("news"), LEAD) as project:
        articles = (Article(name, text, f"About {name}", lang="en") for name, text in TEXTS.items())
        assert len(list(project.add(articles))) == len(TEXTS)
    for actor in PEOPLE:
        drafts = [
            span_draft("bridge", "PER", "Anna Velkova"),
            span_draft("bridge", "LOC" if actor == "petar" else "ORG", "Harbour Office"),
            stance_draft("bridge", actor, "Anna Velkova", "FAVOR"),
            done_draft("bridge", actor),
            span_draft("ferry", "LOC", "Старобряг"),
            *([span_draft("ferry", "ORG", "Съветът")] if actor == "iva" else []),
            done_draft("ferry", actor),
        ]
        save(path, actor, *drafts)
    save(path, "iva", span_draft("tunnel", "ORG", "Water Board"))
    return path


def first(item: Item) -> Decision:
    """What most people gave."""
    return taking.take(item, item.variants[0].code)


def decide(
    path: Path,
    choose: Choose = first,
    actor: str = JUDGE,
    articles: Iterable[str] = TEXTS,
    note: str = "",
    reason: Reason | None = None,
    guideline: bool = False,
) -> int:
    """Decide every item that is not decided, in as many rounds as it takes; how many were."""
    made = 0
    with Project.open(path, actor) as project:
        for article in articles:
            while drafts := _drafts(project, article, choose, note, reason, guideline):
                project.record(Act("adjudicate", drafts))
                made += len(drafts)
    return made


def items(project: Project, article: str) -> tuple[Item, ...]:
    """The items of an article as they stand."""
    works = project.works(article)
    return making.items(project.article(article), works, project.scheme, project.decisions(article))


def _drafts(
    project: Project, article: str, choose: Choose, note: str, reason: Reason | None, flag: bool
) -> tuple[Draft, ...]:
    text = project.article(article).text
    drafts = []
    for item in items(project, article):
        if item.state not in (State.OPEN, State.STALE):
            continue
        decision = choose(item)
        if decision is not None:
            decision = decision._replace(note=note, reason=reason, guideline=flag)
            drafts.append(Draft(Kind.DECISION, decision.key, article, decision.body(text)))
    return tuple(drafts)
