"""JSON CAS and XMI: golden bytes, what cassis finds in them, and what is lost."""

import json
import re
import sys
from dataclasses import replace

import pytest
from formats_kit import exported
from formats_samples import check_golden, documents, news, several, span
from generated import generated
from hypothesis import assume, given, settings

cassis = pytest.importorskip("cassis")

from annotator.formats.document import Document  # noqa: E402
from annotator.formats.losses import Losses  # noqa: E402
from annotator.formats.registry import export  # noqa: E402
from annotator.formats.writers.cas import layer_types  # noqa: E402
from annotator.model.annotation import Evidence, Party, Span, Stance, State, Status, Work  # noqa: E402
from annotator.model.article import Article  # noqa: E402
from annotator.model.errors import AnnotatorError  # noqa: E402
from annotator.model.scheme_file import parse  # noqa: E402

NE = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
SEGMENTATION = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type"
META = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
ANNA = {"entities": NE, "boilerplate": "webanno.custom.Boilerplate"}


def one(text, *spans, stances=(), **about):
    work = Work("a", "anna", spans, tuple(stances), status=Status(State.DONE))
    return [Document(Article("a", text, **about), (work,))]


def loaded(kind, files, name):
    """A file as cassis reads it, of either format."""
    if kind == "cas-json":
        return cassis.load_cas_from_json(files[f"{name}.json"].decode())
    types = cassis.load_typesystem(files["TypeSystem.xml"].decode())
    return cassis.load_cas_from_xmi(files[f"{name}.xmi"].decode(), typesystem=types)


def found(cas):
    """Layer, label and covered text of every span cassis sees."""
    return sorted(
        (layer, each.value, each.get_covered_text(), each.begin, each.end)
        for layer, kind in ANNA.items()
        if cas.typesystem.contains_type(kind)
        for each in cas.select(kind)
    )


def wanted(document):
    text = document.article.text
    return sorted(
        (s.layer, s.label, text[s.start : s.end], s.start, s.end) for s in document.works[0].spans
    )


both = pytest.mark.parametrize("kind", ["cas-json", "cas-xmi"])


def test_the_bytes_are_the_kept_ones():
    check_golden("cas_bridge.json", exported("cas-json")["bridge.json"])
    files = exported("cas-xmi")
    check_golden("cas_bridge.xmi", files["bridge.xmi"])
    check_golden("cas_TypeSystem.xml", files["TypeSystem.xml"])


@both
def test_the_same_documents_give_the_same_files(kind):
    assert exported(kind) == exported(kind)
    suffix = kind.removeprefix("cas-")
    names = {"index.tsv", f"bridge.{suffix}", f"harbour-1-e6bab380cb.{suffix}"}
    assert exported(kind).keys() == names | ({"TypeSystem.xml"} if suffix == "xmi" else set())
    assert exported(kind)["index.tsv"].decode() == (
        f"file\tid\nbridge.{suffix}\tbridge\nharbour-1-e6bab380cb.{suffix}\tharbour#1\n"
    )


@both
def test_cassis_finds_every_span_with_its_text(kind):
    files = exported(kind)
    for document, name in zip(documents(), ("bridge", "harbour-1-e6bab380cb"), strict=False):
        cas = loaded(kind, files, name)
        assert cas.sofa_string == document.article.text
        assert found(cas) == wanted(document)


@both
def test_the_check_above_can_fail(kind):
    """Offsets in code points instead of UTF-16 units are found out: flags come before the names."""
    files = exported(kind)
    name = f"bridge.{kind.removeprefix('cas-')}"
    old, new = {
        "cas-json": (b'"begin": 17, "end": 20, "value"', b'"begin": 15, "end": 18, "value"'),
        "cas-xmi": (b'begin="17" end="20" value', b'begin="15" end="18" value'),
    }[kind]
    assert files[name].count(old) == 1
    files[name] = files[name].replace(old, new)
    assert found(loaded(kind, files, "bridge")) != wanted(documents()[0])


@both
def test_tokens_sentences_and_document_data_are_there(kind):
    cas = loaded(kind, exported(kind), "bridge")
    words = [t.get_covered_text() for t in cas.select(f"{SEGMENTATION}.Token")]
    assert words[:4] == ["🇧🇬", "Мостът", "край", "Лом"]
    assert words[words.index("12:34") + 1] == "Бурята"
    sentences = cas.select(f"{SEGMENTATION}.Sentence")
    inside = [len(cas.select_covered(f"{SEGMENTATION}.Token", s)) for s in sentences]
    assert sum(inside) == len(words), "every token lies in one sentence"
    for entity in cas.select(NE):
        assert any(s.begin <= entity.begin and entity.end <= s.end for s in sentences)
    (data,) = cas.select(META)
    assert (data.documentId, data.documentTitle) == ("bridge", "Мостът край Лом")
    assert data.documentUri == "https://vesti.example/most?a=1&b=2"
    assert data.language == cas.document_language == "bg"


@both
def test_an_entity_says_its_identifier(kind):
    cas = loaded(kind, exported(kind), "bridge")
    assert [e.identifier for e in cas.select(NE)][:2] == ["LOC-Lom", None]


@both
def test_stances_are_of_the_article_and_their_evidence_of_the_text(kind):
    cas = loaded(kind, exported(kind), "bridge")
    stances = cas.select("webanno.custom.Stance")
    assert [(s.value, s.target, s.holderKind, s.holder, s.confidence) for s in stances] == [
        ("FAVOR", "Мостът край Лом", "quoted", "Йоан Петров", 3),
        ("NEUTRAL", "Мостът край Лом", "author", None, 2),
        ("AGAINST", "Заплатите\tда се платят", "author", None, 1),
    ]
    (evidence,) = cas.select("webanno.custom.StanceEvidence")
    assert evidence.get_covered_text() == "„Чакахме го с години.“"
    assert (evidence.stance, evidence.value, evidence.role) == ("1", "FAVOR", "evidence")


@both
def test_what_is_lost_is_counted(kind):
    losses = Losses()
    exported(kind, losses=losses)
    assert {loss: count for loss, count, _ in losses} == {
        "article without decisions": 1,
        "attribute lemma": 1,
        "attribute uncertain": 1,
        "note or flag": 2,
    }
    assert losses.written["spans of entities"] == 10
    assert losses.written["stances"] == 4
    assert losses.facts["tokenizer"] == "annotator-tok/1"


@both
def test_one_annotator_has_to_be_chosen(kind):
    with pytest.raises(AnnotatorError, match="several annotators"):
        exported(kind, several())
    losses = Losses()
    files = exported(kind, several(), losses, annotator="boris")
    cas = loaded(kind, files, "bridge")
    assert [s.get_covered_text() for s in cas.select(NE)] == ["Видин"]
    assert losses["decisions of another annotator"] == 1
    assert losses["article skipped by its annotator"] == 1


@both
def test_several_articles_make_a_folder(kind, tmp_path):
    losses = export(kind, documents(), news(), tmp_path / "cas")
    files = {p.name: p.read_bytes() for p in (tmp_path / "cas").iterdir()}
    assert exported(kind).items() <= files.items()
    assert losses.written["articles"] == 2


def test_one_article_makes_a_file(tmp_path):
    export("cas-json", documents()[:1], news(), tmp_path / "bridge.json")
    assert (tmp_path / "bridge.json").read_bytes() == exported("cas-json")["bridge.json"]


@both
def test_without_cassis_it_is_said_what_to_install(kind, monkeypatch):
    for name in ("cas", "cas_json", "cas_xmi"):
        monkeypatch.delitem(sys.modules, f"annotator.formats.writers.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "cassis", None)
    with pytest.raises(AnnotatorError, match=r"needs cassis: pip install 'annotator-tui\[cas\]'"):
        exported(kind)


def test_the_json_holds_only_the_types_it_uses():
    plain = exported("cas-json", one("Мост"))["a.json"]
    types = json.loads(plain)["%TYPES"]
    assert sorted(name.rpartition(".")[2] for name in types) == [
        "DocumentMetaData",
        "Sentence",
        "Token",
    ]
    assert len(plain) < 2000
    assert 'language": "x-unspecified' in plain.decode()


def test_a_control_character_goes_out_as_json_only():
    documents_ = one("Лом \x07 и Видин", span("Лом \x07 и Видин", "entities", "LOC", "Видин"))
    with pytest.raises(AnnotatorError, match=r"Article 'a' .* U\+0007 at offset 4.*cas-json"):
        exported("cas-xmi", documents_)
    cas = loaded("cas-json", exported("cas-json", documents_), "a")
    assert cas.sofa_string == "Лом \x07 и Видин"
    assert found(cas) == wanted(documents_[0])


@pytest.mark.parametrize(
    "document",
    [
        one("Лом", title="a\x01")[0],
        one("Лом", url="https://x/\x0b")[0],
        one("Лом", Span("s", "entities", "LOC", 0, 3, {"xid": "Q\ufffe"}))[0],
        one("Лом", stances=[Stance(Party("entity", "x\x1b"), "FAVOR")])[0],
        one("Лом", stances=[Stance(Party("entity", "x"), "FAVOR", note="\x7f\x00")])[0],
    ],
)
def test_control_characters_are_refused_wherever_they_are(document):
    with pytest.raises(AnnotatorError, match="cannot go into XMI"):
        exported("cas-xmi", [document])


def test_each_layer_has_a_type_of_its_own():
    layer = '[[layers]]\nname = "{}"\nunit = "word"\noverlap = "any"\nlabels = [{{ name = "X", key = "x", color = "red" }}]\n'
    names = ("entities", "quote-marks", "quoteMarks", "9lives", "stance", "a_b")
    scheme = parse('name = "t"\nversion = 1\n' + "".join(map(layer.format, names)))
    types = layer_types(scheme)
    assert list(types) == list(names)
    assert len(set(types.values())) == len(names)
    assert types["entities"] == NE
    assert types["quote-marks"] == "webanno.custom.QuoteMarks"
    assert types["9lives"] == "webanno.custom.Layer9lives"
    assert types["stance"] == "webanno.custom.StanceSpans"


def test_the_layer_of_entities_is_the_one_stances_are_about():
    assert layer_types(news())["entities"] == NE
    toml = news().toml.replace('"entities"', '"mentions"')
    assert layer_types(parse(toml))["mentions"] == NE


@both
@settings(max_examples=25)
@given(generated())
def test_cassis_finds_whatever_was_marked(kind, document):
    work = document.works[0]
    evidence = tuple(Evidence(s.start, s.end) for s in work.spans[:1])
    stance = Stance(Party("entity", "т"), "FAVOR", evidence=evidence)
    document = replace(document, works=(replace(work, stances=(stance,)),))
    assume(kind == "cas-json" or not re.search("[\x0b\x1f]", document.article.text))
    cas = loaded(kind, exported(kind, [document]), "x")
    assert cas.sofa_string == document.article.text
    assert found(cas) == wanted(document)
    sentences = [(s.begin, s.end) for s in cas.select(f"{SEGMENTATION}.Sentence")]
    for token in cas.select(f"{SEGMENTATION}.Token"):
        assert sum(start <= token.begin and token.end <= end for start, end in sentences) == 1
