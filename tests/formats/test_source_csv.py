"""Tables: dialects told apart, quoted line ends, bad rows refused by line."""

import csv
import io
import tracemalloc

import pytest
from formats_samples import articles, incoming, refusals
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats.sources import csv as csv_source
from annotator.formats.sources.guess import read
from annotator.formats.sources.incoming import ReadOptions
from annotator.model.errors import AnnotatorError


def write(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_are_told_apart(tmp_path, delimiter, end):
    rows = [
        ["id", "title", "text"],
        ["1", "А, б; в|г", 'Той каза:\n"Да", и,\tвсе; пак|.\r\n'],
        ["2", "", "т"],
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    found = articles(write(tmp_path / "x.csv", out.getvalue()))
    assert [[a.id, a.title, a.text] for a in found] == rows[1:]


def test_a_tsv_without_quoting_keeps_its_quotation_marks(tmp_path):
    data = 'id\ttext\n1\t"Снимай\n2\tказа "да"\n3\t"цял" и пак\n'
    found = articles(write(tmp_path / "x.tsv", data))
    assert [a.text for a in found] == ['"Снимай', 'каза "да"', '"цял" и пак']


def test_quotes_and_delimiter_can_be_said(tmp_path):
    path = write(tmp_path / "x.csv", 'id~text\n1~"a"\n')
    [a] = articles(path, delimiter="~")
    assert a.text == "a"
    [a] = articles(path, delimiter="~", quotes=False)
    assert a.text == '"a"'
    with pytest.raises(AnnotatorError, match="one character"):
        ReadOptions(delimiter="ab")


def test_one_column_is_a_table_too(tmp_path):
    found = articles(write(tmp_path / "x.csv", 'text\nа\n"б, в"\n\n'))
    assert [a.text for a in found] == ["а", "б, в"]


def test_the_rest_is_metadata_and_empty_cells_are_absent(tmp_path):
    data = ",id,text,lang,views,note\n0,1,т,bg,7,\n"
    [a] = articles(write(tmp_path / "x.csv", data))
    assert a.lang == "bg"
    assert a.meta == {"column 1": "0", "views": "7"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2,б,в", "3 columns where the header has 2"),
        ("2", "1 columns where the header has 2"),
        ('2,"б"в', "broken row: ',' expected after '\"'"),
        ("2,", "the text is empty"),
        ("2,б\0", "NUL character at offset 1"),
        (b"2,\xff", "bytes that are not text"),
        (b"\xff,a", "bytes that are not text"),
        (b"2,\xed\xa0\x80", "bytes that are not text"),
    ],
)
def test_a_bad_row_is_refused_by_line_and_the_rest_goes_in(tmp_path, row, reason):
    row = row if isinstance(row, bytes) else row.encode()
    path = write(tmp_path / "x.csv", b'id,text\n1,"a\r\nb"\n' + row + b"\n3,c\n")
    first, refusal, last = incoming(path)
    assert (first.text, last.id, last.text) == ("a\r\nb", "3", "c")
    assert refusal.where == f"{path}:4"
    assert refusal.reason == reason or reason in refusal.reason


def test_an_address_that_is_no_text_is_refused(tmp_path):
    """Without an id column, ids are made from addresses."""
    path = write(tmp_path / "x.csv", b"url,text\nhttps://\xff,a\n,b\n")
    refusal, article = incoming(path)
    assert refusal.reason == "bytes that are not text in the file's encoding"
    assert article.text == "b"


def test_an_open_quotation_is_refused(tmp_path):
    path = write(tmp_path / "x.csv", 'id,text\n1,a\n2,"b\n3,c\n')
    items = incoming(path, quotes=True)
    assert [r.where for r in refusals(items)] == [f"{path}:3"]
    assert "unexpected end" in refusals(items)[0].reason


@pytest.mark.parametrize(
    ("header", "fields", "reason"),
    [
        ("id,words", {}, "no column is known to hold the text (there are: id, words); say which"),
        ("id,text,id", {}, "two columns are called 'id'"),
        ("id,text", {"text": "t"}, "no column 't' for text (there are: id, text)"),
        ("id,text", {"title": "t"}, "no column 't' for title (there are: id, text)"),
    ],
)
def test_a_header_without_sense_is_refused_once(tmp_path, header, fields, reason):
    path = write(tmp_path / "x.csv", header + "\n1,2\n3,4\n")
    [refusal] = incoming(path, fields=fields)
    assert refusal.where == f"{path}:1"
    assert reason in refusal.reason


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings(tmp_path, codec):
    [a] = articles(write(tmp_path / "x.csv", "id;text\r\n1;Ċ 😀\r\n".encode(codec)))
    assert (a.id, a.text) == ("1", "Ċ 😀")


def test_a_said_encoding(tmp_path):
    path = write(tmp_path / "x.csv", "id;text\n1;Новина\n".encode("cp1251"))
    assert "not text" in refusals(incoming(path))[0].reason
    assert articles(path, encoding="cp1251")[0].text == "Новина"


def test_cut_utf16_is_refused(tmp_path):
    path = write(tmp_path / "x.csv", "id;text\n1;a\n".encode("utf-16") + b"\x00")
    assert refusals(incoming(path))[-1].reason == "the file is not utf-16-le throughout"


def test_big_cells_and_their_limit(tmp_path, monkeypatch):
    path = write(tmp_path / "x.csv", f"id,text\n1,{'x' * 1_000_000}\n")
    assert len(articles(path)[0].text) == 1_000_000
    monkeypatch.setattr(csv_source, "LIMIT", 1 << 19)
    [refusal] = incoming(path)
    assert "a line is longer than" in refusal.reason
    path = write(tmp_path / "x.csv", 'id,text\n1,"' + "x\n" * 400_000 + '"\n2,b\n')
    assert "field larger than field limit" in refusals(incoming(path))[0].reason


def test_old_line_ends(tmp_path):
    assert [a.id for a in articles(write(tmp_path / "x.csv", "id,text\r1,a\r2,b\r"))] == ["1", "2"]


def test_an_empty_table_gives_nothing(tmp_path):
    assert incoming(write(tmp_path / "x.csv", "")) == []
    assert incoming(write(tmp_path / "x.csv", "id,text\n")) == []


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(CELLS, CELLS.filter(lambda c: not c.isspace())), min_size=1),
    delimiter=st.sampled_from(",\t;|"),
)
def test_what_python_writes_comes_back(tmp_path, rows, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("number", "title", "text"), *((n, *row) for n, row in enumerate(rows))])
    path = write(tmp_path / "x.csv", out.getvalue())
    found = articles(path, fields={"id": "number"})
    titles = [("" if title.isspace() else title, text) for title, text in rows]
    assert [(a.title, a.text) for a in found] == titles


def test_memory_stays_flat(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("w") as stream:
        stream.write("id,text\n")
        for number in range(10_000):
            stream.write(f'{number},"{"текст " * 200}"\n')
    tracemalloc.start()
    try:
        count = sum(1 for _ in read(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 10_000
    assert peak < 6_000_000, f"{peak} bytes for a file of {path.stat().st_size}"
