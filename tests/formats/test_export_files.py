"""Exports are whole or not there, proved, deterministic, and say what they lost."""

import errno
import os
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from formats_samples import bridge, bridge_work, documents, news

from annotator.formats import files
from annotator.formats.choice import Options
from annotator.formats.document import Document, prove
from annotator.formats.files import FileOutput, FolderOutput, Part
from annotator.formats.losses import Losses
from annotator.formats.registry import export, export_stream
from annotator.formats.table import OWN, Shape, named
from annotator.model.annotation import Note, Span, Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError

FORMATS = [format_.name for format_ in OWN]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_documents_give_the_same_bytes(tmp_path, name):
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        export(name, documents(), news(), tmp_path / run / "out")
    assert tree(tmp_path / "one") == tree(tmp_path / "two") != {}


def test_bytes_do_not_depend_on_hash_seed_locale_or_time_zone(tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from formats_samples import documents, news\n"
        "from annotator.formats.registry import export\n"
        "from annotator.formats.table import OWN\n"
        "[export(n, documents(), news(), Path(sys.argv[2]) / n) for n in [f.name for f in OWN]]\n"
    )
    for run, environment in {
        "one": {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONUTF8": "0"},
        "two": {"PYTHONHASHSEED": "2", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    }.items():
        (tmp_path / run).mkdir()
        command = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path / run)]
        subprocess.run(command, check=True, env=os.environ | environment)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


@pytest.mark.parametrize("name", FORMATS)
def test_a_failing_disk_leaves_what_was_there(tmp_path, name, monkeypatch):
    target = tmp_path / "out"
    if named(name).shape is Shape.FILE:
        target.write_bytes(b"before")
    before = tree(tmp_path)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(AnnotatorError, match=r"^The disk is full: .*out was not written\. Free"):
        export(name, documents(), news(), target)
    assert tree(tmp_path) == before
    assert len(list(tmp_path.iterdir())) == len(before)


def test_a_file_too_large_for_the_system_leaves_nothing(tmp_path):
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limit[1]))
    try:
        with pytest.raises(AnnotatorError, match="cannot be written: File too large"):
            export("jsonl", [Document(Article("a", "x" * 10_000))], news(), tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("output", [FileOutput, FolderOutput])
def test_an_interrupted_export_leaves_nothing(tmp_path, output):
    def interrupted() -> None:
        with output(tmp_path / "out") as out:
            out.write(Part(b"half", "a.txt"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_and_odd_targets_are_one_sentence(tmp_path):
    with pytest.raises(AnnotatorError, match="cannot be written: No such file"):
        export("jsonl", documents(), news(), tmp_path / "no" / "out")
    with pytest.raises(AnnotatorError, match="not a regular file"):
        export("jsonl", documents(), news(), tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(AnnotatorError, match="not an empty folder"):
        export("cleaneval", documents(), news(), tmp_path / "full")
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with pytest.raises(AnnotatorError, match="not a regular file"):
        export("jsonl", documents(), news(), fifo)


def test_links_are_written_through_and_the_umask_counts(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    mask = os.umask(0o027)
    try:
        export("jsonl", documents(), news(), tmp_path / "link")
    finally:
        os.umask(mask)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes().startswith(b'{"annotators"')
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    export("cleaneval", documents(), news(), tmp_path / "out")
    assert (tmp_path / "out" / "index.tsv").is_file()


def test_the_project_is_not_overwritten(tmp_path):
    project = tmp_path / "news.db"
    project.write_bytes(b"work of weeks")
    (tmp_path / "alias").hardlink_to(project)
    with pytest.raises(AnnotatorError, match="project itself"):
        export("jsonl", documents(), news(), tmp_path / "alias", protect=[project])
    assert project.read_bytes() == b"work of weeks"


def test_unknown_formats_and_options_are_refused(tmp_path):
    with pytest.raises(AnnotatorError, match="no format 'xml'; there are: jsonl, hf"):
        named("xml")
    with pytest.raises(AnnotatorError, match="jsonl has no option profile"):
        export("jsonl", documents(), news(), tmp_path / "x", Options(profile="l3s"))
    with pytest.raises(AnnotatorError, match="iob2 has no option quoted"):
        export("iob2", documents(), news(), tmp_path / "x", Options(quoted=True))


def test_a_stream_gets_the_main_file(tmp_path):
    with (tmp_path / "stream").open("wb") as stream:
        export_stream("iob2", documents(), news(), stream)
    export("iob2", documents(), news(), tmp_path / "file")
    assert (tmp_path / "stream").read_bytes() == (tmp_path / "file").read_bytes()
    with (
        (tmp_path / "x").open("wb") as stream,
        pytest.raises(AnnotatorError, match="name a folder"),
    ):
        export_stream("cleaneval", documents(), news(), stream)


def test_no_documents_give_an_empty_file(tmp_path):
    losses = export("jsonl", [], news(), tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b""
    assert losses.written == {}
    assert not losses


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (Work("bridge", "anna", (Span("s", "entities", "PER", 5, 5),)), "'s' of 'anna' do not lie"),
        (Work("bridge", "anna", (Span("s", "entities", "PER", -1, 5),)), "do not lie"),
        (Work("bridge", "anna", (Span("s", "entities", "PER", 1, 9999),)), "do not lie"),
        (Work("bridge", "anna", notes=(Note("n", "x", False, 5, 9999),)), "note 'n'"),
        (Work("other", "anna"), "'other' came with article 'bridge'"),
    ],
)
@pytest.mark.parametrize("name", FORMATS)
def test_bad_offsets_stop_every_export(tmp_path, work, reason, name):
    with pytest.raises(AnnotatorError, match=reason):
        export(name, [Document(bridge(), (work,))], news(), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def recorded() -> Document:
    """A document with the bodies as the log has them."""
    work, text = bridge_work(), bridge().text
    bodies = {("anna", span.key): span.body(text) for span in work.spans}
    bodies |= {("anna", note.key): note.body(text) for note in work.notes}
    bodies |= {("anna", s.key("anna", "bridge")): s.body(text) for s in work.stances}
    return Document(bridge(), (work,), bodies, bridge().sha256)


def test_recorded_quotes_are_held_against_the_text():
    good = recorded()
    prove(good)
    changed = replace(good.article, text=good.article.text.replace("Лом", "Рим"))
    with pytest.raises(AnnotatorError, match="not the one that came in"):
        prove(replace(good, article=changed))
    with pytest.raises(AnnotatorError, match=r"'bridge': .*does not cut out"):
        prove(replace(good, article=changed, sha256=""))
    for key, body in good.recorded.items():
        for spoilt in ({"start": 0, "end": 1}, {"text": "друго"}, {"evidence": [{}]}):
            if set(spoilt) <= set(body) and body.get("evidence", spoilt):
                bodies = {**good.recorded, key: {**body, **spoilt}}
                with pytest.raises(AnnotatorError, match="does not cut out"):
                    prove(replace(good, recorded=bodies))


def test_evidence_is_proved_too():
    stance = bridge_work().stances[0]
    wide = stance._replace(evidence=(stance.evidence[0]._replace(end=9999),))
    with pytest.raises(AnnotatorError, match="stance on 'Мостът край Лом'"):
        prove(Document(bridge(), (Work("bridge", "anna", stances=(wide,)),)))


def test_losses_count_and_keep_three_examples():
    losses = Losses()
    for name in "abcda":
        losses.add("kind", name)
    losses.add("other", count=0)
    losses.add("another", count=2)
    losses.wrote("articles", 0)
    assert list(losses) == [("another", 2, ()), ("kind", 5, ("a", "b", "c"))]
    assert losses.lines() == ["2 × another", "5 × kind (a; b; c)"]
    assert losses["missing"] == 0
    assert bool(losses)


def test_documents_are_not_gathered(tmp_path):
    """An export takes one document after the other, so that memory stays flat."""
    alive = 0

    class Watched(Document):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    peak = 0

    def stream():
        nonlocal alive, peak
        for number in range(50):
            alive += 1
            peak = max(peak, alive)
            yield Watched(Article(f"a{number:03}", "текст"))

    export("jsonl", stream(), news(), tmp_path / "out")
    assert peak <= 5
