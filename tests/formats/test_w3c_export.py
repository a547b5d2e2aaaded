"""W3C Web Annotation: golden bytes, selectors, and that a JSON-LD processor drops nothing."""

import json
import warnings
from typing import Any

import pytest
from formats_kit import exported
from formats_samples import BRIDGE, HARBOUR, check_golden, documents, news, several, span
from generated import generated
from hypothesis import given, settings

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.writers.w3c import ANNO, CONTEXT
from annotator.model.annotation import Work
from annotator.model.article import Article

PREFIXES = {
    "oa": "http://www.w3.org/ns/oa#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "dctypes": "http://purl.org/dc/dcmitype/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "as": "http://www.w3.org/ns/activitystreams#",
}
NUMBER = "xsd:nonNegativeInteger"


def node(name: str, **more: str) -> dict[str, str]:
    return {"@id": name, "@type": "@id", **more}


# The words of the W3C context that our files use, so that no test asks the network for it.
WORDS: dict[str, Any] = {
    **PREFIXES,
    **{name: f"oa:{name}" for name in ("Annotation", "TextualBody", "SpecificResource")},
    **{name: f"oa:{name}" for name in ("TextPositionSelector", "TextQuoteSelector")},
    **{name: f"oa:{name}" for name in ("tagging", "classifying", "commenting", "bookmarking")},
    **{name: f"oa:{name}" for name in ("assessing", "identifying", "exact", "prefix", "suffix")},
    "id": {"@type": "@id", "@id": "@id"},
    "type": {"@type": "@id", "@id": "@type"},
    "Text": "dctypes:Text",
    "Person": "foaf:Person",
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
    "body": node("oa:hasBody"),
    "target": node("oa:hasTarget"),
    "source": node("oa:hasSource"),
    "selector": node("oa:hasSelector"),
    "creator": node("dcterms:creator"),
    "items": node("as:items", **{"@container": "@list"}),
    "partOf": node("as:partOf"),
    "first": node("as:first"),
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "format": "dc:format",
    "language": "dc:language",
    "value": "rdf:value",
    "name": "foaf:name",
    "nickname": "foaf:nick",
    "label": "rdfs:label",
    "start": {"@id": "oa:start", "@type": NUMBER},
    "end": {"@id": "oa:end", "@type": NUMBER},
    "total": {"@id": "as:totalItems", "@type": NUMBER},
    "startIndex": {"@id": "as:startIndex", "@type": NUMBER},
}


def page(docs: list[Document] | None = None, **options: object) -> dict[str, Any]:
    return json.loads(exported("w3c", docs, **options)[""])


def items(docs: list[Document] | None = None, **options: object) -> list[dict[str, Any]]:
    return page(docs, **options)["first"]["items"]


def tags(docs: list[Document] | None = None, **options: object) -> list[dict[str, Any]]:
    return [item for item in items(docs, **options) if item["motivation"] == "tagging"]


def offline(url: str, options: object) -> dict[str, Any]:
    assert url == ANNO, f"nothing else is loaded: {url}"
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": WORDS}}


def processed(value: dict[str, Any]) -> dict[str, Any]:
    """The same after a JSON-LD processor took it apart and put it together again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jsonld = pytest.importorskip("pyld.jsonld")
    options = {"documentLoader": offline}
    return jsonld.compact(jsonld.expand(value, options), CONTEXT, options)


def same(one: Any, other: Any) -> bool:
    """Equal but for lists of one, which JSON-LD does not tell from what is in them."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    ones = one if isinstance(one, list) else [one]
    others = other if isinstance(other, list) else [other]
    if len(ones) == 1 == len(others) and not isinstance(ones[0], dict):
        return ones == others
    return len(ones) == len(others) and all(same(*both) for both in zip(ones, others, strict=True))


def test_bytes_are_kept():
    losses = Losses()
    (data,) = exported("w3c", several(), losses).values()
    check_golden("w3c.jsonld", data)
    check_golden("w3c.losses.txt", ("\n".join(losses.lines()) + "\n").encode())
    (data,) = exported("w3c", documents(), quotes=True).values()
    check_golden("w3c.quotes.jsonld", data)


def test_it_is_one_collection_with_a_page():
    found = page(several())
    assert found["@context"] == CONTEXT
    assert found["type"] == "AnnotationCollection"
    assert found["first"]["partOf"] == found["id"]
    assert found["total"] == len(found["first"]["items"])
    ids = [item["id"] for item in found["first"]["items"]]
    assert len(set(ids)) == len(ids)
    assert page([])["total"] == 0


def test_a_processor_drops_nothing():
    for quotes in (False, True):
        found = page(several(), quotes=quotes)
        assert same(processed(found), found)


def test_a_processor_would_drop_what_has_no_term():
    """The check above can fail."""
    found = page(documents())
    found["first"]["items"][1]["unheard"] = "x"
    assert not same(processed(found), found)
    found = page(documents())
    del found["@context"][1]["layer"]
    assert not same(processed(found), page(documents()))


def test_every_selector_cuts_out_what_was_marked():
    texts = {"bridge": BRIDGE, "harbour%231": HARBOUR}
    wanted = [
        (doc.article.text[s.start : s.end], s.layer, s.label, s.attrs)
        for doc in documents()
        for work in doc.works
        for s in work.spans
    ]
    got = []
    for tag in tags(quotes=True):
        target, body = tag["target"], tag["body"]
        text = texts[target["source"]["id"].removeprefix("urn:annotator:article:")]
        place, quote = target["selector"]
        surface = text[place["start"] : place["end"]]
        assert surface == quote["exact"]
        assert text.startswith(quote["prefix"], place["start"] - len(quote["prefix"]))
        assert text.startswith(quote["suffix"], place["end"])
        assert max(len(quote["prefix"]), len(quote["suffix"])) <= 32
        got.append((surface, body["layer"], body["value"], body.get("attributes", {})))
    assert got == wanted


@settings(max_examples=50)
@given(doc=generated())
def test_offsets_are_code_points_whatever_the_text(doc):
    for tag, s in zip(tags([doc], quotes=True), doc.works[0].spans, strict=True):
        place, quote = tag["target"]["selector"]
        assert (place["start"], place["end"]) == (s.start, s.end)
        assert quote["exact"] == doc.article.text[s.start : s.end]


def test_without_quotes_no_text_goes_out():
    (data,) = exported("w3c").values()
    assert "Чакахме".encode() not in data
    assert "ошибка".encode() not in data
    assert b"TextQuoteSelector" not in data
    # Names of targets and holders and lemmas are the annotator's words.
    assert data.count("Мостът край Лом".encode()) == 2


def test_the_creator_of_each_is_its_annotator():
    found = items(several())
    assert {item["creator"]["nickname"] for item in found} == {"anna", "boris"}
    for item in found:
        assert item["creator"]["id"].endswith(item["creator"]["nickname"])
        assert f":{item['creator']['nickname']}:" in item["id"]


def test_a_stance_has_its_evidence_as_targets():
    found = [item for item in items() if item["motivation"] == "classifying"]
    favor = next(item for item in found if item["body"][0]["value"] == "FAVOR")
    assert favor["body"][0]["stanceHolder"] == {"kind": "quoted", "name": "Йоан Петров"}
    assert favor["body"][0]["confidence"] == 3
    (target,) = favor["target"]
    assert target["role"] == "evidence"
    place = target["selector"][0]
    assert BRIDGE[place["start"] : place["end"]] == "„Чакахме го с години.“"
    neutral = next(item for item in found if item["body"][0]["value"] == "NEUTRAL")
    assert neutral["target"] == ["urn:annotator:article:bridge"]
    assert neutral["body"][1]["value"] == "и двете страни"


def test_a_wikidata_item_is_a_body_of_its_own():
    text = "Лом"
    work = Work("x", "anna", (span(text, "entities", "LOC", text, xid="Q472"),))
    (tag,) = tags([Document(Article("x", text), (work,))])
    assert tag["body"][1]["source"] == "http://www.wikidata.org/entity/Q472"
    assert tag["body"][1]["purpose"] == "identifying"


def test_what_does_not_go_out_is_counted():
    losses = Losses()
    exported("w3c", documents(), losses)
    assert losses["article nobody has begun"] == 1
    assert losses["title"] == 1
    assert losses["field of metadata"] == 2
    assert losses["text of an article"] == 3
    assert losses.written["spans"] == sum(len(w.spans) for d in documents() for w in d.works)
    assert news().name == page()["label"].split("/")[0]
