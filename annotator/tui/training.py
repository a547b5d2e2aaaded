"""Training in the interface: the ordinary desk, and a page of feedback after each article."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from annotator.config import Config
from annotator.desk.history import NOT_OURS
from annotator.gold.comparison import Comparison, Outcome
from annotator.lead.feedback import Feedback, section, surface, told
from annotator.lead.training import Training, summary
from annotator.model.annotation import Rule
from annotator.model.event import Act, PastAct
from annotator.model.scheme import Scheme
from annotator.store.address import Place
from annotator.store.filters import ALL
from annotator.store.queue import QueueRow
from annotator.text.visible import plain_line
from annotator.tui.app import AnnotatorApp
from annotator.tui.article import ArticleScreen
from annotator.tui.dialogs import Page
from annotator.tui.help import Paragraph, paragraphs
from annotator.tui.work import WorkList

if TYPE_CHECKING:
    from annotator.store.project import Project

SHOWN = 200
"""Code points shown of what a difference is about."""


class TrainingList(WorkList):
    """The articles of a training, worked on under the training's own name."""

    def __init__(self, project: "Project", training: Training) -> None:
        super().__init__(project)
        self.training = training
        self.usual = self.where = ALL  # no place of the project's is taken

    def voice(self, article_id: str) -> str:  # noqa: ARG002 - of every article
        """The training's name."""
        return self.training.name

    def submit(self, act: Act) -> Future[Any]:
        """Save an act, those about no article (rules) under the training's name as well."""
        if any(draft.article for draft in act.drafts):
            return super().submit(act)
        return self.project.submit(act, self.training.name)

    def past_acts(self) -> Iterator[PastAct]:
        """What was done in training."""
        return self.project.past_acts(self.training.name, without=NOT_OURS)

    def rules(self) -> tuple[Rule, ...]:
        """The rules made in training."""
        return self.project.rules_of(self.training.name)

    def recent(self) -> list[QueueRow]:
        """The articles of the training."""
        rows = (self.project.row(article) for article in self.training.articles)
        return [row for row in rows if row is not None]

    def first(self) -> str | None:
        """The first that is not finished."""
        return self._after(-1)

    def place(self, article_id: str) -> str:
        """`training 2 of 10`."""
        articles = self.training.articles
        here = articles.index(article_id) + 1 if article_id in articles else "?"
        return f"training {here} of {len(articles)}"

    def next_to_do(self, article_id: str) -> str | None:
        """The next unfinished article of the training; None when all are."""
        articles = self.training.articles
        here = articles.index(article_id) if article_id in articles else -1
        return self._after(here)

    def neighbour(self, step: int, article_id: str) -> str | None:
        """The article before or after, of the training."""
        articles = self.training.articles
        place = articles.index(article_id) + step if article_id in articles else 0
        return articles[place] if 0 <= place < len(articles) else None

    def _after(self, here: int) -> str | None:
        articles = self.training.articles
        order = (*articles[here + 1 :], *articles[: max(here, 0)])
        return next((each for each in order if not self.training.is_finished(each)), None)


class TrainingScreen(ArticleScreen):
    """The article; before the next one it tells how the last one went."""

    app: "TrainingApp"

    def go(self, where: Callable[[str], str | None]) -> None:
        """Open another article, after feedback when this one was finished."""
        if where != self.app.work.next_to_do:
            super().go(where)
            return
        if self.desk.saving is not None:
            with suppress(Exception):  # the saved mark tells of it
                self.desk.saving.result(timeout=5)
        article = self.desk.sheet.article.id
        if self.app.training.is_finished(article):
            found = self.app.training.compared(article)
            title, page = feedback_page(self.app.work.project, found)
            self.app.push_screen(Page(title, page), lambda _: self._go_on())
        else:
            self._go_on()

    def _go_on(self) -> None:
        following = self.app.work.next_to_do(self.desk.sheet.article.id)
        if following is not None:
            super().go(lambda _: following)
            self.draw()
            return
        page = summary_page(self.app.training.finished(), self.app.work.scheme)
        self.app.push_screen(Page("Training is over", page), lambda _: self.app.exit())


class TrainingApp(AnnotatorApp):
    """A training."""

    DIRECT = TrainingScreen

    def __init__(self, work: TrainingList, config: Config) -> None:
        """Raises AnnotatorError when the configuration names a layout, theme or action there is not."""
        super().__init__(work, config, work.first())
        self.training = work.training

    def _article_screen(self) -> TrainingScreen:
        screen = TrainingScreen(self.desk, self.keyboard, self.config.width)
        screen.view.panel_wanted = self.panel_wanted
        return screen

    def open_queue(self) -> None:
        """A training has its own order."""
        self.told("A training has no queue; ctrl+n and ctrl+g go to its other articles.")


# --- pages


def feedback_page(project: "Project", found: Feedback) -> tuple[str, list[Paragraph]]:
    """What gold has otherwise, each difference with its text, and the guidelines on their labels."""
    made = found.comparison
    if not made.layers:
        return "Skipped", [("", "Nothing was compared: the article was skipped.")]
    title = f"{made.alike} the same, {len(made.differences)} not"
    if not made.differences:
        return title, [("", "Everything is as in gold. Enter goes on.")]
    page: list[Paragraph] = [("", _counted(made)), ("", "")]
    guided: dict[tuple[str, str], str] = {}
    for number, pair in enumerate(made.differences, 1):
        words = plain_line(surface(pair, found.article.text), SHOWN)
        page.append((f"{number:>3}  ", f"{_title(project.scheme, pair.layer)}: {told(pair)}"))
        page.append(("     ", f"“{words}”"))
        label = pair.label
        guided.setdefault((pair.layer, label), section(project, pair))
    for (layer, label), words in guided.items():
        if words:
            page += [
                ("", ""),
                ("", f"Guideline on {_title(project.scheme, layer)}, {label}:"),
                ("", ""),
                *paragraphs(words),
            ]
    return title, [*page, ("", ""), ("", "Enter goes on.")]


NAMES = {
    Outcome.MISSED: "missed",
    Outcome.EXTRA: "not gold",
    Outcome.LABEL: "with another label",
    Outcome.EDGES: "with other edges",
    Outcome.BOTH: "with other edges and label",
}


def _counted(made: Comparison) -> str:
    """How many of what: 2 missed, 1 not gold."""
    counts = Counter(pair.outcome for pair in made.differences)
    return ", ".join(f"{counts[each]} {name}" for each, name in NAMES.items() if counts[each]) + "."


def _title(scheme: Scheme, layer: str) -> str:
    """A layer's title, as everywhere on the screen."""
    known = scheme.layer(layer)
    return plain_line(known.title if known else layer, 30)


def summary_page(found: list[Comparison], scheme: Scheme) -> list[Paragraph]:
    """How training went, a line for each label."""
    many = "1 article" if len(found) == 1 else f"{len(found)} articles"
    page: list[Paragraph] = [("", f"{many} of yours beside gold:")]
    if not found:
        return [("", "No article was finished.")]
    for layer, label, counts in summary(found):
        if not (counts.gold() or counts.own()):
            continue
        same, gold = counts.many(Outcome.SAME, label), counts.gold(label)
        words = [f"{same} of {gold} the same"]
        words += [
            f"{counts.many(each, label)} {name}"
            for each, name in NAMES.items()
            if counts.many(each, label)
        ]
        if not label:
            page.append(("", ""))
        name = f"  {label}" if label else _title(scheme, layer)
        page.append((f"{name:<20} ", ", ".join(words)))
    return [*page, ("", ""), ("", "Enter leaves.")]


# --- start


def start(
    path: Place, annotator: str, config: Config, articles: int, mouse: bool = True
) -> tuple[int, list[Comparison]]:
    """Train; the exit code, and what was done beside gold.

    Raises:
        AnnotatorError: no usable terminal, nothing to train on, or it could not be saved in the end.
    """
    from annotator.store.project import Project
    from annotator.tui.start import check_terminal, finish_saving, send_what_waited

    check_terminal()
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    os.environ.setdefault("TEXTUAL_FPS", "1000")
    with Project.open(path, annotator) as project:
        work = TrainingList(project, Training(project, articles))
        told_of = send_what_waited(project)
        app = TrainingApp(work, config)
        app.desk.say(told_of)
        app.run(mouse=mouse and config.mouse)
        if app.fault is None:
            app.desk.leave()
        finish_saving(app.desk, project)
        if app.fault is not None:
            raise app.fault
        return app.return_code or 0, work.training.finished()
