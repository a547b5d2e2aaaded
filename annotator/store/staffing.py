"""A project's part about who works on it, and who is to annotate what."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from annotator.model.errors import AnnotatorError
from annotator.model.person import TRAINING, Person, Role, person_of
from annotator.store.address import Address
from annotator.store.gone import HERE
from annotator.store.part import Part
from annotator.store.standing import standing

if TYPE_CHECKING:
    from concurrent.futures import Future

    from annotator.model.annotation import Rule
    from annotator.model.slot import Pool, Round, Slot
    from annotator.store.assigning import Planned
    from annotator.store.beside import Beside
    from annotator.store.live import Hearer, Listener
    from annotator.store.queue import QueueRow
    from annotator.store.rounds import RoundState
    from annotator.store.sittings import Sitting
    from annotator.store.slots import Load, Staffed


class Staffing(Part):
    """The part of `Project` about who works on it, and who is to annotate what."""

    # --- people

    def people(self) -> dict[str, Person]:
        """Everybody who was given a role, by name, sorted."""
        rows = standing(self._reader, "", "person:")
        found = (Person.of(key, body) for key, _, _, body in rows)
        return {person.name: person for person in sorted(found)}

    def may(self, role: Role) -> bool:
        """Whether this annotator's role covers `role`; in a project without a lead all may do all."""
        login = self._login()
        if login is not None and not login.covers(role):
            return False
        people = self.people()
        name = person_of(self.actor)[0]
        own = people[name].role if name in people else Role.ANNOTATOR
        return own.covers(role) or all(each.role is not Role.LEAD for each in people.values())

    def sees_all(self) -> bool:
        """Whether everybody's work can be read here: with an annotator's login on a server it cannot."""
        login = self._login()
        return login is None or login.covers(Role.ADJUDICATOR)

    def _login(self) -> Role | None:
        """What a server lets this login do; None in a file, and where logins have no roles."""
        if not isinstance(self.path, Address):
            return None
        from annotator.store.merging_refused import account_of

        account = account_of(self._reader)
        return None if account is None else account.role

    def require(self, role: Role, what: str) -> None:
        """Refuse what is not for this annotator to do (`may`).

        Args:
            role: the least role that may do it.
            what: what was to be done, as in "Only a lead may <what>".

        Raises:
            AnnotatorError: somebody is lead, and this annotator's role does not cover `role`.
        """
        if self.may(role):
            return
        people = self.people()
        own = people.get(person_of(self.actor)[0], Person("", Role.ANNOTATOR)).role
        own = min(own, self._login() or own, key=list(Role).index)
        leads = ", ".join(name for name, each in people.items() if each.role is Role.LEAD)
        raise AnnotatorError(
            f"Only {role}s may {what}; {self.actor} is {own} in {self.path.name} (leads: {leads})."
        )

    def set_people(self, given: Mapping[str, Role | None]) -> int:
        """Give people roles, or take them off the list (None); how many that changed. One act.

        While there is no lead anyone may do so and make themselves lead (nobody else); then only
        a lead may.

        Raises:
            AnnotatorError: this annotator may not, a name is not possible or not on the list, or
                people would be left without a lead.
        """
        from annotator.store import roles

        return roles.set_people(self, self._writing, given)

    def activity(self) -> dict[str, tuple[int, float]]:
        """For everybody who decided something on articles: how many they finished, and when last.

        Seconds since the epoch. Later passes (`person.is_pass`) are told apart.
        """
        from annotator.model.event import event_time
        from annotator.store.everybody import ACTIVITY

        rows = self._reader.everybody(ACTIVITY)
        return {actor: (finished, event_time(newest)) for actor, finished, newest in rows}

    # --- who is to annotate what

    def slots(
        self,
        articles: Iterable[str] | None = None,
        annotator: str = "",
        round_name: str = "",
        passes: bool = True,
    ) -> "Iterable[Slot]":
        """The assignments that stand, by article number and annotator, read a few at a time.

        Args:
            articles: only those of these articles.
            annotator: only this annotator's (a pass is an annotator of its own: `iva #2`).
            round_name: only those of this round.
            passes: whether later passes and training (`person.is_pass`) are among them.
        """
        from annotator.store import slots

        return slots.slots(self._reader, articles, annotator, round_name, passes)

    def staffed(self, numbers: Sequence[int]) -> "dict[int, Staffed]":
        """Who has which of these articles (by number), passes left out; those nobody has too."""
        from annotator.store import slots

        return slots.staffed(self._reader, numbers)

    def loads(self) -> "dict[str, Load]":
        """How many articles everybody was assigned and how far they are, by name; no passes."""
        from annotator.store import slots

        return slots.loads(self._reader)

    def met(self) -> dict[tuple[str, str], int]:
        """How many articles each two annotators have in common, by their names in order."""
        from annotator.store import slots

        return slots.met(self._reader)

    def assign(self, wanted: "Iterable[Slot]", planned: "Planned" = None) -> int:
        """Give people articles, a few hundred in an act; how many slots that added.

        Who has an article already keeps the slot as it is; what was taken back is given again.
        Safe to repeat. Nobody is asked whether this annotator may: see `require`.

        Args:
            wanted: the slots.
            planned: who is to have each of these articles, those included who had it already; it is
                refused when others have one by now. Without it that is not asked.

        Raises:
            AnnotatorError: no such article, a name that is not possible, or one that is not planned
                has an article; then nothing of this act is given.
        """
        from annotator.store import assigning

        return assigning.assign(self._writing, wanted, self.actor, planned)

    def take_back(self, unwanted: "Iterable[Slot]", begun: bool = False) -> "list[Slot]":
        """Take assignments back; those that were taken back.

        Args:
            unwanted: the slots, of which article and annotator count.
            begun: also those whose annotator has begun (the work itself stays); finished ones stay
                in any case.
        """
        from annotator.store import assigning

        return assigning.take_back(self._writing, unwanted, self.actor, begun)

    def hand_over(self, giver: str, taker: str) -> tuple[int, int]:
        """Give one person's unfinished articles to another; how many went, and how many could not.

        An article that the other has already stays where it is. Begun work of the giver's stays in
        the project; the taker begins anew.
        """
        from annotator.store import assigning

        return assigning.hand_over(self._reader, self._writing, giver, taker, self.actor)

    # --- whoever comes first

    def pools(self, round_name: str = "") -> "Iterable[Pool]":
        """The articles open to whoever comes first, by number, read a few at a time."""
        from annotator.store import slots

        return slots.pools(self._reader, round_name)

    def open_pools(self, wanted: "Iterable[Pool]") -> int:
        """Open articles to whoever comes first (people 0: to nobody); how many that changed."""
        from annotator.store import assigning

        return assigning.open_pools(self._writing, wanted, self.actor)

    def claim(self, candidates: Sequence[str], actor: str | None = None) -> str | None:
        """Take a place at the first of these articles that has one left; its id, None when none has.

        Looked up and taken in one transaction: within a project file no place is given twice.
        Copies that were apart may together have given more than were asked for.
        """
        from annotator.store import assigning

        return assigning.claim(self._writing, candidates, self.actor if actor is None else actor)

    def claim_soon(self, article: str) -> "Future[str | None]":
        """Take a place at an article where there is one, without waiting for it: before what is sent next."""
        from annotator.store import assigning

        return assigning.claim_soon(self._writing, article, self.actor)

    def has_queue(self, actor: str | None = None) -> bool:
        """Whether this annotator was assigned articles or articles are open to whoever comes."""
        sql = f"""SELECT 1 WHERE EXISTS
                  (SELECT 1 FROM slot WHERE annotator = ? AND given = 1 AND n {HERE})
                  OR EXISTS (SELECT 1 FROM pool WHERE people > 0 AND n {HERE})"""
        name = self.actor if actor is None else actor
        return self._reader.row(sql, (name,)) is not None

    # --- later passes

    def voice(self, article: str, actor: str | None = None) -> str:
        """The name under which a person works on an article now: `iva`, or `iva #2`.

        The newest later pass that was assigned, once the first is finished; training comes before
        the first pass, as long as it is not finished itself.
        """
        name = self.actor if actor is None else actor
        sql = """SELECT s.annotator FROM article a CROSS JOIN slot s
                 ON s.n = a.n AND s.given = 1 AND s.annotator > ? AND s.annotator < ?
                 WHERE a.id = ? ORDER BY s.event DESC"""
        for (found,) in self._reader.rows(sql, (f"{name} #", f"{name} $", article)):
            person, number = person_of(found)
            if person == name and (
                self.is_finished(article, name)
                or (number == TRAINING and not self.is_finished(article, found))
            ):
                return str(found)
        return name

    def passes(self, actor: str | None = None, finished: bool = True) -> "list[Slot]":
        """The later passes that a person was assigned, in the order of assignment.

        Without `finished` only those still to be done.
        """
        from annotator.store import slots

        return slots.passes(self._reader, self.actor if actor is None else actor, finished)

    def hidden_questions(self) -> "list[Slot]":
        """The hidden questions that this annotator has not begun, in the order of assignment."""
        from annotator.store import slots

        return slots.questions(self._reader, self.actor)

    def left_to_do(self) -> int:
        """How many articles this annotator was assigned and has not finished; no passes."""
        from annotator.store import slots

        return slots.left(self._reader, self.actor)

    def rules_of(self, actor: str) -> "tuple[Rule, ...]":
        """The rules of an annotator, or of a pass, that stand, oldest first."""
        from annotator.store import works

        return works.rules(self._reader, actor)

    # --- rounds

    def rounds(self) -> "dict[str, Round]":
        """The rounds of the work by name, in the order in which they were begun."""
        from annotator.store import rounds

        return rounds.rounds(self._reader)

    def round_states(self) -> "list[RoundState]":
        """The rounds with how far they are, in the order in which they were begun."""
        from annotator.store import rounds

        return rounds.states(self._reader)

    def set_round(self, wanted: "Round") -> bool:
        """Begin a round, or change one; whether anything changed. See `require` for who may."""
        from annotator.store import rounds

        return rounds.set_round(self._writing, wanted, self.actor)

    # --- others at work

    def listen(self, hearer: "Hearer") -> None:
        """Have something called, in a thread of its own, when others did anything to the project.

        At most once a second, until the project is closed; see `live.Hearer`.
        """
        self._listening.add(hearer)

    def beside(self, numbers: Sequence[int]) -> "dict[int, Beside]":
        """Who else is at these articles, by number; nothing of those that are one's own to do."""
        from annotator.store import beside

        return beside.beside(self._reader, self.actor, numbers)

    @property
    def _listening(self) -> "Listener":
        if self._listener is None:
            from annotator.store.live import Listener

            lost = self._link.lost if self._link is not None else None
            self._listener = Listener(self.path, self.readonly, self._wrote_as, lost=lost)
        return self._listener

    def sit(self) -> "Sitting":
        """Begin a sitting of this annotator, to be closed at its end: it knows of others'."""
        from annotator.store import sittings

        listener = self._listening if isinstance(self.path, Address) else None
        return sittings.sit(self.path, person_of(self.actor)[0], listener)

    def newest_of(self, article: str, actor: str) -> str:
        """The id of an annotator's newest decision on an article, "" when there is none."""
        sql = """SELECT w.newest FROM article a CROSS JOIN work w ON w.actor = ? AND w.n = a.n
                 WHERE a.id = ?"""
        return str(self._reader.value(sql, (actor, article)) or "")

    def newest_in(self, act: str) -> str:
        """The id of an act's newest event, "" when it is not in the log."""
        return str(self._reader.value("SELECT max(id) FROM event WHERE act = ?", (act,)) or "")

    def is_open(self, article: str) -> bool:
        """Whether an article is open to whoever comes first, and there is room."""
        sql = """SELECT 1 FROM article a CROSS JOIN pool p ON p.n = a.n
                 WHERE a.id = ? AND p.free > 0"""
        return self._reader.row(sql, (article,)) is not None

    def is_finished(self, article: str, actor: str) -> bool:
        """Whether an annotator (or a pass) is done with an article or skipped it."""
        sql = """SELECT 1 FROM article a CROSS JOIN work w ON w.actor = ? AND w.n = a.n
                 WHERE a.id = ? AND w.state IN ('done', 'skipped')"""
        return self._reader.row(sql, (actor, article)) is not None

    # --- orders of the queue that no column has

    @property
    def random_order(self) -> str:
        """The name of the project's own random order, `random:<seed>`; the same in all its copies."""
        from annotator.store import arranging

        return arranging.checked(arranging.RANDOM, self.id)

    def arrange(self, sort: str, batch: int = 0) -> int:
        """Arrange the next articles of a random order, at most `batch` (0: 50,000).

        How many they were: 0 when all are arranged, and for orders that need no such thing. What came
        in since is arranged as well; until it is done, articles not yet arranged stand behind the others.
        Raises AnnotatorError on an unknown order.
        """
        from annotator.store import arranging

        name = arranging.checked(sort, self.id)
        if not name.startswith(arranging.RANDOM):
            return 0
        return arranging.shuffle(self._writing, name, batch or arranging.BATCH)

    def arranging(self, sort: str) -> "Callable[[], int]":
        """What `arrange` or, for `uncertain`, `arrange_uncertain` does, to be called in any thread."""
        from annotator.store import arranging

        return arranging.step(self.path, self._writing, self.actor, sort, self.id)

    def arrange_uncertain(self, share: float = 0.2, seed: int = 0) -> int:
        """Make this annotator's `uncertain` order anew from what suggesters guess by now.

        First the thousand articles that the annotator finished last, in the order of finishing, so that
        one goes on behind them. Then unfinished ones with guesses by the mean doubt of the sources that
        learn, the least sure first; a share of the places is given to unfinished articles drawn by
        `seed`. Whoever was assigned articles gets those. All others follow in the order of arrival. It
        takes seconds among a million articles.

        Returns:
            How many unfinished articles have a place; 0 when nothing is guessed yet.

        Raises:
            AnnotatorError: the share is not between 0 and 1, or the project is only read.
        """
        from annotator.store import arranging

        return arranging.arrange_by_doubt(self.path, self._writing, self.actor, share, seed)

    def place_in(self, row: "QueueRow", sort: str) -> tuple[int, str | int, int]:
        """What an article's place in an order goes by: of two articles the lesser one comes first."""
        from annotator.store import arranging

        return arranging.place(self._reader, self.actor, row, sort)
