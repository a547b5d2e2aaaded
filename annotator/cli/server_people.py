"""`annotator server people`: who may connect to a project."""

from annotator.cli import arguments as common
from annotator.cli import server_accounts as accounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

HELP = "list who may connect to a project, and who does now"
TEXT = "For leads. What everybody was assigned and did is told by `annotator people`."


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `server people`."""
    accounts.address(parser)
    common.json(parser, "print JSON instead of a table")


def run(args: "Namespace") -> int:
    """List them."""
    from annotator.cli import out
    from annotator.store import accounts as store
    from annotator.store.project import Project

    url = accounts.place(args)
    logins = store.logins(url)
    with Project.open(url, readonly=True) as project:
        activity = project.activity()
    last = {each.name: activity.get(each.name, (0, 0.0))[1] for each in logins}
    if args.json:
        out.print_json(
            [
                {
                    "name": each.name,
                    "login": each.login,
                    "role": str(each.role),
                    "connected": each.connected,
                    "last": last[each.name] or None,
                }
                for each in logins
            ]
        )
        return 0
    columns = ("name", "login", "role", "connected", "last active")
    rows = [
        (
            each.name,
            each.login,
            each.role,
            "yes" if each.connected else "no",
            _time(last[each.name]),
        )
        for each in logins
    ]
    out.table("People", columns, rows)
    return 0


def _time(seconds: float) -> str:
    import time

    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds)) if seconds else "never"
