"""Training: articles with released gold, annotated for practice and answered at once.

It is done under a name of its own (`iva #training`), which counts nowhere: not in agreement, not in
adjudication, exports or releases, and the person's own queue knows nothing of it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from annotator.gold.comparison import Comparison, Counts, Outcome, compare
from annotator.lead.feedback import Feedback
from annotator.lead.known_gold import Gold, gold
from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError
from annotator.model.person import TRAINING, pass_name
from annotator.store import questions

if TYPE_CHECKING:
    from annotator.store.project import Project

ARTICLES = 10
"""How many articles a training has, unless said otherwise."""


class Training:
    """One person's training in a project."""

    def __init__(self, project: "Project", articles: int = ARTICLES) -> None:
        """Choose the articles: those begun in an earlier training first.

        Raises:
            AnnotatorError: no release yet, or no article in it that this person has not seen.
        """
        if articles < 1:
            raise AnnotatorError("--articles is how many articles to train on: 1 or more.")
        found = gold(project)
        if found is None:
            raise AnnotatorError(
                f"There is nothing to train on in {project.path.name} yet: training takes articles of a "
                "release, and there is none."
            )
        self.project, self.gold = project, found
        self.name = pass_name(project.actor, TRAINING)
        self.articles = _chosen(project, found, self.name, articles)
        """Ids, in order."""
        if not self.articles:
            raise AnnotatorError(
                f"{project.actor} has seen every article of {found.words} already, and articles held "
                "out for testing are not for training."
            )

    def compared(self, article: str) -> Feedback:
        """The training's work on an article beside its gold; raises AnnotatorError without gold."""
        true = self.gold.work(article)
        if true is None:
            raise AnnotatorError(f"There is no gold for {article}.")
        own = self.project.work(article, self.name)
        made = compare(own, true, self.project.scheme)
        return Feedback(self.project.article(article), own, true, made)

    def is_finished(self, article: str) -> bool:
        """Whether an article of the training was done or skipped."""
        return self.project.is_finished(article, self.name)

    def finished(self) -> list[Comparison]:
        """What is done of this training, beside gold."""
        return [
            self.compared(article).comparison
            for article in self.articles
            if self.project.work(article, self.name).status.state is State.DONE
        ]


def done_before(project: "Project") -> list[Comparison]:
    """What this person has done of all their training, beside the gold of the newest release."""
    found, name = gold(project), pass_name(project.actor, TRAINING)
    made = []
    for article in questions.done_by(project, name) if found is not None else ():
        true = found.work(article) if found is not None else None
        if true is not None:
            made.append(compare(project.work(article, name), true, project.scheme))
    return made


def _chosen(project: "Project", found: Gold, name: str, wanted: int) -> tuple[str, ...]:
    person = project.actor
    seen = questions.seen_by(project, person)
    begun: list[str] = []
    fresh: list[str] = []
    for article in found.articles():
        if article not in seen:
            if len(fresh) < wanted and not project.is_held_out(article):
                fresh.append(article)
        elif (
            project.newest_of(article, name)
            and not project.is_finished(article, name)
            and not project.newest_of(article, person)
        ):
            begun.append(article)
    return tuple([*begun, *fresh][:wanted])


def summary(found: Sequence[Comparison]) -> list[tuple[str, str, Counts]]:
    """Layer, label ("" for all of them together) and counts, over the articles of a training."""
    by_layer: dict[str, Counts] = {}
    for each in found:
        for layer, counts in each.counts().items():
            by_layer[layer] = by_layer.get(layer, Counts()) + counts
    return [
        (layer, label, counts)
        for layer, counts in by_layer.items()
        for label in ("", *counts.labels)
    ]


def summary_json(found: Sequence[Comparison]) -> dict[str, Any]:
    """The same for programs, by layer and label."""
    made: dict[str, Any] = {}
    for layer, label, counts in summary(found):
        numbers = {
            "gold": counts.gold(label),
            "own": counts.own(label),
            **{str(outcome): counts.many(outcome, label) for outcome in Outcome},
            "f1": counts.f1(label),
        }
        if label:
            made[layer]["labels"][label] = numbers
        else:
            made[layer] = {"articles": counts.articles, **numbers, "labels": {}}
    return made
