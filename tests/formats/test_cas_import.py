"""JSON CAS and XMI of other programs: what becomes of every real file, of ours, and of wrong ones."""

import json
import re

import pytest
from formats_kit import SHARED, claims, exported, read, reader, records
from formats_samples import documents
from generated import generated
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotator.formats.claims import Record
from annotator.formats.readers import uima
from annotator.formats.readers.uima import LONGEST_LINE, Types
from annotator.formats.settling import settle
from annotator.formats.sources.incoming import Refusal
from annotator.text.counting import Count

NE = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
META = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
NO_LABEL = "annotation without a label"
LINK = "link to another annotation"
NO_TEXT = "annotation of no text"

# What becomes of each real file: the reason of its refusal, or how many claims each record has and
# what stays behind.
JSON = {
    "child_type_before_parent.json": "it has no text",
    "one-way/casWithBadSofaFsOrder/data-ref.json": (0, {}),
    "one-way/casWithBadSofaFsOrder/data.json": (0, {}),
    "one-way/tsv3-testSimpleSlotFeature/data-ref.json": (0, {NO_LABEL: 3, LINK: 1}),
    "one-way/tsv3-testSimpleSlotFeature/data.json": (0, {NO_LABEL: 3, LINK: 1}),
    "ser-ref/casExtendingDocumentAnnotation/data.json": (0, {}),
    "ser-ref/casWithEmojiUnicodeTextAndAnnotations/data.json": (0, {NO_LABEL: 9}),
    "ser-ref/casWithFloatingPointSpecialValues/data.json": "it has no text",
    "ser-ref/casWithLeftToRightTextAndAnnotations/data.json": (0, {NO_LABEL: 2}),
    "ser-ref/casWithSofaDataArray/data.json": "its text is an array of bytes, not a string",
    "ser-ref/casWithSofaDataURI/data.json": "its text is not in the file but at "
    "classpath:/ProgrammaticallyCreatedCasDataSuite/document.txt",
    "ser-ref/casWithText/data.json": (0, {}),
    "ser-ref/casWithTextAndAnnotations/data.json": (0, {NO_LABEL: 4}),
    "ser-ref/casWithTraditionalChineseTextAndAnnotations/data.json": (0, {NO_LABEL: 4}),
    "ser-ref/casWithoutTextButWithAnnotations/data.json": "it has no text",
    "ser-ref/emptyCas/data.json": "it has no text",
}
XMI = {
    "cas_has_fs_with_no_namespace.xmi": [(0, {NO_LABEL: 1})],
    "cas_with_array_features.xmi": ["it has no text"],
    "cas_with_collections.xmi": [(0, {NO_TEXT: 3})],
    "cas_with_empty_array_reference.xmi": [(0, {})],
    "cas_with_floating_point_special_values.xmi": [(0, {})],
    "cas_with_inheritance.xmi": [(2, {NO_LABEL: 3})],
    "cas_with_list_features.xmi": ["it has no text"],
    "cas_with_multiple_references_allowed_string_array.xmi": [(0, {NO_TEXT: 1})],
    "cas_with_nonindexed_fs.xmi": [(0, {})],
    "cas_with_references.xmi": [(1, {LINK: 1, NO_LABEL: 2})],
    "cas_with_reserved_names.xmi": [(0, {NO_TEXT: 1})],
    "cas_with_smileys.xmi": [(5, {})],
    "cas_with_two_sofas.xmi": [(0, {}), (0, {})],
    "empty_cas.xmi": [(0, {})],
    "lenient_cas.xmi": [(0, {NO_LABEL: 1})],
    "small_cas.xmi": [(0, {})],
}


@pytest.fixture(scope="module")
def real():
    folder = SHARED / "foreign" / "uima_cas"
    if not folder.is_dir():
        pytest.skip("the files of other tools are not beside this checkout")
    return folder


def fate(item):
    if isinstance(item, Refusal):
        return item.reason
    return len(claims(item)), dict(item.left_out)


def test_every_real_json_file_loads_or_says_why_not(real):
    paths = {p.relative_to(real / "json").as_posix(): p for p in (real / "json").rglob("*.json")}
    got = {
        name.removeprefix("fs_as_array/"): [fate(item) for item in read("cas-json", path)]
        for name, path in paths.items()
    }
    assert got == {name: [wanted] for name, wanted in JSON.items()}
    assert all(reader("cas-json").sniff(p.read_bytes(), p.name) for p in paths.values())


def test_every_real_xmi_file_loads_or_says_why_not(real):
    got = {path.name: list(map(fate, read("cas-xmi", path))) for path in real.glob("xmi/*")}
    assert got == XMI


def test_the_same_cas_is_the_same_in_json_and_xmi(real):
    checked = 0
    for path in real.rglob("debug.xmi"):
        if path.parent.name == "casWithTextAndAnnotations":
            continue  # its XMI is one without a text
        (one,), (other,) = read("cas-xmi", path), read("cas-json", path.with_name("data.json"))
        assert fate(one) == fate(other), path
        if isinstance(one, Record):
            assert one.article.text == other.article.text
            checked += 1
    assert checked == 5


def test_type_systems_are_no_articles(real):
    paths = [*real.rglob("*typesystem*.xml"), *real.glob("typesystems/*.xml")]
    assert len(paths) > 25
    for path in paths:
        assert reader("cas-xmi").sniff(path.read_bytes()[:65536], path.name)
        assert [item.reason for item in read("cas-xmi", path)] == [
            "it is a type system, not an article"
        ]


def test_names_after_emoji_are_where_cassis_sees_them(real):
    cassis = pytest.importorskip("cassis")
    types = cassis.load_typesystem((real / "typesystems/inception_typesystem.xml").read_text())
    path = real / "xmi" / "cas_with_smileys.xmi"
    cas = cassis.load_cas_from_xmi(path.read_text("utf-8"), typesystem=types)
    wanted = [(e.begin, e.end, e.value, e.get_covered_text()) for e in cas.select(NE)]
    (record,) = records("cas-xmi", path)
    assert claims(record) == wanted
    assert [text for *_, text in wanted][:1] == ["Transformers"]
    assert record.counts is Count.UTF16
    assert record.article.id == "huggingface.txt"
    as_code_points = settle(record._replace(counts=Count.CODE_POINTS), record.article.text)
    assert as_code_points.claims[0].quote != "Transformers", "the offsets are not code points"


def test_two_texts_are_two_articles(real):
    first, second = records("cas-xmi", real / "xmi" / "cas_with_two_sofas.xmi")
    assert not first.finished, "nothing is claimed of it"
    assert second.article.id == f"{first.article.id}#_SecondView"
    assert second.where.endswith("view _SecondView")
    assert second.article.meta == {"view": "_SecondView"}


OWN = {"NamedEntity": "entities", "Boilerplate": "boilerplate"}


def returned(record, text):
    return sorted(
        (OWN[c.layer], c.label, c.start, c.end, c.attrs.get("xid", ""))
        for c in settle(record, text).claims
    )


def given_away(document):
    return sorted(
        (s.layer, s.label, s.start, s.end, s.attrs.get("xid", "") if s.layer == "entities" else "")
        for s in document.works[0].spans
    )


both = pytest.mark.parametrize("kind", ["cas-json", "cas-xmi"])


@both
def test_our_own_files_come_back(kind, tmp_path):
    pytest.importorskip("cassis")
    for file, data in exported(kind).items():
        (tmp_path / file).write_bytes(data)
    suffix = kind.removeprefix("cas-")
    for document, name in zip(documents(), ("bridge", "harbour-1-e6bab380cb"), strict=False):
        path = tmp_path / f"{name}.{suffix}"
        assert reader(kind).sniff(path.read_bytes()[:65536], path.name)
        (record,) = records(kind, path)
        article = document.article
        for about in ("id", "text", "title", "url", "lang"):
            assert getattr(record.article, about) == getattr(article, about)
        assert record.article.meta == {}
        assert returned(record, article.text) == given_away(document)
        assert record.left_out == {
            "stance": len(document.works[0].stances),
            "evidence of a stance": 1,
        }


@both
@settings(max_examples=40)
@given(document=generated())
def test_whatever_was_marked_comes_back(kind, document, tmp_path_factory):
    pytest.importorskip("cassis")
    assume(kind == "cas-json" or not re.search("[\x0b\x1f]", document.article.text))
    path = tmp_path_factory.mktemp("cas") / "x"
    path.write_bytes(exported(kind, [document])[f"x.{kind.removeprefix('cas-')}"])
    (record,) = records(kind, path)
    assert record.article.text == document.article.text
    assert returned(record, document.article.text) == given_away(document)


def cas(*structures, text="😀 Лом и Видин", **more):
    """A JSON CAS with one view of a text."""
    sofa = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": text}
    items = [{"%ID": n, "@sofa": 1, **s} for n, s in enumerate(structures, 2)]
    members = [item["%ID"] for item in items]
    return {
        "%TYPES": {},
        "%FEATURE_STRUCTURES": [sofa, *items],
        "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": members}},
        **more,
    }


def entity(begin, end, **more):
    return {"%TYPE": NE, "begin": begin, "end": end, "value": "LOC", **more}


def read_json(value, tmp_path, name="a.json"):
    path = tmp_path / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return read("cas-json", path)


def test_json_by_ids_and_with_anchors_is_read_too(tmp_path):
    value = cas({"%TYPE": NE, "^begin": 3, "^end": 6, "value": "LOC", "identifier": "Q1"})
    first, second = value["%FEATURE_STRUCTURES"]
    value["%FEATURE_STRUCTURES"] = {str(s.pop("%ID")): s for s in (first, second)}
    (record,) = read_json(value, tmp_path)
    assert record.finished
    assert claims(record) == [(2, 5, "LOC", "Лом")]
    assert record.claims[0].attrs == {"xid": "Q1"}
    assert re.fullmatch("a-[0-9a-f]{16}", record.article.id)


def test_what_is_no_label_of_a_place_stays_behind(tmp_path):
    dkpro = "de.tudarmstadt.ukp.dkpro.core.api."
    value = cas(
        entity(3, 6),
        entity(3, 6, value=None),
        entity(4, 4),
        {"%TYPE": f"{dkpro}segmentation.type.Token", "begin": 3, "end": 6, "id": "t"},
        {"%TYPE": f"{dkpro}segmentation.type.Lemma", "begin": 3, "end": 6, "value": "лом"},
        {"%TYPE": f"{dkpro}lexmorph.type.pos.POS", "begin": 3, "end": 6, "PosValue": "NN"},
        {"%TYPE": "x.Rel", "begin": 3, "end": 6, "@Governor": 2, "@Dependent": 3, "value": "r"},
        {"%TYPE": "x.CorefLink", "begin": 3, "end": 6, "referenceType": "r"},
        {"%TYPE": "x.Whole", "value": "about"},
        {"%TYPE": "x.Host", "begin": 9, "end": 14, "kind": "town", "@links": 2, "n": 3, "ok": True},
    )
    value["%VIEWS"]["_InitialView"]["%MEMBERS"].append(99)
    value["%FEATURE_STRUCTURES"].append({"%ID": 50, "@sofa": 1, **entity(3, 6)})
    (record,) = read_json(value, tmp_path)
    assert [(c.layer, c.label, c.attrs) for c in record.claims] == [
        ("NamedEntity", "LOC", {}),
        ("Host", "town", {"n": 3, "ok": True}),
    ]
    assert record.left_out == {
        "annotation outside the index of its view": 1,
        "annotation without a label": 1,
        "annotation of no text": 1,
        "Lemma annotation": 1,
        "POS annotation": 1,
        "relation": 1,
        "link of a chain": 1,
        "annotation of the whole article": 1,
        "link to another annotation": 1,
    }


def test_the_label_is_the_feature_declared_first_unless_one_is_called_so(tmp_path):
    string = {"%RANGE": "uima.cas.String"}
    parent = {"%SUPER_TYPE": "uima.tcas.Annotation", "identifier": string, "mood": string}
    types = {
        "x.Parent": parent,
        "x.Child": {"%SUPER_TYPE": "x.Parent", "grade": {"%RANGE": "x.Grades"}},
        "x.Grades": {"%SUPER_TYPE": "uima.cas.String"},
        "x.Loop": {"%SUPER_TYPE": "x.Loop"},
        "x.Named": {"%SUPER_TYPE": "x.Parent", "label": string},
    }
    places = {"begin": 3, "end": 6}
    said = {"identifier": "i", "mood": "sad", "grade": "A"}
    value = cas(
        *({"%TYPE": f"x.{t}", **places, **said} for t in ("Parent", "Child")),
        {"%TYPE": "x.Named", **places, "mood": "sad", "label": "L"},
        {"%TYPE": "x.Loop", **places, "mood": "odd"},
        **{"%TYPES": types},
    )
    (record,) = read_json(value, tmp_path)
    assert [c.label for c in record.claims] == ["sad", "A", "L", "odd"]
    assert record.claims[0].attrs == {"xid": "i", "grade": "A"}


def chain(length: int) -> dict[str, object]:
    """Types of which each comes of the one before."""
    return {
        f"x.T{n}": {"%SUPER_TYPE": f"x.T{n - 1}" if n else "uima.tcas.Annotation"}
        for n in range(length)
    }


def test_types_that_come_of_very_many_others_are_refused_not_climbed(tmp_path):
    names = list(chain(1000))
    marks = [{"%TYPE": name, "begin": 3, "end": 6, "mood": "odd"} for name in names]
    (refusal,) = read_json(cas(*marks, **{"%TYPES": chain(1000)}), tmp_path)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == f"its type x.T{LONGEST_LINE} comes of more than {LONGEST_LINE} types"
    few = marks[:LONGEST_LINE]
    (record,) = read_json(cas(*few, **{"%TYPES": chain(1000)}), tmp_path)
    assert len(record.claims) == len(few)


def test_a_type_system_is_climbed_once_for_each_type():
    class Counted(dict[str, str]):
        asked = 0

        def get(self, *args):
            Counted.asked += 1
            return super().get(*args)

    types = Types()
    for n in range(50):
        types.add(f"T{n}", f"T{n - 1}" if n else "", {f"f{n}": "uima.cas.String"})
    types._parents = Counted(types._parents)
    for _ in range(100):
        assert list(types.features("T49")) == [f"f{n}" for n in reversed(range(50))]
        assert types.is_a("T49", "T0")
        assert not types.is_a("T49", "T50")
    assert Counted.asked == 50
    types.add("T0", "T50", {"late": "uima.cas.String"})
    assert types.is_a("T49", "T50"), "what is added later counts"
    assert list(types.features("T49"))[-1] == "late"


def test_types_with_features_without_end_are_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(uima, "MOST_FEATURES", 30)
    wide = {f"f{n}": {"%RANGE": "uima.cas.String"} for n in range(8)}
    types = {"x.P": wide, **{f"x.C{n}": {"%SUPER_TYPE": "x.P"} for n in range(4)}}
    marks = [{"%TYPE": f"x.C{n}", "begin": 3, "end": 6, "f0": "odd"} for n in range(4)]
    (refusal,) = read_json(cas(*marks, **{"%TYPES": types}), tmp_path)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "its types have more than 30 features in all"
    (record,) = read_json(cas(*marks[:3], **{"%TYPES": types}), tmp_path)
    assert len(record.claims) == 3


def test_inception_says_the_document_and_the_annotator(tmp_path):
    data = {
        "%TYPE": META,
        "begin": 0,
        "end": 14,
        "language": "bg",
        "documentTitle": "лом.txt",
        "documentId": "iva",
        "documentUri": "news/лом.txt",
        "collectionId": "news",
        "isLastSegment": False,
    }
    (record,) = read_json(cas(data), tmp_path)
    assert (record.article.id, record.annotator, record.article.lang) == ("лом.txt", "iva", "bg")
    assert record.article.meta == {"documentUri": "news/лом.txt", "collectionId": "news"}
    (record,) = read_json(cas({**data, "documentId": "INITIAL_CAS"}), tmp_path)
    assert record.annotator == ""
    (record,) = read_json(cas({**data, "documentUri": "https://x/лом.txt"}), tmp_path)
    assert (record.article.id, record.article.title, record.annotator) == ("iva", "лом.txt", "")
    name = "de.tudarmstadt.ukp.clarin.webanno.api.type.CASMetadata"
    who = {"%TYPE": name, "username": "bo:ris", "lastChangedOnDisk": 5}
    (record,) = read_json(cas({**data, "documentId": "лом.txt"}, who), tmp_path)
    assert record.annotator == "", "a name with a colon cannot be one here"
    assert "lastChangedOnDisk" not in record.article.meta


def test_views_without_text_are_refused_only_when_something_is_said_of_them(tmp_path):
    empty = {"%ID": 90, "%TYPE": "uima.cas.Sofa", "sofaID": "other"}
    value = cas(entity(3, 6))
    value["%FEATURE_STRUCTURES"].append(empty)
    (record,) = read_json(value, tmp_path)
    assert isinstance(record, Record)
    value["%FEATURE_STRUCTURES"].append({"%ID": 91, **entity(0, 1), "@sofa": 90})
    record, refusal = read_json(value, tmp_path)
    assert (refusal.where.rpartition(", ")[2], refusal.reason) == ("view other", "it has no text")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "broken JSON at column 1"),
        ('{"%TYPES": {', "broken JSON"),
        ("[]", "it is no JSON CAS: none of its keys begins with %"),
        ('{"text": "Лом"}', "it is no JSON CAS: none of its keys begins with %"),
        ('{"%TYPES": {"x.T": {}}}', "it is a type system, not an article"),
        ('{"%VIEWS": {}}', "it has no text"),
        ('{"%FEATURE_STRUCTURES": 5}', "%FEATURE_STRUCTURES is not a list"),
        ('{"%FEATURE_STRUCTURES": [5]}', "structure 1 is not an object"),
        ('{"%FEATURE_STRUCTURES": [{"%ID": true, "%TYPE": "x"}]}', "%ID of structure 1"),
        ('{"%FEATURE_STRUCTURES": [{"%ID": 1}]}', "%TYPE of structure 1 is not a string"),
        ('{"%FEATURE_STRUCTURES": [], "%VIEWS": []}', "%VIEWS is not an object"),
        ('{"%FEATURE_STRUCTURES": [], "%TYPES": {"x": 1}}', "type 'x' is not an object"),
        (cas(text=""), "the text is empty"),
        (cas(text="a\0b"), "NUL character"),
        (cas(text="a\ud800"), "lone surrogate"),
        (cas(text=5), "sofaString is not a string"),
        (cas(entity("3", 6)), "begin of"),
        (cas(entity(3, 6.5)), "end of"),
        (cas({"%TYPE": NE, "@sofa": "1"}), "@sofa of structure 2 is not a whole number"),
        (cas({"%TYPE": META, "documentId": "x" * 1001}), "the id is longer than 1000 characters"),
        (json.dumps(cas(entity(3, 6))).replace("6", "9" * 5000), "a number has too many digits"),
    ],
)
def test_wrong_json_is_refused_with_a_reason(value, reason, tmp_path):
    (refusal,) = read_json(value, tmp_path)
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason


def test_offsets_outside_the_text_are_claims_that_do_not_hold(tmp_path):
    (record,) = read_json(cas(entity(3, 600)), tmp_path)
    assert "do not lie in the text" in settle(record, record.article.text).reason


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=100)
@given(data=st.data())
def test_json_with_anything_anywhere_never_breaks_the_reader(data, tmp_path_factory):
    value = cas(entity(3, 6), {"%TYPE": META, "begin": 0, "end": 9, "documentId": "d"})
    value["%TYPES"] = {NE: {"%SUPER_TYPE": "uima.tcas.Annotation", "value": {"%RANGE": "s"}}}
    spot = value
    for _ in range(data.draw(st.integers(0, 4))):
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        key = data.draw(st.sampled_from(keys)) if keys else None
        if key is None or not isinstance(spot[key], dict | list):
            break
        spot = spot[key]
    keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
    assume(keys)
    spot[data.draw(st.sampled_from(keys))] = data.draw(ANY)
    for item in read_json(value, tmp_path_factory.mktemp("any")):
        assert isinstance(item, Record | Refusal)


XMI_START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" '
    'xmlns:cas="http:///uima/cas.ecore" xmlns:c="http:///webanno/custom.ecore" '
    'xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore" xmi:version="2.0">\n'
)
SOFA = '<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="😀 Лом&#10;и Видин"/>'


def xmi(*elements, tail='<cas:View sofa="1" members="2 3 4 5 6"/></xmi:XMI>'):
    return XMI_START + SOFA + "\n".join(elements) + tail


def read_xmi(text, tmp_path, name="a.xmi"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read("cas-xmi", path)


def test_without_a_type_system_ids_are_taken_for_references(tmp_path):
    text = xmi(
        '<ner:NamedEntity xmi:id="2" sofa="1" begin="3" end="6" value="2" identifier="3"/>',
        '<c:Mood xmi:id="3" sofa="1" begin="9" end="14" other="2" mood="calm" number="7"/>',
        '<c:Mood xmi:id="4" sofa="1" begin="3" end="6"><mood>a</mood><mood>b</mood></c:Mood>',
    )
    (record,) = read_xmi(text, tmp_path)
    assert claims(record) == [(2, 5, "2", "Лом"), (8, 13, "calm", "Видин")]
    assert [c.attrs for c in record.claims] == [{"xid": "3"}, {"number": "7"}]
    assert record.left_out == {"link to another annotation": 2, "annotation without a label": 1}


def test_a_type_system_beside_says_what_is_what(tmp_path):
    feature = (
        "<featureDescription><name>{}</name><rangeTypeName>{}</rangeTypeName></featureDescription>"
    )
    features = "".join(
        feature.format(name, range_)
        for name, range_ in (
            ("other", "uima.tcas.Annotation"),
            ("grade", "uima.cas.String"),
            ("number", "uima.cas.Integer"),
            ("sure", "uima.cas.Boolean"),
        )
    )
    types = (
        '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types>'
        "<typeDescription><name>webanno.custom.Mood</name><description/>"
        "<supertypeName>uima.tcas.Annotation</supertypeName>"
        f"<features>{features}</features></typeDescription></types></typeSystemDescription>"
    )
    text = xmi(
        '<c:Mood xmi:id="2" sofa="1" begin="3" end="6" other="2" grade="2" number="2" sure="true"/>'
    )
    (record,) = read_xmi(text, tmp_path)
    assert record.claims == (), "without it, all look like ids"
    assert record.left_out == {"link to another annotation": 3, "annotation without a label": 1}
    (tmp_path / "TypeSystem.xml").write_text(types, "utf-8")
    (record,) = read_xmi(text, tmp_path)
    assert [(c.label, c.attrs) for c in record.claims] == [("2", {"number": 2, "sure": True})]
    (tmp_path / "TypeSystem.xml").write_text("<broken", "utf-8")
    (record,) = read_xmi(text, tmp_path)
    assert record.claims == ()


BOMB = '<!DOCTYPE a [<!ENTITY b "Лом">]>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "broken XML at line 1, column 1: no element found"),
        (XMI_START, "broken XML at line"),
        (xmi("<c:Mood"), "broken XML at line"),
        (xmi().replace("<xmi:XMI", f"{BOMB}<xmi:XMI"), "it has a document type"),
        (xmi('<c:M v="&b;"/>'), "undefined entity"),
        (xmi().replace('"1.0"', '"1.1"').replace("&#10;", "&#7;"), "characters only XML 1.1 has"),
        (xmi().replace("&#10;", "&#7;"), "broken XML at line"),
        (xmi().replace("UTF-8", "no-such"), "its encoding is not known"),
        (xmi().replace("UTF-8", "hex"), "its encoding is not known"),
        (xmi().encode("cp1251", "replace"), "broken XML at line"),
        ("<html><p>Лом</p></html>", "it is no XMI: it begins with <html>"),
        (xmi('<c:Mood xmi:id="2" sofa="1" begin="x" end="6"/>'), "begin of webanno.custom.Mood 2"),
        (xmi(f'<c:Mood xmi:id="2" sofa="1" begin="0" end="{"9" * 30}"/>'), "end of"),
        (xmi("<c:a>" * 300 + "</c:a>" * 300), "elements are nested deeper than 200"),
        (XMI_START + "</xmi:XMI>", "it has no text"),
        (xmi().replace("😀 Лом&#10;и Видин", " &#10;"), "the text is empty"),
    ],
)
def test_wrong_xmi_is_refused_with_a_reason(text, reason, tmp_path):
    (refusal,) = read_xmi(text, tmp_path)
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason


@settings(max_examples=100)
@given(start=st.integers(0, 2000), length=st.integers(0, 40), put=st.binary(max_size=6))
def test_xmi_with_any_bytes_anywhere_never_breaks_the_reader(start, length, put, tmp_path_factory):
    whole = xmi('<ner:NamedEntity xmi:id="2" sofa="1" begin="3" end="6" value="LOC"/>').encode()
    spoilt = whole[:start] + put + whole[start + length :]
    for item in read_xmi(spoilt, tmp_path_factory.mktemp("any")):
        assert isinstance(item, Record | Refusal)


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b'\xef\xbb\xbf{ "%VIEWS": {', "a.json", True),
        (b'{"%FEATURE_STRUCTURES": [', "a.json", True),
        (b'{"text": "\\"%TYPES\\": {"}', "a.json", False),
        (b'{"%TYPES": "text"}', "a.json", False),
        (b'{"%TYPES": {}}\n{"%TYPES": {}}', "a.jsonl", False),
        (b'[{"id": 1, "text": "x"}]', "a.json", False),
    ],
)
def test_json_is_known_by_its_first_key(head, name, kind):
    assert reader("cas-json").sniff(head, name) is kind


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (xmi().encode()[:300], True),
        (b"<!-- a --><!-- b -->" * 2000 + xmi().encode()[39:300], True),
        (b"<!-- a -->" * 5000, False),
        (b'<TEI xmlns="http://www.tei-c.org/ns/1.0">', False),
        (b'<XMI xmlns="http://elsewhere">', False),
        (b"<p>xmi:XMI http://www.omg.org/XMI</p>", False),
    ],
)
def test_xmi_is_known_by_its_root(head, kind):
    assert reader("cas-xmi").sniff(head, "a.xml") is kind
