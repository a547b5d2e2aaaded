"""What the adjudicator's actions do, by name; each takes the screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.desk.columns import lettered
from annotator.gold.adjudication.items import NOTHING, What
from annotator.lead.adjudication_filter import HELP, parse, written
from annotator.model.decision import Reason
from annotator.tui import adjudicate_add
from annotator.tui.adjudicate_edit import Editing

if TYPE_CHECKING:
    from annotator.tui.adjudicate import AdjudicateScreen

Errand = Callable[["AdjudicateScreen"], None]

REASONS = {
    Reason.GUIDELINE_GAP: "guideline gap: it says nothing about this",
    Reason.AMBIGUOUS_TEXT: "ambiguous text: it can be read in several ways",
    Reason.SLIP: "slip: somebody made a mistake",
    Reason.BOUNDARY_RULE: "boundary rule: where it begins or ends is unclear",
    Reason.SUBJECTIVE: "judgement: people see this differently",
    Reason.OTHER: "other",
}


# --- deciding


def edit(screen: "AdjudicateScreen") -> None:
    """Begin to edit the item."""
    desk, item = screen.desk, screen.desk.item
    layer = desk.project.scheme.layer(item.layer) if item else None
    if item is None or layer is None:
        desk.say("There is nothing to edit here.")
        return
    if not item.variants:
        desk.say("Nothing is left to edit: enter keeps what stood, 0 drops it.")
        return
    variant = item.variants[desk.choice]
    screen.sight.editing = Editing(
        screen.sight.text, item, layer, None if variant.code == NOTHING else variant
    )


def apply(screen: "AdjudicateScreen") -> None:
    """What was edited is gold."""
    editing, desk = screen.sight.editing, screen.desk
    if editing is None:
        return
    screen.sight.editing = None
    if isinstance(editing, adjudicate_add.Adding):
        adjudicate_add.apply(screen, editing)
    elif editing.item.what is What.SPAN:
        desk.give(spans=[editing.span()])
    elif editing.item.what is What.EVIDENCE:
        desk.give(evidence=editing.evidence())
    else:
        _give_stance(screen, editing)


def _give_stance(screen: "AdjudicateScreen", editing: Editing) -> None:
    stance = next((v.stance for v in editing.item.variants if v.stance), None)
    if stance is not None:
        screen.desk.give(stance=stance._replace(label=editing.label, evidence=()))


def give(screen: "AdjudicateScreen", letter: str) -> None:
    """A letter in edit mode: the label; of a stance the value, which decides."""
    editing = screen.sight.editing
    if editing is None or editing.item.what is What.EVIDENCE:
        return
    if not editing.give(letter):
        screen.desk.say(f"No label has the key {letter!r}; F4 lists them.")
    elif editing.item.what is What.STANCE:
        apply(screen)


def menu(screen: "AdjudicateScreen") -> None:
    """Choose the label or value from a list."""
    editing = screen.sight.editing
    if editing is None or editing.item.what is What.EVIDENCE:
        return
    labels = editing.layer.active
    titles = [f"{label.key}  {label.title}: {label.description}" for label in labels]
    screen.choose("Label", titles, lambda place: give(screen, labels[place].key))


def cancel(screen: "AdjudicateScreen") -> None:
    """Back to the variants."""
    screen.sight.editing = None


def grain(screen: "AdjudicateScreen") -> None:
    """Another unit."""
    if screen.sight.editing is not None:
        screen.desk.say(f"By {screen.sight.editing.grain()}.")


def _on_editing(name: str) -> Errand:
    """A method of the item being edited, as an errand."""

    def run(screen: "AdjudicateScreen") -> None:
        if screen.sight.editing is not None and screen.sight.editing.edges:
            getattr(screen.sight.editing, name)()

    return run


def clear(screen: "AdjudicateScreen") -> None:
    """Leave a mode."""
    screen.desk.several.clear()
    screen.desk.picking = False


def note(screen: "AdjudicateScreen") -> None:
    """Ask for a note on the item."""
    item = screen.desk.item
    if item is None:
        return
    old = item.decided.decision.note if item.decided else ""

    def take(words: str) -> None:
        screen.desk.remark(note=" ".join(words.split()))

    screen.ask("Note on this item:", old, take)


def problem(screen: "AdjudicateScreen") -> None:
    """Mark a problem of the guidelines, and ask why the annotators differ."""
    if screen.desk.item is None:
        return
    reasons = list(REASONS)
    screen.choose(
        "A problem of the guidelines, because of",
        lettered([REASONS[reason] for reason in reasons]),
        lambda place: screen.desk.remark(reason=reasons[place], guideline=True),
    )


# --- many at once


def accept_unanimous(screen: "AdjudicateScreen") -> None:
    """Accept what all agree on, here or everywhere, after saying how much that is."""
    desk = screen.desk
    if desk.options.second:
        desk.say("A second opinion is given item by item.")
        return
    here = desk.count_unanimous()
    others, whole = desk.count_everywhere()
    more = "" if whole else " at least"
    audit = f"{desk.options.audit:.0%} stay to be looked at"
    titles = [
        f"1  in this article: {_items(here)}",
        f"2  in all articles:{more} {_items(others)}; {audit}",
    ]

    def take(place: int) -> None:
        if place == 0:
            desk.accept_unanimous()
        else:
            screen.app.accept_everywhere(screen)

    screen.choose("Accept what all annotators agree on", titles, take)


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def accept_majority(screen: "AdjudicateScreen") -> None:
    """Accept majorities of this article, after saying how many."""
    desk = screen.desk
    if desk.options.second:
        desk.say("A second opinion is given item by item.")
        return
    count = desk.count_majority()
    titles = [f"1  in this article: {_items(count)}, marked as decided by majority"]
    screen.choose("Accept what more than half are for", titles, lambda _: desk.accept_majority())


# --- showing


def filter_(screen: "AdjudicateScreen") -> None:
    """Ask which items to show."""
    question = "Show which items? (state:open, category:label, words …)"
    screen.ask(question, written(screen.desk.wanted), lambda line: screen.desk.filter(parse(line)))


def view(screen: "AdjudicateScreen") -> None:
    """The next way to show variants."""
    screen.desk.say(f"View: {screen.sight.turn()}.")


def read(screen: "AdjudicateScreen") -> None:
    """The whole article, scrolled to the item."""
    from annotator.tui.adjudicate_read import ReadScreen

    desk, item = screen.desk, screen.desk.item
    if desk.table is None:
        return
    marked = (
        [stretch for mark in screen.sight.marks(item) for stretch in mark.stretches] if item else []
    )
    article = desk.table.article
    screen.app.push_screen(
        ReadScreen(article.title or article.id, article.text, marked), lambda _: screen.draw()
    )


def guideline(screen: "AdjudicateScreen") -> None:
    """What the guideline says on the variants' labels, else on the layer."""
    from annotator.model.guidelines import guideline as told
    from annotator.tui.dialogs import Page
    from annotator.tui.help import paragraphs

    desk, item = screen.desk, screen.desk.item
    if item is None:
        return
    scheme = desk.project.scheme
    names = {each.label: None for v in item.variants for each in (v.span, v.stance) if each}
    page = []
    for name in names:
        label = screen.sight.label(item, name)
        head = f"{name}: {label.title}. {label.description}" if label else name
        page += [("", head), ("", ""), *paragraphs(told(scheme, item.layer, name)), ("", "")]
    page += [("", ""), *paragraphs(told(scheme, item.layer))]
    screen.app.push_screen(Page(f"Guideline: {', '.join(names) or item.layer}", page))


def show_keys(screen: "AdjudicateScreen") -> None:
    """The keys, and what a filter understands."""
    from annotator.tui.adjudicate_help import keys_page
    from annotator.tui.dialogs import Page

    screen.app.push_screen(Page("Keys", keys_page(screen.app.keyboard.layout, HELP)))


def saved(screen: "AdjudicateScreen") -> None:
    """Say that all is saved, or send again what is not."""
    if screen.saved.trouble:
        screen.saved.retried(screen.desk.project.retry())
        screen.desk.say("Sending again what could not be saved …")
    else:
        screen.desk.say("Everything is saved already: each decision is, when it is made.")


def _desk(name: str) -> Errand:
    """A method of the desk as an errand."""

    def run(screen: "AdjudicateScreen") -> None:
        getattr(screen.desk, name)()

    return run


def _app(name: str) -> Errand:
    """A method of the app as an errand."""

    def run(screen: "AdjudicateScreen") -> None:
        getattr(screen.app, name)()

    return run


def _turn(name: str) -> Errand:
    """Undo or redo; of what was decided in many articles at once bit by bit."""

    def run(screen: "AdjudicateScreen") -> None:
        getattr(screen.desk, name)()
        if screen.desk.turning is not None:
            screen.app.turn_on(screen)

    return run


def up(screen: "AdjudicateScreen") -> None:
    """Point at the variant above."""
    screen.desk.choose(-1)


def down(screen: "AdjudicateScreen") -> None:
    """Point at the variant below."""
    screen.desk.choose(1)


ERRANDS: dict[str, Errand] = {
    "accept": _desk("accept"),
    "up": up,
    "down": down,
    "nothing": _desk("nothing"),
    "edit": edit,
    "add": adjudicate_add.add,
    "several": _desk("keep_several"),
    "keep": _desk("keep"),
    "discuss": _desk("discuss"),
    "skip": _desk("skip"),
    "note": note,
    "problem": problem,
    "undo": _turn("undo"),
    "redo": _turn("redo"),
    "next": _desk("next"),
    "previous": _desk("previous"),
    "next_article": _desk("next_article"),
    "previous_article": _desk("previous_article"),
    "filter": filter_,
    "accept_unanimous": accept_unanimous,
    "accept_majority": accept_majority,
    "view": view,
    "open": read,
    "names": _desk("show_names"),
    "guideline": guideline,
    "help": show_keys,
    "layout": _app("calibrate"),
    "saved": saved,
    "palette": _app("action_command_palette"),
    "clear": clear,
    "quit": _app("exit"),
}
EDITING: dict[str, Errand] = {
    "edge_left": _on_editing("left"),
    "edge_right": _on_editing("right"),
    "edge_up": _on_editing("up"),
    "edge_down": _on_editing("down"),
    "hold": _on_editing("hold"),
    "other_edge": _on_editing("other_edge"),
    "grain": grain,
    "next_stretch": _on_editing("next_stretch"),
    "new_stretch": _on_editing("new_stretch"),
    "drop_stretch": _on_editing("drop_stretch"),
    "menu": menu,
    "apply": apply,
    "cancel": cancel,
}
