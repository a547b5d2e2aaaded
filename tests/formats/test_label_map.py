"""Labels renamed on the way out, and understood on the way in."""

from collections import Counter
from pathlib import Path

import pytest
from formats_samples import news

from annotator.formats.claims import Claim
from annotator.formats.label_map import LabelMap, Target, label_map, pairs, presets
from annotator.formats.labelling import Labelling, Place
from annotator.model.errors import AnnotatorError


def test_the_presets_speak_of_labels_there_are():
    """Exports map every entity label of the news scheme; imports lead to labels of it."""
    entities = next(layer for layer in news().span_layers if layer.name == "entities")
    ours = {label.name for label in entities.labels}
    for name, preset in presets().items():
        if name.startswith("from-"):
            targets = [preset.target(old) for old in preset.table]
            assert all(t and (not t.label or t.layer == "entities") for t in targets)
            assert {t.label for t in targets if t and t.label} <= ours
            assert all(t.attribute in entities.attributes for t in targets if t and t.attribute)
        else:
            assert all(preset.target(label) is not None for label in ours)


def test_an_attribute_goes_before_the_plain_label():
    conll = presets()["conll4"]
    assert conll.target("PER", "entities", {"norp": True}) == Target("MISC")
    assert conll.target("PER", "entities", {"norp": False}) == Target("PER")
    assert conll.target("PER") == Target("PER")
    assert conll.target("headline") is None


def test_a_layer_tells_labels_of_one_name_apart():
    names = LabelMap({"a/X": "one", "X": "two"})
    assert names.target("X", "a") == Target("one")
    assert names.target("X", "b") == Target("two")


def test_a_file(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('[labels]\nPERSON = "entities/PER[norp]"\nDATE = "-"\n', "utf-8")
    names = label_map(str(path))
    assert names.target("PERSON") == Target("PER", "entities", "norp")
    assert names.target("DATE") == Target("")
    assert names.name == "own.toml"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", r"needs a table \[labels\]"),
        ("[labels]\n", r"needs a table \[labels\]"),
        ("[labels]\nX = 3\n", "X must name a label in quotes"),
        ("[labels\n", "is not TOML"),
        ("\xff", "is not TOML|not UTF-8"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path, text, says):
    path = tmp_path / "own.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(AnnotatorError, match=says):
        label_map(str(path))


def test_a_map_that_is_not_there_lists_the_presets():
    with pytest.raises(AnnotatorError, match=r"no label map nix: .* conll4"):
        label_map("nix")


def test_arguments():
    assert pairs(["A=B", "a=b=-"]) == [("A", "B"), ("a=b", "-")]
    for bad in ("A", "A=", "=B"):
        with pytest.raises(AnnotatorError, match="maps no label"):
            pairs([bad])


def test_labels_go_to_the_label_of_their_name():
    labelling = Labelling(news())
    assert labelling.place(Claim(0, 1, "PER")) == Place("entities", "PER")
    assert labelling.place(Claim(0, 1, "PER", layer="NamedEntity")) == Place("entities", "PER")
    assert labelling.place(Claim(0, 1, "headline", layer="boilerplate")) == Place(
        "boilerplate", "headline"
    )
    assert labelling.place(Claim(0, 1, "Person")) is None


def test_spans_are_the_same_each_time_and_say_where_they_come_from():
    labelling = Labelling(news(), LabelMap({"NORP": "entities/PER[norp]", "DATE": "-"}))
    claims = (
        Claim(4, 9, "NORP", attrs={"lemma": "Серб", "color": "red"}),
        Claim(4, 9, "NORP"),
        Claim(0, 2, "DATE"),
    )
    left: Counter[str] = Counter()
    first = labelling.spans("a1", claims, "brat", left)
    assert first == labelling.spans("a1", claims, "brat", Counter())
    assert [(s.label, s.start, s.end, dict(s.attrs), s.origin) for s in first] == [
        ("PER", 4, 9, {"lemma": "Серб", "norp": True}, "brat")
    ]
    assert left == {"attribute color": 1, "the same span twice": 1, "label DATE": 1}
    other = labelling.spans("a2", claims, "brat", Counter())
    assert other[0].id != first[0].id


def test_a_layer_that_is_not_there_is_refused():
    with pytest.raises(AnnotatorError, match="no span layer 'stance'"):
        Labelling(news(), layer="stance")


def test_the_maps_are_data_with_a_version():
    assert Path(str(presets()["conll4"].name)).name
    assert all(preset.name.endswith("/1") for preset in presets().values())
