"""Whether annotators may see their work beside gold before a release: a switch of the project.

Its events have no article; the newest holds, whoever made it. Everybody's copy gets them.
"""

from typing import TYPE_CHECKING

from annotator.model.annotation import Kind
from annotator.model.event import Act, Draft
from annotator.store.engine import Connection
from annotator.store.part import Part
from annotator.store.roles import newest_of
from annotator.store.standing import standing

if TYPE_CHECKING:
    from annotator.store.saving import Chain

KEY = "feedback"
VERB = "feedback"


def is_allowed(project: Part) -> bool:
    """Whether annotators may see adjudicated gold that is not released."""
    return any(
        body.get("allowed") is True
        for key, _, _, body in standing(project._reader, "", KEY)
        if key == KEY
    )


def allow(project: Part, allowed: bool) -> bool:
    """Turn the switch; whether that changed anything."""

    def save(conn: Connection, chain: "Chain") -> bool:
        event, body = newest_of(conn, KEY)
        if bool(body and body.get("allowed")) == allowed:
            return False
        draft = Draft(Kind.FEEDBACK, KEY, "", {"allowed": allowed}, event)
        chain.step(chain.save(conn, Act(VERB, (draft,)), project.actor))
        return True

    return project._writing.write(save)
