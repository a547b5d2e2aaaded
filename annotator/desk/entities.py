"""Who and what an article names: the spans of one layer, grouped by what they are about.

Spans of one cross-lingual id are one entity; without an id those of one lemma or, without that too,
of one name in all its forms. The groups are kept up span by span, so that a label costs the same
among ten thousand.
"""

from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

from annotator.model.annotation import Span

T = TypeVar("T")

NAME_LIMIT = 200
"""Longer stretches than this many code points are not names of anything."""
BY_ID, BY_NAME = "id:", "name:"
"""What keys of entities begin with: those that have an id, and those told by lemma or surface."""


class Entity:
    """The spans that are about one thing."""

    __slots__ = ("forms", "key", "names", "spans")

    def __init__(self, key: str) -> None:
        self.key = key
        """What tells it from the article's other entities."""
        self.spans: dict[str, Span] = {}
        """By id."""
        self.names: Counter[str] = Counter()
        """What its spans say it is called: id, lemma or surface."""
        self.forms: Counter[str] = Counter()
        """Their surfaces."""

    @property
    def name(self) -> str:
        """What most of its spans call it."""
        return _chief(self.names)

    @property
    def form(self) -> str:
        """How the article mostly writes it."""
        return _chief(self.forms)

    def like(self, span: Span) -> list[Span]:
        """Its spans that are meant with this one: of those of one name only those of its label."""
        by_name = self.key.startswith(BY_NAME)
        return [s for s in self.spans.values() if s.label == span.label or not by_name]

    @property
    def first(self) -> Span:
        """Its first mention."""
        return min(self.spans.values(), key=lambda span: span.start)


class Entities:
    """The entities of one layer."""

    def __init__(self, text: str) -> None:
        self.groups: dict[str, Entity] = {}
        """By key."""
        self._text = text
        self._forms: dict[str, str] = {}
        """The key of each surface seen."""
        self._names: dict[str, list[str]] = {}
        """For each coarse form the names told apart in it."""
        self._given: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
        """For each form and label, how many spans have which id and lemma."""

    def __len__(self) -> int:
        return len(self.groups)

    def add(self, span: Span) -> None:
        """File a span."""
        if span.end - span.start > NAME_LIMIT:
            return
        surface, (xid, lemma) = self.surface(span), identity(span)
        key = self._key(xid, lemma or surface)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Entity(key)
        group.spans[span.id] = span
        group.names[xid or lemma or surface] += 1
        group.forms[surface] += 1
        self._given.setdefault((self._form(surface), span.label), Counter())[xid, lemma] += 1

    def discard(self, span: Span) -> None:
        """Take a span out again."""
        if span.end - span.start > NAME_LIMIT:
            return
        surface, (xid, lemma) = self.surface(span), identity(span)
        group = self.groups[self._key(xid, lemma or surface)]
        del group.spans[span.id]
        _less(group.names, xid or lemma or surface)
        _less(group.forms, surface)
        if not group.spans:
            del self.groups[group.key]
        place = (self._form(surface), span.label)
        _less(self._given[place], (xid, lemma))
        if not self._given[place]:
            del self._given[place]

    def of(self, span: Span) -> Entity | None:
        """The entity a span is filed under."""
        xid, lemma = identity(span)
        return self.groups.get(self._key(xid, lemma or self.surface(span)))

    def called(self, name: str) -> Entity | None:
        """The entity of an id, a lemma or a name in any form; None when the article has none."""
        return self.groups.get(_by_id(name)) or self.groups.get(self._form(name))

    def key(self, name: str) -> str:
        """The key of what a name stands for, whether or not the article has it."""
        found = self.called(name)
        return found.key if found is not None else _by_id(name)

    def same_form(self, one: Span, other: Span) -> bool:
        """Whether two spans are forms of one name."""
        return self._form(self.surface(one)) == self._form(self.surface(other))

    def usual(self, surface: str, label: str) -> Mapping[str, str]:
        """The attributes all spans of this form and label agree on; none when they do not."""
        given = self._given.get((self._form(" ".join(surface.split())), label))
        ids = {xid or lemma for xid, lemma in given} if given else set()
        if not given or len(ids) > 1 or "" in ids:
            return {}
        xid, lemma = given.most_common(1)[0][0]
        return {name: value for name, value in (("xid", xid), ("lemma", lemma)) if value}

    def surface(self, span: Span) -> str:
        """What a span covers, on one line."""
        return " ".join(self._text[span.start : span.end].split())

    def _key(self, xid: str, name: str) -> str:
        return _by_id(xid) if xid else self._form(name)

    def _form(self, name: str) -> str:
        """The key of all forms of a name: the first of them that was met."""
        key = self._forms.get(name)
        if key is None:
            from annotator.text.forms import form_key, same_name  # not needed to open an article

            names = self._names.setdefault(form_key(name), [])
            folded = name.casefold()
            first = next((n for n in names if n.casefold() == folded or same_name(n, name)), name)
            if first is name:
                names.append(name)
            key = self._forms[name] = BY_NAME + first
        return key


def identity(span: Span) -> tuple[str, str]:
    """A span's cross-lingual id and its lemma, "" for what it has not."""
    if not span.attrs:
        return "", ""
    return str(span.attrs.get("xid") or ""), str(span.attrs.get("lemma") or "")


def _chief(names: Counter[str]) -> str:
    """The most frequent name; of several the shortest, which is the likeliest without an ending."""
    return min(names, key=lambda name: (-names[name], len(name), name.isupper(), name))


def _by_id(xid: str) -> str:
    return BY_ID + xid.casefold()


def _less(counts: Counter[T], name: T) -> None:
    """Count one out; what is not there any more is no longer named."""
    counts[name] -= 1
    if not counts[name]:
        del counts[name]
