"""What cannot be merged, and who may not: asked before anything is written."""

from typing import TYPE_CHECKING

from annotator.model.annotation import Kind
from annotator.model.errors import AnnotatorError
from annotator.model.event import event_time
from annotator.model.person import Role, person_of
from annotator.store import log
from annotator.store.address import typed
from annotator.store.copies import HANDED, HANDED_END, Checked, Copy
from annotator.store.engine import FileConnection
from annotator.store.handing import OWN
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.accounts import Account
    from annotator.store.merging_articles import Compared
    from annotator.store.part import Part

_NUMBER = "SELECT n FROM article WHERE id = ?"
_HANDED = f"SELECT 1 FROM event WHERE writer >= '{HANDED}' AND writer < '{HANDED_END}' LIMIT 1"


def was_handed_out(reader: Reader) -> bool:
    """Whether a copy was made for one annotator and holds only what that one may see."""
    return reader.row(_HANDED) is not None


def refuse_other(project: "Part", copy: Copy) -> None:
    """Refuse another project."""
    if copy.id != project.id:
        raise AnnotatorError(
            f"{copy.shown} is another project, not a copy of {project.path.name}: bring its work in "
            f"with `annotator export {typed(copy.shown)} --format jsonl -o work.jsonl` and `annotator import "
            f"{typed(project.path)} work.jsonl`."
        )


def refuse_lost(project: "Part", copy: Copy) -> None:
    """Refuse events about articles that neither has."""
    for name in copy.lost_articles():
        if project._reader.row(_NUMBER, (name,)) is None:
            raise AnnotatorError(
                f"{copy.shown} is damaged: its events speak of article {name!r}, which it does not "
                "have. Nothing was taken from it; ask for another copy."
            )


def refuse_whole(project: "Part", copy: Copy) -> None:
    """Refuse what a handed-out copy holds copies of already, under writers of its own."""
    if not was_handed_out(project._reader):
        return
    for row in copy.new_events(log.vector(project._reader), copy.vector()):
        if project._reader.row("SELECT 1 FROM event WHERE id = ?", (row[0],)):
            raise AnnotatorError(
                f"{copy.shown} has work that {project.path.name} was handed out as well: bring "
                "both into the whole copy (annotator merge), and receive a new handout from there."
            )


# --- who may


def account_of(reader: Reader) -> "Account | None":
    """Whose login on a server a project is read with; None of a file, and where logins have no roles."""
    if isinstance(reader.conn, FileConnection):
        return None
    from annotator.store import accounts, server

    assert isinstance(reader.conn, server.ServerConnection)
    return accounts.account(reader.conn)


def may_bring_in(reader: Reader) -> bool:
    """Whether a login may bring in articles, and work of others."""
    account = account_of(reader)
    return account is None or account.role is Role.LEAD


def refuse_part(reader: Reader, shown: str) -> None:
    """Refuse to take for the whole what a login sees of a project: its own work only."""
    account = account_of(reader)
    if account is not None and account.role is Role.ANNOTATOR:
        raise AnnotatorError(
            f"As {account.name} you see your own part of {shown} only: work in a copy made by `annotator "
            "checkout`, or let a lead do this."
        )


def refuse_forbidden(
    project: "Part", copy: Copy, checked: Checked, found: "Compared"
) -> "Compared":
    """Refuse what a login may not write, before any of it is; what of the articles is taken then.

    An annotator brings in work of their own. What was changed about articles stays out and is told.
    """
    account = account_of(project._reader)
    if account is None or account.role is Role.LEAD:
        return found
    kinds = {*OWN, Kind.SHOWN, Kind.SESSION}
    if account.role is Role.ADJUDICATOR:
        kinds.add(Kind.DECISION)
    others = sorted({who for who, _ in checked.wrote if person_of(who)[0] != account.name})
    more = sorted({kind for _, kind in checked.wrote} - kinds)
    what = []
    if found.new:
        what.append(f"{found.new} articles that are not there yet")
    if others:
        what.append(f"work of {', '.join(others[:5])}")
    if more:
        what.append(f"what annotators do not decide ({', '.join(more)})")
    if what:
        raise AnnotatorError(
            f"{copy.shown} has {' and '.join(what)}: a lead may bring that into {project.path.name}, "
            f"and {account.name} may not. Nothing was written."
        )
    if checked.newest and checked.newest > project._reader.value("SELECT latest_id()"):
        import time

        day = time.strftime("%Y-%m-%d %H:%M", time.localtime(event_time(checked.newest)))
        raise AnnotatorError(
            f"{copy.shown} has decisions of {day}: the clock of its machine is more than a day ahead, so "
            "a lead has to merge it. Nothing was written."
        )
    return found._replace(changed=0)
