"""Over TLS: what an address asks is what every connection has, or there is none.

The wheel's server has no OpenSSL, so this runs where the system has a PostgreSQL that does.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pg_kit import TestServer
from store_help import label

from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import preset
from annotator.server.binaries import LEAST, installed
from annotator.store.address import Address
from annotator.store.project import Project

pytestmark = pytest.mark.file_only

RULES = """\
local all all trust
hostssl all ann 127.0.0.1/32 cert
hostssl all postgres 127.0.0.1/32 trust
"""
HOW = """SELECT bool_and(s.ssl), count(*) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
         WHERE a.datname = %s AND a.application_name = 'annotator'"""


def with_tls() -> Path:
    """The programs of a PostgreSQL that can encrypt; the test skips where there is none."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make certificates with")
    for each in installed():
        told = subprocess.run(
            [each.folder / "pg_config", "--configure"], capture_output=True, text=True
        )
        if each.version >= LEAST and "ssl" in told.stdout:
            return each.folder
    pytest.skip("no PostgreSQL on this machine has OpenSSL")


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def certify(folder: Path, name: str, subject: str) -> None:
    """A key and a certificate of `ca`, which may be that itself."""
    new = (
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        f"{name}.key",
        "-subj",
        f"/CN={subject}",
    )
    if name.endswith("ca"):
        openssl(folder, *new, "-x509", "-days", "2", "-out", f"{name}.crt")
        return
    openssl(folder, *new, "-out", f"{name}.csr")
    (folder / "ext").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", "ext", "-out", f"{name}.crt")  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates of the server and of ann, of one authority, and another authority's."""
    with_tls()
    folder = tmp_path_factory.mktemp("certificates")
    for name, subject in (("ca", "us"), ("other-ca", "others"), ("server", "db"), ("ann", "ann")):
        certify(folder, name, subject)
    return folder


@pytest.fixture(scope="module")
def secured(folder: Path) -> Iterator[TestServer]:
    """A server that lets nobody in from the network but encrypted."""
    server = TestServer(tcp=True, programs=with_tls())
    for name in ("ca.crt", "server.crt", "server.key"):
        copied = Path(shutil.copy(folder / name, server.data))
        copied.chmod(0o600)
        server.give(copied)
    (server.data / "pg_hba.conf").write_text(RULES)
    with (server.data / "postgresql.conf").open("a") as file:
        file.write(
            "ssl=on\nssl_ca_file='ca.crt'\nssl_cert_file='server.crt'\nssl_key_file='server.key'\n"
        )
    server.start()
    server.execute("CREATE ROLE ann LOGIN SUPERUSER")
    yield server
    server.close()


@pytest.fixture
def name(secured: TestServer) -> str:
    """A project's name on it."""
    name = secured.make_database()
    with Project.create(Address(secured.url(name)), preset("news"), "lena") as project:
        list(project.add([Article("bg", "Кметът откри моста.", lang="bg")]))
    return name


def asking(server: TestServer, name: str, user: str = "postgres", **options: str | Path) -> Address:
    return Address(f"{server.url(name, user, tcp=True)}?{urlencode(options)}")


def test_every_connection_is_what_the_address_asks(
    secured: TestServer, name: str, folder: Path
) -> None:
    place = asking(secured, name, sslmode="verify-full", sslrootcert=folder / "ca.crt")
    with Project.open(place, "lena") as project:
        project.submit(label(project, "bg", "s")).result()
        encrypted, number = secured.execute(HOW, (name,))[0]
        assert encrypted is True
        assert number >= 2, "one to read, one to write"
        assert len(project.work("bg").spans) == 1


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_a_server_of_another_authority_is_none(
    secured: TestServer, name: str, folder: Path, mode: str
) -> None:
    with pytest.raises(
        AnnotatorError, match=r"would not be as safe as its address asks.*certificate"
    ):
        Project.open(
            asking(secured, name, sslmode=mode, sslrootcert=folder / "other-ca.crt"), "lena"
        )


def test_a_server_that_must_be_asked_encrypted_lets_nobody_else_in(
    secured: TestServer, name: str
) -> None:
    with pytest.raises(
        AnnotatorError, match=r"^The server of postgresql://[^\n]*no encryption"
    ) as told:
        Project.open(asking(secured, name, sslmode="disable"), "lena")
    assert "\n" not in str(told.value)


def test_a_certificate_of_one_s_own_is_as_good_as_a_password(
    secured: TestServer, name: str, folder: Path
) -> None:
    asked = {"sslmode": "verify-full", "sslrootcert": folder / "ca.crt"}
    with pytest.raises(AnnotatorError, match="certificate"):
        Project.open(asking(secured, name, "ann", **asked), "ann")
    own = {"sslcert": folder / "ann.crt", "sslkey": folder / "ann.key"}
    (folder / "ann.key").chmod(0o600)
    with Project.open(asking(secured, name, "ann", **asked, **own), "ann") as project:
        assert project.article("bg").text.startswith("Кметът")
