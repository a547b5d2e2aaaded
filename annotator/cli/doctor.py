"""`annotator doctor`: what is in force here, and what needs attention."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict

from annotator.cli import out
from annotator.cli.checkup import keys, project, settings, terminal, versions
from annotator.cli.checkup.facts import Section
from annotator.store import health
from annotator.store.address import place_of


def run(args: Namespace) -> int:
    """Look at everything; 1 when something needs attention."""
    sections = list(_sections(args))
    troubles = [trouble for section in sections for trouble in section.troubles]
    if args.json:
        found = {section.title.lower(): _json(section) for section in sections}
        out.print_json({"fine": not troubles, "troubles": troubles, **found})
    else:
        _print(sections, troubles)
    return 1 if troubles else 0


def _sections(args: Namespace) -> Iterator[Section]:
    about, config, actor = settings.look(args)
    _state(about)
    yield about
    yield terminal.look(config.mouse and args.mouse)
    yield keys.look(config)
    yield versions.look()
    if args.project:
        yield project.look(place_of(args.project), actor)


def _state(section: Section) -> None:
    """The folder where unsaved decisions wait."""
    folder, writable = health.state_folder()
    section.fact("unsaved decisions wait in", str(folder))
    if not writable:
        section.troubles.append(
            f"{folder} cannot be written: decisions that a full disk refuses would have no place "
            "to wait; change its permissions or set XDG_STATE_HOME."
        )


def _json(section: Section) -> dict[str, object]:
    facts = [asdict(fact) for fact in section.facts]
    return {"facts": facts, "troubles": section.troubles, "notes": section.notes}


def _print(sections: list[Section], troubles: list[str]) -> None:
    for section in sections:
        rows = [(fact.name, fact.words or "–", fact.source) for fact in section.facts]
        out.table(section.title, ("what", "value", "from"), rows)
    for section in sections:
        for note in section.notes:
            out.say(f"· {note}")
    for trouble in troubles:
        out.say(f"✗ {trouble}")
    if not troubles:
        out.say("Everything is fine.")
    else:
        verb = "needs" if len(troubles) == 1 else "need"
        out.say(f"{out.counted(len(troubles), 'thing')} {verb} attention.")
