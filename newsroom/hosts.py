"""Which hosts are the world's, and which are somebody's own network. No models.

What an address says is read as browsers read it, so that 2130706433, 0x7f.1 and [::ffff:127.0.0.1] are 127.0.0.1.
"""

import ipaddress
import re
import socket
import unicodedata
from ipaddress import IPv4Address, IPv6Address

# Names that are only ever known within a network (RFC 2606, 6761, 6762, 8375; ICANN for .internal), and usual ones.
_OWN = ("local", "internal", "localhost", "localdomain", "lan", "home", "home.arpa", "corp", "intranet", "private")
_UNREACHABLE = ("test", "invalid", "onion")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# Addresses that hold another one in their last four bytes: NAT64.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = IPv4Address | IPv6Address


def resolve(name: str) -> list[str]:
    """The addresses of a name, as this machine knows it; none where it knows none."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return []


def is_internal(host: str) -> bool:
    """Whether a host is within a network, or is named so that nobody can say: then it is not for others either."""
    name = unicodedata.normalize("NFKC", host).lower().replace("。", ".").rstrip(".")
    try:
        return not _is_everybodys(ipaddress.ip_address(name.partition("%")[0]))
    except ValueError:
        pass
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _is_internal_number(name)
    if len(labels) == 1 or any(name.endswith(f".{end}") for end in (*_OWN, *_UNREACHABLE)):
        return True
    try:
        if not all(_LABEL.fullmatch(label) for label in name.encode("idna").decode().split(".")):
            return True
    except UnicodeError:
        return True
    # A newsroom's own machines have names like others, which lead elsewhere outside.
    return any(not _is_everybodys(ipaddress.ip_address(found.partition("%")[0])) for found in resolve(name))


def _is_internal_number(name: str) -> bool:
    """Of an IPv4 address in one of its old spellings."""
    try:
        return not _is_everybodys(IPv4Address(socket.inet_aton(name)))
    except OSError:
        return True


def _is_everybodys(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        teredo = address.teredo
        nat64 = IPv4Address(address.packed[-4:]) if address in _NAT64 else None
        within = (address.ipv4_mapped, address.sixtofour, nat64, *(teredo or ()))
        if any(inner is not None for inner in within):
            return all(_is_everybodys(inner) for inner in within if inner is not None)
    return address.is_global and not address.is_multicast
