"""Which files are read and as what; nothing is passed over in silence but hidden files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from formats_samples import articles, documents, incoming, news, refusals

from annotator.formats.document import Document
from annotator.formats.registry import export
from annotator.formats.sources.guess import find, read, size
from annotator.formats.sources.incoming import Found, ReadOptions
from annotator.model.errors import AnnotatorError

SAMPLES = {
    "a.txt": b"text",
    "b.MD": b"text",
    "c.jsonl": b'{"id":"c","text":"x"}',
    "d.ndjson": b'{"id":"d","text":"x"}',
    "e.json": b'[{"id":"e","text":"x"}]',
    "f.csv": b"id,text\nf,x",
    "g.tsv": b"id\ttext\ng\tx",
    "h.html": b"<p>x",
    "i.HTM": b"<p>x",
    "j": b"text",
    "k": b" <!DOCTYPE HTML><p>x",
    "l": b'{"id":"l","text":"x"}',
}
KINDS = ["text"] * 2 + ["jsonl"] * 3 + ["csv"] * 2 + ["html"] * 2 + ["text", "html", "jsonl"]


def test_kinds_by_suffix_and_then_by_content(tmp_path):
    for name, data in SAMPLES.items():
        (tmp_path / name).write_bytes(data)
    found = list(find(tmp_path, ReadOptions()))
    assert [(f.name, f.kind) for f in found] == list(zip(SAMPLES, KINDS, strict=True))
    assert len(articles(tmp_path)) == len(SAMPLES)
    for name, kind in zip(SAMPLES, KINDS, strict=True):
        [alone] = find(tmp_path / name, ReadOptions())
        assert isinstance(alone, Found)
        assert alone.kind == kind
    assert size(tmp_path) == sum(map(len, SAMPLES.values()))


def test_folders_are_walked_in_order_without_hidden_files(tmp_path):
    for name in ("b/2.txt", "b/.git/x.txt", "a/9.txt", "c.txt", ".hidden.txt", "a/b/1.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("т")
    assert [a.id for a in articles(tmp_path)] == ["a/9", "a/b/1", "b/2", "c"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("x.gz", b"\x1f\x8b0", "files ending in '.gz' are not read"),
        ("x.txt", b"\x1f\x8b0", "compressed (gzip)"),
        ("x.html", b"PK\x03\x04", "zip archive"),
        ("x.txt", b"%PDF-1.7", "PDF"),
        ("x.txt", b"SQLite format 3\0", "SQLite database: import its table"),
        ("x.db", b"text", "named like a database"),
        ("x.sqlite3", b"text", "named like a database"),
        ("x.db-wal", b"text", "named like a database"),
        ("x.ann", b"T1", "files ending in '.ann' are not read"),
    ],
)
def test_files_that_are_not_read_are_refused(tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    [refusal] = incoming(tmp_path)
    assert refusal.where == str(tmp_path / name)
    assert reason in refusal.reason


def test_a_kind_can_be_said(tmp_path):
    (tmp_path / "x.log").write_bytes(b'{"id":"1","text":"x"}\n')
    assert articles(tmp_path / "x.log")[0].id == "1", "alone, its content tells"
    assert refusals(incoming(tmp_path))
    assert articles(tmp_path, kind="jsonl")[0].id == "1"
    assert articles(tmp_path, kind="text")[0].id == "x.log"
    with pytest.raises(AnnotatorError, match="no kind 'xml'; choose from text"):
        ReadOptions(kind="xml")


def test_nothing_there_is_said(tmp_path):
    with pytest.raises(AnnotatorError, match=r"There is no file or folder .*/nowhere"):
        incoming(tmp_path / "nowhere")
    with pytest.raises(AnnotatorError, match="no files to import"):
        incoming(tmp_path)


def test_the_project_is_never_opened(tmp_path):
    project = tmp_path / "news.txt"
    project.write_bytes(b"SQLite format 3\0")
    (tmp_path / "alias.txt").hardlink_to(project)
    (tmp_path / "link.txt").symlink_to(project)
    # A hook cannot be taken out again, so it stops listening instead.
    opened: list[str] = []
    listening = [True]

    def hook(event: str, args: tuple[object, ...]) -> None:
        if listening and event == "open":
            opened.append(str(args[0]))

    sys.addaudithook(hook)
    items = incoming(tmp_path, never=[project])
    incoming(Path(__file__).with_name("formats_samples.py"))
    listening.clear()
    assert [r.reason for r in refusals(items)] == ["it is the project itself"] * 3
    assert not [name for name in opened if name.startswith(str(tmp_path)) and name.endswith(".txt")]
    assert [name for name in opened if name.endswith("formats_samples.py")], "the hook heard"


def test_odd_entries_are_refused_and_never_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "loop").symlink_to(tmp_path)
    with open(os.fsencode(tmp_path) + b"/\xff.txt", "wb") as stream:
        stream.write(b"x")
    reasons = {os.path.basename(r.where): r.reason for r in refusals(incoming(tmp_path))}
    assert reasons == {
        "pipe.txt": "it is not a regular file",
        "broken.txt": "it cannot be read: No such file or directory",
        "loop": "it is a folder that cannot be opened, or a link to a folder",
        "\\xff.txt": "its name is not UTF-8",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_without_permission_are_refused(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.txt").chmod(0)
    assert refusals(incoming(tmp_path))[0].reason == "it cannot be read: Permission denied"


def test_our_own_format_comes_back_with_its_decisions(tmp_path):
    export("jsonl", documents(), news(), tmp_path / "news.jsonl")
    items = incoming(tmp_path)
    assert all(isinstance(item, Document) for item in items)
    assert [len(item.works) for item in items] == [1, 1, 0]


def test_a_text_that_quotes_our_format_is_no_such_file(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"id":"1","text":"{\\"schema\\":\\"annotator/1\\"}"}\n')
    assert articles(tmp_path)[0].id == "1"


def test_the_html_parser_loads_for_html_only(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"id":"1","text":"x"}')
    code = (
        "import sys, pathlib\n"
        "from annotator.formats.sources.guess import read\n"
        f"list(read(pathlib.Path({str(tmp_path)!r})))\n"
        "assert not any(n in sys.modules for n in ('selectolax', 'razdel', 'textual', 'sqlite3'))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_shared_corpora_come_in(shared_data):
    items = list(read(shared_data / "ner")) + list(read(shared_data / "boilerplate"))
    assert not refusals(items)
    assert len(items) > 1500
