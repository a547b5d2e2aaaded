"""Speed of wrapping and of making text visible, per megabyte of UTF-8: `python -m benchmarks.text`.

The text is made up here: Cyrillic sentences in the shape of news, with the dashes and quotes that
news has. Times are the best of several runs; look-ups are the mean of many in the middle of a text.
"""

import random
import time
from collections.abc import Callable

from annotator.text import rows, tokens, units
from annotator.text.visible import visible

WORDS = [
    "правителството",
    "прие",
    "нова",
    "програма",
    "за",
    "пътищата",
    "в",
    "страната",
    "министърът",
    "съобщи",
    "че",
    "средствата",
    "са",
    "осигурени",
    "според",
    "вестника",
    "Чен-ун",
    "градът",
    "2023",
    "София",
    "общината",
    "1,5",
    "млн.",
    "г.",
    "вчера",
    "решението",
    "беше",
    "взето",
]
MARKS = [",", ",", " —", ":", " „така“,", "…"]
WIDTH = 90


def news(size: int, seed: int = 1) -> str:
    """About `size` bytes of made-up news in blocks of a few sentences."""
    chance = random.Random(seed)
    parts: list[str] = []
    length = 0
    while length < size:
        sentence = [chance.choice(WORDS) for _ in range(chance.randint(4, 22))]
        sentence[chance.randrange(len(sentence))] += chance.choice(MARKS)
        line = " ".join(sentence).capitalize() + "." + ("\n" if chance.random() < 0.3 else " ")
        parts.append(line)
        length += len(line.encode())
    return "".join(parts)


def best(run: Callable[[], object], times: int = 3) -> float:
    """The shortest of several runs, in milliseconds."""
    spent = []
    for _ in range(times):
        begin = time.perf_counter()
        run()
        spent.append(time.perf_counter() - begin)
    return min(spent) * 1000


def report(name: str, text: str, run: Callable[[], object]) -> None:
    """One line of the table: the whole and per megabyte."""
    megabytes = len(text.encode("utf-8", "replace")) / 1e6
    spent = best(run)
    print(f"{name:<44} {spent:9.1f} ms {spent / megabytes:8.1f} ms/MB")


def look_ups(text: str) -> None:
    """The mean cost of a look-up in the middle of a text, every one at another offset."""
    middle = len(text) // 2
    offsets = range(middle, middle + 300)
    for unit in (
        units.grapheme_at, units.word_at, units.next_word, units.prev_word, units.sentence_at,
        units.next_sentence, units.prev_sentence, units.block_at, units.next_block,
    ):  # fmt: skip
        spent = best(lambda unit=unit: [unit(text, offset) for offset in offsets], 1)
        print(f"{unit.__name__:<44} {spent / len(offsets) * 1000:9.1f} µs")


def screen(text: str) -> None:
    """What painting needs of a screen of 40 rows in the middle of a text."""
    wrapped = rows.wrap(text, WIDTH)
    first = len(wrapped) // 2
    spans = [wrapped.span(row) for row in range(first, min(first + 40, len(wrapped)))]
    for name, run in (
        ("visible, 40 rows", lambda: [visible(text[start:end]) for start, end in spans]),
        ("clusters, 40 rows", lambda: [rows.clusters(text, start, end) for start, end in spans]),
    ):
        print(f"{name:<44} {best(run) * 1000:9.1f} µs")


def main() -> None:
    text = news(1_000_000)
    line = news(10_000_000).replace("\n", " ")
    chinese = "习近平在北京会见了客人，双方就共同关心的问题深入交换意见。" * 11_000
    hindi = "प्रधानमंत्री ने कहा कि वह क्षेत्र में शांति चाहते हैं। " * 7_000
    hostile = text.replace("а", "а\u200b").replace("о", "о\u0301")
    for name, sample in (
        ("Cyrillic news, 1 MB", text),
        ("the same in one line, 10 MB", line),
        ("Chinese, 1 MB", chinese),
        ("Hindi, 1 MB", hindi),
        ("Cyrillic with accents and zero-width spaces", hostile),
    ):
        report(f"wrap: {name}", sample, lambda sample=sample: rows.wrap(sample, WIDTH))
        report(f"visible: {name}", sample, lambda sample=sample: visible(sample))
    report("tokens: Cyrillic news, 1 MB", text, lambda: tokens.tokens(text))
    report("sentences: Cyrillic news, 1 MB", text, lambda: tokens.sentences(text))
    print("In the middle of 10 MB in one line:")
    look_ups(line)
    screen(line)


if __name__ == "__main__":
    main()
