"""Projects to test on, and a state folder that is not the user's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import made_once

from annotator.model.article import Article
from annotator.model.scheme_file import preset
from annotator.store.project import Project

TEXTS = {
    "bg": "Влизане\nСрещата се проведе в Пхенян.\n<p>Преди 2 часа</p>\nЧен-ун поздрави гостите.",
    "ru": "Встреча прошла в Пхеньяне.\r\nКим Чен Ын приветствовал гостей 🇰🇵.",
    "zh": "金正恩在平壤会见了客人。",
    "en": "The meeting took place in Pyongyang.\tNobody said what was agreed.",
}


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


def make(path: Path) -> None:
    """A project with four articles."""
    with Project.create(path, preset("news"), "ann") as project:
        offered = [Article(lang, text, lang=lang) for lang, text in TEXTS.items()]
        assert len(list(project.add(offered))) == len(TEXTS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with four articles, closed."""
    return made_once(make, tmp_path / "project.db")


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    """The same, open."""
    with Project.open(path, "ann") as project:
        yield project
