"""What is settled before a command goes to a server: the password, who one is, and whether it is safe."""

import sys
from argparse import Namespace
from contextlib import suppress

from annotator.cli import out
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role, person_of
from annotator.store import accounts, secret
from annotator.store.accounts import Account
from annotator.store.address import Address, place_of
from annotator.store.server import ServerError

LACKING = "no password supplied"
"""What PostgreSQL's library says when it found a password nowhere."""


def prepare(args: Namespace) -> None:
    """Ask for a password that is found nowhere, and let the account say who one is.

    What else may be wrong with the server, the command itself finds and tells.

    Raises:
        AnnotatorError: `--as` names somebody whose work this account is not for.
    """
    place = place_of(args.project)
    assert isinstance(place, Address)
    found = account_of(place)
    if found is not None and hasattr(args, "actor"):
        args.actor = _named(args.actor, found, place)


def account_of(place: Address) -> Account | None:
    """The account of a login, whose password is asked for where none is found.

    None where it has none, or the server cannot be asked.
    """
    with suppress(ServerError):
        found, unsafe = _look(place)
        if unsafe:
            out.complain(
                f"The connection to {unsafe} is not encrypted: what you read and decide can be read on "
                "the way. See the manual's page on servers (TLS, or SSH)."
            )
        return found
    return None


def _look(place: Address) -> tuple[Account | None, str]:
    try:
        return accounts.look(place)
    except ServerError as error:
        if LACKING not in str(error) or not sys.stdin.isatty():
            raise
    from getpass import getpass

    secret.keep(place, getpass(f"Password for {place}: "))
    return accounts.look(place)


def _named(given: str | None, account: Account, place: Address) -> str:
    """Who one is: leads may say so, others are whom their account is for."""
    if given is None:
        return account.name
    if account.role is not Role.LEAD and person_of(given)[0] != account.name:
        raise AnnotatorError(
            f"You are {account.name} in {place.name}, whatever --as says: its leads alone may say who "
            "they are."
        )
    return given
