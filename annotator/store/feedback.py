"""Whether annotators may see their work beside gold before a release: a switch of the project.

Its events have no article; the newest holds, whoever made it. Everybody's copy gets them.
"""

from typing import TYPE_CHECKING

from annotator.model.annotation import Kind
from annotator.model.event import Act, Draft
from annotator.store.engine import Connection
from annotator.store.reader import Reader
from annotator.store.roles import newest_of
from annotator.store.standing import standing

if TYPE_CHECKING:
    from annotator.store.saving import Chain
    from annotator.store.writer import Writer

KEY = "feedback"
VERB = "feedback"


def is_allowed(reader: Reader) -> bool:
    """Whether annotators may see adjudicated gold that is not released."""
    return any(
        body.get("allowed") is True for key, _, _, body in standing(reader, "", KEY) if key == KEY
    )


def allow(writer: "Writer", allowed: bool, actor: str) -> bool:
    """Turn the switch; whether that changed anything."""

    def save(conn: Connection, chain: "Chain") -> bool:
        event, body = newest_of(conn, KEY)
        if bool(body and body.get("allowed")) == allowed:
            return False
        draft = Draft(Kind.FEEDBACK, KEY, "", {"allowed": allowed}, event)
        chain.step(chain.save(conn, Act(VERB, (draft,)), actor))
        return True

    return writer.write(save)
