"""Language detection: whole articles only, the same answer always, silence when in doubt."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odd_text import odd

from annotator.text.language import DETECTOR, detect

TEXTS = {
    "bg": "Правителството прие днес нова програма за пътищата в страната и съобщи, че ще я започне още "
    "през пролетта. Според министъра средствата са осигурени.",
    "ru": "Правительство сегодня приняло новую программу дорог и сообщило, что начнёт её уже весной. "
    "По словам министра, средства обеспечены и выделены.",
    "uk": "Уряд сьогодні ухвалив нову програму доріг і повідомив, що почне її вже навесні. За словами "
    "міністра, кошти забезпечені та виділені.",
    "be": "Урад сёння прыняў новую праграму дарог і паведаміў, што пачне яе ўжо вясной. Паводле слоў "
    "міністра, сродкі забяспечаны і выдзелены.",
    "mk": "Владата денес усвои нова програма за патиштата и соопшти дека ќе ја започне уште напролет. "
    "Според министерот, средствата се обезбедени меѓу другото.",
    "sr-Cyrl": "Влада је данас усвојила нови програм путева и саопштила да ће га започети већ на пролеће. "
    "Према речима министра, средства су обезбеђена.",
    "en": "The government today adopted a new road programme and said that it would begin in the spring. "
    "According to the minister, the money has been found.",
    "de": "Die Regierung hat heute ein neues Straßenprogramm beschlossen und mitgeteilt, dass es schon "
    "im Frühling beginnen soll. Laut dem Minister ist das Geld da.",
    "pl": "Rząd przyjął dziś nowy program dróg i ogłosił, że rozpocznie go już wiosną. Według ministra "
    "środki zostały zapewnione w budżecie.",
    "zh-Hans": "政府今天通过了新的道路计划，并宣布将于春季开始实施。部长表示，资金已经到位，各项准备工作正在顺利进行之中。",
}


@pytest.mark.parametrize("tag", TEXTS)
def test_detects(tag):
    found, confidence = detect(TEXTS[tag])
    assert found == tag
    assert 0.9 <= confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Путин",
        "OK",
        "12345 !!! — 2023",
        "Любопитно",
        "Үкімет бүгін жаңа жол бағдарламасын қабылдап, оны көктемде бастайтынын хабарлады.",
        "абвгд " * 3,
    ],
)
def test_says_nothing_when_in_doubt(text):
    assert detect(text) == ("und", 0.0)


def test_a_quotation_in_another_language_does_not_decide():
    text = TEXTS["bg"] * 3 + " Путин: «Мы готовы»."
    assert detect(text)[0] == "bg"


def test_only_the_beginning_counts():
    assert detect(TEXTS["en"] * 20 + TEXTS["ru"] * 100)[0] == "en"


@settings(max_examples=30)
@given(odd | st.text(min_size=50))
def test_any_text_gets_an_answer_and_always_the_same(text):
    tag, confidence = detect(text)
    assert tag
    assert 0 <= confidence <= 1
    assert detect(text) == (tag, confidence)


COLD = """
from concurrent.futures import ThreadPoolExecutor
from annotator.text.language import detect
with ThreadPoolExecutor(8) as pool:
    print(set(pool.map(detect, ["The government adopted a new road programme today, he said."] * 16)))
"""


def test_threads_that_start_cold_get_the_right_answer():
    done = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True)
    with ThreadPoolExecutor(1) as pool:
        alone = pool.submit(detect, "The government adopted a new road programme today, he said.")
    assert done.stdout.strip() == str({alone.result()})


def test_nothing_is_loaded_before_it_is_needed():
    code = "import sys, annotator.text.language; print('langdetect' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_detector_is_named_with_its_version():
    name, number = DETECTOR.split()[-1].split("/")
    assert name == "langdetect"
    assert number[0].isdigit()
