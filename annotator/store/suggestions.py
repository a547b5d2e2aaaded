"""What is suggested in an article: heads of it that are nobody's work, and what suggesters guess.

The former come from files, a source at a time (`suggesting`), and are filed under who imported them. Of
several people's imports of one source the newest holds, so that copies of a project in which the same
was imported agree once they are merged. The latter are an annotator's own (`guesses`).
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from annotator.model.annotation import Kind
from annotator.model.person import is_pass, person_of
from annotator.store.engine import Row
from annotator.store.reader import Reader
from annotator.store.works import bodies, no_collection

if TYPE_CHECKING:
    from annotator.model.suggestion import Suggestion
    from annotator.store.staffing import Staffing

HELD_OUT = "test"
"""The split whose articles get no suggestions: what is measured on it must not be led."""

# a step of the index for each annotator, and one to where their suggestions begin
HEADS = f"""WITH RECURSIVE known(actor) AS (
                SELECT min(actor) FROM head WHERE article = :article UNION ALL
                SELECT (SELECT min(actor) FROM head WHERE article = :article AND actor > known.actor)
                FROM known WHERE known.actor IS NOT NULL)
            SELECT h.key, h.event, h.actor, h.body FROM known CROSS JOIN head h
            ON h.article = :article AND h.actor = known.actor
            AND h.key >= '{Kind.SUGGESTION}:' AND h.key < '{Kind.SUGGESTION};'"""
"""Key, event, actor and body of everybody's suggestions for an article, removed ones too."""
FOUND = """SELECT g.layer, g.source, g.version, g.body FROM article a
           CROSS JOIN guess g ON g.n = a.n AND g.actor = ? WHERE a.id = ?"""
"""What is kept of guesses for an annotator in an article: rows as `guesses.read` takes them."""


def suggestions(project: "Staffing", article: str) -> "tuple[Suggestion, ...]":
    """What is suggested to an annotator for an article, in reading order, the longest first.

    Nothing where all is silent (`why_silent`), nor in layers that are switched off; what is for
    somebody else alone is left out. In a later pass that is what files suggest.
    """
    reader, actor = project._reader, project.actor
    with no_collection():
        rows = standing(reader.rows(HEADS, {"article": article}))
        guessed = reader.rows(FOUND, (actor, article))
        if not rows and not guessed:  # most articles: nothing more is asked or loaded
            return ()
        from annotator.store import assistance

        helped = assistance.current(reader)
        if assistance.silence(reader, article, person_of(actor)[0], helped):
            return ()
        if guessed and assistance.of_pass(_voice(project, article)):
            guessed = []
        found = [*_of_files(rows, actor), *_of_suggesters(guessed, project)]
        if helped.off:
            found = [each for each in found if each.layer not in helped.off]
        return tuple(sorted(found, key=_place))


def _place(suggestion: "Suggestion") -> tuple[int, int, str, str, str, str]:
    s = suggestion
    return (s.start, -s.end, s.layer, s.source, s.label, s.to)


def _of_files(rows: list[Row], actor: str) -> "list[Suggestion]":
    from annotator.model.suggestion import Suggestion

    found = (Suggestion.of(body) for body in bodies(rows) if body is not None)
    return [each for each in found if each.to in ("", actor)]


def _of_suggesters(rows: list[Row], project: "Staffing") -> "list[Suggestion]":
    """Those whose label can be given, or another in its place: the scheme may be newer than they."""
    if not rows:
        return []
    from annotator.model.scheme_change import successor
    from annotator.store import guesses

    layers = {layer.name: layer for layer in project.scheme.span_layers}
    active = {name: {"", *(label.name for label in x.active)} for name, x in layers.items()}
    return [
        each
        for each in guesses.read(rows)
        if each.layer in layers and successor(layers[each.layer], each.label) in active[each.layer]
    ]


def why_silent(project: "Staffing", article: str) -> str:
    """Why nothing, or nothing learnt, is suggested in an article, see `Coaching.why_silent`."""
    from annotator.store import assistance

    reader, person = project._reader, person_of(project.actor)[0]
    told = assistance.silence(reader, article, person, assistance.current(reader))
    return told or assistance.of_pass(_voice(project, article))


def _voice(project: "Staffing", article: str) -> str:
    """The name under which the annotator works on an article now."""
    return project.actor if is_pass(project.actor) else project.voice(article)


def is_held_out(reader: Reader, article: str) -> bool:
    """Whether an article is in the split that gets no suggestions."""
    from annotator.store.splits import splits  # only where there are suggestions

    return splits(reader, [article]).get(article) == HELD_OUT


def source_of(key: str) -> str:
    """The part of a key that names the source, colons escaped."""
    return key.split(":", 2)[1]


def owners(rows: Iterable[Row]) -> Mapping[str, str]:
    """For each source the annotator whose import of it is the newest."""
    newest: dict[str, tuple[Any, ...]] = {}
    for key, event, actor, _ in rows:
        source = source_of(key)
        if source not in newest or newest[source][0] < event:
            newest[source] = (event, actor)
    return {source: actor for source, (_, actor) in newest.items()}


def standing(rows: list[Row]) -> list[Row]:
    """The rows of `HEADS` that hold: of each source those of its newest import."""
    owner = owners(rows)
    return [row for row in rows if row[3] is not None and owner[source_of(row[0])] == row[2]]
