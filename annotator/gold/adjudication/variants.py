"""Items as the annotators' work alone makes them, before any decision: variants, categories, keys."""

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from annotator.gold.adjudication.align import Cluster, Member, align
from annotator.gold.adjudication.items import NOTHING, Category, Item, Variant, What
from annotator.model.annotation import Evidence, Span, Stance, Work
from annotator.model.article import Article
from annotator.model.decision import PREFIX

T = TypeVar("T")

EVIDENCE = "evidence"
_ARTICLES = {
    "en": ("the", "a", "an"),
    "de": ("der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines"),
    "fr": ("le", "la", "les", "l'", "l’", "un", "une", "des"),
    "es": ("el", "la", "los", "las", "un", "una", "unos", "unas"),
    "it": ("il", "lo", "la", "i", "gli", "le", "l'", "l’", "un", "uno", "una"),
    "pt": ("o", "a", "os", "as", "um", "uma"),
    "nl": ("de", "het", "een"),
    "ro": ("un", "o", "unii", "unele"),
    "el": ("ο", "η", "το", "οι", "τα", "του", "της", "των", "τον", "την", "τους", "τις", "ένας", "μια", "ένα"),
    "hu": ("a", "az", "egy"),
}  # fmt: skip
"""Articles that stand before a name, by language; Slavic ones have none, or at the end of the word."""


def item_key(what: What, layer: str, article: str, members: Iterable[str]) -> str:
    """The key of an item of a layer, over its members (see `Item`)."""
    kind = EVIDENCE if what is What.EVIDENCE else layer
    if what is What.STANCE and layer == EVIDENCE:
        kind = f"{layer} (stance)"  # the beginning of a key tells evidence from stance
    return f"{PREFIX}{kind}:{_digest((article, *members))}"


def fingerprint(codes: Iterable[str], value: str = "") -> str:
    """Of a set of variants' codes; `value` is the stance whose evidence they are."""
    return _digest((value, *sorted(set(codes))))


def _digest(parts: Iterable[str]) -> str:
    line = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(line).hexdigest()[:16]


def span_code(span: Span) -> str:
    """The answer a span is: its label and place."""
    return f"{span.label} {span.start}-{span.end}"


def stance_code(label: str) -> str:
    """The answer a stance is: its value."""
    return label if label != NOTHING else f"{NOTHING} (value)"


def evidence_code(evidence: Iterable[Evidence]) -> str:
    """The answer a set of evidence is: its places, with the role where it is another than evidence."""
    places = sorted({(e.start, e.end, e.role) for e in evidence})
    said = (f"{s}-{e}" if role == EVIDENCE else f"{role}:{s}-{e}" for s, e, role in places)
    return " ".join(said) or NOTHING


# --- spans


def span_items(article: Article, layer: str, voters: Sequence[Work]) -> Iterator[Item]:
    """The items of a layer of spans; `voters` are those who finished it, sorted by name."""
    own = {work.actor: [s for s in work.spans if s.layer == layer] for work in voters}
    everybody = tuple(own)
    for cluster in align(own):
        yield _span_item(article, layer, cluster, everybody)


def _span_item(article: Article, layer: str, cluster: Cluster, voters: tuple[str, ...]) -> Item:
    groups: dict[tuple[int, int, str], list[Member]] = {}
    for member in cluster:
        span = member.span
        groups.setdefault((span.start, span.end, span.label), []).append(member)
    places = sorted(groups, key=lambda place: (-len(groups[place]), place))
    variants = [_span_variant(groups[place]) for place in places]
    _add_nothing(variants, voters)
    members = tuple(sorted(member.span.key for member in cluster))
    return Item(
        key=item_key(What.SPAN, layer, article.id, members),
        article=article.id,
        layer=layer,
        what=What.SPAN,
        start=min(start for start, _, _ in places),
        end=max(end for _, end, _ in places),
        variants=tuple(variants),
        voters=voters,
        category=_span_category(article, places, len(variants) > len(places), len(voters)),
        members=members,
        inputs=fingerprint(variant.code for variant in variants),
    )


def _span_variant(members: Sequence[Member]) -> Variant:
    names = tuple(member.annotator for member in members)
    span = members[0].span
    if any(member.span.attrs != span.attrs for member in members):
        span = span._replace(attrs=_attributes([member.span.attrs for member in members]))
    return Variant(span_code(span), names, span)


def _attributes(given: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Of each attribute the value most have (having none counts as one), in a tie the first's."""
    found: dict[str, object] = {}
    for name in sorted({name for attrs in given for name in attrs}):
        holder = _most(given, partial(_said, name))
        if name in holder:
            found[name] = holder[name]
    return found


def _said(name: str, attrs: Mapping[str, object]) -> str | None:
    return repr(attrs[name]) if name in attrs else None


def _most(given: Sequence[T], said: Callable[[T], Hashable]) -> T:
    """The first of those who say what most say; in a tie the very first."""
    counts = Counter(map(said, given))
    return max(given, key=lambda one: counts[said(one)])


def _add_nothing(variants: list[Variant], voters: Sequence[str]) -> None:
    having = {name for variant in variants for name in variant.annotators}
    without = tuple(name for name in voters if name not in having)
    if without:
        variants.append(Variant(NOTHING, without))


def _span_category(
    article: Article, places: Sequence[tuple[int, int, str]], missing: bool, voters: int
) -> tuple[Category, ...]:
    if voters == 1:
        return (Category.SINGLE,)
    found = [Category.MISSING] if missing else []
    edges = {(start, end) for start, end, _ in places}
    if len(edges) > 1:
        found.append(Category.BOUNDARY)
        if len({core(article.text, *edge, article.lang) for edge in edges}) == 1:
            found.append(Category.TRIM)
    if len({label for _, _, label in places}) > 1:
        found.append(Category.LABEL)
    return tuple(found) or (Category.AGREE,)


def core(text: str, start: int, end: int, lang: str = "") -> tuple[int, int]:
    """A stretch without white space and punctuation at its edges and without an article before it."""
    from annotator.text.trim import trim  # only where boundaries differ

    start, end = trim(text, start, end)
    for word in _ARTICLES.get(lang.partition("-")[0].casefold(), ()):
        after = start + len(word)
        if text[start:after].casefold() != word or after >= end:
            continue
        if text[after].isspace() or word[-1] in "'’":
            return trim(text, after, end)
    return start, end


# --- stances and their evidence

Parties = tuple[str, str]
"""The target's and the holder's `ref`."""
Given = Sequence[tuple[str, Stance]]
"""Annotators with their stance, sorted by annotator."""


def parties(stance: Stance) -> Parties:
    """Whose stance toward what: what a stance item is about."""
    return stance.target.ref, stance.holder.ref


def stances_by_parties(voters: Sequence[Work]) -> dict[Parties, list[tuple[str, Stance]]]:
    """Who takes which stance, sorted by target and holder."""
    found: dict[Parties, list[tuple[str, Stance]]] = {}
    for work in voters:
        for stance in work.stances:
            found.setdefault(parties(stance), []).append((work.actor, stance))
    return dict(sorted(found.items()))


def stance_item(article: Article, layer: str, given: Given, voters: tuple[str, ...]) -> Item:
    """The item about one holder's stance toward one target."""
    by_label = _by(given, lambda stance: stance_code(stance.label))
    variants = [
        Variant(code, tuple(name for name, _ in own), stance=_typical([s for _, s in own]))
        for code, own in by_label
    ]
    _add_nothing(variants, voters)
    differ = len(by_label) > 1
    missing = len(variants) > len(by_label)
    category = [Category.STANCE] * differ + [Category.TARGET_MISSING] * missing
    members = parties(given[0][1])
    start, end = _stretch(e for _, stance in given for e in stance.evidence)
    return Item(
        key=item_key(What.STANCE, layer, article.id, members),
        article=article.id,
        layer=layer,
        what=What.STANCE,
        start=start,
        end=end,
        variants=tuple(variants),
        voters=voters,
        category=_or_agree(category, len(voters)),
        members=members,
        inputs=fingerprint(variant.code for variant in variants),
    )


def evidence_item(article: Article, layer: str, given: Given) -> Item | None:
    """The item about the evidence of those who take the same stance; None when nobody has any."""
    groups = _by(given, lambda stance: evidence_code(stance.evidence))
    stance = _typical([stance for _, stance in given])
    variants = []
    for code, own in groups:
        evidence = own[0][1].evidence
        variants.append(Variant(code, tuple(n for n, _ in own), None, stance, _sorted(evidence)))
    variants.sort(key=lambda variant: variant.code == NOTHING)
    if variants[0].code == NOTHING:
        return None
    members = parties(stance)
    start, end = _stretch(e for variant in variants for e in variant.evidence)
    return Item(
        key=item_key(What.EVIDENCE, layer, article.id, members),
        article=article.id,
        layer=layer,
        what=What.EVIDENCE,
        start=start,
        end=end,
        variants=tuple(variants),
        voters=tuple(name for name, _ in given),
        category=_or_agree([Category.EVIDENCE] * (len(variants) > 1), len(given)),
        members=members,
        inputs=fingerprint((variant.code for variant in variants), stance.label),
    )


def _by(given: Given, code: Callable[[Stance], str]) -> list[tuple[str, list[tuple[str, Stance]]]]:
    """Those who give the same answer together, most first, then by code."""
    groups: dict[str, list[tuple[str, Stance]]] = {}
    for name, stance in given:
        groups.setdefault(code(stance), []).append((name, stance))
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))


def _typical(stances: Sequence[Stance]) -> Stance:
    """What is gold of equal stances: without evidence and remark, the rest as most have it."""
    return stances[0]._replace(
        target=_most(stances, lambda stance: stance.target).target,
        holder=_most(stances, lambda stance: stance.holder).holder,
        basis=_most(stances, lambda stance: stance.basis).basis,
        confidence=_most(stances, lambda stance: stance.confidence).confidence,
        evidence=(),
        note="",
    )


def _or_agree(category: list[Category], voters: int) -> tuple[Category, ...]:
    return (Category.SINGLE,) if voters == 1 else tuple(category) or (Category.AGREE,)


def _sorted(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(set(evidence)))


def _stretch(evidence: Iterable[Evidence]) -> tuple[int, int]:
    places = [(e.start, e.end) for e in evidence]
    if not places:
        return 0, 0
    return min(start for start, _ in places), max(end for _, end in places)
