"""What suggesters learnt and guessed: can it be read, and does it speak of what is there?

All of it can be made anew, so that nothing is lost where it is not sound; but nothing may be left of
an article that was withdrawn.
"""

from collections.abc import Iterator

from annotator.store import guesses, lessons
from annotator.store.problems import Problem, error, warning
from annotator.store.reader import Reader

_STRAY = "SELECT count(*) FROM {table} WHERE n NOT IN (SELECT n FROM article)"
_GUESSES = """SELECT g.n, g.actor, g.layer, g.source, g.version, g.body, a.chars FROM guess g
              JOIN article a ON a.n = g.n WHERE (g.n, g.actor, g.layer, g.source) > (?,?,?,?)
              ORDER BY g.n, g.actor, g.layer, g.source LIMIT ?"""
_LESSONS = "SELECT layer, source, version, learnt, x'' FROM lesson"
_LEFT = """SELECT EXISTS (SELECT 1 FROM guess g JOIN gone w ON w.n = g.n WHERE w.why = 'withdrawn')
           OR EXISTS (SELECT 1 FROM lesson l, json_each(l.learnt) j JOIN gone w ON w.n = j.key
                      WHERE json_valid(l.learnt) AND w.why = 'withdrawn')"""
_ANEW = "rebuild it, or let annotator suggest drop forget it"


def check_coaching(reader: Reader) -> Iterator[Problem]:
    """What is kept of lessons, guesses and orders of the queue."""
    for what, table in (("suggestions", "guess"), ("orders of the queue", "arrangement")):
        number = reader.value(_STRAY.format(table=table))
        if number:
            yield warning(what, f"{number} are about articles that are not here; rebuild them.")
    wrong = 0
    for *_, layer, source, version, body, chars in reader.pages(_GUESSES, (0, "", "", "")):
        wrong += bool(chars) and not guesses.is_sound((layer, source, version, body), chars)
    if wrong:
        yield warning(
            "suggestions", f"what suggesters found in {wrong} articles is damaged; {_ANEW}."
        )
    lost = [row[1] for row in reader.rows(_LESSONS) if lessons.of_row(row) is None]
    if lost:
        yield warning("suggestions", f"what {lost[0]} learnt is damaged; {_ANEW}.")
    elif reader.value(_LEFT):
        yield error(
            "suggestions",
            "something is left of what was learnt from an article that was withdrawn; run annotator "
            "withdraw PROJECT.db --finish.",
        )
