"""Where a webhook may go: the address is checked when it is given, and again at each delivery, by the number it leads to.

A service that sends wherever it is told is a way into the network it stands in. So a name is looked up once, each of its addresses
must be one that the whole world can reach or stand in a network that the operator named, and the connection goes to that very address.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from fraudguard.errors import DataError, DefinitionError

__all__ = ["Address", "AddressBook", "Place", "is_public", "networks_of", "place_of"]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Lookup = Callable[[str, int], Sequence[str]]

_PORTS: Final = {"https": 443, "http": 80}
_LONGEST: Final = 2_000
_TRANSLATED: Final = ip_network("64:ff9b::/96")
# Where these lead is up to the network one stands in: a translator of its own, and the site-local addresses of old.
_LOCAL: Final = (ip_network("64:ff9b:1::/48"), ip_network("fec0::/10"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an address says.

    Parameters
    ----------
    scheme : {"https", "http"}
        Whether it is encrypted.
    host : str
        Name or number, as in the address.
    port : int
        1 to 65535.
    target : str
        Path and query.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def host_header(self) -> str:
        """What the header ``Host`` says."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def place_of(url: str) -> Place:
    """Return what an address says.

    Parameters
    ----------
    url : str
        ``https://…``.

    Returns
    -------
    Place
        Not looked up yet.

    Raises
    ------
    DataError
        If it is no such address, or carries a name and password, or a fragment.

    Examples
    --------
    >>> place_of("https://bank.example/hooks?of=fraudguard").target
    '/hooks?of=fraudguard'
    """  # noqa: DOC501  # _is_none gives one
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _is_none() from error
    sound = url.isascii() and url.isprintable() and " " not in url and "\\" not in url and len(url) <= _LONGEST
    if not sound or parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise _is_none()
    if "@" in parts.netloc or "#" in url:
        raise DataError(
            "a webhook's address has no user name, password or fragment; deliveries are signed instead",
            "webhook 地址不得含用户名、口令或 # 片段；通知自带签名",
        )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(scheme=parts.scheme, host=parts.hostname, port=port or _PORTS[parts.scheme], target=target)


def networks_of(text: str) -> tuple[Network, ...]:
    """Return the networks that a setting names, separated by commas.

    Raises
    ------
    DefinitionError
        If one of them is none.
    """
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise DefinitionError(
            f"FRAUDGUARD_WEBHOOK_NETWORKS: {error}; write networks such as 10.20.0.0/16, separated by commas",
            f"FRAUDGUARD_WEBHOOK_NETWORKS：{error}；请写如 10.20.0.0/16，以逗号分隔",
        ) from error


class AddressBook:
    """Finds the number that an address leads to, if it may be sent to.

    Parameters
    ----------
    networks : sequence of network
        Those of one's own that may be sent to, also without encryption.
    look_up : callable
        From a name and a port to numbers.
    """

    def __init__(self, networks: Sequence[Network] = (), look_up: Lookup | None = None) -> None:
        self._networks = tuple(networks)
        self._look_up = look_up or _ask_resolver

    def find(self, place: Place) -> str:
        """Return the number to connect to.

        Raises
        ------
        DataError
            If the name is unknown, or leads to an address that may not be sent to, or is not encrypted.
        """
        numbers = [ip_address(number.partition("%")[0]) for number in self._numbers(place)]
        for number in numbers:
            self._require_allowed(place, number)
        return str(numbers[0])

    def _numbers(self, place: Place) -> Sequence[str]:
        try:
            return [str(ip_address(place.host))]
        except ValueError:
            found = self._look_up(place.host, place.port)
        if not found:
            raise DataError(f"the name {place.host} is unknown", f"无法解析域名 {place.host}")
        return found

    def _require_allowed(self, place: Place, number: Address) -> None:
        is_own = any(number in network for network in self._networks)
        if not is_own and not is_public(number):
            raise DataError(
                f"{place.host} leads to an address that is not public; name its network in FRAUDGUARD_WEBHOOK_NETWORKS if it is yours",
                f"{place.host} 指向非公网地址；若为自有网络，请写入 FRAUDGUARD_WEBHOOK_NETWORKS",
            )
        if place.scheme != "https" and not is_own:
            raise DataError(
                "a webhook goes over https; http only to a network named in FRAUDGUARD_WEBHOOK_NETWORKS",
                "webhook 须用 https；仅对 FRAUDGUARD_WEBHOOK_NETWORKS 中的网络可用 http",
            )


def is_public(number: Address) -> bool:
    """Return whether the whole world can reach an address.

    One that carries another within it (mapped, translated, 6to4, Teredo) is what it carries.
    """
    if isinstance(number, IPv6Address):
        if any(number in network for network in _LOCAL):
            return False
        inner = _inside(number)
        if inner is not None:
            return all(is_public(one) for one in inner)
    return number.is_global and not number.is_multicast and not number.is_reserved


def _inside(number: IPv6Address) -> Sequence[IPv4Address] | None:
    if number.ipv4_mapped is not None:
        return [number.ipv4_mapped]
    if number.sixtofour is not None:
        return [number.sixtofour]
    if number.teredo is not None:
        return number.teredo
    if number in _TRANSLATED:
        return [IPv4Address(int(number) & 0xFFFFFFFF)]
    return None


def _ask_resolver(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _is_none() -> DataError:
    return DataError(
        "a webhook's address is written like https://bank.example/hooks, in ASCII, 2,000 letters at most",
        "webhook 地址应形如 https://bank.example/hooks，仅用 ASCII，至多 2000 字符",
    )
