"""A home that is not the user's, and a sitting in the plain mode that tests drive line by line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from annotator.desk.keyboard import Keyboard
from annotator.model.annotation import Work
from annotator.model.article import Article
from annotator.model.scheme_file import preset
from annotator.plain.session import Session
from annotator.store.project import Project
from annotator.tui.work import WorkList

BG = (
    "Рибарите на Синево искат нов кей\n"
    "\n"
    "Кметицата Рада Вълчева обеща кея до лятото. „Парите са осигурени“, каза тя.\n"
    "\n"
    "Рибарят Тодор Жеков не ѝ вярва.\n"
    "Начало   Контакти   Общи условия\n"
    "Всички права запазени\n"
)
EL = "Νέα προβλήτα στη Χώρα\nΗ δήμαρχος Ελένη Βάρδα μίλησε στους ψαράδες.\n"
JA = "新しい桟橋\n町長の佐藤恵子氏は漁師と話した。\n"
HOSTILE = "Ред с \x1b[31mцвят\x1b[0m и \u202eобратно\u202c.\nВтори\x07 ред.\n"

ARTICLES = (
    Article("key-bg", BG, "Кей", "zaliv.example", lang="bg"),
    Article("key-el", EL, "", lang="el"),
    Article("key-ja", JA, "", lang="ja"),
    Article("hostile", HOSTILE, "", lang="bg"),
)


@dataclass
class Sitting:
    """A session and what it said."""

    project: Project
    session: Session
    said: list[str] = field(default_factory=list)

    def __call__(self, *lines: str) -> list[str]:
        """Carry out lines; what the last of them was answered."""
        for line in lines:
            self.said.clear()
            self.session.do(line)
        return list(self.said)

    def work(self, article: str = "key-bg") -> Work:
        """What the project holds: nothing is waited for, as each line is durable."""
        return self.project.work(article)

    def labels(self, article: str = "key-bg") -> list[tuple[str, str]]:
        """The saved spans as (label, text)."""
        text = self.project.article(article).text
        return [(s.label, text[s.start : s.end]) for s in self.work(article).spans]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("ANNOTATOR_CONFIG", str(home / "config.toml"))
    return home


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project of the articles above, closed."""
    made = tmp_path / "keys.db"
    with Project.create(made, preset("news"), "rada") as project:
        assert [outcome for outcome in project.add(ARTICLES) if outcome.reason] == []
    return made


@pytest.fixture
def sit(path: Path) -> Iterator[Callable[..., Sitting]]:
    """Opens sittings at an article."""
    opened: list[Project] = []

    def sit(article: str = "key-bg", layout: str = "") -> Sitting:
        project = Project.open(path, "rada")
        opened.append(project)
        said: list[str] = []
        session = Session(WorkList(project), project.scheme, Keyboard(layout), said.append)
        session.open(article)
        return Sitting(project, session, said)

    yield sit
    for project in opened:
        project.close()
