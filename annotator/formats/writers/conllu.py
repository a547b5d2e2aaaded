r"""CoNLL-U, the ten columns of Universal Dependencies, with entities as `name=B-PER` in MISC.

Tokens and sentences are those of IOB2, the tags too. What stands between tokens is kept as UD has
it: `SpaceAfter=No`, `SpacesAfter` and `SpacesBefore` (`\s` space, `\t`, `\r`, `\n`, `\p` for `|`,
`\\`; other white space as `\u00A0`), so that the text can be put together again. `TokenRange=s:e`
is where the token is in the article, in code points, half-open. UD wants its files in NFC and
without U+FFFD: a token that is not so is written as UD wants it and, as it is, in `RawForm`.
Formats: universaldependencies.org/format.html and misc.html; TokenRange as UDPipe writes it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.writers.iob2 import Range, Tagging, Tokenised, tags, tokenised
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme

TAGGING = Tagging("CoNLL-U", last="I", single="B")

SPACES = {" ": r"\s", "\t": r"\t", "\r": r"\r", "\n": r"\n", "|": r"\p", "\\": r"\\"}
"""How UD writes what MISC cannot hold."""

_UNPLAIN = re.compile(r"[\s\x00-\x1f\x7f]+")


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write the entities one annotator marked in one layer of each document.

    Raises:
        AnnotatorError: no layer fits, several annotators worked on an article and none was chosen,
            or a label holds a space or `|`.
    """
    for found in tokenised(documents, scheme, options, losses):
        for span in found.flat:
            _refuse_label(span.label)
        yield Part("".join(_document(found, losses)).encode())


def _document(found: Tokenised, losses: Losses) -> Iterator[str]:
    text, article = found.article.text, found.article.id
    words = [word for sentence in found.sentences for word in sentence]
    gaps = _gaps(text, words)
    comments = _document_comments(article)
    done = 0
    for number, sentence in enumerate(found.sentences, 1):
        forms = [_form(text, word, article, losses) for word in sentence]
        after = gaps[done : done + len(sentence)]
        yield from comments
        yield f"# sent_id = {_sentence_id(article)}-{number}\n"
        yield f"# text = {_sentence_text(forms, after)}\n"
        for place, tag in enumerate(tags(sentence, found.flat, TAGGING)):
            word, form = sentence[place], forms[place]
            before = text[: word[0]] if done + place == 0 else ""
            misc = _misc(text, word, form, tag, before, after[place])
            yield f"{place + 1}\t{form}" + "\t_" * 7 + f"\t{misc}\n"
        yield "\n"
        comments, done = [], done + len(sentence)


def _refuse_label(label: str) -> None:
    if "|" in label:
        raise AnnotatorError(f"CoNLL-U cannot hold the label {label!r}: it has a | in it.")


def _gaps(text: str, words: list[Range]) -> list[str]:
    """What stands after each token, up to the next one or the end of the text."""
    following = [start for start, _ in words[1:]] + [len(text)]
    return [text[end:start] for (_, end), start in zip(words, following, strict=True)]


def _form(text: str, word: Range, article: str, losses: Losses) -> str:
    """A token as UD allows it."""
    raw = text[word[0] : word[1]]
    form = _allowed(raw)
    if form != raw:
        losses.add("token written as UD wants it, the original in RawForm", f"{article}: {raw}")
    return form


def _allowed(value: str) -> str:
    """In NFC; a square for U+FFFD and for white space other than the space."""
    odd = {c for c in value if c == "\ufffd" or (c.isspace() and c != " ")}
    return normalize("NFC", "".join("□" if c in odd else c for c in value))


def _misc(text: str, word: Range, form: str, tag: str, before: str, after: str) -> str:
    start, end = word
    fields = [f"name={tag}"]
    if form != text[start:end]:
        fields.append(f"RawForm={escaped(text[start:end], plain=False)}")
    if not after:
        fields.append("SpaceAfter=No")
    elif after != " " or end + 1 == len(text):  # a space is meant between tokens, not at the end
        fields.append(f"SpacesAfter={escaped(after)}")
    if before:
        fields.append(f"SpacesBefore={escaped(before)}")
    fields.append(f"TokenRange={start}:{end}")
    return "|".join(fields)


def escaped(value: str, plain: bool = True) -> str:
    r"""A value for MISC; all but printable ASCII as `\uXXXX` where `plain` is not enough."""
    return "".join(SPACES.get(char) or _code(char, plain) for char in value)


def _code(char: str, plain: bool) -> str:
    if char != "=" and (char.isascii() or plain) and char.isprintable() and not char.isspace():
        return char
    return f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}"


def _sentence_text(forms: list[str], after: list[str]) -> str:
    spaced = [form + (" " if gap else "") for form, gap in zip(forms, after, strict=True)]
    return normalize("NFC", "".join(spaced).rstrip(" "))


def _document_comments(article: str) -> list[str]:
    """The lines that begin a document: its id, twice when UD would not allow it as it is."""
    plain = _allowed(_UNPLAIN.sub(" ", article).strip()) or "article"
    lines = [f"# newdoc id = {plain}\n"]
    if plain != article:
        lines.append(f"# article_id = {json.dumps(article)}\n")
    return lines


def _sentence_id(article: str) -> str:
    """An id without what UD forbids in sentence ids: white space and slashes."""
    return _allowed(re.sub(r"[\s/%\x00-\x1f\x7f]", lambda m: f"%{ord(m[0]):02X}", article))
