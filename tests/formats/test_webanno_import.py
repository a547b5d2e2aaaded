"""WebAnno TSV 3: the real files, what another reader of them finds, and what is wrong or odd."""

import pytest
from formats_kit import SHARED, claims, read, reader, records
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.formats.claims import Record
from annotator.formats.sources.incoming import Refusal
from annotator.text.counting import Count

NE = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
PERSON = "#T_SP=webanno.custom.Name|value"


@pytest.fixture(scope="module")
def real():
    folder = SHARED / "foreign" / "webanno_tsv"
    if not folder.is_dir():
        pytest.skip("the files of other tools are not beside this checkout")
    return folder


def tsv(*sentences, header=PERSON, version="3.3"):
    """A file of sentences, each the lines of its block."""
    blocks = ["\n".join(sentence) + "\n" for sentence in sentences]
    return f"#FORMAT=WebAnno TSV {version}\n{header}\n\n\n" + "\n".join(blocks)


def read_tsv(text, tmp_path, name="a.tsv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read("webanno-tsv", path)


def record(*sentences, tmp_path, **more):
    (found,) = read_tsv(tsv(*sentences, **more), tmp_path)
    assert isinstance(found, Record), found
    return found


def test_what_becomes_of_every_real_file(real):
    got = {}
    for path in sorted(real.rglob("*")):
        if path.is_file() and reader("webanno-tsv").sniff(path.read_bytes()[:65536], path.name):
            (found,) = records("webanno-tsv", path)
            got[path.name] = len(claims(found)), dict(found.left_out)
    assert got == {
        "coref.tsv": (74, {"link of a chain": 651, "Lemma annotation": 4993}),
        "example2.tsv": (9, {"relation": 86, "POS annotation": 86}),
    }


def test_the_names_of_a_real_file(real):
    (found,) = records("webanno-tsv", real / "tsv3" / "example2.tsv")
    assert found.article.text.startswith("Ms. Haag plays Elianti .\nRolls-Royce Motor Cars Inc.")
    assert {c.layer for c in found.claims} == {"NamedEntity"}
    assert claims(found)[:3] + claims(found)[5:7] == [
        (0, 8, "PER", "Ms. Haag"),
        (15, 22, "OTH", "Elianti"),
        (25, 42, "ORG", "Rolls-Royce Motor"),
        (191, 211, "ORG", "BELL INDUSTRIES Inc."),
        (191, 195, "PER", "BELL"),
    ]


def theirs(path):
    """Label and text of what the web_anno_tsv package finds in the second layer of a file."""
    web_anno_tsv = pytest.importorskip("web_anno_tsv")
    with web_anno_tsv.open_web_anno_tsv(str(path)) as sentences:
        return [(a.label, a.text) for sentence in sentences for a in sentence.annotations]


def test_another_reader_finds_the_same_in_a_real_file(real):
    path = real / "tsv3" / "example2.tsv"
    (found,) = records("webanno-tsv", path)
    ours = [(label, text) for _, _, label, text in claims(found)]
    assert sorted(theirs(path)) == sorted(ours)
    assert len(ours) == 9


def test_files_of_another_writer_are_read(tmp_path):
    """The web_anno_tsv package writes parts of tokens, and offsets after emoji in UTF-16 units."""
    package = pytest.importorskip("web_anno_tsv.web_anno_tsv")
    path = tmp_path / "other.tsv"
    text = "😀 Мостът край Лом"
    words = [("😀", 0), ("Мостът", 2), ("край", 9), ("Лом", 14)]
    tokens = [package.Span(word, at, at + len(word), is_token=True) for word, at in words]
    marks = [
        package.Annotation("LOC", "Лом", 14, 17),
        package.Annotation("PRO", "Мостът край Лом", 2, 17),
        package.Annotation("PART", "Мост", 2, 6),
    ]
    with package.open_web_anno_tsv(str(path), "w") as out:
        out.write(package.AnnotatedSentence(text, tokens, marks))
        out.write(package.AnnotatedSentence(text, tokens, marks[:1]))
    (found,) = records("webanno-tsv", path)
    assert found.article.text == f"{text}\n{text}"
    assert [c[2:] for c in claims(found)] == [
        ("PRO", "Мостът край Лом"),
        ("PART", "Мост"),
        ("LOC", "Лом"),
        ("LOC", "Лом"),
    ]
    assert found.counts is Count.UTF16


def test_offsets_after_emoji_are_utf16_units(tmp_path):
    sentence = (
        "#Text=Видя 😊 Лом",
        "1-1\t0-4\tВидя\t_\t",
        "1-2\t5-7\t😊\tEMO\t",
        "1-3\t8-11\tЛом\tLOC\t",
    )
    found = record(sentence, tmp_path=tmp_path)
    assert claims(found) == [(5, 6, "EMO", "😊"), (7, 10, "LOC", "Лом")]
    assert found.counts is Count.UTF16


def test_offsets_in_code_points_are_found_out(tmp_path):
    sentence = (
        "#Text=Видя 😊 Лом",
        "1-1\t0-4\tВидя\t_\t",
        "1-2\t5-6\t😊\tEMO\t",
        "1-3\t7-10\tЛом\tLOC\t",
    )
    found = record(sentence, ("#Text=А.", "2-1\t11-13\tА.\tLOC\t"), tmp_path=tmp_path)
    assert found.counts is Count.CODE_POINTS
    assert claims(found)[1:] == [(7, 10, "LOC", "Лом"), (11, 13, "LOC", "А.")]


def test_parts_of_tokens_stacked_and_tied_ones(tmp_path):
    found = record(
        ("#Text=Йоан Петров-Ким", "1-1\t0-4\tЙоан\tPER[1]|X\t", "1-2\t5-15\tПетров-Ким\tPER[1]\t",
         "1-2.1\t5-11\tПетров\tFAM[2]|FAM\\|Y[3]\t", "1-2.2\t12-15\tКим\tFAM[3]\t"),
        ("#Text=Там", "2-1\t16-19\tТам\tPER[1]\t"),
        tmp_path=tmp_path,
    )  # fmt: skip
    assert claims(found) == [
        (0, 19, "PER", "Йоан Петров-Ким\nТам"),
        (0, 4, "X", "Йоан"),
        (5, 15, "FAM|Y", "Петров-Ким"),
        (5, 11, "FAM", "Петров"),
    ]


def test_a_number_used_again_further_on_is_another_span(tmp_path):
    tokens = [f"1-{n}\t{n * 2 - 2}-{n * 2 - 1}\t{c}\t{v}\t" for n, (c, v) in enumerate(
        zip("абвг", ("A[1]", "_", "A[1]", "A[1]"), strict=True), 1)]  # fmt: skip
    found = record(("#Text=а б в г", *tokens), tmp_path=tmp_path)
    assert claims(found) == [(0, 1, "A", "а"), (4, 7, "A", "в г")]


def test_values_are_unescaped(tmp_path):
    value = r"a\_b\*c\[1\]\|\->\;\\d\te"
    found = record(("#Text=Лом", f"1-1\t0-3\tЛом\t{value}\t"), tmp_path=tmp_path)
    assert claims(found) == [(0, 3, "a_b*c[1]|->;\\d\te", "Лом")]
    found = record(("#Text=Лом", "1-1\t0-3\tЛом\t" + r"a\\[7]" + "\t"), tmp_path=tmp_path)
    assert claims(found)[0][2] == "a\\"


def test_texts_are_unescaped(tmp_path):
    lines = [
        "#Text=Лом\\t\\\\\\r",
        "#Text=Видин\\\x01",
        "1-1\t0-3\tЛом\tLOC\t",
        "1-2\t7-12\tВидин\tLOC\t",
    ]
    found = record(lines, tmp_path=tmp_path)
    assert found.article.text == "Лом\t\\\r\nВидин\x01"
    assert [c[3] for c in claims(found)] == ["Лом", "Видин"]


def test_older_versions_escape_as_java_does(tmp_path):
    written = r"#Text=\u041B\u043e\u043C \uD83D\uDE0A \"a\" \101"
    lines = (written, "1-1\t0-3\tЛом\tLOC\t", "1-2\t4-6\t😊\t_\t", "1-3\t11-12\tA\t_\t")
    found = record(lines, tmp_path=tmp_path, version="3.1")
    assert found.article.text == 'Лом 😊 "a" A'
    assert claims(found) == [(0, 3, "LOC", "Лом")]


def test_what_lies_between_sentences_keeps_its_place(tmp_path):
    found = record(
        ("#Text=Лом.", "1-1\t2-6\tЛом.\tLOC\t"),
        ("#Text=Видин.", "2-1\t6-12\tВидин.\tLOC\t"),
        ("#Sentence.id=s3", "#Text=Русе.", "3-1\t13-18\tРусе.\tLOC\t"),
        ("#Text=Бяла.", "4-1\t22-27\tБяла.\tLOC\t"),
        tmp_path=tmp_path,
    )
    assert found.article.text == "  Лом.Видин.\nРусе.\n   Бяла."
    assert [c[3] for c in claims(found)] == ["Лом.", "Видин.", "Русе.", "Бяла."]
    assert found.left_out == {"character between sentences, written as space": 5}


def test_features_relations_slots_and_chains(tmp_path):
    header = "\n".join(
        (
            f"#T_SP={NE}|identifier|value|sure",
            "#T_SP=webanno.custom.Plain|",
            "#T_SP=webanno.custom.Frame|FE|ROLE_webanno.custom.Frame:Roles_x.Link|uima.tcas.Annotation",
            "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Lemma|value",
            "#T_CH=x.CoreferenceLink|referenceType|referenceRelation",
            "#T_RL=webanno.custom.Says|kind|BT_webanno.custom.Frame",
        )
    )
    found = record(
        ("#Text=Йоан каза Лом",
         "1-1\t0-4\tЙоан\tQ1[1]\tPER[1]\ttrue[1]\t_\t_\t_\t_\tйоан\tCM[9]\tANA->9-1\t_\t_\t",
         "1-2\t5-9\tказа\tQ1[1]\tPER[1]\ttrue[1]\t*\tsay\twho;what\t1-1;1-3\tкажа\tCM[9]\tANA->9-1\tx\t1-1\t",
         "1-3\t10-13\tЛом\t*\t*\t*\t_\t_\t_\t_\tЛом\tCM[9]\t*->9-2\tx|y\t1-1|1-2[0_1]\t"),
        tmp_path=tmp_path, header=header,
    )  # fmt: skip
    assert [(c.layer, c.label, c.attrs) for c in found.claims] == [
        ("NamedEntity", "PER", {"xid": "Q1", "sure": "true"}),
        ("Frame", "say", {}),
    ]
    assert claims(found)[0] == (0, 9, "PER", "Йоан каза")
    assert found.left_out == {
        "annotation without a label": 2,
        "link to another annotation": 2,
        "Lemma annotation": 3,
        "link of a chain": 2,
        "relation": 3,
    }


def test_empty_spans_and_sentences_without_tokens(tmp_path):
    found = record(
        ("#Text=Лом", "1-1\t0-3\tЛом\t_\t", "1-1.1\t3-3\t\tX\t"),
        ("#Text=Никой не го реже на думи",),
        tmp_path=tmp_path,
    )
    assert found.article.text == "Лом\nНикой не го реже на думи"
    assert claims(found) == []
    assert not found.finished
    assert found.left_out == {"annotation of no text": 1}


def test_windows_line_ends_and_a_mark_are_no_part_of_the_text(tmp_path):
    text = tsv(("#Text=Лом", "1-1\t0-3\tЛом\tLOC\t")).replace("\n", "\r\n").encode("utf-8-sig")
    (found,) = read_tsv(text, tmp_path)
    assert found.article.text == "Лом"
    assert claims(found) == [(0, 3, "LOC", "Лом")]
    assert reader("webanno-tsv").sniff(text, "a.tsv")


def test_the_same_text_gets_the_same_id(tmp_path):
    one = record(("#Text=Лом", "1-1\t0-3\tЛом\tLOC\t"), tmp_path=tmp_path)
    two = record(("#Text=Лом", "1-1\t0-3\tЛом\tPER\t"), tmp_path=tmp_path)
    other = record(("#Text=Рим", "1-1\t0-3\tРим\tLOC\t"), tmp_path=tmp_path)
    assert one.article.id == two.article.id != other.article.id


TOKEN = "1-1\t0-3\tЛом\tLOC\t"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "it does not begin with #FORMAT=WebAnno TSV"),
        (" # webanno.custom.X | f\n#id=1\n", 1, "it does not begin with #FORMAT=WebAnno TSV"),
        (tsv(version="2.0"), 1, "it is WebAnno TSV 2.0; only 3 is read"),
        (tsv(), 0, "it has no #Text= line"),
        (tsv(("#Text=", "1-1\t0-0\t\t_\t")), 0, "the text is empty"),
        (tsv(("#Text=a\x00b", "1-1\t0-3\ta\x00b\t_\t")), 0, "NUL character"),
        (tsv((TOKEN,)), 5, "the token comes before any #Text="),
        (tsv(("#Text=Лом", "1-1\t0-3\tЛом")), 6, "the line has 3 columns, not 4"),
        (tsv(("#Text=Лом", TOKEN + "\tmore")), 6, "the line has 6 columns, not 4"),
        (tsv(("#Text=Лом", "1-1\tx-3\tЛом\t_\t")), 6, "the token has no offsets"),
        (tsv(("#Text=Лом", "Лом")), 6, "the line is neither a token nor begins with #"),
        (tsv(("#Text=Лом", "1-1\t0-2\tЛом\tLOC\t")), 6, "the token 'Лом' is not at 0-2 of the text"),
        (tsv(("#Text=Рим", TOKEN)), 6, "the token 'Лом' is not at 0-3 of the text"),
        (tsv(("#Text=Лом", TOKEN), ("#Text=А", "2-1\t1-2\tА\t_\t")), 9, "begins before the sentence"),
        (tsv(("#Text=Лом", f"1-1\t{'9' * 12}-{'9' * 12}\tЛом\t_\t")), 6, "leave more space than text"),
        (tsv(("#Text=Лом", f"1-1\t0-{'9' * 40}\tЛом\t_\t")), 6, "the token has no offsets"),
        (tsv(("#Text=Лом", TOKEN)).encode("cp1251"), 5, "is not UTF-8"),
        (tsv(("#Text=" + "Лом \\uD800", TOKEN), version="3.1"), 0, "lone surrogate"),
    ],
)  # fmt: skip
def test_wrong_files_are_refused_with_a_line_and_a_reason(text, line, reason, tmp_path):
    (refusal,) = read_tsv(text, tmp_path)
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason
    assert refusal.where.endswith(f":{line}" if line else "a.tsv")


WHOLE = tsv(
    ("#Text=Йоан Петров 😊", "1-1\t0-4\tЙоан\tPER[1]|X\t", "1-2\t5-11\tПетров\tPER[1]\t",
     "1-2.1\t5-8\tПет\ta\\|b\t", "1-3\t12-14\t😊\t*\t"),
    ("#Text=Там", "2-1\t15-18\tТам\tPER[1]\t"),
)  # fmt: skip
BITS = st.sampled_from(
    [
        "\t",
        "\n",
        "|",
        "[",
        "]",
        "\\",
        "[1]",
        "_",
        "*",
        "#T_SP=",
        "#Text=",
        "9" * 20,
        "-",
        "\x00",
        "😊",
    ]
)


@settings(max_examples=100)
@given(start=st.integers(0, len(WHOLE)), length=st.integers(0, 9), put=st.lists(BITS, max_size=3))
def test_any_bits_anywhere_never_break_the_reader(start, length, put, tmp_path_factory):
    spoilt = WHOLE[:start] + "".join(put) + WHOLE[start + length :]
    (found,) = read_tsv(spoilt, tmp_path_factory.mktemp("any"))
    assert isinstance(found, Record | Refusal)


PIECES = st.lists(st.sampled_from(["Лом", "😊", "й", "a|b", "x\\y", "[1]"]), min_size=1, max_size=5)


@settings(max_examples=40)
@given(sentences=st.lists(st.tuples(PIECES, st.integers(0, 3)), min_size=1, max_size=4))
def test_every_token_written_by_the_rules_comes_back(sentences, tmp_path_factory):
    """A small writer of our own: each token is a span of its own text."""
    at, blocks, wanted = 0, [], []
    for number, (words, gap) in enumerate(sentences, 1):
        at += gap if number > 1 else 0
        lines = ["#Text=" + " ".join(words).replace("\\", "\\\\")]
        for place, word in enumerate(words, 1):
            end = at + len(word.encode("utf-16-le")) // 2
            lines.append(f"{number}-{place}\t{at}-{end}\t{word}\tW[{number}{place}]\t")
            wanted.append(word)
            at = end + 1
        at -= 1
        blocks.append(lines)
    (found,) = read_tsv(tsv(*blocks), tmp_path_factory.mktemp("rules"))
    assert [text for *_, text in claims(found)] == wanted
