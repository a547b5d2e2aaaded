"""One question to an address on this machine: JSON there and back over HTTP."""

import http.client
import ipaddress
import socket
import threading
from contextlib import suppress
from time import monotonic

from annotator.model.errors import AnnotatorError
from annotator.model.suggesters import Address, parse_address
from annotator.text.visible import plain_line

CHUNK = 2**16


def ask_address(url: str, question: bytes, seconds: float, largest: int) -> bytes:
    """What an address answers to a POSTed question.

    Nothing but the loopback interface is ever connected to: redirects are refused, and proxies that
    the environment names play no part.

    Args:
        url: `http://`, a loopback address or `localhost`, port and path.
        question: JSON.
        seconds: how long it may take from the first to the last byte.
        largest: how many bytes the answer may have.

    Raises:
        AnnotatorError: no loopback address, nobody there, too slow, too much, or a status other than
            200; the sentence goes on from "the suggester x:".
    """
    try:
        address = parse_address(url)
    except AnnotatorError as error:
        raise AnnotatorError(f"its url {error}") from None
    deadline = monotonic() + seconds
    late = threading.Event()
    connection = http.client.HTTPConnection(_resolved(address), address.port, timeout=seconds)
    try:
        connection.connect()
    except OSError as error:
        raise _silent(url, error) from None
    line = connection.sock  # the connection forgets it as soon as the answer begins

    def cut() -> None:
        late.set()
        with suppress(OSError):  # it was closed meanwhile
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)  # a server that sends byte by byte passes other limits
    timer.daemon = True
    timer.start()
    try:
        answer = _answer(connection, address, question, largest)
        if late.is_set():  # what was cut off may look like the end
            raise TimeoutError
        return answer
    except (OSError, http.client.HTTPException) as error:
        if late.is_set() or isinstance(error, TimeoutError) or monotonic() > deadline:
            raise AnnotatorError(
                f"{url} took longer than its {seconds:g} seconds. A larger timeout allows it more."
            ) from None
        raise _silent(url, error) from None
    finally:
        timer.cancel()
        connection.close()


def _silent(url: str, error: Exception) -> AnnotatorError:
    """What is said of an address that gives no answer."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    reason = plain_line(reason, 100).rstrip(".")
    return AnnotatorError(f"{url} does not answer: {reason}. Is its server running?")


def _answer(
    connection: http.client.HTTPConnection, address: Address, question: bytes, largest: int
) -> bytes:
    """The body of an answer with the status 200."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    headers = {
        "Host": f"{host}:{address.port}",
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json",
        "Connection": "close",
    }
    connection.request("POST", address.target, question, headers)
    response = connection.getresponse()
    if 300 <= response.status < 400:
        raise AnnotatorError(
            "its address sends elsewhere, which is not followed: name the right one."
        )
    if response.status != 200:
        said = plain_line(response.read(CHUNK).decode(errors="replace"), 100)
        raise AnnotatorError(
            f"its address answered with the status {response.status}"
            f"{f', saying {said!r}' if said else ''}."
        )
    body = bytearray()
    while chunk := response.read(CHUNK):
        body += chunk
        if len(body) > largest:
            raise AnnotatorError(f"its address answered with more than {largest:,} bytes.")
    if response.length:  # fewer bytes than announced
        raise http.client.IncompleteRead(b"", response.length)
    return bytes(body)


def _resolved(address: Address) -> str:
    """The loopback address to connect to; of `localhost` one that answers, if all are loopback.

    Raises:
        AnnotatorError: this system takes `localhost` for something else.
    """
    if address.host != "localhost":
        return address.host
    try:
        found = socket.getaddrinfo("localhost", address.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise AnnotatorError(
            f"localhost is not known here ({error.strerror}): write 127.0.0.1."
        ) from None
    hosts = [str(each[4][0]) for each in found]
    for host in hosts:
        if not ipaddress.ip_address(host.partition("%")[0]).is_loopback:
            raise AnnotatorError(f"localhost leads to {host} here: write 127.0.0.1 or [::1].")
    return _listening(hosts, address.port)


def _listening(hosts: list[str], port: int) -> str:
    """The first of some addresses at which somebody listens, else the first."""
    for host in hosts[:-1]:
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            return host
    return hosts[-1]
