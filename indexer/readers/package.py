"""Zip files of XML parts, as office documents and books are: opened and parsed within bounds.

What the parts mean is left to the readers. They go by local names: those of the two editions of Office Open XML
(ECMA-376, transitional and strict) differ in nothing but their namespaces.
"""

import posixpath
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO, TypeAlias
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from lxml import etree  # type: ignore[import-untyped]

from indexer.readers import MAX_WHOLE_BYTES
from search.errors import SourceError

Element: TypeAlias = Any
"""An element of lxml, which has no types."""

MAX_PACKAGE_BYTES = 2**28
"""So much is inflated from one package. Pictures and films, most of a large one's bytes, are never touched."""

MAX_MARKS = 2**22
"""At most so many tags and attributes are parsed at once: each takes up to 250 bytes of memory, however short."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PACKINGS = (ZIP_STORED, ZIP_DEFLATED)  # zipfile inflates the others without bound
_DAMAGE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error)
_GET_AGAIN = "Get the file again from where it came, or leave it out."
_SPLIT = "Split the file into smaller ones."
_UNLOCK = "Open it with its password and save it without one."


class Package:
    """A package that is open for reading. Its parts go by their paths, whose case does not count (ECMA-376, part 2).

    `kind` is what people call such a file. Raises `SourceError` for a file that is no package.
    """

    def __init__(self, stream: BinaryIO, kind: str) -> None:
        self.kind = kind
        self._left_bytes = MAX_PACKAGE_BYTES
        _reject_other_files(stream, kind)
        with _damage_told():
            self._zip = ZipFile(stream)
            self._parts = {_key(part.filename): part for part in self._zip.infolist()}

    def __contains__(self, path: str) -> bool:
        return _key(path) in self._parts

    def read(self, path: str) -> bytes:
        """The bytes of a part. Raises `SourceError` if it is missing, locked, damaged or too large.

        The size that a part declares counts. One that has more in it fails its checksum before more is inflated.
        """
        if path not in self:
            raise SourceError(f"The file is not a whole {self.kind}: {path} is missing.", hint=_GET_AGAIN)
        part = self._parts[_key(path)]
        if part.flag_bits & 1:
            raise SourceError("The file needs a password.", hint=_UNLOCK)
        if part.compress_type not in _PACKINGS:
            raise SourceError(f"{path} is packed in a way that no {self.kind} is.", hint=_GET_AGAIN)
        self._left_bytes -= part.file_size
        if part.file_size > MAX_WHOLE_BYTES:
            raise SourceError(f"{path} is too large: {part.file_size} bytes.", hint=_SPLIT)
        if self._left_bytes < 0:
            raise SourceError(f"There are more than {MAX_PACKAGE_BYTES} bytes of text and markup in it.", hint=_SPLIT)
        with _damage_told(), self._zip.open(part) as content:
            return content.read(part.file_size + 1)

    def xml(self, path: str) -> Element:
        """The root of a part that is XML; entities in it are not resolved.

        Raises `SourceError`, also for what is not XML, and for what defines entities: no document needs to.
        """
        data = self.read(path)
        _reject_many_marks(data, path)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise SourceError(f"{path} is not XML: {error.msg}.", hint=_GET_AGAIN) from error
        declarations = root.getroottree().docinfo.internalDTD
        if declarations is not None and any(declarations.iterentities()):
            raise SourceError(f"{path} defines entities, as no {self.kind} does.", hint=_GET_AGAIN)
        return root


def parse_html(text: str) -> Element | None:
    """The root of a page in HTML or XHTML, as whole as a browser would show it; None for a page with nothing in it.

    Raises `SourceError` for one that has too many elements, or has them nested deeper than 255.
    """
    data = text.encode()
    _reject_many_marks(data, "The page")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = etree.parse(BytesIO(data), parser).getroot()
    if any("depth" in error.message for error in parser.error_log):
        raise SourceError("The page has elements nested deeper than 255.", hint=_GET_AGAIN)
    return root


def _reject_many_marks(data: bytes, name: str) -> None:
    if data.count(b"<") + data.count(b"=") > MAX_MARKS:
        raise SourceError(f"{name} has more than {MAX_MARKS} tags and attributes.", hint=_SPLIT)


def local(element: Element) -> str:
    """An element's name without its namespace; empty for an entity that was not resolved."""
    return _local(element.tag)


@lru_cache(maxsize=1024)
def _local(tag: object) -> str:
    return re.split("[}:]", tag)[-1] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """The value of the attribute that has this name in a namespace, whichever."""
    return next((str(value) for key, value in element.items() if key.endswith(f"}}{name}")), None)


def find(element: Element, *names: str) -> Element | None:
    """The first child of the first child … with these names; None where there is none."""
    for name in names:
        element = next(element.iterchildren(f"{{*}}{name}"), None)
        if element is None:
            return None
    return element


def children(element: Element, *names: str) -> list[Element]:
    """What is inside of the element that `find` finds; nothing where there is none."""
    found = find(element, *names)
    return [] if found is None else list(found)


def resolve(path: str, reference: str) -> str:
    """The path of what the part at `path` refers to. It never leads out of the package."""
    target = unquote(reference.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(path), target)).lstrip("/")


def _key(path: str) -> str:
    return path.replace("\\", "/").lstrip("/").lower()


def _reject_other_files(stream: BinaryIO, kind: str) -> None:
    head = stream.read(len(_OLE))
    if not head:
        raise SourceError("The file is empty.", hint=_GET_AGAIN)
    if head == _OLE:
        # [MS-OFFCRYPTO] 2.3.4.4: a document with a password is this stream of a compound file.
        if "EncryptedPackage".encode("utf-16-le") in stream.read(MAX_WHOLE_BYTES):
            raise SourceError("The file needs a password.", hint=_UNLOCK)
        raise SourceError(
            f"The file is no {kind} but one of the binary formats before Office 2007.",
            hint="Open it in an office program and save it in a format of today.",
        )
    if not head.startswith(b"PK"):
        raise SourceError(f"The file is no {kind}, whatever its name says.", hint="Give it the ending of what it is.")
    stream.seek(0)


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise SourceError(f"The file is cut short or damaged: {error}.", hint=_GET_AGAIN) from error
