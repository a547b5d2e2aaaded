"""HTML: what a reader sees, in order, a block a line."""

import pytest
from formats_samples import articles, incoming, refusals

from annotator.formats.sources import html as html_source
from annotator.formats.sources.html_load import too_costly

PAGE = """<!DOCTYPE html>
<html lang="bg"><head><meta charset="utf-8">
<title>  Реката се  върна &mdash; Вести </title>
<meta property="og:site_name" content="Вести"><link rel="alternate canonical" href="https://v.example/7">
<meta property="article:published_time" content="2026-03-01T08:00"><meta name=author content="И. П.">
<style>.x{}</style><script>document.write("<p>не</p>")</script></head>
<body><nav><ul><li><a href="/">Начало</a></li><li>Свят</li></ul></nav>
<h1>Реката се&nbsp;върна</h1>
<p>Водата спадна <b>рязко</b>,
   казаха <i>от об</i>щината.<br>Мостът е <!-- тайна -->цял.</p>
<p hidden>скрито</p><p style="color:red; DISPLAY : none">скрито</p><noscript>без скрипт</noscript>
<table><caption>Нива</caption><tr><th>Ден<th>см<tr><td>пн<td>140</table>
<form><label>Име</label><input placeholder="Парола"><input type="hidden" value="t0k3n">
<input type=submit value="Вход"><button>Забравена парола</button>
<textarea placeholder="Коментар"></textarea><select><option>Да<option>Не</select></form>
<div class=comments><p>Гост: &lt;p&gt; и &amp;nbsp; останаха</div>
<pre>  ред
    друг</pre><template>образец</template><svg><title>лого</title></svg>
<footer>&copy; Вести</footer></body></html>"""


def write(path, page, codec="utf-8"):
    path.write_bytes(page if isinstance(page, bytes) else page.encode(codec))
    return path


def text_of(tmp_path, page):
    [article] = articles(write(tmp_path / "x.html", page))
    return article.text


def test_a_page_becomes_its_visible_lines(tmp_path):
    [a] = articles(write(tmp_path / "x.html", PAGE))
    assert a.text.split("\n") == [
        "Начало",
        "Свят",
        "Реката се\u00a0върна",
        "Водата спадна рязко, казаха от общината.",
        "Мостът е цял.",
        "Нива",
        "Ден\tсм",
        "пн\t140",
        "Име",
        "Парола",
        "Вход",
        "Забравена парола",
        "Коментар",
        "Да",
        "Не",
        "Гост: <p> и &nbsp; останаха",
        "  ред",
        "    друг",
        "© Вести",
    ]
    assert (a.title, a.source, a.lang, a.lang_source) == (
        "Реката се върна — Вести",
        "Вести",
        "bg",
        "import",
    )
    assert (a.url, a.date, a.meta) == (
        "https://v.example/7",
        "2026-03-01T08:00",
        {"author": "И. П."},
    )
    assert a.id == "x.html"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("a<span> b </span>c", "a b c"),
        ("a<div>b</div>c", "a\nb\nc"),
        ("a<div hidden>b</div>c<input type=hidden>d", "acd"),
        ("<p>a<p>b</div>c", "a\nbc"),
        ("a<br><br>\n<br/>b", "a\nb"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "a\nb\nc"),
        ("<td>x<table><tr><td>a<td><td>b</td></table>", "x\na\tb"),
        (
            "<dialog>a</dialog><dialog open>b</dialog><details><summary>c</summary>d</details>",
            "b\nc\nd",
        ),
        ("x&#0;&#xD800;&#128512;&nosuch;&lt", "x\ufffd\ufffd😀&nosuch;<"),
        ("<p>\u00a0</p>a\u00a0 b", "a\u00a0 b"),
        ("<textarea>\n a\nb </textarea>", " a\nb "),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢kan"),
        ("<svg><text>график</text><desc>x</desc></svg>", "график"),
        ("<iframe>x</iframe><video>y</video><object>z</object>a", "a"),
        ("<body><frameset><frame></frameset>a", "a"),
        ("a\r\nb\r<pre>c\r\nd</pre>", "a b\nc\nd"),
        ("<b><p>a</b>b</p>", "ab"),
        ("plain & simple", "plain & simple"),
        (
            "<input value='в' type=text><input type=checkbox value=x><input type=password value=x>",
            "в",
        ),
    ],
)
def test_small_pages(tmp_path, page, text):
    assert text_of(tmp_path, f"<!doctype html>{page}") == text


@pytest.mark.parametrize(
    ("page", "codec"),
    [
        ('<meta charset="windows-1251"><p>Новина №5', "cp1251"),
        ("<meta charset=KOI8-R><p>Новина", "koi8-r"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=cp1251"><p>Новина', "cp1251"),
        ("<meta charset=iso-8859-1><p>“caf\u00e9”", "cp1252"),
        ("<p>Новина 😀", "utf-8-sig"),
        ("<meta charset=cp1251><p>Новина", "utf-16"),
        ("<meta charset=utf-16><p>Новина", "utf-8"),
        ("<meta charset=unheard-of><p>Новина", "utf-8"),
        ("<meta charset=base64><p>Новина", "utf-8"),
    ],
)
def test_the_encoding_is_found(tmp_path, page, codec):
    [a] = articles(write(tmp_path / "x.html", page, codec))
    assert a.text == page.rpartition(">")[2]


def test_a_said_encoding_counts_more_than_the_page(tmp_path):
    page = "<meta charset=utf-8><p>Новина"
    [a] = articles(write(tmp_path / "x.html", page, "cp1251"), encoding="cp1251")
    assert a.text == "Новина"
    assert a.meta == {"encoding": "cp1251"}


@pytest.mark.parametrize(
    ("data", "where", "reason"),
    [
        (b"<p>a\n<p>\xff", ":2", "byte 0xff at offset 8 is not UTF-8"),
        (b"<script>only()</script>", "", "the text is empty"),
        (b"", "", "the text is empty"),
        (b"<div>" * 20_000, "", "nested deeper than 5,000"),
        (b"".join(b"<font size=%d><p>" % n for n in range(20_000)), "", "formatting elements"),
    ],
)
def test_what_is_no_article_is_refused(tmp_path, data, where, reason):
    path = write(tmp_path / "x.html", data)
    [refusal] = incoming(path)
    assert refusal.where == f"{path}{where}"
    assert reason in refusal.reason


def test_honest_bad_html_is_not_too_costly():
    assert too_costly("<p>x<br><li>y<td>" * 50_000) == ""
    assert too_costly("<b>x" * 10_000) == "", "equal ones are opened three times at most"
    assert too_costly("<a href=1>x</a><i>y</i><div>z</div>" * 50_000) == ""
    assert too_costly("<svg>" + "<path d=1 />" * 10_000 + "</svg>") == ""
    assert too_costly("<font color=red><p>" * 300) == ""


def test_a_page_nested_below_the_limit_is_read(tmp_path):
    assert text_of(tmp_path, "<div>" * 4_900 + "вътре") == "вътре"


def test_a_page_beyond_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(html_source, "LIMIT", 1 << 20)
    path = write(tmp_path / "x.html", b"<p>x" * (1 << 19))
    assert refusals(incoming(path))[0].reason == "the page is larger than 1 MB"


def test_titles_fall_back_to_what_is_shared(tmp_path):
    page = '<meta property="og:title" content="От мрежата"><svg><title>не</title></svg><p>a'
    [a] = articles(write(tmp_path / "x.html", page))
    assert a.title == "От мрежата"
