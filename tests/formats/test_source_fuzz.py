"""Thousands of damaged files: never a traceback, never something that cannot be stored."""

import json
import random

import pytest
from formats_samples import news, several

from annotator.formats.document import Document
from annotator.formats.registry import export
from annotator.formats.sources.guess import read
from annotator.formats.sources.incoming import ReadOptions, Refusal
from annotator.model.article import Article, unstorable

PAGE = (
    '<!doctype html><html lang="bg"><head><meta charset="utf-8"><title>З</title>'
    '<meta property="og:site_name" content="В"></head><body><h1>Глава</h1><p>Т&amp;кст <b>и</b>'
    "<br>още<table><tr><td>1<td>2</table><pre>а\n б</pre><form><input value=x></form></body>"
)
RECORD = {
    "id": "1",
    "text": "Новина 😀\r\nкрай",
    "lang": "bg",
    "n": 1.5,
    "tags": ["a", {"b": None}],
}
JSONL = "".join(
    json.dumps({**RECORD, "id": str(n)}, ensure_ascii=n % 2 == 0) + "\n" for n in range(4)
)
CSV = 'id,title,text\n1,"А, б","ред\nред ""да"""\n2,в,г\n3,"д",е\n'
SEEDS = {
    ".txt": ["Ред\r\nоще 👩‍🚒\n".encode(), "\ufeffТекст".encode(), "Ред\nред".encode("utf-16")],
    ".jsonl": [JSONL.encode(), JSONL.encode("utf-16"), b"\xef\xbb\xbf" + JSONL.encode()],
    ".json": [json.dumps([RECORD, RECORD], indent=1).encode()],
    ".csv": [CSV.encode(), CSV.replace(",", ";").encode("utf-8-sig"), CSV.encode("utf-16")],
    ".tsv": [CSV.replace(",", "\t").encode(), "url\ttext\nhttps://й/1\tа\n".encode()],
    ".html": [PAGE.encode(), PAGE.replace("utf-8", "windows-1251").encode("cp1251", "replace")],
    "": [PAGE.encode(), JSONL.encode(), CSV.encode()],
}
HOSTILE = [
    b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\\ud800", b"\\u0000", b'"', b"\\", b"{", b"}",
    b"[" * 70, b"]", b",", b"\t", b"\r", b"\n", b"\xe2\x80\xa8", b"NaN", b"1e999", b"9" * 4400,
    b"<", b">", b"<!--", b"<script>", b"</p>", b"<table>", b"<template>", b"<plaintext>",
    b"&#0;", b"&#xD800;", b"<meta charset=utf-16>", b"<meta charset=hz>", b'{"id":', b"schema",
    b"\x1b]52;c;x\x07", b"\xf4\x90\x80\x80", b"\xff\xfe", b"\xfe\xff", b"<svg>", b"\x85",
]  # fmt: skip


def mutated(chance: random.Random, data: bytes) -> bytes:
    """The bytes after one to eight small accidents."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(out) + 1)
        match chance.randrange(6):
            case 0:
                out[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del out[place : place + chance.randint(1, 20)]
            case 2:
                out[place:place] = chance.choice(HOSTILE)
            case 3:
                other = chance.randrange(len(out) + 1)
                out[place:place] = out[other : other + chance.randint(1, 40)]
            case 4:
                out[place : place + 1] = (
                    bytes([out[place] ^ 1 << chance.randrange(8)]) if place < len(out) else b""
                )
            case _:
                out = out[:place] if chance.random() < 0.2 else out
    return bytes(out)


def check(item: object, where: str) -> None:
    if isinstance(item, Refusal):
        assert item.where.startswith(where)
        assert item.reason
        item.reason.encode()
        return
    article = item.article if isinstance(item, Document) else item
    assert isinstance(article, Article)
    assert unstorable(article.text) == ""
    assert article.id
    for value in (article.id, article.title, article.source, article.url, article.date,
                  article.lang, article.group):  # fmt: skip
        assert "\0" not in value
        value.encode()
    json.dumps(dict(article.meta), ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize("suffix", [*SEEDS, "native"])
def test_damaged_files_never_trip_a_reader(tmp_path, suffix, long_run):
    chance = random.Random(f"damage {suffix}")
    seeds = SEEDS.get(suffix)
    if seeds is None:
        export("jsonl", several(), news(), tmp_path / "seed")
        seeds, suffix = [(tmp_path / "seed").read_bytes()], ".jsonl"
    path = tmp_path / f"x{suffix}"
    count = (10_000 if long_run else 2_000) // (len(SEEDS) + 1)
    kinds = {"Article": 0, "Refusal": 0, "Document": 0}
    for _ in range(count):
        path.write_bytes(mutated(chance, chance.choice(seeds)))
        for item in read(path, ReadOptions(title_line=True)):
            check(item, str(path))
            kinds[type(item).__name__] += 1
    assert kinds["Refusal"] > count // 20, f"too gentle: {kinds}"
    assert kinds["Article"] + kinds["Document"] > count // 20, f"too rough: {kinds}"


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "shift_jis", "iso2022_jp", "hz"])
def test_nor_in_other_encodings(tmp_path, encoding, long_run):
    chance = random.Random(encoding)
    for number in range(400 if long_run else 80):
        suffix = chance.choice(list(SEEDS))
        path = tmp_path / f"{number}{suffix}"
        path.write_bytes(mutated(chance, chance.choice(SEEDS[suffix])))
        for item in read(path, ReadOptions(encoding=encoding)):
            check(item, str(path))
