"""Deciding without a person: what all agree on, majorities, what the model is sure of."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from annotator.gold.adjudication.automatic import Rules, automatic
from annotator.lead.adjudication_queue import Waiting
from annotator.lead.adjudication_table import Table, signed, with_circumstances
from annotator.model.annotation import Kind
from annotator.model.decision import VERB, Decision
from annotator.model.event import Act, Draft, new_id
from annotator.store import adjudicated
from annotator.store.project import Project

BATCH = 50
"""Articles saved in one transaction; each is an act of its own."""


@dataclass(slots=True)
class Accepted:
    """What was decided so far."""

    articles: int = 0
    """Articles looked at."""
    changed: int = 0
    """Articles in which anything was decided."""
    methods: Counter[str] = field(default_factory=Counter)
    """Items decided, by method."""


def accept(
    project: Project,
    waiting: Waiting,
    rules: Rules,
    dry_run: bool = False,
) -> Iterator[Accepted]:
    """Decide by rules in all the articles that wait; gives the same, growing count for each.

    Where the rules ask for the model's posteriors, `Waiting.ask_model` comes first. Saves 50 articles
    at a time, each as one act that names the whole in its `of`, so that undo takes all of it back;
    with `dry_run` nothing is saved.
    """
    found, whole = Accepted(), new_id()
    acts: list[Act] = []
    for place in range(len(waiting.articles)):
        table = waiting.table(place)
        decisions = automatic(table.items, rules)
        found.articles += 1
        found.changed += bool(decisions)
        found.methods.update(str(each.method) for each in decisions)
        if decisions and not dry_run:
            own = table.article.id in waiting.mine
            acts.append(act_of(table, decisions, whole, own))
        if len(acts) >= BATCH:
            adjudicated.record_all(project, acts)
            acts.clear()
        yield found
    if acts:
        adjudicated.record_all(project, acts)


def act_of(table: Table, decisions: tuple[Decision, ...], whole: str, own: bool) -> Act:
    """The act that decides items of one article without a person.

    `whole` is what all acts of one acceptance share, `own` whether who accepts annotated the article.
    """
    drafts = []
    for each in decisions:
        before = table.beneath.get(each.key)
        made = with_circumstances(each, table.by_key[each.item], named=False, milliseconds=0)
        body = signed(made, before, own=own, second=False).body(table.article.text)
        base = before.event if before else ""
        drafts.append(Draft(Kind.DECISION, each.key, table.article.id, body, base))
    return Act(VERB, tuple(drafts), whole)
