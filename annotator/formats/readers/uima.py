"""Records from a CAS of UIMA, whichever way it was written: what is an article, what is a claim.

Each view with a text is an article. An annotation of it is a claim when it has a feature that can
be its label (`value`, as in DKPro's NamedEntity, or another string); the short name of its type is
the claim's layer. Tokens, sentences and document data are no annotations; what is said of every
token (lemmas, parts of speech), relations and chains stay behind and are counted. A text nothing is
claimed of is taken for one nobody has finished, as no CAS says so.
Types and conventions: DKPro Core, and the documentation of INCEpTION.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from annotator.formats.claims import Claim, Record
from annotator.formats.sources.fields import ID_LIMIT, language
from annotator.formats.sources.incoming import LIMIT, Found, ReadOptions, Refusal, open_file
from annotator.formats.writers.uima_names import DKPRO, EVIDENCE, NAMED_ENTITY, STANCE, UNSPECIFIED
from annotator.model.annotation import valid_name
from annotator.model.article import Article, text_sha256, unstorable
from annotator.model.errors import AnnotatorError
from annotator.text.counting import Count

INITIAL = "_InitialView"
STRING = "uima.cas.String"
NO_TYPES = "it is a type system, not an article"

_SEGMENTS = ("Token", "Sentence")
_DATA = (f"{DKPRO}metadata.type.", "de.tudarmstadt.ukp.clarin.webanno.api.type.")
"""Packages of what is said of a whole file."""
_LAYOUT = ("org.dkpro.core.api.xml.type.", "org.dkpro.core.api.pdf.type.")
_OF_TOKENS = (f"{DKPRO}segmentation.type.", f"{DKPRO}lexmorph.type.")
_LABELS = ("label", "category", "tag", "type", "kind", "class")
_IDS = ("id", "identifier")
_NOISE = ("isLastSegment", "lastChangedOnDisk")
_DOCUMENT = "uima.tcas.DocumentAnnotation"

LONGEST_LINE = 100
"""How many types a type may come of; those of real type systems come of ten."""
MOST_FEATURES = 1_000_000
"""How many features the types in use may have in all, each counted with those of its parents."""


class BadCasError(ValueError):
    """Why a file is no CAS, in words for a person."""


class Sofa(NamedTuple):
    """The text of a view ("subject of analysis"), or where it would be."""

    id: str
    view: str
    text: str | None = None
    uri: str = ""
    is_array: bool = False
    mime: str = ""


class Structure(NamedTuple):
    """A feature structure: an annotation, where it has a place."""

    id: str
    type: str
    sofa: str
    begin: int | None
    end: int | None
    values: Mapping[str, Any]
    """Features that are strings, numbers or truth values, in the file's order."""
    links: tuple[str, ...] = ()
    """Features that are other structures or lists."""

    @property
    def short(self) -> str:
        """The type's name without its package."""
        return self.type.rpartition(".")[2]


class Types:
    """A type system, as far as the file says it."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}
        self._features = {NAMED_ENTITY: {"value": STRING, "identifier": STRING}}
        # What was worked out once: a file may use a type in every line.
        self._lines: dict[str, dict[str, None]] = {}
        self._whole: dict[str, dict[str, str]] = {}
        self._held = 0

    def __bool__(self) -> bool:
        """Whether anything was said."""
        return bool(self._parents)

    def add(self, name: str, parent: str, features: Mapping[str, str]) -> None:
        """Note a type with the ranges of its features."""
        self._parents[name] = parent
        self._features[name] = dict(features)
        self._lines.clear()
        self._whole.clear()
        self._held = 0

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether a type is another one or comes of it.

        Raises:
            BadCasError: it comes of more types than any real one.
        """
        return ancestor in self._line(name)

    def features(self, name: str) -> Mapping[str, str]:
        """The ranges of a type's features, its parents' last.

        Raises:
            BadCasError: it comes of more types than any real one, or there are far too many
                features.
        """
        if name not in self._whole:
            found: dict[str, str] = {}
            for each in self._line(name):
                for feature, range_ in self._features.get(each, {}).items():
                    found.setdefault(feature, range_)
            self._held += len(found)
            if self._held > MOST_FEATURES:
                raise BadCasError(f"its types have more than {MOST_FEATURES} features in all")
            self._whole[name] = found
        return self._whole[name]

    def _line(self, name: str) -> dict[str, None]:
        """A type, its parent and so on, up to the first or to where a ring closes."""
        if name not in self._lines:
            line = {name: None}
            last = name
            while (last := self._parents.get(last, "")) and last not in line:
                if len(line) > LONGEST_LINE:
                    shown = name[-60:]
                    raise BadCasError(f"its type {shown} comes of more than {LONGEST_LINE} types")
                line[last] = None
            self._lines[name] = line
        return self._lines[name]


class Cas(NamedTuple):
    """What a file holds."""

    sofas: list[Sofa]
    structures: list[Structure]
    members: Mapping[str, frozenset[str]]
    """Which structures each sofa's view has, by ids; a sofa that is not here has all of its own."""
    types: Types


def whole(found: Found, options: ReadOptions) -> bytes:
    """The bytes of a file.

    Raises:
        BadCasError: it is too large.
    """
    with open_file(found.path, options) as stream:
        data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise BadCasError(f"the file is larger than {LIMIT >> 20} MB")
    return data


def records(
    cas: Cas, found: Found, options: ReadOptions, origin: str
) -> Iterator[Record | Refusal]:
    """A record for each view that has a text, and why a view that should have one has none."""
    several = sum(bool(sofa.text) for sofa in cas.sofas) > 1
    said = False
    for sofa in cas.sofas:
        where = f"{found.where}, view {sofa.view}" if len(cas.sofas) > 1 else found.where
        mine = [each for each in cas.structures if each.sofa == sofa.id]
        if reason := _no_text(sofa):
            if mine or sofa.text is not None or sofa.uri or sofa.is_array:
                yield Refusal(where, reason)
                said = True
            continue
        stem = PurePosixPath(found.name).stem
        try:
            view = _View(cas, sofa, mine)
            record = view.record(where, stem, options.prefix, origin, several)
        except BadCasError as error:
            record = Refusal(where, str(error))
        yield record
        said = True
    if not said:
        yield Refusal(found.where, "it has no text")


def _no_text(sofa: Sofa) -> str:
    """Why a view is no article ("" when it is)."""
    if sofa.text is not None:
        return unstorable(sofa.text)
    if sofa.uri:
        return f"its text is not in the file but at {sofa.uri[:80]}"
    return "its text is an array of bytes, not a string" if sofa.is_array else "it has no text"


class _View:
    """One text with what is said of it."""

    def __init__(self, cas: Cas, sofa: Sofa, structures: list[Structure]) -> None:
        self._types = cas.types
        self._sofa = sofa
        members = cas.members.get(sofa.id)
        self._structures = [s for s in structures if members is None or s.id in members]
        self._labels = self._label_features()
        self._left_out = Counter[str]()
        for each in structures:
            if members is not None and each.id not in members and not _is_silent(each, cas.types):
                self._left_out["annotation outside the index of its view"] += 1

    def record(
        self, where: str, stem: str, prefix: str, origin: str, several: bool
    ) -> Record | Refusal:
        """The article and its claims; `several` says that other views of the file have texts too."""
        text = self._sofa.text or ""
        data = _Data.of(self._structures, self._types)
        ident = data.id or f"{stem}-{text_sha256(text)[:16]}"
        if several and self._sofa.view != INITIAL:
            ident += f"#{self._sofa.view}"
        if len(ident) > ID_LIMIT:
            return Refusal(where, f"the id is longer than {ID_LIMIT} characters")
        lang = language(_text(data.values.pop("language", "")))
        article = Article(
            prefix + ident,
            text,
            title=data.title,
            url=data.url,
            lang=lang,
            lang_source="import" if lang else "",
            meta={**data.values, **self._about_sofa()},
        )
        claims = tuple(claim for each in self._structures if (claim := self._claim(each)))
        return Record(
            where,
            article,
            claims,
            data.annotator,
            finished=bool(claims),
            counts=Count.UTF16,
            left_out=dict(self._left_out),
            origin=origin,
        )

    def _about_sofa(self) -> dict[str, str]:
        mime = "" if self._sofa.mime in ("text", "text/plain") else self._sofa.mime
        view = "" if self._sofa.view == INITIAL else self._sofa.view
        return {name: value for name, value in (("mimeType", mime), ("view", view)) if value}

    def _claim(self, structure: Structure) -> Claim | None:
        """What a structure claims; what is not taken along is counted."""
        if kind := self._beside(structure):
            self._left_out[kind] += 1
            return None
        if _is_silent(structure, self._types) or structure.begin is None or structure.end is None:
            return None
        if structure.links:
            self._left_out["link to another annotation"] += len(structure.links)
        feature = self._labels.get(structure.type, "")
        label = structure.values.get(feature)
        if not isinstance(label, str) or not label:
            self._left_out["annotation without a label"] += 1
            return None
        attrs = {
            "xid" if name == "identifier" else name: value
            for name, value in structure.values.items()
            if name != feature
        }
        place = structure.begin, structure.end
        return Claim(*place, label, None, structure.short, attrs, structure.id)

    def _beside(self, structure: Structure) -> str:
        """What to count a structure as that is left out; "" for others."""
        links = structure.links
        if _is_silent(structure, self._types):
            return ""
        if structure.type == EVIDENCE:
            return "evidence of a stance"
        if structure.begin is None or structure.end is None:
            return "stance" if structure.type == STANCE else "annotation of the whole article"
        if structure.type.startswith(_OF_TOKENS):
            return f"{structure.short} annotation"
        if "Governor" in links and "Dependent" in links:
            return "relation"
        if structure.values.keys() & {"referenceType", "referenceRelation"} or "next" in links:
            return "link of a chain"
        return "annotation of no text" if structure.begin == structure.end else ""

    def _label_features(self) -> dict[str, str]:
        """The feature of each type that holds its labels."""
        names: dict[str, dict[str, None]] = {}
        for each in self._structures:
            if each.type not in names:
                declared = self._types.features(each.type).items()
                names[each.type] = dict.fromkeys(
                    n for n, r in declared if self._types.is_a(r, STRING)
                )
            strings = (name for name, value in each.values.items() if isinstance(value, str))
            names[each.type].update(dict.fromkeys(strings))
        return {type_: label_feature(found) for type_, found in names.items()}


class _Data(NamedTuple):
    """What a file says of its article as a whole."""

    id: str
    title: str
    url: str
    annotator: str
    values: dict[str, Any]
    """The rest, for the metadata."""

    @classmethod
    def of(cls, structures: Iterable[Structure], types: Types) -> "_Data":
        """The document data among structures.

        INCEpTION's exports name the document in `documentTitle` and its address, and the annotator
        in `documentId`; DKPro and our own exports have the document's id there.
        """
        values: dict[str, Any] = {}
        for each in structures:
            if _is_data(each, types) and not each.short.startswith("Tag"):
                values.update((n, v) for n, v in each.values.items() if _tells(n, v))
        ident, title = _text(values.pop("documentId", "")), _text(values.pop("documentTitle", ""))
        url = _text(values.get("documentUri", ""))
        annotator = _text(values.pop("username", ""))
        if url.startswith(("http:", "https:")):
            del values["documentUri"]
        else:
            if title and url.endswith(f"/{title}"):
                annotator = annotator or ("" if ident == title else ident)
                ident, title = title, ""
            url = ""
        return cls(ident, "" if title == ident else title, url, _name(annotator), values)


def _is_data(structure: Structure, types: Types) -> bool:
    """Whether a structure says something of the file as a whole."""
    return structure.type.startswith(_DATA) or types.is_a(structure.type, _DOCUMENT)


def _is_silent(structure: Structure, types: Types) -> bool:
    """Whether a structure says only how a text is divided, or is of the file as a whole."""
    return (
        structure.short in _SEGMENTS
        or structure.type.startswith(_LAYOUT)
        or _is_data(structure, types)
    )


def _tells(name: str, value: Any) -> bool:
    """Whether document data is worth keeping."""
    return name not in _NOISE and value not in ("", UNSPECIFIED)


def of_tokens(type_: str) -> bool:
    """Whether annotations of a type are said of every token: lemmas, parts of speech ..."""
    return type_.startswith(_OF_TOKENS)


def label_feature(names: Iterable[str]) -> str:
    """Which feature of a type holds its label: `value`, else one called so, else the first."""
    able = [name for name in names if name.lower() not in _IDS]
    for fits in (
        lambda name: name == "value",
        lambda name: name.lower().endswith("value"),
        lambda name: name.lower() in _LABELS,
    ):
        for name in able:
            if fits(name):
                return name
    return able[0] if able else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _name(annotator: str) -> str:
    """An annotator's name, "" for one that cannot be one or stands for nobody."""
    try:
        return "" if annotator == "INITIAL_CAS" else valid_name(annotator)
    except AnnotatorError:
        return ""
