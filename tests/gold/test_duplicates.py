"""Near copies: what counts as one, what does not count at all, and that none is missed."""

import json
import os
import random
import re
import subprocess
import sys
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold import duplicates
from annotator.gold.duplicates import LEAST, Copies, Pair, Piece, near_duplicates
from annotator.gold.recurring import Recurring
from annotator.gold.shingles import exact, quick, words_of

VOCABULARY = [f"{a}{b}{c}" for a, b, c in product("бвгдж", "аеиоу", "клмнп")]


def prose(seed, count=60):
    """So many words that another seed hardly ever repeats five in a row of."""
    return " ".join(random.Random(seed).choices(VOCABULARY, k=count))


def found(pieces, **options):
    return near_duplicates(lambda _what: iter(pieces), **options)


def texts(*given_texts):
    return [Piece(f"a{number}", text) for number, text in enumerate(given_texts)]


def pairs_of(copies):
    """Every two articles that are near copies of one another, spelt out."""
    group = {names[0]: names for names in copies.same}
    pairs = {pair for names in copies.same for pair in combinations(names, 2)}
    for pair in copies.near:
        both = product(group.get(pair.a, (pair.a,)), group.get(pair.b, (pair.b,)))
        pairs.update(tuple(sorted(each)) for each in both)
    return pairs


def brute_force(pieces):
    """The same from the definition alone: no hashes, every pair, sets of words."""
    runs = {}
    for piece in pieces:
        words = re.findall(r"\w+", piece.text.lower())
        several = {tuple(words[n : n + 5]) for n in range(len(words) - 4)}
        runs[piece.id] = several or ({tuple(words)} if words else set())
    near = set()
    for a, b in combinations(sorted(runs), 2):
        both, smaller = len(runs[a] & runs[b]), min(len(runs[a]), len(runs[b]))
        either = len(runs[a]) + len(runs[b]) - both
        if both and (both / either >= 0.5 or (both / smaller >= 0.8 and smaller >= LEAST)):
            near.add((a, b))
    return near


def test_the_two_measures_are_those_of_five_word_runs():
    one = "a b c d e f g h i j k l m n"  # 10 runs
    half = "a b c d e f g h i j k x y z"  # 7 of them, and 3 others
    copies = found(texts(one, half))
    assert copies.near == (Pair("a0", "a1", 7 / 13, 7 / 10),)
    less = "a b c d e f g h i j w x y z"  # 6 of them, and 4 others
    assert found(texts(one, less)).near == ()


def test_a_short_article_inside_a_long_one_is_a_near_copy():
    short = prose(1, 20)
    pair = found(texts(short, f"{prose(2, 300)} {short} {prose(3, 300)}")).near[0]
    assert pair.containment == 1
    assert pair.jaccard < 0.1


def test_a_stub_inside_a_long_article_is_none():
    stub = prose(1, LEAST + 3)  # one run too few
    assert found(texts(stub, f"{prose(2)} {stub}")).near == ()
    stub = prose(1, LEAST + 4)
    assert found(texts(stub, f"{prose(2)} {stub}")).near != ()


def test_the_same_words_are_the_same_however_they_are_set():
    copies = found(texts("Един  два, ТРИ!\r\nчетири", "един два три\t«четири»", "един два три пет"))
    assert copies == Copies(same=(("a0", "a1"),))
    assert list(copies.links()) == [("a0", "a1")]


def test_without_words_nothing_is_a_copy():
    assert found(texts("…", "***", "—")) == Copies()
    assert found([]) == Copies()
    assert quick(b"") == set()
    assert len(exact(b"")) == 0


def test_characters_are_words_where_there_are_no_spaces():
    assert words_of("金正恩在平壤。Ким Чен Ын") == "金 正 恩 在 平 壤 ким чен ын".encode()
    text = "金正恩在平壤会见了客人并发表讲话"
    assert pairs_of(found(texts(text, text.replace("会见", "看到")))) == set()
    assert pairs_of(found(texts(text, f"{text}谢谢"))) == {("a0", "a1")}


def test_labelled_boilerplate_is_not_compared():
    template = prose("template", 200)
    both = [f"{template} {prose(1)}", f"{template} {prose(2)}"]
    assert pairs_of(found(texts(*both))) == {("a0", "a1")}
    labelled = [Piece(f"a{n}", t, boilerplate=((0, len(template)),)) for n, t in enumerate(both)]
    assert found(labelled) == Copies()
    half = [labelled[0], Piece("a1", both[1])]
    assert found(half) == Copies(), "one labelled article is enough to tell"


def test_boilerplate_in_the_middle_does_not_part_the_words_around_it():
    words = prose(1, 12).split()
    start, end = " ".join(words[:6]), " ".join(words[6:])
    cut = f"{start} {prose(2, 30)} {end}"
    first, second = len(start) + 1, len(cut) - len(end)
    overlapping = ((first, second), (first, first + 3), (first + 3, second))
    pieces = [Piece("cut", cut, boilerplate=overlapping), Piece("whole", f"{start} {end}")]
    assert found(pieces).same == (("cut", "whole"),)


def page(source, number, seed=None, template=8):
    """An article under a template that is most of its text."""
    lines = [prose(f"{source}{n}", 20) for n in range(template)]
    body = [prose(f"body{number if seed is None else seed}-{n}", 15) for n in range(3)]
    return Piece(f"{source}-{number}", "\n".join([*lines[:5], *body, *lines[5:]]), source)


def test_lines_that_recur_in_a_source_are_not_compared():
    site = [page("бта", number) for number in range(6)]
    assert len(pairs_of(found([piece._replace(source="") for piece in site]))) == 15
    assert found(site) == Copies()
    two = site[:2]
    assert len(pairs_of(found(two))) == 1, "two articles do not tell what recurs"


def test_lines_of_copies_recur_too_and_still_count():
    site = [page("бта", number) for number in range(6)]
    copied = [page("бта", number, seed="same") for number in range(10, 14)]
    copies = pairs_of(found(site + copied))
    assert copies == set(combinations(sorted(piece.id for piece in copied), 2))
    only = [page("дума", number, seed="same") for number in range(5)]
    assert len(pairs_of(found(only))) == 10


def test_a_line_that_recurs_elsewhere_counts():
    line = prose("line", 100)
    pieces = [Piece(f"p{n}", f"{line}\n{prose(n, 15)}", f"source{n}") for n in range(6)]
    assert len(pairs_of(found(pieces))) == 15


def test_a_line_of_a_large_source_must_recur_in_a_tenth_of_it():
    counts = Recurring(300)
    pages = [f"{prose(n, 20)}\nseldom" if n < 15 else prose(n, 20) for n in range(200)]
    pages = [f"{text}\noften" if n < 25 else text for n, text in enumerate(pages)]
    for count in (counts.count, counts.count_different):
        for text in pages:
            count("s", text)
    assert counts.without("s", "x\nseldom\noften") == "x\nseldom"
    assert counts.without("other", "x\nseldom\noften") == "x\nseldom\noften"


def cluster(size):
    """Articles that differ from one another in a tenth of their words."""
    words = prose("cluster", 200).split()
    return [Piece(f"c{n:02}", " ".join([*words[:180], prose(n, 20)])) for n in range(size)]


def connected(copies, names):
    left = set(names)
    reached = [left.pop()]
    links = [set(link) for link in copies.links()]
    while reached:
        name = reached.pop()
        near = {other for link in links if name in link for other in link} & left
        left -= near
        reached += near
    return not left


def test_many_copies_hold_together_though_all_their_runs_are_common(monkeypatch):
    pieces = cluster(40)
    names = [piece.id for piece in pieces]
    assert len(pairs_of(found(pieces))) == 40 * 39 // 2
    few = found(pieces, common=3)
    assert connected(few, names)
    assert len(few.near) < 40 * 39 // 2
    monkeypatch.setattr(duplicates, "HUBS", 0)
    assert not connected(found(pieces, common=3), names), "the test can fail"


def test_pairs_are_proved_in_portions_that_fit_into_memory(monkeypatch):
    pieces = cluster(12)
    whole = found(pieces)
    passes = []
    monkeypatch.setattr(duplicates, "BUDGET", 600)
    portions = near_duplicates(lambda what: (passes.append(what), iter(pieces))[1])
    assert portions == whole
    assert passes.count("proof") > 5


edits = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(VOCABULARY[:12])), max_size=12)
corpora = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 45), edits), min_size=2, max_size=9)


@settings(max_examples=150)
@given(made=corpora, order=st.randoms(use_true_random=False))
def test_what_is_found_is_what_the_definition_says_in_any_order(made, order):
    pieces = []
    for number, (seed, count, changes) in enumerate(made):
        words = prose(seed, 45).split()[: count + 1]
        for place, word in changes:
            if place < len(words):
                words[place] = word
        pieces.append(Piece(f"p{number}", " ".join(words)))
    copies = found(pieces)
    assert pairs_of(copies) == brute_force(pieces)
    order.shuffle(pieces)
    assert found(pieces) == copies


def test_python_s_own_hashes_play_no_part():
    code = (
        "from annotator.gold.duplicates import *\n"
        "text = 'едно две три четири пет шест седем осем девет десет '\n"
        "ps = [Piece(str(n), text * 3 + f'край {n} ' + text * n, 's') for n in range(9)]\n"
        "print(near_duplicates(lambda w: ps))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1
    assert "Pair(" in said.pop()


@pytest.mark.parametrize(("lang", "pairs"), [("bg", 101), ("ru", 52), ("uk", 16)])
def test_every_near_copy_in_slavicner_is_found_and_no_other(shared_data, lang, pairs):
    with (shared_data / "ner" / f"slavicner_{lang}.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    pieces = [Piece(row["id"], row["text"]) for row in rows]
    exact_pairs = brute_force(pieces)
    assert len(exact_pairs) == pairs
    assert pairs_of(found(pieces)) == exact_pairs, "recall and precision are 1"
    few = found(pieces, common=4)
    assert pairs_of(few) <= exact_pairs
