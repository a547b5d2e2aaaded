"""A small project with a release, and people who did hidden questions, second passes and training."""

from pathlib import Path

from release_kit import LEAD, annotated, decide, done_draft, place, save

from annotator.gold.adjudication import taking
from annotator.gold.adjudication.items import Item
from annotator.lead import releasing
from annotator.lead.releasing import Wish
from annotator.model.annotation import Evidence, Kind, Party, Span, Stance
from annotator.model.article import Article
from annotator.model.decision import Decision
from annotator.model.event import Act, Draft, new_id
from annotator.store.project import Project

NOVA = "nova"
MORE = {
    "harbour": "Clara Mend closed the harbour.\nThe Rail Union praised Clara Mend.",
    "market": "Deniz Oral opened the market hall.\nVolta Works rejected it.",
    "station": "Emil Stoev inspected the station.\nNobody said why.",
}
"""Articles that nobody has annotated."""


def most(item: Item) -> Decision:
    """What most people gave, nothing included."""
    return taking.take(item, max(item.variants, key=lambda each: len(each.annotators)).code)


def released(path: Path, version: str = "1.0") -> Path:
    """The project of `release_kit` with its gold decided and released, and a few articles more."""
    annotated(path)
    decide(path, most)
    with Project.open(path, LEAD) as project:
        articles = (Article(name, text, f"About {name}", lang="en") for name, text in MORE.items())
        list(project.add(articles))
        gathered = releasing.gather(project, Wish(version))
        releasing.save(project, gathered)
    return path


def span(project: Project, article: str, label: str, surface: str) -> Draft:
    """A new entity on a surface's first place."""
    text = project.article(article).text
    made = Span(new_id(), "entities", label, *place(text, surface))
    return Draft(Kind.SPAN, made.key, article, made.body(text))


def stance(project: Project, article: str, actor: str, target: str, value: str) -> Draft:
    """A stance with the target's name as evidence."""
    text = project.article(article).text
    made = Stance(Party("entity", target), value, evidence=(Evidence(*place(text, target)),))
    return Draft(Kind.STANCE, made.key(actor, article), article, made.body(text))


def finish(path: Path, actor: str, article: str, *labels: tuple[str, str]) -> None:
    """Somebody gives labels to surfaces, and is done with the article."""
    with Project.open(path, actor) as project:
        drafts = [span(project, article, label, surface) for label, surface in labels]
        project.record(Act("label", (*drafts, done_draft(article, actor))))


__all__ = ["LEAD", "MORE", "NOVA", "finish", "most", "released", "save", "span", "stance"]
