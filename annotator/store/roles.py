"""Giving people roles: anyone may while there is no lead, then only a lead."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from annotator.model.annotation import Kind, valid_name
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role, is_pass
from annotator.store.engine import Connection

if TYPE_CHECKING:
    from annotator.store.saving import Chain
    from annotator.store.staffing import Staffing
    from annotator.store.writer import Writer

VERB = "people"

_NEWEST = """WITH RECURSIVE known(actor) AS (
                 SELECT min(actor) FROM head WHERE article = '' UNION ALL
                 SELECT (SELECT min(actor) FROM head WHERE article = '' AND actor > known.actor)
                 FROM known WHERE known.actor IS NOT NULL)
             SELECT h.event, h.body FROM known CROSS JOIN head h
             ON h.article = '' AND h.actor = known.actor AND h.key = ?
             ORDER BY h.event DESC LIMIT 1"""


def set_people(project: "Staffing", writer: "Writer", given: Mapping[str, Role | None]) -> int:
    """Give people roles or take them off the list; how many that changed.

    Raises:
        AnnotatorError: whoever opened the project may not, a name is not possible or not on the
            list, the others would be left without a lead, or the list changes at this moment.
    """
    project.require(Role.LEAD, "say who works on the project")
    before = project.people()
    after = _after(before, given)
    had_lead = _leads(before)
    if not had_lead:
        others = sorted(_leads(after) - {project.actor})
        if others and project.actor not in _leads(after):
            raise AnnotatorError(
                f"There is no lead yet, and the first makes themselves lead: `--role "
                f"{project.actor}=lead`, or let {others[0]} do it."
            )
    elif after and not _leads(after):
        raise AnnotatorError(
            "The people of a project that has a lead need one: make somebody else lead first."
        )
    changed = [name for name in given if before.get(name) != after.get(name)]

    def save(conn: Connection, chain: "Chain") -> None:
        _refuse_overtaken(conn, before)
        drafts = []
        for name in sorted(changed):
            person = after.get(name)
            key = Person(name, Role.ANNOTATOR).key
            body = person.body() if person else None
            drafts.append(Draft(Kind.PERSON, key, "", body, newest_of(conn, key)[0]))
        chain.step(chain.save(conn, Act(VERB, tuple(drafts)), project.actor))

    if changed:
        writer.write(save)
    return len(changed)


def _refuse_overtaken(conn: Connection, before: Mapping[str, Person]) -> None:
    """Two leads who take each other off the list at once would leave it without one."""
    for person in before.values():
        if newest_of(conn, person.key)[1] != person.body():
            raise AnnotatorError(
                "Somebody else changed the list of people meanwhile: look at it, and give the command "
                "again if it still holds."
            )


def newest_of(conn: Connection, key: str) -> tuple[str, Mapping[str, Any] | None]:
    """The newest version of a thing of the project that anybody may set: its event and body."""
    found = conn.execute(_NEWEST, (key,)).fetchone()
    if found is None:
        return "", None
    return found[0], None if found[1] is None else json.loads(found[1])


def _after(before: Mapping[str, Person], given: Mapping[str, Role | None]) -> dict[str, Person]:
    """Who is on the list then."""
    after = dict(before)
    for name, role in given.items():
        valid_name(name)
        if is_pass(name):
            raise AnnotatorError(f"{name} is the name of a later pass, not of a person.")
        if role is not None:
            after[name] = Person(name, role)
        elif after.pop(name, None) is None:
            raise AnnotatorError(f"{name} is not on the list of people.")
    return after


def _leads(people: Mapping[str, Person]) -> set[str]:
    return {person.name for person in people.values() if person.role is Role.LEAD}
