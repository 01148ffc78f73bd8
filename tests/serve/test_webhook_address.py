"""Where a webhook may go."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.errors import DataError, DefinitionError
from fraudguard.serve.webhook_address import AddressBook, is_public, networks_of, place_of

OURS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10", "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4")  # fmt: skip
OURS_6 = ("::1/128", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "::/128", "64:ff9b:1::/48")


def leading_to(*numbers: str) -> AddressBook:
    """Return a book in which every name leads to these numbers."""

    def look_up(_host: str, _port: int) -> Sequence[str]:
        return numbers

    return AddressBook(look_up=look_up)


def addresses_in(*networks: str) -> st.SearchStrategy[IPv4Address | IPv6Address]:
    """Draw addresses of some networks."""
    return st.one_of([st.ip_addresses(network=network) for network in networks])


def test_an_address_is_taken_apart() -> None:
    """Into what is connected to and what is asked for."""
    plain = place_of("https://bank.example")
    full = place_of("https://bank.example:8443/hooks/in?of=fraudguard")
    number = place_of("https://[2001:db8::1]:444/")

    assert (plain.host, plain.port, plain.target, plain.host_header) == ("bank.example", 443, "/", "bank.example")
    assert (full.port, full.target, full.host_header) == (8443, "/hooks/in?of=fraudguard", "bank.example:8443")
    assert (number.host, number.host_header) == ("2001:db8::1", "[2001:db8::1]:444")


@pytest.mark.parametrize(
    "url",
    ["", "bank.example", "ftp://bank.example/", "https://", "https:///x", "https://bank.example:0/", "https://bank.example:99999/",
     "https://bank.example:port/", "https://银行.example/", "https://bank.example/a b", "https://bank.example\\@evil/", "https://[::1/",
     "https://bank.example/" + "x" * 2_000, "https://bank.example/\r\nHost: x"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    """With a word on how one is written."""
    with pytest.raises(DataError, match=r"https://bank\.example/hooks"):
        place_of(url)


@pytest.mark.parametrize(
    "url", ["https://me:secret@bank.example/", "https://me@bank.example/", "https://bank.example/#part"]
)
def test_an_address_carries_no_secret(url: str) -> None:
    """Nor a part that is never sent."""
    with pytest.raises(DataError, match="signed instead"):
        place_of(url)


@given(addresses_in(*OURS, *OURS_6))
def test_no_address_of_a_network_of_ones_own_is_public(number: IPv4Address | IPv6Address) -> None:
    """Neither by number nor by a name that leads there."""
    assert not is_public(number)
    with pytest.raises(DataError, match="not public"):
        leading_to(str(number)).find(place_of("https://bank.example/"))


@given(addresses_in(*OURS).map(int))
def test_an_address_within_another_counts_as_itself(number: int) -> None:
    """Mapped, translated or 6to4: a way into one's own network in other letters."""
    written = [
        f"::ffff:{IPv4Address(number)}",
        str(IPv6Address((0x64FF9B << 96) | number)),
        str(IPv6Address((0x2002 << 112) | (number << 80))),
    ]

    assert [is_public(ip_address(one)) for one in written] == [False, False, False]


@pytest.mark.parametrize("number", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_public(number: str) -> None:
    """Also one that is written within another."""
    assert is_public(ip_address(number))


def test_one_bad_address_among_several_is_enough() -> None:
    """A name may not lead here today and there tomorrow."""
    with pytest.raises(DataError, match="not public"):
        leading_to("8.8.8.8", "10.0.0.1").find(place_of("https://bank.example/"))


def test_the_number_that_was_checked_is_the_one_to_connect_to() -> None:
    """Not the name, which may lead elsewhere a moment later."""
    answers = iter([["8.8.8.8"], ["10.0.0.1"]])
    book = AddressBook(look_up=lambda _host, _port: next(answers))

    assert book.find(place_of("https://bank.example/")) == "8.8.8.8"
    with pytest.raises(DataError, match="not public"):
        book.find(place_of("https://bank.example/"))


def test_a_network_that_the_operator_named_is_allowed() -> None:
    """Also without encryption; a neighbour of it is not."""
    book = AddressBook([ip_network("10.20.0.0/16")])

    assert book.find(place_of("http://10.20.1.1/")) == "10.20.1.1"
    with pytest.raises(DataError, match="FRAUDGUARD_WEBHOOK_NETWORKS"):
        book.find(place_of("https://10.21.1.1/"))
    with pytest.raises(DataError, match="goes over https"):
        book.find(place_of("http://8.8.8.8/"))


def test_a_name_that_nobody_knows_is_told() -> None:
    """By that name."""
    with pytest.raises(DataError, match=r"nowhere\.invalid"):
        AddressBook().find(place_of("https://nowhere.invalid/"))


def test_the_setting_is_read_strictly() -> None:
    """Networks with commas between; anything else is named."""
    assert networks_of(" 10.20.0.0/16, ::1/128,") == (ip_network("10.20.0.0/16"), ip_network("::1/128"))
    assert networks_of("") == ()
    with pytest.raises(DefinitionError, match="FRAUDGUARD_WEBHOOK_NETWORKS"):
        networks_of("10.20.0.1/16")
