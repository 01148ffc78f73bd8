"""Sends one delivery: one request to one address. No redirect is followed, and of the answer only the status is kept."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from fraudguard.errors import DataError
from fraudguard.serve.webhook_address import AddressBook, Place, place_of

__all__ = ["Outcome", "Sender", "WebSender"]

_TIMEOUT_S: Final = 10.0
_WHOLE_S: Final = 12.0
_READ_BYTES: Final = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a delivery.

    Parameters
    ----------
    status : int or None
        HTTP status of the answer; None when there was none.
    error : str
        Why there was none, in a word; empty when there was one.
    """

    status: int | None = None
    error: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more of them."""
        return self.status == http.client.GONE

    @property
    def told(self) -> str:
        """In a word, for people."""
        return self.error or f"status {self.status}"


class Sender(Protocol):
    """Sends what is to be delivered."""

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Send a request, and return what came of it; whatever goes wrong is an outcome."""
        ...


class WebSender:
    """Sends over the network.

    Parameters
    ----------
    book : AddressBook
        Says which number an address leads to, if it may be sent to.
    context : ssl.SSLContext or None
        Which certificates are believed; the system's when not given.
    timeout_s : float
        How long a receiver may take over anything.
    whole_s : float
        How long it may take over everything: one that sends a letter now and then would keep a thread for good.
    """

    def __init__(
        self,
        book: AddressBook,
        context: ssl.SSLContext | None = None,
        *,
        timeout_s: float = _TIMEOUT_S,
        whole_s: float = _WHOLE_S,
    ) -> None:
        self._book = book
        self._context = context or ssl.create_default_context()
        self._timeout_s = timeout_s
        self._whole_s = whole_s

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Send a request, and return what came of it; whatever goes wrong is an outcome."""
        try:
            place = place_of(url)
            number = self._book.find(place)
            return Outcome(status=self._post(place, number, body, headers=headers))
        except DataError:
            return Outcome(error="address refused")
        except ssl.SSLError:
            return Outcome(error="certificate refused")
        except TimeoutError:
            return Outcome(error="no answer in time")
        except (OSError, http.client.HTTPException) as error:
            return Outcome(error=f"cannot be reached ({type(error).__name__})"[:64])

    def _post(self, place: Place, number: str, body: bytes, *, headers: Mapping[str, str]) -> int:
        connection = http.client.HTTPConnection(place.host, place.port, timeout=self._timeout_s)
        # The number that was checked, not the name: that might lead elsewhere by now.
        connection.sock = line = self._connected(place, number)
        with contextlib.closing(connection), _within(self._whole_s, line):
            if isinstance(line, ssl.SSLSocket):
                line.do_handshake()  # here, so that it counts: a receiver may drip in it as well
            connection.request("POST", place.target, body, {"Host": place.host_header, **headers})
            answer = connection.getresponse()
            answer.read(_READ_BYTES)
            return answer.status

    def _connected(self, place: Place, number: str) -> socket.socket:
        plain = socket.create_connection((number, place.port), self._timeout_s)
        if place.scheme == "http":
            return plain
        try:
            return self._context.wrap_socket(plain, server_hostname=place.host, do_handshake_on_connect=False)
        except BaseException:
            plain.close()
            raise


@contextlib.contextmanager
def _within(whole_s: float, line: socket.socket) -> Iterator[None]:
    is_late = threading.Event()

    def hang_up() -> None:
        is_late.set()
        with contextlib.suppress(OSError):  # it has ended meanwhile
            # Not the method of a TLS socket, which would take away what the other thread is reading from.
            socket.socket.shutdown(line, socket.SHUT_RDWR)

    alarm = threading.Timer(whole_s, hang_up)
    alarm.start()
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        if is_late.is_set():
            raise TimeoutError from error  # whatever it looked like from here
        raise
    finally:
        alarm.cancel()
