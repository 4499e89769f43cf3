"""Where an index is that a Milvus keeps, as it is typed: ``milvus://HOST:PORT/NAME``."""

import re
from dataclasses import dataclass
from typing import Self

from search.errors import SettingError

_PORT = 19530
_SCHEMES = {"milvus": "http", "milvus+tls": "https"}
_SERVER = re.compile(
    r"(?P<scheme>milvus|milvus\+tls)://(?P<host>[\w.-]+|\[[0-9a-fA-F:.]+\])(:(?P<port>\d{1,5}))?/(?P<name>[^/]*)"
)
_LITE = re.compile(r"milvus-lite://(?P<folder>/.*\.db)/(?P<name>[^/]*)")
_NAME = re.compile(r"[A-Za-z_]\w{0,63}", re.ASCII)
_FORM = "Write it as milvus://HOST:19530/NAME, with TLS as milvus+tls://HOST:19530/NAME."


@dataclass(frozen=True, slots=True)
class Address:
    """An index called `name` in the Milvus at `uri`: of a server http… or https…, of Milvus Lite the path of a folder.

    Milvus Lite is a Milvus inside of this process, by the package milvus-lite: for trying out, and for tests.
    """

    uri: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The address in a text. Raises `SettingError` when it is none; what may be a password is not repeated."""
        if "@" in text:
            raise SettingError(
                "An address of an index holds no user and no password.",
                hint="Give them as USER:PASSWORD in the variable JISR_MILVUS_TOKEN, and leave them out of the address.",
            )
        found = _SERVER.fullmatch(text) or _LITE.fullmatch(text)
        if not found:
            raise SettingError(f"{text!r} is no address of an index.", hint=_FORM)
        if not _NAME.fullmatch(found["name"]):
            raise SettingError(
                f"{found['name']!r} is no name of an index in a Milvus.",
                hint="Use at most 64 of the letters a to z, digits and _, a letter first.",
            )
        if found.re is _LITE:
            return cls(found["folder"], found["name"])
        port = int(found["port"] or _PORT)
        if not 0 < port < 65536:
            raise SettingError(f"There is no port {port}.", hint=_FORM)
        return cls(f"{_SCHEMES[found['scheme']]}://{found['host']}:{port}", found["name"])

    @property
    def is_lite(self) -> bool:
        """Whether it is in a folder, which one process opens at a time."""
        return self.uri.startswith("/")

    @property
    def server(self) -> str:
        """The host and port, or the folder, without what else the address says."""
        return self.uri.rpartition("://")[2]

    def __str__(self) -> str:
        if self.is_lite:
            return f"milvus-lite://{self.uri}/{self.name}"
        scheme = next(scheme for scheme, theirs in _SCHEMES.items() if self.uri.startswith(f"{theirs}://"))
        return f"{scheme}://{self.server}/{self.name}"


def is_address(text: str) -> bool:
    """Whether a text is meant as an address rather than as a folder."""
    return re.match(r"milvus[\w+-]*://", text) is not None
