"""JSON lines: fields guessed or said, the rest kept, bad lines refused by number."""

import json
import tracemalloc

import pytest
from formats_samples import articles, incoming, refusals

from annotator.formats.sources import lines as lines_module
from annotator.formats.sources.fields import NAMES, language
from annotator.formats.sources.incoming import ROLES, ReadOptions
from annotator.model.article import text_sha256
from annotator.model.errors import AnnotatorError


def write(path, *lines):
    path.write_bytes(b"".join(
        (line if isinstance(line, bytes) else
         (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)).encode()) + b"\n"
        for line in lines
    ))  # fmt: skip
    return path


@pytest.mark.parametrize(
    "record",
    [
        {"id": "7", "text": "Текст", "title": "З", "source": "В", "url": "u", "date": "2026",
         "lang": "bg", "group": "g"},
        {"_id": 7, "Body": "Текст", "Headline": "З", "Publisher": "В", "LINK": "u",
         "published": 2026, "Language": "bg", "Event": "g"},
        {"guid": "7", "article body": "Текст", "headline": "З", "domain": "В", "permalink": "u",
         "publish-date": "2026", "language_code": "BG", "Story ID": "g"},
        {"_id": {"$oid": "7"}, "maintext": "Текст", "title": "З", "source_domain": "В",
         "url": "u", "date_publish": "2026", "language": "bg", "cluster": "g"},
    ],
)  # fmt: skip
def test_fields_are_guessed(tmp_path, record):
    [a] = articles(write(tmp_path / "x.jsonl", record))
    got = (a.id, a.text, a.title, a.source, a.url, a.date, a.lang, a.lang_source, a.group)
    assert got == ("7", "Текст", "З", "В", "u", "2026", "bg", "import", "g")
    assert a.meta == {}


def test_the_rest_is_metadata_as_it_was(tmp_path):
    rest = {"tags": ["а", None, {"k": 1.5}], "headline": "друго", "n": 10**30, "lang": "Bulgarian"}
    [a] = articles(write(tmp_path / "x.jsonl", {"id": "1", "text": "т", "title": "З", **rest}))
    assert a.meta == rest
    assert (a.title, a.lang, a.lang_source) == ("З", "", "")


def test_names_say_one_thing_only():
    assert set(NAMES) == set(ROLES)
    every = [name for names in NAMES.values() for name in names]
    assert len(set(every)) == len(every)
    assert all(name == name.lower() and " " not in name for name in every)


def test_fields_can_be_said(tmp_path):
    record = {"id": "no", "key": "k", "text": "кратко", "raw": "целият", "source": "s"}
    path = write(tmp_path / "x.jsonl", record)
    [a] = articles(path, fields={"text": "raw", "id": "key", "source": "", "title": "text"})
    assert (a.id, a.text, a.title, a.source) == ("k", "целият", "кратко", "")
    assert a.meta == {"id": "no", "source": "s"}
    [refusal] = refusals(incoming(path, fields={"text": "none"}))
    assert refusal.reason == "the field 'none' holds no text"
    [refusal] = refusals(incoming(path, fields={"id": "none"}))
    assert refusal.reason == "the field 'none' holds no id"
    with pytest.raises(AnnotatorError, match="'colour' is nothing a field can be"):
        ReadOptions(fields={"colour": "x"})


def test_an_id_is_made_from_address_or_text_and_stays(tmp_path):
    text, addressed = {"text": "а"}, {"text": "б", "url": "https://x/1"}
    one = articles(write(tmp_path / "news.jsonl", text, addressed))
    other = articles(write(tmp_path / "news.jsonl", {**addressed, "text": "в"}, text))
    assert one[0].id == other[1].id == f"news-{text_sha256('а')[:16]}"
    assert one[1].id == other[0].id == f"news-{text_sha256('https://x/1')[:16]}"


BAD = [
    ('{"id":"b","text":"x"', "broken JSON"),
    ('{"id":"b","text":"x","id":"c"}', "'id' comes twice"),
    ('{"id":"b","text":"x","n":NaN}', "NaN"),
    ('{"id":"b","text":"x","n":' + "1" * 5000 + "}", "too many digits"),
    ('{"id":"b","text":"x","n":' + "[" * 100_000 + "}", "nested"),
    ('{"id":"b","text":"x\\ud800"}', "lone surrogate"),
    ('{"id":"b\\u0000","text":"x"}', "NUL"),
    ('{"id":"b","text":"  \\n"}', "the text is empty"),
    ('{"id":"b","text":""}', "the text is empty"),
    ('{"id":"b","text":5}', "the field 'text' holds no text"),
    ('{"id":"b","words":"x"}', "none of its fields is known to hold the text (it has: id, words)"),
    ("{}", "it has: none"),
    ('["text"]', "not a JSON object"),
    ('"text"', "not a JSON object"),
    (b'{"id":"b","text":"\xff"}', "byte 0xff at offset 18 is not UTF-8"),
    ('{"id":"' + "b" * 1001 + '","text":"x"}', "longer than 1000"),
    ('{"schema":"annotator/1","id":"b","text":"x"}', "annotator's own format"),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_is_refused_by_number_and_the_rest_goes_in(tmp_path, line, reason):
    good = {"id": "a", "text": "добър\u2028текст\x85"}
    path = write(tmp_path / "x.jsonl", good, "", line, {**good, "id": "c"})
    first, refusal, last = incoming(path)
    assert (first.id, last.id, last.text) == ("a", "c", good["text"])
    assert refusal.where == f"{path}:3"
    assert reason in refusal.reason


def test_a_line_beyond_the_limit_is_skipped(tmp_path, monkeypatch):
    monkeypatch.setattr(lines_module.numbered_lines, "__defaults__", (1 << 20,))
    long = {"id": "b", "text": "x" * (3 << 20)}
    path = write(tmp_path / "x.jsonl", {"id": "a", "text": "а"}, long, {"id": "c", "text": "в"})
    first, refusal, last = incoming(path)
    assert (first.id, last.id) == ("a", "c")
    assert (refusal.where, refusal.reason) == (f"{path}:2", "the line is longer than 1 MB")


def test_line_ends_marks_and_a_missing_last_newline(tmp_path):
    path = tmp_path / "x.ndjson"
    path.write_bytes('\ufeff{"id":"1","text":"а\\r\\n"}\r\n\r\n{"id":"2","text":"б"}'.encode())
    assert [(a.id, a.text) for a in articles(path)] == [("1", "а\r\n"), ("2", "б")]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrap", [list, lambda records: records[0]])
def test_a_file_of_one_json_value(tmp_path, indent, wrap):
    records = [{"id": "1", "text": "а"}, {"id": "2", "text": "б"}]
    value = wrap(records)
    path = tmp_path / "x.json"
    path.write_text(json.dumps(value, indent=indent))
    assert [a.id for a in articles(path)] == (["1", "2"] if isinstance(value, list) else ["1"])


def test_a_bad_record_of_a_list_is_refused_by_its_place(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('[{"id": "1", "text": "а"},\n {"id": "2"}, 3]')
    items = incoming(path)
    assert [r.where for r in refusals(items)] == [f"{path}, record 2", f"{path}, record 3"]


def test_utf16_lines(tmp_path):
    path = tmp_path / "x.jsonl"
    lines = '{"id":"1","text":"Ċа"}\n{"id":"2","text":"😀"}\n'
    path.write_bytes(lines.encode("utf-16"))
    assert [a.text for a in articles(path)] == ["Ċа", "😀"]
    path.write_bytes(lines.encode("utf-16") + b"\x00")
    assert refusals(incoming(path))[0].reason.startswith("not utf-16")


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("bg", "bg"), ("BG", "bg"), ("bg-BG", "bg-BG"), ("en_us", "en-US"), ("sr-cyrl", "sr-Cyrl"),
        ("zh-hans-cn", "zh-Hans-CN"), ("es-419", "es-419"), ("und", ""), ("", ""), ("Bulgarian", ""),
        ("b", ""), ("bg;q=1", ""), (" ru ", "ru"),
    ],
)  # fmt: skip
def test_language_tags_get_one_spelling(said, tag):
    assert language(said) == tag


def test_memory_stays_flat(tmp_path):
    path = tmp_path / "big.jsonl"
    line = json.dumps({"id": "x", "text": "текст " * 200}, ensure_ascii=False).encode() + b"\n"
    with path.open("wb") as stream:
        for _ in range(10_000):
            stream.write(line)
    assert path.stat().st_size > 20_000_000
    options = ReadOptions()
    from annotator.formats.sources.guess import read

    tracemalloc.start()
    try:
        count = sum(1 for _ in read(path, options))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 10_000
    assert peak < 3_000_000, f"{peak} bytes for a file of {path.stat().st_size}"


def test_the_meter_counts_every_byte_once(tmp_path):
    path = write(tmp_path / "x.jsonl", *({"id": str(n), "text": "т" * 900} for n in range(900)))
    seen: list[int] = []
    articles(path, tick=seen.append)
    assert sum(seen) == path.stat().st_size
