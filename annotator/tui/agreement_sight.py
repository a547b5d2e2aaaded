"""The lines of the agreement screen: heads with tabs, what one looks at, and what the keys do."""

from collections.abc import Sequence

from annotator.lead.agreement_words import TITLES, share
from annotator.text.visible import plain_line
from annotator.tui.agreement_desk import AgreementDesk, scope_words
from annotator.tui.agreement_explain import strip
from annotator.tui.agreement_job import Job
from annotator.tui.agreement_list import Articles
from annotator.tui.agreement_work import Compared
from annotator.tui.lines import Line, Piece, piece

STRIP = 3
"""Lines on what is under the cursor, below a table."""
BAR = 40
OLD = "others worked on since: F5 measures again"
EMPTY = "F2 explain   esc back   F1 keys"
"""What the keys do in a list that holds no article."""


def top(desk: AgreementDesk, width: int) -> list[Line]:
    """The project and what is measured, then two lines of tabs, or the way one came."""
    parts = [f"Agreement · {desk.project.path.name}"]
    if desk.is_old and desk.report is not None:
        parts.append(OLD)
    if desk.report is not None:
        parts.append(f"{desk.report.articles:,} articles with work")
    words = scope_words(desk.scope)
    parts.append(words or "everything")
    head: Line = (piece(" " + plain_line(" · ".join(parts), max(width - 2, 1)), "bold"),)
    if desk.stack:
        return [head, *_way(desk, width)]
    if not desk.pages:
        return [head, (), ()]
    titles = [f"{n} {page.title}" for n, page in enumerate(desk.pages)]
    names = [place.name for place in desk.pages[desk.page].places]
    return [head, tabs(titles, desk.page, width), tabs(names, desk.table, width)]


def _way(desk: AgreementDesk, width: int) -> list[Line]:
    """Where one came from, and what it is."""
    place = desk.place
    if isinstance(place, Compared):
        first = place.title()
        what = "item" if place.beside.everything else "difference"
        layer = desk.report.layer(place.asked.layer) if desk.report else None
        number = many(len(place.beside.order), what)
        second = f"{layer.title if layer else place.asked.layer}: {number}"
        second += "; names shown" if place.beside.named else "; letters stand for names"
    else:
        first = place.name if place else ""
        second = "the articles it comes from" if isinstance(place, Articles) else ""
        if isinstance(place, Articles) and not place.plain:
            second = f"{_share_of(place)} of {_of_what(place)}"
    room = max(width - 4, 1)
    return [
        (piece(" ‹ ", "bold"), piece(plain_line(first, room), "bold")),
        (piece("   " + plain_line(second, room)),),
    ]


def many(count: int, thing: str) -> str:
    """A number of things: 1 item, 2,000 items."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _share_of(place: Articles) -> str:
    """How many articles a list holds, and how much of it all they hold."""
    count = len(place.rows)
    if not count:
        return "no article holds any"
    total = share(min(sum(row.share for row in place.rows), 1.0))
    return f"{many(count, 'article')} {'holds' if count == 1 else 'hold'} {total}"


def _of_what(place: Articles) -> str:
    """What the shares of a list are shares of."""
    if place.asked.cell is not None:
        return "its count"
    if place.stand_in is not None:
        return f"the disagreement, told apart by {TITLES[place.stand_in]}"
    return "the disagreement it counts"


def tabs(names: Sequence[str], here: int, width: int) -> Line:
    """Names side by side, the current one set off and in view."""
    shown = [plain_line(name, 20) for name in names]
    first = 0

    def size(start: int) -> int:
        return sum(len(name) + 3 for name in shown[start : here + 1])

    while first < here and size(first) > width - 4:
        first += 1
    found: list[Piece] = [piece("‹" if first else " ", "dim")]
    used = 1
    for n in range(first, len(shown)):
        if used + len(shown[n]) + 3 > width - 1 and n > here:
            found.append(piece("›", "dim"))
            break
        style = "bold reverse" if n == here else ""
        found += [piece(f" {shown[n]} ", style), piece(" ")]
        used += len(shown[n]) + 3
    return tuple(found)


def body(desk: AgreementDesk, job: Job | None, width: int, height: int) -> list[Line]:
    """What one looks at, and below a table what is under the cursor."""
    place = desk.place
    if place is None:
        return _measuring(job, desk.message, height)
    if desk.stack or height < 10:
        return place.lines(width, height)
    lines = place.lines(width, height - STRIP)
    lines += [()] * (height - STRIP - len(lines))
    first, second = strip(desk.link, desk.layer_of(desk.link))
    rule = "─" * max(width - 2, 0)
    room = max(width - 4, 1)
    return [
        *lines,
        (piece(" " + rule, "dim"),),
        (piece("  " + plain_line(first, room), "bold"),),
        (piece("  " + plain_line(second, room)),),
    ]


def _measuring(job: Job | None, message: str, height: int) -> list[Line]:
    """As long as there is nothing to show."""
    blank: list[Line] = [()] * max(height // 2 - 3, 0)
    if job is None:
        return [*blank, (piece(f"  {message or 'Nothing has been measured.'}", "bold"),), (),
                (piece("  F5 measures again, ctrl+q leaves."),)]  # fmt: skip
    return [
        *blank,
        (piece("  Measuring how far the annotators agree …", "bold"),),
        (),
        (piece(f"  {progress(job, BAR)}"),),
        (),
        (piece("  ctrl+q leaves at any time.", "dim"),),
    ]


def progress(job: Job, bar: int = 0) -> str:
    """How far a job is."""
    if not job.total:
        return f"{job.name} …"
    if job.steps >= job.total:
        return f"{job.name}: {job.total:,} articles counted, adding up …"
    said = f"{job.name}: {job.steps:,} of {job.total:,} articles"
    done = bar * job.steps // job.total
    return f"{'█' * done}{'░' * (bar - done)}  {said}" if bar else said


def bottom(desk: AgreementDesk, job: Job | None, width: int) -> list[Line]:
    """A message or what is being done, then what the keys do."""
    said = desk.message or (progress(job) if job is not None else "")
    place = desk.place
    hint = place.hint if place is not None else "ctrl+q quit"
    if isinstance(place, Articles) and not place.rows:
        hint = EMPTY
    room = max(width - 2, 1)
    return [
        (piece(" " + plain_line(said, room), "bold" if desk.message else ""),),
        (piece(f" {hint}", "dim"),),
    ]
