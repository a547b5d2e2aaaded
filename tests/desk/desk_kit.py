"""A desk for tests: keys by name, and a log that lives in memory and outlasts a restart."""

import itertools
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future
from typing import Any

from annotator.desk.desk import Desk
from annotator.desk.keyboard import Answer, Keyboard
from annotator.desk.keynames import CHARACTERS
from annotator.desk.timer import ActiveTime
from annotator.model.annotation import (
    Kind,
    Note,
    Rejection,
    Rule,
    Span,
    Stance,
    State,
    Status,
    Work,
    quote_holds,
    sort_spans,
)
from annotator.model.article import Article
from annotator.model.assistance import HELD_OUT
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Change, Draft, PastAct, canonical, new_id
from annotator.model.scheme import Overlap, Scheme
from annotator.model.scheme_file import parse, preset
from annotator.model.shown import Shown
from annotator.model.spent import Spent
from annotator.model.suggestion import Suggestion
from annotator.store.recurring import Found, Recurring
from annotator.text import units
from annotator.text.alike import look
from annotator.text.forms import form_key

ACTOR = "mila"
KEYS = {character: key for key, character in CHARACTERS.items()}
"""Textual's name of each punctuation key."""

Head = tuple[Kind, str, dict[str, Any] | None]
"""Kind, id of the newest event, body."""


class FakeLog:
    """What the desk asks of a store; bodies go through JSON as they would on a disk."""

    def __init__(self, *texts: str) -> None:
        """Articles are called a0, a1 …"""
        self.articles = {f"a{n}": Article(f"a{n}", text) for n, text in enumerate(texts)}
        self.heads: dict[str, dict[str, Head]] = {name: {} for name in ("", *self.articles)}
        self.acts: list[PastAct] = []
        self.read = 0
        """How many past acts were read back."""
        self.reads_closed = False
        self.suggested: dict[str, list[Suggestion]] = {}
        """What files suggest, by article."""
        self.asked = 0
        """How often that was read."""
        self.held_out: set[str] = set()
        """Articles of the test split."""
        self.asked_held_out: list[str] = []
        """Of which articles it was asked whether they are silent."""
        self.slow: list[tuple[Act, Future[Any]]] | None = None
        """Acts that wait to be saved, when saving is held up."""
        self._ids = itertools.count(1)

    def article(self, article_id: str) -> Article:
        if article_id not in self.articles:
            raise AnnotatorError(f"There is no article {article_id}.")
        return self.articles[article_id]

    def work(self, article_id: str) -> Work:
        heads = self.heads[article_id]
        by_kind: dict[Kind, list[tuple[str, dict[str, Any]]]] = {kind: [] for kind in Kind}
        for key, (kind, _, body) in heads.items():
            if body is not None:
                by_kind[kind].append((key, body))
        status = [Status.of(body) for _, body in by_kind[Kind.STATUS]]
        return Work(
            article_id,
            ACTOR,
            sort_spans(Span.of(key, body) for key, body in by_kind[Kind.SPAN]),
            tuple(Stance.of(body) for _, body in by_kind[Kind.STANCE]),
            frozenset(body["layer"] for _, body in by_kind[Kind.LOOKED]),
            tuple(Note.of(key, body) for key, body in by_kind[Kind.NOTE]),
            status[0] if status else Status(State.NEW),
            {key: event for key, (kind, event, _) in heads.items() if kind is not Kind.SHOWN},
            spent=Spent.of(next((body for _, body in by_kind[Kind.TIME]), None)),
            rejections=tuple(Rejection.of(body) for _, body in by_kind[Kind.REJECTION]),
        )

    def rules(self) -> tuple[Rule, ...]:
        return tuple(Rule.of(b) for _, _, b in self.heads[""].values() if b is not None)

    def suggestions(self, article_id: str) -> tuple[Suggestion, ...]:
        self.asked += 1
        return () if article_id in self.held_out else tuple(self.suggested.get(article_id, ()))

    def why_silent(self, article_id: str) -> str:
        self.asked_held_out.append(article_id)
        return HELD_OUT if article_id in self.held_out else ""

    def shown(self, article_id: str) -> list[Shown]:
        heads = self.heads[article_id].values()
        return [Shown.of(body) for kind, _, body in heads if kind is Kind.SHOWN and body]

    def recurring(self, article_id: str, layer: str, lines: Collection[str]) -> Recurring:
        """All articles here are of one source."""
        found = []
        for name, article in self.articles.items():
            work = self.work(name)
            if name == article_id or name in self.held_out or work.status.state is State.DONE:
                continue
            decided = (*work.spans, *work.rejections)
            over = [(each.start, each.end) for each in decided if each.layer == layer]
            places, at = [], 0
            for line in article.text.splitlines(keepends=True):
                start = at + len(line) - len(line.lstrip())
                end, at = at + len(line.rstrip()), at + len(line)
                if look(line) in lines and not any(a < end and b > start for a, b in over):
                    places.append((start, end))
            if places:
                found.append(Found(name, article.text, tuple(places)))
        return Recurring(tuple(found))

    def versions(self, things: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, Any]]:
        known = [(a, k) for a, k in things if k in self.heads[a]]
        return {(a, k): self.heads[a][k][1:] for a, k in known}

    def known_forms(self, layer: str, forms: Collection[str]) -> set[str]:
        return set(self.labels_of(forms, layer))

    def labels_of(self, forms: Collection[str], layer: str) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for heads in self.heads.values():
            for kind, _, body in heads.values():
                if kind is Kind.SPAN and body and body["layer"] == layer and "text" in body:
                    form = form_key(body["text"])
                    if form in forms:
                        found.setdefault(form, Counter())[body["label"]] += 1
        return found

    def submit(self, act: Act) -> Future[Any]:
        future: Future[Any] = Future()
        if self.slow is not None:
            self.slow.append((act, future))
        else:
            self._save(act, future)
        return future

    def let_go(self) -> None:
        """Save what was held up."""
        waiting, self.slow = self.slow or [], None
        for act, future in waiting:
            self._save(act, future)

    def _save(self, act: Act, future: Future[Any]) -> None:
        changes = []
        assert len({d.key for d in act.drafts}) == len(act.drafts), "one version a thing and act"
        for draft in act.drafts:
            heads = self.heads[draft.article]
            body = json.loads(canonical(draft.body))
            if draft.article and body is not None and "start" in body:
                assert quote_holds(body, self.articles[draft.article].text)
            before = heads.get(draft.key, (draft.kind, "", None))[2]
            changes.append(Change(draft.kind, draft.key, draft.article, before, body))
            heads[draft.key] = (draft.kind, f"e{next(self._ids)}", body)
        self.acts.append(PastAct(act.id, act.verb, act.of, tuple(changes)))
        future.set_result(None)

    def past_acts(self) -> Iterator[PastAct]:
        if self.reads_closed:
            raise AssertionError("nothing older should be read")
        for act in reversed(tuple(self.acts)):
            self.read += 1
            yield act

    def state(self) -> dict[str, Any]:
        """Every body there is, by key: what undo must bring back."""
        return {
            key: body
            for heads in self.heads.values()
            for key, (kind, _, body) in heads.items()
            if body is not None and kind not in (Kind.TIME, Kind.SHOWN)
        }

    def elsewhere(self, draft: Draft) -> None:
        """A change made by another process of the same annotator."""
        self._save(Act("elsewhere", (draft,)), Future())


class Hands:
    """An annotator at a desk: presses keys, one name or character after another."""

    def __init__(
        self,
        *texts: str,
        scheme: Scheme | None = None,
        layout: str = "",
        log: FakeLog | None = None,
    ) -> None:
        self.log = log or FakeLog(*texts)
        self.scheme = scheme or preset("news")
        self.keyboard = Keyboard(layout)
        self.restart()

    def restart(self, article: str = "a0") -> None:
        """A new process: another desk over the same log."""
        self.time = 0.0
        self.desk = Desk(self.log, self.scheme, ActiveTime(lambda: self.time))
        self.desk.open(article)
        self.desk.wrap(40)

    def press(self, key: str) -> Answer:
        """One key: a character, or a name such as ctrl+z."""
        name = KEYS.get(key, key)
        character = key if len(key) == 1 else " " if key == "space" else None
        return self.keyboard.press(self.desk, name, character)

    def type(self, keys: str) -> "Hands":
        """Keys separated by spaces; none of them is one the screen carries out but enter."""
        for key in keys.split():
            answer = self.press(key)
            if answer is Answer.SCREEN:
                assert self.keyboard.action is not None
                assert self.keyboard.action.name == "enter", key
                self.enter()
            else:
                assert answer is Answer.DESK, (key, answer)
        return self

    def enter(self) -> None:
        """What the screen does for enter: apply held edges, or attach the evidence selected."""
        desk = self.desk
        if desk.hand is desk.spans:
            desk.spans.apply_edges()
        elif desk.caret.selecting:
            desk.stances.attach()

    @property
    def text(self) -> str:
        return self.desk.caret.text

    @property
    def here(self) -> str:
        """The text the next label would go on."""
        start, end = self.desk.caret.target
        return self.text[start:end]

    @property
    def said(self) -> str:
        return self.desk.message

    def go(self, words: str) -> "Hands":
        """Put the caret on the first unit of some words."""
        self.desk.caret.move_to(self.text.index(words))
        return self

    def spans(self, layer: str = "") -> list[tuple[str, str]]:
        """Label and surface of each span, in reading order."""
        return [
            (span.label, self.text[span.start : span.end])
            for span in sort_spans(self.desk.sheet.spans.values())
            if layer in ("", span.layer)
        ]

    def stances(self) -> list[tuple[str, str, str]]:
        """Target, holder and value of each stance."""
        return sorted(
            (s.target.name, s.holder.name or s.holder.kind, s.label)
            for s in self.desk.sheet.stances.values()
        )


def check(hands: Hands) -> None:
    """What holds of a desk after any key."""
    desk, text = hands.desk, hands.text
    for span in desk.sheet.spans.values():
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip(), "a span shows something"
        assert units.snap(text, span.start, span.end) == (span.start, span.end)
        assert quote_holds(span.body(text), text)
    for layer in hands.scheme.span_layers:
        spans = sort_spans(s for s in desk.sheet.spans.values() if s.layer == layer.name)
        _check_overlap(spans, layer.overlap)
    start, end = desk.caret.target
    assert 0 <= start <= end <= len(text)
    assert units.snap(text, start, end) == (start, end)
    for stance in desk.sheet.stances.values():
        for evidence in stance.evidence:
            assert 0 <= evidence.start < evidence.end <= len(text)
    if desk.hand is desk.stances:
        keys = [(row.target.ref, row.holder.ref) for row in desk.stances.rows]
        assert len(keys) == len(set(keys))
        shown = {row.stance for row in desk.stances.rows if row.stance}
        assert shown == set(desk.sheet.stances.values())


def _check_overlap(spans: Iterable[Span], overlap: Overlap) -> None:
    for first, second in itertools.combinations(spans, 2):
        shares = first.start < second.end and second.start < first.end
        if overlap is Overlap.NONE:
            assert not shares, (first, second)
        elif overlap is Overlap.NESTED and shares:
            inside = first.start <= second.start and second.end <= first.end
            around = second.start <= first.start and first.end <= second.end
            assert inside or around, (first, second)


def put(log: FakeLog, article: str, *spans: tuple[str, str, str], **more: Any) -> list[Span]:
    """Spans that were there before, as (layer, label, surface); `more` are fields of the spans."""
    text = log.articles[article].text
    made = []
    for layer, label, surface in spans:
        start = text.index(surface)
        span = Span(new_id(), layer, label, start, start + len(surface))._replace(**more)
        log._save(Act("import", (Draft(Kind.SPAN, span.key, article, span.body(text)),)), Future())
        made.append(span)
    return made


FREE = parse("""
name = "free"
version = 1

[[layers]]
name = "letters"
unit = "grapheme"
overlap = "any"
labels = [{ name = "odd", key = "o" }, { name = "even", key = "e", aliases = ["л", "ж"] }]

[[layers]]
name = "claims"
unit = "sentence"
overlap = "none"
labels = [{ name = "claim", key = "c" }, { name = "doubt", key = "d" }]

[[layers]]
name = "names"
unit = "word"
overlap = "none"
labels = [{ name = "PER", key = "p" }, { name = "LOC", key = "l" }]
""")
"""A scheme of the other units and overlap rules."""
