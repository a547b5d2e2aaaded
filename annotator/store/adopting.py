"""Adopting: a changed text takes its article's place, and the work on the old one is carried over.

Nothing is deleted: the old article with all its work is only left out (`gone`) for as long as the event
that names its successor stands. What annotators marked is offered to each of them alone, as suggestions
from `SOURCE`. Slots, the split and the suggestions go first and the event last, each of them safe to
repeat, so that an adoption that is killed is finished by doing it again.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from annotator.model.annotation import Kind, Span, Work
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.person import is_pass
from annotator.model.slot import Slot, Why
from annotator.model.suggestion import Suggestion
from annotator.store import articles, gone, splits, suggestions
from annotator.store.address import typed
from annotator.store.gone import SUCCESSOR_KEY, Gone
from annotator.store.reader import Reader
from annotator.store.standing import standing
from annotator.store.works import bodies, works
from annotator.text.anchoring import Anchors

if TYPE_CHECKING:
    from annotator.store.engine import Connection
    from annotator.store.project import Project
    from annotator.store.saving import Chain

VERB = "adopt"
SOURCE = "earlier version"
"""The source of what is suggested."""

# stored apart under the first one's id, "@" and eight digits of the text's own SHA-256
_APART = """SELECT a.id, b.id FROM article b CROSS JOIN article a
            ON a.id = CASE WHEN length(b.id) > 9 THEN substr(b.id, 1, length(b.id) - 9) ELSE '' END
            WHERE substr(b.id, length(b.id) - 8) = '@' || substr(b.sha256, 1, 8)
            AND b.chars > 0 AND a.chars > 0 ORDER BY a.n, b.n"""
_SLOTS = """SELECT s.annotator, s.round, s.why, s.given FROM article a CROSS JOIN slot s ON s.n = a.n
            WHERE a.id = ? ORDER BY 1"""


class Carried(NamedTuple):
    """What of one annotator's work was found in the new text."""

    actor: str
    found: int
    """Spans that are suggested now."""
    lost: tuple[tuple[str, str, str], ...]
    """Spans whose text is gone: layer, label and surface."""
    stances: int
    """Stances, to be given again."""
    evidence: int
    """Stretches of evidence in them."""
    evidence_found: int
    """Those of them that the new text has too."""


class Adopted(NamedTuple):
    """What an adoption did, would do or took back."""

    old: str
    new: str
    also: tuple[str, ...] = ()
    """Earlier changed texts of the same article, which were replaced with it."""
    carried: tuple[Carried, ...] = ()
    """Of each annotator who had marked something."""
    slots: tuple[str, ...] = ()
    """Who was assigned the new text for it, or no longer is."""
    split: str = ""
    """The split the new text got from the old one."""
    held_out: bool = False
    """Whether nothing could be suggested, as the article is in the test split."""
    decisions: int = 0
    """Adjudicated items of the old text, to be decided anew."""


def waiting(reader: Reader) -> list[tuple[str, str]]:
    """Articles with a changed text that is not adopted, and that text's id; in order of arrival."""
    left_out = gone.listed(reader)
    found = []
    for base, new in reader.rows(_APART):
        now = _now(left_out, base)
        if new not in left_out and new != now:
            found.append((now, new))
    return found


def _now(left_out: Mapping[str, Gone], article: str) -> str:
    """The article that is in an article's place now, itself where nothing replaced it."""
    seen = {article}
    while article in left_out and left_out[article].by not in ("", *seen):
        article = left_out[article].by
        seen.add(article)
    return article


def adopt(project: "Project", new: str, dry_run: bool) -> Adopted:
    """Put a changed text in its article's place; see `Project.adopt`."""
    reader = project._reader
    old = _old(reader, new)
    olds = [old, *_older(reader, old, new)]
    split = splits.splits(reader, [*olds, new])
    given = next((split[name] for name in olds if name in split), "")
    carried: list[Carried] = []
    suggested: dict[str, Suggestion] = {}
    text = articles.article(reader, new).text
    slots: dict[str, Slot] = {}
    for name in olds:
        anchors = Anchors(articles.article(reader, name).text, text)
        carried += _carried(reader, name, anchors, suggested)
        slots = {slot.annotator: slot for slot in _slots(reader, name, new)} | slots
    found = Adopted(
        old,
        new,
        tuple(olds[1:]),
        tuple(carried),
        tuple(slots),
        "" if new in split else given,
        split.get(new, given) == "test",
        sum(len(project.decisions(name)) for name in olds),
    )
    if not dry_run:
        _write(project, found, slots.values(), tuple(suggested.values()))
    return found


def _old(reader: Reader, new: str) -> str:
    """The article a changed text is of; raises AnnotatorError when it cannot be adopted."""
    old = next((a for a, b in waiting(reader) if b == new), None)
    if old is not None:
        return old
    found = gone.find(reader, new)
    if found is not None:
        raise AnnotatorError(found.sentence)
    articles.article(reader, new)  # which says so when there is none
    if any(each.by == new for each in gone.listed(reader).values()):
        raise AnnotatorError(f"{new!r} is adopted already; --undo {new} takes that back.")
    raise AnnotatorError(
        f"{new!r} is no changed text of an article that is here; `annotator adopt "
        f"{typed(reader.path)} --list` lists those."
    )


def _older(reader: Reader, old: str, new: str) -> list[str]:
    """Other changed texts of the article that came before the one that is adopted: they go too."""
    number = "SELECT n FROM article WHERE id = ?"
    newest = reader.value(number, (new,))
    return [
        b
        for a, b in waiting(reader)
        if a == old and b != new and reader.value(number, (b,)) < newest
    ]


def _carried(
    reader: Reader, old: str, anchors: Anchors, suggested: dict[str, Suggestion]
) -> Iterator[Carried]:
    """What of everybody's work the new text has, added to `suggested`; later passes are left alone.

    Work that an earlier adoption carried to the old text and nobody has looked at yet goes along.
    """
    found = {work.actor: work for work in works(reader, old) if not is_pass(work.actor)}
    waiting = _unreviewed(reader, old, found)
    for actor in sorted(found.keys() | waiting.keys()):
        work = found.get(actor, Work(old, actor))
        marked = [*work.spans, *waiting.get(actor, ())]
        if not (marked or work.stances):
            continue
        lost = [each for each in marked if not _suggest(each, actor, anchors, suggested)]
        pieces = [piece for stance in work.stances for piece in stance.evidence]
        there = sum(anchors.place(piece.start, piece.end) is not None for piece in pieces)
        yield Carried(
            actor,
            len(marked) - len(lost),
            tuple((s.layer, s.label, anchors.old[s.start : s.end]) for s in lost),
            len(work.stances),
            len(pieces),
            there,
        )


def _suggest(
    each: Span | Suggestion, actor: str, anchors: Anchors, suggested: dict[str, Suggestion]
) -> bool:
    """Add what was marked in the old text to `suggested`; whether the new one has it."""
    place = anchors.place(each.start, each.end)
    if place is None:
        return False
    made = Suggestion(each.layer, each.label, *place, SOURCE, None, each.attrs, actor)
    suggested.setdefault(made.key, made)
    return True


def _unreviewed(reader: Reader, old: str, found: Mapping[str, Work]) -> dict[str, list[Suggestion]]:
    """What an earlier adoption suggested on a text and its annotator neither took nor turned down."""
    left: dict[str, list[Suggestion]] = {}
    for body in bodies(suggestions.standing(reader.rows(suggestions.HEADS, {"article": old}))):
        each = Suggestion.of(body or {})
        work = found.get(each.to)
        decided: set[tuple[str, int, int]] = set()
        if work is not None:
            decided = {(d.layer, d.start, d.end) for d in work.spans}
            decided |= {(d.layer, d.start, d.end) for d in work.rejections}
        if each.to and (each.layer, each.start, each.end) not in decided:
            left.setdefault(each.to, []).append(each)
    return left


def _slots(reader: Reader, old: str, new: str) -> list[Slot]:
    """The old article's slots as the new one lacks them; later passes have none."""
    there = {name for name, *_, given in reader.rows(_SLOTS, (new,)) if given}
    return [
        Slot(new, name, of_round, Why(why))
        for name, of_round, why, given in reader.rows(_SLOTS, (old,))
        if given and not is_pass(name) and name not in there
    ]


def _write(
    project: "Project", found: Adopted, slots: Iterable[Slot], suggested: tuple[Suggestion, ...]
) -> None:
    from annotator.model.split import Assigned
    from annotator.store.suggesting import Offer
    from annotator.store.taking import Fate

    if found.split:
        project.assign_splits([Assigned(found.new, found.split)])
    project.assign(slots)
    text = project.article(found.new).text
    for answer in project.suggest([Offer(found.new, text, suggested, (SOURCE,))]):
        if answer.fate is Fate.REFUSED and not found.held_out:
            raise AnnotatorError(f"Nothing was adopted: {answer.reason}.")
    for name in (found.old, *found.also):
        _put(project, name, {"by": found.new, "slots": list(found.slots)})


def unadopt(project: "Project", new: str) -> Adopted:
    """Take an adoption back; see `Project.unadopt`."""
    from annotator.store.suggesting import Offer

    olds = [each for each in gone.listed(project._reader).values() if each.by == new]
    if not olds:
        raise AnnotatorError(f"{new!r} is not adopted in {project.path.name}, or not any more.")
    given: set[str] = set()
    for each in olds:
        body = standing(project._reader, each.article, SUCCESSOR_KEY)[0][3]
        given.update(map(str, body.get("slots", ())))
        _put(project, each.article, None)
    back = project.take_back(Slot(new, name) for name in sorted(given))
    project.suggest([Offer(new, project.article(new).text, (), (SOURCE,))])
    names = [each.article for each in olds]
    slots = tuple(slot.annotator for slot in back)
    return Adopted(names[0], new, tuple(names[1:]), slots=slots)


def _put(project: "Project", old: str, body: "dict[str, object] | None") -> None:
    """Write the event that says which article is in an old one's place, or that none is."""

    def save(conn: "Connection", chain: "Chain") -> None:
        sql = "SELECT max(event) FROM head WHERE article = ? AND key = ?"
        base = conn.execute(sql, (old, SUCCESSOR_KEY)).fetchone()[0] or ""
        draft = Draft(Kind.SUCCESSOR, SUCCESSOR_KEY, old, body, base)
        chain.step(chain.save(conn, Act(VERB, (draft,)), project.actor))

    project._writing.write(save)
