"""CoNLL-U of others and our own: text, entities, documents, multiword tokens."""

from pathlib import Path

import pytest
from formats_kit import claims, exported, read, reader, records, write
from formats_samples import BRIDGE, HARBOUR
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_conllu_export import AWKWARD, ODD, marked

from annotator.formats.claims import Record
from annotator.formats.readers.conllu_lines import unescaped
from annotator.formats.readers.table import kind_of_file
from annotator.formats.sources.incoming import Refusal
from annotator.formats.writers.conllu import escaped

ENTITIES = {
    "bridge": [(15, 18), (41, 54), (84, 131), (189, 202), (240, 243)],
    "harbour#1": [(22, 44), (99, 107), (122, 131)],
}


def file(folder: Path, text: str | bytes, name: str = "news.conllu") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def sentence(*tokens: str, text: str | None = None, **comments: str) -> str:
    """Lines of a sentence of `form misc` or `id form misc`."""
    lines = [f"# {name.replace('_', ' ')} = {value}\n" for name, value in comments.items()]
    lines += [f"# text = {text}\n"] if text is not None else []
    for number, token in enumerate(tokens, 1):
        cells = token.split(" ")
        ident, form, misc = cells if len(cells) == 3 else (str(number), *cells, "_")[:3]
        lines.append(f"{ident}\t{form}" + "\t_" * 7 + f"\t{misc}\n")
    return "".join([*lines, "\n"])


def one(folder: Path, text: str | bytes) -> Record:
    (record,) = records("conllu", file(folder, text))
    return record


def test_our_own_files_come_back_exactly(tmp_path):
    path = write(exported("conllu"), tmp_path, "news.conllu")
    got = records("conllu", path)
    assert [record.article.id for record in got] == ["bridge", "harbour#1"]
    for record, text in zip(got, (BRIDGE, HARBOUR), strict=True):
        assert record.article.text == text
        assert [(s, e) for s, e, _, _ in claims(record)] == ENTITIES[record.article.id]
        assert record.finished
        assert not record.left_out


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example(text="0 ", ident="0", edges=set())
@example(text=AWKWARD, ident="и\u0306\n\t", edges={1, 2, 4, 6})
@given(text=ODD, ident=ODD, edges=st.sets(st.integers(0, 40), max_size=6))
def test_any_text_and_flat_entities_come_back(tmp_path, text, ident, edges):
    cuts = sorted(edge for edge in edges if edge <= len(text))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    docs = marked(text, *((s, e, "PER") for s, e in pairs), ident=ident)
    (record,) = records("conllu", write(exported("conllu", docs), tmp_path, "x.conllu"))
    assert (record.article.id, record.article.text) == (ident, text)
    assert not record.left_out
    wanted = [(s, e) for s, e in pairs if text[s:e].strip()]
    got = [(s, e) for s, e, _, _ in claims(record)]
    assert len(got) == len(wanted)
    for (start, end), (first, last) in zip(wanted, got, strict=True):
        assert start <= first < last <= end
        assert not (text[start:first] + text[last:end]).strip()


@given(text=st.text(st.characters(exclude_categories=["Cs"])), plain=st.booleans())
def test_what_is_escaped_comes_back(text, plain):
    value = escaped(text, plain)
    assert unescaped(value) == text
    assert not set(value) & set(" \t\r\n|=\u00a0\u2028")


def test_text_is_made_of_tokens_and_what_is_said_to_stand_between(tmp_path):
    data = sentence("Да SpaceAfter=No", ",", "ето") + sentence("Лом SpacesAfter=\\n\\s", "спи .")
    assert one(tmp_path, data).article.text == "Да, ето Лом\n спи"
    paragraphs = sentence("а") + "# newpar id = p2\n" + sentence("б") + "# newpar\n" + sentence("в")
    assert one(tmp_path, paragraphs).article.text == "а\nб\nв"
    ended = sentence("а SpaceAfter=No") + sentence("б SpacesAfter=\\n")
    assert one(tmp_path, ended).article.text == "аб\n"


def test_the_sentence_text_tells_what_tokens_do_not(tmp_path):
    data = sentence("10", "000", ",", "да", text="10\u00a0000, да")
    record = one(tmp_path, data)
    assert record.article.text == "10\u00a0000, да"
    assert not record.left_out
    other = one(tmp_path, sentence("да", "не", text="съвсем друго"))
    assert other.article.text == "да не"
    assert other.left_out == {"# text that its tokens do not make": 1}
    longer = one(tmp_path, sentence("да", "не", text="да не още"))
    assert longer.left_out == {"# text that its tokens do not make": 1}


def test_tokenrange_tells_how_many_spaces(tmp_path):
    tokens = ("а TokenRange=10:11", "б TokenRange=13:14", "в SpacesAfter=\\n|TokenRange=14:15")
    record = one(tmp_path, sentence(*tokens) + sentence("г TokenRange=16:17"))
    assert record.article.text == "а  бв\nг"
    assert not record.left_out
    shifted = one(tmp_path, sentence("а TokenRange=0:1", "б TokenRange=9:11"))
    assert shifted.article.text == "а б"
    assert shifted.left_out == {"TokenRange that does not fit the text": 1}
    far = one(tmp_path, sentence("а TokenRange=0:1", "б TokenRange=999999999998:999999999999"))
    assert far.article.text == "а б"


@pytest.mark.parametrize("key", ["name=", "NE=", "NER=", ""])
def test_entities_stand_under_several_keys(tmp_path, key):
    data = sentence(f"Анна {key}B-PER", f"Ким Lang=uk|{key}I-PER|SpaceAfter=No", f". {key}O")
    record = one(tmp_path, data)
    assert claims(record) == [(0, 8, "PER", "Анна Ким")]
    assert record.left_out == {"value in MISC": 1}
    assert record.finished


def test_a_treebank_without_tags_was_not_looked_at(tmp_path):
    record = one(tmp_path, sentence("Анна Entity=(e1-person", "Ким Entity=e1)"))
    assert record.claims == ()
    assert not record.finished
    assert record.left_out == {"value in MISC": 2}
    odd = one(tmp_path, sentence("Анна NE=person_1"))
    assert odd.left_out == {"entity value that is no tag": 1}


def test_multiword_tokens_are_written_whole_and_empty_nodes_nowhere(tmp_path):
    data = sentence(
        "1-2 vámonos SpaceAfter=No",
        "1 vamos _",
        "2 nos name=B-PER",
        "2.1 que _",
        "3 a name=O",
        "4-5 al _",
        "4 a name=O",
        "5 el name=B-LOC",
        "6 mar name=I-LOC",
    )
    record = one(tmp_path, data)
    assert record.article.text == "vámonosa al mar"
    assert claims(record) == [(0, 7, "PER", "vámonos"), (9, 15, "LOC", "al mar")]
    assert record.left_out == {"empty node": 1}


def test_trees_stay_behind_and_are_counted(tmp_path):
    data = "1\tСпи\tспя\tVERB\t_\tMood=Ind\t0\troot\t_\t_\n2\t!\t_\t_\t_\t_\t_\t_\t_\t_\n\n"
    assert one(tmp_path, data).left_out == {"lemma, tags or tree of a word": 1}


def test_newdoc_divides_articles(tmp_path):
    text = (
        sentence("а", newdoc_id="d/1") + sentence("б") + "# newdoc\n# sent_id = 3\n" + sentence("в")
    )
    first, second = records("conllu", file(tmp_path, text))
    assert [r.article.id for r in (first, second)] == ["d/1", "news-2"]
    assert [r.article.text for r in (first, second)] == ["а б", "в"]
    whole = one(tmp_path, sentence("а") + sentence("б"))
    assert whole.article.id == "news"
    quoted = one(tmp_path, '# newdoc id = x\n# article_id = "x\\n"\n' + sentence("а"))
    assert quoted.article.id == "x\n"
    broken = one(tmp_path, "# newdoc id = x\n# article_id = [[\n" + sentence("а"))
    assert broken.article.id == "x"


def test_the_pseudo_conllu_of_wikineural_is_read_as_columns(tmp_path):
    text = "#DOCSTART\n1\tЛом\tB-LOC\n2\tспи\tO\n\n1\tда\tO\n\n#DOCSTART\n1\tАнна\tB-PER\n"
    first, second = records("conllu", file(tmp_path, text))
    assert (first.article.text, first.origin) == ("Лом спи\nда", "conllu")
    assert claims(second) == [(0, 4, "PER", "Анна")]
    assert second.article.id == "news-2"
    assert kind_of_file(text.encode(), "test.conllu") == "conllu"


def test_broken_tags_and_schemes_are_as_in_columns(tmp_path):
    record = one(tmp_path, sentence("а name=B-A", "б name=O", "в name=I-A"))
    assert [surface for _, _, _, surface in claims(record)] == ["а", "в"]
    assert record.left_out == {"tag mended": 1}
    bilou = one(tmp_path, sentence("а name=B-A", "б name=L-A", "в name=U-A"))
    assert [surface for _, _, _, surface in claims(bilou)] == ["а б", "в"]
    (refusal,) = read("conllu", file(tmp_path, sentence("а name=S-A", "б name=U-A")))
    assert isinstance(refusal, Refusal)
    assert "different schemes" in refusal.reason


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("1\tа\t_\n2\tб\t_\t_\n", 1, "no tag"),
        (sentence("а") + "1\tб\t_\t_\n", 3, "the line has 4 columns, not 10"),
        (sentence("а") + "x\tб" + "\t_" * 8 + "\n", 3, "the line begins with no word number"),
        (sentence("а") + "1\t" + "\t_" * 8 + "\n", 3, "has no form"),
        (sentence("а").encode() + b"1\t\xff" + b"\t_" * 8, 3, "is not UTF-8"),
        (sentence("а\0"), 1, "NUL character"),
        (sentence("а RawForm=\\uD800"), 1, "lone surrogate"),
        ("Обикновен текст", 1, "the line has 1 columns, not 10"),
        ("# newdoc id = 1\n\n", None, "there are no tokens in it"),
        ("", None, "there are no tokens in it"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(tmp_path, text, line, said):
    (refusal,) = read("conllu", file(tmp_path, text))
    assert isinstance(refusal, Refusal), refusal
    assert said in refusal.reason
    if line:
        assert refusal.where.endswith(f"news.conllu:{line}")


def test_a_bad_document_costs_itself_only(tmp_path):
    text = sentence("а", newdoc_id="x") + "1\tб\n\n" + sentence("в", newdoc_id="y")
    refusal, record = read("conllu", file(tmp_path, text))
    assert isinstance(refusal, Refusal)
    assert isinstance(record, Record)
    assert record.article.id == "y"


def test_an_article_has_its_limits_and_the_next_one_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("annotator.formats.readers.conllu_lines.MOST_TOKENS", 2)
    text = sentence("а", "б", "в", newdoc_id="x") + sentence("г", newdoc_id="y")
    refusal, record = read("conllu", file(tmp_path, text))
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "the article has more than 2 tokens or 64 MB"
    assert isinstance(record, Record)
    assert record.article.id == "y"


def test_files_are_known_by_their_first_token(tmp_path):
    assert kind_of_file(sentence("а", sent_id="1").encode(), "x.conllu") == "conllu"
    for head in (b"", b"\xff\xfe", "Текст\n".encode(), b"a B-A\n", b"1\ta\t_\n", b"{}\n"):
        assert not reader("conllu").sniff(head, "x.conllu"), head


LINES = st.lists(
    st.one_of(
        ODD,
        st.sampled_from(
            [
                "",
                "# newdoc",
                "# newdoc id = 1",
                "# text = ab",
                "# article_id = 7",
                "1\ta" + "\t_" * 7 + "\tname=B-A|TokenRange=0:1",
                "1-9\tab" + "\t_" * 7 + "\tSpacesAfter=\\uD800\\U0010FFFFF",
                "2\tb" + "\t_" * 7 + "\tTokenRange=9:1|NE=I-A|||=|RawForm=",
                "3\tб\tO",
            ]
        ),
    ),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.one_of(st.binary(max_size=60), LINES.map(lambda lines: "\n".join(lines).encode())))
def test_no_bytes_break_the_reader(tmp_path, data):
    for item in read("conllu", file(tmp_path, data)):
        assert isinstance(item, Record | Refusal)
        if isinstance(item, Record):
            claims(item)
    reader("conllu").sniff(data, "news.conllu")
