"""Records to articles: which field is the text, the id, the title ..., and the rest as metadata."""

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from annotator.formats.sources.incoming import ROLES, ReadOptions
from annotator.model.article import Article, text_sha256, unstorable
from annotator.text.language import UNDECIDED

NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("text", "body", "content", "article", "article_text", "article_body", "articlebody"),
        *("maintext", "main_text", "full_text", "fulltext", "plain_text", "plaintext"),
        *("raw_text", "raw_content", "page_text", "document", "tweet", "sentence"),
    ),
    "id": (
        *("id", "_id", "uuid", "guid", "doc_id", "docid", "document_id", "article_id"),
        *("articleid", "page_id", "news_id"),
    ),
    "title": ("title", "headline", "heading", "article_title"),
    "source": (
        *("source", "site", "publisher", "domain", "outlet", "publication", "site_name"),
        *("sitename", "source_name", "source_domain", "hostname", "newspaper"),
    ),
    "url": ("url", "link", "permalink", "canonical_url", "source_url", "article_url", "href"),
    "date": (
        *("date", "published", "published_at", "publishedat", "publish_date", "date_publish"),
        *("date_published", "published_date", "publication_date", "pub_date", "pubdate"),
        *("datetime", "timestamp", "created_at"),
    ),
    "lang": ("lang", "language", "lang_code", "language_code"),
    "group": (
        *("group", "group_id", "event", "event_id", "story", "story_id", "cluster"),
        *("cluster_id",),
    ),
}
"""Field names by what they hold, the likelier first; case, spaces and hyphens do not count."""

ID_LIMIT = 1000
"""Code points of the longest id that is taken."""

_TAG = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8})*)")


class UnfitError(ValueError):
    """Why a record is not an article."""


def text_field(names: tuple[str, ...], options: ReadOptions) -> str:
    """Which of a table's columns holds the text; "" when none is known to."""
    return field_of("text", names, options)


def field_of(role: str, names: tuple[str, ...], options: ReadOptions) -> str:
    """Which of a table's columns holds what `ROLES` calls `role`; "" when none is known to."""
    candidates = _plan(names, tuple(options.fields.items()))[role]
    return next((name for name in candidates if name in names), "")


def article_of(record: Mapping[str, Any], options: ReadOptions, stem: str) -> Article:
    """The article a record holds.

    A record without an id gets one from its address or, without one, from its text, after `stem`:
    the same again at the next import, wherever the record then stands.

    Raises:
        UnfitError: no text, or one that cannot be stored; an id that is none.
    """
    plan = _plan(tuple(record), tuple(options.fields.items()))
    text_name = _text_name(record, plan["text"])
    text = record[text_name]
    if reason := unstorable(text):
        raise UnfitError(reason)
    used = {text_name}
    found: dict[str, str] = {}
    for role in ROLES[1:]:
        for name in plan[role]:
            value = _plain(record.get(name), role)
            if value:
                found[role] = value
                used.add(name)
                break
    return Article(
        id=_id(found, text, options, stem),
        text=text,
        title=found.get("title", ""),
        source=found.get("source", ""),
        url=found.get("url", ""),
        date=found.get("date", ""),
        lang=found.get("lang", ""),
        lang_source="import" if "lang" in found else "",
        group=found.get("group", ""),
        meta={name: value for name, value in record.items() if name not in used},
    )


@lru_cache(maxsize=1024)
def language(value: str) -> str:
    """A language tag in the spelling of BCP 47; "" for what is no tag or says it is not known."""
    match = _TAG.fullmatch(value.strip())
    if not match or match[1].lower() == UNDECIDED:
        return ""
    parts = [match[1].lower()]
    for part in re.split("[-_]", match[2])[1:]:
        cased = {2: part.upper(), 4: part.title()} if part.isalpha() else {}
        parts.append(cased.get(len(part), part.lower()))
    return "-".join(parts)


@lru_cache(maxsize=256)
def _plan(
    names: tuple[str, ...], overrides: tuple[tuple[str, str], ...]
) -> Mapping[str, tuple[str, ...]]:
    """For each role the fields to try, in order; what was said explicitly is the only one."""
    said = dict(overrides)
    plan: dict[str, tuple[str, ...]] = {}
    for role in ROLES:
        if role in said:
            plan[role] = (said[role],) if said[role] else ()
            continue
        wanted = {name: place for place, name in enumerate(NAMES[role])}
        fitting = [name for name in names if _folded(name) in wanted and name not in said.values()]
        plan[role] = tuple(sorted(fitting, key=lambda name: wanted[_folded(name)]))
    return plan


def _folded(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().casefold())


def _text_name(record: Mapping[str, Any], candidates: tuple[str, ...]) -> str:
    for name in candidates:
        if isinstance(record.get(name), str):
            return name
    if len(candidates) == 1:
        raise UnfitError(f"the field {candidates[0][:60]!r} holds no text")
    names = ", ".join(record)[:200] or "none"
    raise UnfitError(f"none of its fields is known to hold the text (it has: {names})")


def _plain(value: Any, role: str) -> str:
    """A field's value as a string; "" when it is not one for this role and stays metadata."""
    if role == "lang":
        return language(value) if isinstance(value, str) else ""
    if isinstance(value, str):
        return "" if value.isspace() else value
    if isinstance(value, dict) and role == "id":  # MongoDB's export: {"$oid": "..."}
        inner = value.get("$oid")
        return inner if isinstance(inner, str) else ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def _id(found: dict[str, str], text: str, options: ReadOptions, stem: str) -> str:
    said = options.fields.get("id", "")
    if said and "id" not in found:
        raise UnfitError(f"the field {said[:60]!r} holds no id")
    ident = found.get("id", "")
    if not ident:
        url = found.get("url", "")
        digest = hashlib.sha256(url.encode()).hexdigest() if url else text_sha256(text)
        ident = f"{stem}-{digest[:16]}"
    if len(ident) > ID_LIMIT:
        raise UnfitError(f"the id is longer than {ID_LIMIT} characters")
    return options.prefix + ident
