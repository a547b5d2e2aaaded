"""Changing a scheme: what becomes of its labels and letters, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.errors import AnnotatorError
from annotator.model.guidelines import guideline
from annotator.model.scheme import COLORS, Label, Scheme
from annotator.model.scheme_change import (
    SchemeChange,
    add,
    choices,
    find_layer,
    rename,
    retire,
    split,
    successor,
)
from annotator.model.scheme_diff import differences, load, lost_layers
from annotator.model.scheme_file import PRESETS, parse, preset
from annotator.model.scheme_print import to_toml

TOML = """\
# a comment
name = "trial"
version = 4
guidelines = "trial.md"

[[layers]]
name = "names"
unit = "grapheme"
overlap = "nested"
attributes = ["lemma"]
labels = [
  { name = "PER", key = "p", title = "Person", color = "cyan", aliases = ["п", "π"] },
  { name = "ORG", key = "o", description = 'a "firm" \\ office' },
  { name = "MISC", key = "m" },
]

[[layers]]
name = "stance"
kind = "stance"
entity_layer = "names"
targets = ["Мостът е нужен", "橋は必要だ"]
values = [{ name = "FAVOR", key = "f" }, { name = "NONE", key = "o" }, { name = "BOTH", key = "b" }]
"""
GUIDELINES = "# All\n\n## names\n\nNames.\n\n### `PER`\n\nPeople.\n\n```\n### PER\n```\n\n### ORG\n\nFirms.\n"


@pytest.fixture
def scheme() -> Scheme:
    return parse(TOML, GUIDELINES)


def names(scheme: Scheme):
    layer = scheme.layer("names")
    assert layer is not None
    return layer


def keys(change: SchemeChange, layer: str = "names") -> dict[str, str]:
    made = change.after.layer(layer)
    assert made is not None
    return {label.name: label.key for label in made.labels}


def refused(function, *args) -> str:
    with pytest.raises(AnnotatorError) as caught:
        function(*args)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", PRESETS)
def test_a_printed_scheme_is_read_as_the_same(name: str) -> None:
    old = preset(name)
    new = parse(to_toml(old), old.guidelines)
    assert (new.layers, new.title, new.version) == (old.layers, old.title, old.version)
    assert to_toml(new) == to_toml(old)


words = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=' "\\'), min_size=1)
line = words.filter(lambda text: text.strip() and text.isprintable())


@given(titles=st.lists(line, min_size=3, max_size=3), target=line, color=st.sampled_from(COLORS))
def test_any_printable_text_survives_printing(titles, target, color) -> None:
    labels = (
        Label("A", "a", titles[0], color, titles[1], ("б", "γ")),
        Label("B", "", titles[2], color, retired=True, into=("A",)),
    )
    old = parse(TOML.replace("橋は必要だ", "x"), "")
    stance = old.stance_layer
    layers = (
        type(names(old))("names", titles[0], names(old).unit, names(old).overlap, labels),
        type(stance)("stance", titles[1], stance.values, targets=(target,)),
    )
    made = Scheme("t", 7, layers, "", "", titles[2])
    assert parse(to_toml(made)).layers == layers


def test_the_guidelines_file_stays_named_and_comments_go(scheme: Scheme) -> None:
    text = to_toml(scheme)
    assert 'guidelines = "trial.md"' in text
    assert "comment" not in text


def test_a_new_label_gets_the_first_free_letter_of_its_name(scheme: Scheme) -> None:
    change = add(scheme, names(scheme), Label("PROMO", "", "", ""))
    assert keys(change) == {"PER": "p", "ORG": "o", "MISC": "m", "PROMO": "r"}
    made = names(change.after).label("PROMO")
    assert (made.title, made.color) == ("PROMO", COLORS[3])
    assert (change.after.version, change.after.guidelines) == (5, GUIDELINES)
    assert differences(scheme, change.after) == [
        "scheme: version 4 becomes 5",
        "names/PROMO: new, on the key r",
    ]


@pytest.mark.parametrize(
    ("label", "message"),
    [
        (Label("ORG", "x", "", ""), "names has a label 'ORG' already"),
        (Label("Org", "x", "", ""), "differs from it in case only"),
        (Label("EVT", "p", "", ""), "'p' stands for 'PER' already; free are a b c"),
        (Label("EVT", "e", "", "", "", ("п",)), "'п' stands for 'PER' already"),
        (Label("EVT", "q", "", ""), "not one lower-case letter"),
        (Label("EVT", "E", "", ""), "not one lower-case letter"),
        (Label("my event", "e", "", ""), "is not allowed"),
        (Label("EVT", "e", "", "pink"), "the color 'pink' is unknown"),
        (Label("EVT", "e", "a\nb", ""), "not one printable line"),
    ],
)
def test_a_label_that_cannot_be_added_is_refused(scheme, label: Label, message: str) -> None:
    assert message in refused(add, scheme, names(scheme), label)


def test_a_layer_without_a_free_letter_says_so() -> None:
    labels = ", ".join(f'{{ name = "{x}", key = "{x}" }}' for x in "abcdefghijklmnoprstuvwxyz")
    full = parse(f'name = "f"\nversion = 1\n[[layers]]\nname = "l"\nlabels = [{labels}]\n')
    message = refused(add, full, full.layers[0], Label("new", "", "", ""))
    assert "no letter left" in message


def test_a_renamed_label_keeps_its_place_and_letters(scheme: Scheme) -> None:
    change = rename(scheme, names(scheme), "PER", "PERSON")
    layer = names(change.after)
    assert [label.name for label in layer.labels] == ["PERSON", "ORG", "MISC", "PER"]
    new, old = layer.label("PERSON"), layer.label("PER")
    assert (new.key, new.aliases, new.title, new.color) == ("p", ("п", "π"), "Person", "cyan")
    assert (old.key, old.aliases, old.title, old.retired, old.into) == (
        "",
        (),
        "Person",
        True,
        ("PERSON",),
    )
    assert layer.active == layer.labels[:3]
    assert successor(layer, "PER") == "PERSON"
    assert guideline(change.after, "names", "PERSON") == "People.\n\n```\n### PER\n```"
    assert guideline(change.after, "names", "ORG") == "Firms."


def test_a_title_that_is_only_the_name_follows_it(scheme: Scheme) -> None:
    assert names(rename(scheme, names(scheme), "ORG", "FIRM").after).label("FIRM").title == "FIRM"
    titled = rename(scheme, names(scheme), "ORG", "FIRM", "A firm").after
    assert names(titled).label("FIRM").title == "A firm"


def test_renaming_back_and_forth_leads_to_the_name_that_stands(scheme: Scheme) -> None:
    there = rename(scheme, names(scheme), "PER", "P2").after
    further = rename(there, names(there), "P2", "P3").after
    assert successor(names(further), "PER") == "P3"
    back = rename(further, names(further), "P3", "PER").after
    layer = names(back)
    assert [label.name for label in layer.active] == ["PER", "ORG", "MISC"]
    assert {successor(layer, name) for name in ("PER", "P2", "P3")} == {"PER"}
    assert back.version == 7


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("GPE", "LOC", "names has no label 'GPE'; it has: PER, ORG, MISC."),
        ("PER", "ORG", "retire PER --into ORG"),
        ("PER", "per", "in case only"),
        ("PER", "a b", "is not allowed"),
    ],
)
def test_a_rename_that_cannot_be_is_refused(scheme, old: str, new: str, message: str) -> None:
    assert message in refused(rename, scheme, names(scheme), old, new)


def test_the_same_change_again_changes_nothing(scheme: Scheme) -> None:
    for function, args in (
        (rename, ("PER", "PERSON")),
        (retire, ("PER",)),
        (retire, ("PER", "ORG")),
        (split, ("PER", [("A", ""), ("B", "x")])),
    ):
        once = function(scheme, names(scheme), *args)
        again = function(once.after, names(once.after), *args)
        assert once.changes
        assert not again.changes
        assert again.after is again.before


def test_a_retired_label_is_known_but_has_no_letter(scheme: Scheme) -> None:
    after = retire(scheme, names(scheme), "MISC").after
    assert [label.name for label in names(after).active] == ["PER", "ORG"]
    assert successor(names(after), "MISC") == "MISC"
    assert choices(names(after), "MISC") == ()
    later = retire(after, names(after), "MISC", "ORG")
    assert later.changes
    assert successor(names(later.after), "MISC") == "ORG"
    revived = add(after, names(after), Label("MISC", "m", "", "")).after
    assert [label.name for label in names(revived).active] == ["PER", "ORG", "MISC"]


def test_what_cannot_be_retired_is_refused(scheme: Scheme) -> None:
    layer, stance = names(scheme), scheme.stance_layer
    assert "no label 'X'" in refused(retire, scheme, layer, "X")
    assert "no label 'X'" in refused(retire, scheme, layer, "PER", "X")
    assert "own place" in refused(retire, scheme, layer, "PER", "PER")
    assert "not discussed" in refused(retire, scheme, stance, "NONE")
    after = retire(scheme, layer, "PER", "ORG").after
    assert "retired into ORG already" in refused(retire, after, names(after), "PER", "MISC")
    assert "retired into ORG already" in refused(retire, after, names(after), "MISC", "PER")
    assert "retired into ORG already" in refused(rename, after, names(after), "PER", "X")
    one = parse('name = "o"\nversion = 1\n[[layers]]\nname = "l"\nlabels = [{name="A",key="a"}]\n')
    assert "keep at least one" in refused(retire, one, one.layers[0], "A")


def test_the_value_for_not_discussed_follows_its_name(scheme: Scheme) -> None:
    after = rename(scheme, scheme.stance_layer, "NONE", "SILENT").after
    assert after.stance_layer.absent == "SILENT"
    after = retire(scheme, scheme.stance_layer, "NONE", "BOTH").after
    assert after.stance_layer.absent == "BOTH"
    after = rename(scheme, scheme.stance_layer, "BOTH", "MIXED").after
    assert after.stance_layer.absent == "NONE"


def test_a_split_label_offers_its_parts(scheme: Scheme) -> None:
    change = split(scheme, names(scheme), "ORG", [("FIRM", ""), ("OFFICE", "o"), ("MISC", "")])
    assert keys(change) == {
        "PER": "p",
        "ORG": "",
        "MISC": "m",
        "FIRM": "f",
        "OFFICE": "o",
    }
    layer = names(change.after)
    assert choices(layer, "ORG") == ("FIRM", "OFFICE", "MISC")
    assert successor(layer, "ORG") == "ORG"
    later = rename(change.after, layer, "FIRM", "COMPANY").after
    assert choices(names(later), "ORG") == ("COMPANY", "OFFICE", "MISC")
    gone = retire(later, names(later), "COMPANY").after
    assert choices(names(gone), "ORG") == ("OFFICE", "MISC")


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([("A", "")], "two or more"),
        ([("A", ""), ("A", "")], "two or more"),
        ([("A", ""), ("ORG", "")], "own place"),
        ([("A", ""), ("B", "p")], "'p' stands for 'PER'"),
        ([("A", ""), ("PER", "x")], "on the key p"),
        ([("A", "x"), ("B", "x")], "'x' stands for 'A'"),
    ],
)
def test_a_split_that_cannot_be_is_refused(scheme, parts, message: str) -> None:
    assert message in refused(split, scheme, names(scheme), "ORG", parts)
    assert "stays whole" in refused(
        split, scheme, scheme.stance_layer, "NONE", [("A", ""), ("B", "")]
    )


def test_a_label_is_found_by_its_name_where_only_one_layer_has_it(scheme: Scheme) -> None:
    assert find_layer(scheme, "", "PER").name == "names"
    assert find_layer(scheme, "stance", "PER").name == "stance"
    assert "has no layer 'x'; it has: names, stance" in refused(find_layer, scheme, "x", "PER")
    assert "No layer has a label 'X'" in refused(find_layer, scheme, "", "X")
    both = add(scheme, names(scheme), Label("BOTH", "", "", "")).after
    assert "is in names and stance; say which" in refused(find_layer, both, "", "BOTH")


def test_a_loaded_file_keeps_what_it_lacks_as_retired(scheme: Scheme) -> None:
    text = TOML.replace('  { name = "MISC", key = "m" },\n', "").replace('"o", desc', '"r", desc')
    change = load(scheme, parse(text))
    misc = names(change.after).label("MISC")
    assert (misc.retired, misc.into, misc.key) == (True, (), "")
    assert change.after.guidelines == GUIDELINES, "a file that brings none leaves them"
    assert differences(scheme, change.after) == [
        "scheme: version 4 becomes 5",
        "names/ORG: key o becomes r",
        "names/MISC: retired",
    ]
    assert not load(change.after, change.after).changes


def test_a_loaded_file_is_kept_as_it_is_where_nothing_has_to_be_added(scheme: Scheme) -> None:
    text = TOML.replace("version = 4", "version = 9").replace('"Person"', '"People"')
    after = load(scheme, parse(text, "## names\n\nNew.")).after
    assert (after.toml, after.version, after.guidelines) == (text, 9, "## names\n\nNew.")
    assert not load(scheme, parse(TOML)).changes


def test_a_layer_cannot_change_its_kind(scheme: Scheme) -> None:
    text = (
        TOML.split("[[layers]]")[0] + '[[layers]]\nname = "stance"\nlabels=[{name="A",key="a"}]\n'
    )
    assert "cannot change between" in refused(load, scheme, parse(text))
    text = TOML.replace('name = "stance"\nkind', 'name = "views"\nkind')
    change = load(scheme, parse(text))
    assert [layer.name for layer in lost_layers(scheme, change.after)] == ["stance"]
    lines = differences(scheme, change.after)
    assert "stance: this layer goes" in lines
    assert "views: a new layer with FAVOR, NONE, BOTH" in lines


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ('{ name = "X", key = "x", retired = true }', "a retired label has no letters"),
        ('{ name = "X", retired = true, aliases = ["ж"] }', "a retired label has no letters"),
        ('{ name = "X", key = "x", into = ["PER"] }', "add retired = true"),
        ('{ name = "X", retired = true, into = ["Y"] }', "'Y', which is no other label"),
        ('{ name = "X", retired = true, into = ["X"] }', "'X', which is no other label"),
        ('{ name = "X", retired = "yes" }', "has to be true or false"),
        ('{ name = "X" }', 'the field "key" is missing'),
    ],
)
def test_faults_of_retired_labels_are_told(label: str, message: str) -> None:
    text = TOML.replace('{ name = "MISC", key = "m" }', label)
    with pytest.raises(AnnotatorError) as caught:
        parse(text)
    assert message in str(caught.value)


def test_a_stance_layer_needs_a_value_for_not_discussed_that_can_be_given() -> None:
    text = TOML.replace('{ name = "NONE", key = "o" }', '{ name = "NONE", retired = true }')
    with pytest.raises(AnnotatorError, match="one of FAVOR, BOTH"):
        parse(text)
