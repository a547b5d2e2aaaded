"""Suggesters of others: found, checked, waited for only so long, and never a crash."""

import math
import re
import threading
import tomllib
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import annotator
from annotator.model import suggesters
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Label, Overlap, SpanLayer, StanceLayer, Unit
from annotator.model.suggesters import SuggesterSettings
from annotator.suggest import plugins
from annotator.suggest.boilerplate.lessons import BoilerplateLessons
from annotator.suggest.checked import MOST, Rules
from annotator.suggest.entities.names import Names
from annotator.suggest.guarded import PATIENCE, Guarded
from annotator.suggest.plugins import GROUP, load
from annotator.suggest.protocol import Finished, Guess

ROOT = Path(annotator.__file__).parents[1]
PLUGIN = ROOT / "plugins" / "annotator-slovnet"


def layer_of(name, labels, unit=Unit.WORD, attributes=()):
    made = tuple(Label(label, "abcdefghij"[n], label, "red") for n, label in enumerate(labels))
    return SpanLayer(name, name, unit, Overlap.NONE, made, attributes)


ENTITIES = layer_of("entities", ["PER", "ORG", "place"], attributes=("xid",))
BOILERPLATE = layer_of("boilerplate", ["menu"], Unit.BLOCK)
STANCE = StanceLayer("stance", "Stance", (Label("FOR", "f", "for", "green"),))
LAYERS = [BOILERPLATE, ENTITIES, STANCE]
TEXT = "Ana met Bo in Rome."

GOOD = """
from types import SimpleNamespace as Said
class Good:
    api = 1
    name = "anything"
    version = "7"
    is_stale = False
    def __init__(self, layer, labels, settings):
        self.said = settings.get("said", "PER")
        self.learnt = []
    def learn(self, article): self.learnt.append(article)
    def refit(self, articles): self.learnt = list(articles)
    def suggest(self, text, lang="", source="", title=""):
        yield Said(start=0, end=3, label=self.said, score=0.9)
    def save(self): return str(len(self.learnt)).encode()
    def load(self, saved): self.learnt = [None] * int(saved)
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a distribution on the path that announces a plug-in."""

    def put(module, code, entry="fake = {module}:Good", dist="fake", broken=False):
        home = tmp_path / module
        info = home / f"{dist}-1.5.dist-info"
        info.mkdir(parents=True)
        (home / f"{module}.py").write_text(code)
        metadata = "" if broken else f"Metadata-Version: 2.1\nName: {dist}\nVersion: 1.5\n"
        (info / "METADATA").write_text(metadata)
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{entry.format(module=module)}\n")
        monkeypatch.syspath_prepend(home)

    return put


def fake(**more):
    return {"fake": SuggesterSettings(plugin="fake", **more)}


def test_an_installed_plug_in_that_is_named_is_used_in_layers_of_names(install):
    install("good_one", GOOD)
    found, missing = load(fake(), LAYERS)
    assert missing == []
    [(layer, suggester)] = found
    assert (layer, suggester.name, suggester.is_stale) == ("entities", "fake", False)
    assert suggester.suggest(TEXT) == [Guess(0, 3, "PER", 0.9)]
    suggester.learn(Finished(TEXT, "entities"))
    suggester.refit([Finished(TEXT, "entities")] * 3)
    assert suggester.save() == b"3"
    suggester.load(b"5")
    assert suggester.save() == b"5"
    assert suggester.note == ""


def test_without_being_named_nothing_is_even_imported(install):
    install("never_imported", "raise AssertionError")
    assert load({}, LAYERS) == ([], [])


def test_layers_and_options_are_those_of_the_configuration(install):
    install("good_two", GOOD)
    found, missing = load(fake(layers=("boilerplate",), options={"said": "menu"}), LAYERS)
    assert missing == []
    assert [layer for layer, _ in found] == ["boilerplate"]
    assert [guess.label for guess in found[0][1].suggest(TEXT)] == ["menu"]
    found, [sentence] = load(fake(layers=("names", "stance")), LAYERS)
    assert found == []
    assert "fake does nothing in this project: its layers are names, stance" in sentence
    assert sentence.endswith("the project's boilerplate, entities.")


METHODS = "\n".join(
    f"    def {name}(self, *a, **k): return b''" for name in ("learn", "refit", "save", "load")
)
WHOLE = f"class Good:\n    api = 1; version = ''; is_stale = False\n{METHODS}\n"
NO_INIT = "    def suggest(self, *a): return []\n"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import no_such_thing_here", "ModuleNotFoundError: No module named 'no_such_thing_here'"),
        ("def broken(:", "SyntaxError"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("Other = 1", "has no attribute 'Good'"),
        ("Good = 5", "'int' object is not callable"),
        ("def Good(): pass", "TypeError"),
        ("def Good(*all): raise ValueError('\\x1b[31mred')", "ValueError: ␛[31mred"),
        ("def Good(*all): return None", "has no version of the suggesters' protocol (api)"),
        (GOOD.replace("api = 1", "api = 2"), "has version 2 of the suggesters' protocol"),
        (GOOD.replace("api = 1", "api = True"), "has no version"),
        (GOOD.replace("api = 1", "api = property(lambda self: 1 / 0)"), "ZeroDivisionError"),
        (GOOD.replace("def save", "def other"), "it has no save"),
        (GOOD.replace('version = "7"', "x = 1"), "it has no version"),
    ],
)
def test_a_broken_plug_in_is_one_sentence_naming_the_package(install, request, code, says):
    install(f"broken_{abs(hash(request.node.name))}", code)
    found, [sentence] = load(fake(), LAYERS)
    assert found == []
    assert sentence.startswith("The suggester fake (fake 1.5) cannot be used: ")
    assert says in sentence
    assert "\n" not in sentence
    assert "\x1b" not in sentence
    assert "[suggesters.fake]" in sentence or "Install a version" in sentence


def test_a_plug_in_that_hangs_while_it_is_imported_is_left_out(install, monkeypatch):
    monkeypatch.setattr(plugins, "LOADING", 0.05)
    gate = threading.Event()
    monkeypatch.setattr(threading, "gate_of_test", gate, raising=False)
    install("hanging", "import threading; threading.gate_of_test.wait(20)")
    found, [sentence] = load(fake(), LAYERS)
    gate.set()
    assert found == []
    assert "was not ready after" in sentence


def test_what_is_not_installed_or_announced_twice_is_a_sentence(install):
    _, [sentence] = load({"a": SuggesterSettings(plugin="nobody")}, LAYERS)
    assert "The suggester a: no installed package announces the plug-in 'nobody'" in sentence
    install("one", GOOD, dist="one")
    install("two", GOOD, dist="two")
    found, [sentence] = load(fake(), LAYERS)
    assert found == []
    assert "one 1.5 and two 1.5 both announce the plug-in 'fake'" in sentence


def test_a_broken_plug_in_does_not_keep_a_good_one_out(install):
    install("good_three", GOOD)
    install("bad_three", "1 / 0", "bad = {module}:X", dist="bad")
    settings = {"bad": SuggesterSettings(plugin="bad"), **fake()}
    found, [sentence] = load(settings, LAYERS)
    assert [one.name for _, one in found] == ["fake"]
    assert "bad (bad 1.5)" in sentence


def test_damaged_metadata_is_no_crash(install):
    install("damaged", GOOD, broken=True)
    found, missing = load(fake(), LAYERS)
    assert len(found) + len(missing) == 1


def test_the_plug_in_of_this_repository_is_announced_as_its_manual_says(install):
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]
    [(name, value)] = project["entry-points"][GROUP].items()
    install("slovnet_info", "", f"{name} = {value}", dist=project["name"])
    found, missing = load({"ru": SuggesterSettings(plugin="slovnet")}, [ENTITIES])
    assert missing == []
    assert found[0][1].suggest(TEXT, "en") == []
    assert found[0][1].note == ""


def test_the_names_of_our_own_suggesters_are_reserved():
    assert {Names.name, BoilerplateLessons.name} <= set(suggesters.RESERVED)


# --- what comes back ------------------------------------------------------------------------------


class Says:
    """A suggester that says what it is told to."""

    name, version, is_stale = "x", "1", False

    def __init__(self, said=()):
        self.said = said

    def suggest(self, text, lang="", source="", title=""):
        return self.said() if callable(self.said) else self.said

    def learn(self, article):
        self.said()

    refit = learn

    def save(self):
        return self.said

    def load(self, saved):
        self.said()


def guarded(said=(), layer=ENTITIES, **settings):
    return Guarded("x", Says(said), layer, SuggesterSettings(plugin="x", **settings), "pack 1")


def said(start, end, label="PER", score=0.5, **more):
    return SimpleNamespace(start=start, end=end, label=label, score=score, **more)


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (said(-1, 3), "places outside the article"),
        (said(0, 20), "places outside the article"),
        (said(3, 3), "places outside the article"),
        (said(5, 3), "places outside the article"),
        (said(3, 4), "places with nothing but white space"),
        (said("0", 3), "a place that is no whole number"),
        (said(0.0, 3), "a place that is no whole number"),
        (said(False, 3), "a place that is no whole number"),
        (said(0, 3, score=math.nan), "a score that is not between 0 and 1"),
        (said(0, 3, score=math.inf), "a score that is not between 0 and 1"),
        (said(0, 3, score=10**400), "a score that is not between 0 and 1"),
        (said(0, 3, score=1.01), "a score that is not between 0 and 1"),
        (said(0, 3, score=-0.1), "a score that is not between 0 and 1"),
        (said(0, 3, score=None), "a score that is not between 0 and 1"),
        (said(0, 3, score="1"), "a score that is not between 0 and 1"),
        (said(0, 3, score=True), "a score that is not between 0 and 1"),
        (said(0, 3, label=None), "a label that is no text"),
        (said(0, 3, label="LOC"), "the label 'LOC', which the layer entities does not have"),
        (said(0, 3, label="\x1b[2J"), "the label '␛[2J'"),
        (None, "a label that is no text"),
    ],
)
def test_nonsense_is_dropped_and_said_once_and_the_rest_stays(one, says):
    suggester = guarded([one, said(8, 10, "ORG"), one])
    for _ in range(3):
        assert suggester.suggest(TEXT) == [Guess(8, 10, "ORG", 0.5)]
        assert suggester.answered
    [sentence] = suggester.news()
    assert sentence.startswith(f"The suggester x (pack 1) gave {says}")
    assert suggester.news() == []
    assert suggester.note == sentence


@pytest.mark.parametrize("nonsense", [None, 5, [1], {"guesses": []}, "text", [[0, 3, "PER", 0.5]]])
def test_an_answer_of_another_shape_is_no_crash(nonsense):
    suggester = guarded(lambda: nonsense)
    assert suggester.suggest(TEXT) == []
    assert suggester.note


def test_of_overlapping_guesses_the_surest_stays():
    suggester = guarded([said(0, 7, score=0.4), said(4, 10, score=0.6), said(8, 10, score=0.5)])
    assert [(g.start, g.end) for g in suggester.suggest(TEXT)] == [(4, 10)]
    assert "overlap" in suggester.note


@given(
    st.lists(
        st.tuples(st.integers(-2, 22), st.integers(-2, 22), st.sampled_from(["PER", "", "x"])),
        max_size=12,
    )
)
def test_what_is_left_is_always_fit(places):
    kept, _ = Rules(ENTITIES).checked(TEXT, [said(*place) for place in places])
    assert all(0 <= a.start < a.end <= len(TEXT) and a.label in ("PER", "") for a in kept)
    assert all(a.end <= b.start for a, b in pairwise(kept))
    fit = any(
        0 <= start < end <= len(TEXT) and label != "x" and TEXT[start:end].strip()
        for start, end, label in places
    )
    assert bool(kept) == fit


def test_labels_are_found_by_name_in_any_case_or_as_the_configuration_says():
    listed = [said(0, 3, "per"), said(8, 10, "GPE"), said(14, 18, "MISC"), said(4, 7, "")]
    mapped = {"GPE": "PLACE", "MISC": None}
    suggester = guarded(listed, labels=mapped)
    assert [(g.start, g.label) for g in suggester.suggest(TEXT)] == [
        (0, "PER"),
        (4, ""),
        (8, "place"),
    ]
    assert suggester.note == ""
    assert guarded([said(0, 3, "GPE")], labels={"GPE": ""}).suggest(TEXT)[0].label == ""


def test_edges_shed_what_a_person_would_not_select():
    found = guarded([said(13, 19), said(3, 7)]).suggest(TEXT)
    assert [TEXT[g.start : g.end] for g in found] == ["met", "Rome"]
    lines = guarded([said(0, 7, "menu")], BOILERPLATE).suggest("* Home\n\nText")
    assert [(g.start, g.end) for g in lines] == [(0, 6)]
    cut = guarded([said(0, 1)]).suggest("e\u0301a")
    assert [(g.start, g.end) for g in cut] == [(0, 2)]


def test_only_the_configuration_makes_a_guess_sure():
    listed = [said(0, 3, score=0.96, sure=True), said(8, 10, "", 0.99), said(14, 18, score=0.9)]
    assert not any(guess.sure for guess in guarded(listed).suggest(TEXT))
    assert [g.sure for g in guarded(listed, sure=0.95).suggest(TEXT)] == [True, False, False]


def test_attributes_and_reasons_are_those_the_layer_has_and_a_line_can_show():
    attrs = {"xid": "PER-Ana", "colour": "red"}
    [guess] = guarded([said(0, 3, attrs=attrs, why="a\nb\x1b")]).suggest(TEXT)
    assert guess.attrs == {"xid": "PER-Ana"}
    assert guess.why == "a b␛"
    for bad in ({"xid": 5}, {"xid": "a\nb"}, {"xid": "x" * 201}, {"xid": ""}, [1], None):
        [guess] = guarded([said(0, 3, attrs=bad, why=5)]).suggest(TEXT)
        assert (guess.attrs, guess.why) == ({}, "")


def test_an_endless_answer_is_cut():
    def endless():
        while True:
            yield said(0, 3)

    suggester = guarded(endless)
    assert suggester.suggest(TEXT) == [Guess(0, 3, "PER", 0.5)]
    assert f"more than {MOST:,} guesses" in suggester.note


# --- failing ----------------------------------------------------------------------------------------


def test_errors_are_sentences_and_after_some_in_a_row_it_is_off():
    calls = []

    def fail():
        calls.append(1)
        raise ValueError("no luck")

    suggester = guarded(fail)
    for _ in range(PATIENCE + 2):
        assert suggester.suggest(TEXT) == []
        assert not suggester.answered
    assert len(calls) == PATIENCE
    assert suggester.is_off
    first, last = suggester.news()
    assert first == (
        "The suggester x (pack 1) failed: ValueError: no luck. "
        "Tell its makers, or take [suggesters.x] out of your configuration."
    )
    assert "is not asked again until the next start" in last


def test_a_good_answer_in_between_keeps_it_on():
    said_in_turn = iter([1 / 2, 1, None] * 5)

    def sometimes():
        if next(said_in_turn) is None:
            return [said(0, 3)]
        raise RuntimeError

    suggester = guarded(sometimes)
    found = [bool(suggester.suggest(TEXT)) for _ in range(15)]
    assert found == [False, False, True] * 5


@pytest.mark.parametrize(
    "error", [SystemExit(1), KeyboardInterrupt(), MemoryError(), RecursionError()]
)
def test_whatever_it_raises_stays_inside(error):
    def fail():
        raise error

    suggester = guarded(fail)
    assert suggester.suggest(TEXT) == []
    suggester.learn(Finished(TEXT, "entities"))
    suggester.refit([])
    assert type(error).__name__ in suggester.news()[0]
    assert suggester.is_off


def test_loading_what_it_cannot_read_is_an_error_for_the_caller():
    def fail():
        raise ValueError("other format")

    with pytest.raises(AnnotatorError, match="other format"):
        guarded(fail).load(b"")


@pytest.mark.parametrize("saved", ["text", None, 5, bytearray(b"x")])
def test_what_cannot_be_kept_is_not(saved):
    suggester = guarded(saved)
    assert suggester.save() == b""
    assert "gave nothing that can be kept" in suggester.note


def test_a_slow_one_is_not_waited_for_longer_than_allowed_and_then_switched_off():
    gate, calls = threading.Event(), []

    def slow():
        calls.append(1)
        gate.wait(20)
        return [said(0, 3)]

    suggester = guarded(slow, timeout=0.05)
    assert suggester.suggest(TEXT) == []
    assert "took longer than its 0.05 seconds" in suggester.note
    assert suggester.suggest(TEXT) == []
    assert len(calls) == 1, "while a call goes on no other one is made"
    assert not suggester.is_off
    assert suggester.suggest(TEXT) == []
    assert suggester.is_off
    gate.set()


def test_one_that_was_late_is_asked_again_when_it_has_come_to_its_end():
    gate, answers = threading.Event(), iter([True, False])

    def slow_once():
        if next(answers):
            gate.wait(20)
        return [said(0, 3)]

    suggester = guarded(slow_once, timeout=0.05)
    assert suggester.suggest(TEXT) == []
    gate.set()
    assert suggester.suggest(TEXT) == [Guess(0, 3, "PER", 0.5)]
    assert suggester.answered


def test_the_version_differs_with_settings_that_bear_on_guesses_and_with_no_others():
    plain = guarded().version
    assert plain == guarded(timeout=99).version == guarded(layers=("entities",)).version
    different = {
        plain,
        guarded(labels={"A": "PER"}).version,
        guarded(sure=0.9).version,
        guarded(options={"size": 3}).version,
        guarded(layer=layer_of("entities", ["PER"])).version,
    }
    assert len(different) == 5
    assert plain.startswith("1/")


def test_properties_that_fail_are_sentences_too():
    class Rotten(Says):
        @property
        def version(self):
            raise OSError("gone")

        @property
        def is_stale(self):
            raise OSError("gone too")

    suggester = Guarded("x", Rotten(), ENTITIES, SuggesterSettings(plugin="x"))
    assert suggester.version == guarded().version.removeprefix("1/")
    assert suggester.is_stale is False
    assert len(suggester.news()) == 2


# --- nothing executes data --------------------------------------------------------------------------

EXECUTING = "pickle|_pickle|cPickle|marshal|shelve|joblib|dill|cloudpickle"
LOADS = re.compile(
    rf"^\s*(?:import|from)\b.*\b(?:{EXECUTING})\b|[\"'](?:{EXECUTING})[\"']", re.MULTILINE
)


@pytest.mark.parametrize(
    "line", ["import pickle", "    from shelve import open", "import os, marshal", "f('joblib')"]
)
def test_the_search_below_finds_what_it_is_for(line):
    assert LOADS.search(f"x = 1\n{line}\n")


def test_nothing_here_can_load_what_executes_when_loaded():
    files = [*ROOT.glob("annotator/**/*.py"), *ROOT.glob("plugins/*/annotator_*/**/*.py")]
    assert len(files) > 100
    assert [path for path in files if LOADS.search(path.read_text("utf-8"))] == []
