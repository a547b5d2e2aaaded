"""Boundary work: edges to the next stop, split, merge, outer and inner; and the fold."""

from desk_kit import Hands
from hypothesis import given
from hypothesis import strategies as st

from annotator.desk.fold import folded
from annotator.text.rows import wrap


def held(h: Hands) -> str:
    return h.desk.caret.text[slice(*h.desk.caret.target)]


def run(h: Hands, name: str) -> Hands:
    h.desk.run(name)
    return h


def test_the_edge_goes_to_the_next_space_or_punctuation_and_back() -> None:
    h = Hands("Д-р Ким-Чен Ун, лекар").type("2 ctrl+right")
    assert held(h) == "Д-р Ким"
    assert held(h.type("ctrl+right ctrl+right")) == "Д-р Ким-Чен"
    assert held(h.type("ctrl+right")) == "Д-р Ким-Чен Ун"
    assert held(h.type("ctrl+right")) == "Д-р Ким-Чен Ун,"
    assert held(h.type("ctrl+right")) == "Д-р Ким-Чен Ун, лекар"
    assert held(h.type("ctrl+left ctrl+left")) == "Д-р Ким-Чен Ун"
    assert held(h.type("ctrl+left ctrl+left ctrl+left")) == "Д-р Ким"
    h.type("p")
    assert h.spans() == [("PER", "Д-р Ким")]
    h = Hands("Д-р Ким").type("2 ctrl+left ctrl+left ctrl+left")
    assert held(h) == "Д"
    h = Hands('банка "Запад" плаща').go("Запад").type("2 right ctrl+right")
    assert held(h) == 'Запад"'


def test_the_start_moves_when_it_is_held() -> None:
    h = Hands("край Ким-Чен Ун").type("2 right shift+right p - tab ctrl+left")
    assert held(h) == "край Ким-Чен Ун"
    h.type("ctrl+right ctrl+right ctrl+right")
    assert held(h) == "Чен Ун"
    h.type("enter")
    assert h.spans() == [("PER", "Чен Ун")]


@given(st.text("ab -,.\u0301д", min_size=1, max_size=30), st.lists(st.booleans(), max_size=8))
def test_edges_never_leave_the_text_nor_turn_the_selection(text: str, moves: list[bool]) -> None:
    h = Hands(text).type("2")
    for forward in moves:
        run(h, "edge_right" if forward else "edge_left")
        start, end = h.desk.caret.target
        assert 0 <= start <= end <= len(text)


def test_split_before_the_cursor_and_merge_again() -> None:
    h = Hands("Иван Петров, Мария Колева").type("2 shift+right shift+right shift+right p")
    assert len(h.spans()) == 1
    run(h.go("Мария"), "split")
    assert h.spans() == [("PER", "Иван Петров"), ("PER", "Мария Колева")]
    run(h.go("Иван"), "merge")
    assert h.spans() == [("PER", "Иван Петров, Мария Колева")]
    h.type("ctrl+z ctrl+z")
    assert h.spans() == [("PER", "Иван Петров, Мария Колева")]
    h.type("ctrl+z")
    assert h.spans() == []


def test_split_at_the_first_word_cuts_behind_it() -> None:
    h = Hands("Иван Петров").type("2 shift+right p").go("Иван")
    run(h, "split")
    assert h.spans() == [("PER", "Иван"), ("PER", "Петров")]


def test_one_word_cannot_be_split_and_nothing_is_merged_with_nothing() -> None:
    h = Hands("Иван мълчи").type("2 p").go("Иван")
    assert run(h, "split").said.startswith("There is nothing to split")
    assert run(h, "merge").said.startswith("No Entities annotation near enough")
    assert run(h.go("мълчи"), "split").said == "No annotation under the cursor."
    assert h.spans() == [("PER", "Иван")]


def test_blocks_merge_over_what_lies_between() -> None:
    h = Hands("Меню\nТекст\nФутър").type("o down o").go("Меню")
    assert len(h.spans()) == 2
    run(h, "merge")
    assert [text for _, text in h.spans()] == ["Меню\nТекст\nФутър"]


def test_outer_and_inner_swap_what_is_held() -> None:
    h = Hands("Банка София плаща").type("2 right l").go("Банка").type("shift+right o").go("София")
    assert h.desk.spans.current is not None
    assert h.desk.spans.current.label == "LOC"
    run(h, "outer")
    assert h.desk.spans.current.label == "ORG"
    assert run(h, "outer").said == "No annotation around this one."
    run(h, "inner")
    assert h.desk.spans.current.label == "LOC"


TEXT = "Заглавие\nМеню\nВход\nТекст един\nТекст два\nФутър\nЛиценз"


def test_fold_hides_what_is_marked_and_motion_steps_over_it() -> None:
    h = Hands(TEXT).type("down o o").go("Футър").type("o o")
    assert len(h.desk.caret.rows) == 7
    run(h, "fold")
    assert h.said.startswith("2 folded")
    assert len(h.desk.caret.rows) == 5
    assert [f.rows for f in h.desk.caret.folds.values()] == [2, 2]
    h.type("ctrl+home")
    assert held(h) == "Заглавие"
    assert held(h.type("down")) == "Меню"
    assert held(h.type("down")) == "Текст един"
    assert held(h.type("up")) == "Меню"
    run(h, "fold")
    assert len(h.desk.caret.rows) == 7


def test_what_is_marked_while_folded_folds_and_undo_unfolds() -> None:
    h = Hands(TEXT)
    run(h, "fold")
    assert h.said == "Nothing is marked that could fold."
    h.go("Меню").type("shift+down o")
    assert len(h.desk.caret.rows) == 6
    h.type("ctrl+z")
    assert len(h.desk.caret.rows) == 7


def test_the_window_is_full_after_folding() -> None:
    h = Hands("\n".join(f"Ред {n}" for n in range(60)))
    h.desk.window.height = 20
    h.type("ctrl+end - ctrl+home down down").type("escape ctrl+home")
    h.go("Ред 40").type("f8 o")
    h.desk.window.follow()
    run(h.type("ctrl+end"), "fold")
    h.desk.window.follow()
    assert h.desk.window.top == len(h.desk.caret.rows) - 20 == 21


def test_words_inside_a_fold_are_stepped_over() -> None:
    h = Hands(TEXT).type("down o o 2")
    run(h, "fold")
    h.type("ctrl+home right")
    assert held(h) == "Меню"
    assert held(h.type("right")) == "Текст"


@given(
    st.lists(st.text("аб вг", max_size=30), min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 80)), max_size=6),
    st.integers(4, 40),
)
def test_folded_rows_still_join_to_the_text(
    lines: list[str], places: list[tuple[int, int]], width: int
) -> None:
    text = "\n".join(lines) or "а"
    marked, last = [], 0
    for start, size in sorted(places):
        if last <= start < len(text):
            last = min(start + size, len(text))
            marked.append((start, last, "OTHER"))
    rows, folds = folded(text, wrap(text, width), tuple(marked))
    assert "".join(text[a:b] for a, b in rows) == text
    for start, fold in folds.items():
        assert rows.span(rows.row_of(start)) == (fold.start, fold.end)
