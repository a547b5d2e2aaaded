"""From a filter to SQL: which articles a queue shows, and which index leads to them.

Values are always bound. A criterion few articles meet leads; where all are common, the order of the
queue leads and the criteria are tried article by article, which meets a page's worth soon. (SQLite's
own planner knows nothing of how common a value is; `CROSS JOIN` and unary plus tell it.)
"""

from typing import Any, NamedTuple

from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError
from annotator.store.reader import Reader

FEW = 2000
"""A criterion met by fewer articles than this leads, whatever the order."""


class Filter(NamedTuple):
    """Which articles a queue shows; what is left empty does not matter."""

    words: str = ""
    """Words of title or text, all of them; "in quotes" one after another; the last may be begun."""
    state: str = ""
    """Where the annotator stands: a value of `model.annotation.State`."""
    lang: str = ""
    source: str = ""
    group: str = ""
    flag: str = ""
    """`yes`: this annotator flagged something in it; `no`: nothing."""
    note: str = ""
    """The same for notes."""
    long: str = ""
    """Its length in code points: `>5000`, `<300`, `300-5000` or one number."""
    assigned: str = ""
    """`me`: assigned to this annotator; `open`: to whoever comes first, and there is room; `no`: to
    nobody."""
    round: str = ""
    """A round of the work."""


ALL = Filter()

FLAGGED = "instr(counts, '\"/flag\"') > 0"
NOTED = "instr(counts, '\"/note\"') > 0"
"""Conditions on a row of `work`; its indexes repeat them to the letter."""
LONGEST = 1 << 60
"""More code points than any article has."""

_MARKED = {
    name: f"work k INDEXED BY work_{name} WHERE k.actor = ? AND {condition.replace('counts', 'k.counts')}"
    for name, condition in (("flag", FLAGGED), ("note", NOTED))
}


class Criterion(NamedTuple):
    """One condition: as a table to start from, and as a test of article `a`."""

    start: str
    """FROM-clause item and, after " WHERE ", its condition; its rows have the article's `n`."""
    number: str
    """The column of `start` that is the article's number, in whose order it can be read."""
    test: str
    """Asks an index; of the article's row it needs the number only."""
    params: tuple[Any, ...]
    plain: str = ""
    """The same asked of the row, where that is read anyway."""
    leads: bool = True
    """Whether it may be what articles are found by; not so where it says what they lack."""
    ordered: bool = True
    """Whether `start` gives its articles in the order of their numbers."""


def criteria(reader: Reader, where: Filter, actor: str) -> list[Criterion]:
    """The conditions of a filter for one annotator, most telling first."""
    found = []
    if where.words.strip():
        from annotator.store.words import sought  # its patterns wait for the first search

        having = sought(reader, where.words)
        found.append(Criterion(*having) if having else _nothing())
    if where.group:
        found.append(_column("grp", where.group, partial=True))
    if where.assigned or where.round:
        from annotator.store import filters_assigned  # for projects with several annotators

        found += filters_assigned.criteria(where, actor)
    found += _marks(where, actor)
    if where.state and where.state != State.NEW:
        found.append(
            Criterion(
                "work s WHERE s.actor = ? AND s.state = ?",
                "s.n",
                "(SELECT +k.state FROM work k WHERE k.actor = ? AND k.n = a.n) = ?",
                (actor, where.state),
            )
        )
    found += [_column(name, value) for name, value in
              (("source", where.source), ("lang", where.lang)) if value]  # fmt: skip
    if where.long:
        found.append(_long(where.long))
    if where.state == State.NEW:
        found.append(_without("work k WHERE k.actor = ?", actor))
    found += [_without(_MARKED[name], actor) for name in _MARKED if _says(where, name) == "no"]
    return sorted(found, key=lambda criterion: not criterion.leads)


def _says(where: Filter, name: str) -> str:
    """`yes` or `no` for a mark that is asked for; "" when it is not."""
    value = getattr(where, name).casefold()
    said = next((word for word in ("yes", "no") if value and word.startswith(value)), "")
    if value and not said:
        raise AnnotatorError(f"{name}: is yes or no; {name}:{value[:20]} is neither.")
    return said


def _marks(where: Filter, actor: str) -> list[Criterion]:
    """Articles this annotator flagged or wrote notes on."""
    return [
        Criterion(
            # a row that leads has another name than one that is asked for
            table.replace(" k ", " s ").replace("k.", "s."),
            "s.n",
            f"(SELECT 1 FROM {table} AND k.n = a.n) IS NOT NULL",
            (actor,),
        )
        for name, table in _MARKED.items()
        if _says(where, name) == "yes"
    ]


def _without(table: str, actor: str) -> Criterion:
    """Articles that have no row `k` in a table."""
    missing = f"NOT EXISTS (SELECT 1 FROM {table} AND k.n = %s)"
    return Criterion(
        f"article f WHERE {missing % 'f.n'}", "f.n", missing % "a.n", (actor,), leads=False
    )


def _long(value: str) -> Criterion:
    low, high = lengths(value)
    condition = "BETWEEN ? AND ?"
    test = f"(SELECT +t.chars FROM article t WHERE t.n = a.n) {condition}"
    return Criterion(
        f"article l WHERE l.chars {condition}",
        "l.n",
        test,
        (low, high),
        f"+a.chars {condition}",
        ordered=low == high,
    )


def lengths(value: str) -> tuple[int, int]:
    """The least and the greatest length that `>5000`, `<300`, `300-5000` or a number mean."""
    sign = value[:1] if value[:1] in "<>" else ""
    low, dash, high = value.removeprefix(sign).partition("-")
    numbers = [low, high] if dash and not sign else [low]
    if not all(number.isascii() and number.isdigit() and len(number) < 16 for number in numbers):
        raise AnnotatorError("long: takes a length such as long:>5000, long:<300 or long:300-5000.")
    if sign == ">":
        return int(low) + 1, LONGEST
    return (0 if sign else int(low)), int(numbers[-1]) - bool(sign)


def _column(name: str, value: str, partial: bool = False) -> Criterion:
    """A column with an index of its own, which gives numbers in order and tests without the row."""
    condition = f"t.{name} = ?"
    if partial:  # SQLite uses a partial index where the query repeats its condition
        condition += f" AND t.{name} <> ''"
    table = f"article t WHERE {condition}"
    start = table.replace(" t ", " l ").replace("t.", "l.")  # it may lead beside its like as a test
    indexed = table.replace(" t ", f" t INDEXED BY article_{name} ")  # SQLite would read the row
    # not EXISTS: SQLite would make it a join, and that after the article's row was read
    test = f"(SELECT 1 FROM {indexed} AND t.n = a.n) IS NOT NULL"
    return Criterion(start, "l.n", test, (value,), f"+a.{name} = ?")


def _nothing() -> Criterion:
    """Words were asked for, but nothing that can be looked up."""
    return Criterion("article z WHERE z.n < 0", "z.n", "a.n < 0", ())


def count_up_to(reader: Reader, criterion: Criterion, limit: int) -> int:
    """How many articles meet a criterion, counted no further than `limit`."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {criterion.start} LIMIT ?) found"
    return int(reader.value(sql, (*criterion.params, limit)))


def few(reader: Reader, found: list[Criterion]) -> Criterion | None:
    """The first criterion that few articles meet, None when all are common."""
    for criterion in found:
        if criterion.leads and count_up_to(reader, criterion, FEW) < FEW:
            return criterion
    return None
