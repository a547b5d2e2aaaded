"""Documents the export tests share, made to hold what trips formats up."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from annotator.formats.document import Document
from annotator.formats.sources.guess import read
from annotator.formats.sources.incoming import ReadOptions, Refusal
from annotator.model.annotation import (
    Evidence,
    Note,
    Party,
    Span,
    Stance,
    State,
    Status,
    Work,
    sort_spans,
)
from annotator.model.article import Article
from annotator.model.scheme import Scheme
from annotator.model.scheme_file import preset

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "formats"


def check_golden(name: str, data: bytes) -> None:
    """Compare with the kept bytes; ANNOTATOR_GOLDEN=write keeps these instead."""
    path = GOLDEN / name
    if os.environ.get("ANNOTATOR_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert data == path.read_bytes(), f"{name} differs from what was kept"


@cache
def news() -> Scheme:
    return preset("news")


def incoming(path: Path, **options: object) -> list[object]:
    """Everything a path gives."""
    return list(read(path, ReadOptions(**options)))


def articles(path: Path, **options: object) -> list[Article]:
    """Everything a path gives, which must be articles only."""
    items = incoming(path, **options)
    assert all(isinstance(item, Article) for item in items), items
    return items


def refusals(items: list[object]) -> list[Refusal]:
    return [item for item in items if isinstance(item, Refusal)]


def find(text: str, surface: str, nth: int = 0) -> tuple[int, int]:
    """Where the nth occurrence of a surface is."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    return start, start + len(surface)


def span(text: str, layer: str, label: str, surface: str, nth: int = 0, **attrs: object) -> Span:
    start, end = find(text, surface, nth)
    return Span(f"{layer[:3]}-{start}-{end}-{label}", layer, label, start, end, attrs)


BRIDGE = (
    "🇧🇬 Мостът край Лом отваря в петък\n"
    "Кметът Йоан Петров\u0438\u0306 каза: „Чакахме го с години.“ "
    "Институтът по мостове към Университета на Видин го провери.\n"
    "Още: 12:34Бурята затвори пътя\n"
    "Работниците от «Строй & Син» <чакат> заплати. Срокът изтича. Анти-Ломският комитет протестира."
    "\n\n\tОбратно в сайта\n<p>&nbsp;\u00a0&copy; Вести # 1"
)
"""Emoji, a letter of two code points, a nested name, glued text, markup, tabs, no last newline."""

HARBOUR = (
    "Порт закроют на зиму\r\n"
    "Мэрия Северного\r\nПорта сообщила об этом во вторник.\r\n"
    "«Это ошибка», — сказала Анна Ким.\u2028Суда уйдут в Ost\u00adhafen 👩‍🚒.\r\n"
)
"""CRLF, a name over a line end, a line separator, a soft hyphen, a joined emoji."""


def bridge_work() -> Work:
    spans = [
        span(BRIDGE, "boilerplate", "headline", "🇧🇬 Мостът край Лом отваря в петък"),
        span(BRIDGE, "boilerplate", "teaser_inline", "Още: 12:34Бурята затвори пътя"),
        span(BRIDGE, "boilerplate", "nav", "Обратно в сайта"),
        span(BRIDGE, "boilerplate", "footer", "<p>&nbsp;\u00a0&copy; Вести # 1"),
        span(BRIDGE, "entities", "LOC", "Лом", lemma="Лом", xid="LOC-Lom"),
        span(BRIDGE, "entities", "PER", "Йоан Петров\u0438\u0306"),
        span(BRIDGE, "entities", "ORG", "Институтът по мостове към Университета на Видин"),
        span(BRIDGE, "entities", "ORG", "Университета на Видин"),
        span(BRIDGE, "entities", "LOC", "Видин"),
        span(BRIDGE, "entities", "ORG", "«Строй & Син»", uncertain=True),
        span(BRIDGE, "entities", "LOC", "Лом", 1),
    ]
    bridge = Party("entity", "Мостът край Лом")
    quoted = find(BRIDGE, "„Чакахме го с години.“")
    stances = (
        Stance(bridge, "FAVOR", Party("quoted", "Йоан Петров"), "quoted", 3, (Evidence(*quoted),)),
        Stance(bridge, "NEUTRAL", note="и двете страни"),
        Stance(Party("proposition", "Заплатите\tда се платят"), "AGAINST", confidence=1),
    )
    notes = (
        Note("n2", "залепено", False, *find(BRIDGE, "12:34Бурята")),
        Note("n1", flag=True),
    )
    looked = frozenset({"boilerplate", "entities", "stance"})
    status = Status(State.DONE, "", 245)
    return Work("bridge", "anna", sort_spans(spans), stances, looked, notes, status)


def harbour_work() -> Work:
    spans = [
        span(HARBOUR, "boilerplate", "headline", "Порт закроют на зиму"),
        span(HARBOUR, "entities", "ORG", "Мэрия Северного\r\nПорта"),
        span(HARBOUR, "entities", "PER", "Анна Ким"),
        span(HARBOUR, "entities", "LOC", "Ost\u00adhafen"),
    ]
    against = Stance(
        Party("entity", "Порт"),
        "AGAINST",
        basis="implied",
        evidence=(Evidence(*find(HARBOUR, "ошибка"), "cue"),),
    )
    looked = frozenset({"boilerplate", "entities"})
    status = Status(State.DONE, "", 61)
    return Work("harbour#1", "anna", sort_spans(spans), (against,), looked, (), status)


def bridge() -> Article:
    return Article(
        "bridge",
        BRIDGE,
        title="Мостът край Лом",
        source="Вести",
        url="https://vesti.example/most?a=1&b=2",
        date="2026-03-06",
        lang="bg",
        lang_source="import",
        group="мост",
        meta={"tags": ["мост", None, 1.5, True], "n": 7},
    )


def harbour() -> Article:
    return Article("harbour#1", HARBOUR, lang="ru", lang_source="langdetect 1.0.9")


def documents() -> list[Document]:
    """Two articles by one annotator, and one nobody has decided on."""
    return [
        Document(bridge(), (bridge_work(),)),
        Document(harbour(), (harbour_work(),)),
        Document(Article("untouched", "Никой още не е чел това.\n"), ()),
    ]


def several() -> list[Document]:
    """The same with a second annotator, who skipped one and only flagged the other."""
    boris = Work(
        "bridge",
        "boris",
        (Span("boris-1", "entities", "LOC", *find(BRIDGE, "Видин")),),
        status=Status(State.OPEN, "", 9),
    )
    skipped = Work("harbour#1", "boris", status=Status(State.SKIPPED, "не е новина", 3))
    first, second, third = documents()
    return [
        Document(first.article, (*first.works, boris)),
        Document(second.article, (*second.works, skipped)),
        third,
    ]


def lines_of(path: Path) -> Iterator[bytes]:
    """Lines that end in LF and nothing else."""
    yield from path.read_bytes().split(b"\n")
