"""Heat map and plot: what is drawn where, readable without colour, never wider than asked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.agreement.report import By, Confusion, Figure, Metric
from annotator.lead.agreement_heat import NEVER, NOTHING, heat_map, shade
from annotator.lead.agreement_plot import FEW, GUTTER, UNDEFINED, VALUE, Point, on_scale, plot
from annotator.lead.agreement_words import GROUP, MEANINGS, TITLES, counted, decimal, interval

NUMBERS = st.floats(-1, 1, allow_nan=False)
POINTS = st.builds(
    Point, st.text("abcW0123-", max_size=12), st.none() | NUMBERS, st.none() | NUMBERS,
    st.none() | NUMBERS, st.booleans(),
).map(lambda p: p._replace(low=min(p.low, p.high), high=max(p.low, p.high))
      if p.low is not None and p.high is not None else p._replace(low=None, high=None))  # fmt: skip


# --- one number on a scale


def test_a_number_stands_where_it_is() -> None:
    assert on_scale(0.0, None, None, 11) == "●··········"
    assert on_scale(1.0, None, None, 11) == "··········●"
    assert on_scale(0.5, 0.2, 0.9, 11) == "··├──●───┤·"
    assert on_scale(None, None, None, 5) == "·····"
    assert on_scale(-0.4, -0.6, 0.2, 11)[0] == VALUE, "below 0 it stands at the end"


@given(st.none() | NUMBERS, st.none() | NUMBERS, st.integers(0, 60))
def test_a_scale_is_as_wide_as_asked(value: float | None, low: float | None, width: int) -> None:
    assert len(on_scale(value, low, 1.0 if low is not None else None, width)) == width


# --- over time


def test_higher_numbers_stand_higher_and_the_axis_tells_which() -> None:
    points = [Point("W01", 0.5), Point("W02", 0.7), Point("W03", 0.9), Point("W04", None)]
    made = plot(points, 60, 14)
    rows = [
        next(n for n, row in enumerate(made.rows) if row[column] == VALUE)
        for column in made.columns[:3]
    ]
    assert rows[0] > rows[1] > rows[2]
    ticks = {row[: GUTTER - 1].strip(): n for n, row in enumerate(made.rows) if "┤" in row}
    assert ticks["0.50"] == rows[0]
    assert ticks["0.90"] == rows[2]
    assert made.rows[-3][made.columns[3]] == UNDEFINED
    for point in points:
        assert point.label in made.rows[-1]


def test_an_interval_and_few_articles_are_told_by_signs() -> None:
    made = plot([Point("a", 0.6, 0.4, 0.8), Point("b", 0.6, few=True)], 40, 14)
    column = [row[made.columns[0]] for row in made.rows]
    assert column.index("┬") < column.index(VALUE) < column.index("┴")
    assert any(row[made.columns[1]] == FEW for row in made.rows)


def test_the_point_asked_for_is_in_view_with_its_label() -> None:
    points = [Point(f"W{n:02}", 0.5 + n % 5 / 10) for n in range(200)]
    for here in (0, 100, 199):
        made = plot(points, 50, 10, here)
        assert made.first <= here < made.last
        assert points[here].label in made.rows[-1]
    assert "▸" in plot(points, 50, 10, 0).rows[-2]
    assert "◂" in plot(points, 50, 10, 199).rows[-2]


@settings(max_examples=50)
@given(st.lists(POINTS, max_size=40), st.integers(10, 90), st.integers(5, 30), st.integers(0, 39))
def test_whatever_is_plotted_fits(points: list[Point], width: int, height: int, place: int) -> None:
    made = plot(points, width, height, min(place, max(len(points) - 1, 0)))
    assert len(made.rows) == height
    assert {len(row) for row in made.rows} == {width}
    assert all(0 <= column < width for column in made.columns)
    shown = points[made.first : made.last]
    assert len(shown) == len(made.columns)
    for point, column in zip(shown, made.columns, strict=True):
        signs = {row[column] for row in made.rows}
        assert signs & ({UNDEFINED} if point.value is None else {VALUE, FEW})


# --- confusion


def test_shades_grow_with_the_share() -> None:
    assert [shade(n, 100) for n in (0, 1, 25, 26, 50, 51, 75, 76, 100)] == list(" ░░▒▒▓▓██")
    assert shade(0, 0) == " "


CONFUSED = Confusion(("PER", "ORG", ""), ((80, 15, 5), (15, 1200, 0), (5, 0, 0)))


def test_a_heat_map_has_a_shade_and_a_number_in_every_cell() -> None:
    made = heat_map(CONFUSED, 60)
    assert made.columns == range(3)
    assert [cell.number for cell in made.rows[0]] == ["80", "15", "5"]
    assert [cell.shade for cell in made.rows[0]] == ["█", "░", "░"]
    assert [cell.number for cell in made.rows[1]] == ["15", "1,200", NEVER]
    assert [[cell.same for cell in row] for row in made.rows] == [
        [n == place for n in range(3)] for place in range(3)
    ]
    assert made.heads[0] == "1 PER"
    assert made.heads[2].startswith("3 " + NOTHING[:4])


@given(st.integers(1, 40), st.integers(1, 120), st.data())
def test_the_column_asked_for_is_in_view(size: int, room: int, data: st.DataObject) -> None:
    labels = tuple(f"LABEL{n}" for n in range(size))
    counts = tuple(tuple(i * j for j in range(size)) for i in range(size))
    column = data.draw(st.integers(0, size - 1))
    made = heat_map(Confusion(labels, counts), room, column)
    assert column in made.columns
    assert len(made.columns) == 1 or made.width * len(made.columns) <= room
    assert all(len(row) == len(made.columns) == len(made.heads) for row in made.rows)
    assert all(len(head) <= made.width - 2 for head in made.heads)


# --- words


def test_every_number_has_a_name_and_a_meaning() -> None:
    assert set(TITLES) == set(MEANINGS) == set(Metric)
    assert set(GROUP) == set(By)
    for metric in Metric:
        assert all(part.endswith(".") for part in MEANINGS[metric]), metric
        assert counted(metric)


def test_names_are_those_of_the_command() -> None:
    from annotator.cli import agreement_report

    assert agreement_report.TITLES == TITLES


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.7125, ".713"), (1.0, "1.000"), (-0.25, "-.250"), (None, "—"), (0, ".000")],
)
def test_numbers_are_written_as_the_field_does(number: float | None, said: str) -> None:
    assert decimal(number) == said


def test_an_interval_in_words() -> None:
    assert interval(Figure(0.5, low=0.25, high=0.75)) == ".250 to .750"
    assert interval(Figure(0.5)) == ""
