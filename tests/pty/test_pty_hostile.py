"""Foreign text cannot act on the terminal: it is shown for what it is, and nothing of it obeyed."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from engines import stands_for
from pty_kit import LONG, Terminal, annotator, make_project

from annotator.model.annotation import Kind, Note, Party, Span, Stance
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import parse
from annotator.store.project import Project
from annotator.text.visible import plain_line, visible

PAYLOADS = {
    "csi colour": "\x1b[31;5;7m",
    "csi clear": "\x1b[2J\x1b[3J\x1b[H",
    "csi move": "\x1b[99A\x1b[99D\x1b[1P",
    "csi insert": "\x1b[4h\x1b[20h",
    "own screen": "\x1b[?1049l\x1b[?25h\x1b[?1000l",
    "window": "\x1b[8;1;1t\x1b[21t\x1b[2t",
    "title bel": "\x1b]0;PWNED\x07",
    "title st": "\x1b]2;PWNED\x1b\\",
    "icon": "\x1b]1;PWNED\x07",
    "open title": "\x1b]0;PWNED",
    "palette": "\x1b]4;1;rgb:00/00/00\x07\x1b]10;?\x07\x1b]11;?\x1b\\",
    "link st": "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "link bel": "\x1b]8;;file:///etc/passwd\x07here\x1b]8;;\x07",
    "clipboard bel": "\x1b]52;c;cHduZWQ=\x07",
    "clipboard st": "\x1b]52;c;?\x1b\\",
    "working folder": "\x1b]7;file://evil/\x07\x1b]1337;File=inline=1:AAAA\x07",
    "dcs": '\x1bP$q"p\x1b\\\x1bP+q544e\x1b\\\x1bPtmux;\x1b\x1b]0;PWNED\x07\x1b\\',
    "apc pm sos": "\x1b_Gi=1;AAAA\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\",
    "tmux title": "\x1bkPWNED\x1b\\",
    "status": "\x1b[5n\x1b[6n\x1b[?6n",
    "attributes": "\x1b[c\x1b[>c\x1b[=c\x1b[>q\x1bZ\x05",
    "settings": "\x1b[?2026$p\x1b[x\x1b[?u",
    "reset": "\x1bc\x1b[!p",
    "charset": "\x1b(0\x1b)0\x0e\x0f\x1b#8\x1b%@",
    "c1 csi": "\x9b31;5;7m\x9b2J",
    "c1 title": "\x9d0;PWNED\x9c",
    "c1 strings": "\x90q\x9c\x9fx\x9c\x9ey\x9c\x98z\x9c",
    "c1 lines": "\x84\x85\x8d\x88",
    "controls": "\x01\x02\x04\x07\x08\x0b\x0c\x11\x13\x1a\x1b\x1c\x7f",
    "return": "\rPWNED",
    "bidi": "\u202eevil\u202c \u2066a\u2069 \u200f\u061c\u202a",
    "hidden": "\u200b\u2060\ufeff\u00ad\U000e0041\U000e007f\u2028\u2029",
    "markup close": "[/b][/]",
    "markup action": "[@click=app.quit]quit[/]",
    "markup word": "[Reuters] [bold red]x[/bold red]",
    "markup link": "[link=http://evil.example]x[/link] [on red]",
    "emoji code": ":smile: \\[b] {0} %s $x",
    "many marks": "e" + "\u0301" * 40,
}
"""By name: what terminals, multiplexers and markup parsers obey. NUL cannot be stored."""

SHOWN = re.compile(
    r"\x1b\[(?:"
    r"[0-9;]*m|[0-9]+;[0-9]+H|[0-9]*[ABCDGK]|2K|[02]?J|H"  # colours, places, progress bars
    r"|\?(?:25|7|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
    r"|\?20(?:26|48)\$p|>[0-9]+u|<u)"
    r"|\x1b\]22;[a-z]+\x07"  # the mouse's shape
)
"""What Textual and Rich themselves send."""
ACTING = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\U000e0000-\U000e007f]"
)
"""What acts, reorders or hides; none of it may be left."""


def line(name: str) -> str:
    """A line of text with a payload in it."""
    return f"<{name}> A{PAYLOADS[name]}Z ."


def shown(text: str) -> str:
    """What must stand on the screen for a text: blanks as one, letters and marks joined as pyte does."""
    return unicodedata.normalize("NFC", " ".join(visible(text).split()))


def painted(terminal: Terminal) -> str:
    """The screen, likewise."""
    return unicodedata.normalize("NFC", " ".join(terminal.text.split()))


def assert_harmless(terminal: Terminal) -> None:
    """Nothing came out but what the interface itself sends, and no payload among it."""
    raw = bytes(terminal.raw)
    for name, payload in PAYLOADS.items():
        if ACTING.search(payload):
            assert payload.encode() not in raw, name
    assert b"\x1b]0" not in raw
    assert b"\x1b]2;" not in raw
    left = SHOWN.sub("", raw.decode())
    found = ACTING.search(left)
    assert not found, repr(left[max(found.start() - 60, 0) : found.end() + 60])
    assert terminal.screen.title == terminal.screen.icon_name == ""


def listed(text: str) -> str:
    """A text as lists show it."""
    return plain_line(text, 1000)


def on_screen(terminal: Terminal, text: str) -> None:
    """Wait until a text stands on the screen, made visible."""
    wanted = shown(text)
    terminal.wait_until(lambda: wanted in painted(terminal), repr(wanted))


@contextmanager
def opened(path: Path, *options: str, rows: int = 60, columns: int = 160) -> Iterator[Terminal]:
    command = annotator(str(stands_for(path)), "--as", "iva", *options)
    with Terminal(command, path.parent, columns=columns, rows=rows) as terminal:
        yield terminal
        terminal.send(b"\x11")
        assert terminal.ended() == 0
        assert_harmless(terminal)


def test_in_an_article(tmp_path: Path) -> None:
    text = "\n".join(line(name) for name in PAYLOADS)
    path = make_project(tmp_path / "news.db", [Article("a", text, title="A safe title")])
    with opened(path) as terminal:
        terminal.wait("A safe title", "1 of 1")
        for name in PAYLOADS:
            on_screen(terminal, line(name).removesuffix(" ."))
        terminal.send(
            b"2" + b"p\x1b[C\x1b[C" * 8 + b"\x1b[B" * 5 + b"\x1b[19~"
        )  # labels, selection
        terminal.wait("2 Entities", "✓ saved")


@pytest.mark.parametrize("columns", [80, 160])
def test_in_the_queue_and_the_title(tmp_path: Path, columns: int) -> None:
    articles = [
        Article(
            f"story {n} {payload}",
            f"Text {n}",
            title=f"T{n} A{payload}Z" if n % 3 else "",
            source=f"S{payload}",
            date=f"2024{payload}"[:20],
            lang=f"bg{payload}"[:8] if payload.isascii() else "bg",
            group=f"G{payload}",
            url=f"http://example.org/{payload}",
            meta={"more": payload},
        )
        for n, payload in enumerate(PAYLOADS.values(), 1)
    ]
    path = make_project(tmp_path / "news.db", articles)
    with opened(path, "--queue", columns=columns) as terminal:
        terminal.wait("articles", "T1 A")
        for n, payload in enumerate(PAYLOADS.values(), 1):
            if n % 3:
                on_screen(terminal, listed(f"T{n} A{payload}")[: 20 if columns == 80 else 40])
        terminal.send("\r")
        terminal.wait("Text 1", f"1 of {len(articles)}")
        for n in range(2, len(articles) + 1):  # each title above its article
            terminal.send(b"\x0e")
            terminal.wait(f"Text {n}", f"{n} of {len(articles)}")
        assert b"\x1b[?1049l" not in terminal.raw


def test_in_notes_and_in_the_entities_of_the_stance_grid(tmp_path: Path) -> None:
    text = "\n".join(line(name) for name in PAYLOADS)
    path = make_project(tmp_path / "news.db", [Article("a", text, title="A safe title")])
    note = Note("n1", "N" + PAYLOADS["clipboard bel"])
    drafts = [Draft(Kind.NOTE, note.key, "a", note.body(text))]
    for number, (name, payload) in enumerate(PAYLOADS.items()):
        start = text.index(line(name)) + len(f"<{name}> ")
        attrs = {"lemma": f"L{payload}", "xid": f"X{payload}"} if number % 2 else {}
        span = Span(f"s{number}", "entities", "PER", start, start + len(f"A{payload}Z"), attrs)
        drafts.append(Draft(Kind.SPAN, span.key, "a", span.body(text)))
    decide(path, drafts)
    with opened(path) as terminal:
        terminal.wait("A safe title", "1 of 1")
        terminal.send("2;")
        terminal.wait("2 Entities", "Note on")
        on_screen(terminal, note.note)
        terminal.send(b"\x1b")
        terminal.wait("2 Entities", without="Note on")
        terminal.send("3")
        terminal.wait("3 Stance")
        for number, payload in enumerate(PAYLOADS.values()):  # as far as the grid has room
            on_screen(terminal, listed(f"X{payload}" if number % 2 else f"A{payload}Z")[:6])
        walk_the_grid(terminal)


def test_in_the_parties_of_stances(tmp_path: Path) -> None:
    path = make_project(tmp_path / "news.db", [Article("a", "Anna spoke.", title="A safe title")])
    drafts = []
    for number, payload in enumerate(PAYLOADS.values()):
        holder = Party("quoted", f"H{payload}") if number % 2 else Party("author")
        stance = Stance(Party("proposition", f"P{payload}"), "FAVOR", holder, note=payload)
        body = stance.body("Anna spoke.")
        drafts.append(Draft(Kind.STANCE, stance.key("iva", "a"), "a", body))
    decide(path, drafts)
    with opened(path) as terminal:
        terminal.wait("A safe title", "1 of 1")
        terminal.send("3")
        terminal.wait("3 Stance")
        for payload in PAYLOADS.values():
            on_screen(terminal, listed(f"P{payload}")[:6])
        walk_the_grid(terminal)


def decide(path: Path, drafts: list[Draft]) -> None:
    """Put decisions into a project as they come from elsewhere."""
    with Project.open(path, "iva") as project:
        project.submit(Act("label", tuple(drafts))).result()


def walk_the_grid(terminal: Terminal) -> None:
    """Open the choices of each column on some rows, and the page of keys."""
    for _ in range(4 if LONG else 1):
        terminal.send(b"\x1b[B")
        for _ in range(5 if LONG else 2):
            terminal.send(b"\r")
            terminal.settle(0.15)
            terminal.send(b"\x1b")
            terminal.settle(0.15)
            terminal.send(b"\x1b[C")
        terminal.send(b"\x1b[D" * 5)
    terminal.send("?")
    terminal.wait("letter")
    terminal.send(b"\x1b")
    terminal.wait("3 Stance")


def test_in_a_guideline(tmp_path: Path) -> None:
    toml = (
        'name = "one"\nversion = 1\ntitle = "One"\nguidelines = "g.md"\n'
        '[[layers]]\nname = "entities"\ntitle = "Entities"\nunit = "word"\noverlap = "nested"\n'
        'labels = [{ name = "PER", key = "p", color = "cyan", title = "Person", description = "x" }]\n'
    )
    guidelines = "## entities\n\n" + "\n\n".join(line(name) for name in PAYLOADS) + "\n\nEnd.\n"
    path = tmp_path / "news.db"
    with Project.create(path, parse(toml, guidelines), "iva") as project:
        list(project.add([Article("a", "Anna spoke.", title="A safe title")]))
    with opened(path, rows=100) as terminal:
        terminal.wait("A safe title", "Anna spoke.")
        terminal.send(b"\x1bOQ")
        terminal.wait("Guideline", "End.")
        for name in PAYLOADS:
            if len(line(name).splitlines()) == 1:  # what ends a line ends a line of the page
                on_screen(terminal, line(name))
        terminal.send(b"\x1b")
        terminal.wait("Anna spoke.")


def test_one_line_of_ten_million_characters(tmp_path: Path) -> None:
    ends = PAYLOADS["title bel"] + PAYLOADS["c1 csi"]
    text = f"Start {ends} " + "слово за слово " * 670_000 + f"{ends} finish"
    path = make_project(tmp_path / "news.db", [Article("a", text, title="A safe title")])
    with opened(path, rows=24, columns=80) as terminal:
        terminal.wait("A safe title", "1 of 1", "слово")
        on_screen(terminal, f"Start {ends}")
        terminal.send(b"2\x1b[1;5F" + b"p")  # ctrl+end
        terminal.wait("finish", "2 Entities", "✓ saved")
        assert shown(PAYLOADS["title bel"]) in painted(terminal)


def test_hardly_any_text(tmp_path: Path) -> None:
    articles = [
        Article("blank", " \n\t\n\u3000\u00a0\n \u2003.\n" + "\n" * 50, title=""),
        Article("marks", "\u200b\u202e\u2066\n\x1b", title=" \u200b "),
    ]
    path = make_project(tmp_path / "news.db", articles)
    with opened(path) as terminal:
        terminal.wait("1 of 2")
        for keys in (b"t", b"\x1b[B" * 5, b"2", b"p", b"\x1b[C", b"3", b"0", b"\x0e"):
            terminal.send(keys)
        terminal.wait("2 of 2")
        for keys in (b"1t", b"2p", b"\x1b[B", b"3", b"\x0f"):
            terminal.send(keys)
        terminal.wait("filter: words")


@pytest.mark.file_only
@pytest.mark.parametrize(
    "names", [("title bel", "c1 title", "bidi"), ("status", "csi clear", "markup action")]
)
def test_on_the_command_line(tmp_path: Path, names: tuple[str, ...]) -> None:
    payload = "".join(PAYLOADS[name] for name in names).replace("/", "")
    folder = tmp_path / f"F{payload}"
    folder.mkdir()
    (folder / f"good{payload}.txt").write_text("A good text.", encoding="utf-8")
    (folder / f"bad{payload}.txt").write_bytes(b"bad \xc3\x28\x00")
    (folder / f"rows{payload}.jsonl").write_text("{nothing", encoding="utf-8")
    project = tmp_path / f"news{payload}.db"
    commands = [
        ["import", str(project), str(folder)],
        ["import", str(project), str(folder / f"rows{payload}.jsonl")],
        ["status", str(project)],
        ["check", str(project)],
        ["export", str(project), "--format", payload],
        ["open", str(tmp_path / f"none{payload}.db")],
        ["open", str(project), "--article", payload],
        [payload],
    ]
    for words in commands:
        with Terminal(annotator(*words), tmp_path, columns=200) as terminal:
            code = terminal.ended()
            assert code in (0, 1, 2), (words, code, terminal.text)
            assert_harmless(terminal)
    with opened(project) as terminal:
        terminal.wait("A good text.")
        terminal.send(b"\x0f")
        terminal.wait(" article", "A good text.")
