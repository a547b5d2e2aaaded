"""The overlap rules on any spans and stretches: what a layer promises holds after each edit."""

from typing import Any

import pytest
from desk_kit import FREE, FakeLog, Hands, check
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.desk import editing
from annotator.desk.selection import Range
from annotator.desk.sheet import Sheet
from annotator.model.annotation import Span, Work
from annotator.model.article import Article
from annotator.model.event import Act, new_id
from annotator.model.scheme import Overlap, SpanLayer
from annotator.model.scheme_file import preset
from annotator.text import units

TEXT = "Ким, лидер.\n\nНазад  към сайта\n 北京 e\u0301l 👩‍👩‍👧 „да“\n\nКрай"
BLOCKS, NAMES = preset("news").span_layers
CLAIMS, WORDS = FREE.span_layers[1:]


def sheet_of(layer: SpanLayer, *spans: tuple[str, str], text: str = TEXT) -> Sheet:
    made = []
    for label, surface in spans:
        start = text.index(surface)
        made.append(Span(new_id(), layer.name, label, start, start + len(surface)))
    return Sheet(Article("a0", text), Work("a0", "mila", tuple(made)))


def give(sheet: Sheet, layer: SpanLayer, surface: str, label: str) -> list[tuple[str, str]]:
    start = sheet.article.text.index(surface)
    edit = editing.label_stretch(sheet, layer, (start, start + len(surface)), label)
    assert not edit.refused
    sheet.apply(Act("label", edit.drafts))
    found = sorted(sheet.spans.values(), key=lambda s: s.start)
    return [(s.label, sheet.article.text[s.start : s.end]) for s in found]


def test_a_hole_in_the_middle_leaves_two_with_what_the_span_carried() -> None:
    text = "a b\nc d\ne f"
    old = Span("old", BLOCKS.name, "nav", 0, 11, {"note": 1}, "recurrence")
    sheet = Sheet(Article("a0", text), Work("a0", "mila", (old,)))
    assert give(sheet, BLOCKS, "c d", "ad") == [("nav", "a b"), ("ad", "c d"), ("nav", "e f")]
    rests = [s for s in sheet.spans.values() if s.label == "nav"]
    assert [(s.attrs, s.origin) for s in rests] == [({"note": 1}, "recurrence")] * 2
    assert {s.id for s in rests} > {"old"}
    assert len({s.id for s in sheet.spans.values()}) == 3


@pytest.mark.parametrize(
    ("surface", "left"),
    [
        ("Ким, лидер", []),
        ("Ким", ["лидер"]),
        ("лидер", ["Ким"]),
        ("м, л", ["Ки", "идер"]),
    ],
)
def test_what_a_name_keeps(surface: str, left: list[str]) -> None:
    sheet = sheet_of(WORDS, ("PER", "Ким, лидер"))
    found = give(sheet, WORDS, surface, "LOC")
    assert [text for label, text in found if label == "PER"] == left


def test_only_punctuation_left_is_nothing_left() -> None:
    sheet = sheet_of(WORDS, ("PER", "„да“"))
    assert give(sheet, WORDS, "да", "LOC") == [("LOC", "да")]


def test_joining_is_for_blocks_alone() -> None:
    assert give(sheet_of(WORDS, ("PER", "Назад")), WORDS, "към", "PER") == [
        ("PER", "Назад"),
        ("PER", "към"),
    ]
    assert give(
        sheet_of(CLAIMS, ("claim", "Ким, лидер.")), CLAIMS, "Назад  към сайта", "claim"
    ) == [
        ("claim", "Ким, лидер."),
        ("claim", "Назад  към сайта"),
    ]
    joined = give(sheet_of(BLOCKS, ("nav", "Ким, лидер.")), BLOCKS, "Назад  към сайта", "nav")
    assert joined == [("nav", "Ким, лидер.\n\nНазад  към сайта")]


def test_a_wider_stretch_of_the_same_name_grows_it() -> None:
    sheet = sheet_of(WORDS, ("PER", "Ким"))
    (old,) = sheet.spans
    assert give(sheet, WORDS, "Ким, лидер", "PER") == [("PER", "Ким, лидер")]
    assert set(sheet.spans) == {old}


def test_strip_cuts_no_cluster_and_may_leave_nothing() -> None:
    assert editing.strip("  а б \n", 0, 7) == (2, 5)
    assert editing.strip(" \u0301а ", 0, 4) == (0, 3)
    assert editing.strip(" \n ", 0, 3) == (0, 0)
    assert editing.strip("а", 1, 1) == (1, 1)


def whole(text: str, numbers: tuple[int, int]) -> Range | None:
    start, end = sorted(numbers)
    return editing.strip(text, *units.snap(text, start, end)) if start < end else None


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["label", "resize", "relabel", "cut"]),
        st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))),
        st.integers(0, 1),
        st.integers(0, 30),
    ),
    max_size=25,
)


@pytest.mark.parametrize("layer", [BLOCKS, NAMES, *FREE.span_layers], ids=lambda x: x.name)
def test_any_edits_keep_the_rule(layer: SpanLayer, long_run: bool) -> None:
    @settings(max_examples=2000 if long_run else 60)
    @given(EDITS)
    def run(edits: list[tuple[str, tuple[int, int], int, int]]) -> None:
        hands = Hands(log=FakeLog(TEXT), scheme=FREE if layer in FREE.layers else preset("news"))
        sheet = hands.desk.sheet
        for what, numbers, label_number, pick in edits:
            label, stretch = layer.labels[label_number].name, whole(TEXT, numbers)
            if stretch is None or stretch[0] == stretch[1]:
                continue
            edit = one_edit(sheet, layer, what, stretch, label, pick)
            if edit is None:
                continue
            assert bool(edit.refused) <= (not edit.drafts)
            assert edit.refused == "" or layer.overlap is not Overlap.NONE
            before = dict(sheet.spans)
            sheet.apply(Act(what, edit.drafts))
            check(hands)
            if not edit.refused and what == "cut":
                assert not sheet.over(layer.name, *stretch)
            elif not edit.refused:
                assert edit.span in sheet.spans.values()
                assert edit.span is not None
                assert edit.span.label == label
            else:
                assert before == sheet.spans

    run()


def one_edit(
    sheet: Sheet, layer: SpanLayer, what: str, stretch: Range, label: str, pick: int
) -> Any:
    spans = sorted(sheet.spans.values(), key=lambda s: (s.start, s.end, s.label))
    if what == "label":
        return editing.label_stretch(sheet, layer, stretch, label)
    if not spans:
        return None
    span = spans[pick % len(spans)]
    if what == "resize":
        return editing.resize(sheet, layer, span, stretch, label)
    if what == "relabel":
        return editing.relabel(sheet, layer, span, label)
    if layer.overlap is not Overlap.NONE:
        return None  # only runs of blocks are cut
    return editing.cut_out(sheet, layer, sheet.over(layer.name, *stretch), stretch)
