"""The lines above and below the article: what it is, where one is, what the next key does."""

from rich.cells import cell_len

from annotator.desk.desk import Desk
from annotator.desk.grid import Column
from annotator.desk.suggested import Proposal
from annotator.model.annotation import State
from annotator.model.scheme import StanceLayer, Unit
from annotator.text.visible import plain_line
from annotator.tui.lines import Line, piece
from annotator.tui.looks import label_style

SAVED, SAVING, UNSAVED = "✓ saved", "… saving", "✗ NOT SAVED"

NAMED = 6
"""Up to so many labels are named in the status line; of more only the letters are shown."""


def away(waiting: int) -> str:
    """The saved mark while the server cannot be reached, and so many decisions wait for it."""
    return f"○ server away, {waiting:,} kept here" if waiting else "○ server away"


def sending(waiting: int) -> str:
    """The saved mark while what waited is sent."""
    return f"… sending {waiting:,}"


def title_line(desk: Desk, width: int) -> Line:
    """The article's title (or first words), source, date and language."""
    article = desk.sheet.article
    parts = (plain_line(article.source, 30), plain_line(article.date, 10), article.lang)
    about = " · ".join(plain_line(x, 30) for x in parts if x)
    title = plain_line(
        article.title or article.text[:300], max(width - cell_len(about) - 4, width // 2)
    )
    return piece(f" {title}", "bold"), piece(f"  {about}", "dim")


def status_line(desk: Desk, place: str, saved: str, legend: bool = False) -> Line:
    """Article n of m, layer, status, saved mark, active time, and (`legend`) the layer's letters."""
    number = desk.scheme.layers.index(desk.layer) + 1
    looks = {SAVED: "green", SAVING: "yellow", UNSAVED: "bold reverse red"}
    state = desk.sheet.status.state
    minutes, seconds = divmod(desk.timer.seconds, 60)
    flags = (
        "  ! flagged" if any(n.flag and n.start is None for n in desk.sheet.notes.values()) else ""
    )
    return (
        piece(f" {place}  "),
        piece(f" {number} {desk.layer.title} ", "bold reverse"),
        piece(f" {'select ' if desk.caret.selecting else ''}", "bold bright_yellow"),
        piece(f"{state if state in (State.DONE, State.SKIPPED) else ''}{flags}  ", "bold"),
        *_ways(desk),
        piece(saved, looks.get(saved, "yellow")),
        piece(f"  {minutes}:{seconds:02}  ", "dim"),
        *(_legend(desk) if legend else ()),
    )


def _ways(desk: Desk) -> Line:
    """What was switched for the sitting about suggestions."""
    found = ["least sure first"] if desk.ring.doubts.wanted else []
    found += ["suggestions hidden"] if desk.layer.name in desk.proposals.hidden else []
    return (piece(f"{', '.join(found)}  ", "dim"),) if found else ()


def _legend(desk: Desk) -> Line:
    """The labels' letters, with their names where these are few."""
    labels = desk.layer.active
    if len(labels) > NAMED:
        return tuple(piece(x.key, label_style(x.color)) for x in labels)
    return tuple(
        part
        for x in labels
        for part in (piece(x.key, label_style(x.color)), piece(f" {plain_line(x.name, 10)} "))
    )


def hint_line(desk: Desk) -> Line:
    """What the desk says, else what the next keys do."""
    if desk.message:
        return (piece(f" {desk.message}", "bold"),)
    if desk.greeting:
        return (piece(f" {desk.greeting}"),)
    return (piece(f" {_hint(desk)}", "dim"),)


def _hint(desk: Desk) -> str:
    if desk.hints.rows:
        return "type a row's tag   space again leaves   ⌫ back   esc leave"
    if desk.hints.active:
        return "type a tag: capital for the word alone   space again leaves   ⌫ back   esc leave"
    if desk.picks:
        return f"{len(desk.picks.ranges)} picked: a letter labels them all   esc lets them go"
    if desk.caret.selecting:
        held = desk.ring.held is not None
        does = "enter or letter" if held else "letter"
        return f"←→↑↓ extend   - by character   tab other edge   {does} labels   esc leave"
    if isinstance(desk.layer, StanceLayer):
        return _stance_hint(desk)
    current = desk.spans.current
    what = "block" if desk.layer.unit is Unit.BLOCK else "word"
    if current is not None:
        more = "_ everywhere" if what == "block" else "= elsewhere"
        return f"{current.label}: letter relabels   ⌫ removes   - edges   {more}   ? keys"
    found = desk.proposals.here
    if found is not None:
        return _suggested(desk, found)
    if desk.ring.active:
        return "letter labels and goes on   tab skips   ⇧→ edge   esc leaves   ? keys"
    if desk.caret.selection is not None:
        return "letter labels this   enter menu   ; note   ! flag   esc clear   ? keys"
    more = "F8 to end" if what == "block" else "tab names"
    return f"letter labels the {what}   space jump   {more}   0 none   ^D done   ? keys"


def _suggested(desk: Desk, found: Proposal) -> str:
    """What the keys do to a suggestion, held or under the caret."""
    moved = desk.caret.target != found.range
    if desk.ring.active and moved:
        here = f"{found.label or '?'} with other edges"
        how = (
            "enter labels it so   letter gives another" if found.label else "a letter labels it so"
        )
        return f"{here}: {how}   esc leaves   ? keys"
    letter = "letter labels the word alone" if moved else "letter gives another"
    if desk.caret.unit is Unit.BLOCK and moved:
        letter = "letter: this line alone"
    enter = "enter confirms" if found.label else "enter chooses"
    return f"{found.told}: {enter}   {letter}   ⌫ rejects   F2 why"


def _stance_hint(desk: Desk) -> str:
    choose = {
        Column.TARGET: "enter adds a row",
        Column.EVIDENCE: "enter detaches",
    }.get(desk.stances.column, "enter chooses")
    return f"letter sets stance   {choose}   space evidence   tab next   ? keys"
