"""`annotator server password`: another password for somebody."""

from annotator.cli import server_accounts as accounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

HELP = "give somebody another password"
TEXT = """\
The new one goes into the file that --password-file names, is shown once with --show, or is asked for on
the terminal. Who is connected stays so."""


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `server password`."""
    accounts.address(parser)
    accounts.person(parser)
    accounts.password(parser)


def run(args: "Namespace") -> int:
    """Give their login another password."""
    from annotator.cli import out, passwords
    from annotator.store import accounts as store

    url = accounts.place(args)
    password = passwords.new_password(args)
    logins = store.set_password(url, args.person, password.word)
    out.say(f"{args.person} has another password ({', '.join(logins)}).")
    password.hand_over(url, logins[0])
    return 0
