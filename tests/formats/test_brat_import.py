"""brat in: real files, our own export back, line ends, fragments, and what is refused."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from formats_kit import SHARED, claims, exported, read, reader, records, write
from formats_samples import BRIDGE, HARBOUR, documents
from generated import generated
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.formats.claims import Record
from annotator.formats.document import Document
from annotator.formats.settling import Settled, settle
from annotator.formats.sources.incoming import LIMIT, Found, ReadOptions, Refusal
from annotator.formats.writers.brat import fragments
from annotator.text.counting import Count

REAL = SHARED / "foreign" / "brat"


def pair(folder: Path, text: str | bytes, ann: str | bytes) -> Path:
    path = folder / "a.ann"
    path.write_bytes(ann.encode() if isinstance(ann, str) else ann)
    path.with_suffix(".txt").write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def one(folder: Path, text: str | bytes, ann: str | bytes) -> Record:
    (record,) = records("brat", pair(folder, text, ann))
    return record


def refusal(folder: Path, text: str | bytes, ann: str | bytes) -> str:
    (found,) = read("brat", pair(folder, text, ann))
    assert isinstance(found, Refusal), found
    return found.where.removeprefix(str(folder)) + " " + found.reason


@pytest.mark.parametrize(
    ("folder", "files", "spans", "categories"),
    [("inception-test-NCBI-disease", 20, 226, 226), ("litbank-nested", 12, 1615, 0)],
)
def test_real_files_come_in_whole(folder, files, spans, categories):
    if not REAL.is_dir():
        pytest.skip("the foreign files are not beside this checkout")
    paths = sorted((REAL / folder).glob("*.ann"))
    found = [record for path in paths for record in records("brat", path)]
    assert len(found) == files
    assert sum(len(claims(record)) for record in found) == spans
    assert not any(record.left_out for record in found)
    given = [claim.attrs["Category"] for r in found for claim in r.claims if claim.attrs]
    assert len(given) == categories
    assert set(given) <= {"SpecificDisease", "Modifier", "DiseaseClass", "CompositeMention"}
    for record, path in zip(found, paths, strict=True):
        assert record.article.text == path.with_suffix(".txt").read_bytes().decode()
        assert reader("brat").sniff(path.read_bytes()[:65536], path.name)


def test_a_moved_offset_of_a_real_file_is_found_out(tmp_path):
    """The check above can fail."""
    path = REAL / "litbank-nested" / "11_alices_adventures_in_wonderland_brat.ann"
    if not path.is_file():
        pytest.skip("the foreign files are not beside this checkout")
    ann = path.read_text("utf-8").replace("T4\tPER 696 701", "T4\tPER 697 702")
    record = one(tmp_path, path.with_suffix(".txt").read_bytes(), ann)
    assert not isinstance(settle(record, record.article.text), Settled)


def back(docs: list[Document], folder: Path) -> list[Record]:
    write(exported("brat", docs), folder)
    return [record for path in sorted(folder.glob("*.ann")) for record in records("brat", path)]


def test_our_own_export_comes_back_with_the_articles(tmp_path):
    found = back(documents(), tmp_path)
    assert [record.article for record in found] == [doc.article for doc in documents()[:2]]
    for record, doc in zip(found, documents(), strict=False):
        spans = doc.works[0].spans
        assert record.annotator == "anna"
        assert record.finished
        assert record.origin == "brat"
        assert [(c.layer, c.attrs) for c in record.claims] == [(s.layer, s.attrs) for s in spans]
        text = doc.article.text
        assert claims(record) == [(s.start, s.end, s.label, text[s.start : s.end]) for s in spans]
    assert found[0].left_out == {"stance": 3, "note or flag": 2}


@settings(max_examples=150)
@given(doc=generated())
def test_what_goes_out_comes_back(doc):
    """All but white space at the edges, and spans of nothing else."""
    text = doc.article.text
    wanted = []
    for s in doc.works[0].spans:
        if places := list(fragments(text, s.start, s.end)):
            start, end = places[0][0], places[-1][1]
            wanted.append((s.layer, s.label, start, end, dict(s.attrs)))
    with TemporaryDirectory() as folder:
        (record,) = back([doc], Path(folder))
    assert record.article == doc.article
    settled = settle(record, text)
    assert isinstance(settled, Settled), settled
    assert [(c.layer, c.label, c.start, c.end, dict(c.attrs)) for c in settled.claims] == wanted


def test_labels_given_in_brat_after_an_export_come_in_too(tmp_path):
    write(exported("brat", documents()[1:2]), tmp_path)
    (path,) = tmp_path.glob("*.ann")
    path.write_text(path.read_text("utf-8") + "T9\tEVT 77 83\tошибка\n", "utf-8")
    (record,) = records("brat", path)
    assert (record.claims[-1].layer, record.claims[-1].label) == ("", "EVT")
    assert claims(record)[-1][3] == "ошибка"


def test_offsets_count_every_line_end_as_one(tmp_path):
    ann = "T1\tPER 3 6\tАна\nT2\tLOC 9 12\tЛом\n"
    for end in ("\r\n", "\r", "\n"):
        text = end.join(["а", "бАна", "в", "Лом"])
        record = one(tmp_path, text, ann.replace("\n", end))
        assert record.article.text == text
        assert record.counts is Count.LF
        assert [surface for *_, surface in claims(record)] == ["Ана", "Лом"]


def test_fragments_that_only_line_ends_part_are_one_span(tmp_path):
    text = "Съюз\r\n  на\tхората и други\rхора"
    ann = (
        "T1\tORG 0 4;7 9;10 16\tСъюз на хората\n"
        "T2\tORG 7 9;19 24\tна други\n"
        "T3\tORG 7 16\tна хората\n"
        "T4\tORG 19 24;25 29\tдругихора\n"
        "T5\tORG 10 16;10 16\tхората хората\n"
    )
    record = one(tmp_path, text, ann)
    assert [surface for *_, surface in claims(record)] == [
        *("Съюз\r\n  на\tхората", "на\tхората", "други\rхора")
    ]
    assert record.left_out == {"discontinuous annotation": 2}


def test_offsets_in_other_counts_are_found_by_the_quotes(tmp_path):
    record = one(tmp_path, "😀 Ана\nи Лом", "T1\tPER 3 6\tАна\nT2\tLOC 9 12\tЛом\n")
    settled = settle(record, record.article.text)
    assert isinstance(settled, Settled)
    assert settled.counts is Count.UTF16


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Sofia University is big.", "T1\tORG 0 5\tSofia University of Technology\n"),
        ("Sofia University is big.", "T1\tORG 0 5\tSofia University\n"),
        ("Sofia University is big.", "T1\tORG 0 5\tSofia \n"),
        ("Sofia University is big.", "T1\tORG 0 16\tSofia\n"),
        ("Съюз\nна хората", "T1\tORG 0 4;5 7\tСъюз на хората\n"),
    ],
)
def test_a_line_whose_text_is_not_at_its_offsets_is_not_believed(tmp_path, text, line):
    record = one(tmp_path, text, line)
    unsettled = settle(record, text)
    assert not isinstance(unsettled, Settled)
    assert "cut out" in unsettled.reason


def test_a_byte_order_mark_is_a_character_of_the_text_as_in_brat(tmp_path):
    record = one(tmp_path, b"\xef\xbb\xbfAna", b"\xef\xbb\xbfT1\tPER 1 4\tAna\n")
    assert record.article.text == "\ufeffAna"
    assert claims(record) == [(1, 4, "PER", "Ana")]


def test_attributes_references_and_notes_go_to_their_spans(tmp_path):
    ann = (
        "A1\tNegation T1\n"
        "T1\tPER 0 3\tАна\n"
        "M1\tSpeculation T1\n"
        "A2\tKind T1 два думи\n"
        "A3\tKind T1 друго\n"
        "N1\tReference T1 Wikidata:Q5\tАна\n"
        "N2\tReference T1 viaf:7\tАна\n"
        "#1\tAnnotatorNotes T1\tможе би; a=1\n"
        "#2\tSTATUS T1\tx\n"
        "R1\tKnows Arg1:T1 Arg2:T2\n"
        "*\tEquiv T1 T2\n"
        "E1\tMeet:T1 With:T2\n"
        "A4\tNegation E1\n"
        "#3\tAnnotatorNotes R1\tда\n"
        "T2\tLOC 4 7\tЛом\n"
        "T3\tLOC 5 5\t\n"
    )
    record = one(tmp_path, "Ана Лом", ann)
    assert [dict(claim.attrs) for claim in record.claims] == [
        {
            "Negation": True,
            "Speculation": True,
            "Kind": ["два думи", "друго"],
            "xid": "Q5",
            "note": "може би; a=1",
        },
        {},
    ]
    assert record.left_out == {
        "relation": 2,
        "event": 1,
        "second reference of a span": 1,
        "note of type STATUS": 1,
        "attribute or note of what is no span": 2,
        "annotation without text": 1,
    }


def test_an_empty_file_says_nothing_yet(tmp_path):
    record = one(tmp_path, "Ана", "")
    assert record.claims == ()
    assert not record.finished
    assert record.article.id == "a"
    assert reader("brat").sniff(b"", "x/a.ann")


def test_ids_are_the_path_and_a_prefix(tmp_path):
    path = pair(tmp_path, "Ана", "T1\tPER 0 3\n")
    found = Found(path, "2024/a.ann", "a.ann", "brat")
    (record,) = reader("brat").read(found, ReadOptions(prefix="x-"))
    assert record.article.id == "x-2024/a"
    assert claims(record) == [(0, 3, "PER", "Ана")]


@pytest.mark.parametrize(
    ("text", "ann", "wanted"),
    [
        ("Ана", "T1\tPER 0\tАна\n", "/a.ann:1 'PER 0' is not TYPE START END"),
        ("Ана", "T1\tPER -1 3\tАна\n", "/a.ann:1 'PER -1 3' is not TYPE START END"),
        (
            "Ана",
            f"T1\tPER 0 {'9' * 5000}\tА\n",
            f"/a.ann:1 'PER 0 {'9' * 34}' is not TYPE START END",
        ),
        ("Ана", "T1\tPER 0 3\tАна\r\nT1\tLOC 0 1\tА", "/a.ann:2 the id 'T1' comes twice"),
        ("Ана", "\n\nнещо", "/a.ann:3 'нещо' is no line of brat's"),
        ("Ана", "X1\tPER 0 3\tАна", "/a.ann:1 'X1\\tPER 0 3\\tАна' is no line of brat's"),
        ("Ана", "A1\tNegation\n", "/a.ann:1 'Negation' is not NAME ID or NAME ID VALUE"),
        (
            "Ана",
            "N1\tReference T1 Q5\tx\n",
            "/a.ann:1 'Reference T1 Q5' is not Reference ID DATABASE:ENTRY",
        ),
        ("Ана", "#1\tAnnotatorNotes\tx\n", "/a.ann:1 'AnnotatorNotes' is not TYPE ID"),
        ("Ана", "#1\tAnnotatorNotes T1\ta\0\n", "/a.ann:1 NUL character at offset 22 of a string"),
        (
            "Ана",
            b"T1\tPER 0 3\t\xff\n",
            "/a.ann a.ann, line 1: byte 0xff at offset 11 is not UTF-8",
        ),
        (b"\xd0", "", "/a.ann a.txt, line 1: byte 0xd0 at offset 0 is not UTF-8"),
        ("", "", "/a.ann a.txt: the text is empty"),
        ("а\0", "", "/a.ann a.txt: NUL character at offset 1"),
    ],
)
def test_what_is_none_of_brats_is_refused(tmp_path, text, ann, wanted):
    assert refusal(tmp_path, text, ann).startswith(wanted)


def test_a_missing_text_and_a_large_one_are_refused(tmp_path):
    path = pair(tmp_path, "", "")
    with path.with_suffix(".txt").open("r+b") as stream:
        stream.truncate(LIMIT + 1)
    (found,) = read("brat", path)
    assert found.reason == "a.txt is larger than 64 MB"
    path.with_suffix(".txt").unlink()
    (found,) = read("brat", path)
    assert found.reason == "its text, a.txt, is not beside it"


def test_a_json_beside_must_fit_the_text(tmp_path):
    write(exported("brat", documents()[1:2]), tmp_path)
    (path,) = tmp_path.glob("*.ann")
    beside, text = path.with_suffix(".json"), path.with_suffix(".txt")
    told = json.loads(beside.read_bytes())
    plain = text.read_bytes()
    for spoilt, reason in (
        (plain.replace(b"\n", b"", 1), "the text has not the lines that were exported"),
        (plain + b" ", "the text is not the one that was exported"),
    ):
        text.write_bytes(spoilt)
        (found,) = read("brat", path)
        assert isinstance(found, Refusal)
        assert found.reason.startswith(reason)
    text.write_bytes(plain)
    for name, value in (("annotator", {}), ("types", {"PER": 1}), ("line_ends", [1]), ("id", "")):
        beside.write_text(json.dumps({**told, name: value}))
        (found,) = read("brat", path)
        assert isinstance(found, Refusal), name
        assert found.reason == f"{beside.name} beside it is damaged"
    beside.write_text('{"text": "of another tool"}')
    (record,) = records("brat", path)
    assert record.article.text == HARBOUR.replace("\r\n", "\n")
    assert record.article.id == path.stem


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [
                *("T", "T1", "A1", "N1", "#1", "R1", "E1", "*", "M2", "\t", " ", ";", ":", "\n"),
                *("PER", "0", "3", "99", "Ана", "AnnotatorNotes", "Reference", 'a="', "\\", "\0"),
                *("T1\tPER 0 3\tАна\n", "#1\tAnnotatorNotes T1\t", "[", "{", "\u2028", "\r"),
            ]
        ),
        max_size=25,
    ),
    st.booleans(),
)
def test_no_lines_whatever_break_the_reader(pieces, ours):
    with TemporaryDirectory() as folder:
        if ours:
            write(exported("brat", documents()[:1]), Path(folder))
            path = Path(folder) / "bridge.ann"
            path.write_text("".join(pieces), "utf-8", newline="")
        else:
            path = pair(Path(folder), BRIDGE, "".join(pieces))
        for found in read("brat", path):
            if isinstance(found, Record):
                settle(found, found.article.text)
                json.dumps([dict(claim.attrs) for claim in found.claims], allow_nan=False)


@settings(max_examples=100)
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_no_bytes_whatever_break_the_reader(text, ann):
    with TemporaryDirectory() as folder:
        for found in read("brat", pair(Path(folder), text, ann)):
            assert isinstance(found, Record | Refusal)


def test_only_ann_files_are_claimed():
    sniff = reader("brat").sniff
    assert sniff(b"T1\tPER 0 3\tAna\n", "a.ANN")
    assert sniff(b"\n#1\tAnnotatorNotes T1\tx\n", "a.ann")
    assert not sniff(b"T1\tPER 0 3\tAna\n", "a.txt")
    assert not sniff(b'{"text": "x"}\n', "a.ann")
    assert not sniff(b"\xff\xfe\0\0", "a.ann")
