"""What is learned about boilerplate stays bounded; the least telling is forgotten first."""

from annotator.suggest.boilerplate import chain, kinds, memory, recurrence
from annotator.suggest.boilerplate.lines import KEY, lines_of


def test_weights_of_words_are_forgotten_and_shapes_kept(monkeypatch):
    monkeypatch.setattr(chain, "MOST", 100)
    tagger = chain.Tagger({"text": 0.001}, prior=1.0)
    for number in range(300):
        article = [("menu", f":word {number}"), ("text", ":often")]
        tagger.learn(article, [True, False] if number % 2 else [False, True])
        tagger.marginals(article)
    weights = tagger.dump()["weights"]
    assert "text" in weights
    assert len(weights) <= 110
    again = chain.Tagger.load(tagger.dump())
    assert again.dump() == tagger.dump()


def test_kinds_are_forgotten(monkeypatch):
    monkeypatch.setattr(kinds, "MOST", 100)
    engine = kinds.Kinds(["nav", "ad", "other"])
    for number in range(300):
        engine.learn([([(f":word {number}", "x")], ["nav" if number % 2 else "ad"])])
    assert len(engine.dump()["weights"]) <= 101
    assert kinds.Kinds.load(engine.dump()).dump() == engine.dump()


def test_the_oldest_lines_are_forgotten(monkeypatch):
    monkeypatch.setattr(memory, "MOST", 10)
    known = memory.Memory()
    for word in "abcdefghijklmno":
        known.learn(lines_of(f"line {word}"), ["nav"])
    assert known.past("line a") == memory.NEVER
    assert known.past("line o") == memory.Past(0, 1, "nav")
    assert len(known.dump()) == 10


def test_lines_seen_once_are_forgotten(monkeypatch):
    monkeypatch.setattr(recurrence, "MOST", 20)
    index = recurrence.Recurrence()
    for word in "abcdefghij":
        index.add("house", f"The frame\nline {word} one\nline {word} two\nline {word} three")
    assert index.seen("house", "The frame") == recurrence.Seen(10, 10)
    assert len(index.dump()["house"]["once"]) <= 20 * KEY


def test_a_line_decided_both_ways_is_told():
    known = memory.Memory()
    known.learn(lines_of("one\ntwo\none"), ["nav", "", "nav"])
    known.learn(lines_of("ONE\ntwo"), ["", ""])
    assert known.past("one") == memory.Past(1, 1, "nav")
    assert known.past("one").agreed == 0
    assert known.past("two") == memory.Past(2, 0, "")
