"""Which addresses may be reached where people, not the operator, choose the address."""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from bot.errors import ContentRejectedError

_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: IPv4 addresses as networks without IPv4 see them


class Guard:
    """Refuses private, loopback and link-local addresses, after DNS.

    `private_hosts` are host names or addresses the operator allows nevertheless.
    """

    def __init__(self, private_hosts: Iterable[str] = ()) -> None:
        self._private_hosts = frozenset(host.lower() for host in private_hosts)

    async def addresses(self, host: str) -> list[str]:
        """The addresses of a host, which may be reached, best first.

        Raises ContentRejectedError where one may not, OSError where the name leads nowhere.
        """
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(where[0]) for *_, where in found))
        if host.lower() in self._private_hosts or all(_is_public(item) for item in addresses):
            return addresses
        raise ContentRejectedError(
            f"{host} is an address inside a network, and Copydesk does not call those.",
            remedy="Whoever runs Copydesk allows it by naming the host in ALLOWED_PRIVATE_HOSTS.",
        )


def _is_public(text: str) -> bool:
    address: IPv4Address | IPv6Address = ip_address(text)
    if isinstance(address, IPv6Address):
        address = _as_ipv4(address)
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _as_ipv4(address: IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address in IPv6 clothes, which leads to the same place; else the address itself."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
