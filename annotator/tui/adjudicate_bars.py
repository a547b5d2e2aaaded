"""The lines above and below: which article and item, how far one is, what the next keys do."""

from rich.cells import cell_len

from annotator.gold.adjudication.items import What
from annotator.gold.adjudication.proposals import agreement
from annotator.lead.adjudication_filter import Show, in_state, written
from annotator.lead.adjudication_table import numbered
from annotator.text.visible import plain_line
from annotator.tui.adjudicate_add import Adding
from annotator.tui.adjudicate_sight import Sight, category_of, fit
from annotator.tui.adjudicate_table import name_of
from annotator.tui.lines import Line, piece
from annotator.tui.status import SAVED, SAVING, UNSAVED


def title_line(sight: Sight, width: int) -> Line:
    """The article, how many finished it, how far its items are, how often annotators agreed."""
    desk = sight.desk
    table = desk.table
    if table is None:
        return (piece(" Adjudication", "bold"),)
    share = agreement(table.items)
    said = "" if share is None else f"agree {share:.2f}".replace("0.", ".")
    parts = [
        f"{desk.left} left of {len(desk.order)}",
        f"article {desk.article_place + 1}/{len(desk.waiting.articles)}",
        f"by {len(table.letters)}",
        said,
        f"{desk.project.scheme.name} {desk.project.scheme.version}",
    ]
    article = table.article
    title = plain_line(article.title or article.text[:300], 300)
    while len(parts) > 2 and sum(map(len, parts)) + 3 * len(parts) > width * 3 // 5:
        parts.pop()
    about = " · ".join(part for part in parts if part) + " "
    room = max(width - cell_len(about) - 2, 8)
    return piece(" " + fit(title, room) + " ", "bold"), piece(about, "dim")


def item_line(sight: Sight, width: int) -> Line:
    """Which item, in which layer, and how the annotators differ on it."""
    desk, item = sight.desk, sight.item
    if item is None:
        return (piece(" No item here. n next article   / another filter   ? keys", "bold"),)
    layer = desk.project.scheme.layer(item.layer)
    what = layer.title if layer else item.layer
    if item.what is What.EVIDENCE:
        what += ", evidence"
    left = f" {what} "
    state = "" if item.state.value in ("open", "decided") else f"{item.state.value.upper()}  "
    if item.decided is not None and item.decided.disputed:
        state = "TWO OPINIONS  "
    right = f"item {desk.place + 1}/{len(desk.order)}  {state}" if item.key else ""
    category = f" {category_of(item)} "
    used = cell_len(left) + cell_len(right) + cell_len(category) + 3
    about = name_of(sight, item, max(width - used, 8)) if item.key else "what nobody has"
    return (
        piece(left, "bold reverse"),
        piece(" " + fit(about, max(width - used, 8)) + " ", "bold"),
        piece(right),
        piece(category, "bold reverse"),
    )


def status_line(sight: Sight, saved: str) -> Line:
    """What has been saved, what can be accepted at once, and what is in force."""
    desk = sight.desk
    looks = {SAVED: "green", SAVING: "yellow", UNSAVED: "bold reverse red"}
    agreed = desk.agreed
    parts = [
        f"{agreed} agreed: A" if agreed else "",
        f"{disputed} disputed" if (disputed := _disputed(sight)) else "",
        f"filter {written(desk.wanted)}" if written(desk.wanted) else "",
        "NAMES" if desk.named else "",
        "second opinion" if desk.options.second else "blind" if desk.options.blind else "",
        f"view {sight.mode}",
    ]
    return (
        piece(f" {saved}", looks.get(saved, "yellow")),
        piece("   " + "   ".join(plain_line(part, 60) for part in parts if part)),
    )


def _disputed(sight: Sight) -> int:
    """Items of the article on which two opinions differ."""
    table = sight.desk.table
    return sum(in_state(item, Show.DISPUTED) for item in table.items) if table else 0


def hint_line(sight: Sight) -> Line:
    """What the desk says, else what the next keys do."""
    if sight.desk.message:
        return (piece(f" {sight.desk.message}", "bold"),)
    return (piece(f" {_hint(sight)}", "dim"),)


def _hint(sight: Sight) -> str:
    desk, item = sight.desk, sight.item
    if item is None:
        return "n next article   / filter   a add   u undo   ? keys   ^Q quit"
    if isinstance(sight.editing, Adding) and sight.editing.placing:
        label = "" if item.what is What.EVIDENCE else "letter label  "
        return f"←→↑↓ its place  space begin here  - unit  {label}⏎ take  esc cancel"
    if sight.editing is not None:
        if not sight.editing.edges:
            return "a letter gives the value   F4 menu   esc cancel"
        if item.what is What.EVIDENCE:
            return "←→ edge  tab other edge  - unit  + one more  ⌫ drop  . next  ⏎ take  esc"
        return "←→↑↓ edge   tab other edge   - unit   letter label   ⏎ take   esc cancel"
    if desk.picking or desk.several:
        return "1-9 pick   ⏎ keep those picked   esc one only"
    if not item.variants:
        return "⏎ keep it   0 nothing   n next   ? keys"
    if not desk.proposal_shown:
        return "⏎ show the proposal   1-9 take   0 nothing   e edit   n next   ? keys"
    count = len(numbered(item))
    digits = f"1-{min(count, 9)}" if count > 1 else "1"
    return f"⏎▸ {digits} take  0 nothing  e edit a add  d discuss s skip  n next u undo  ? keys"
