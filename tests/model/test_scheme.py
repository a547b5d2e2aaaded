"""Scheme files: what is read, and that each fault is told with its place and what to do."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.errors import AnnotatorError
from annotator.model.guidelines import guideline
from annotator.model.scheme import COLORS, Overlap, SpanLayer, StanceLayer, Unit
from annotator.model.scheme_file import MAX_LAYERS, load, parse, preset

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "scheme.toml"

GOOD = """\
name = "trial"
version = 3
title = "A trial"

[[layers]]
name = "names"
unit = "word"
overlap = "nested"
attributes = ["lemma"]
labels = [
  { name = "PER", key = "p", title = "Person", color = "cyan", aliases = ["п"] },
  { name = "ORG", key = "o" },
]

[[layers]]
name = "stance"
kind = "stance"
entity_layer = "names"
values = [{ name = "FAVOR", key = "f" }, { name = "NONE", key = "o" }]
"""


def faults(toml: str) -> list[str]:
    with pytest.raises(AnnotatorError) as caught:
        parse(toml, where="my.toml")
    return str(caught.value).split("\n")


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def layers(count: int) -> str:
    layer = '[[layers]]\nname = "l{}"\nlabels = [{{ name = "A", key = "a" }}]\n'
    return 'name = "many"\nversion = 1\n' + "".join(layer.format(n) for n in range(count))


def test_a_scheme_is_read_whole():
    scheme = parse(GOOD, "## names\n\nAll of them.", "my.toml")
    assert (scheme.name, scheme.version, scheme.title) == ("trial", 3, "A trial")
    assert (scheme.toml, scheme.guidelines) == (GOOD, "## names\n\nAll of them.")
    names, stance = scheme.layers
    assert isinstance(names, SpanLayer)
    assert isinstance(stance, StanceLayer)
    assert (names.unit, names.overlap, names.attributes) == (Unit.WORD, Overlap.NESTED, ("lemma",))
    per, org = names.labels
    assert (per.name, per.key, per.title, per.color, per.aliases) == (
        "PER",
        "p",
        "Person",
        "cyan",
        ("п",),
    )
    assert (stance.entity_layer, stance.absent) == ("names", "NONE")
    assert scheme.span_layers == (names,)
    assert scheme.stance_layer is stance
    assert scheme.layer("names") is names
    assert names.label("ORG") is org
    assert names.label("LOC") is None


def test_what_is_left_out_has_a_default():
    names, stance = parse(GOOD).layers
    org = names.label("ORG")
    assert org is not None
    assert (org.title, org.color, org.description, org.aliases) == ("ORG", COLORS[1], "", ())
    assert names.title == "names"
    assert stance.holders == ("author", "quoted", "actor", "outlet", "unknown")
    assert stance.bases == ("explicit", "quoted", "implied")
    assert stance.targets == ()
    only = parse('name="a"\nversion=1\nlayers=[{name="b",labels=[{name="C",key="c"}]}]').layers[0]
    assert (only.unit, only.overlap) == (Unit.WORD, Overlap.NONE)


def test_an_alias_is_read_in_its_composed_form():
    decomposed = changed('aliases = ["п"]', 'aliases = ["\u0438\u0306"]')
    assert parse(decomposed).layers[0].labels[0].aliases == ("й",)


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        (
            changed('name = "trial"', "name = trial"),
            "my.toml, line 1, column 8: this is not valid TOML (Invalid value); correct it.",
        ),
        (
            GOOD + "overlap",
            (
                "my.toml, end of document: this is not valid TOML "
                "(Expected '=' after a key in a key/value pair); correct it."
            ),
        ),
        (
            "x = " + "[" * 99_999,
            "my.toml: brackets are nested too deeply; remove some.",
        ),
        (
            changed('name = "trial"\n', ""),
            'my.toml: the field "name" is missing; add name = "...".',
        ),
        (
            changed("version = 3", "version = 0"),
            'my.toml: "version" has to be a whole number from 1; write for example version = 1.',
        ),
        (
            changed("version = 3", "version = true"),
            'my.toml: "version" has to be a whole number from 1; write for example version = 1.',
        ),
        (
            changed('title = "A trial"', "title = 7"),
            'my.toml: "title" is a number; write it as text between quotes.',
        ),
        (
            changed('title = "A trial"', "title = 2026-01-02"),
            'my.toml: "title" is a date or time; write it as text between quotes.',
        ),
        (
            changed('title = "A trial"', 'title = " "'),
            'my.toml: "title" is blank or not one printable line; write its text or remove it.',
        ),
        (
            changed('title = "A trial"', 'titel = "A trial"'),
            "my.toml: the field 'titel' is unknown; did you mean \"title\"?",
        ),
        (
            changed('title = "A trial"', "xyzzy = 1"),
            "my.toml: the field 'xyzzy' is unknown; use name, version, title, guidelines, layers.",
        ),
        (
            GOOD + '\n[[layer]]\nname = "x"\n',
            "my.toml: the field 'layer' is unknown; did you mean \"layers\"?",
        ),
        (
            changed('title = "A trial"', 'guidelines = "../secret.md"'),
            "my.toml: the guidelines '../secret.md' have to be a file's name in the scheme's own folder.",
        ),
        (
            changed('name = "stance"', 'name = "my stance"'),
            (
                "my.toml, layer \"my stance\": the name 'my stance' is not allowed; "
                "use 1 to 40 of the letters A-Z a-z, digits, _ and -."
            ),
        ),
        (
            changed('name = "ORG"', 'name = "ОРГ"'),
            (
                'my.toml, layer "names", label "ОРГ": the name \'ОРГ\' is not allowed; '
                "use 1 to 40 of the letters A-Z a-z, digits, _ and -."
            ),
        ),
        (
            changed('name = "ORG", ', ""),
            'my.toml, layer "names", label 2: the field "name" is missing; add name = "...".',
        ),
        (
            changed('name = "ORG"', 'name = "per"'),
            'my.toml, layer "names": there are two labels "per"; rename or remove one.',
        ),
        (
            changed('name = "FAVOR"', 'name = "NONE"'),
            'my.toml, layer "stance": there are two values "NONE"; rename or remove one.',
        ),
        (
            changed('name = "stance"', 'name = "names"'),
            'my.toml: there are two layers "names"; rename or remove one.',
        ),
        (
            changed('name = "ORG", key = "o"', 'name = "ORG", key = "p"'),
            'my.toml, layer "names": the key "p" stands for "PER" and "ORG"; give one of them another.',
        ),
        (
            changed('name = "ORG", key = "o"', 'name = "ORG", key = "o", aliases = ["п"]'),
            'my.toml, layer "names": the key "п" stands for "PER" and "ORG"; give one of them another.',
        ),
        (
            changed('aliases = ["п"]', 'aliases = ["o"]'),
            'my.toml, layer "names": the key "o" stands for "PER" and "ORG"; give one of them another.',
        ),
        *(
            (
                changed('name = "ORG", key = "o"', f'name = "ORG", key = "{key}"'),
                (
                    f'my.toml, layer "names", label "ORG": the key {key!r} is not one lower-case '
                    "letter a to z other than q."
                ),
            )
            for key in ("q", "O", "oo", "1", "о")
        ),
        *(
            (
                changed('aliases = ["п"]', f'aliases = ["{alias}"]'),
                (
                    f'my.toml, layer "names", label "PER": the alias {alias!r} is not one lower-case '
                    "letter other than q."
                ),
            )
            for alias in ("П", "пп", "q", "7", "!")
        ),
        (
            changed('aliases = ["п"]', 'aliases = "п"'),
            (
                'my.toml, layer "names", label "PER": "aliases" has to be a list of texts, '
                'such as aliases = ["one", "two"].'
            ),
        ),
        (
            changed('attributes = ["lemma"]', 'attributes = ["lemma", "Lemma"]'),
            'my.toml, layer "names": "attributes" holds the same text twice; keep one of them.',
        ),
        (
            changed('attributes = ["lemma"]', 'attributes = ["a b"]'),
            "my.toml, layer \"names\": the attribute 'a b' is not allowed; use A-Z a-z 0-9 _ and -.",
        ),
        (
            changed('unit = "word"', 'unit = "line"'),
            (
                "my.toml, layer \"names\": the unit 'line' is unknown; "
                "use one of grapheme, word, sentence, block."
            ),
        ),
        (
            changed('overlap = "nested"', 'overlap = "some"'),
            "my.toml, layer \"names\": the overlap 'some' is unknown; use one of none, nested, any.",
        ),
        (
            changed('color = "cyan"', 'color = "pink"'),
            (
                'my.toml, layer "names", label "PER": the color \'pink\' is unknown; '
                "use one of red, green, yellow, blue, magenta, cyan, white, gray."
            ),
        ),
        (
            changed('title = "Person"', 'colour = "red"'),
            (
                'my.toml, layer "names", label "PER": the field \'colour\' is unknown; '
                'did you mean "color"?'
            ),
        ),
        (
            changed('kind = "stance"', 'kind = "stance"\nunit = "word"'),
            (
                "my.toml, layer \"stance\": the field 'unit' is unknown; "
                "use name, title, kind, values, holders, bases, targets, entity_layer, absent."
            ),
        ),
        (
            changed('kind = "stance"', 'kind = "stance"\nholders = ["author", "poet"]'),
            (
                "my.toml, layer \"stance\": 'poet' in holders is unknown; "
                "use author, quoted, actor, outlet, unknown."
            ),
        ),
        (
            changed('entity_layer = "names"', 'entity_layer = "stance"'),
            "my.toml: the entity_layer 'stance' of layer \"stance\" is not a span layer; use names.",
        ),
        (
            changed('name = "NONE"', 'name = "NIL"'),
            (
                'my.toml, layer "stance": "absent" has to be the value for "not discussed", '
                "one of FAVOR, NIL."
            ),
        ),
        (
            GOOD + '\n[[layers]]\nname = "more"\nkind = "stance"\n'
            'values = [{ name = "NONE", key = "n" }]\n',
            "my.toml: stance, more are all stance layers; keep one.",
        ),
        (layers(MAX_LAYERS + 1), "my.toml: there are 10 layers; keep at most 9."),
        (
            layers(0),
            'my.toml: "layers" is missing or not a list; add at least one layer to layers.',
        ),
        (layers(0) + "layers = []", 'my.toml: "layers" is empty; add at least one layer.'),
        (
            layers(0) + 'layers = [{ name = "a", labels = [] }]',
            'my.toml, layer "a": "labels" is empty; add at least one label.',
        ),
        (
            layers(0) + 'layers = [{ name = "a" }]',
            'my.toml, layer "a": "labels" is missing or not a list; add at least one label to labels.',
        ),
    ],
)
def test_a_fault_is_one_sentence_with_its_place(toml, sentence):
    assert faults(toml) == [sentence]


def test_an_unknown_kind_is_told_before_what_follows_from_it():
    assert faults(changed('kind = "stance"', 'kind = "relation"'))[0] == (
        "my.toml, layer \"stance\": the kind 'relation' is unknown; use one of span, stance."
    )


def test_all_faults_are_told_at_once():
    toml = changed('unit = "word"', 'unit = "line"').replace('color = "cyan"', 'color = "pink"')
    assert [line.partition(" the ")[2][:5] for line in faults(toml)] == ["unit ", "color"]


def test_nine_layers_are_not_too_many():
    assert len(parse(layers(MAX_LAYERS)).layers) == MAX_LAYERS


@given(st.text(alphabet='abnmelyrskco[]{}=",. \n1"', max_size=80))
def test_whatever_comes_is_read_or_refused_plainly(toml):
    try:
        scheme = parse(GOOD + toml, where="my.toml")
    except AnnotatorError as error:
        for line in str(error).split("\n"):
            assert line.startswith("my.toml")
            assert line.endswith((".", "?"))
    else:
        assert scheme.name == "trial"


# --- files ---------------------------------------------------------------------------------------


def test_a_scheme_and_its_guidelines_are_loaded_from_a_folder(tmp_path):
    shutil.copy(SAMPLE, tmp_path)
    shutil.copy(SAMPLE.with_name("scheme.md"), tmp_path)
    scheme = load(tmp_path / "scheme.toml")
    assert scheme.name == "infrastructure"
    assert guideline(scheme, "names", "WORK").startswith("A single work")
    assert parse(scheme.toml, scheme.guidelines) == scheme


def test_a_byte_order_mark_and_crlf_do_no_harm(tmp_path):
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(tmp_path / "a.toml").toml == GOOD


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "{} does not exist; give the path of a scheme's TOML file."),
        (b"name = \xff", "{} is not UTF-8 at byte 7; save it as UTF-8."),
        (
            b'guidelines = "gone.md"\n' + GOOD.encode(),
            (
                "gone.md, named by {}, does not exist; "
                'put it beside a.toml or remove the field "guidelines".'
            ),
        ),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path, content, message):
    file = tmp_path / "a.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(AnnotatorError) as caught:
        load(file)
    assert str(caught.value) == message.format(file)


def test_a_folder_is_no_scheme(tmp_path):
    with pytest.raises(AnnotatorError, match="cannot be read"):
        load(tmp_path)


def test_an_unknown_preset_is_refused():
    with pytest.raises(AnnotatorError, match="no preset 'nes'; use one of news, minimal"):
        preset("nes")
