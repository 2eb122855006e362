"""Asks other sites for files, and nothing but other sites: no address leads the server inside.

The name is looked up once, what it stands for is checked, and the connection goes to that very
address, so that a second look-up cannot lead elsewhere. Redirects are checked like the first.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from .package.errors import PackageError

TIMEOUT = 30
MAX_REDIRECTS = 5
#: A small window: what was sent and not yet read is lost when the process is killed.
RECEIVE_BUFFER = 64 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class FetchError(PackageError):
    """Another site cannot be asked, or gave an answer that is of no use."""


class ForbiddenAddress(FetchError):
    """An address that leads inside, or is none that files are fetched from."""


class Interrupted(FetchError):
    """The line broke, or the other site is busy: trying again may help."""


@contextmanager
def opened(url: str, headers: Mapping[str, str]) -> Iterator[http.client.HTTPResponse]:
    """The answer to a GET, after redirects. Raises FetchError."""
    for _attempt in range(MAX_REDIRECTS + 1):
        connection = _connection(url)
        try:
            response = _answer(connection, url, headers)
            target = response.getheader("Location")
            if response.status not in _REDIRECTS or not target:
                yield response
                return
            following = _joined(url, target)
        finally:
            connection.close()
        if url.startswith("https:") and not following.startswith("https:"):
            raise ForbiddenAddress(_("The site leads from a secure address to one that is not."))
        url = following
    raise FetchError(_("The site leads from one address to the next without end."))


def read_small(url: str, limit: int) -> bytes:
    """A whole answer of at most `limit` bytes. Raises FetchError."""
    with opened(url, {}) as response:
        check_status(response)
        try:
            content = response.read(limit + 1)
        except (OSError, http.client.HTTPException) as error:
            raise Interrupted(_("The connection broke off.")) from error
    if len(content) > limit:
        raise FetchError(_("The answer of the site is larger than it may be."))
    return content


def check_status(response: http.client.HTTPResponse) -> None:
    """Raise FetchError unless the answer brings what was asked for."""
    if response.status in (200, 206):
        return
    if response.status in (408, 425, 429) or response.status >= 500:
        raise Interrupted(
            _("The site cannot answer now (error %(status)s).") % {"status": response.status}
        )
    raise FetchError(
        _("The site does not have this (error %(status)s). Check the address.")
        % {"status": response.status}
    )


def _answer(
    connection: http.client.HTTPConnection, url: str, headers: Mapping[str, str]
) -> http.client.HTTPResponse:
    parts = _split(url)
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    # A compressed answer could not be resumed, and could be a bomb.
    sent = {"Accept-Encoding": "identity", "User-Agent": "Mittaphap", **headers}
    try:
        connection.request("GET", target, headers=sent)
        return connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        raise Interrupted(_("The site cannot be reached.")) from error


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        return target  # It is refused when it is asked.


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and parts.port != 0
            and len(url) <= 2000
            and not any(character <= " " or character == "\x7f" for character in url)
        )
    except ValueError:
        usable = False
    if not usable:
        raise ForbiddenAddress(_("Give an address that begins with https:// or http://."))
    return parts


def _connection(url: str) -> http.client.HTTPConnection:
    """A connection to the checked address of a URL's host, not opened yet."""
    parts = _split(url)
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    addresses = _checked_addresses(parts.hostname or "", port)
    return _Connection(parts.hostname or "", port, addresses, is_secure)


def _checked_addresses(host: str, port: int) -> list[tuple[Any, ...]]:
    """Where to connect to, as family and address; ForbiddenAddress if any of them leads inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Interrupted(_("There is no site of this name, or no connection.")) from error
    for _family, _type, _protocol, _name, address in found:
        if not settings.FETCH_ALLOW_PRIVATE and not is_public(str(address[0])):
            raise ForbiddenAddress(
                _("This address leads into a private network, from which nothing is fetched.")
            )
    return [(family, address) for family, _type, _protocol, _name, address in found]


def is_public(text: str) -> bool:
    """Whether an IP address is one of the internet, also where it is wrapped in another."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False  # One with a zone, such as fe80::1%eth0.
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            inner = address.teredo[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast


class _Connection(http.client.HTTPConnection):
    """Speaks to checked addresses under the name of their host."""

    def __init__(
        self, host: str, port: int, addresses: list[tuple[Any, ...]], is_secure: bool
    ) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.default_port = 443 if is_secure else 80
        self._addresses = addresses
        self._is_secure = is_secure

    def connect(self) -> None:
        for family, address in self._addresses[:-1]:
            try:
                self.sock = _socket(family, address)
                break
            except OSError:
                continue  # A host with an address of each kind may answer at one only.
        else:
            self.sock = _socket(*self._addresses[-1])
        if self._is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _socket(family: int, address: Any) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(TIMEOUT)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        made.connect(address)
    except BaseException:
        made.close()
        raise
    return made
