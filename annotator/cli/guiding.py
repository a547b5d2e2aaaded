"""`annotator guidelines`: the guidelines' text, its versions, and what rests on older ones."""

import difflib
import time
from argparse import Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from annotator import config
from annotator.cli import out
from annotator.cli.open import existing
from annotator.model.article import unstorable
from annotator.model.errors import AnnotatorError
from annotator.model.guideline_version import Change, GuidelineVersion, checked_about, next_version
from annotator.model.guidelines import about_changed, changed_sections
from annotator.model.person import Role
from annotator.store.address import Place, typed
from annotator.store.guidelines import Kept, named
from annotator.store.project import Project
from annotator.store.rechecking import Outdated


def run(args: Namespace) -> int:
    """Do what the arguments say; without any print the text that holds."""
    path = existing(args.project)
    _check(args)
    if args.set is not None:
        return _set(path, args)
    actor = config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=True) as project:
        if args.log:
            _log(project.guideline_log(), args.json)
        elif args.diff is not None:
            versions = project.guideline_log()
            old, new = (named(versions, each).guidelines for each in args.diff)
            _diff(old, new, args.json)
        elif args.recheck is not None:
            _recheck(_seen(project, project.outdated(args.recheck)), args)
        elif args.problems:
            project.require(Role.ADJUDICATOR, "see what was decided")
            _problems(project, args.json)
        else:
            _text(_wanted(project, args.version), args)
    return 0


def _check(args: Namespace) -> None:
    """Refuse what would do nothing."""
    for name in ("change", "about", "note", "dry_run"):
        if args.set is None and getattr(args, name):
            raise AnnotatorError(f"--{name.replace('_', '-')} goes with --set FILE.md.")
    if args.list and args.recheck is None:
        raise AnnotatorError("--list goes with --recheck.")


def _seen(project: Project, found: Iterable[Outdated]) -> Iterable[Outdated]:
    """Annotators are told of their own work only: which labels others gave is not for them."""
    if project.may(Role.ADJUDICATOR):
        return found
    return (each for each in found if each.actor == project.actor)


def _wanted(project: Project, version: str | None) -> Kept:
    if version is None:
        return project.guidelines()
    return named(project.guideline_log(), version)


def _text(kept: Kept, args: Namespace) -> None:
    """Print a version, or write its text to a new file."""
    guidelines = kept.guidelines
    if args.export is not None:
        try:
            with Path(args.export).open("x", encoding="utf-8", newline="") as file:
                file.write(guidelines.text)
        except FileExistsError:
            raise AnnotatorError(f"{args.export} exists already; choose another name.") from None
        except OSError as error:
            raise AnnotatorError(f"{args.export} cannot be written: {error.strerror}.") from None
        out.say(f"{args.export}: the guidelines, version {guidelines.version}.")
    elif args.json:
        out.print_json({**_json(kept), "text": guidelines.text})
    else:
        out.say(f"Guidelines, version {guidelines.version}{_by(kept)}")
        out.say()
        for line in guidelines.text.splitlines() or ["They say nothing yet."]:
            out.say(line)


def _by(kept: Kept) -> str:
    return f", set {_day(kept.time)} by {kept.actor}" if kept.event else ", the scheme's own"


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _json(kept: Kept) -> dict[str, Any]:
    body = kept.guidelines.body()
    del body["text"]
    return {**body, "who": kept.actor, "when": _day(kept.time) if kept.event else ""}


def _log(versions: list[Kept], as_json: bool) -> None:
    if as_json:
        out.print_json([_json(each) for each in versions])
        return
    rows = (
        (
            each.guidelines.version,
            _day(each.time) if each.event else "",
            each.actor or "the scheme",
            str(each.guidelines.change) if each.event else "",
            " ".join(each.guidelines.about),
            each.guidelines.note,
        )
        for each in versions
    )
    out.table("", ("version", "when", "who", "change", "about", "note"), rows)


def _diff(old: GuidelineVersion, new: GuidelineVersion, as_json: bool) -> None:
    """The sections that differ, then the lines."""
    lines = difflib.unified_diff(
        old.text.splitlines(), new.text.splitlines(), old.version, new.version, lineterm=""
    )
    if as_json:
        sections = {
            _name(*place): how for place, how in changed_sections(old.text, new.text).items()
        }
        out.print_json({"sections": sections, "lines": list(lines)})
        return
    for line in (*_sections(old.text, new.text), *lines):
        out.say(line)


def _sections(old: str, new: str) -> Iterator[str]:
    """A line for each section that differs."""
    found = changed_sections(old, new)
    for place, how in found.items():
        yield f"{_name(*place)}: {how}"
    if not found:
        yield "No section differs." if old != new else "They are the same."


def _name(layer: str, label: str) -> str:
    return "/".join(part for part in (layer, label) if part) or "(before any layer)"


def _set(path: Place, args: Namespace) -> int:
    """Make a file's text the guidelines, and say what that touches."""
    text = _read(Path(args.set))
    actor = "" if args.dry_run else config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=args.dry_run) as project:
        now = project.guidelines().guidelines
        new = _new(project, now, text, args)
        if not args.dry_run:
            project.require(Role.LEAD, "set the guidelines")
            project.set_guidelines(new)
        old = list(project.outdated(new.version)) if not args.dry_run and new.about else []
    if args.json:
        told = {name: value for name, value in new.body().items() if name != "text"}
        changed = {_name(*place): how for place, how in changed_sections(now.text, text).items()}
        out.print_json({**told, "sections": changed, "outdated": [_outdated(e) for e in old]})
        return 0
    for line in _sections(now.text, text):
        out.say(line)
    about = ", ".join(new.about) or "no label"
    verb = "would be" if args.dry_run else "are now"
    out.say(f"The guidelines {verb} version {new.version} ({new.change}), about {about}.")
    if new.change is Change.MAJOR and old:
        out.say(
            f"{_counted(old)}; annotator guidelines {typed(args.project)} --recheck lists them."
        )
    return 0


def _new(project: Project, now: GuidelineVersion, text: str, args: Namespace) -> GuidelineVersion:
    """The version a text becomes."""
    if text == now.text:
        raise AnnotatorError(f"Version {now.version} of the guidelines says just that already.")
    change = Change(args.change or Change.MINOR)
    proposed = about_changed(now.text, text, project.scheme)
    about = checked_about(project.scheme, tuple(args.about)) if args.about else proposed
    if change is Change.MAJOR and not about:
        raise AnnotatorError(
            "No section on a layer or label differs: say with --about which rule is another one, or "
            "make it a minor version."
        )
    version = next_version(now.version, args.version or "", change)
    return GuidelineVersion(version, text, change, about, args.note)


def _read(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise AnnotatorError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise AnnotatorError(
            f"{path} is not UTF-8 at byte {error.start}; save it as such."
        ) from None
    if reason := unstorable(text):
        raise AnnotatorError(f"{path} cannot be the guidelines: {reason}.")
    return text


def _counted(found: Iterable[Outdated]) -> str:
    """How much rests on older guidelines."""
    each = list(found)
    articles = out.counted(len({one.article for one in each}), "article")
    work = [one for one in each if not one.items]
    decided = sum(len(one.items) for one in each)
    parts = []
    if work:
        annotations = out.counted(sum(sum(one.labels.values()) for one in work), "annotation")
        people = out.counted(len({one.actor for one in work}), "annotator")
        parts.append(f"{annotations} of {people}")
    if decided:
        parts.append(out.counted(decided, "decision"))
    return f"Made on older ones: {' and '.join(parts)}, in {articles}"


def _outdated(each: Outdated) -> dict[str, Any]:
    return {**each._asdict(), "labels": dict(each.labels), "items": list(each.items)}


def _recheck(found: Iterable[Outdated], args: Namespace) -> None:
    """What was decided under older guidelines."""
    if args.list:
        for each in found:
            print(out.safe(each.article), out.safe(each.actor), sep="\t")
        return
    rest = list(found)
    if args.json:
        out.print_json([_outdated(each) for each in rest])
        return
    if not rest:
        out.say("Nothing rests on older guidelines.")
        return
    rows = (
        (
            each.article,
            each.actor,
            "decisions" if each.items else "annotations",
            ", ".join(f"{label} {n:,}" for label, n in each.labels.items()),
            each.version,
            out.number(each.marked) if each.marked else "",
        )
        for each in rest
    )
    columns = ("article", "who", "what", "about", "made under", "marked>")
    out.table("", columns, rows)
    out.say(f"{_counted(rest)}.")


def _problems(project: Project, as_json: bool) -> None:
    """What adjudicators found wrong with the guidelines."""
    found = list(project.guideline_problems())
    if as_json:
        out.print_json([{**each._asdict(), "labels": list(each.labels)} for each in found])
        return
    if not found:
        out.say("No decision is marked as a problem of the guidelines.")
        return
    rows = (
        (
            each.article,
            f"{each.layer}: {' '.join(each.labels)}",
            each.reason,
            each.note,
            each.actor,
            each.version,
            _day(each.time),
        )
        for each in found
    )
    out.table("", ("article", "about", "reason", "note", "who", "guidelines", "when"), rows)
