"""UIMA JSON CAS 0.4.0, as INCEpTION and cassis write it; read with the standard library alone.

Offsets are UTF-16 units. Features that point at other structures begin with `@`, those that point
into the text may begin with `^`, and numbers JSON has no form for with `#`.
Format: SPECIFICATION.adoc of apache/uima-uimaj-io-jsoncas.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from annotator.formats.claims import Record
from annotator.formats.readers.uima import (
    NO_TYPES,
    BadCasError,
    Cas,
    Sofa,
    Structure,
    Types,
    records,
    whole,
)
from annotator.formats.sources.decoding import NotTextError, coding, decode
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.formats.strict_json import BadJsonError, loads

_START = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*\{\s*"%(?:HEADER|TYPES|FEATURE_STRUCTURES|VIEWS)"\s*:\s*[\[{]'
)
_SOFA = "uima.cas.Sofa"


def sniff(head: bytes, name: str) -> bool:
    """Whether a file begins with one of the format's own keys."""
    return name.lower().endswith(".json") and _START.match(head) is not None


def read(found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
    """A record for each text of the file."""
    try:
        data = whole(found, options)
        cas = _cas(loads(decode(data, coding(data[:4], options))))
    except NotTextError as error:
        yield Refusal(f"{found.where}:{error.line}", str(error))
    except (BadJsonError, BadCasError) as error:
        yield Refusal(found.where, str(error))
    else:
        yield from records(cas, found, options, "cas-json")


def _cas(value: Any) -> Cas:
    """The CAS a JSON value describes."""
    if not isinstance(value, dict) or not any(key.startswith("%") for key in value):
        raise BadCasError("it is no JSON CAS: none of its keys begins with %")
    if "%TYPES" in value and not value.keys() & {"%FEATURE_STRUCTURES", "%VIEWS"}:
        raise BadCasError(NO_TYPES)
    sofas: list[Sofa] = []
    structures: list[Structure] = []
    for ident, item in _items(value.get("%FEATURE_STRUCTURES", [])):
        type_ = _typed(item.get("%TYPE"), str, f"%TYPE of structure {ident}")
        if type_ == _SOFA:
            sofas.append(_sofa(ident, item))
        else:
            structures.append(_structure(ident, type_, item))
    return Cas(sofas, structures, _members(value.get("%VIEWS", {})), _types(value.get("%TYPES")))


def _items(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every structure with its id: of a list, or of an object by ids."""
    if isinstance(value, dict):
        for ident, item in value.items():
            yield ident[:40], _typed(item, dict, f"structure {ident[:40]}")
        return
    for number, item in enumerate(_typed(value, list, "%FEATURE_STRUCTURES"), 1):
        _typed(item, dict, f"structure {number}")
        yield str(_typed(item.get("%ID"), int, f"%ID of structure {number}")), item


def _sofa(ident: str, item: Mapping[str, Any]) -> Sofa:
    text = item.get("sofaString")
    if text is not None:
        _typed(text, str, "sofaString")
    return Sofa(
        ident,
        str(item.get("sofaID", ""))[:200],
        text,
        str(item.get("sofaURI", "")),
        "@sofaArray" in item,
        str(item.get("mimeType", ""))[:200],
    )


def _structure(ident: str, type_: str, item: Mapping[str, Any]) -> Structure:
    values: dict[str, Any] = {}
    links: list[str] = []
    places: dict[str, int] = {}
    for key, value in item.items():
        name = key.lstrip("^") if key in ("^begin", "^end") else key
        if key.startswith("%") or key == "@sofa" or value is None:
            continue
        if name in ("begin", "end"):
            places[name] = _typed(value, int, f"{name} of {type_[-60:]} {ident}")
        elif key.startswith("@") or not isinstance(value, str | int | float):
            links.append(key.lstrip("@"))
        elif not key.startswith("#"):
            values[key] = value
    sofa = item.get("@sofa")
    return Structure(
        ident,
        type_,
        "" if sofa is None else str(_typed(sofa, int, f"@sofa of structure {ident}")),
        places.get("begin"),
        places.get("end"),
        values,
        tuple(links),
    )


def _members(value: Any) -> dict[str, frozenset[str]]:
    """The ids in the index of each sofa's view."""
    found: dict[str, frozenset[str]] = {}
    for name, view in _typed(value, dict, "%VIEWS").items():
        where = f"of view {name[:40]!r}"
        _typed(view, dict, f"%VIEWS {where}")
        if "%SOFA" in view and "%MEMBERS" in view and view["%SOFA"] is not None:
            sofa = _typed(view["%SOFA"], int, f"%SOFA {where}")
            members = _typed(view["%MEMBERS"], list, f"%MEMBERS {where}")
            found[str(sofa)] = frozenset(str(_typed(m, int, f"%MEMBERS {where}")) for m in members)
    return found


def _types(value: Any) -> Types:
    types = Types()
    for name, item in _typed({} if value is None else value, dict, "%TYPES").items():
        parent = _typed(item, dict, f"type {name[:60]!r}").get("%SUPER_TYPE", "uima.cas.TOP")
        features = {
            feature: str(told.get("%RANGE", ""))
            for feature, told in item.items()
            if not feature.startswith("%") and isinstance(told, dict)
        }
        types.add(name, _typed(parent, str, f"%SUPER_TYPE of {name[:60]!r}"), features)
    return types


def _typed(value: Any, kind: type, what: str) -> Any:
    # A JSON true is an int to Python, but no number here.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        names = {str: "a string", int: "a whole number", dict: "an object", list: "a list"}
        raise BadCasError(f"it is no JSON CAS: {what} is not {names[kind]}")
    return value
