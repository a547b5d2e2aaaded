"""The schemes that are shipped, and finding the guideline for a label."""

from pathlib import Path

import pytest

from annotator.model.guidelines import guideline
from annotator.model.scheme import COLORS, Overlap, Scheme, StanceLayer, Unit
from annotator.model.scheme_file import PRESETS, load, parse, preset

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "scheme.toml"

PLAIN = 'name = "a"\nversion = 1\nlayers = [{ name = "b", labels = [{ name = "C", key = "c" }] }]'


@pytest.fixture(params=[*PRESETS, "sample"])
def shipped(request: pytest.FixtureRequest) -> Scheme:
    return load(SAMPLE) if request.param == "sample" else preset(request.param)


def test_what_is_shipped_loads_again_from_its_own_text(shipped):
    assert parse(shipped.toml, shipped.guidelines) == shipped
    assert shipped.title


def test_every_layer_of_a_preset_has_guidelines_and_a_line_for_each_label():
    for name in PRESETS:
        scheme = preset(name)
        for layer in scheme.layers:
            assert guideline(scheme, layer.name), layer.name
            for label in layer.values if isinstance(layer, StanceLayer) else layer.labels:
                assert label.description, label
                assert len(guideline(scheme, layer.name, label.name)) > 20, label


def test_guidelines_speak_of_nothing_the_scheme_lacks(shipped):
    layer = None
    for line in shipped.guidelines.splitlines():
        if line.startswith("## "):
            layer = shipped.layer(line[3:])
            assert layer is not None, line
        elif line.startswith("### "):
            assert layer is not None
            assert layer.label(line[4:]) is not None, line


def test_the_news_preset_holds_the_published_sets():
    boilerplate, entities, stance = preset("news").layers
    assert [label.name for label in boilerplate.labels] == [
        "headline",
        "lead",
        "subheading",
        "caption",
        "byline",
        "teaser_inline",
        "teaser_list",
        "nav",
        "form_login",
        "comments",
        "comments_ui",
        "consent_legal",
        "subscribe",
        "ad",
        "share_social",
        "footer",
        "residue",
        "other",
    ]
    assert (boilerplate.unit, boilerplate.overlap) == (Unit.BLOCK, Overlap.NONE)
    assert [label.name for label in entities.labels] == ["PER", "ORG", "LOC", "EVT", "PRO"]
    assert (entities.unit, entities.overlap) == (Unit.WORD, Overlap.NESTED)
    assert entities.attributes == ("lemma", "xid", "norp", "metonymy", "uncertain")
    assert [v.name for v in stance.values] == ["FAVOR", "AGAINST", "NEUTRAL", "MIXED", "NONE"]
    assert stance.entity_layer == "entities"


def test_no_colour_of_the_news_preset_is_worn_by_more_labels_than_needed():
    for layer in preset("news").span_layers:
        worn = [label.color for label in layer.labels]
        assert max(map(worn.count, COLORS)) <= -(-len(worn) // len(COLORS))


GUIDE = """\
# My guidelines
Hello.
## Names ##
All names.
```
## stance
```
### PER
People.

Two paragraphs.
### `ORG`
Firms.
## stance
### FAVOR
For it.
"""


@pytest.mark.parametrize(
    ("layer", "label", "text"),
    [
        ("names", "", "All names.\n```\n## stance\n```"),
        ("names", "PER", "People.\n\nTwo paragraphs."),
        ("names", "org", "Firms."),
        ("stance", "", ""),
        ("stance", "FAVOR", "For it."),
        ("stance", "PER", ""),
        ("gone", "", ""),
        ("", "", "Hello."),
    ],
)
def test_guidelines_are_found_by_their_headings(layer, label, text):
    assert guideline(parse(PLAIN, GUIDE), layer, label) == text
