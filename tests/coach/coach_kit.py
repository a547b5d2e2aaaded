"""Small projects for the tests of the coach: articles of one outlet, a person who labels and finishes."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from annotator.model.annotation import Kind, Span, State, Status, looked_key
from annotator.model.article import Article
from annotator.model.event import Act, Draft, new_id
from annotator.model.scheme_file import preset
from annotator.model.split import Assigned
from annotator.store.project import Project
from annotator.suggest.protocol import Finished, Guess

NAMES = (("Иван Петров", "PER"), ("Старобряг", "LOC"))
TAIL = "Вход   Регистрация   Забравена парола"
THINGS = ("мост", "театър", "пазар", "училище", "градина", "гара", "библиотека", "фонтан", "музей")
DOERS = ("строители", "артисти", "търговци", "учители", "градинари", "машинисти", "писатели")
TEXT = """Откриха {thing} за {doers}

Кметът Иван Петров откри {thing} край Старобряг и благодари на всички {doers}.

Още един {thing} чака своите {doers}, казаха от общината след като {word}.

{tail}
"""


def article(n: int) -> Article:
    """The article `a<n>` of the outlet."""
    thing, doers = THINGS[n % len(THINGS)], DOERS[n % len(DOERS)]
    word = " ".join(chr(ord("а") + (n * k) % 26) * 5 for k in range(3, 9))  # no two texts are alike
    text = TEXT.format(thing=thing, doers=doers, word=word, tail=TAIL)
    return Article(f"a{n:02}", text, f"Новина {n}", "vestnik", lang="bg")


def make(folder: Path, count: int = 8, actor: str = "iva") -> Path:
    """A project of articles a00, a01 ..."""
    path = folder / "project.db"
    with Project.create(path, preset("news"), actor) as project:
        assert all(outcome.result == "new" for outcome in project.add(map(article, range(count))))
    return path


def submit(project: Project, verb: str, *drafts: Draft) -> None:
    """Save an act and wait until it is there."""
    project.submit(Act(verb, drafts)).result(timeout=10)


def label(project: Project, name: str, surfaces: Iterable[tuple[str, str]] = NAMES) -> None:
    """Label names and the last line of an article."""
    text = project.article(name).text
    spans = [
        Span(new_id(), "entities", kind, at, at + len(surface))
        for surface, kind in surfaces
        if (at := text.find(surface)) >= 0
    ]
    at = text.index(TAIL)
    spans.append(Span(new_id(), "boilerplate", "form_login", at, at + len(TAIL)))
    submit(project, "label", *(Draft(Kind.SPAN, s.key, name, s.body(text)) for s in spans))


def state(project: Project, name: str, wanted: State) -> None:
    """Give an article a state."""
    key = Status.key(project.actor, name)
    base = project.work(name).versions.get(key, "")
    submit(project, str(wanted), Draft(Kind.STATUS, key, name, Status(wanted).body(), base))


def hold_out(project: Project, name: str) -> None:
    """Hold an article out for testing."""
    project.assign_splits([Assigned(name, "test")])


def look(project: Project, name: str, layer: str) -> None:
    """Say that a layer was looked at."""
    key = looked_key(project.actor, name, layer)
    submit(project, "looked", Draft(Kind.LOOKED, key, name, {"layer": layer}))


def finish(project: Project, *names: str) -> None:
    """Label and finish articles."""
    for name in names:
        label(project, name)
        state(project, name, State.DONE)


def found(project: Project, name: str) -> list[tuple[str, str, str]]:
    """What is suggested in an article: source, label, surface."""
    text = project.article(name).text
    return [(s.source, s.label, text[s.start : s.end]) for s in project.suggestions(name)]


def wait_until(true: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    """Wait until something holds; fails when it takes too long."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


class Parrot:
    """A suggester whose every step can be broken."""

    name = "parrot"

    def __init__(self, breaks: str = "") -> None:
        self.breaks = breaks
        self.heard: list[str] = []
        self.stale = False
        self.guesses = [Guess(0, 6, "PER", 0.75)]

    def _do(self, what: str) -> None:
        if what == self.breaks:
            raise ZeroDivisionError("no brain")

    @property
    def version(self) -> str:
        return f"v{len(self.heard)}"

    @property
    def is_stale(self) -> bool:
        return self.stale

    def learn(self, article: Finished) -> None:
        self._do("learn")
        self.heard.append(article.title)

    def refit(self, articles: Iterable[Finished]) -> None:
        self._do("refit")
        self.heard = [article.title for article in articles]
        self.stale = False

    def suggest(self, text: str, lang: str = "", source: str = "", title: str = "") -> list[Guess]:
        self._do("suggest")
        return self.guesses

    def save(self) -> bytes:
        self._do("save")
        return "\n".join(self.heard).encode()

    def load(self, saved: bytes) -> None:
        self._do("load")
        self.heard = saved.decode().split("\n")
