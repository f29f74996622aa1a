"""Which addresses belong to the public internet."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address, IPv6Network

# IPv6 networks whose last 32 bits are an IPv4 address: compatible (RFC 4291 2.5.5.1), NAT64 (RFC 6052).
_LAST_32_BITS = (IPv6Network("::/96"), IPv6Network("64:ff9b::/96"))
# Translation inside one's own network (RFC 8215); `ipaddress` of Python 3.11 calls it global.
_LOCAL_TRANSLATION = IPv6Network("64:ff9b:1::/48")


def is_public(text: str) -> bool:
    """Whether an IP address belongs to one machine on the public internet.

    An IPv6 address that carries an IPv4 address is judged by that, since a gateway may take it there.
    """
    address = ipaddress.ip_address(text)
    if isinstance(address, IPv6Address):
        if address in _LOCAL_TRANSLATION:
            return False
        address = _carried(address) or address
    return address.is_global and not address.is_multicast


def _carried(address: IPv6Address) -> IPv4Address | None:
    if any(address in network for network in _LAST_32_BITS):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
