"""What suggesters learnt and guessed: can it be read, and does it speak of what is there?

All of it can be made anew, so that nothing is lost where it is not sound; but nothing may be left of
an article that was withdrawn.
"""

from collections.abc import Iterator

from annotator.store import guesses, lessons
from annotator.store.problems import Problem, error, warning
from annotator.store.reader import Reader

_STRAY = {
    "suggestions": "SELECT count(*) FROM guess WHERE n NOT IN (SELECT n FROM article)",
    # places below 0 are no article's: they say how far an order goes
    "orders of the queue": """SELECT count(*) FROM arrangement
                              WHERE place >= 0 AND n NOT IN (SELECT n FROM article)""",
}
_GUESSES = """SELECT g.n, g.actor, g.layer, g.source, g.version, g.body, a.chars FROM guess g
              JOIN article a ON a.n = g.n WHERE (g.n, g.actor, g.layer, g.source) > (?,?,?,?)
              ORDER BY g.n, g.actor, g.layer, g.source LIMIT ?"""
_LESSONS = "SELECT layer, source, version, learnt FROM lesson"
_LEFT = "SELECT 1 FROM guess g JOIN gone w ON w.n = g.n WHERE w.why = 'withdrawn' LIMIT 1"
_WITHDRAWN = "SELECT n FROM gone WHERE why = 'withdrawn'"
_ANEW = "rebuild it, or let annotator suggest drop forget it"


def check_coaching(reader: Reader) -> Iterator[Problem]:
    """What is kept of lessons, guesses and orders of the queue."""
    for what, sql in _STRAY.items():
        number = reader.value(sql)
        if number:
            yield warning(what, f"{number} are about articles that are not here; rebuild them.")
    wrong = 0
    for *_, layer, source, version, body, chars in reader.pages(_GUESSES, (0, "", "", "")):
        wrong += bool(chars) and not guesses.is_sound((layer, source, version, body), chars)
    if wrong:
        yield warning(
            "suggestions", f"what suggesters found in {wrong} articles is damaged; {_ANEW}."
        )
    withdrawn = {n for (n,) in reader.rows(_WITHDRAWN)}
    left = reader.row(_LEFT) is not None
    lost = ""
    for row in reader.rows(_LESSONS):
        lesson = lessons.of_row((*row, b""))
        lost = lost or ("" if lesson else row[1])
        left = left or bool(lesson and withdrawn & lesson.learnt.keys())
    if lost:
        yield warning("suggestions", f"what {lost} learnt is damaged; {_ANEW}.")
    elif left:
        yield error(
            "suggestions",
            "something is left of what was learnt from an article that was withdrawn; run annotator "
            "withdraw PROJECT --finish.",
        )
