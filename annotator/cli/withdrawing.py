"""`annotator withdraw`: take an article out for good, say what goes and where copies may be."""

import sys
from argparse import Namespace
from typing import Any

from annotator import config
from annotator.cli import out
from annotator.cli.open import existing
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.store.address import Address
from annotator.store.gone import Gone, Why
from annotator.store.project import Project
from annotator.store.withdrawing import Weighed


def run(args: Namespace) -> int:
    """Withdraw, list or finish."""
    path = existing(args.project)
    if bool(args.article) + args.list + args.finish != 1:
        raise AnnotatorError(
            "Name the article to withdraw, or say --list or --finish, one of the three."
        )
    actor = config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=args.list or args.dry_run) as project:
        if args.list:
            return _list(project, args.json)
        if args.finish:
            return _finish(project, args)
        return _withdraw(project, args)


def _list(project: Project, as_json: bool) -> int:
    found = [each for each in project.gone().values() if each.why is Why.WITHDRAWN]
    if as_json:
        out.print_json([_json(each) for each in found])
        return 0
    for each in found:
        out.say(f"{each.day}  {each.article}  by {each.actor}: {each.reason or 'no reason given'}")
    if not found:
        out.say("Nothing was withdrawn.")
    return 0


def _finish(project: Project, args: Namespace) -> int:
    done = project.finish_withdrawals()
    if args.json:
        out.print_json({"project": args.project, "written_anew": done})
    elif done:
        out.say(f"{args.project} was written anew: deleted words are out of it.")
    else:
        out.say(f"There is nothing to finish in {args.project}.")
    return 0


def _withdraw(project: Project, args: Namespace) -> int:
    project.require(Role.LEAD, "withdraw articles")
    weighed = project.weigh(args.article)
    if not args.json:
        _tell(weighed, args.dry_run)
    if args.dry_run:
        if args.json:
            out.print_json({"dry_run": True, **weighed._asdict()})
        return 0
    _confirm(args.article, args.yes)
    done = project.withdraw(args.article, args.reason.strip())
    trouble = ""
    try:
        project.scrub()
    except AnnotatorError as error:
        trouble = str(error)
    left = [str(each) for each in project.copies_with(args.article)]
    if args.json:
        more = {"alike": weighed.alike, "releases": weighed.releases, "copies": left}
        out.print_json({**_json(done), **more, "written_anew": not trouble, "trouble": trouble})
    else:
        _tell_done(done, weighed, left, isinstance(project.path, Address))
    if trouble:
        out.complain(trouble)
    return 1 if trouble else 0


def _tell(weighed: Weighed, dry_run: bool) -> None:
    verb = "would go" if dry_run else "goes"
    people = ", ".join(weighed.people) or "nobody"
    out.say(f"Article {weighed.article!r} ({weighed.title}) {verb} for good:")
    out.say(
        f"  its text of {out.number(weighed.chars)} characters, title, address and other data, and "
        f"what {out.counted(weighed.events, 'event')} say about it (worked on by: {people})."
    )
    if weighed.releases:
        out.say(
            f"  It is in release {', '.join(weighed.releases)}: what was given away keeps it; here "
            "the release has one article less."
        )
    if weighed.alike:
        out.say(
            f"  These have the same text or are another text of it, and stay unless you withdraw them "
            f"too: {', '.join(weighed.alike)}."
        )


def _confirm(article: str, yes: bool) -> None:
    """Ask on a terminal; raises AnnotatorError unless it is wanted."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise AnnotatorError(
            "This cannot be undone, and there is no terminal to ask on: say --yes to withdraw the "
            "article. Nothing was changed."
        )
    print("Type the article's id to withdraw it: ", end="", flush=True)
    if sys.stdin.readline().strip() != article:
        raise AnnotatorError("That is not the article's id; nothing was changed.")


def _tell_done(done: Gone, weighed: Weighed, left: list[str], on_server: bool) -> None:
    out.say(done.sentence)
    out.say(f"SHA-256 of its text: {weighed.sha256}")
    out.say(
        "Look after copies yourself: backups, exports, bundles that were sent, copies of the project "
        "(they lose it when they are merged), and what the disk or its snapshots keep of old files."
    )
    if on_server:
        out.say(
            "The server's own copies are its administrator's to look after: its write-ahead log and "
            "archives of it, standby servers, and backups of all databases."
        )
    if left:
        out.say("Known on this machine to hold words of it still:")
    for name in left:
        out.say(f"  {name}")


def _json(each: Gone) -> dict[str, Any]:
    told = ("article", "event", "actor", "reason", "time")
    return {name: getattr(each, name) for name in told}
