"""What a server is configured with: the files of its folder, and where it may listen."""

import ipaddress
import os
import re
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from annotator.model.errors import AnnotatorError

PORT = 5432
LOOPBACK = "127.0.0.1"
EVERYWHERE = "*"
SUPERUSER = "postgres"
"""The role that may do everything. It has no password: only the server's own account has it."""
LONGEST_SOCKET = 103
"""Bytes that the path of a socket may have (macOS 103, Linux 107)."""

HEAD = "# annotator server: written at each start."
"""How the file begins by which a folder is known as ours."""

POSTGRES = """\
# PostgreSQL of `annotator server`. Written once; what you change here holds at the next start.

max_connections = 400
shared_buffers = 128MB

# What was called saved is on disk.
fsync = on
synchronous_commit = on
full_page_writes = on

password_encryption = 'scram-sha-256'

# Somebody whose machine or network went away keeps nobody waiting.
tcp_keepalives_idle = 30
tcp_keepalives_interval = 10
tcp_keepalives_count = 3
client_connection_check_interval = 10s

# The log tells what the server does, and no statement, text or password of anybody.
log_destination = 'stderr'
logging_collector = off
log_min_messages = warning
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = 'none'
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_line_prefix = '%m [%p] '

timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'
default_text_search_config = 'pg_catalog.simple'

include_if_exists = '../server.conf'
"""

HBA = f"""\
# Who may connect, and how they prove who they are; the first line that fits counts.

# By the socket, which lies in a folder of the server's own account: that account and root are
# {SUPERUSER}, which nobody else can be; others need their password.
local  all          {SUPERUSER}      peer map=owner
local  all          all           scram-sha-256

# By the network: everybody with their password. Where it listens is said at each start.
host   all          {SUPERUSER}      all  reject
host   all          all           all  scram-sha-256
"""


class Listening(NamedTuple):
    """Where a server takes connections."""

    port: int = PORT
    address: str = LOOPBACK
    """A numeric address, or `*`."""
    socket: Path = Path()
    """The folder of its socket."""

    @property
    def is_local(self) -> bool:
        """Whether only this machine can connect."""
        return self.address != EVERYWHERE and ipaddress.ip_address(self.address).is_loopback

    @property
    def reached(self) -> str:
        """Host and port as they are written in an address on this machine."""
        host = LOOPBACK if self.address in (EVERYWHERE, "0.0.0.0", "::") else self.address  # noqa: S104 - it is compared
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"


def checked(port: int, address: str, network: bool, socket: Path) -> Listening:
    """Where to listen, if that may be.

    Args:
        port: The port.
        address: A numeric address, `localhost`, or `*`.
        network: Whether other machines were allowed to connect.
        socket: The folder of the socket.

    Raises:
        AnnotatorError: it may not; the sentence says why.
    """
    if not 0 < port < 1 << 16:
        raise AnnotatorError("--port takes a number from 1 to 65535.")
    found = Listening(port, LOOPBACK if address == "localhost" else address, socket)
    try:
        local = found.is_local
    except ValueError:
        raise AnnotatorError(
            f"--listen takes an address of this machine such as {LOOPBACK}, or *, not {address!r}."
        ) from None
    if not local and not network:
        raise AnnotatorError(
            f"{found.address} can be reached from other machines, and what goes over the network is "
            "not encrypted: let people come through SSH (ssh -L), or add --network."
        )
    return found


def socket_folder(folder: Path) -> Path:
    """The folder of the socket: the server's own where the path fits, else a short one.

    A list of folders is separated by commas, and a path with one, a quote or a space fits nowhere.
    """
    path = str(folder)
    longest = len(os.fsencode(path)) + len("/.s.PGSQL.65535")
    if longest <= LONGEST_SOCKET and not re.search(r"[\s,\"'\\@]", path):
        return folder
    name = sha256(os.fsencode(path)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"annotator-{os.stat(folder).st_uid}-{name}"


def postgres_conf() -> str:
    """The server's main file."""
    return POSTGRES


def ident_conf(owner: str) -> str:
    """Which accounts of the machine are the superuser."""
    accounts = dict.fromkeys((owner, "root"))
    lines = "".join(f'owner  "{account}"  {SUPERUSER}\n' for account in accounts)
    return f"# Accounts of this machine that are {SUPERUSER} by the socket.\n{lines}"


def server_conf(listening: Listening) -> str:
    """The file that says where to listen, which is written at each start."""
    return (
        f"{HEAD}\n"
        f"listen_addresses = '{listening.address}'\n"
        f"port = {listening.port}\n"
        f"unix_socket_directories = '{listening.socket}'\n"
        "unix_socket_permissions = 0700\n"
    )


def read_server_conf(path: Path) -> Listening | None:
    """What was written there last; None when the file is not there or not ours."""
    try:
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return None
    if not text.startswith(HEAD):
        return None
    found = dict(re.findall(r"^(\w+) = '?([^'\n]*)'?$", text, re.MULTILINE))
    return Listening(
        int(found.get("port", PORT)),
        found.get("listen_addresses", LOOPBACK),
        Path(found.get("unix_socket_directories", path.parent)),
    )
