"""Made pages of two sources whose boilerplate has fine labels, in an order that changes.

The same number and seed give the same page. What the first page of a source lacks (share buttons, comments)
stands on later ones; headlines, names, teasers and comments are another on each page.
"""

import random

from annotator.suggest.boilerplate.lines import lines_of
from annotator.suggest.protocol import Finished, Labelled

LAYER = "boilerplate"
SUBJECTS = ("The harbour", "A baker", "The town choir", "Our orchard", "An old tram", "The night school", "A lighthouse", "The weather office")  # fmt: skip
DEEDS = ("opens its doors", "asks for patience", "counts every coin", "moves to the hill", "loses a wheel", "finds a new home", "wins a small prize", "waits for rain")  # fmt: skip
ENDS = ("after a long winter", "before the fair", "without a word", "for the third time", "near the mill", "as the river rises")  # fmt: skip
GIVEN = ("Ada", "Bruno", "Celia", "Dario", "Edda", "Fabian", "Greta", "Hugo")
FAMILY = ("Marlow", "Pintak", "Quill", "Rostova", "Sandek", "Tarn", "Umbra", "Vesper")
TALE = (
    "people who live along the water have known for years that the wooden bridge will not last and "
    "that someone has to pay for it while the council looks for money in every drawer"
)
WORDS = tuple(TALE.split())
REMARKS = ("I walked there only yesterday", "Nobody asked those of us who live here", "My aunt used to sing there", "What a lovely thing to read", "This should have been done long ago", "Who is going to pay for all that")  # fmt: skip
MENUS = {
    "gazette": ("Front", "Town", "Harbour", "Culture", "Letters", "Weather", "Chess"),
    "courier": ("Today", "Money", "Fields", "Schools", "Travel", "Opinion", "Recipes", "Archive"),
}
ORDERS = {
    "gazette": (
        ("nav", "login", "headline", "byline", "body", "share", "related", "comments", "subscribe", "legal", "footer"),
        ("login", "nav", "headline", "byline", "share", "body", "subscribe", "related", "comments", "legal", "footer"),
        ("nav", "headline", "byline", "body", "related", "share", "comments", "legal", "footer"),
    ),
    "courier": (
        ("legal", "nav", "subscribe", "headline", "byline", "body", "related", "share", "footer"),
        ("nav", "byline", "headline", "share", "body", "comments", "related", "subscribe", "footer", "legal"),
        ("legal", "nav", "headline", "body", "byline", "related", "comments", "footer"),
    ),
}  # fmt: skip
SHARES = {
    "gazette": ("Share this page", "Facebook", "Twitter", "Copy link", "Send to a friend"),
    "courier": ("Share:", "* WhatsApp", "* Facebook", "* Telegram", "* Print"),
}
SUBSCRIBE = {
    "gazette": ("Subscribe to The Gazette", "Every morning at six in your mailbox"),
    "courier": ("Support the Courier for the price of a loaf", "Become a member"),
}
LEGAL = {
    "gazette": ("We use cookies to count our readers.", "Privacy policy"),
    "courier": ("This site uses cookies", "Accept all", "Terms of use"),
}
FOOTER = {
    "gazette": ("© 2031 The Harbour Gazette", "About us", "Contact the desk on weekdays"),
    "courier": ("Courier House, 4 Mill Lane", "All rights reserved."),
}
LOGIN = ("Log in", "Register", "Forgot your password?")


def page(number: int, source: str, seed: int = 0) -> tuple[str, list[str]]:
    """The text of a page of a source, and by line its label; "" for the article."""
    chance = random.Random(f"{source} {number} {seed}")
    first = number == 0
    order = ORDERS[source][number % 3]
    rows: list[tuple[str, str]] = []
    for part in order:
        if not (first and part in ("share", "comments")):
            rows += _part(part, source, chance)
    return "\n".join(text for text, _ in rows), [label for _, label in rows]


def finished(number: int, source: str, seed: int = 0) -> Finished:
    """The page as finished by a person: each line of boilerplate is a span."""
    text, labels = page(number, source, seed)
    spans = (
        Labelled(line.start, line.end, label)
        for line, label in zip(lines_of(text), labels, strict=True)
        if label
    )
    return Finished(text, LAYER, tuple(spans), "en", source=source)


def _part(part: str, source: str, chance: random.Random) -> list[tuple[str, str]]:
    if part == "body":
        return [(_paragraph(chance), "") for _ in range(chance.randint(4, 7))]
    if part == "nav":
        menu = chance.sample(MENUS[source], 6)
        return [(f"* {one}" if source == "courier" else one, "nav") for one in menu]
    if part == "headline":
        return [(_headline(chance), "headline")]
    if part == "byline":
        name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
        day = (
            f"{chance.randint(1, 28)} March 2031, {chance.randint(6, 20)}:{chance.randint(10, 59)}"
        )
        if source == "gazette":
            return [(f"By {name}", "byline"), (f"Published {day}", "byline")]
        return [(f"{name}, {day}", "byline")]
    if part == "related":
        title = "Related stories" if source == "gazette" else "Most read today"
        count = chance.randint(2, 4)
        return [(title, "teaser_list"), *((_headline(chance), "teaser_list") for _ in range(count))]
    if part == "comments":
        return [(f"Comments ({chance.randint(1, 60)})", "comments_ui"), *_remarks(chance)]
    fixed = {"share": SHARES, "subscribe": SUBSCRIBE, "legal": LEGAL, "footer": FOOTER}
    label = {"share": "share_social", "legal": "consent_legal", "login": "form_login"}.get(
        part, part
    )
    return [(text, label) for text in (LOGIN if part == "login" else fixed[part][source])]


def _remarks(chance: random.Random) -> list[tuple[str, str]]:
    found = []
    for _ in range(chance.randint(1, 3)):
        found += [
            (f"{chance.choice(GIVEN).lower()}{chance.randint(10, 99)} wrote {chance.randint(2, 9)} hours ago", "comments"),
            (f"{chance.choice(REMARKS)}, {chance.choice(WORDS)} or not!", "comments"),
            ("Reply", "comments_ui"),
        ]  # fmt: skip
    return found


def _headline(chance: random.Random) -> str:
    return f"{chance.choice(SUBJECTS)} {chance.choice(DEEDS)} {chance.choice(ENDS)}"


def _paragraph(chance: random.Random) -> str:
    sentences = (
        " ".join(chance.choice(WORDS) for _ in range(chance.randint(10, 18))).capitalize() + "."
        for _ in range(chance.randint(2, 4))
    )
    return " ".join(sentences)
