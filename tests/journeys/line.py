"""A network between two programs that can go silent: bytes are held back, and come when it speaks again. Nobody hangs up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

__all__ = ["Line", "line_to"]

_BYTES: Final = 65_536


class Line:
    """Carries bytes to a port of 127.0.0.1 and back.

    Parameters
    ----------
    port : int
        Where to.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self._speaks = threading.Event()
        self._speaks.set()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it begins."""
        return int(self._server.getsockname()[1])

    def go_silent(self) -> None:
        """Hold back everything, on connections that are open and on new ones."""
        self._speaks.clear()

    def speak(self) -> None:
        """Carry again, first what was held back."""
        self._speaks.set()

    def close(self) -> None:
        """End it."""
        self.speak()
        for one in (self._server, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._open += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(_BYTES):
                self._speaks.wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """Give a line to a port."""
    line = Line(port)
    try:
        yield line
    finally:
        line.close()
