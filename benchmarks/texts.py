"""News-like Bulgarian articles of a given size, the same every time, and marks to lay on them.

Every stretch between blanks holds exactly one word, so that SLATE's tokens, the annotator's words
and the bare view's words are the same ones and a key press means the same in all three.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

KB, MB = 1024, 1024 * 1024
SIZES = {"11 KB": 11 * KB, "1 MB": MB, "10 MB": 10 * MB}
ONE_LINE = "10 MB, one line"
FIRST = "Наводнението"
"""The word every article starts with and that occurs nowhere else: the mark of a painted article."""
LABELS = ("PER", "ORG", "LOC", "EVT", "PRO")

WORD = re.compile(r"\w+")
_PLACES = ("Видин", "Ловеч", "Пазарджик", "Белград", "Одеса", "Солун", "Тулча", "Ниш", "Скопие")
_PEOPLE = ("Мария Калинова", "Петър Добров", "Олена Ткач", "Стоян Върбанов", "Ирина Глушко")
_BODIES = ("Общинският съвет", "Агенцията по водите", "Синдикатът", "Съюзът на превозвачите")
_SENTENCES = (
    "{body} обяви в {place}, че пътят към {place2} остава затворен до края на седмицата.",
    "„Нямаме повече време за обещания“, каза {person} пред журналисти в {place}.",
    "По думите на {person} щетите в {place} надхвърлят {n} милиона лева.",
    "{person} и {person2} разговаряха {n} часа, но не подписаха споразумение…",
    "Жителите на {place} чакат отговор от {n} дни и се събират всяка вечер на площада.",
    "{body} поиска проверка, след като {person} показа документите от {place2}.",
    "Според „Вечерен лист“ строежът край {place} е спрян заради липса на пари.",
    "Никой от {place2} не е пострадал, съобщи {person} малко преди полунощ.",
    "Дъждът в {place} не спира, а реката вече е с {n} сантиметра над нормата.",
    "{person} отказа да коментира решението и замина за {place2} с вечерния влак.",
)
_LINES = (
    "Още новини от {place}",
    "Преди {n} минути",
    "{person}: ще гласувам против",
    "Вход за читатели",
    "Снимка: архив",
    "Вижте всички коментари ({n})",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A label made beforehand: a stretch in code points and its token as SLATE counts them."""

    start: int
    end: int
    label: str
    line: int
    token: int


def article(size: int, one_line: bool = False) -> str:
    """An article of `size` UTF-8 bytes, give or take a paragraph; the same for the same size."""
    rng = random.Random(size)
    parts = [f"{FIRST} взе три моста за една нощ"]
    total = len(parts[0].encode())
    while total < size:
        parts.append(_paragraph(rng))
        total += len(parts[-1].encode()) + 1
    return (" " if one_line else "\n").join(parts) + "\n"


def write(name: str, folder: Path) -> Path:
    """The article called `name` (a key of SIZES or ONE_LINE) as a file; made once per folder."""
    path = folder / f"{re.sub(r'[ ,]+', '-', name)}.txt"
    if not path.exists():
        text = article(10 * MB, one_line=True) if name == ONE_LINE else article(SIZES[name])
        path.write_text(text, encoding="utf-8", newline="")
    return path


def words(text: str) -> Iterator[tuple[int, int]]:
    """The words in order, each as (start, end)."""
    return (match.span() for match in WORD.finditer(text))


def first_words(text: str, count: int) -> list[str]:
    """The first `count` words."""
    return [text[start:end] for start, end in islice(words(text), count)]


def marks(text: str, count: int) -> list[Mark]:
    """`count` marks on every second word from the start, so that the words between stay free.

    An article too short for them all gets several on a word: first the other labels, then nested
    stretches within it. No two marks are equal and none cross.
    """
    places = _tokens(text, 2 * count)[::2]
    found: list[Mark] = []
    layer = 0
    while len(found) < count:
        before = len(found)
        for i, (start, end, line, token) in enumerate(places[: count - len(found)]):
            shorter, turn = divmod(layer, len(LABELS))
            if end - shorter > start:
                label = LABELS[(i + turn) % len(LABELS)]
                found.append(Mark(start, end - shorter, label, line, token))
        if len(found) == before:
            raise ValueError(f"{count} marks do not fit into {len(text)} characters")
        layer += 1
    return found


def _tokens(text: str, limit: int) -> list[tuple[int, int, int, int]]:
    """The first `limit` words as (start, end, line, token in the line)."""
    found, line, token, at = [], 0, 0, 0
    for start, end in islice(words(text), limit):
        if breaks := text.count("\n", at, start):
            line, token = line + breaks, 0
        found.append((start, end, line, token))
        token, at = token + 1, end
    return found


def _paragraph(rng: random.Random) -> str:
    if rng.random() < 0.4:
        return _fill(rng, rng.choice(_LINES))
    return " ".join(_fill(rng, rng.choice(_SENTENCES)) for _ in range(rng.randint(1, 3)))


def _fill(rng: random.Random, pattern: str) -> str:
    place, place2 = rng.sample(_PLACES, 2)
    person, person2 = rng.sample(_PEOPLE, 2)
    return pattern.format(
        place=place,
        place2=place2,
        person=person,
        person2=person2,
        body=rng.choice(_BODIES),
        n=rng.randint(2, 90),
    )
