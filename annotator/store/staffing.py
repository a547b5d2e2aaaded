"""A project's part about who works on it, and who is to annotate what."""

from annotator.model.errors import AnnotatorError
from annotator.model.person import Person, Role, person_of
from annotator.store.part import Part
from annotator.store.standing import standing


class Staffing(Part):
    """The part of `Project` about who works on it, and who is to annotate what."""

    def people(self) -> dict[str, Person]:
        """Everybody who was given a role, by name, sorted."""
        rows = standing(self._reader, "", "person:")
        found = (Person.of(key, body) for key, _, _, body in rows)
        return {person.name: person for person in sorted(found)}

    def require(self, role: Role, what: str) -> None:
        """Refuse what is not for this annotator to do; in a project without a lead all may do all.

        Args:
            role: the least role that may do it.
            what: what was to be done, as in "Only a lead may <what>".

        Raises:
            AnnotatorError: somebody is lead, and this annotator's role does not cover `role`.
        """
        people = self.people()
        leads = [person.name for person in people.values() if person.role is Role.LEAD]
        name = person_of(self.actor)[0]
        own = people[name].role if name in people else Role.ANNOTATOR
        if leads and not own.covers(role):
            who = f"{role}s" if role is not Role.LEAD else "leads"
            raise AnnotatorError(
                f"Only {who} may {what}; {self.actor} is {own} in {self.path.name} "
                f"(leads: {', '.join(leads)})."
            )
