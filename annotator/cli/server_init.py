"""`annotator server init`: a project on a server, with its roles."""

from annotator.cli import arguments as common
from annotator.cli import server_accounts as accounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from annotator.store.address import Address

HELP = "make a project on a server, with its roles"
TEXT = """\
Makes the database, the tables, the roles and the scheme; who runs it becomes the lead. It needs a login
that may make databases and roles: the owner's of a server of yours, or one that an administrator gave you
(CREATEDB CREATEROLE).

On a project that is there it changes nothing but its roles and grants, which are brought up to date."""


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `server init`."""
    accounts.address(parser)
    common.scheme(parser)
    parser.add_argument(
        "--from",
        dest="file",
        metavar="FILE.db",
        help="move this project there, whole, with its scheme, people and history; the file stays",
    )
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Make what is not there, and say what comes next."""
    from annotator import config
    from annotator.cli import out
    from annotator.store import accounts as store

    url = accounts.place(args)
    lead = config.who(args.actor, config.read())
    made = _moved(url, args.file, args.scheme) if args.file else _made(url, lead, args.scheme)
    store.set_up(url, lead)
    leads = ", ".join(_leads(url, lead))
    out.say(f"Made {url.name} on the server; it is led by {leads}." if made
            else f"{url.name} was there; its roles and grants are up to date.")  # fmt: skip
    if made and not args.file:
        out.say(f"  articles   annotator import '{url}' SOURCE")
        out.say(f"  people     annotator server add '{url}' NAME --password-file NAME.pgpass")
    return 0


def _moved(url: "Address", file: str, scheme: str | None) -> bool:
    """Put a whole project there; raises AnnotatorError when there is one."""
    from annotator.cli import backup
    from annotator.model.errors import AnnotatorError

    if scheme is not None:
        raise AnnotatorError(f"{file} brings its own scheme: leave --scheme out.")
    backup.put(file, url)
    return True


def _made(url: "Address", lead: str, scheme: str | None) -> bool:
    """Whether the project was made now; else it was there."""
    from annotator.cli.init import named_scheme
    from annotator.model.errors import AnnotatorError
    from annotator.store import hosting
    from annotator.store.project import Project

    if hosting.is_there(url):
        if scheme is not None:
            raise AnnotatorError(
                f"{url.name} is there and has a scheme: leave --scheme out, and change its labels with "
                "`annotator scheme`."
            )
        return False
    Project.create(url, named_scheme(scheme), lead).close()
    return True


def _leads(url: "Address", wanted: str) -> list[str]:
    """Who leads a project; somebody who is wanted to, where nobody does."""
    from annotator.model.person import Role
    from annotator.store.project import Project

    with Project.open(url, wanted) as project:
        leads = [each.name for each in project.people().values() if each.role is Role.LEAD]
        if not leads:
            project.set_people({wanted: Role.LEAD})
    return leads or [wanted]
