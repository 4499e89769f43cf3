"""Books (.epub), a document a chapter: what is found in a book is a place in it, and its chapters are of one length
with other documents.

Left out are the book's own table of contents and the numbers of printed pages and of notes amid the text. The standard
is EPUB 3.3, and OPF 2.0 before it. EbookLib is under the AGPL and not used.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO

from indexer.dates import parse_date
from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.readers.package import Element, Package, attribute, children, find, local, parse_html, resolve
from indexer.readers.prose import paragraphs, prose
from search.errors import SourceError

_PROSE = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document"})
_CONTENTS = "application/x-dtbncx+xml"
_BUY = "Ask its publisher for one that is not."


@dataclass(frozen=True, slots=True)
class _Part:
    """An entry of a book's manifest."""

    path: str
    media_type: str
    properties: frozenset[str]


def read(stream: BinaryIO, _: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """One item a chapter, entitled "Book — Chapter"; its `record_id` is its path in the book."""
    package = Package(stream, "book in EPUB")
    opf = _opf(package)
    book = package.xml(opf)
    about = _about(book)
    parts = _manifest(book, opf)
    chapters = [part for part in _spine(book, parts) if "nav" not in part.properties]
    locked = _locked(package)
    _reject_unreadable(chapters, locked)
    labels = _labels(package, parts.values())
    title = ""
    for part in chapters:
        try:
            heading, text = _chapter(package, part, locked)
        except SourceError as error:
            yield Skip(part.path, error.message)
            continue
        title = labels.get(part.path) or heading or title  # a chapter may go on in a file without a heading
        named = " — ".join(dict.fromkeys(filter(None, (about.title, title))))
        yield replace(about, text=text, title=named, record_id=part.path)


def _reject_unreadable(chapters: list[_Part], locked: set[str]) -> None:
    if not chapters:
        raise SourceError("The book lists no chapters.", hint="Get it again from where it came, or leave it out.")
    if all(part.path in locked for part in chapters):
        raise SourceError("The book is locked to its buyer (DRM).", hint=_BUY)


def _chapter(package: Package, part: _Part, locked: set[str]) -> tuple[str, str]:
    """The first heading and the text of a chapter. Raises `SourceError` for one that cannot be read."""
    if part.path in locked:
        raise SourceError("It is encrypted.", hint=_BUY)
    if part.media_type not in _PROSE:
        raise SourceError(f"It is {part.media_type}, not text.", hint="Get a book that has its text as text.")
    return prose(package.read(part.path))


def _opf(package: Package) -> str:
    """The path of the package document, which tells what is in the book."""
    if "META-INF/container.xml" not in package:
        raise SourceError(
            f"The file is a zip archive, but no {package.kind}.", hint="Give it the ending of what it is."
        )
    root = find(package.xml("META-INF/container.xml"), "rootfiles", "rootfile")
    return str(root.get("full-path", "")) if root is not None else ""


def _about(book: Element) -> SourceItem:
    """An item without text: what the book says of itself."""
    metadata = find(book, "metadata")
    said: dict[str, list[str]] = {}
    for entry in metadata.iter() if metadata is not None else ():
        value = " ".join((entry.text or "").split())
        if value and attribute(entry, "event") in (None, "publication"):
            said.setdefault(local(entry).lower(), []).append(value)
    return SourceItem(
        text="",
        title=said.get("title", [""])[0],
        author="; ".join(dict.fromkeys(said.get("creator", []))) or None,
        date=next(filter(None, map(parse_date, said.get("date", []))), None),
        lang=said.get("language", [None])[0],
        publisher=said.get("publisher", [None])[0],
    )


def _manifest(book: Element, opf: str) -> dict[str, _Part]:
    """What belongs to the book, by its ids."""
    return {
        item.get("id", ""): _Part(
            path=resolve(opf, item.get("href", "")),
            media_type=item.get("media-type", "").lower(),
            properties=frozenset(item.get("properties", "").split()),
        )
        for item in children(book, "manifest")
    }


def _spine(book: Element, parts: Mapping[str, _Part]) -> list[_Part]:
    """The parts that are read one after the other."""
    ids = [item.get("idref") for item in children(book, "spine")]
    return list({parts[key].path: parts[key] for key in ids if key in parts}.values())


def _locked(package: Package) -> set[str]:
    """The paths of the parts that are encrypted."""
    if "META-INF/encryption.xml" not in package:
        return set()
    references = package.xml("META-INF/encryption.xml").iter()
    return {resolve("", part.get("URI", "")) for part in references if local(part) == "CipherReference"}


def _labels(package: Package, parts: Iterable[_Part]) -> dict[str, str]:
    """What the book's table of contents calls its chapters, by their paths. A broken one costs only the titles."""
    labels: dict[str, str] = {}
    for part in parts:
        is_nav = "nav" in part.properties
        if not is_nav and part.media_type != _CONTENTS:
            continue
        with suppress(SourceError):
            for reference, label in (_nav if is_nav else _ncx)(package, part.path):
                labels.setdefault(resolve(part.path, reference), label)
    return labels


def _nav(package: Package, path: str) -> Iterator[tuple[str, str]]:
    """References and labels of a table of contents as EPUB 3 has it."""
    page = parse_html(package.read(path).decode(errors="replace"))
    lists = [element for element in (page.iter() if page is not None else ()) if local(element) == "nav"]
    for contents in [nav for nav in lists if nav.get("epub:type") == "toc"][:1]:
        for link in contents.iter("a"):
            yield link.get("href", ""), " ".join(" ".join(paragraphs(link)).split())


def _ncx(package: Package, path: str) -> Iterator[tuple[str, str]]:
    """References and labels of a table of contents as EPUB 2 has it."""
    for point in package.xml(path).iter():
        label, content = find(point, "navLabel", "text"), find(point, "content")
        if local(point) == "navPoint" and label is not None and content is not None:
            yield content.get("src", ""), " ".join((label.text or "").split())
