"""Build the sample articles into a SQLite table, as a scraper would have left it.

From the shell: `python sample_data/build.py samples.db`. From a program: `build(path, sqlite)`.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent

TABLE = """CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    headline TEXT NOT NULL,
    body TEXT NOT NULL,
    site TEXT NOT NULL,
    published TEXT NOT NULL,
    lang TEXT,
    story TEXT
)"""


def records() -> Iterator[dict[str, Any]]:
    """The articles in order: the fields of articles.toml and `text`, exactly as in its file."""
    listed = tomllib.loads((HERE / "articles.toml").read_text(encoding="utf-8"))
    for article in listed["articles"]:
        file = HERE / "articles" / f"{article['id']}.txt"
        yield {**article, "text": file.read_bytes().decode("utf-8")}


def build(path: Path, sqlite: ModuleType | None = None) -> int:
    """Write the table `articles` into a new SQLite file and say how many rows it has.

    Args:
        path: the file to write; it must not exist yet.
        sqlite: the SQLite module this process uses, the standard library's by default. A program
            that has loaded another one (pysqlite3) passes it, as two in one process may not meet
            on one file.

    Raises:
        FileExistsError: there is something at `path` already.
    """
    if path.exists():
        raise FileExistsError(f"{path} exists already; give the path of a new file.")
    if sqlite is None:
        import sqlite3

        sqlite = sqlite3
    rows = [
        (r["id"], r["url"], r["title"], r["text"], r["source"], r["date"], *_known(r))
        for r in records()
    ]
    connection = sqlite.connect(path)
    with connection:
        connection.execute(TABLE)
        connection.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.close()
    return len(rows)


def _known(record: dict[str, Any]) -> tuple[str | None, str | None]:
    """Language and group, where the source told them."""
    return record.get("lang"), record.get("group")


def main(arguments: list[str]) -> int:
    """The command line: one path; 0 when the file is written, 2 when the call is wrong."""
    if len(arguments) != 1:
        print("Usage: python build.py NEW.db", file=sys.stderr)
        return 2
    try:
        print(f"{build(Path(arguments[0]))} articles")
    except FileExistsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
