"""The YAML of cards: what cards use is read as PyYAML reads it, the rest is refused."""

import pytest
from formats_kit import exported
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.formats.readers.hf_front import BadCardError, front_matter

yaml = pytest.importorskip("yaml")

WORDS = st.text(
    st.sampled_from("abcde XYZ 019 -_.,:;#'\"\\/[]{}&*!|>%@`?=~ \n\tйе漢😀é\u00a0"),
    max_size=30,
)
KEYS = WORDS.map(lambda word: word.replace("\n", "") or "k")  # PyYAML writes others after "?"
TREES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def card(head: str) -> str:
    return f"---\n{head}---\n\n# A title\n\nkey: not read\n---\n"


def as_pyyaml(head: str) -> object:
    """Every scalar as a string, as we read it."""
    return yaml.load(head, Loader=yaml.BaseLoader)


def test_our_own_card():
    readme = exported("hf")["README.md"].decode()
    head = readme.split("---\n")[1]
    found = front_matter(readme)
    assert found == as_pyyaml(head)
    assert found["annotator"]["offsets"] == "code-points"
    names = [each["name"] for each in found["dataset_info"]["features"]]
    assert names[:2] == ["id", "text"]


HUB = """\
# as the Hub and people write it
language:
  - bg
  - "no"   # Norwegian
license: other
license_name: 'it''s ours'
tags: [stance, 'named entities', "q\\"uo\\u0442e", ]
extra: {a: 1, b: [x, y], "c d": 'e', f: }
pretty_name: A name that is so long that the program which wrote this folded
  it over two lines
quoted: "one line \\
  \\ and the rest of it\\
  \\ here"
description: >-
  Folded text: with a colon
  - and no list

  # nor a comment
empty:
empty_list: []
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*
  - {split: test, path: 'data/test-*'}
dataset_info:
- config_name: default
  features:
  - name: tokens
    sequence: string
  - name: ner_tags
    sequence:
      class_label:
        names:
          '0': O
          '1': B-PER
- config_name: "other"
url: https://example.org/a#b
"""


def test_what_people_and_the_hub_write():
    found = front_matter(card(HUB))
    wanted = as_pyyaml(HUB)
    description = found.pop("description")
    assert "with a colon" in description
    assert wanted.pop("description")  # folded in another way
    assert found == wanted
    assert found["language"] == ["bg", "no"]
    assert found["quoted"] == "one line  and the rest of it here"


@settings(max_examples=60)
@given(tree=st.dictionaries(KEYS, TREES, max_size=5), width=st.sampled_from([20, 80]))
def test_what_pyyaml_writes_is_read_as_it_reads_it(tree, width):
    head = yaml.safe_dump(tree, allow_unicode=True, width=width, sort_keys=False)
    assert (front_matter(card(head)) or {}) == (as_pyyaml(head) or {})


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("a: &x 1\nb: *x\n", "line 2"),
        ("a: !!python/object/apply:os.system ['true']\n", "line 2"),
        ("a: 'no end\n", "quotation in line 2"),
        ("a: [1, 2\n", "line 2"),
        ("a: {b 1}\n", "line 2"),
        ("a: 1\n  b: 2\nc\n", "line 4"),
        ("- a\nb: 1\n", "line 3"),
        ("a:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 99)), "deeper"),
        ("a: " + "[" * 99 + "\n", "line 2"),
        ("a: 1\n b: 2\n", None),  # a plain scalar that goes on
    ],
)
def test_the_rest_is_refused_with_its_line(head, reason):
    if reason is None:
        assert front_matter(card(head)) == {"a": "1 b: 2"}
        return
    with pytest.raises(BadCardError, match=reason):
        front_matter(card(head))


def test_a_card_without_front_matter_says_nothing():
    assert front_matter("# A title\n---\na: 1\n---\n") == {}
    assert front_matter("") == {}
    assert front_matter("---\n---\n") == {}
    assert front_matter("---\njust words\n---\n") == {}
    assert front_matter("\ufeff---\r\na: 1\r\n---\r\n") == {"a": "1"}
    with pytest.raises(BadCardError, match="does not end"):
        front_matter("---\na: 1\n")


@settings(max_examples=100)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        found = front_matter(card(text + "\n"))
    except BadCardError:
        return
    assert isinstance(found, dict)
