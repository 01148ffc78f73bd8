"""One delivery over a real connection on loopback."""

import contextlib
import socket
import ssl
import threading
from ipaddress import ip_network
from pathlib import Path

import pytest

from fraudguard.serve.webhook_address import AddressBook
from fraudguard.serve.webhook_sender import Outcome, WebSender
from tests.serve.certificates import LONG_AGO, Authority
from tests.serve.receiver import Receiver, receiving

LOOPBACK = AddressBook([ip_network("127.0.0.0/8")], look_up=lambda _host, _port: ["127.0.0.1"])
PLAIN = WebSender(LOOPBACK)


def believing(authority: Authority) -> WebSender:
    """Return a sender that believes an authority."""
    return WebSender(LOOPBACK, ssl.create_default_context(cafile=authority.certificate))


def test_a_delivery_arrives_as_it_was_given() -> None:
    """Path, headers, body, and the name that was asked for."""
    with receiving(Receiver()) as receiver:
        address = f"http://localhost:{receiver.port}/hooks?of=fraudguard"
        outcome = PLAIN.send(address, b'{"a":1}', {"webhook-id": "evt_1"})
    ((path, headers, body),) = receiver.came

    assert (outcome, outcome.arrived) == (Outcome(status=204), True)
    assert (path, body, headers["webhook-id"]) == ("/hooks?of=fraudguard", b'{"a":1}', "evt_1")
    assert headers["host"] == f"localhost:{receiver.port}"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    """Whoever answers one is not asked where to."""
    with receiving(Receiver()) as elsewhere:
        location = {"Location": f"http://127.0.0.1:{elsewhere.port}/"}
        with receiving(Receiver(status, location)) as receiver:
            outcome = PLAIN.send(f"http://localhost:{receiver.port}/", b"{}", {})

    assert (outcome.status, outcome.arrived, elsewhere.came) == (status, False, [])


def test_of_a_long_answer_only_the_status_is_kept() -> None:
    """A receiver cannot fill the memory of the service."""
    with receiving(Receiver(200, body=b"x" * 1_000_000)) as receiver:
        assert PLAIN.send(f"http://localhost:{receiver.port}/", b"{}", {}).arrived


def test_a_receiver_that_says_nothing_is_left() -> None:
    """After the time that it may take."""
    with receiving(Receiver()) as receiver:
        receiver.silent.set()
        outcome = WebSender(LOOPBACK, timeout_s=0.1).send(f"http://localhost:{receiver.port}/", b"{}", {})

    assert outcome == Outcome(error="no answer in time")


def test_nobody_there_is_told() -> None:
    """In a word."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        outcome = PLAIN.send(f"http://localhost:{probe.getsockname()[1]}/", b"{}", {})

    assert outcome.error.startswith("cannot be reached")
    assert not outcome.arrived


def test_an_address_that_may_not_be_sent_to_is_refused_at_each_delivery() -> None:
    """Whatever it led to when it was given."""
    with receiving(Receiver()) as receiver:
        strict = WebSender(AddressBook(look_up=lambda _host, _port: ["127.0.0.1"]))
        outcome = strict.send(f"https://localhost:{receiver.port}/", b"{}", {})

    assert (outcome, receiver.came) == (Outcome(error="address refused"), [])


def test_certificates_are_believed_by_name(tmp_path: Path) -> None:
    """One for the name, by an authority that is known, and in its time; no other."""
    authority, stranger = Authority(tmp_path), Authority(tmp_path, "stranger")
    told = {}
    for name, pair in {
        "right": authority.issue("right"),
        "strange": stranger.issue("strange"),
        "expired": authority.issue("expired", LONG_AGO),
    }.items():
        with receiving(Receiver(), pair) as receiver:
            told[name] = believing(authority).send(f"https://localhost:{receiver.port}/", b"{}", {})
    with receiving(Receiver(), authority.issue("right")) as receiver:
        told["other name"] = believing(authority).send(f"https://bank.example:{receiver.port}/", b"{}", {})

    assert told.pop("right").arrived
    assert set(told.values()) == {Outcome(error="certificate refused")}


def test_what_speaks_another_language_is_told() -> None:
    """As anything else that does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1_000)
                connection.sendall(b"hello\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        outcome = PLAIN.send(f"http://localhost:{server.getsockname()[1]}/", b"{}", {})
        thread.join()

    assert outcome.error == "cannot be reached (BadStatusLine)"


def test_a_receiver_that_sends_a_letter_now_and_then_is_left() -> None:
    """Each comes in time, and the whole does not."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                while not done.wait(0.05):
                    connection.sendall(b"H")

        thread = threading.Thread(target=drip)
        thread.start()
        outcome = WebSender(LOOPBACK, whole_s=0.3).send(f"http://localhost:{server.getsockname()[1]}/", b"{}", {})
        done.set()
        thread.join()

    assert outcome == Outcome(error="no answer in time")


def test_a_receiver_that_never_ends_its_greeting_is_left() -> None:
    """Letters of a TLS record come in time, and the record does not."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"\x16\x03\x03\x40\x00")
                while not done.wait(0.05):
                    connection.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        outcome = WebSender(LOOPBACK, whole_s=0.3).send(f"https://localhost:{server.getsockname()[1]}/", b"{}", {})
        done.set()
        thread.join()

    assert outcome == Outcome(error="no answer in time")
