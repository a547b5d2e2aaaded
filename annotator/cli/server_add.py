"""`annotator server add`: a login for somebody, and what they may do."""

from annotator.cli import server_accounts as accounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

HELP = "let somebody work on a project, or give them another role"
TEXT = """\
Makes a login with which they connect, and puts them on the project's list of people. The server keeps
them to their role, whatever program they use: an annotator reads articles and adds to their own work, and
sees nobody else's.

The password goes into the file that --password-file names, is shown once with --show, or is asked for on
the terminal. It is nowhere else: not among the arguments, not in a log; the server gets what proves it."""


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `server add`."""
    from annotator.model.person import Role

    accounts.address(parser)
    accounts.person(parser)
    parser.add_argument(
        "--role",
        choices=[str(role) for role in Role],
        default=str(Role.ANNOTATOR),
        help="what they may do (default: annotator)",
    )
    parser.add_argument(
        "--login",
        metavar="NAME",
        help="the name they connect with (default: theirs); one that is on the server keeps its password",
    )
    accounts.password(parser)


def run(args: "Namespace") -> int:
    """Make the login and put them on the list."""
    from annotator.cli import out, passwords
    from annotator.model.person import Role
    from annotator.store import accounts as store
    from annotator.store.project import Project

    url, role = accounts.place(args), Role(args.role)
    login = args.login or args.person
    known = store.has_login(url, args.person, login)
    password = None if known else passwords.new_password(args)
    with Project.open(url, store.acting(url)) as project:
        project.set_people({args.person: role})
    made = store.add(url, args.person, role, login, password.word if password else "")
    out.say(f"{args.person} is {role} in {url.name} and connects as {login}.")
    if made and password is not None:
        password.hand_over(url, login)
    elif not made:
        out.say("The login was there and keeps its password.")
    out.say(f"They open the project with: annotator '{passwords.theirs(url, login)}'")
    return 0
