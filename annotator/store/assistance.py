"""How far a project helps with suggestions, and why it does not in an article.

The switch is a thing of the project: its events have no article and the newest holds, whoever made it.
"""

from typing import TYPE_CHECKING

from annotator.model import assistance as said
from annotator.model.annotation import Kind
from annotator.model.assistance import KEY, VERB, Assistance
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.person import TRAINING, person_of
from annotator.store.engine import Connection
from annotator.store.reader import Reader
from annotator.store.standing import standing

if TYPE_CHECKING:
    from annotator.store.part import Part
    from annotator.store.saving import Chain


def current(reader: Reader) -> Assistance:
    """What holds; the usual where nobody decided anything."""
    for key, _, _, body in standing(reader, "", KEY):
        if key == KEY:
            return Assistance.of(body)
    return Assistance()


def change(project: "Part", wanted: Assistance) -> bool:
    """Change it; whether it was another. Nobody is asked whether they may.

    Raises:
        AnnotatorError: a share that is none, or a layer that the scheme does not have and that was not
            off before.
    """
    from annotator.store.roles import newest_of

    made = Assistance.of(wanted.body())
    known = {layer.name for layer in project.scheme.layers}

    def save(conn: Connection, chain: "Chain") -> bool:
        event, body = newest_of(conn, KEY)
        now = Assistance.of(body) if body is not None else Assistance()
        strange = sorted(made.off - now.off - known)
        if strange:
            raise AnnotatorError(
                f"There is no layer {strange[0]!r} in {project.scheme.name}: it has "
                f"{', '.join(sorted(known))}."
            )
        if made == now:
            return False
        draft = Draft(Kind.ASSISTANCE, KEY, "", made.body(), event)
        chain.step(chain.save(conn, Act(VERB, (draft,)), project.actor))
        return True

    return project._writing.write(save)


def silence(reader: Reader, article: str, person: str, helped: Assistance) -> str:
    """Why nobody, or not this person, gets any suggestion in an article; "" where there are some."""
    from annotator.store.suggestions import is_held_out

    if is_held_out(reader, article):
        return said.HELD_OUT
    if person in helped.without:
        return said.WITHOUT
    return said.IN_SAMPLE if helped.is_blind(article) else ""


def of_pass(voice: str) -> str:
    """Why nothing learnt is suggested under the name of a pass; "" for who works in the first.

    What was learnt is what the same person found before, perhaps in this very article: suggested, a
    later pass would say how well they agree with themselves, and training how well they copy.
    """
    number = person_of(voice)[1]
    if number == TRAINING:
        return said.IN_TRAINING
    return said.AGAIN if number != 1 else ""
