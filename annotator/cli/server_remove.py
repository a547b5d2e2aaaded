"""`annotator server remove`: somebody connects no more."""

from annotator.cli import server_accounts as accounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

HELP = "let somebody work on a project no more; their work stays"
TEXT = """\
Ends their connections, takes away their login (unless it is for other projects as well), and takes them
off the list of people. What they did and what they were assigned stays; `annotator assign --from` hands
that over."""


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `server remove`."""
    accounts.address(parser)
    accounts.person(parser)


def run(args: "Namespace") -> int:
    """Take the login away, then the name off the list."""
    from annotator.cli import out
    from annotator.store import accounts as store
    from annotator.store.project import Project

    url = accounts.place(args)
    with Project.open(url, store.acting(url)) as project:
        if args.person in project.people():
            project.set_people({args.person: None})
    logins = store.remove(url, args.person)
    out.say(
        f"{args.person} cannot connect to {url.name} any more ({', '.join(logins)}); their work stays."
    )
    return 0
