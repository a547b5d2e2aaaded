"""The container files, checked for form: nothing is built or run here."""

import json
import re
import shlex
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml  # PyYAML comes with `datasets`

from annotator.cli.parser import parser
from annotator.cli.table import COMMANDS
from annotator.web import address

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "docs" / "containers"
COMPOSE = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = (ROOT / "docs" / "server.md").read_text(encoding="utf-8").split("\n## In containers\n")[1]
SECTION = PAGE.split("\n## ")[0]
FILES = [path for path in sorted(HERE.iterdir()) if path.is_file()]
GIVEN = {"ANNOTATOR_PUBLIC": "https://labels.example.org", "ANNOTATOR_UID": "1000"}
"""What stands for what is given at run time."""

INSTRUCTIONS = {
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL",
    "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
}  # fmt: skip
ORDER = ("FROM", "COPY", "RUN", "USER", "ENTRYPOINT", "CMD")
"""The last of each comes after the last of the one before."""
TOP = {"name", "services", "volumes", "networks", "secrets"}
SERVICE = {
    "build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "init",
    "networks", "ports", "profiles", "read_only", "restart", "secrets", "security_opt",
    "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip
"""Words of the Compose specification that are used; a mistyped one is none of them."""


class Line(NamedTuple):
    """An instruction of the Dockerfile."""

    word: str
    rest: str


def instructions() -> list[Line]:
    text = (HERE / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    return [Line(*line.split(None, 1)) for line in lines if line and not line.startswith("#")]


DOCKERFILE = instructions()


def of(word: str) -> list[str]:
    return [line.rest for line in DOCKERFILE if line.word == word]


def filled(text: str) -> str:
    """A text with what is given at run time."""

    def value(found: re.Match[str]) -> str:
        return GIVEN[found["name"]]

    return re.sub(r"\$\{(?P<name>\w+)(:[?-][^}]*)?\}", value, text)


def parsed(words: list[str]) -> Any:
    """The arguments of an annotator command; fails when its real parser refuses them."""
    name, *rest = (filled(word) for word in words)
    return parser(COMMANDS[name]).parse_args(rest)


def walk(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Every leaf of nested lists and mappings with its keys."""
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in walk(each, (*path, str(key)))]
    if isinstance(value, list):
        return [leaf for each in value for leaf in walk(each, path)]
    return [(path, value)]


# --- the Dockerfile -----------------------------------------------------------------------------------


def test_instructions_are_known_and_in_order():
    words = [line.word for line in DOCKERFILE]
    assert set(words) <= INSTRUCTIONS
    assert words[0] == "FROM"
    lasts = [max(i for i, word in enumerate(words) if word == each) for each in ORDER]
    assert lasts == sorted(lasts)


def test_the_base_is_a_python_that_will_do():
    (base,) = of("FROM")
    name, tag = base.split(":")
    version = re.match(r"(\d+)\.(\d+)-", tag)
    least = re.fullmatch(r">=(\d+)\.(\d+)", PROJECT["requires-python"])
    assert name == "python"
    assert version
    assert least
    assert tuple(map(int, version.groups())) >= tuple(map(int, least.groups()))


def test_it_does_not_run_as_root():
    (user,) = of("USER")
    assert user not in ("root", "0")
    assert any(f"useradd --uid \"$UID\" --create-home --shell /usr/sbin/nologin {user}" in each for each in of("RUN"))  # fmt: skip
    assert DOCKERFILE.index(Line("ARG", "UID=1000")) < DOCKERFILE.index(Line("USER", user))


def test_what_is_copied_is_there_and_read_by_the_build():
    ignored = (HERE / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    copied = [source for each in of("COPY") for source in each.split()[:-1]]
    assert set(copied) == let_in
    assert [each for each in copied if not (ROOT / each).exists()] == []
    assert not any(fnmatch("docs/containers/secrets", pattern) for pattern in let_in)


def test_all_that_the_package_is_built_from_is_copied():
    copied = {source for each in of("COPY") for source in each.split()[:-1]}
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    wheel = build["build"]["targets"]["wheel"]
    needed = {
        *wheel["packages"],
        *wheel["force-include"],
        PROJECT["readme"],
        *PROJECT["license-files"],
    }
    assert needed | {"pyproject.toml"} <= copied


def test_the_extras_exist():
    (extras,) = re.findall(r"pip install [^\n]*\"\.\[([\w,]+)\]\"", "\n".join(of("RUN")))
    assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"])
    assert {"postgres", "serve"} <= set(extras.split(","))


def test_the_image_is_the_command():
    (entry,), (usual,) = of("ENTRYPOINT"), of("CMD")
    assert json.loads(entry) == list(PROJECT["scripts"])
    assert json.loads(usual) == ["--help"]
    (kept,) = of("VOLUME")
    assert kept == of("WORKDIR")[-1] == "/home/annotator"


# --- the services -------------------------------------------------------------------------------------


def test_words_are_those_of_the_specification():
    assert {key for key in COMPOSE if not key.startswith("x-")} <= TOP
    for service in SERVICES.values():
        assert set(service) <= SERVICE
        assert ("build" in service) or service["image"].count(":") == 1


@pytest.mark.parametrize("name", OURS)
def test_it_is_built_from_what_is_there(name):
    build = SERVICES[name]["build"]
    context = (HERE / build["context"]).resolve()
    assert context == ROOT
    assert context / build["dockerfile"] == HERE / "Dockerfile"
    assert {f"{key}={filled(value)}" for key, value in build["args"].items()} <= set(of("ARG"))


def test_what_is_referred_to_is_declared():
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", ())) <= set(SERVICES), name
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"]), name
        for volume in service["volumes"]:
            kept, inside = volume.split(":")
            assert kept in COMPOSE["volumes"], name
            assert inside.startswith("/"), name
        for _, value in walk(service):
            for secret in re.findall(r"/run/secrets/(\w+)", str(value)):
                assert secret in service["secrets"], f"{name}: {secret}"
    used = {each for service in SERVICES.values() for each in service.get("secrets", ())}
    assert used == set(COMPOSE["secrets"])


def test_who_depends_on_the_database_waits_until_it_answers():
    for name in OURS:
        assert SERVICES[name]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert SERVICES["db"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]


def test_what_stays_up_is_looked_after():
    for name, service in SERVICES.items():
        if "profiles" in service:  # a command, which ends
            assert service["healthcheck"] == {"disable": True}
            assert "restart" not in service
            continue
        assert service["restart"] == "unless-stopped", name
        check = service["healthcheck"]
        assert check["test"][0] in ("CMD", "CMD-SHELL"), name
        times = (check["interval"], check["timeout"], check["start_period"])
        assert all(re.fullmatch(r"\d+[sm]", each) for each in times), name
        assert re.fullmatch(r"\d+[sm]", service["stop_grace_period"]), name


def test_the_look_at_the_screens_is_python_and_at_the_port_they_listen_on():
    *_, flag, code = SERVICES["web"]["healthcheck"]["test"]
    assert flag == "-c"
    compile(code, "healthcheck", "exec")
    port = parsed(SERVICES["web"]["command"]).port
    assert f", {port})" in code
    assert SERVICES["web"]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_the_server_keeps_its_data_where_its_version_puts_them():
    name, version = SERVICES["db"]["image"].split(":")
    assert name == "postgres"
    assert int(version) >= 18  # before, the data lay in /var/lib/postgresql/data
    assert SERVICES["db"]["volumes"] == ["data:/var/lib/postgresql"]


def test_commands_are_those_of_the_program():
    with_command = [name for name in OURS if "command" in SERVICES[name]]
    assert with_command == ["web"]
    given = parsed(SERVICES["web"]["command"])
    address.checked(given.host, given.port, given.public, given.network, bool(given.user_header))
    assert given.project.startswith("postgresql://")
    assert given.proxy_secret


def test_nothing_is_reached_from_other_machines():
    for name, service in SERVICES.items():
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), name
    assert SERVICES["db"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_may_do_little(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "home:/home/annotator" in service["volumes"]


# --- versions and secrets -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_version_is_the_latest_and_no_secret_is_written_down(path):
    text = path.read_text(encoding="utf-8")
    assert ":latest" not in text
    assert not re.search(r"://[^\s/@:]+:[^\s/@]+@", text)
    assert not re.search(r"(?im)^\s*(ENV|ARG)\s+\S*(password|secret|token)", text)


def test_no_secret_is_given_but_as_a_file():
    for path, value in walk(COMPOSE):
        if re.search("password|secret|token|key", path[-1], re.I) and path[-1] != "secrets":
            assert str(value).startswith("/run/secrets/"), path
    assert all(not isinstance(each.get("environment"), list) for each in SERVICES.values())
    ignored = (HERE / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/secrets/", ".env"} <= set(ignored)
    assert {each["file"].split("/")[0] for each in COMPOSE["secrets"].values()} == {"secrets"}


def test_names_given_at_run_time_are_told_in_the_manual():
    text = (HERE / "compose.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+)", text)) == set(GIVEN)
    assert all(name in SECTION for name in GIVEN)


# --- the manual ---------------------------------------------------------------------------------------


def commands() -> list[list[str]]:
    """The command lines of the manual's section, as words."""
    blocks = re.findall(r"```console\n(.*?)```", SECTION, re.S)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line[2:]) for line in lines if line.startswith("$ ")]


def test_the_manual_says_that_nothing_was_run():
    assert "not run" in SECTION.strip().split("\n\n")[0]


def test_the_manual_makes_every_secret():
    written = " ".join(" ".join(words) for words in commands())
    for secret in COMPOSE["secrets"].values():
        assert f"> {secret['file']}" in written


def test_the_manuals_commands_are_those_of_the_program():
    ours = [words for words in commands() if words[:3] == ["docker", "compose", "run"]]
    assert ours
    for words in ours:
        rest = words[3:]
        assert "--rm" in rest
        at = next(i for i, word in enumerate(rest) if word in SERVICES)
        assert rest[at] == "annotator"
        parsed(rest[at + 1 :])
    for words in commands():
        if words[:3] == ["docker", "compose", "up"]:
            assert {word for word in words[3:] if not word.startswith("-")} <= set(SERVICES)
