"""Training in the interface, and hidden questions and re-asks that an annotator does not notice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from quality_kit import LEAD, NOVA, released
from tui_kit import Seat, open_app

from annotator.config import Config
from annotator.lead import asking
from annotator.lead.known_gold import gold
from annotator.lead.training import Training
from annotator.model.annotation import State
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.store.project import Project
from annotator.tui import passes
from annotator.tui.training import TrainingApp, TrainingList, summary_page

TRAINEE = "nova #training"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return released(tmp_path / "p.db")


@asynccontextmanager
async def training(
    path: Path, articles: int = 2, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Seat]:
    with Project.open(path, NOVA) as project:
        app = TrainingApp(TrainingList(project, Training(project, articles)), Config())
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Seat(app, pilot)


async def test_a_training_from_its_first_article_to_its_summary(path: Path) -> None:
    async with training(path) as seat:
        assert "training 1 of 2" in seat.text()
        assert seat.desk.sheet.article.id == "bridge"
        assert not seat.desk.sheet.spans
        await seat.press("2")
        await seat.type("/Anna Velkova")
        await seat.press("enter p")
        await seat.type("/Novobryag")
        await seat.press("enter l")
        await seat.saved()
        await seat.press("ctrl+d")
        await seat.pilot.pause()
        page = seat.text()
        assert "1 the same, 3 not" in page
        assert "2 missed, 1 not gold." in page
        assert "Entities: missed ORG" in page
        assert "“Harbour Office”" in page
        assert "Stance: missed FAVOR" in page
        assert "Guideline on Entities, ORG:" in "\n".join(await _scrolled(seat))
        await seat.press("enter")
        assert "training 2 of 2" in seat.text()
        assert seat.desk.sheet.article.id == "ferry"
        await seat.press("ctrl+d enter")
        assert "Training is over" in seat.text()
        assert "2 articles of yours beside gold:" in seat.text()
        await seat.press("enter")
    assert not seat.app.is_running
    with Project.open(path, readonly=True) as project:
        assert project.work("bridge", NOVA).versions == {}, "nothing under the person's own name"
        own = project.work("bridge", TRAINEE)
        assert [span.label for span in own.spans] == ["PER", "LOC"]
        assert own.status.state is State.DONE
        assert list(project.past_acts(NOVA)) == []


async def _scrolled(seat: Seat) -> list[str]:
    """All that is on the page, a screen at a time."""
    lines = seat.lines()
    for _ in range(4):
        await seat.press("pagedown")
        lines += seat.lines()
    return lines


async def test_undo_and_rules_stay_in_the_training(path: Path) -> None:
    async with training(path) as seat:
        await seat.press("2")
        await seat.type("/Anna Velkova")
        await seat.press("enter p")
        assert len(seat.desk.sheet.spans) == 1
        await seat.press("ctrl+z")
        assert len(seat.desk.sheet.spans) == 0
        await seat.press("ctrl+y")
        await seat.saved()
    async with training(path) as seat:  # begun articles come first, and undo remembers
        assert [s.label for s in seat.desk.sheet.spans.values()] == ["PER"]
        await seat.press("ctrl+z")
        assert len(seat.desk.sheet.spans) == 0
        await seat.saved()
    async with open_app(path, (80, 24), actor=NOVA, start="bridge") as seat:
        assert seat.desk.sheet.actor == NOVA
        await seat.press("ctrl+z")
        assert "Nothing to undo." in seat.text()


async def test_a_skipped_article_has_no_feedback(path: Path) -> None:
    async with training(path) as seat:
        await seat.press("ctrl+x")
        await seat.type("no news")
        await seat.press("enter")
        await seat.pilot.pause()
        assert "Nothing was compared: the article was skipped." in seat.text()
        await seat.press("enter")
        assert "training 2 of 2" in seat.text()


async def test_the_queue_of_the_project_stays_shut(path: Path) -> None:
    async with training(path) as seat:
        await seat.press("ctrl+o")
        assert "A training has no queue" in seat.text()
        await seat.press("ctrl+n")
        assert seat.desk.sheet.article.id == "ferry"
        await seat.press("ctrl+n")
        assert "No other article there" in seat.text()
        await seat.press("ctrl+g")
        assert seat.desk.sheet.article.id == "bridge"


def test_without_a_finished_article_the_summary_says_so() -> None:
    assert summary_page([], preset("news")) == [("", "No article was finished.")]


# --- what annotators do not notice


async def test_a_gold_question_looks_like_any_article(path: Path) -> None:
    with Project.open(path, LEAD) as project:
        project.assign(Slot(article, NOVA) for article in ("harbour", "market", "station"))
        found = gold(project)
        assert found is not None
        asked = asking.ask_gold(project, found, 0.3, [NOVA])
        asking.give(project, asked)
        question = asked[0].slots[0].article
    served = []
    async with open_app(path, (100, 30), actor=NOVA) as seat:
        for _ in range(4):
            served.append(seat.desk.sheet.article.id)
            assert "gold" not in seat.text().casefold()
            assert not seat.desk.sheet.spans
            await seat.press("ctrl+d")
            await seat.saved()
        await seat.press("ctrl+o")
        assert "gold" not in seat.text().casefold()
    assert sorted(served) == sorted([question, "harbour", "market", "station"])
    with Project.open(path, readonly=True) as project:
        assert project.is_finished(question, NOVA)


async def test_a_second_pass_shows_nothing_of_the_first_and_both_stay(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "EVERY", 1)
    with Project.open(path, LEAD) as project:
        asked = asking.ask_again(project, 0.5, ["iva"], after_days=0)
        asking.give(project, asked)
        article = asked[0].slots[0].article
        first = project.work(article, "iva").spans
        assert first
    async with open_app(path, (100, 30), actor="iva", start="tunnel") as seat:
        await seat.press("ctrl+d")
        await seat.saved()
        assert seat.desk.sheet.article.id == article
        assert not seat.desk.sheet.spans
        assert "again" not in seat.text().casefold()
        assert "#2" not in seat.text()
        await seat.press("2 e")
        await seat.saved()
        await seat.press("ctrl+d")
        await seat.saved()
    with Project.open(path, readonly=True) as project:
        assert project.work(article, "iva").spans == first
        assert [span.label for span in project.work(article, "iva #2").spans] == ["EVT"]
        assert project.is_finished(article, "iva #2")
