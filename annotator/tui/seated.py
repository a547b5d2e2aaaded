"""One annotator's sitting at a project, and what they are told of their other ones."""

from typing import TYPE_CHECKING

from annotator.store.project import Project

if TYPE_CHECKING:
    from annotator.store.sittings import Sitting

ELSEWHERE = "You have this project open in another window too: both are saved."
"""What is said when a second sitting begins; it fits a line of 80 cells."""
STRANGER = "You are not on this project's list of people: is the name right (--as)?"
"""What is said to somebody whom the project does not know, though it knows who works on it."""


class Seated:
    """Somebody at a project, whose sitting may have begun."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.sitting: Sitting | None = None
        """The sitting, once it has begun."""
        self._told = False
        """Whether another one was told of."""

    def sit(self, wait: float = 0.0) -> str:
        """Begin the sitting; what to tell of another one, or of a name that nobody knows; else "".

        A server answers a little later, for which it waits so many seconds; or see `elsewhere`.
        """
        if self.sitting is None and not self.project.readonly:
            self.sitting = self.project.sit()
            self.sitting.settle(wait)
        told = self.elsewhere()
        if told:
            return told
        people = {} if self.project.readonly else self.project.people()
        return STRANGER if people and self.project.actor not in people else ""

    def elsewhere(self) -> str:
        """What to tell of another sitting of this annotator's, once, when it is known of; else ""."""
        known = self.sitting is not None and not self.sitting.was_alone
        told, self._told = self._told, self._told or known
        return ELSEWHERE if known and not told else ""

    def stand_up(self) -> None:
        """The sitting ends."""
        if self.sitting is not None:
            self.sitting.close()
