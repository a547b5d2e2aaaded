"""Which items an adjudicator wants to see: typed as a line, as in the queue of articles."""

import re
from enum import StrEnum
from typing import NamedTuple

from annotator.gold.adjudication.items import Category, Item, State, What
from annotator.model.decision import Reason
from annotator.model.errors import AnnotatorError

_WORD = re.compile(r'(?:(?P<name>[a-z]+):)?(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))')


class Show(StrEnum):
    """Items in which state."""

    OPEN = "open"
    """What nobody decided yet, and what was decided about other variants (stale)."""
    DISCUSS = "discuss"
    DISPUTED = "disputed"
    """A second opinion differs from the first decision; these are to be discussed too."""
    SKIPPED = "skipped"
    STALE = "stale"
    DECIDED = "decided"
    ALL = "all"


class Order(StrEnum):
    """In which order an article's items come."""

    CONFIDENCE = "confidence"
    """Surest proposal first: a fast rhythm."""
    PLACE = "place"


class Wanted(NamedTuple):
    """A filter of items; each part that is set narrows it."""

    category: str = ""
    layer: str = ""
    label: str = ""
    """A label or stance value that one of the variants has."""
    pair: tuple[str, ...] = ()
    """Two annotators who gave different variants."""
    reason: str = ""
    """Why they differed, as an earlier decision says."""
    show: Show = Show.OPEN
    text: str = ""
    """What the item's text or target holds, case-folded."""
    order: Order = Order.CONFIDENCE

    @property
    def is_plain(self) -> bool:
        """Whether only state and order are chosen."""
        return self == Wanted(show=self.show, order=self.order)


HELP = (
    "category:boundary  missing, boundary, trim, label, stance, evidence, target-missing, agree",
    "layer:names  label:ORG  reason:slip  state:discuss  order:place",
    "pair:iva,mila  items on which these two differ (which shows their names)",
    "state: open, discuss, disputed, skipped, stale, decided, all.",
    "Other words stand in the item's text.",
)
"""What a filter line may say."""


def parse(line: str) -> Wanted:
    """The filter in a line such as `category:boundary label:ORG European`.

    Raises:
        AnnotatorError: a name or a value that there is not.
    """
    wanted, words = Wanted(), []
    for found in _WORD.finditer(line):
        value = found["quoted"] if found["quoted"] is not None else found["plain"]
        name = found["name"]
        if name is None:
            words.append(value)
        else:
            wanted = _narrowed(wanted, name, value)
    return wanted._replace(text=" ".join(words).casefold())


def _narrowed(wanted: Wanted, name: str, value: str) -> Wanted:
    if name == "state":
        return wanted._replace(show=Show(_known(name, value, Show)))
    if name == "order":
        return wanted._replace(order=Order(_known(name, value, Order)))
    if name == "category":
        return wanted._replace(category=_known(name, value, Category))
    if name == "reason":
        return wanted._replace(reason=_known(name, value, Reason))
    if name == "layer":
        return wanted._replace(layer=value)
    if name == "label":
        return wanted._replace(label=value)
    if name == "pair":
        pair = tuple(sorted(part for part in value.split(",") if part))
        if len(pair) != 2:
            raise AnnotatorError("pair: takes two annotators with a comma, as in pair:iva,mila.")
        return wanted._replace(pair=pair)
    raise AnnotatorError(
        f"Items are not filtered by {name!r}; "
        "use category, layer, label, pair, reason, state or order."
    )


def _known(name: str, value: str, values: type[StrEnum]) -> str:
    if value not in list(values):
        raise AnnotatorError(f"There is no {name} {value!r}; use one of: {', '.join(values)}.")
    return value


def written(wanted: Wanted) -> str:
    """The line that `parse` makes this filter of."""
    parts = [
        f"{name}:{_quoted(value)}"
        for name, value in (
            ("category", wanted.category),
            ("layer", wanted.layer),
            ("label", wanted.label),
            ("pair", ",".join(wanted.pair)),
            ("reason", wanted.reason),
            ("state", "" if wanted.show is Show.OPEN else wanted.show),
            ("order", "" if wanted.order is Order.CONFIDENCE else wanted.order),
        )
        if value
    ]
    return " ".join([*parts, *([wanted.text] if wanted.text else [])])


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def matches(item: Item, wanted: Wanted, text: str) -> bool:
    """Whether a filter lets an item through, whatever its state; `text` is the article's."""
    if wanted.category and wanted.category not in item.category:
        return False
    if wanted.layer and wanted.layer != item.layer:
        return False
    if wanted.label and wanted.label not in _labels(item):
        return False
    if wanted.pair and not differ(item, *wanted.pair):
        return False
    if wanted.reason:
        reason = item.decided.decision.reason if item.decided else None
        if reason != wanted.reason:
            return False
    return not wanted.text or wanted.text in _words(item, text)


def _labels(item: Item) -> set[str]:
    spans = {variant.span.label for variant in item.variants if variant.span}
    return spans | {variant.stance.label for variant in item.variants if variant.stance}


def _words(item: Item, text: str) -> str:
    words = [text[item.start : item.end]] if item.what is not What.STANCE else []
    for variant in item.variants:
        if variant.stance:
            words += [variant.stance.target.name, variant.stance.holder.name]
            words += [text[e.start : e.end] for e in variant.evidence]
    return "\n".join(words).casefold()


def differ(item: Item, one: str, other: str) -> bool:
    """Whether two annotators, who both finished the layer, gave different variants."""
    if not {one, other} <= set(item.voters):
        return False
    return answer_of(item, one) != answer_of(item, other)


def answer_of(item: Item, annotator: str) -> str:
    """The code of the variant an annotator gave; "" for none."""
    return next((v.code for v in item.variants if annotator in v.annotators), "")


def in_state(item: Item, show: Show) -> bool:
    """Whether an item's state is one of those wanted."""
    if show is Show.OPEN:
        return item.state in (State.OPEN, State.STALE)
    if show is Show.DISPUTED:
        return item.decided is not None and bool(item.decided.disputed)
    return show is Show.ALL or item.state == show.value
