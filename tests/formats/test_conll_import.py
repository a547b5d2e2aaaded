"""Column files of others: separators, tag schemes, comments, broken tags; and our own again."""

from pathlib import Path

import pytest
from formats_kit import SHARED, claims, exported, read, reader, records, write
from formats_samples import BRIDGE, HARBOUR
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats.claims import Record
from annotator.formats.document import Document
from annotator.formats.readers.table import kind_of_file
from annotator.formats.settling import Settled, settle
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.model.annotation import Span, Work, sort_spans
from annotator.model.article import Article

FOREIGN = SHARED / "foreign"


def foreign(name: str) -> Path:
    path = FOREIGN / name
    if not path.is_file():
        pytest.skip("the files of other tools are not beside this checkout")
    return path


def file(folder: Path, text: str | bytes, name: str = "news.conll") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def one(folder: Path, text: str | bytes) -> Record:
    (record,) = records("conll", file(folder, text))
    return record


def reason(folder: Path, text: str | bytes, line: int | None = None) -> str:
    """The one refusal a file gives, which must name the line."""
    (found,) = read("conll", file(folder, text))
    assert isinstance(found, Refusal), found
    if line is not None:
        assert found.where.endswith(f":{line}"), found
    return found.reason


def column(*tags: str) -> str:
    return "".join(f"w{n} {tag}\n" for n, tag in enumerate(tags))


def found(record: Record) -> list[tuple[str, str]]:
    return [(label, surface) for _, _, label, surface in claims(record)]


def test_the_text_is_tokens_joined_by_spaces_and_sentences_by_line_ends(tmp_path):
    record = one(tmp_path, "Лом B-LOC\nспи O\n. O\n\n\nАнна B-PER\nКим I-PER\n")
    assert record.article.text == "Лом спи .\nАнна Ким"
    assert claims(record) == [(0, 3, "LOC", "Лом"), (10, 18, "PER", "Анна Ким")]
    assert record.article.id == "news"
    assert record.article.meta == {"tags": "IOB2"}
    assert (record.finished, record.origin, record.annotator) == (True, "conll", "")


@pytest.mark.parametrize(
    ("tags", "scheme", "entities"),
    [
        ("I-A I-A O I-B B-B I-B", "IOB1", ["w0 w1", "w3", "w4 w5"]),
        ("B-A I-A O B-B B-B I-B", "IOB2", ["w0 w1", "w3", "w4 w5"]),
        ("B-A I-A E-A O S-B B-B E-B", "BIOES", ["w0 w1 w2", "w4", "w5 w6"]),
        ("B-A I-A L-A O U-B B-B L-B", "BILOU", ["w0 w1 w2", "w4", "w5 w6"]),
        ("I-A I-B", "IOB1", ["w0", "w1"]),
        ("S-A S-A", "BIOES", ["w0", "w1"]),
        ("O O", "IOB2", []),
    ],
)
def test_each_scheme_is_known_from_its_tags(tmp_path, tags, scheme, entities):
    record = one(tmp_path, column(*tags.split()))
    assert record.article.meta["tags"] == scheme
    assert [surface for _, surface in found(record)] == entities
    assert not record.left_out


@pytest.mark.parametrize(
    ("tags", "entities", "mended"),
    [
        ("B-A O I-A I-A", ["w0", "w2 w3"], 1),
        ("B-A I-B", ["w0", "w1"], 1),
        ("S-A B-A O", ["w0", "w1"], 1),
        ("S-A I-A E-A", ["w0", "w1 w2"], 1),
        ("U-A B-A U-A", ["w0", "w1", "w2"], 1),
        ("S-B B-A I-A", ["w0", "w1 w2"], 1),
    ],
)
def test_broken_sequences_are_read_as_iob1_and_counted(tmp_path, tags, entities, mended):
    record = one(tmp_path, column(*tags.split()))
    assert [surface for _, surface in found(record)] == entities
    assert record.left_out == {"tag mended": mended}


def test_the_scheme_is_that_of_the_file_not_of_the_article(tmp_path):
    """I- at the beginning is no mistake in IOB1, however few tags an article has."""
    start = "-DOCSTART- O\n\n"
    iob1 = records("conll", file(tmp_path, start + "a I-A\n\n" + start + "b I-A\n", "a.iob"))
    assert [dict(r.left_out) for r in iob1] == [{}, {}]
    iob2 = records("conll", file(tmp_path, start + "a I-A\n\n" + start + "b B-A\n", "b.iob"))
    assert [dict(r.left_out) for r in iob2] == [{"tag mended": 1}, {}]


def test_tags_of_two_schemes_contradict_each_other(tmp_path):
    said = reason(tmp_path, column("B-A", "E-A", "O", "U-A"))
    assert said.startswith("line 2 has the tag E- and line 4 U-")


def test_docstart_divides_articles_which_are_numbered(tmp_path):
    text = "-DOCSTART- -X- -X- O\n\na _ _ B-A\n\n-DOCSTART- -X- -X- O\n-DOCSTART- -X- -X- O\n\nb _ _ O\n"
    first, second = records("conll", file(tmp_path, text))
    assert [r.article.id for r in (first, second)] == ["news-1", "news-2"]
    assert [r.article.text for r in (first, second)] == ["a", "b"]
    before, after = records("conll", file(tmp_path, "a O\n\n-DOCSTART- O\nb O\n"))
    assert (before.article.id, after.article.id) == ("news-1", "news-2")


def test_a_bad_line_costs_its_article_only(tmp_path):
    text = "-DOCSTART- O\n\na WRONG\n\n-DOCSTART- O\n\nb B-A\nc O\n" + "d O\n" * 20
    refusal, record = read("conll", file(tmp_path, text))
    assert isinstance(refusal, Refusal)
    assert refusal.where.endswith(":3")
    assert refusal.reason.startswith("'WRONG' is no tag")
    assert isinstance(record, Record)
    assert record.article.id == "news-2"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a O\nb\n", 2, "the line has one column"),
        ("a x O\nb O\n", 2, "the line has 2 columns, not 3"),
        ("a O\nb B-\n" + "c O\n" * 20, 2, "'B-' is no tag"),
        ("a O\nb M-A\n" + "c O\n" * 20, 2, "'M-A' is no tag"),
        (b"a O\n\xd0\xff O\n", 2, "is not UTF-8"),
        ("a\0b O\n", 1, "NUL character at offset 1"),
        ("\tO\n\tO\n", 1, "the text is empty"),
        ("", None, "there are no tokens with tags in it"),
        ("один\n\nдве\n", None, "there are no tokens with tags in it"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(tmp_path, text, line, said):
    assert said in reason(tmp_path, text, line)


def test_columns_are_told_from_the_file(tmp_path):
    counted = one(tmp_path, "1\tЛом\tB-LOC\n2\tспи\tO\n\n1\tда\tO\n")
    assert counted.article.text == "Лом спи\nда"
    from_zero = one(tmp_path, "#DOCSTART\n0\tЛом\tB-LOC\n1\t2\tO\n\n0\t-DOCSTART-\tO\n")
    assert (from_zero.article.id, from_zero.article.text) == ("news-1", "Лом 2")
    for numbers in ("1 3", "1 2", "0 1 2", "1"):
        record = one(tmp_path, "".join(f"{number} _ O\n" for number in numbers.split()))
        assert record.article.text == numbers
    with_chunks = one(tmp_path, "EU NNP I-NP I-ORG\nsays VBZ I-VP O\n")
    assert found(with_chunks) == [("ORG", "EU")]
    assert with_chunks.left_out == {"column with other values": 2}
    tag_first = one(tmp_path, "1\tЛом\tB-LOC\t-\tанна\n2\tспи\tO\t-\tанна\n")
    assert found(tag_first) == [("LOC", "Лом")]
    spaced = one(tmp_path, "  Лом   _   B-LOC \r\n  спи  _  O\r\n")
    assert spaced.article.text == "Лом спи"


def test_tokens_divided_by_tabs_may_hold_spaces(tmp_path):
    record = one(tmp_path, "New York\tB-LOC\t\n\u00a0x\tO\t\n")
    assert record.article.text == "New York \u00a0x"
    assert found(record) == [("LOC", "New York")]


def test_comments_stand_before_sentences_and_hashes_are_tokens(tmp_path):
    text = "# id 123 domain=news\n# text = Петък O\n# _ O\nЛом _ B-LOC\n#новини _ O\n\n# id 2\n\nда _ O\n"
    record = one(tmp_path, text)
    assert record.article.text == "# Лом #новини\nда"
    assert record.left_out == {"comment line": 3}
    assert "'x' is no tag" in reason(tmp_path, "a _ O\n# _ x\n" + "b _ O\n" * 20, 2)


def test_empty_tokens_are_left_out_and_counted(tmp_path):
    record = one(tmp_path, "Анна\tB-PER\n\tI-PER\nКим\tI-PER\n")
    assert found(record) == [("PER", "Анна Ким")]
    assert record.left_out == {"empty token": 1}


def test_ids_are_the_files_name_with_its_folder_and_stay_the_same(tmp_path):
    path = file(tmp_path, "a O\n", "x.txt")
    for _ in range(2):
        (record,) = read("conll", path, "2024/x.txt")
        assert isinstance(record, Record)
        assert record.article.id == "2024/x.txt"
    (record,) = read("conll", path, "a/x.bioes")
    assert isinstance(record, Record)
    assert record.article.id == "a/x"


def test_a_file_of_another_encoding_by_its_mark(tmp_path):
    assert one(tmp_path, "Лом B-LOC\n".encode("utf-16")).article.text == "Лом"
    assert one(tmp_path, b"\xef\xbb\xbf" + "Лом B-LOC\n".encode()).article.text == "Лом"


def test_an_article_has_its_limits_and_the_next_one_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("annotator.formats.readers.columns.MOST_TOKENS", 3)
    text = "-DOCSTART- O\n" + column("O", "O", "O", "O") + "-DOCSTART- O\n" + column("B-A")
    refusal, record = read("conll", file(tmp_path, text))
    assert isinstance(refusal, Refusal)
    assert refusal.where.endswith(":5")
    assert refusal.reason == "the article has more than 3 tokens or 64 MB"
    assert isinstance(record, Record)
    assert record.article.id == "news-2"


def test_progress_counts_each_byte_once(tmp_path):
    counted: list[int] = []
    path = write(exported("iob2"), tmp_path, "news.iob2")
    found = Found(path, path.name, str(path), "conll")
    assert len(list(reader("conll").read(found, ReadOptions(tick=counted.append)))) == 2
    assert sum(counted) == path.stat().st_size


@pytest.mark.parametrize(
    ("name", "count", "entities"),
    [
        ("doccano/doccano-import-tests/sequence_labeling/example.conll", 1, 2),
        ("doccano/doccano-import-tests/sequence_labeling/labeling.trailing.conll", 1, 2),
        ("doccano/doccano-transformer-labeling/labeling.conll2003.user1", 1, 5),
        ("doccano/doccano-transformer-labeling/labeling.conll2003.user2", 2, 11),
        ("doccano/doccano-transformer-labeling/labeling_text_label.conll2003.user0", 2, 11),
        ("conll/wnut17.emerging.test.annotated", 1, 1079),
    ],
)
def test_files_of_others(name, count, entities):
    path = foreign(name)
    begun = sum(
        line.split()[-1].startswith("B-") for line in path.read_text("utf-8").split("\n") if line
    )
    got = records("conll", path)
    assert len(got) == count
    assert sum(len(claims(record)) for record in got) == begun == entities
    assert reader("conll").sniff(path.read_bytes()[:65536], path.name)
    assert not any(record.left_out for record in got)


def test_a_file_of_others_with_a_broken_line_says_which():
    path = foreign("doccano/doccano-import-tests/sequence_labeling/labeling.invalid.conll")
    (refusal,) = read("conll", path)
    assert isinstance(refusal, Refusal)
    assert refusal.where.endswith("labeling.invalid.conll:1")
    assert refusal.reason == "the line has 3 columns, not 2"


def test_files_are_known_by_their_first_lines():
    assert kind_of_file(b"a B-A\n", "x.iob2") == "conll"
    assert kind_of_file(b"# id 1\na _ _ O\n", "dev.conll") == "conll"
    for head in (
        b"",
        b"\xff\xfe",
        b"\x00\x01\x02",
        b'{"text": "a O"}\n',
        "Обикновен текст.\nНищо друго.\n".encode(),
        b"1\tA\t_\t_\t_\t_\t_\t_\t_\t_\n",
    ):
        assert not reader("conll").sniff(head, "x.conll"), head


TEXTS = {"bridge": BRIDGE, "harbour#1": HARBOUR}
ENTITIES = {
    "bridge": [(15, 18), (41, 54), (84, 131), (189, 202), (240, 243)],
    "harbour#1": [(22, 44), (99, 107), (122, 131)],
}


@pytest.mark.parametrize("name", ["iob2", "bioes"])
def test_our_own_files_come_back_exactly_with_their_offsets(tmp_path, name):
    path = write(exported(name), tmp_path, f"news.{name}")
    got = records("conll", path)
    assert [record.article.id for record in got] == ["bridge", "harbour#1"]
    for record in got:
        assert record.article.text == ""
        settled = settle(record, TEXTS[record.article.id])
        assert isinstance(settled, Settled)
        assert [(c.start, c.end) for c in settled.claims] == ENTITIES[record.article.id]
    quotes = [claim.quote for claim in got[1].claims]
    assert quotes == [None, None, "Ost\u00adhafen"], "only what the tokens tell all of"


def test_without_the_offsets_file_they_are_articles_of_their_own(tmp_path):
    path = write({"": exported("iob2")[""]}, tmp_path, "news.iob2")
    first, second = records("conll", path)
    assert [first.article.id, second.article.id] == ["news-1", "news-2"]
    assert ("ORG", "« Строй & Син »") in found(first)
    assert ("ORG", "Мэрия Северного Порта") in found(second)


def test_a_quote_that_is_not_there_is_found_out(tmp_path):
    path = write(exported("iob2"), tmp_path, "news.iob2")
    record = records("conll", path)[0]
    assert not isinstance(settle(record, BRIDGE.replace("Лом", "Рус")), Settled)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("bridge\t1\t2\t3\t9\n", "", "it is not for token 2 of sentence 1"),
        ("bridge\t1\t2\t3\t9\n", "bridge\t1\t2\t3\t8\n", "3-8 is no place for the token of line 4"),
        ("bridge\t1\t2\t3\t9\n", "bridge\t1\t2\t1\t7\n", "1-7 is no place for the token of line 4"),
        ("bridge\t1\t2\t3\t9\n", "other\t1\t2\t3\t9\n", "another article begins"),
        ("bridge\t1\t2\t3\t9\n", "bridge\t1\t2\t3\n", "the line is not doc, sent, tok, start, end"),
        ("bridge\t1\t2\t3\t9\n", "bridge\t1\t2\t-3\t9\n", "the line is not doc, sent"),
        ("bridge\t1\t2\t3\t9\n", f"bridge\t1\t2\t3\t{'9' * 5000}\n", "the line is not doc, sent"),
    ],
)
def test_an_offsets_file_of_other_tokens_ends_the_reading(tmp_path, old, new, said):
    files = exported("iob2")
    side = files[".offsets.tsv"].decode()
    assert side.count(old) == 1
    path = write({**files, ".offsets.tsv": side.replace(old, new).encode()}, tmp_path, "news.iob2")
    (refusal,) = read("conll", path)
    assert isinstance(refusal, Refusal)
    assert "news.iob2.offsets.tsv:3" in refusal.where
    assert said in refusal.reason
    assert refusal.reason.endswith("the rest is not read")


def test_a_cut_off_offsets_file_keeps_what_came_before(tmp_path):
    files = exported("iob2")
    side = files[".offsets.tsv"].split(b"harbour#1\t2\t")[0]
    path = write({**files, ".offsets.tsv": side}, tmp_path, "news.iob2")
    record, refusal = read("conll", path)
    assert isinstance(record, Record)
    assert isinstance(refusal, Refusal)
    assert "it ends before the tokens do" in refusal.reason


def test_a_stranger_of_that_name_is_no_offsets_file(tmp_path):
    path = write({**exported("iob2"), ".offsets.tsv": b"a\tb\n"}, tmp_path, "news.iob2")
    assert [record.article.id for record in records("conll", path)] == ["news-1", "news-2"]


ODD = st.text(
    st.one_of(
        st.sampled_from("ab -'.\n\r\t\u2028\u0301é🇧🇬👩\u200d🚒\x1c\x85#_|=\\\ufffd"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    min_size=1,
    max_size=40,
).filter(lambda text: not text.isspace())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), text=ODD, name=st.sampled_from(["iob2", "bioes"]))
def test_any_flat_entities_come_back_but_for_white_space_at_their_edges(tmp_path, data, text, name):
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    spans = [Span(f"s{n}", "entities", "PER", s, e) for n, (s, e) in enumerate(pairs)]
    ident = "x\t\\n\n#1"
    work = Work(ident, "anna", sort_spans(spans), looked=frozenset({"entities"}))
    path = write(exported(name, [Document(Article(ident, text), (work,))]), tmp_path, "x.iob2")
    (record,) = records("conll", path)
    assert record.article.id == ident
    settled = settle(record, text)
    assert isinstance(settled, Settled)
    got = [(c.start, c.end) for c in settled.claims]
    wanted = [(s, e) for s, e in pairs if text[s:e].strip()]
    assert len(got) == len(wanted)
    for (start, end), (first, last) in zip(wanted, got, strict=True):
        assert start <= first < last <= end
        assert not (text[start:first] + text[last:end]).strip()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.one_of(st.binary(max_size=80), ODD.map(str.encode)), side=st.binary(max_size=30))
def test_no_bytes_break_the_reader(tmp_path, data, side):
    path = file(tmp_path, data)
    file(tmp_path, b"doc\tsent\ttok\tstart\tend\n" + side, "news.conll.offsets.tsv")
    assert all(isinstance(item, Record | Refusal) for item in read("conll", path))
    reader("conll").sniff(data, "news.conll")
    (tmp_path / "news.conll.offsets.tsv").unlink()
    assert all(isinstance(item, Record | Refusal) for item in read("conll", path))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    tags=st.lists(
        st.sampled_from(["O", "B-A", "I-A", "E-A", "S-A", "I-B", "B-B"]), min_size=1, max_size=9
    )
)
def test_every_tag_that_is_not_o_is_in_one_entity(tmp_path, tags):
    record = one(tmp_path, column(*tags))
    inside = {offset for s, e, _, _ in claims(record) for offset in range(s, e)}
    for number, tag in enumerate(tags):
        assert (number * 3 in inside) == (tag != "O")
    labels = [label for _, _, label, surface in claims(record) for _ in surface.split()]
    assert labels == [tag[2:] for tag in tags if tag != "O"]
