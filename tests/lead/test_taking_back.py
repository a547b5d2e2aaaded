"""Undo of decisions, against a plain stack, with restarts anywhere between."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from annotator.lead.taking_back import REDO, UNDO, TakingBack
from annotator.model.decision import VERB
from annotator.model.event import PastAct

STEPS = st.lists(
    st.sampled_from(("act", "whole", "undo", "redo", "restart", "foreign")), max_size=60
)


class Log:
    """Acts in memory, oldest first."""

    def __init__(self) -> None:
        self.acts: list[PastAct] = []
        self._names = itertools.count()

    def add(self, verb: str, of: str = "") -> PastAct:
        act = PastAct(f"{verb}-{next(self._names)}", verb, of, ())
        self.acts.append(act)
        return act

    def sitting(self) -> TakingBack:
        # what is in the log when it is read is what had been saved by then
        return TakingBack(
            lambda: iter(list(reversed(self.acts))),
            lambda name: next((act for act in self.acts if act.id == name), None),
        )


@given(STEPS)
def test_it_does_what_a_stack_does_whatever_restarts_come_between(steps: list[str]) -> None:
    log = Log()
    desk = log.sitting()
    done: list[list[str]] = []
    undone: list[list[str]] = []
    for step in steps:
        if step == "act":
            act = log.add(VERB)
            desk.push(act)
            done.append([act.id])
            undone.clear()
        elif step == "whole":  # decided in three articles past the desk, which is then opened anew
            name = f"whole {len(log.acts)}"
            done.append([log.add(VERB, name).id for _ in range(3)])
            undone.clear()
            desk = log.sitting()
        elif step == "foreign":
            log.add("withdraw")
        elif step == "restart":
            desk = log.sitting()
        else:
            source, target = (done, undone) if step == "undo" else (undone, done)
            verb = UNDO if step == "undo" else REDO
            found = desk.undo() if step == "undo" else desk.redo()
            turned: list[str] = []
            while found is not None:
                turned.append(found.id)
                desk.note(log.add(verb, found.id).id)
                found = desk.more(verb, found)
            assert turned[:: -1 if step == "undo" else 1] == (source[-1] if source else []), steps
            if turned:
                target.append(source.pop())


def test_what_is_refused_is_passed_over() -> None:
    log = Log()
    desk = log.sitting()
    first, second = log.add(VERB), log.add(VERB)
    desk = log.sitting()
    assert desk.undo() == second
    desk.refused(UNDO)
    assert desk.undo() == first
    assert desk.undo() is None
    desk.note(log.add(UNDO, first.id).id)
    assert desk.redo() == first
    assert desk.redo() is None
