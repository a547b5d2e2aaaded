"""Commands and loopback addresses that suggest: asked once an article, bounded in every way."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import annotator
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Label, Overlap, SpanLayer, Unit
from annotator.model.suggesters import SuggesterSettings, parse_address
from annotator.suggest import outside, outside_http
from annotator.suggest.outside import Outside, guesses_of, occurrences
from annotator.suggest.outside_command import ask_command
from annotator.suggest.outside_http import ask_address
from annotator.suggest.plugins import load
from annotator.suggest.protocol import Guess

DOC = Path(annotator.__file__).parents[1] / "docs" / "plugins.md"
LABELS = tuple(Label(name, key, name, "red") for name, key in (("PER", "p"), ("LOC", "l")))
LAYER = SpanLayer("entities", "Entities", Unit.WORD, Overlap.NONE, LABELS)
TEXT = "Иванка от София е в Sofia. София, Ана\nМария и Анабел."
ECHO = "import sys, json; q = json.load(sys.stdin); "


def python(code):
    return (sys.executable, "-c", code)


def asked(**settings):
    [(_, suggester)], missing = load({"llm": SuggesterSettings(**settings)}, [LAYER])
    assert missing == []
    return suggester


# --- the answer -------------------------------------------------------------------------------------


def guessed(*guesses):
    found = guesses_of(TEXT, json.dumps({"guesses": guesses}).encode())
    return [(one.start, TEXT[one.start : one.end], one.label) for one in found]


def test_places_are_taken_as_they_come_and_a_score_may_be_missing():
    answer = {"guesses": [{"start": 0, "end": 6, "label": "PER"}], "more": "is ignored"}
    assert guesses_of(TEXT, json.dumps(answer).encode()) == [Guess(0, 6, "PER", outside.UNRATED)]
    whole = {
        "start": 0,
        "end": 6,
        "label": "PER",
        "score": 0.7,
        "why": "llm",
        "attrs": {"xid": "X"},
    }
    [guess] = guesses_of(TEXT, json.dumps({"guesses": [whole]}).encode())
    assert guess == Guess(0, 6, "PER", 0.7, {"xid": "X"}, "llm")


def test_a_text_stands_for_all_its_occurrences_as_words():
    assert guessed({"text": "София", "label": "LOC"}) == [
        (10, "София", "LOC"),
        (27, "София", "LOC"),
    ]
    assert guessed({"text": "Ана Мария", "label": "PER"}) == [(34, "Ана\nМария", "PER")]
    assert guessed({"text": "Ана", "label": "PER"}) == [(34, "Ана", "PER")]
    assert guessed({"text": "Пловдив", "label": "LOC"}) == []
    twice = [{"text": "София", "label": "LOC"}] * 2
    assert guessed(*twice) == guessed(twice[0])


def test_a_text_given_several_labels_has_them_in_turn():
    found = guessed({"text": "София", "label": "PER"}, {"text": "София", "label": "LOC"})
    assert found == [(10, "София", "PER"), (27, "София", "LOC")]


def test_a_text_beside_a_wrong_place_decides():
    for start, end in ((24, 31), (27, 32), (99, 12)):
        one = {"text": "София", "start": start, "end": end, "label": "LOC"}
        assert guessed(one) == [(27, "София", "LOC")]
    assert guessed({"text": "Варна", "start": 3, "end": 8, "label": "LOC"}) == []


def test_scripts_without_capitals_need_no_borders_between_words():
    assert occurrences("我在北京。", "北京") == [(2, 4)]
    assert occurrences("12123", "12") == []


def test_too_many_texts_for_a_long_article_are_refused(monkeypatch):
    monkeypatch.setattr(outside, "MOST_READ", 3 * len(TEXT))
    some = [{"text": f"a{n}", "label": "PER"} for n in range(3)]
    assert guessed(*some) == []
    with pytest.raises(AnnotatorError, match="too many texts"):
        guessed(*some, {"text": "b", "label": "PER"})


@pytest.mark.parametrize(
    "answer",
    [b"", b"Sure! Here is", b"\xff\xfe{", b"[]", b"5", b"{}", b'{"guesses": 5}', b'{"guesses": [5]}',
     b"[" * 100_000, b'{"guesses": null}', b"1" * 5000],
)  # fmt: skip
def test_what_is_no_answer_is_a_sentence(answer):
    with pytest.raises(AnnotatorError, match=r"its answer is not .*\.$"):
        guesses_of(TEXT, answer)


@pytest.mark.parametrize(
    "one", [{}, {"start": "0"}, {"start": 0, "end": 3, "label": [], "score": {}}, {"text": 5}]
)
def test_odd_guesses_are_left_to_the_check(one):
    code = f"import sys; sys.stdin.read(); print({json.dumps({'guesses': [one]})!r})"
    suggester = asked(command=python(code))
    assert suggester.suggest(TEXT) == []
    assert suggester.answered
    assert "left out" in suggester.note


# --- a command --------------------------------------------------------------------------------------


def test_a_command_gets_the_article_and_says_what_it_finds():
    code = ECHO + (
        "assert q == {'api': 1, 'text': q['text'], 'lang': 'bg', 'title': 'T', 'source': 'S',"
        " 'layer': 'entities', 'labels': ['PER', 'LOC']}, q; "
        "n = q['text'].index('София'); "
        "print(json.dumps({'guesses': [{'start': n, 'end': n + 5, 'label': 'LOC', 'score': .8}]}))"
    )
    suggester = asked(command=python(code))
    assert suggester.suggest(TEXT, "bg", "S", "T") == [Guess(10, 15, "LOC", 0.8)]
    assert suggester.news() == []
    suggester.learn(None)
    suggester.refit([])
    assert (suggester.save(), suggester.is_stale) == (b"", False)


def test_a_large_question_and_a_large_answer_do_not_block_each_other():
    code = "import sys; print('x' * 2_000_000); sys.stdin.read(); print('y' * 1_000_000)"
    assert len(ask_command(python(code), b"q" * 3_000_000, 20, 4_000_000)) == 3_000_002


def test_a_command_need_not_read_the_question():
    assert ask_command(python("print('{}')"), b"q" * 1_000_000, 20, 100) == b"{}\n"


def test_a_command_runs_at_home_and_knows_the_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "ask.py").write_text("import os; print(os.getcwd())")
    said = ask_command((sys.executable, "~/ask.py"), b"", 20, 1000)
    assert Path(said.decode().strip()).resolve() == tmp_path.resolve()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("1 / 0", r"ended with exit code 1, saying 'ZeroDivisionError: division by zero'"),
        ("import sys; sys.exit(3)", r"ended with exit code 3\.$"),
        ("import os; os.kill(os.getpid(), 11)", r"ended with the signal 11\.$"),
        ("import sys; sys.exit('\\x1b[2Jwell\\nno key.')", r"saying 'no key'\.$"),
        ("while True: print('x' * 10000)", r"wrote more than 100 bytes"),
    ],
)
def test_a_command_that_fails_is_a_sentence(code, says):
    with pytest.raises(AnnotatorError, match=says):
        ask_command(python(code), b"", 20, 100)


def test_a_command_that_is_not_there_is_a_sentence():
    suggester = asked(command=("/no/such/program",))
    assert suggester.suggest(TEXT) == []
    assert (
        "The suggester llm: its command '/no/such/program' cannot be run: No such file"
        in suggester.note
    )


def is_alive(number):
    """Whether a process runs; one that ended and nobody waited for does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ended(number):
    """Whether a process comes to its end within two seconds."""
    for _ in range(100):
        if not is_alive(number):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")
def test_a_slow_command_is_ended_with_all_it_started(tmp_path):
    note = tmp_path / "child"
    code = (
        "import subprocess, sys, time; "
        "c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        f"open({str(note)!r}, 'w').write(str(c.pid)); "
        "print('still loading', file=sys.stderr, flush=True); time.sleep(60)"
    )
    with pytest.raises(
        AnnotatorError, match="longer than its 1 seconds and was ended, saying 'still loa"
    ):
        ask_command(python(code), b"", 1, 100)
    assert ended(int(note.read_text()))


def test_a_command_that_leaves_something_holding_its_output_is_ended_too():
    code = (
        "import subprocess, sys; print('{}', flush=True); "
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    )
    with pytest.raises(AnnotatorError, match="took longer"):
        ask_command(python(code), b"", 0.7, 100)


def test_a_command_that_closes_its_output_and_goes_on_is_ended():
    code = "import os, time; os.close(1); os.close(2); time.sleep(60)"
    with pytest.raises(AnnotatorError, match="took longer"):
        ask_command(python(code), b"", 0.7, 100)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")
def test_what_a_command_leaves_behind_is_ended_with_it(tmp_path):
    left = tmp_path / "left"
    code = (
        "import subprocess, sys\n"
        "quiet = dict.fromkeys(('stdin', 'stdout', 'stderr'), subprocess.DEVNULL)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'], **quiet)\n"
        f"open({str(left)!r}, 'w').write(str(child.pid))\n"
        "print('{}')"
    )
    assert ask_command(python(code), b"", 20, 100) == b"{}\n"
    assert ended(int(left.read_text()))


def test_the_end_of_the_program_ends_a_command_that_a_thread_asks(tmp_path):
    note = tmp_path / "child"
    asks = (
        f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid()) + '.'); time.sleep(60)"
    )
    code = (
        "import sys, threading, time\n"
        "from annotator.suggest.outside_command import ask_command\n"
        f"ask = (sys.executable, '-c', {asks!r})\n"
        "threading.Thread(target=ask_command, args=(ask, b'', 60, 9), daemon=True).start()\n"
        f"while not open({str(note)!r}, 'a+').tell(): time.sleep(0.01)\n"
    )
    subprocess.run(python(code), check=True, timeout=30, stderr=subprocess.DEVNULL)
    assert ended(int(note.read_text().rstrip(".")))


def test_no_open_files_are_left():
    before = len(os.listdir("/dev/fd"))
    for _ in range(3):
        ask_command(python("print(1)"), b"q" * 100_000, 5, 1000)
        with pytest.raises(AnnotatorError, match="wrote more"):
            ask_command(python("while True: print(1)"), b"q" * 100_000, 5, 1000)
    assert len(os.listdir("/dev/fd")) == before


# --- an address -------------------------------------------------------------------------------------


@contextmanager
def server(answer):
    """A server on the loopback interface that deals with a POST as told; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.body = self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield made.server_port
        finally:
            made.shutdown()
            thread.join()


def reply(body, status=200, **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_an_address_is_asked_whatever_proxies_there_are(host, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    seen = {}

    def answer(handler):
        seen.update(
            json.loads(handler.body), path=handler.path, kind=handler.headers["Content-Type"]
        )
        reply(json.dumps({"guesses": [{"text": "София", "label": "loc"}]}).encode())(handler)

    with server(answer) as port:
        suggester = asked(url=f"http://{host}:{port}/suggest?model=small")
        assert [g.start for g in suggester.suggest(TEXT, "bg")] == [10, 27]
    assert (seen["text"], seen["lang"], seen["api"]) == (TEXT, "bg", 1)
    assert seen["path"] == "/suggest?model=small"
    assert seen["kind"].startswith("application/json")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (reply(b"", 302, Location="http://127.0.0.1:1/"), "sends elsewhere, which is not followed"),
        (reply(b"no\x1b such model", 404), "status 404, saying 'no␛ such model'"),
        (reply(b"", 500), r"status 500\.$"),
        (reply(b"x" * 101), "more than 100 bytes"),
        (reply(b"x", **{"Content-Length": "50"}), r"does not answer: .*"),
        (lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"), "does not answer"),
        (lambda handler: None, "does not answer"),
    ],
)
def test_an_address_that_answers_badly_is_a_sentence(answer, says):
    with server(answer) as port, pytest.raises(AnnotatorError, match=says):
        ask_address(f"http://127.0.0.1:{port}/", b"{}", 20, 100)


def test_nobody_listening_is_a_sentence():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        suggester = asked(url=f"http://127.0.0.1:{port}/")
        assert suggester.suggest(TEXT) == []
    assert "does not answer: Connection refused. Is its server running?" in suggester.note


@pytest.mark.parametrize("drip", [b"", b"x"])
def test_a_slow_address_is_not_waited_for_also_when_it_sends_byte_by_byte(drip):
    done = threading.Event()

    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        while not done.wait(0.05):
            if drip:
                try:
                    handler.wfile.write(drip)
                except OSError:
                    break

    with server(answer) as port:
        try:
            with pytest.raises(AnnotatorError, match=r"took longer than its 0\.4 seconds"):
                ask_address(f"http://127.0.0.1:{port}/", b"{}", 0.4, 10_000)
        finally:
            done.set()


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:80/x", ("127.0.0.1", 80, "/x")),
        ("http://127.9.9.9:8080", ("127.9.9.9", 8080, "/")),
        ("http://[::1]:5/?a=b", ("::1", 5, "/?a=b")),
        ("http://LOCALHOST/", ("localhost", 80, "/")),
    ],
)
def test_loopback_addresses_are_taken_apart(url, address):
    assert parse_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/", "http://example.org/", "https://127.0.0.1/", "file:///etc/passwd", "127.0.0.1:80",
        "http://127.0.0.1@example.org/", "http://me:pw@127.0.0.1/", "http://localhost.example.org/",
        "http://0.0.0.0:80/", "http://[::]/", "http://[::ffff:10.0.0.1]/", "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/", "http://127.0.0.1:x/", "http://127.1/", "http://2130706433/", "http:///x", "",
        "http://127.0.0.1/a b", "http://127.0.0.1/\r\nHost: x", "http://[fe80::1%25lo]/", "http://127.0.0.1#x",
        "http://lоcalhost/",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url):
    with pytest.raises(AnnotatorError, match="takes an address on this machine"):
        parse_address(url)
    with pytest.raises(AnnotatorError, match="its url takes an address"):
        ask_address(url, b"", 1, 1)


def test_localhost_that_leads_away_is_not_asked(monkeypatch):
    def away(*_, **__):
        return [(2, 1, 6, "", ("127.0.0.1", 80)), (2, 1, 6, "", ("10.1.2.3", 80))]

    monkeypatch.setattr(outside_http.socket, "getaddrinfo", away)
    with pytest.raises(AnnotatorError, match=r"localhost leads to 10\.1\.2\.3 here"):
        ask_address("http://localhost:80/", b"", 1, 1)


# --- versions, and the manual -----------------------------------------------------------------------


def test_the_version_differs_with_whom_is_asked_for_what():
    made = [
        Outside("a", "entities", ["PER"], SuggesterSettings(command=("x",))),
        Outside("a", "entities", ["PER"], SuggesterSettings(command=("x", "y"))),
        Outside("a", "entities", ["PER", "LOC"], SuggesterSettings(command=("x",))),
        Outside("a", "people", ["PER"], SuggesterSettings(command=("x",))),
        Outside("a", "entities", ["PER"], SuggesterSettings(url="http://127.0.0.1/")),
    ]
    assert len({one.version for one in made}) == len(made)
    again = Outside("a", "entities", ["PER"], SuggesterSettings(command=("x",), timeout=1))
    assert again.version == made[0].version


def script(name, tmp_path):
    """A script as the manual shows it."""
    found = re.search(rf"```python\n# {name}\n(.*?)```", DOC.read_text("utf-8"), re.DOTALL)
    path = tmp_path / name
    path.write_text(found[1], "utf-8")
    return path


def test_the_command_of_the_manual_works(tmp_path):
    suggester = asked(command=(sys.executable, str(script("titles.py", tmp_path))))
    text = "Вчера г-н Петров и г-жа Иванова говорили с г-ном Петровым."
    found = [text[g.start : g.end] for g in suggester.suggest(text, "ru")]
    assert suggester.news() == []
    assert found == ["Петров", "Иванова", "Петровым"]


def test_the_language_model_wrapper_of_the_manual_works(tmp_path):
    code = script("ask_model.py", tmp_path)
    names = [{"text": "София", "label": "LOC"}, {"text": "Иванка", "label": "PER"}]
    said = json.dumps({"guesses": names}, ensure_ascii=False)
    body = json.dumps({"choices": [{"message": {"content": said}}]}).encode()
    with server(reply(body)) as port:
        code.write_text(
            code.read_text("utf-8").replace("127.0.0.1:8080", f"127.0.0.1:{port}"), "utf-8"
        )
        suggester = asked(command=(sys.executable, str(code)))
        found = [(TEXT[g.start : g.end], g.label) for g in suggester.suggest(TEXT, "bg")]
    assert suggester.news() == []
    assert found == [("Иванка", "PER"), ("София", "LOC"), ("София", "LOC")]
