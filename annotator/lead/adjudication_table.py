"""One article on the adjudicator's table: its items, who gave which variant, what was decided."""

import hashlib
from collections.abc import Collection, Mapping, Sequence

from annotator.gold.adjudication.items import NOTHING, Item, State, Variant
from annotator.gold.adjudication.making import items
from annotator.gold.adjudication.proposals import in_order, proposed, to_decide
from annotator.gold.adjudication.variants import parties
from annotator.lead.adjudication_filter import Order, Show, Wanted, in_state, matches
from annotator.model.annotation import Stance, Work
from annotator.model.article import Article
from annotator.model.decision import Decided, Decision, Verdict
from annotator.model.scheme import Scheme

Posteriors = Mapping[str, Mapping[str, float]]
"""For each item's key the probability of each variant's code."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Table:
    """An article's items, kept up to date with the decisions made on them."""

    def __init__(
        self,
        article: Article,
        works: Sequence[Work],
        scheme: Scheme,
        standing: Mapping[str, Decided],
        stamp: str = "",
        beneath: Mapping[str, Decided] | None = None,
        told: Posteriors | None = None,
    ) -> None:
        """Lay an article out.

        Args:
            article: The article.
            works: What everybody gave.
            scheme: The labels.
            standing: The decisions shown, by key.
            stamp: A fingerprint of all this, to see when it changed.
            beneath: The decisions that hold, where some of them are not to be seen.
            told: The model's posteriors by item, to propose by.
        """
        self.article = article
        self.stamp = stamp
        self.standing = dict(standing)
        self.beneath = dict(standing if beneath is None else beneath)
        self.works = works
        self._told = told
        self._scheme = scheme
        self.items: tuple[Item, ...] = ()
        self.by_key: dict[str, Item] = {}
        self._settle()
        self.letters = letters(article.id, self._voters())
        """For each annotator the letter that stands for them in this article."""

    def _voters(self) -> set[str]:
        return {name for item in self.items for name in item.voters}

    def stance_of(self, item: Item, annotator: str) -> Stance | None:
        """The whole stance an annotator gave to an item's target and holder, evidence and all."""
        work = next((work for work in self.works if work.actor == annotator), None)
        given = work.stances if work else ()
        return next((s for s in given if parties(s) == item.members), None)

    def _settle(self) -> None:
        made = items(self.article, self.works, self._scheme, tuple(self.standing.values()))
        self.items = proposed(made, self._told)
        self.by_key = {item.key: item for item in self.items}

    def put(self, decisions: Mapping[str, Decided | None]) -> None:
        """Take in decisions by their keys; None takes one back."""
        for key, decided in decisions.items():
            for kept in (self.standing, self.beneath):
                if decided is None:
                    kept.pop(key, None)
                else:
                    kept[key] = decided
        self._settle()

    def order(self, wanted: Wanted, audit: float) -> list[str]:
        """Keys of the items to go through, decided ones too: stale first, then as wanted.

        Unanimous ones are among them when the filter asks for them or the audit drew them.
        """
        chosen = [
            item
            for item in self.items
            if matches(item, wanted, self.article.text) and self._asked(item, wanted, audit)
        ]
        if wanted.order is Order.CONFIDENCE:
            chosen = list(in_order(chosen))
        stale = [item.key for item in chosen if item.state is State.STALE]
        return [*stale, *(item.key for item in chosen if item.state is not State.STALE)]

    def _asked(self, item: Item, wanted: Wanted, audit: float) -> bool:
        if wanted.category in item.category or wanted.show not in (Show.OPEN, Show.STALE):
            return True
        undecided = item._replace(state=State.OPEN, decided=None)
        return item.state is State.STALE or bool(to_decide((undecided,), audit))

    def left(self, order: Collection[str], show: Show) -> int:
        """How many of these items are in the state asked for."""
        return sum(in_state(self.by_key[key], show) for key in order if key in self.by_key)


def letters(article: str, names: Collection[str]) -> dict[str, str]:
    """A letter for each annotator, shuffled anew in each article but always alike in the same."""
    shuffled = sorted(names, key=lambda name: _hash(f"{article}\0{name}"))
    return {name: letter_of(place) for place, name in enumerate(shuffled)}


def letter_of(place: int) -> str:
    """A, B ... Z, then A2 ..."""
    turn, rest = divmod(place, len(LETTERS))
    return LETTERS[rest] + (str(turn + 1) if turn else "")


def _hash(words: str) -> bytes:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()


def is_tie(item: Item) -> bool:
    """Whether nothing is proposed and no variant has more votes than every other."""
    votes = sorted((len(each.annotators) for each in item.variants), reverse=True)
    return proposal_of(item) is None and len(votes) > 1 and votes[0] == votes[1]


def proposal_of(item: Item) -> Variant | None:
    """The variant that is proposed, None when none is."""
    if item.proposal is None:
        return None
    return next((v for v in item.variants if v.code == item.proposal.code), None)


def numbered(item: Item) -> tuple[Variant, ...]:
    """The variants the digits 1 to 9 stand for: all but `nothing`, which is 0."""
    return tuple(variant for variant in item.variants if variant.code != NOTHING)


def votes_of(item: Item, variant: Variant) -> tuple[int, int]:
    """How many of those who finished the layer gave a variant, and how many they are."""
    return len(variant.annotators), len(item.voters)


def with_circumstances(
    decision: Decision, item: Item, *, named: bool, milliseconds: int
) -> Decision:
    """A decision with how it came about, and what was remarked on the item before."""
    old = item.decided.decision if item.decided else None
    return decision._replace(
        named=named,
        milliseconds=milliseconds,
        note=decision.note or (old.note if old else ""),
        reason=decision.reason or (old.reason if old else None),
        guideline=decision.guideline or bool(old and old.guideline),
    )


def signed(decision: Decision, beneath: Decided | None, *, own: bool, second: bool) -> Decision:
    """A decision with what is to be known of who makes it, and whose dispute it settles.

    Args:
        decision: What is decided.
        beneath: What held so far.
        own: Whether who decides annotated the article.
        second: Whether it is a second opinion.
    """
    settled: set[str] = set()
    if beneath is not None and not second and decision.verdict is Verdict.DECIDED:
        settled = {each.actor for each in beneath.disputed} or set(beneath.decision.settles)
    return decision._replace(own=own, second=second, settles=tuple(sorted(settled)))
