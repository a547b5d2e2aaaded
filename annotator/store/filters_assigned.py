"""A filter's conditions on who is to annotate what."""

from annotator.model.errors import AnnotatorError
from annotator.store.filters import Criterion, Filter

ASSIGNED = ("me", "open", "no")

_OPEN = """pool {0} INDEXED BY pool_free WHERE {0}.free > 0 AND NOT EXISTS
           (SELECT 1 FROM slot o WHERE o.annotator = ? AND o.n = {0}.n AND o.given = 1)"""
_ROUND = """(SELECT s.n FROM slot s INDEXED BY slot_round
WHERE s.round = ? AND s.round <> '' AND s.given = 1 AND NOT EXISTS
(SELECT 1 FROM slot o INDEXED BY slot_article
WHERE o.n = s.n AND o.given = 1 AND o.round = s.round AND o.annotator < s.annotator)
UNION ALL SELECT p.n FROM pool p
WHERE p.round = ? AND p.people > 0 AND NOT EXISTS
(SELECT 1 FROM slot o INDEXED BY slot_article
WHERE o.n = p.n AND o.given = 1 AND o.round = p.round)) r"""
"""Each article of a round once. (Its WHEREs begin lines: one after a blank would end the table.)"""
_IN_ROUND = """((SELECT 1 FROM slot o INDEXED BY slot_article WHERE o.n = a.n AND o.given = 1
                AND o.round = ? LIMIT 1) IS NOT NULL OR
               (SELECT 1 FROM pool o WHERE o.n = a.n AND o.round = ? AND o.people > 0) IS NOT NULL)"""
_NOBODY = """NOT EXISTS (SELECT 1 FROM slot o INDEXED BY slot_article WHERE o.n = %s AND o.given = 1)
             AND NOT EXISTS (SELECT 1 FROM pool o WHERE o.n = %s AND o.people > 0)"""


def criteria(where: Filter, actor: str) -> list[Criterion]:
    """The conditions, those that lead to articles first; raises AnnotatorError on another word."""
    found: list[Criterion] = []
    said = where.assigned.casefold()
    word = next((word for word in ASSIGNED if said and word.startswith(said)), "")
    if said and not word:
        raise AnnotatorError(
            f"assigned: is {', '.join(ASSIGNED[:-1])} or {ASSIGNED[-1]}; "
            f"assigned:{where.assigned[:20]} is none of them."
        )
    if word == "me":
        found.append(_mine(actor))
    elif word == "open":
        found.append(_open(actor))
    elif word:
        found.append(_nobody())
    if where.round:
        found.append(_round(where.round))
    return found


def _mine(actor: str) -> Criterion:
    return Criterion(
        "slot g WHERE g.annotator = ? AND g.given = 1",
        "g.n",
        """(SELECT o.given FROM slot o WHERE o.annotator = ? AND o.n = a.n) = 1""",
        (actor,),
    )


def _open(actor: str) -> Criterion:
    table = _OPEN.format("q").replace("INDEXED BY pool_free ", "")  # one article's row is asked for
    test = f"(SELECT 1 FROM {table} AND q.n = a.n)"
    return Criterion(_OPEN.format("p"), "p.n", f"{test} IS NOT NULL", (actor,))


def _round(name: str) -> Criterion:
    return Criterion(f"{_ROUND} WHERE true", "r.n", _IN_ROUND, (name, name), ordered=False)


def _nobody() -> Criterion:
    start = _NOBODY.replace("%s", "f.n")
    return Criterion(
        f"article f WHERE {start}", "f.n", _NOBODY.replace("%s", "a.n"), (), leads=False
    )
