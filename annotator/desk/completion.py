"""Which identity may be meant: those the article, its event group and the project know, best first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import log10
from typing import TYPE_CHECKING

from annotator.desk.entities import Entity, identity
from annotator.desk.identity import Subject
from annotator.desk.sheet import Sheet
from annotator.text.forms import form_key, same_name
from annotator.text.likeness import latin, likeness, rank

if TYPE_CHECKING:
    from annotator.store.identities import Known

ALIKE = 0.55
"""From this likeness on a name is rather one that is known than a new one."""
SAME = 1.1
"""The worth of a name that was given this very identity before, more than any likeness."""
NEARBY, OTHER_LABEL = 0.1, 0.2
"""What being named in the article or its event group adds to likeness, and another label takes off."""
FORMS = 3
"""So many of the forms an identity had before are compared."""
MOST = 60
"""No more candidates than this are listed."""
_ID = re.compile(r"Q\d+$|[A-Z]{2,}-.")
"""What somebody types who means an id and not a name: a Wikidata number, a label and a hyphen."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An identity that may be meant."""

    xid: str
    lemma: str
    label: str = ""
    here: int = 0
    """Mentions in this article."""
    in_group: int = 0
    """Mentions in other articles about the same event."""
    uses: int = 0
    """Mentions in the project."""
    forms: tuple[str, ...] = ()
    """Keys of the names it goes by."""
    is_new: bool = False
    """Nobody has it yet."""

    @property
    def name(self) -> str:
        """The id, else the lemma; "" stands for no identity."""
        return self.xid or self.lemma


class Completion:
    """The candidates for one subject."""

    def __init__(self, sheet: Sheet, about: Subject, known: "Iterable[Known]") -> None:
        """`known` are the identities the project knows."""
        self._about = about
        self._id = "xid" in about.fields
        self._candidates = _merged(sheet, about, known)
        self._form = form_key(about.surface)
        self._names: dict[str, list[Candidate]] = {}
        for candidate in self._candidates:
            for name in _names(candidate):
                self._names.setdefault(name, []).append(candidate)

    def ranked(self, typed: str) -> list[Candidate]:
        """The candidates for what was typed (before that: for the surface), the likeliest first.

        Among them is what is new: an id made from the name, or the id as it was typed.
        """
        typed = " ".join(typed.split())
        worth = self._worth(typed or self._about.surface)
        begun = self._beginning(typed) if typed else []
        like = [c for c in worth if worth[c] >= ALIKE and c not in begun]
        less = [c for c in worth if worth[c] < ALIKE and c not in begun]
        new = [] if self._is_known(typed) else [self.new(typed)]
        if typed and _ID.match(typed):
            return [*begun, *new, *like, *less][:MOST]
        if typed:
            return [*begun, *like, *new, *less][:MOST]
        others = [c for c in self._nearby() if c not in worth]
        return [*[*like, *new, *less, *others][: MOST - 1], Candidate("", "")]

    def new(self, typed: str) -> Candidate:
        """The identity nobody has yet: as typed, or an id in Latin letters made from the name."""
        label, name = self._about.span.label, typed or self._about.lemma or self._about.surface
        if not self._id:
            return Candidate("", name, label, is_new=True)
        xid = name if _ID.match(typed) else proposal(label, name)
        return Candidate(xid, "", label, is_new=True)

    def lemma(self, chosen: Candidate) -> str:
        """The lemma that goes without saying: what there is, else the chosen one's of this name."""
        about = self._about
        if "lemma" not in about.fields:
            return ""
        if not chosen.xid:
            return chosen.lemma
        if about.lemma or not chosen.lemma:
            return about.lemma
        same = form_key(chosen.lemma) == self._form or same_name(chosen.lemma, about.surface)
        return chosen.lemma if same else ""

    def _beginning(self, typed: str) -> list[Candidate]:
        """Candidates with an id, a lemma or a word of them that begins as typed."""
        pattern = re.compile(rf"(?:^|[\s\-_]){re.escape(typed.casefold())}")
        found = [
            c
            for c in self._candidates
            if pattern.search(c.xid.casefold()) or pattern.search(c.lemma.casefold())
        ]
        return sorted(found, key=lambda c: (typed != c.name, -_nearness(c)))

    def _worth(self, query: str) -> dict[Candidate, float]:
        """Candidates whose names are like a query in whatever script, the best first."""
        label, form = self._about.span.label, form_key(query)
        worth = {c: SAME for c in self._candidates if form in c.forms}
        for name in rank(query, self._names, MOST):
            alike = likeness(query, name)
            for candidate in self._names[name]:
                worth[candidate] = max(worth.get(candidate, 0.0), alike)
        for candidate in worth:
            other = candidate.label not in ("", label)
            worth[candidate] += _nearness(candidate) - OTHER_LABEL * other
        now = self._about.xid or self._about.lemma
        if query == self._about.surface and now:
            worth.update({c: 2 * SAME for c in self._candidates if c.name == now})
        return {c: worth[c] for c in sorted(worth, key=lambda c: (-worth[c], c.name))}

    def _nearby(self) -> list[Candidate]:
        """The candidates of the article and its event group."""
        found = [c for c in self._candidates if c.here or c.in_group]
        return sorted(found, key=lambda c: (-_nearness(c), c.name))

    def _is_known(self, typed: str) -> bool:
        wanted = typed.casefold()
        return bool(typed) and any(c.name.casefold() == wanted for c in self._candidates)


def proposal(label: str, name: str) -> str:
    """A new id: the label and the name in Latin letters, each word with a capital."""
    words = re.findall(r"\w+", latin(name))
    return "-".join([label, *(word[:1].upper() + word[1:] for word in words)])


def _merged(sheet: Sheet, about: Subject, known: "Iterable[Known]") -> list[Candidate]:
    """Each identity once, with its use in the project, the group and the article."""
    found = {
        k.name.casefold(): Candidate(k.xid, k.lemma, k.label, 0, k.in_group, k.uses, k.forms)
        for k in known
    }
    for entity in sheet.entities(about.span.layer).groups.values():
        here = _of_article(entity)
        if here is not None:
            old = found.get(here.name.casefold(), here)
            found[here.name.casefold()] = replace(
                here,
                lemma=here.lemma or old.lemma,
                in_group=max(old.in_group - here.here, 0),
                uses=max(old.uses, here.here),
                forms=tuple(dict.fromkeys((*here.forms, *old.forms))),
            )
    return list(found.values())


def _of_article(entity: Entity) -> Candidate | None:
    """An entity of the article as a candidate; None when it carries no identity."""
    identified = [span for span in entity.spans.values() if any(identity(span))]
    if not identified:
        return None
    ids = [identity(span) for span in identified]
    lemma = next((lemma for _, lemma in ids if lemma), "")
    forms = tuple(form_key(form) for form in entity.forms)
    return Candidate(ids[0][0], lemma, identified[0].label, len(entity.spans), forms=forms)


def _names(candidate: Candidate) -> set[str]:
    """What a name may be like: the id without its label and the lemma, else forms it had."""
    label, _, rest = candidate.xid.partition("-")
    spelt = (rest if label.isupper() else candidate.xid).replace("-", " ").replace("_", " ")
    names = (candidate.lemma,) if candidate.lemma else candidate.forms[:FORMS]
    return {spelt, *names} - {""}


def _nearness(candidate: Candidate) -> float:
    """A little more for what is used nearby and often."""
    near = NEARBY * bool(candidate.here or candidate.in_group)
    return near + min(log10(1 + candidate.uses) / 50, 0.08)
