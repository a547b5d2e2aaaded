"""SlavicNER folders: in and out again byte for byte, what the columns cannot hold, the reader."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from formats_kit import SHARED, claims, exported, read, reader, records, write
from formats_samples import BRIDGE, HARBOUR, check_golden, documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats.claims import Record
from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.names import safe_name
from annotator.formats.readers.table import kind_of_folder
from annotator.formats.settling import Settled, settle
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.model.annotation import Span, Work, sort_spans
from annotator.model.article import Article


def document(record: Record) -> Document:
    """A record as it will stand in a project."""
    settled = settle(record, record.article.text)
    assert isinstance(settled, Settled), settled
    spans = sort_spans(
        Span(f"s{n:05}", "entities", c.label, c.start, c.end, c.attrs)
        for n, c in enumerate(settled.claims)
    )
    work = Work(record.article.id, "gold", spans, looked=frozenset({"entities"}))
    return Document(record.article, (work,))


def folder_of(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, data in {"raw/.keep": "", "ner/.keep": "", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


def table(row: dict[str, Any]) -> str:
    """The table of an article as SlavicNER has it."""
    rows = []
    for span in sorted(row["spans"], key=lambda s: (s["start"], s["end"], s["label"])):
        surface = row["text"][span["start"] : span["end"]]
        lemma = span["attrs"].get("lemma", surface)
        ident = span["attrs"].get("link", f"{span['label']}-{'-'.join(lemma.split())}")
        rows.append((span["start"], span["end"], surface, lemma, span["label"], ident))
    return "".join("\t".join(map(str, cells)) + "\n" for cells in rows)


def corpus(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    path = SHARED / "ner" / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip("the corpora are not beside this checkout")
    for line in path.read_text("utf-8").split("\n"):
        if line:
            row = json.loads(line)
            row["spans"] = [span for span in row["spans"] if span["layer"] == "ner"]
            topic, *_, stem = row["id"].split("/")
            yield f"{topic}/{row['lang']}/{stem}", row


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("slavicner_bg", 331),
        ("slavicner_ru", 368),
        ("slavicner_uk", 96),
        ("factrueval2016_ru", 254),
    ],
)
def test_a_corpus_comes_out_as_it_went_in(tmp_path, name, least):
    files: dict[str, bytes] = {}
    for place, row in corpus(name):
        files[f"raw/{place}.txt"] = row["text"].encode()
        files[f"ner/{place}.tsv"] = table(row).encode()
    got = records("slavicner", folder_of(tmp_path, dict(files)))
    assert len(got) == least
    assert all(record.article.group and record.article.lang == name[-2:] for record in got)
    losses = Losses()
    docs = sorted(map(document, got), key=lambda d: d.article.id)
    out = exported("slavicner", docs, losses)
    changed = [path for path in files if out.get(path) != files[path]]
    assert not changed
    assert out.keys() == files.keys()
    assert not losses, losses.lines()
    inside = {"slavicner_uk": "3, kept", "factrueval2016_ru": "617, kept"}
    assert losses.facts.get("rows in one another") == inside.get(name)


def test_bytes_are_kept():
    losses = Losses()
    for name, data in exported("slavicner", losses=losses).items():
        check_golden(f"slavicner/{name}", data)
    check_golden("slavicner.losses.txt", ("\n".join(losses.lines()) + "\n").encode())


def test_the_table_has_six_columns_with_what_stands_in_for_the_missing():
    losses = Losses()
    files = exported("slavicner", losses=losses)
    rows = [line.split("\t") for line in files["ner/ru/" + harbour() + ".tsv"].decode().split("\n")]
    assert rows == [
        ["22", "44", *["Мэрия Северного  Порта"] * 2, "ORG", "ORG-Мэрия-Северного-Порта"],
        ["99", "107", "Анна Ким", "Анна Ким", "PER", "PER-Анна-Ким"],
        ["122", "131", *["Ost\u00adhafen"] * 2, "LOC", "LOC-Ost\u00adhafen"],
        [""],
    ]
    assert files[f"raw/ru/{harbour()}.txt"] == HARBOUR.encode()
    assert losses["missing lemma: the surface instead"] == 9
    assert losses["missing id: made of category and lemma"] == 9
    assert losses["TAB or line end written as a space"] == 2
    assert losses["attribute uncertain"] == 1
    assert losses["attribute lemma"] == losses["attribute xid"] == 0
    assert (losses["stance"], losses["note or flag"]) == (4, 2)
    assert losses["span of layer boilerplate"] == 5
    assert losses.facts["rows in one another"] == "2, kept"
    assert losses.written["entities"] == 10


def harbour() -> str:
    return safe_name("harbour#1")


def test_our_own_files_come_back_exactly(tmp_path):
    root = tmp_path / "out"
    write(exported("slavicner"), root)
    got = records("slavicner", root)
    docs = documents()
    assert [r.article.id for r in got] == ["bridge", "harbour#1"]
    for record, origin in zip(got, docs, strict=False):
        mine, theirs = record.article, origin.article
        assert (mine.text, mine.lang, mine.group) == (theirs.text, theirs.lang, theirs.group)
        wanted = [s for s in origin.works[0].spans if s.layer == "entities"]
        settled = settle(record, mine.text)
        assert isinstance(settled, Settled)
        assert sorted((c.start, c.end, c.label) for c in settled.claims) == sorted(
            (s.start, s.end, s.label) for s in wanted
        )
        for claim in settled.claims:
            span = next(s for s in wanted if (s.start, s.end) == (claim.start, claim.end))
            given = {k: v for k, v in span.attrs.items() if k in ("lemma", "xid")}
            assert given.items() <= claim.attrs.items()


def one(ident: str, text: str, **more: str) -> Document:
    looked = frozenset({"entities"})
    return Document(Article(ident, text, **more), (Work(ident, "anna", looked=looked),))


def test_paths_are_safe_and_no_two_the_same():
    docs = [
        one("../x", "а"),
        one("bg/CON", "а", lang="bg"),
        one("bg/X", "а", lang="bg"),
        one("bg/a.b_1", "а", lang="bg"),
        one("bg/x", "б", lang="bg"),
        one("t/sr-latn/x", "в", lang="sr-Latn", group="t"),
        one("x", "г", lang="bg"),
    ]
    files = exported("slavicner", docs)
    paths = [name for name in files if name.startswith("raw/")]
    assert len(paths) == len(docs)
    assert "raw/bg/a.b_1.txt" in paths
    assert "raw/t/sr-latn/x.txt" in paths
    assert sum(path.startswith("raw/und/x-") for path in paths) == 1
    assert not any(".." in path or "CON" in path for path in paths)
    assert len({path.lower() for path in paths}) == len(docs)
    index = files["articles.tsv"].decode().split("\n")
    assert index[0] == "path\tid\tlang\tgroup"
    assert sorted(row.split("\t")[1] for row in index[1:-1]) == ["../x", "bg/CON", "bg/x", "x"]


def test_ids_languages_and_groups_come_back_whatever_they_are(tmp_path):
    docs = [
        one("a\tb\\n\n", "а", lang="", group="Г/р у"),
        one("c", "б", lang="sr-Cyrl", group=""),
        one("d", "в", lang="und", group="bg"),
    ]
    root = tmp_path / "out"
    write(exported("slavicner", docs), root)
    got = {r.article.id: (r.article.lang, r.article.group) for r in records("slavicner", root)}
    assert got == {d.article.id: (d.article.lang, d.article.group) for d in docs}


BOM = "\ufeff"


@pytest.mark.parametrize("kind", ["slavicner", "bsnlp"])
@pytest.mark.parametrize("text", [f"{BOM}Лом", f"{BOM}{BOM}Лом", f"Лом{BOM} Лом", "Лом"])
@pytest.mark.parametrize("ident", ["bg/x", f"{BOM}x"])
def test_a_mark_that_begins_our_text_stays_in_it(tmp_path, kind, text, ident):
    span = Span("s", "entities", "LOC", text.index("Л"), text.index("Л") + 3)
    work = Work("x", "anna", (span,), looked=frozenset({"entities"}))
    write(exported(kind, [Document(Article(ident, text, lang="bg"), (work,))]), tmp_path)
    (record,) = records("slavicner", tmp_path)
    assert record.article == Article(ident, text, lang="bg", lang_source="import")
    assert (span.start, span.end, "LOC", "Лом") in claims(record)
    assert "ID line other than the text's" not in record.left_out


def test_only_an_article_that_begins_with_a_mark_needs_a_row_of_its_own():
    docs = [one(f"bg/{n}", text, lang="bg") for n, text in enumerate(["а", f"{BOM}а", f"а{BOM}"])]
    index = exported("slavicner", docs)["articles.tsv"].decode()
    assert index == "path\tid\tlang\tgroup\nbg/1\tbg/1\tbg\t\n"


@pytest.mark.parametrize(
    "index", [None, "name\tsize\nbg/a\t3\n", "path\tid\tlang\tgroup\nbg/b\tb\tbg\t\n"]
)
def test_a_mark_before_a_strangers_text_is_none_of_it(tmp_path, index):
    files = {"raw/bg/a.txt": f"{BOM}Лом", "ner/bg/a.tsv": BOM + SIX}
    if index is not None:
        files["articles.tsv"] = index
    (record,) = records("slavicner", folder_of(tmp_path, files))
    assert (record.article.text, record.article.meta) == ("Лом", {"bom": True})
    assert claims(record) == [(0, 3, "LOC", "Лом")]


def test_a_mark_an_editor_put_before_our_table_is_none_of_it(tmp_path):
    files = {"raw/bg/a.txt": "Лом", "ner/bg/a.tsv": BOM + SIX}
    files["articles.tsv"] = "path\tid\tlang\tgroup\nbg/a\tx\tbg\t\n"
    (record,) = records("slavicner", folder_of(tmp_path, files))
    assert claims(record) == [(0, 3, "LOC", "Лом")]


SIX = "0\t3\tЛом\tЛом\tLOC\tLOC Lom on Danube\n"


def test_what_is_odd_in_a_file_comes_out_again(tmp_path):
    """No last line end, CRLF and white space in the text, ids with spaces, padded lemmas."""
    files = {
        "raw/t/bg/a.txt": b"\xd0\x9b\xd0\xbe\xd0\xbc\r\n \xc2\xa0x",
        "ner/t/bg/a.tsv": "0\t3\tЛом\t Лом \tLOC\tLOC Lom on Danube".encode(),
        "raw/t/bg/b.txt": "Лом".encode(),
        "ner/t/bg/b.tsv": b"",
    }
    got = records("slavicner", folder_of(tmp_path, dict(files)))
    assert [r.article.id for r in got] == ["t/bg/a", "t/bg/b"]
    assert got[0].claims[0].attrs == {"lemma": " Лом ", "xid": "LOC Lom on Danube"}
    assert got[1].finished
    assert exported("slavicner", list(map(document, got))) == files


def test_rows_in_one_another_stay_in_their_order(tmp_path):
    rows = SIX + "0\t7\tЛом Лом\tЛом Лом\tORG\tORG-1\n4\t7\tЛом\tЛом\tLOC\tLOC-1\n"
    files = {"raw/t/bg/a.txt": "Лом Лом".encode(), "ner/t/bg/a.tsv": rows.encode()}
    (record,) = records("slavicner", folder_of(tmp_path, dict(files)))
    losses = Losses()
    assert exported("slavicner", [document(record)], losses) == files
    assert losses.facts["rows in one another"] == "2, kept"
    assert losses["nested entity"] == 0


def test_a_text_without_a_table_was_not_finished(tmp_path):
    (record,) = records("slavicner", folder_of(tmp_path, {"raw/bg/a.txt": "Лом"}))
    assert (record.finished, record.claims) == (False, ())
    assert (record.article.id, record.article.lang, record.article.group) == ("bg/a", "bg", "")


@pytest.mark.parametrize(
    ("rows", "where", "said"),
    [
        (SIX + "1\t2\tx\n", "a.tsv:2", "the line has 3 columns, not 6"),
        (SIX.replace("0\t3", "0\tx"), "a.tsv:1", "are not the offsets of a name"),
        (SIX.replace("0\t3", "-1\t3"), "a.tsv:1", "are not the offsets of a name"),
        (SIX.replace("0\t3", "0\t" + "9" * 5000), "a.tsv:1", "are not the offsets of a name"),
        (b"\n\xff\n", "a.tsv:2", "is not UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_says_where_and_why(tmp_path, rows, where, said):
    root = folder_of(tmp_path, {"raw/bg/a.txt": "Лом", "ner/bg/a.tsv": rows, "raw/bg/b.txt": "Рус"})
    refusal, other = read("slavicner", root)
    assert isinstance(refusal, Refusal)
    assert refusal.where.endswith(where)
    assert said in refusal.reason
    assert isinstance(other, Record)


def test_offsets_that_do_not_hold_are_left_to_be_found_out(tmp_path):
    root = folder_of(tmp_path, {"raw/bg/a.txt": "И Лом", "ner/bg/a.tsv": SIX})
    (record,) = records("slavicner", root)
    assert record.claims[0].quote == "Лом"
    assert not isinstance(settle(record, record.article.text), Settled)


def test_what_is_no_text_is_refused(tmp_path):
    root = folder_of(
        tmp_path,
        {
            "raw/bg/a.md": "x",
            "raw/bg/b.txt": b"\xff",
            "raw/bg/c.txt": "",
            "raw/bg/d.txt": "a\0",
            "raw/bg/e.txt": "Лом",
            "ner/bg/f.tsv": SIX,
            "raw/bg/.hidden": "x",
            "README.md": "x",
        },
    )
    (root / "raw" / "link").symlink_to(root / "raw" / "bg")
    items = read("slavicner", root)
    refused = {Path(i.where).name: i.reason for i in items if isinstance(i, Refusal)}
    assert refused == {
        "a.md": "its name does not end in .txt",
        "b.txt:1": "byte 0xff at offset 0 is not UTF-8; if it is another encoding, say which",
        "c.txt": "the text is empty",
        "d.txt": "NUL character at offset 1",
        "f.tsv": "there is no text for it in raw/",
        "link": "it is a link to a folder, or a folder that cannot be opened",
    }
    assert [r.article.id for r in items if isinstance(r, Record)] == ["bg/e"]


def test_an_index_of_ours_is_read_strictly_and_a_strangers_not_at_all(tmp_path):
    files = {"raw/bg/a.txt": "Лом", "articles.tsv": "path\tid\tlang\tgroup\nbg/a\tx\n"}
    (refusal,) = read("slavicner", folder_of(tmp_path / "1", files))
    assert isinstance(refusal, Refusal)
    assert refusal.where.endswith("articles.tsv:2")
    files["articles.tsv"] = "name\tsize\nbg/a\t3\n"
    (record,) = records("slavicner", folder_of(tmp_path / "2", files))
    assert record.article.id == "bg/a"


def test_a_prefix_and_the_project_itself(tmp_path):
    root = folder_of(tmp_path, {"raw/bg/a.txt": "Лом", "raw/bg/b.txt": "Рус"})
    options = ReadOptions(prefix="p:", never=(root / "raw/bg/b.txt",))
    found = Found(root, root.name, str(root), "slavicner")
    record, refusal = reader("slavicner").read(found, options)
    assert record.article.id == "p:bg/a"
    assert refusal.reason == "it is the project itself"


def test_folders_are_known_by_what_is_in_them(tmp_path):
    assert kind_of_folder(folder_of(tmp_path / "a", {})) == "slavicner"
    (tmp_path / "b" / "raw").mkdir(parents=True)
    assert not reader("slavicner").sniff_folder(tmp_path / "b")
    assert not reader("slavicner").sniff(b"", "x.tsv")
    (refusal,) = read("slavicner", tmp_path / "b")
    assert isinstance(refusal, Refusal)


TEXTS = st.text(
    st.one_of(
        st.sampled_from("ab \n\r\t\ufeff\u2028\u0301🇧🇬👩\u200d🚒\x1c\x85\\"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    min_size=1,
    max_size=30,
).filter(lambda text: not text.isspace())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), text=TEXTS)
def test_any_spans_come_back(tmp_path_factory, data, text):
    ranges = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    pairs = {tuple(sorted(pair)) for pair in data.draw(st.lists(ranges, max_size=5))}
    spans = [
        Span(f"s{n}", "entities", "PER", s, e, {"lemma": "л", "xid": "PER x"})
        for n, (s, e) in enumerate(sorted(pairs))
        if s < e
    ]
    work = Work("x", "anna", sort_spans(spans), looked=frozenset({"entities"}))
    root = tmp_path_factory.mktemp("out")
    write(exported("slavicner", [Document(Article("x", text), (work,))]), root)
    (record,) = records("slavicner", root)
    assert (record.article.id, record.article.text) == ("x", text)
    assert {(s, e) for s, e, _, _ in claims(record)} == {(s.start, s.end) for s in spans}
    assert all(claim.attrs == {"lemma": "л", "xid": "PER x"} for claim in record.claims)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    raw=st.one_of(st.binary(max_size=40), TEXTS.map(str.encode)),
    rows=st.one_of(st.binary(max_size=40), TEXTS.map(lambda t: f"0\t1\t{t}\t\t{t}\t\n".encode())),
    index=st.one_of(st.binary(max_size=10), TEXTS.map(str.encode)),
    tables=st.sampled_from(["ner/bg/a.tsv", "annotated/bg/a.out"]),
)
def test_no_bytes_break_the_reader(tmp_path_factory, raw, rows, index, tables):
    root = tmp_path_factory.mktemp("in")
    files = {"raw/bg/a.txt": raw, tables: rows, "articles.tsv": b"path\tid\tlang\tgroup\n" + index}
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    for item in read("slavicner", root):
        assert isinstance(item, Record | Refusal)
        if isinstance(item, Record):
            settle(item, item.article.text)


def test_nested_spans_of_the_sample_all_go_out():
    files = exported("slavicner")
    (rows,) = (data for name, data in files.items() if name.endswith("bridge.tsv"))
    surfaces = [line.split("\t")[2] for line in rows.decode().split("\n")[:-1]]
    assert surfaces.count("Видин") == 1
    assert surfaces.count("Лом") == 2
    assert all(surface in BRIDGE for surface in surfaces)
