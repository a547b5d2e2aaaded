"""Rows of data sets: which columns hold the text and what is marked in it, and what they claim.

A row of ours is known by its columns. Of others, any column is one of spans whose values are lists of
structs with a start, an end and a label; else tokens with tags make the claims.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from annotator.formats.claims import Claim, Record
from annotator.formats.readers.hf_card import Card, Names
from annotator.formats.readers.json_values import person, place, whole
from annotator.formats.readers.tags import TAG, Scheme, entities
from annotator.formats.sources.fields import ID_LIMIT, UnfitError, article_of, field_of
from annotator.formats.sources.incoming import ReadOptions
from annotator.formats.strict_json import BadJsonError, loads
from annotator.formats.writers.hf_features import AFTER, EMPTY, STRINGS, layer_of
from annotator.model.article import Article, text_sha256, unstorable

ORIGIN = "hf"

_OWN = frozenset((*STRINGS, "annotator", "finished", "looked"))
"""Columns that together only our own rows have."""

_STARTS = ("start", "start_offset", "start_char", "begin")
_ENDS = ("end", "end_offset", "end_char", "stop")
_LABELS = ("label", "type", "entity", "entity_type", "entity_group", "tag", "category")
_QUOTES = ("text", "surface", "mention")
_SPAN_COLUMNS = frozenset(("spans", "entities", "ents", "annotations", "labels"))
"""Columns that hold spans even when the first row has none of them."""
_TOKENS = ("tokens", "words")
_TAGS = ("ner_tags", "tags", "ner", "ner_labels", "labels", "bio_tags", "entity_tags")

REBUILT = "tokens joined by single spaces"


class NoColumnsError(UnfitError):
    """A row whose columns hold nothing that is understood, as those of its whole file will."""


def is_own(row: Mapping[str, Any]) -> bool:
    """Whether a row is as annotator writes them."""
    return row.keys() >= _OWN


def own_record(
    row: Mapping[str, Any], where: str, card: Card, names: Names, options: ReadOptions
) -> Record:
    """A row that annotator wrote; UnfitError when it is not as it must be."""
    for name in (*STRINGS, "annotator"):
        if not isinstance(row[name], str):
            raise UnfitError(f"the column {name!r} is no text")
    if reason := unstorable(row["text"]):
        raise UnfitError(reason)
    if not 0 < len(row["id"]) <= ID_LIMIT:
        raise UnfitError(f"the id is empty or longer than {ID_LIMIT} characters")
    if text_sha256(row["text"]) != row["text_sha256"]:
        raise UnfitError("text_sha256 is not the SHA-256 of the text")
    claims: list[Claim] = []
    for name, value in row.items():
        if name not in _OWN and name not in AFTER:
            claims += _own_claims(value, name, names)
    stances = row.get("stances")
    return Record(
        where,
        Article(
            id=options.prefix + row["id"],
            **{name: row[name] for name in STRINGS if name not in ("id", "text_sha256")},
            lang_source="import" if row["lang"] else "",
        ),
        tuple(claims),
        person(row["annotator"]),
        finished=row["finished"] is True,
        counts=card.offsets,
        sha256=row["text_sha256"],
        left_out={"stance": len(stances)} if isinstance(stances, list) and stances else {},
        origin=ORIGIN,
    )


def _own_claims(value: Any, name: str, names: Names) -> Iterator[Claim]:
    if not isinstance(value, list):
        raise UnfitError(f"the column {name[:40]!r} is no list of spans")
    for span in value:
        if not isinstance(span, dict) or not isinstance(span.get("text"), str):
            raise UnfitError(f"the column {name[:40]!r} is no list of spans")
        start, end = place(span.get("start"), span.get("end"), f"a span in {name[:40]!r}")
        label = _label(span.get("label"), names.get(f"{name}.label", ()), name)
        attrs = {key: span[key] for key in ("lemma", "xid") if span.get(key)}
        attrs |= _own_attrs(span.get("attrs"))
        yield Claim(start, end, label, span["text"], layer_of(name), attrs)


def _own_attrs(value: Any) -> dict[str, Any]:
    if value == EMPTY:
        return {}
    try:
        attrs = loads(value) if isinstance(value, str) else None
    except BadJsonError as error:
        raise UnfitError(f"the attrs of a span: {error}") from None
    if not isinstance(attrs, dict):
        raise UnfitError("the attrs of a span are no JSON object")
    return attrs


def record(
    row: Mapping[str, Any],
    where: str,
    stem: str,
    names: Names,
    options: ReadOptions,
) -> Record:
    """A row of a foreign data set.

    Raises:
        NoColumnsError: it has neither spans nor tags.
        UnfitError: what its columns hold does not fit together.
    """
    used = [name for name in row if _is_spans(name, row[name], names)]
    text_name = field_of("text", tuple(row), options)
    text = row.get(text_name)
    tokens, tags = _tagged(row, options)
    meta: dict[str, Any] = {}
    left_out: dict[str, int] = {}
    if used and isinstance(text, str):
        claims = [claim for name in used for claim in _claims(row[name], name, names)]
        left_out = {"row of tags beside spans": 1} if tags and tags not in used else {}
    elif tags:
        given = text if isinstance(text, str) else None
        text, places = _placed(row[tokens], given)
        claims = list(_tag_claims(row[tags], tags, places, names))
        used = [tokens, tags]
        if text != given:
            meta["text_made_from"] = REBUILT
    else:
        raise NoColumnsError(_no_columns(row, bool(used)))
    text_name = text_name or "text"
    rest = {name: value for name, value in row.items() if name not in (*used, tokens, tags)}
    settled = replace(options, fields={**options.fields, "text": text_name})
    article = article_of({**rest, text_name: text}, settled, stem)
    article = replace(article, meta={**article.meta, **meta})
    return Record(where, article, tuple(claims), left_out=left_out, origin=ORIGIN)


def is_annotated(row: Mapping[str, Any]) -> bool:
    """Whether a row has any spans, or tags."""
    spans = any(_structs(value) and _is_spans(name, value, {}) for name, value in row.items())
    return spans or bool(_tagged(row, ReadOptions())[1])


def _no_columns(row: Mapping[str, Any], spans: bool) -> str:
    has = ", ".join(row)[:200] or "none"
    if spans:
        return f"none of its columns is known to hold the text (it has: {has})"
    return f"it has neither a column of spans nor tokens with tags (it has: {has})"


def _is_spans(name: str, value: Any, names: Names) -> bool:
    """Whether a column holds spans."""
    if value in ([], {}) or (isinstance(value, dict) and not any(value.values())):
        return name in _SPAN_COLUMNS or any(f"{name}.{label}" in names for label in _LABELS)
    structs = _structs(value)
    return bool(structs) and all(
        all(any(key in struct for key in keys) for keys in (_STARTS, _ENDS, _LABELS))
        for struct in structs
    )


def _structs(value: Any) -> list[Mapping[str, Any]]:
    """A list of structs, also when it is a struct of lists, as data sets had it before; else none."""
    if isinstance(value, dict) and value and all(isinstance(v, list) for v in value.values()):
        columns = list(value.values())
        if any(len(column) != len(columns[0]) for column in columns):
            return []
        return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return value
    return []


def _claims(value: Any, name: str, names: Names) -> Iterator[Claim]:
    for struct in _structs(value):
        start_key, end_key, label_key = (
            next(key for key in keys if key in struct) for keys in (_STARTS, _ENDS, _LABELS)
        )
        start, end = place(struct[start_key], struct[end_key], f"a span in {name[:40]!r}")
        label = _label(struct[label_key], names.get(f"{name}.{label_key}", ()), name)
        quote_key = next((key for key in _QUOTES if isinstance(struct.get(key), str)), "")
        passed = (start_key, end_key, label_key, quote_key, "id")
        attrs = {k: v for k, v in struct.items() if k not in passed and v not in (None, "", [])}
        ident = struct.get("id")
        yield Claim(
            start,
            end,
            label,
            struct[quote_key] if quote_key else None,
            name,
            attrs,
            ident if isinstance(ident, str) else "",
        )


def _label(value: Any, names: tuple[str, ...], column: str) -> str:
    """A label by its name or number."""
    if isinstance(value, str) and value:
        return value
    if not whole(value):
        raise UnfitError(f"a label in {column[:40]!r} is neither a name nor a number")
    if not names:
        raise UnfitError(
            f"the labels in {column[:40]!r} are numbers, and no card says what they are called"
        )
    if not 0 <= value < len(names):
        raise UnfitError(f"the label {value} in {column[:40]!r} is none of the {len(names)} named")
    return names[value]


def _tagged(row: Mapping[str, Any], options: ReadOptions) -> tuple[str, str]:
    """The columns of tokens and of as many tags; empty when there are none."""
    said = options.fields.get("text", "")
    for tokens in (said, *_TOKENS):
        words = row.get(tokens)
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            continue
        for tags in _TAGS:
            found = row.get(tags)
            if isinstance(found, list) and len(found) == len(words):
                return tokens, tags
    return "", ""


def _placed(words: list[str], given: str | None) -> tuple[str, list[tuple[int, int]]]:
    """The text of tokens and where each is: the text that is given, if they are all of it."""
    places: list[tuple[int, int]] = []
    position = 0
    if given is not None:
        for word in words:
            start = given.find(word, position)
            if start < 0 or given[position:start].strip():
                break
            position = start + len(word)
            places.append((start, position))
        if len(places) == len(words) and not given[position:].strip():
            return given, places
        places, position = [], 0
    for word in words:
        places.append((position, position + len(word)))
        position += len(word) + 1
    return " ".join(words), places


def _tag_claims(
    tags: list[Any], column: str, places: list[tuple[int, int]], names: Names
) -> Iterator[Claim]:
    """The entities that tags stand for; tags without B- or I- make one of equal neighbours."""
    spelt = [_tag(tag, names.get(column, ()), column) for tag in tags]
    if all(tag == "O" or not TAG.fullmatch(tag) for tag in spelt):
        spelt = [tag if tag == "O" else f"I-{tag}" for tag in spelt]
    if bad := next((tag for tag in spelt if not TAG.fullmatch(tag)), ""):
        raise UnfitError(f"{bad[:40]!r} in {column!r} is no tag")
    for entity in entities(spelt, Scheme.IOB2)[0]:
        start, end = places[entity.first][0], places[entity.last][1]
        yield Claim(start, end, entity.label)


def _tag(value: Any, names: tuple[str, ...], column: str) -> str:
    if value in ("", "_", -100, None):  # what is not tagged
        return "O"
    return _label(value, names, column)


def without_bytes(row: Mapping[str, Any], left_out: Counter[str]) -> dict[str, Any]:
    """A row of Parquet without columns of bytes, such as pictures."""
    found = {name: value for name, value in row.items() if not isinstance(value, bytes)}
    left_out["column of bytes"] += len(row) - len(found)
    return found
