"""Hostile strings everywhere: no screen crashes, obeys them, or makes part of them vanish."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tui_kit import NAMED, Seat, make_project, open_app

from annotator.config import Config
from annotator.model.annotation import AUTHOR, Kind, Note, Party, Span, Stance
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme import Label, Layer, Scheme, SpanLayer, StanceLayer
from annotator.model.scheme_file import preset
from annotator.store.project import Project

MARKUP = "[/b][@click=app.quit][Reuters]"
EVIL = MARKUP + " \x1b]0;pwn\x07\x1b[2J\x9b31m\u202eevil\u2066\x00\x7f\u200b\U000e0041[$primary]"
STORED = EVIL.replace("\x00", "")
"""NUL is refused by the store."""
WHO = "[/b][@click=app.quit][Reuters] va"
SPACES = " \t\u00a0\u3000\u2028\x0b\r "


def hostile_scheme() -> Scheme:
    """The default scheme, hostile in every string a person may write, as if the file was altered."""
    scheme = preset("news")
    guidelines = f"## entities\n{EVIL}\n\n- {EVIL}\n```\n{EVIL}\n```\n### PER\n{EVIL}\n"
    layers: list[Layer] = []
    for layer in scheme.layers:
        if isinstance(layer, SpanLayer):
            layers.append(replace(layer, title=EVIL, labels=tuple(map(_hostile, layer.labels))))
        else:
            values = tuple(map(_hostile, layer.values))
            layers.append(replace(layer, title=EVIL, values=values, targets=(EVIL, SPACES)))
    return replace(scheme, title=EVIL, layers=tuple(layers), guidelines=guidelines)


def _hostile(label: Label) -> Label:
    return label._replace(title=EVIL, description=EVIL)


def hostile_articles() -> Iterator[Article]:
    """Articles hostile in text and metadata."""
    for number in range(3):
        yield Article(
            f"{STORED}{number}",
            f"{STORED} Reuters {STORED}\n\n{STORED}\n{SPACES}\n{STORED} {number}.\n",
            title=STORED,
            source=STORED,
            url=STORED,
            date=STORED,
            lang=MARKUP + "\x1b[2J",
            group=STORED,
            meta={STORED: STORED},
        )
    yield Article("blank", "\u2800\u3164\u00ad\u200b\n\t\n", title=SPACES)
    yield Article("mark", "\u0301\n\u200d\n\ufe0f\n\ufeff", title="\u0301")


def put(project: Project, kind: str, thing: Any, key: str, text: str, article: str) -> None:
    """Save a decision as an import or another machine would have."""
    draft = Draft(Kind(kind), key, article, thing.body(text), "")
    project.submit(Act("import", (draft,))).result(timeout=10)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A project hostile in every string, with hostile decisions of a hostile annotator."""
    path = make_project(tmp_path, hostile_articles())
    article = next(hostile_articles())
    with Project.open(path, WHO) as project:

        def keep(kind: str, thing: Any, key: str) -> None:
            put(project, kind, thing, key, article.text, article.id)

        for note in (Note("n1", STORED), Note("n2", STORED, start=0, end=4), Note("n3", flag=True)):
            keep("note", note, note.key)
        for span in (
            Span("s1", "entities", "PER", 0, 20),
            Span("s2", "entities", "PER", 2, 9, attrs={"xid": STORED, "lemma": STORED}),
            Span("s3", "entities", "GONE", 12, 40),
            Span("s4", "boilerplate", "GONE", 0, 60),
        ):
            keep("span", span, span.key)
        for stance in (
            Stance(Party("entity", STORED), "FAVOR"),
            Stance(Party("proposition", SPACES), "GONE", Party("quoted", STORED), note=STORED),
            Stance(Party("proposition", STORED), "AGAINST", Party("unknown", ""), basis=STORED),
            Stance(Party("entity", ""), "AGAINST", AUTHOR),
        ):
            keep("stance", stance, stance.key(WHO, article.id))
    return path


def check(seat: Seat, shown: bool = True) -> None:
    """Nothing painted is a control or format character; the markup is there as it was written."""
    for row in seat.cells():
        for char, style in set(row):
            assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"), repr(
                char
            )
            assert not (style.meta or {}).get("@click"), "an action of the text's own"
            assert not style.link
    if shown:
        joined = "".join(seat.lines()).replace(" ", "")
        assert "[Reuters]" in joined, seat.text()
        assert "[/b][@click=app.quit]" in joined, seat.text()


@pytest.mark.parametrize("size", [(112, 30), (80, 24)])
async def test_every_screen(hostile: Path, size: tuple[int, int]) -> None:
    start = next(hostile_articles()).id
    layout = Config(layout="ru")
    async with open_app(hostile, size, layout, start, actor=WHO, scheme=hostile_scheme()) as seat:
        check(seat)
        for layer in "123":
            await seat.press(layer)
            check(seat)
            for keys in ("question_mark", "f2", "semicolon", "enter", "right enter"):
                await seat.press(keys)
                check(seat, shown=keys != "f2")  # its page may cover all the rest
                await seat.press("escape")
        await seat.press("2 z")
        check(seat)
        await seat.press("ctrl+home p right o minus")
        check(seat)
        await seat.press("enter escape ctrl+z ctrl+y")
        check(seat)
        await seat.press("slash")
        await seat.type("Reuters")
        check(seat)
        await seat.press("escape ctrl+p")
        check(seat, shown=False)
        await seat.press("escape ctrl+o")
        check(seat)
        await seat.press("f4 f1")
        check(seat, shown=False)
        await seat.press("escape enter ctrl+x escape ctrl+n ctrl+n ctrl+n")
        check(seat, shown=False)
        await seat.press("1 h 2 p 3 f ctrl+n 1 h 2 p 3 f minus right enter")
        check(seat, shown=False)
        assert not seat.app._exit


async def test_every_choice_of_the_grid(hostile: Path) -> None:
    start = next(hostile_articles()).id
    async with open_app(
        hostile, (100, 30), None, start, actor=WHO, scheme=hostile_scheme()
    ) as seat:
        await seat.press("3")
        assert len(seat.desk.stances.rows) >= 5
        for column in range(6):
            await seat.press("enter")
            check(seat)
            await seat.press(f"escape right {'up' if column % 2 else 'down'}")
        await seat.press("up left left left left left left enter enter")
        assert "Who takes a position on" in seat.text()
        check(seat)


async def test_messages_are_shown_as_they_are(hostile: Path) -> None:
    async with open_app(hostile, (120, 40), actor=WHO) as seat:
        seat.app.notify(
            EVIL, title=EVIL, markup=False
        )  # nothing of ours does; no crash all the same
        seat.desk.say(EVIL)
        seat.article.draw()
        await seat.pilot.pause()
        assert MARKUP in seat.lines()[-1]
        for char in seat.lines()[-1]:
            assert char.isprintable()


async def test_an_untouched_note_stays_to_the_letter(hostile: Path) -> None:
    start = next(hostile_articles()).id
    async with open_app(hostile, (120, 40), None, start, actor=WHO) as seat:
        await seat.press("semicolon")
        check(seat)
        await seat.press("enter")
        assert STORED in {note.note for note in (await seat.work(start)).notes}


@pytest.mark.parametrize("keys", ["semicolon", "slash", "ctrl+o"])
async def test_pasted_text_is_only_typed(hostile: Path, keys: str) -> None:
    async with open_app(hostile, (80, 24), actor=WHO) as seat:
        await seat.press(keys)
        await seat.paste("\x1b[31mчервено\x9b й\tкрай\u202e\nвтори ред")
        check(seat, shown=False)
        assert seat.app.screen.query_one("Input").value.endswith("[31mчервено й край")


async def test_a_megabyte_in_one_line(tmp_path: Path) -> None:
    text = (STORED + " Иван Петров 橋 ") * 14_000
    assert len(text) > 1_000_000
    path = make_project(tmp_path, [Article("long", text)])
    async with open_app(path, (80, 24)) as seat:
        check(seat)
        await seat.press("1 h 2 ctrl+end")
        check(seat)
        await seat.press("p pageup pagedown up down ctrl+home right o f8 escape slash")
        await seat.type("петров")
        await seat.press("tab shift+tab shift+tab enter 3 0")
        check(seat)
        await seat.press("question_mark escape ctrl+o")
        check(seat)


@pytest.mark.parametrize(
    "text", ["\u2800", "\u200b", "\u00ad\n", "\ufeff", ".", "\u0301", "\n\n.\n\n", "\u202e"]
)
async def test_texts_with_nothing_to_see(tmp_path: Path, text: str) -> None:
    path = make_project(tmp_path, [Article("nothing", text)])
    keys = "h 2 p right left up down minus right p enter escape full_stop comma ( ) home end "
    keys += "ctrl+end ctrl+home f7 f8 o escape 3 space enter escape 0 slash escape semicolon escape"
    async with open_app(path, (80, 24)) as seat:
        await seat.press(keys)
        check(seat, shown=False)


def test_the_strings_are_hostile() -> None:
    """What these tests look for would be there if it came through."""
    assert any(unicodedata.category(char) in ("Cc", "Cf") for char in EVIL)
    assert isinstance(hostile_scheme().stance_layer, StanceLayer)
    assert "escape" in NAMED
