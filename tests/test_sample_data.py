"""The sample articles: what they promise, and that the table built from them is exactly they."""

import importlib.util
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from sqlite_utils.utils import sqlite3  # the one SQLite module of this process

from annotator.model.article import unstorable

FOLDER = Path(__file__).resolve().parents[1] / "sample_data"


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sample_build", FOLDER / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def articles(builder: ModuleType) -> list[dict[str, str]]:
    return list(builder.records())


def test_list_and_folder_name_the_same_articles(articles):
    ids = [article["id"] for article in articles]
    assert len(ids) == len(set(ids)) == 17
    assert sorted(ids) == sorted(file.stem for file in (FOLDER / "articles").iterdir())


def test_what_the_list_says_is_plain(articles):
    fields = {"id", "title", "source", "url", "date", "lang", "group", "text"}
    for article in articles:
        assert fields - {"lang", "group"} <= set(article) <= fields
        assert urlsplit(article["url"]).hostname.endswith(
            (".example.com", ".example.org", ".example.net")
        )
        assert article["title"] in article["text"]
    assert len({article["url"] for article in articles}) == 17


def test_eight_languages_and_two_left_to_detection(articles):
    said = Counter(article.get("lang", "") for article in articles)
    assert set(said) == {"bg", "ru", "uk", "en", "de", "el", "ar", "zh-Hans", ""}
    assert said[""] == 2
    for article in articles:
        assert article["id"][:2] == (article.get("lang") or article["id"])[:2]


def test_events_are_told_in_several_languages_by_several_outlets(articles):
    told = defaultdict(list)
    for article in articles:
        told[article.get("group", "")].append(article)
    assert {name: len(group) for name, group in told.items() if name} == {
        "bridge": 3,
        "glacier": 3,
        "cable": 3,
        "radio": 2,
    }
    for name, group in told.items():
        if name:
            assert len({article["source"] for article in group}) == len(group)
            assert len({article["id"][:2] for article in group}) == len(group)


def test_texts_have_the_size_of_articles(articles):
    for article in articles:
        assert 700 <= len(article["text"]) <= 6000, article["id"]
        assert sum(map(bool, map(str.strip, article["text"].splitlines()))) >= 20, article["id"]


def test_texts_can_be_stored_and_hold_no_stray_controls(articles):
    for article in articles:
        text = article["text"]
        assert unstorable(text) == ""
        controls = {c for c in text if unicodedata.category(c) == "Cc"}
        assert controls <= {"\n", "\r", "\t"}, article["id"]
        assert "\ufffd" not in text
        assert unicodedata.is_normalized("NFC", text.replace("\u0301", "")), article["id"]


def test_the_promised_mess_is_there(articles):
    """Git, editors and formatters like to tidy such things away."""
    texts = {article["id"]: article["text"] for article in articles}
    assert texts["en-cable"].count("\r\n") == texts["en-cable"].count("\n") > 40
    assert [name for name, text in texts.items() if "\r" in text] == ["en-cable"]
    assert {name for name, text in texts.items() if not text.endswith("\n")} == {
        "ar-film",
        "zh-train",
    }
    everything = "".join(texts.values())
    for mess in (
        "\u00a0",
        "\u00ad",
        "\u200b",
        "\u200f",
        "\u3000",
        "\t",
        "☀\ufe0f",
        "🚲",
        "<p>",
        "&nbsp;",
    ):
        assert mess in everything, ascii(mess)
    assert "\n16:31«" in texts["ru-glacier"]


def test_pages_of_one_outlet_share_their_frame(articles):
    pages = defaultdict(list)
    for article in articles:
        pages[article["source"]].append(set(article["text"].splitlines()))
    shared = {name: set.intersection(*found) for name, found in pages.items() if len(found) > 1}
    assert len(shared) == 7
    assert all(len(lines) >= 6 for lines in shared.values()), shared


def test_the_table_is_exactly_the_files(builder, articles, tmp_path):
    file = tmp_path / "samples.db"
    assert builder.build(file, sqlite3) == len(articles)
    connection = sqlite3.connect(file)
    rows = connection.execute(
        "SELECT id, url, headline, body, site, published, lang, story FROM articles ORDER BY rowid"
    ).fetchall()
    connection.close()
    assert [row[0] for row in rows] == [article["id"] for article in articles]
    for (name, url, headline, body, site, published, lang, story), a in zip(
        rows, articles, strict=True
    ):
        assert body.encode() == (FOLDER / "articles" / f"{name}.txt").read_bytes()
        assert (url, headline, site, published) == (a["url"], a["title"], a["source"], a["date"])
        assert (lang, story) == (a.get("lang"), a.get("group"))


def test_nothing_is_overwritten(builder, tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text("mine")
    with pytest.raises(FileExistsError, match="exists already"):
        builder.build(file, sqlite3)
    assert file.read_text() == "mine"


def test_the_builder_runs_by_itself(tmp_path):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, FOLDER / "build.py", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    first, again, none = run(str(tmp_path / "s.db")), run(str(tmp_path / "s.db")), run()
    assert (first.returncode, first.stdout) == (0, "17 articles\n")
    assert (again.returncode, none.returncode) == (2, 2)
    assert "exists already" in again.stderr
    assert "Usage" in none.stderr
