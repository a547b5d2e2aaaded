"""Versions of guidelines and releases: how they compare, and what they keep through the log."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.annotation import (
    Evidence,
    Party,
    Span,
    Stance,
    State,
    Status,
    Work,
    sort_spans,
)
from annotator.model.errors import AnnotatorError
from annotator.model.guideline_version import (
    Change,
    GuidelineVersion,
    checked_about,
    next_version,
    version_of,
)
from annotator.model.guidelines import about_changed, changed_sections, sections
from annotator.model.release import ACTOR, Frozen, GoldItem
from annotator.model.scheme_file import preset
from annotator.model.version import following, order, valid_version

numbers = st.lists(st.integers(0, 999), min_size=1, max_size=4)


@pytest.mark.parametrize("text", ["1.0", "0.1", "1.2.3", "12", "1.0.0.1"])
def test_versions_are_numbers_with_dots(text):
    assert valid_version(text) == text


@pytest.mark.parametrize(
    "text", ["", "1.", ".1", "v1", "1.0-rc", "01.0", "1.02", "1 0", "1.2.3.4.5", "१.०"]
)
def test_other_things_are_no_versions(text):
    with pytest.raises(AnnotatorError, match="cannot be a release"):
        valid_version(text, "a release")


@given(numbers, numbers)
def test_versions_compare_by_their_numbers(one, other):
    first, second = (".".join(map(str, each)) for each in (one, other))
    width = max(len(one), len(other))
    padded = [(*each, *[0] * (width - len(each))) for each in (one, other)]
    assert (order(first) < order(second)) is (tuple(padded[0]) < tuple(padded[1]))
    assert (order(first) == order(second)) is (tuple(padded[0]) == tuple(padded[1]))


@given(numbers, st.booleans())
def test_the_next_version_is_above(parts, major):
    version = ".".join(map(str, parts))
    assert order(following(version, major)) > order(version)


def test_the_next_version_of_a_minor_and_a_major_change():
    assert [following("1.3.7", major) for major in (False, True)] == ["1.4", "2.0"]
    assert following("2", False) == "2.1"


@pytest.mark.parametrize("wanted", ["1.3", "1.2.9", "1", "1.3.0", "0.9"])
def test_a_version_that_is_not_above_is_refused_with_one_that_is(wanted):
    with pytest.raises(AnnotatorError, match=r"at version 1\.3 already.*--version 2\.0"):
        next_version("1.3", wanted, Change.MAJOR)
    assert next_version("1.3", "1.3.1", Change.MINOR) == "1.3.1"
    assert next_version("1.3", "", Change.MINOR) == "1.4"


def test_a_version_comes_back_from_its_body():
    new = GuidelineVersion("1.4", "## entities\nж", Change.MAJOR, ("entities/ORG",), "why")
    body = json.loads(json.dumps(new.body()))
    assert GuidelineVersion.of(body) == new
    assert body["sha256"] == new.sha256 != GuidelineVersion("1.4", "").sha256


def test_the_schemes_own_guidelines_have_its_version():
    assert version_of(preset("news")) == str(preset("news").version)


BEFORE = "intro\n## entities\nall\n### ORG\noffices\n### PER\npeople\n"


def test_sections_are_the_texts_under_their_headings():
    assert sections(BEFORE) == {
        ("", ""): "intro",
        ("entities", ""): "all",
        ("entities", "org"): "offices",
        ("entities", "per"): "people",
    }


def test_what_a_text_changes_is_found_by_its_sections():
    after = (
        "intro\n## entities\nall \n### PER\npeople and pets\n### LOC\nplaces\n## weather\nrain\n"
    )
    assert changed_sections(BEFORE, after) == {
        ("entities", "org"): "gone",
        ("entities", "per"): "changed",
        ("entities", "loc"): "new",
        ("weather", ""): "new",
    }
    about = about_changed(BEFORE, after, preset("news"))
    assert about == ("entities/LOC", "entities/ORG", "entities/PER"), "weather is no layer"
    assert about_changed(BEFORE, BEFORE, preset("news")) == ()
    assert about_changed("", "## entities\nnew\n", preset("news")) == ("entities",)


def test_what_a_version_is_about_must_be_in_the_scheme():
    news = preset("news")
    assert checked_about(news, ("stance", "entities/ORG", "stance")) == ("entities/ORG", "stance")
    for wrong in ("entities/NIX", "nix", "nix/ORG", "ORG"):
        with pytest.raises(AnnotatorError, match="has no"):
            checked_about(news, (wrong,))


TEXT = "Anna met Boris."
party = st.builds(Party, st.sampled_from(("entity", "author")), st.text(max_size=5))
words = st.lists(st.text(min_size=1, max_size=8), max_size=3, unique=True).map(tuple)
item = st.builds(
    GoldItem,
    st.just("item:entities:0123"),
    st.sampled_from(("entities", "stance")),
    st.sampled_from(("manual", "new")),
    words,
    st.none() | st.tuples(party, party),
    st.booleans(),
    st.text(max_size=5),
    words,
    words,
    st.dictionaries(st.text(max_size=5), st.integers(0, 9), max_size=3),
    words,
    st.integers(0, 9),
    st.text(max_size=5),
    words,
    st.none() | st.floats(0, 1),
)


@given(st.lists(item, max_size=3).map(tuple))
def test_an_articles_gold_comes_back_from_its_body(items):
    work = Work(
        "a",
        ACTOR,
        sort_spans(
            [Span("1", "entities", "PER", 0, 4), Span("2", "entities", "PER", 9, 14, {"x": "y"})]
        ),
        (Stance(Party("entity", "Anna"), "FAVOR", evidence=(Evidence(0, 4),)),),
        frozenset(("entities", "stance")),
        status=Status(State.STARTED),
        versions={ACTOR: "0199"},
    )
    frozen = Frozen("a", "sha", "en", "import", "train", work, items)
    body = json.loads(json.dumps(frozen.body(TEXT)))
    assert Frozen.of("a", body) == frozen
    assert body["spans"][0]["text"] == "Anna"
