"""Rounds of the work: what they are for, and how far each is."""

from typing import TYPE_CHECKING, NamedTuple

from annotator.model.annotation import Kind
from annotator.model.event import Act, Draft
from annotator.model.person import is_pass, person_of
from annotator.model.slot import Round
from annotator.store.engine import Connection
from annotator.store.gone import HERE
from annotator.store.reader import Reader
from annotator.store.roles import newest_of
from annotator.store.standing import standing

if TYPE_CHECKING:
    from annotator.store.saving import Chain
    from annotator.store.writer import Writer

PREFIX = "round:"
VERB = "round"

_STATE = f"""SELECT s.n, s.annotator, CASE WHEN w.state IN ('done', 'skipped') THEN 1 ELSE 0 END FROM slot s
            LEFT JOIN work w ON w.actor = s.annotator AND w.n = s.n
            WHERE s.round = ? AND s.round <> '' AND s.given = 1 AND s.why <> 'gold' AND s.n {HERE}"""
_FIRST = """SELECT min(e.id) FROM event e WHERE e.article = '' AND e.actor = ? AND e.key = ?"""
_POOL = f"SELECT n, people FROM pool WHERE round = ? AND people > 0 AND n {HERE}"


class RoundState(NamedTuple):
    """A round, and how far it is."""

    round: Round
    articles: int = 0
    people: tuple[str, ...] = ()
    """Who has articles of it, sorted."""
    slots: int = 0
    """How many times an article is to be annotated in it, places nobody took yet among them."""
    done: int = 0
    """How many times one was finished or skipped."""


def rounds(reader: Reader) -> dict[str, Round]:
    """The rounds by name, in the order in which they were begun."""
    found = [Round.of(key, body) for key, _, _, body in standing(reader, "", PREFIX)]
    begun = {each.name: _begun(reader, each.key) for each in found}
    return {each.name: each for each in sorted(found, key=lambda each: begun[each.name])}


def _begun(reader: Reader, key: str) -> str:
    """The id of a round's first event."""
    sql = "SELECT DISTINCT actor FROM head WHERE article = '' AND kind = ? AND key = ?"
    actors = [actor for (actor,) in reader.rows(sql, (Kind.ROUND.value, key))]
    return min(str(reader.value(_FIRST, (actor, key))) for actor in actors)


def states(reader: Reader) -> list[RoundState]:
    """The rounds with how far they are, in the order in which they were begun."""
    return [_state(reader, each) for each in rounds(reader).values()]


def _state(reader: Reader, one: Round) -> RoundState:
    articles: dict[int, int] = {}
    people: set[str] = set()
    done = 0
    for n, name, finished in reader.rows(_STATE, (one.name,)):
        if not is_pass(name):
            articles[n] = articles.get(n, 0) + 1
            people.add(person_of(name)[0])
            done += finished
    for n, wanted in reader.rows(_POOL, (one.name,)):
        articles[n] = max(articles.get(n, 0), wanted)
    return RoundState(one, len(articles), tuple(sorted(people)), sum(articles.values()), done)


def set_round(writer: "Writer", wanted: Round, actor: str) -> bool:
    """Begin a round, or change one; whether anything changed."""

    def save(conn: Connection, chain: "Chain") -> bool:
        event, body = newest_of(conn, wanted.key)
        if body == wanted.body():
            return False
        draft = Draft(Kind.ROUND, wanted.key, "", wanted.body(), event)
        chain.step(chain.save(conn, Act(VERB, (draft,)), actor))
        return True

    return writer.write(save)
