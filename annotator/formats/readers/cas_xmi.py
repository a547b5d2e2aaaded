"""UIMA CAS as XMI, as INCEpTION, DKPro and cassis write it.

An element is a structure, its namespace the package of the type, its attributes the features;
offsets are UTF-16 units. XMI does not say which attributes are references: a type system beside
the file does, and without one an attribute that holds nothing but ids of the file is taken for one.
Format: UIMA references, "XMI CAS serialization" and "Type System Descriptors".
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.formats.claims import Record
from annotator.formats.readers.plain_xml import BadXmlError, Element, parse
from annotator.formats.readers.uima import (
    NO_TYPES,
    STRING,
    BadCasError,
    Cas,
    Sofa,
    Structure,
    Types,
    records,
    whole,
)
from annotator.formats.sources.incoming import LIMIT, Found, ReadOptions, Refusal

_XMI = "http://www.omg.org/XMI"
_DESCRIPTION = "http://uima.apache.org/resourceSpecifier typeSystemDescription"
_PACKAGE = re.compile(r"http:///(.+)\.ecore")
_ID = f"{_XMI} id"
_OWN = (_ID, "sofa", "begin", "end")
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_NUMBERS = ("Byte", "Short", "Integer", "Long")
_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?><!--.*?-->\s*)*+"
    rb"<(?:[A-Za-z_][\w.-]*:)?(XMI|typeSystemDescription)\b([^>]*)",
    re.DOTALL,
)


def sniff(head: bytes, _name: str) -> bool:
    """Whether a file begins with the root of XMI, or of a type system (which is refused)."""
    match = _START.match(head)
    if match is None:
        return False
    wanted = _XMI if match[1] == b"XMI" else "http://uima.apache.org/resourceSpecifier"
    return wanted.encode() in match[2]


def read(found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
    """A record for each text of the file."""
    try:
        root = parse(whole(found, options))
        cas = _cas(root, _types_beside(found.path))
    except (BadXmlError, BadCasError) as error:
        yield Refusal(found.where, str(error))
    else:
        yield from records(cas, found, options, "cas-xmi")


def _cas(root: Element, types: Types) -> Cas:
    if root.name == _DESCRIPTION:
        raise BadCasError(NO_TYPES)
    if root.namespace != _XMI:
        raise BadCasError(f"it is no XMI: it begins with <{root.local[:60]}>")
    sofas: list[Sofa] = []
    structures: list[Structure] = []
    members: dict[str, frozenset[str]] = {}
    elements = [(element, _type(element)) for element in root.children]
    ids = frozenset(e.attributes[_ID] for e, type_ in elements if type_ and _ID in e.attributes)
    for element, type_ in elements:
        if type_ == "uima.cas.Sofa":
            sofas.append(_sofa(element.attributes))
        elif type_ == "uima.cas.View":
            view = element.attributes
            members[view.get("sofa", "")] = frozenset(view.get("members", "").split())
        elif type_:
            structures.append(_structure(element, type_, types, ids))
    return Cas(sofas, structures, members, types)


def _type(element: Element) -> str:
    """The UIMA type of an element; "" when its namespace is none of UIMA's."""
    match = _PACKAGE.fullmatch(element.namespace)
    if match is None:
        return ""
    package = match[1].replace("/", ".")
    return element.local if package == "uima.noNamespace" else f"{package}.{element.local}"


def _sofa(attributes: Mapping[str, str]) -> Sofa:
    return Sofa(
        attributes.get(_ID, ""),
        attributes.get("sofaID", "")[:200],
        attributes.get("sofaString"),
        attributes.get("sofaURI", ""),
        "sofaArray" in attributes,
        attributes.get("mimeType", "")[:200],
    )


def _structure(element: Element, type_: str, types: Types, ids: frozenset[str]) -> Structure:
    attributes = element.attributes
    ranges = types.features(type_)
    values: dict[str, Any] = {}
    links = list(dict.fromkeys(child.local for child in element.children))
    for name, value in attributes.items():
        if name in _OWN:
            continue
        told = _value(value, ranges[name], types) if name in ranges else _guess(name, value, ids)
        if told is None:
            links.append(name)
        else:
            values[name] = told
    return Structure(
        attributes.get(_ID, ""),
        type_,
        attributes.get("sofa", ""),
        _offset(attributes, "begin", type_),
        _offset(attributes, "end", type_),
        values,
        tuple(links),
    )


def _value(value: str, range_: str, types: Types) -> str | int | float | bool | None:
    """A feature's value in its range; None for a reference or a list."""
    if types.is_a(range_, STRING):
        return value
    if range_ == "uima.cas.Boolean":
        return value == "true"
    plain = range_.removeprefix("uima.cas.")
    if plain in _NUMBERS:
        return int(value) if _NUMBER.fullmatch(value) else value
    return value if plain in ("Float", "Double") else None


def _guess(name: str, value: str, ids: frozenset[str]) -> str | bool | None:
    """A feature's value when nothing says its range; None when it looks like references."""
    if name.lower().endswith("value"):
        return value
    if value in ("true", "false"):
        return value == "true"
    parts = value.split()
    return value if not parts or not ids.issuperset(parts) else None


def _offset(attributes: Mapping[str, str], name: str, type_: str) -> int | None:
    value = attributes.get(name)
    if value is None:
        return None
    if not _NUMBER.fullmatch(value):
        what = f"{name} of {type_[-60:]} {attributes.get(_ID, '')[:40]}"
        raise BadCasError(f"it is no XMI: {what} is not a whole number")
    return int(value)


def _types_beside(path: Path) -> Types:
    """The type system that lies beside a file under one of its usual names, if any does."""
    for name in (
        f"{path.name}.TypeSystem.xml",
        f"{path.stem}-typesystem.xml",
        f"{path.stem}.typesystem.xml",
        "TypeSystem.xml",
        "typesystem.xml",
    ):
        beside = path.with_name(name)
        try:
            if beside != path and beside.is_file() and beside.stat().st_size <= LIMIT:
                return type_system(beside.read_bytes())
        except (OSError, BadXmlError):
            continue
    return Types()


def type_system(data: bytes) -> Types:
    """The types of a type system description.

    Raises:
        BadXmlError: it is no XML.
    """
    types = Types()
    for group in parse(data).children:
        for element in group.children if group.local == "types" else []:
            features = {
                feature.child("name"): feature.child("rangeTypeName")
                for part in element.children
                if part.local == "features"
                for feature in part.children
            }
            types.add(element.child("name"), element.child("supertypeName"), features)
    return types
