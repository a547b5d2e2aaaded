"""The sheet on the desk: one annotator's decisions on one article, changed act by act.

The sheet shows an act at once; the log makes it durable. Its state is always the fold of the work it
was loaded with and the acts applied since.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from annotator.desk.entities import Entities, identity
from annotator.desk.index import SpanIndex
from annotator.model.annotation import (
    Kind,
    Note,
    Rejection,
    Span,
    Stance,
    State,
    Status,
    Work,
    looked_key,
)
from annotator.model.article import Article
from annotator.model.event import Act, Change, Draft, PastAct
from annotator.model.spent import Spent


class Sheet:
    """Spans, stances, looked-at layers, notes and status of one annotator and article."""

    def __init__(self, article: Article, work: Work) -> None:
        self.article = article
        self.actor = work.actor
        self.spans: dict[str, Span] = {}
        self.layers: dict[str, SpanIndex] = {}
        self.counts: Counter[tuple[str, str]] = Counter()
        """How many spans each (layer, label) has."""
        self._identities: dict[str, Entities] | None = None
        self._identified = 0
        """How many spans carry an id or a lemma."""
        self.newest = ""
        """The id of the span that was labelled or changed last."""
        self.stances: dict[str, Stance] = {}
        """By key."""
        self.looked: set[str] = set(work.looked)
        self.notes: dict[str, Note] = {note.id: note for note in work.notes}
        self.status = work.status
        self.spent = work.spent
        self.begun = any(not key.startswith(("time:", "shown:")) for key in work.versions)
        """Whether anything was ever decided on the article."""
        self.rejections = {r.key(work.actor, article.id): r for r in work.rejections}
        self.revision = 0
        """Grows with each act, so that a view knows whether it is out of date."""
        self._versions = work.versions
        self._bodies: dict[str, Mapping[str, Any]] = {}
        """Bodies by key as acts gave them, which spares hashing long stretches again."""
        for span in work.spans:
            self._put_span(span)
        for stance in work.stances:
            self.stances[stance.key(self.actor, article.id)] = stance

    def over(self, layer: str, start: int, end: int) -> tuple[Span, ...]:
        """The layer's spans sharing text with `start`-`end`."""
        index = self.layers.get(layer)
        return index.over(start, end) if index else ()

    def entities(self, layer: str) -> Entities:
        """A layer's spans by what they are about; grouped when first asked for."""
        if self._identities is None:
            self._identities = {}
            for span in self.spans.values():
                self._group(span)
        return self._identities.get(layer) or Entities(self.article.text)

    def with_identities(self, drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
        """Drafts whose new spans have the id and lemma this article gives their name elsewhere."""
        return tuple(map(self._with_identity, drafts)) if self._identified else drafts

    def draft_span(self, span: Span) -> Draft:
        """A new or changed span as a draft."""
        return self._draft(Kind.SPAN, span.key, span.body(self.article.text))

    def draft_stance(self, stance: Stance) -> Draft:
        """A new or changed stance as a draft."""
        key = stance.key(self.actor, self.article.id)
        return self._draft(Kind.STANCE, key, stance.body(self.article.text))

    def draft_note(self, note: Note) -> Draft:
        """A new or changed note as a draft."""
        return self._draft(Kind.NOTE, note.key, note.body(self.article.text))

    def draft_status(self, status: Status) -> Draft:
        """A status as a draft."""
        return self._draft(Kind.STATUS, Status.key(self.actor, self.article.id), status.body())

    def draft_rejection(self, rejection: Rejection) -> Draft:
        """A suggestion turned down, as a draft."""
        key = rejection.key(self.actor, self.article.id)
        return self._draft(Kind.REJECTION, key, rejection.body(self.article.text))

    def draft_spent(self, spent: Spent) -> Draft:
        """Active time and keys, as a draft."""
        return self._draft(Kind.TIME, Spent.key(self.actor, self.article.id), spent.body())

    def draft_looked(self, layer: str) -> Draft:
        """The statement that this layer has been looked at, as a draft."""
        return self._draft(
            Kind.LOOKED, looked_key(self.actor, self.article.id, layer), {"layer": layer}
        )

    def draft_removal(self, thing: Span | Stance | Note) -> Draft:
        """The removal of a span, stance or note as a draft."""
        if isinstance(thing, Span):
            return self._draft(Kind.SPAN, thing.key, None)
        if isinstance(thing, Note):
            return self._draft(Kind.NOTE, thing.key, None)
        return self._draft(Kind.STANCE, thing.key(self.actor, self.article.id), None)

    def draft_back(self, change: Change, body: Mapping[str, Any] | None) -> Draft:
        """A draft that gives a past change's thing the version `body` again."""
        return self._draft(change.kind, change.key, body)

    def apply(self, act: Act) -> PastAct:
        """Show what an act does to this article; returned with what it replaced, for undo."""
        self.revision += 1
        changes = []
        spans = (d.key for d in act.drafts if d.kind is Kind.SPAN and d.body is not None)
        self.newest = next(spans, self.newest).removeprefix("span:")
        for draft in act.drafts:
            if draft.article != self.article.id:
                continue
            before = self.body(draft.kind, draft.key)
            _APPLY[draft.kind](self, draft.key, draft.body)
            if draft.body is None:
                self._bodies.pop(draft.key, None)
            else:
                self._bodies[draft.key] = draft.body
            changes.append(Change(draft.kind, draft.key, draft.article, before, draft.body))
            self.begun = self.begun or draft.kind is not Kind.TIME
        return PastAct(act.id, act.verb, act.of, tuple(changes))

    def body(self, kind: Kind, key: str) -> Mapping[str, Any] | None:
        """The body of the thing's current version, None when it is not there."""
        if key in self._bodies:
            return self._bodies[key]
        name = key.partition(":")[2]
        if kind is Kind.SPAN:
            return self.spans[name].body(self.article.text) if name in self.spans else None
        if kind is Kind.STANCE:
            return self.stances[key].body(self.article.text) if key in self.stances else None
        if kind is Kind.NOTE:
            return self.notes[name].body(self.article.text) if name in self.notes else None
        if kind is Kind.REJECTION:
            return self.rejections[key].body(self.article.text) if key in self.rejections else None
        if kind is Kind.LOOKED:
            layer = name.partition(":")[0]
            return {"layer": layer} if layer in self.looked else None
        if kind is Kind.TIME:
            return self.spent.body() if self.spent.keys or self.spent.seconds else None
        return None if self.status.state is State.NEW else self.status.body()

    def _draft(self, kind: Kind, key: str, body: Mapping[str, Any] | None) -> Draft:
        return Draft(kind, key, self.article.id, body, self._versions.get(key, ""))

    def _put_span(self, span: Span) -> None:
        layer = span.layer
        self.spans[span.id] = span
        index = self.layers.get(layer)
        if index is None:
            index = self.layers[layer] = SpanIndex()
        index.add(span)
        self.counts[layer, span.label] += 1
        self._identified += any(identity(span))
        if self._identities is not None:
            self._group(span)

    def _group(self, span: Span) -> None:
        assert self._identities is not None
        layer = self._identities.get(span.layer)
        if layer is None:
            layer = self._identities[span.layer] = Entities(self.article.text)
        layer.add(span)

    def _with_identity(self, draft: Draft) -> Draft:
        body = draft.body
        if draft.kind is not Kind.SPAN or not body or "attrs" in body or "text" not in body:
            return draft
        old = self.spans.get(draft.key.removeprefix("span:"))
        if old is not None and self.article.text[old.start : old.end] == body["text"]:
            return draft  # what it is was decided; only a new or another name is filled in
        attrs = self.entities(body["layer"]).usual(body["text"], body["label"])
        return draft._replace(body={**body, "attrs": attrs}) if attrs else draft

    def _drop_span(self, span: Span) -> None:
        self.layers[span.layer].discard(span)
        self.counts[span.layer, span.label] -= 1
        self._identified -= any(identity(span))
        if self._identities is not None:
            self._identities[span.layer].discard(span)

    def _apply_span(self, key: str, body: Mapping[str, Any] | None) -> None:
        old = self.spans.pop(key.removeprefix("span:"), None)
        if old is not None:
            self._drop_span(old)
        if body is not None:
            self._put_span(Span.of(key, body))

    def _apply_stance(self, key: str, body: Mapping[str, Any] | None) -> None:
        if body is None:
            self.stances.pop(key, None)
        else:
            self.stances[key] = Stance.of(body)

    def _apply_note(self, key: str, body: Mapping[str, Any] | None) -> None:
        if body is None:
            self.notes.pop(key.removeprefix("note:"), None)
        else:
            note = Note.of(key, body)
            self.notes[note.id] = note

    def _apply_rejection(self, key: str, body: Mapping[str, Any] | None) -> None:
        if body is None:
            self.rejections.pop(key, None)
        else:
            self.rejections[key] = Rejection.of(body)

    def _apply_looked(self, key: str, body: Mapping[str, Any] | None) -> None:
        layer = key.split(":", 2)[1]
        if body is None:
            self.looked.discard(layer)
        else:
            self.looked.add(layer)

    def _apply_status(self, _key: str, body: Mapping[str, Any] | None) -> None:
        self.status = Status(State.NEW) if body is None else Status.of(body)

    def _apply_time(self, _key: str, body: Mapping[str, Any] | None) -> None:
        self.spent = Spent.of(body)


_APPLY: dict[Kind, Callable[[Sheet, str, Mapping[str, Any] | None], None]] = {
    Kind.SPAN: Sheet._apply_span,
    Kind.STANCE: Sheet._apply_stance,
    Kind.NOTE: Sheet._apply_note,
    Kind.REJECTION: Sheet._apply_rejection,
    Kind.LOOKED: Sheet._apply_looked,
    Kind.STATUS: Sheet._apply_status,
    Kind.TIME: Sheet._apply_time,
}
