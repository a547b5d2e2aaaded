"""The number under the cursor in words: a few lines below the tables, and a page of them."""

from annotator.gold.agreement.report import By, Figure, Kind, LayerReport
from annotator.lead.agreement_heat import name
from annotator.lead.agreement_words import FEW, MEANINGS, TITLES, counted, decimal, interval, share
from annotator.tui.agreement_place import Link, Listed, Number, Opened
from annotator.tui.help import Paragraph

_GROUPS = {
    By.LABEL: "Only this label: how often the other annotator has it too where one has it.",
    By.PAIR: "Only these two annotators, and the articles that both finished.",
    By.ROUND: "Only work of this round.",
    By.GUIDELINES: "Only work under this version of the guidelines.",
    By.WEEK: "Only articles whose last annotator finished in this week.",
}


def strip(link: Link | None, layer: LayerReport | None) -> tuple[str, str]:
    """Two lines on what is under the cursor."""
    if link is None or layer is None:
        return "", ""
    if isinstance(link, Opened):
        return link.article, "Enter shows its annotators' work side by side."
    if isinstance(link, Listed):
        return link.title, "Enter lists the articles."
    title = f"{link.title} · {layer.title}"
    if link.asked.cell is not None:
        return title, _cell_words(link)
    figure = link.figure
    if figure is None or link.asked.metric is None:
        return title, ""
    return title, _figure_words(figure, counted(link.asked.metric))


def _figure_words(figure: Figure, things: str) -> str:
    if figure.value is None:
        return f"No number: {figure.why_undefined or 'nothing to compare'}."
    within = interval(figure)
    one = "article" if figure.n_articles == 1 else "articles"
    of = f"from {figure.n_articles:,} {one}, {figure.n_items:,} {things}"
    few = "; few" if figure.few else ""
    if within:
        return f"{decimal(figure.value)}, 95 % interval {within}, {of}{few}."
    return f"{decimal(figure.value)}, {of}{few}; no interval: {figure.why_undefined}."


def _cell_words(link: Number) -> str:
    if not link.times:
        return "Never."
    part = share(link.times / link.whole) if link.whole else ""
    return f"{link.times:,} times, {part} of {link.whole:,} in its row."


def page(link: Link | None, layer: LayerReport | None) -> list[Paragraph]:
    """What a number is, what it counts, and how to read it."""
    if layer is None or not isinstance(link, Number):
        words = (
            "Each row is an article: its own number, and its share of all disagreement that the "
            "number above counts. Enter shows the work of its annotators side by side."
        )
        return [("", words)]
    first, second = strip(link, layer)
    found: list[Paragraph] = [("", first), ("", ""), ("", second), ("", "")]
    if link.asked.cell is not None:
        return found + _about_cell(link, layer)
    metric = link.asked.metric
    if metric is None:
        return found
    meaning = MEANINGS[metric]
    found += [("What it is  ", meaning.what), ("Counts      ", meaning.counts)]
    if link.asked.by is not None:
        found.append(("Of whom     ", _GROUPS[link.asked.by]))
    if link.asked.person:
        found.append(("Of whom     ", "One annotator beside their own earlier pass, nobody else."))
    found.append(("How to read ", meaning.read))
    found += [("", ""), ("Interval    ", _interval_words(link.figure))]
    if link.figure is not None and link.figure.few:
        found.append(("Few         ", FEW))
    if layer.skewed and metric in layer.headline:
        found.append(("Warning     ", layer.skewed))
    found += [("", ""), ("Enter       ", _behind(link))]
    return found


def _interval_words(figure: Figure | None) -> str:
    if figure is None or figure.low is None:
        return "There is none: leaving out one article at a time needs two articles that count."
    return (
        "Were other articles of the same sort annotated, the number would lie within it 19 times of "
        "20. It comes from leaving out one article at a time."
    )


def _behind(link: Number) -> str:
    metric = link.asked.metric
    title = TITLES[metric] if metric else "it"
    return f"lists the articles that pull {title} down, each with its own number and its share."


def _about_cell(link: Number, layer: LayerReport) -> list[Paragraph]:
    one, other = link.asked.cell or ("", "")
    if one == other:
        what = f"How often two annotators both said {name(one)}."
        how = (
            "The darker the diagonal, the better. Each agreement counts twice, once from each side."
        )
    else:
        what = f"How often one annotator said {name(one)} where another said {name(other)}."
        how = (
            "What is dark off the diagonal is mixed up: the guideline should tell these two apart. The "
            "map is the same above and below the diagonal."
        )
    counts = "All pairs of annotators, in both orders."
    if layer.kind is not Kind.STANCE:
        counts += f" {name('')} is a span that the other annotator has not."
    return [("What it is  ", what), ("Counts      ", counts), ("How to read ", how),
            ("", ""), ("Enter       ", "lists the articles in which it happened.")]  # fmt: skip
