"""brat out: golden bytes, brat's own rules, and what its readers find."""

import os
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from formats_kit import exported
from formats_samples import bridge, bridge_work, check_golden, documents, news, several, span
from generated import generated
from hypothesis import given, settings

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.registry import export
from annotator.formats.writers.brat import fragments
from annotator.model.annotation import Note, Span, State, Status, Work, sort_spans
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import parse

Entity = tuple[str, tuple[tuple[int, int], ...], str]


def of(text: str, *spans: Span, notes: tuple[Note, ...] = ()) -> list[Document]:
    work = Work("x", "anna", sort_spans(spans), notes=notes, status=Status(State.DONE))
    return [Document(Article("x", text), (work,))]


def ann(text: str, *spans: Span, notes: tuple[Note, ...] = ()) -> list[str]:
    return exported("brat", of(text, *spans, notes=notes))["x.ann"].decode().split("\n")[:-1]


def by_brats_rules(ann: str, text: str) -> list[Entity]:
    """The text-bound lines, each checked as brat's server does when it opens a document."""
    found = []
    for line in ann.splitlines():  # splits wherever any reader might
        ident, data, tail = re.fullmatch(r"(\S+)\t([^\t]+)(?:\t([^\t]+))?", line).groups()
        if ident[0] != "T":
            continue
        kind, rest = data.split(" ", 1)
        places = tuple(tuple(map(int, pair.split(" "))) for pair in rest.split(";"))
        for (start, end), before in zip(places, [(-2, -1), *places[:-1]], strict=True):
            assert before[1] < start < end <= len(text)
        assert " ".join(text[start:end] for start, end in places) == tail
        assert re.fullmatch("[a-zA-Z0-9_-]+", kind)
        found.append((kind, places, tail))
    return found


def wanted(doc: Document) -> list[Entity]:
    """The same from the spans themselves, in the text as brat reads it."""
    text, found = doc.article.text, []
    for s in doc.works[0].spans:
        places = [
            tuple(len(re.sub("\r\n?", "\n", text[:at])) for at in place)
            for place in fragments(text, s.start, s.end)
        ]
        if places:
            plain = re.sub("\r\n?", "\n", text)
            tail = " ".join(plain[start:end] for start, end in places)
            found.append((s.label, tuple(places), tail))
    return found


def test_bytes_are_kept():
    losses = Losses()
    files = exported("brat", losses=losses)
    assert sorted(files) == [
        "annotation.conf",
        *(f"bridge.{kind}" for kind in ("ann", "json", "txt")),
        *(f"harbour-1-e6bab380cb.{kind}" for kind in ("ann", "json", "txt")),
        "visual.conf",
    ]
    for name, data in files.items():
        check_golden(f"brat/{name}", data)
    check_golden("brat.losses.txt", ("\n".join(losses.lines()) + "\n").encode())


@given(generated())
def test_every_line_holds_by_brats_rules(doc):
    losses = Losses()
    files = exported("brat", [doc], losses)
    text = files["x.txt"].decode()
    assert "\r" not in text
    assert by_brats_rules(files["x.ann"].decode(), text) == wanted(doc)
    blank = losses["span of nothing but white space"]
    assert losses.written.get("spans", 0) + blank == len(doc.works[0].spans)


def test_brats_rules_find_a_moved_offset():
    files = exported("brat")
    text = files["bridge.txt"].decode()
    spoilt = files["bridge.ann"].decode().replace("T3\tPER 41 54", "T3\tPER 41 53")
    with pytest.raises(AssertionError):
        by_brats_rules(spoilt, text)


def test_a_span_over_lines_is_fragments_without_white_space():
    text = "а\r\n\r\n  бв\t г\r"
    assert list(fragments(text, 0, len(text))) == [(0, 1), (7, 9), (11, 12)]
    losses = Losses()
    docs = of(text, Span("s", "entities", "ORG", 1, len(text)), Span("t", "entities", "ORG", 1, 5))
    files = exported("brat", docs, losses)
    assert files["x.ann"].decode() == "T1\tORG 5 7;9 10\tбв г\n"
    assert losses["white space at the edge of a span"] == 1
    assert losses["span of nothing but white space"] == 1
    assert losses["line end written as LF"] == 3


def test_attributes_references_and_notes_have_their_own_lines():
    text = "Лом и Видин"
    place = span(text, "entities", "LOC", "Лом", lemma="Лом", xid="Q472", uncertain=True)
    more = {"xid": "viaf:1", "metonymy": "ORG", "norp": False, "име": 'а\u2028"', "n": [1]}
    other = span(text, "entities", "LOC", "Видин", **more)
    note = Note("n", "виж", False, 6, 11)
    assert ann(text, place, other, notes=(note,)) == [
        "T1\tLOC 0 3\tЛом",
        "A1\tuncertain T1",
        "N1\tReference T1 Wikidata:Q472\tЛом",
        '#1\tAnnotatorNotes T1\tlemma="Лом"',
        "T2\tLOC 6 11\tВидин",
        "A2\tmetonymy T2 ORG",
        "N2\tReference T2 viaf:1\tВидин",
        '#2\tAnnotatorNotes T2\tn=[1]; norp=false; "име"="а\\u2028\\""; note="виж"',
    ]


def test_notes_that_brat_cannot_show_stand_beside():
    text = "Лом и Видин"
    notes = (Note("a", "", True), Note("b", "на", False, 4, 5), Note("c", "и", True, 0, 3))
    losses = Losses()
    docs = of(text, span(text, "entities", "LOC", "Лом"), notes=notes)
    files = exported("brat", docs, losses)
    assert files["x.ann"] == "T1\tLOC 0 3\tЛом\n".encode()
    assert files["x.json"].count(b'"note":') == 3
    assert losses["note or flag in the .json beside, not shown by brat"] == 3


CLASH = """
name = "clash"
version = 1
[[layers]]
name = "parts"
unit = "block"
overlap = "none"
labels = [
  { name = "other", key = "o", color = "red", title = "Other | part" },
  { name = "head", key = "h", color = "gray", title = "Heading" },
]
[[layers]]
name = "names"
unit = "word"
overlap = "nested"
labels = [
  { name = "other", key = "o", color = "blue", title = "Other name" },
  { name = "names-other", key = "n", color = "cyan", title = "Odd" },
]
"""


def test_labels_of_one_name_in_two_layers_stay_apart():
    scheme = parse(CLASH)
    text = "едно две три четири пет"
    spans = [
        span(text, "parts", "other", "едно"),
        span(text, "names", "other", "две"),
        span(text, "parts", "head", "три"),
        span(text, "names", "names-other", "четири"),
        span(text, "names", "нов", "пет"),  # as a label map may call it
    ]
    losses = Losses()
    files = exported("brat", of(text, *spans), losses, scheme)
    kinds = [kind for kind, _, _ in by_brats_rules(files["x.ann"].decode(), text)]
    new = kinds[4]
    assert kinds == ["parts-other", "names-other", "head", "names-names-other", new]
    assert re.fullmatch("label-[0-9a-f]{8}", new)
    declared = files["annotation.conf"].decode().split("\n\n")[0].split("\n")
    assert declared == [
        *("[entities]", "# parts", "parts-other", "head"),
        *("# names", "names-other", "names-names-other", new),
    ]
    assert "parts-other | Other / part | other\n" in files["visual.conf"].decode()
    assert len([kind for kind, _, _ in losses if kind.startswith("label ")]) == 4


def configuration(conf: str) -> dict[str, list[tuple[list[str], list[str]]]]:
    """A configuration file as brat's projectconfig.py takes it apart: terms and arguments."""
    sections: dict[str, list[tuple[list[str], list[str]]]] = {}
    name = ""
    for line in conf.split("\n"):
        if heading := re.fullmatch(r"\s*\[(.*)\]\s*", line):
            name = heading[1]
            sections[name] = []
        elif line.strip() and not re.match(r"\s*#", line):
            tabs_only = name == "labels"
            match = re.match(
                r"(\s*)([^\t]+)(?:\t(.*))?$" if tabs_only else r"(\s*)(\S+)(?:\s+(.*))?$", line
            )
            assert match[1] == ""
            terms = [term.strip() for term in match[2].split("|") if term.strip()]
            args = [arg.strip() for arg in (match[3] or "").split(",") if arg.strip()]
            assert all(re.match(r"^(\S*?):(\S*)$", arg) for arg in args)
            sections[name].append((terms, args))
    return sections


def test_the_configuration_declares_everything_that_is_used():
    files = exported("brat", several(), annotator="anna")
    conf = configuration(files["annotation.conf"].decode())
    assert list(conf) == ["entities", "relations", "events", "attributes"]
    declared = {terms[0] for terms, _ in conf["entities"]}
    labels = {label.name for layer in news().span_layers for label in layer.labels}
    assert declared == labels
    assert conf["attributes"] == [
        (["metonymy"], ["Arg:<ENTITY>", "Value:EVT|LOC|ORG|PER|PRO"]),
        (["norp"], ["Arg:<ENTITY>"]),
        (["uncertain"], ["Arg:<ENTITY>"]),
    ]
    visual = configuration(files["visual.conf"].decode())
    assert {terms[0] for terms, _ in visual["labels"]} == declared
    assert {terms[0] for terms, _ in visual["drawing"]} > declared


def test_one_annotator_goes_out_and_the_others_are_counted():
    with pytest.raises(AnnotatorError, match=r"several annotators \(anna, boris\): choose one"):
        exported("brat", several())
    losses = Losses()
    files = exported("brat", several(), losses, annotator="boris")
    assert files["bridge.ann"].count(b"\n") == 1
    assert "harbour-1-e6bab380cb.ann" not in files
    assert losses["decisions of another annotator"] == 1
    assert losses["article skipped by its annotator"] == 1
    assert losses["article exported though it is not finished"] == 1


def test_what_json_cannot_hold_is_said():
    broken = replace(bridge(), meta={"n": float("nan")})
    with pytest.raises(AnnotatorError, match="'bridge' holds something JSON cannot"):
        exported("brat", [Document(broken, (bridge_work(),))])


HASHES = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from formats_kit import exported
for name in ("brat", "w3c", "standoff", "structured-sentiment", "article-extraction", "cleaneval"):
    for file, data in exported(name).items():
        print(name, file, hashlib.sha256(data).hexdigest())
"""


def test_bytes_do_not_depend_on_the_seed_of_hashes():
    said = set()
    for seed in ("1", "2"):
        command = [sys.executable, "-c", HASHES, str(Path(__file__).parent)]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        said.add(subprocess.run(command, env=env, capture_output=True, check=True).stdout)
    assert len(said) == 1
    assert said.pop().count(b"\n") == 15


def folder_of(docs: list[Document], tmp_path: Path) -> Path:
    """The folder an export makes, with everything that lies beside."""
    export("brat", docs, news(), tmp_path / "brat")
    return tmp_path / "brat"


def test_pybrat_finds_the_same(tmp_path):
    pybrat = pytest.importorskip("pybrat.parser")
    folder = folder_of(documents(), tmp_path)
    examples = pybrat.BratParser(error="raise").parse(folder)
    assert [example.id for example in examples] == ["bridge", "harbour-1-e6bab380cb"]
    for example, doc in zip(examples, documents(), strict=False):
        got = [
            (e.type, tuple((s.start, s.end) for s in e.spans), e.mention) for e in example.entities
        ]
        assert got == wanted(doc)
        for _, places, mention in got:
            assert " ".join(example.text[start:end] for start, end in places) == mention


def test_pybrat_reads_references(tmp_path):
    pybrat = pytest.importorskip("pybrat.parser")
    text = "Лом"
    docs = of(text, span(text, "entities", "LOC", "Лом", xid="Q472"))
    (example,) = pybrat.BratParser(error="raise").parse(folder_of(docs, tmp_path))
    (reference,) = example.entities[0].references
    assert (reference.rid, reference.eid, reference.entry) == ("Wikidata", "Q472", "Лом")


def test_pybrat_refuses_a_spoilt_file(tmp_path):
    """The checks above can fail."""
    pybrat = pytest.importorskip("pybrat.parser")
    folder = folder_of(documents(), tmp_path)
    path = folder / "bridge.ann"
    path.write_text(path.read_text("utf-8").replace("T3\tPER 41 54", "T3\tPER\t41 54"), "utf-8")
    with pytest.raises(RuntimeError, match="Invalid line"):
        pybrat.BratParser(error="raise").parse(folder)


@settings(max_examples=50)
@given(doc=generated())
def test_bioc_finds_the_same(doc):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own dependencies
        brat = pytest.importorskip("bioc.brat")
    files = exported("brat", [doc])
    read = brat.loads(files["x.txt"].decode(), files["x.ann"].decode())
    got = [
        (e.type, tuple((each.begin, each.end) for each in sorted(e.locations)), e.text)
        for e in sorted(read.entities, key=lambda e: int(e.id[1:]))
    ]
    assert got == wanted(doc)
    given = sorted(n for s in doc.works[0].spans for n, v in s.attrs.items() if v is True)
    blank = any(not list(fragments(doc.article.text, s.start, s.end)) for s in doc.works[0].spans)
    assert blank or given == sorted(a.type for a in read.attributes if a.type != "metonymy")
