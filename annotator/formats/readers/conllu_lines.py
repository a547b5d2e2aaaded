r"""The lines of CoNLL-U: documents of sentences of tokens, and what their MISC says of them.

A token is what is written: of a multiword token (`3-4`) the whole, which takes the first entity tag
of its words; empty nodes (`8.1`) are written nowhere. `SpacesAfter` and `SpacesBefore` are escaped
as UD has it: `\s` space, `\t`, `\r`, `\n`, `\p` for `|`, `\\`; and, here only, `\u00A0`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from annotator.formats.readers.columns import MOST_TOKENS
from annotator.formats.readers.tags import TAG
from annotator.formats.sources.incoming import LIMIT, Found, ReadOptions
from annotator.formats.sources.lines import numbered_lines
from annotator.formats.strict_json import BadJsonError, loads

COLUMNS = 10
_ENTITY = ("name", "NE", "NER")
_ID = re.compile(r"(\d{1,9})(?:-(\d{1,9})|(\.\d{1,9}))?", re.ASCII)
_RANGE = re.compile(r"(\d{1,12}):(\d{1,12})", re.ASCII)
_COMMENT = re.compile(r"#\s*(newdoc id|newdoc|newpar|text|article_id)(?:\s*=(.*)|\s.*)?")
_ESCAPE = re.compile(r"\\(?:([strnp\\])|u([0-9A-Fa-f]{4})|U(00[01][0-9A-Fa-f]{5}))")
_MEANS = {"s": " ", "t": "\t", "r": "\r", "n": "\n", "p": "|", "\\": "\\"}


class Token(NamedTuple):
    """A token as it is written."""

    form: str
    raw: str
    """As it was in the text, where the file says so (RawForm); else the form."""
    line: int
    tag: str = ""
    """Its entity tag; "" when there is none."""
    after: str | None = None
    """What SpacesAfter says."""
    before: str | None = None
    """What SpacesBefore says."""
    glued: bool = False
    """SpaceAfter=No."""
    place: tuple[int, int] | None = None
    """What TokenRange says."""


@dataclass(slots=True)
class Sentence:
    """The tokens between two blank lines, and what the comments before them say."""

    tokens: list[Token] = field(default_factory=list)
    text: str | None = None
    is_paragraph: bool = False
    """It begins a paragraph."""


@dataclass(slots=True)
class Document:
    """What stands between two `# newdoc`."""

    number: int
    """From 1; 0 in a file that marks none."""
    line: int
    """Where it begins."""
    ident: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    bad: tuple[int, str] | None = None
    """The first line that cannot be read, and why."""
    _count: int = 0
    _size: int = 0
    _until: int = 0
    """The last word of the multiword token begun last in the sentence."""

    def refuse(self, line: int, reason: str) -> None:
        """The document cannot be taken; the first reason stays."""
        self.bad = self.bad or (line, reason)

    def begin(self, comments: dict[str, str]) -> None:
        """A sentence with these comments follows."""
        self.sentences.append(Sentence([], comments.get("text"), "newpar" in comments))
        self._until = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was in it, not even something unreadable."""
        return not (self.bad or any(sentence.tokens for sentence in self.sentences))

    def add(self, line: int, cells: list[str]) -> None:
        """A token line of the sentence; what is wrong with it is kept as `bad`."""
        match = _ID.fullmatch(cells[0])
        if len(cells) != COLUMNS:
            self.refuse(line, f"the line has {len(cells)} columns, not {COLUMNS}")
        elif not match or not cells[1]:
            self.refuse(line, "the line begins with no word number or has no form")
        elif match[3]:
            self.left_out["empty node"] += 1
        else:
            self._add(line, cells, int(match[1]), int(match[2] or 0))

    def _add(self, line: int, cells: list[str], word: int, until: int) -> None:
        """A word, or a multiword token up to the word `until`."""
        self._count += 1
        self._size += len(cells[1]) + len(cells[9])
        if self._count > MOST_TOKENS or self._size > LIMIT:
            self.refuse(line, f"the article has more than {MOST_TOKENS:,} tokens or 64 MB")
            return
        self.left_out["lemma, tags or tree of a word"] += any(cell != "_" for cell in cells[2:9])
        token = _token(line, cells[1], cells[9], self.left_out)
        tokens = self.sentences[-1].tokens
        if tokens and word <= self._until:
            if tokens[-1].tag in ("", "O") and token.tag:
                tokens[-1] = tokens[-1]._replace(tag=token.tag)
        else:
            self._until = until
            tokens.append(token)


def documents(found: Found, options: ReadOptions) -> Iterator[Document]:
    """The documents of a file, one after another; those without tokens are passed over."""
    document = Document(0, 1)
    comments: dict[str, str] = {}
    within = False
    for number, line in numbered_lines(found.path, options):
        if isinstance(line, BadJsonError):
            document.refuse(number, str(line))
            continue
        line = line.strip("\r\n")
        if not line.strip(" \t"):
            comments, within = ({} if within else comments), False
        elif line.startswith("#"):
            if match := _COMMENT.fullmatch(line):
                comments[match[1]] = (match[2] or "").strip()
        else:
            if not within:
                if {"newdoc", "newdoc id"} & comments.keys():
                    following = document.number or 1
                    if not document.is_empty:
                        document.number = following
                        yield document
                        following += 1
                    document = Document(following, number, _ident(comments))
                document.begin(comments)
            document.add(number, line.split("\t"))
            comments, within = {}, True
    if not document.is_empty:
        yield document


def is_token_line(line: str) -> bool:
    """Whether a line can be one of CoNLL-U's tokens."""
    cells = line.split("\t")
    return len(cells) == COLUMNS and bool(_ID.fullmatch(cells[0]))


def unescaped(value: str) -> str:
    """A value of MISC as it is meant."""
    return _ESCAPE.sub(lambda m: _MEANS[m[1]] if m[1] else _char(m[2] or m[3]), value)


def _char(code: str) -> str:
    return chr(min(int(code, 16), 0x10FFFF))


def _ident(comments: dict[str, str]) -> str:
    """The id of a document: annotator's own, exactly, where it differs from UD's."""
    try:
        own = loads(comments.get("article_id", '""'))
    except BadJsonError:
        own = ""
    return own if own and isinstance(own, str) else comments.get("newdoc id", "")


def _token(line: int, form: str, misc: str, left_out: Counter[str]) -> Token:
    token = Token(form, form, line)
    for part in misc.split("|") if misc != "_" else ():
        key, _, value = part.partition("=")
        match = _RANGE.fullmatch(value) if key == "TokenRange" else None
        if TAG.fullmatch(part):
            token = token._replace(tag=part)
        elif key in _ENTITY and TAG.fullmatch(value):
            token = token._replace(tag=value)
        elif key in _ENTITY and value not in ("", "_"):
            left_out["entity value that is no tag"] += 1
        elif match:
            token = token._replace(place=(int(match[1]), int(match[2])))
        elif part == "SpaceAfter=No":
            token = token._replace(glued=True)
        elif key == "SpacesAfter":
            token = token._replace(after=unescaped(value))
        elif key == "SpacesBefore":
            token = token._replace(before=unescaped(value))
        elif key == "RawForm" and value:
            token = token._replace(raw=unescaped(value))
        else:
            left_out["value in MISC"] += 1
    return token
