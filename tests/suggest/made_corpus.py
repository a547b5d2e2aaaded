"""Made articles in three languages: own sentences, invented people and places, two made sites.

The same numbers give the same articles. Russian names stand in their cases, Bulgarian and English
ones in the forms these languages have. Around and within each body stands the boilerplate of its site,
parts of it the same on every page, parts of it not.
"""

import random
from typing import NamedTuple

from annotator.suggest.protocol import Finished, Labelled

NAMES, LINES = "entities", "boilerplate"
"""Layers."""

# Forms: nominative, genitive, dative, instrumental, prepositional.
PEOPLE_RU = (
    "Вера Сомова|Веры Сомовой|Вере Сомовой|Верой Сомовой|Вере Сомовой",
    "Олег Стужин|Олега Стужина|Олегу Стужину|Олегом Стужиным|Олеге Стужине",
    "Нина Рекова|Нины Рековой|Нине Рековой|Ниной Рековой|Нине Рековой",
    "Егор Чижов|Егора Чижова|Егору Чижову|Егором Чижовым|Егоре Чижове",
    "Зоя Клёнова|Зои Клёновой|Зое Клёновой|Зоей Клёновой|Зое Клёновой",
    "Фома Громов|Фомы Громова|Фоме Громову|Фомой Громовым|Фоме Громове",
    "Лида Ярцева|Лиды Ярцевой|Лиде Ярцевой|Лидой Ярцевой|Лиде Ярцевой",
    "Игнат Ледов|Игната Ледова|Игнату Ледову|Игнатом Ледовым|Игнате Ледове",
)
TOWNS_RU = (
    "Ледогорск|Ледогорска|Ледогорску|Ледогорском|Ледогорске",
    "Сосновка|Сосновки|Сосновке|Сосновкой|Сосновке",
    "Тихвар|Тихвара|Тихвару|Тихваром|Тихваре",
    "Рудня|Рудни|Рудне|Рудней|Рудне",
    "Белореч|Белореча|Белоречу|Белоречем|Белорече",
    "Камышино|Камышина|Камышину|Камышином|Камышине",
)
FIRMS_RU = (
    "Севертранс|Севертранса|Севертрансу|Севертрансом|Севертрансе",
    "Лесопром|Лесопрома|Лесопрому|Лесопромом|Лесопроме",
    "Речфлот|Речфлота|Речфлоту|Речфлотом|Речфлоте",
    "Медстрой|Медстроя|Медстрою|Медстроем|Медстрое",
)
PEOPLE_BG = ("Вяра Сомова", "Огнян Студенов", "Нина Рекова", "Явор Чижов", "Зоя Кленова", "Тома Гръмов", "Лидия Ярцева", "Игнат Ледов")  # fmt: skip
TOWNS_BG = ("Ледогорск", "Сосновка", "Тиховар", "Рудня", "Белореч", "Камъшино")
FIRMS_BG = ("Севертранс", "Горапром", "Речфлот", "Медстрой")
PEOPLE_EN = ("Vera Somova", "Oleg Stuzhin", "Nina Rekova", "Yegor Chizhov", "Zoya Klenova", "Thomas Gromov", "Lydia Yartseva", "Ignat Ledov")  # fmt: skip
TOWNS_EN = ("Ledogorsk", "Sosnovka", "Tikhvar", "Rudnya", "Beloretch", "Kamyshino")
FIRMS_EN = ("Severtrans", "Lesoprom", "Rechflot", "Medstroy")

# A slot is a kind and, in Russian, a case: P person, S surname, L town, O firm.
SENTENCES = {
    "ru": (
        "Вчера в {L4} открыли новый мост, который строили три года.",
        "Об этом журналистам рассказала директор музея {P0}.",
        "По словам {P1}, работы закончатся только к осени.",
        "Жители {L1} давно просили {O1} починить старую пристань.",
        "Компания «{O0}» пообещала {P2} ответить до конца недели.",
        "Встреча с {P3} прошла в школе, где собралось много людей.",
        "Поезд из {L1} в Рим опоздал на два часа из-за снега.",
        "Между {L3} и соседним посёлком снова ходит автобус.",
        "Сначала дорогу чистили вручную, потом привезли машины.",
        "Никто из рабочих не пострадал, сообщили в больнице.",
        "В «{O4}» уточнили, что билеты подорожают на десятую часть.",
        "{S0} добавила, что зима была долгой и дорогой для города.",
        "Весной здесь ждут гостей из Норвегии и Японии.",
    ),
    "bg": (
        "Вчера в {L} откриха нов мост, който се строи три години.",
        "Това каза пред журналисти директорът на музея {P}.",
        "По думите на {P} работата ще приключи чак през есента.",
        "Хората от {L} отдавна молят „{O}“ да поправи стария пристан.",
        "Дружеството „{O}“ обеща на {P} отговор до края на седмицата.",
        "Срещата с {P} беше в училището, където се събраха много хора.",
        "Влакът от {L} за Рим закъсня с два часа заради снега.",
        "Между {L} и съседното село отново пътува автобус.",
        "Отначало пътят се чистеше на ръка, после дойдоха машини.",
        "Никой от работниците не е пострадал, съобщиха от болницата.",
        "От {O} уточниха, че билетите поскъпват с една десета.",
        "{S} добави, че зимата е била дълга и скъпа за града.",
        "През пролетта тук чакат гости от Норвегия и Япония.",
    ),
    "en": (
        "A new bridge opened yesterday in {L} after three years of work.",
        "The news was given to reporters by {P}, who leads the museum.",
        "According to {P}, nothing will be finished before the autumn.",
        "People in {L} have long asked {O} to mend the old landing stage.",
        "{O} promised {P} an answer before the week is over.",
        "The meeting with {P} was held in a school, and many people came.",
        "The train from {L} to Rome was two hours late because of the snow.",
        "A bus runs again between {L} and the village next to it.",
        "At first the road was cleared by hand, then machines were brought.",
        "None of the workers was hurt, the hospital said in the evening.",
        "{O}'s office said that tickets would cost a tenth more.",
        "{S} added that the winter had been long and dear for the town.",
        "Guests from Norway and Japan are expected here in spring.",
    ),
}
COUNTRIES = ("Рим", "Норвегии", "Японии", "Норвегия", "Япония", "Rome", "Norway", "Japan")
"""Names that stand in the sentences themselves."""

SITES = {
    "bg": (
        "bridge.example",
        "Начало",
        "Новини » Регион",
        "Вход за читатели",
        "Още новини",
        "Преди {n} минути",
        "Коментари ({n})",
        "Мостът, вестник за реката и хората край нея",
        "© 2031 Мостът. Всички права запазени.",
    ),
    "ru": (
        "shore.example",
        "Главная",
        "Новости » Область",
        "Вход для читателей",
        "Читайте также",
        "{n} минут назад",
        "Комментарии ({n})",
        "Берег, газета о реке и людях на ней",
        "© 2031 Берег. Все права защищены.",
    ),
    "en": (
        "ferry.example",
        "Home",
        "News » Region",
        "Reader log in",
        "Read also",
        "{n} minutes ago",
        "Comments ({n})",
        "The Ferry, a paper on the river and its people",
        "© 2031 The Ferry. All rights reserved.",
    ),
}
TEASERS = {
    "bg": (
        "Как се пече хляб на село",
        "Времето утре: мъгла и слаб вятър",
        "Три книги за дългите вечери",
        "Кучето, което чака всеки влак",
        "Градът брои пари за нов покрив на училището.",
        "Защо рибарите излизат преди изгрев?",
        "Старият часовник на площада отново върви, но само до обед.",
    ),
    "ru": (
        "Как пекут хлеб в деревне",
        "Погода на завтра: туман и слабый ветер",
        "Три книги для долгих вечеров",
        "Собака, которая встречает каждый поезд",
        "Город считает деньги на новую крышу для школы.",
        "Почему рыбаки выходят до рассвета?",
        "Старые часы на площади снова идут, но только до полудня.",
    ),
    "en": (
        "How bread is baked in the village",
        "Tomorrow's weather: fog and a light wind",
        "Three books for long evenings",
        "The dog that waits for every train",
        "The town counts its money for a new school roof.",
        "Why do fishermen leave before sunrise?",
        "The old clock in the square runs again, but only until noon.",
    ),
}
HEADLINES = {
    "bg": (
        "Мостът е отворен, пристанът чака",
        "Билетите поскъпват, влакът закъснява",
        "Дълга зима край реката",
    ),
    "ru": ("Мост открыт, пристань ждёт", "Билеты дорожают, поезд опаздывает", "Долгая зима у реки"),
    "en": (
        "The bridge is open, the landing stage waits",
        "Dearer tickets and a late train",
        "A long winter by the river",
    ),
}
BYLINES = {"bg": "Автор: редактор на смяна", "ru": "Автор: дежурный редактор", "en": "By the editor on duty"}  # fmt: skip
INLINE = {"bg": "Вижте още: {}", "ru": "Смотрите также: {}", "en": "See also: {}"}


class Made(NamedTuple):
    """An article with its names and its boilerplate."""

    names: Finished
    lines: Finished


class _Writer:
    """Writes a text and notes where what stands."""

    def __init__(self) -> None:
        self.text = ""
        self.names: list[Labelled] = []
        self.lines: list[Labelled] = []

    def line(self, label: str, text: str) -> None:
        """A line of boilerplate."""
        self.lines.append(Labelled(len(self.text), len(self.text) + len(text), label))
        self.text += text + "\n"

    def name(self, text: str, label: str, xid: str) -> None:
        self.names.append(Labelled(len(self.text), len(self.text) + len(text), label, {"xid": xid}))
        self.text += text


class _Cast:
    """Who and what an article is about: few of each, so that names come again."""

    def __init__(self, lang: str, chance: random.Random) -> None:
        self._lang, self._chance = lang, chance
        lists = {
            "ru": (PEOPLE_RU, TOWNS_RU, FIRMS_RU),
            "bg": (PEOPLE_BG, TOWNS_BG, FIRMS_BG),
            "en": (PEOPLE_EN, TOWNS_EN, FIRMS_EN),
        }[lang]
        people, towns, firms = (list(range(len(names))) for names in lists)
        self._chosen = {
            "P": ("PER", lists[0], chance.sample(people, 2)),
            "L": ("LOC", lists[1], chance.sample(towns, 2)),
            "O": ("ORG", lists[2], chance.sample(firms, 1)),
        }

    def speak(self, slot: str) -> tuple[str, str, str]:
        """The surface, label and identity for a slot."""
        label, forms, chosen = self._chosen["P" if slot[0] == "S" else slot[0]]
        number = self._chance.choice(chosen)
        form = forms[number].split("|")[int(slot[1:] or 0)]
        surface = form.split()[-1] if slot[0] == "S" else form
        return surface, label, f"{label}-{number}"


def made(number: int, lang: str) -> Made:
    """The article of a number in a language: bg, ru or en."""
    chance, writer = random.Random(f"{lang} {number}"), _Writer()
    site, home, path, login, also, ago, comments, motto, rights = SITES[lang]
    cast = _Cast(lang, chance)
    for text, label in ((home, "nav"), (path, "nav"), (login, "form_login")):
        writer.line(label, text)
    writer.line("headline", chance.choice(HEADLINES[lang]))
    if chance.random() < 0.6:
        writer.line("byline", BYLINES[lang])
    teasers = chance.sample(TEASERS[lang], 4)
    sentences = list(SENTENCES[lang])
    chance.shuffle(sentences)
    for first in range(0, 9, 3):
        for sentence in sentences[first : first + 3]:
            _sentence(writer, cast, sentence)
            writer.text += " "
        writer.text = writer.text.rstrip() + "\n"
        if first == 0 and chance.random() < 0.5:
            writer.line("teaser_inline", INLINE[lang].format(teasers[3]))
    writer.line("comments_ui", comments.format(n=chance.randint(0, 40)))
    writer.line("teaser_list", also)
    for teaser in teasers[: chance.randint(1, 3)]:
        writer.line("teaser_list", teaser)
        writer.line("teaser_list", ago.format(n=chance.randint(2, 58)))
    writer.line("footer", motto)
    writer.line("footer", rights)
    names, lines = tuple(writer.names), tuple(writer.lines)
    return Made(
        Finished(writer.text, NAMES, names, lang, source=site),
        Finished(writer.text, LINES, lines, lang, source=site),
    )


def _sentence(writer: _Writer, cast: _Cast, sentence: str) -> None:
    for number, part in enumerate(sentence.replace("}", "{").split("{")):
        if number % 2:
            writer.name(*cast.speak(part))
        else:
            _plain(writer, part)


def _plain(writer: _Writer, text: str) -> None:
    """Text in which perhaps a country stands."""
    found = min(((text.find(c), c) for c in COUNTRIES if c in text), default=None)
    if found is None:
        writer.text += text
        return
    at, country = found
    writer.text += text[:at]
    writer.name(country, "LOC", f"LOC-{country[:3]}")
    _plain(writer, text[at + len(country) :])


def corpus(count: int) -> list[Made]:
    """So many articles, the languages in turn."""
    return [made(number, ("bg", "ru", "en")[number % 3]) for number in range(count)]
