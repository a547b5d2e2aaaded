"""`annotator feedback`: an annotator's own work beside gold."""

import sys
from argparse import Namespace

from annotator import config
from annotator.cli import out
from annotator.cli.open import existing
from annotator.lead import feedback
from annotator.lead.feedback import Feedback, Line
from annotator.lead.known_gold import Gold
from annotator.model.errors import AnnotatorError
from annotator.model.guidelines import guideline
from annotator.model.person import person_of
from annotator.store.address import Place
from annotator.store.project import Project
from annotator.text.visible import plain_line

SHOWN = 60
"""Code points shown of a difference's text."""


def run(args: Namespace) -> int:
    """Turn the switch, print, or open the screen; the exit code is 0 (or the screen's)."""
    path = existing(args.project)
    settings = config.read()
    actor = config.who(args.actor, settings)
    if args.allow or args.forbid:
        return _switch(path, actor, args.allow, args.json)
    if not (args.plain or args.json) and sys.stdin.isatty() and sys.stdout.isatty():
        from annotator.tui.feedback import start

        return start(path, actor, settings, args.article, args.mouse)
    with Project.open(path, actor, readonly=True) as project:
        gold = feedback.visible_gold(project)
        name = person_of(actor)[0]
        if args.article is not None:
            _one(project, feedback.one(project, gold, name, args.article), gold, args.json)
        else:
            _list(project, list(feedback.listed(project, gold, name)), gold, args.json)
    return 0


def _switch(path: Place, actor: str, allowed: bool, as_json: bool) -> int:
    with Project.open(path, actor) as project:
        changed = feedback.allow(project, allowed)
    if as_json:
        out.print_json({"allowed": allowed, "changed": changed})
        return 0
    now = "what is adjudicated" if allowed else "what is released"
    out.say(f"Annotators {'now ' if changed else 'already '}see their work beside {now}.")
    return 0


# --- the list


def _list(project: Project, found: list[Line], gold: Gold, as_json: bool) -> None:
    if as_json:
        out.print_json({"gold": gold.words, "articles": [feedback.line_json(e) for e in found]})
        return
    if not found:
        raise AnnotatorError(f"None of your finished articles in {project.path.name} has gold yet.")
    same = sum(each.comparison.alike for each in found)
    differences = sum(len(each.comparison.differences) for each in found)
    out.say(
        f"{out.counted(len(found), 'article')} beside {gold.words}: {out.number(same)} the same, "
        f"{out.counted(differences, 'difference')}."
    )
    rows = [
        (each.article, plain_line(each.title, 30), out.number(each.comparison.alike),
         out.number(len(each.comparison.differences)))
        for each in found
    ]  # fmt: skip
    out.table("", ("article", "title", "same>", "differences>"), rows)


# --- one article


def _one(project: Project, found: Feedback, gold: Gold, as_json: bool) -> None:
    if as_json:
        out.print_json({"gold": gold.words, **feedback.detail_json(found)})
        return
    made = found.comparison
    out.say(f"{found.article.id}: {plain_line(found.article.title, 200)}")
    out.say(
        f"Beside {gold.words}: {out.number(made.alike)} the same, "
        f"{out.counted(len(made.differences), 'difference')}."
    )
    text, told = found.article.text, set[tuple[str, str]]()
    for number, pair in enumerate(made.differences, 1):
        out.say()
        words = plain_line(feedback.surface(pair, text), SHOWN)
        out.say(f"{number}. {pair.layer}: {feedback.told(pair)}")
        out.say(f"   “{words}”")
        label = pair.label
        if (pair.layer, label) not in told:
            told.add((pair.layer, label))
            for line in guideline(project.scheme, pair.layer, label).splitlines():
                out.say(f"   | {line}")
