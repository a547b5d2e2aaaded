"""`annotator ask`: slips hidden questions into people's work, and lists them for the lead."""

from argparse import Namespace

from annotator import config
from annotator.cli import out
from annotator.cli.open import existing
from annotator.lead import asking
from annotator.lead.asking import Asked
from annotator.lead.known_gold import gold
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.store import questions
from annotator.store.address import typed
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Ask, or list; the exit code is 0."""
    path = existing(args.project)
    actor = config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=args.dry_run or args.list) as project:
        if args.list:
            project.require(Role.LEAD, "see hidden questions")
            _list(project, args.json)
            return 0
        project.require(Role.LEAD, "ask hidden questions")
        asked = _asked(project, args)
        if not args.dry_run:
            asking.give(project, asked)
    _show(asked, args)
    return 0


def _asked(project: Project, args: Namespace) -> list[Asked]:
    names = [word.strip() for word in (args.to or "").split(",") if word.strip()]
    people = asking.who_can(project, names)
    if args.again is not None:
        return asking.ask_again(project, args.again, people, args.after_days, args.seed)
    found = gold(project, args.adjudicated, args.release)
    if found is None:
        raise AnnotatorError(
            f"There is no release in {project.path.name} to take questions from; --adjudicated takes "
            "what is decided."
        )
    if not names:  # whoever only has articles of an earlier time cannot be asked any more
        people = [name for name in people if name in project.loads()]
        if not people:
            raise AnnotatorError(
                "Nobody has assignments among which a question could hide: give them articles first, "
                f"with `annotator assign {typed(project.path)}`."
            )
    return asking.ask_gold(project, found, args.gold, people, args.seed)


def _show(asked: list[Asked], args: Namespace) -> None:
    added = sum(len(each.slots) for each in asked)
    if args.json:
        people = {
            each.name: {
                "had": each.had,
                "wanted": each.wanted,
                "added": len(each.slots),
                "articles": [slot.article for slot in each.slots],
            }
            for each in asked
        }
        out.print_json({"dry_run": args.dry_run, "added": added, "people": people})
        return
    would = " would be" if args.dry_run else ""
    if args.again is not None:
        out.say(f"{out.counted(added, 'article')} to do again{would} added.")
    else:
        out.say(f"{out.counted(added, 'gold question')}{would} added.")
    rows = [
        (each.name, out.number(each.had), out.number(len(each.slots)), out.number(each.wanted),
         f"{each.lacking} lacking: no more articles fit" if each.lacking else "")
        for each in asked
    ]  # fmt: skip
    out.table("", ("name", "had>", "added>", "wanted>", ""), rows)


def _list(project: Project, as_json: bool) -> None:
    found = questions.questions(project)
    if as_json:
        out.print_json(
            [
                {
                    "person": each.person,
                    "article": each.article,
                    "why": str(each.why),
                    "state": each.state or None,
                }
                for each in found
            ]
        )
        return
    if not found:
        out.say("No hidden questions were asked.")
        return
    rows = [(each.person, str(each.why), each.article, each.state or "to do") for each in found]
    out.table("Hidden questions", ("name", "sort", "article", "state"), rows)
