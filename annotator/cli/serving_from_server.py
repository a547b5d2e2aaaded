"""`annotator serve` with a project on a server: the logins with which its people connect.

Where the address names no user, everybody connects with a login of their own, and the server keeps them
to what they may do, as it does without the browser. Where it names one, all use that login: their own, or
a lead's, who alone may say who somebody is.
"""

from argparse import Namespace

from annotator.cli import connecting
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.store.address import Address, Place
from annotator.web.doors import Doors


def say_who(place: Address, args: Namespace) -> None:
    """Let the account of the login say who one is, where only one person is to come in."""
    if place.user and not (args.people or args.user_header):
        connecting.prepare(args)


def let_in(place: Address, doors: Doors) -> None:
    """See what can be seen of everybody's login before anybody comes.

    Passwords that are found nowhere are asked for.

    Raises:
        AnnotatorError: the login in the address is an annotator's, and not only theirs is to be used.
    """
    if not place.user:
        for person in doors.people:
            connecting.account_of(place.for_user(person))
        return
    found = connecting.account_of(place)
    if found is None or found.role is Role.LEAD or doors.people == (found.name,):
        return
    raise AnnotatorError(
        f"The login in this address is for {found.name} alone: leave it out, and everybody connects "
        "with their own, or name a lead's."
    )


def place_for(place: Place, person: str) -> Place:
    """Where somebody's process finds the project."""
    return place.for_user(person) if isinstance(place, Address) else place
