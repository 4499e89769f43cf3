"""OpenDocument texts (.odt, .ott): the body as it is read, then its notes.

Left out is what a reader of the printed page does not see, deletions, comments and hidden text, and what is not of the
text: headers, footers, and the tables and indexes that the program makes. The standard is ODF 1.3.
odfdo is not used: the text that it makes of a document has the hidden parts, the comments and the indexes in it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO

from indexer.dates import parse_date
from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.readers.metadata import first
from indexer.readers.package import Element, Package, attribute, children, find, local
from indexer.readers.paragraphs import Blocks
from search.errors import SourceError

_KIND = "OpenDocument text"
_INDEXES = (
    "table-of-content",
    "illustration-index",
    "table-index",
    "object-index",
    "user-index",
    "alphabetical-index",
)
_LEFT_OUT = frozenset(
    {
        *_INDEXES,
        "annotation",
        "covered-table-cell",
        "forms",
        "hidden-text",
        "note-citation",
        "number",
        "placeholder",
        "ruby-text",
        "script",
        "tracked-changes",
    }
)
_DRAWING = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"

_Styles = dict[tuple[str, str], Element]


def read(stream: BinaryIO, _: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """The document as one item; its title is that of its properties, or else its first title or heading."""
    package = Package(stream, _KIND)
    _reject_others(package)
    content = package.xml("content.xml")
    text = find(content, "body", "text")
    if text is None:
        raise SourceError(f"The file is no {_KIND}.", hint="Save it as .odt from the program that it is of.")
    body = _Body(_styles(package, content))
    blocks = Blocks()
    body.walk(text, blocks)
    blocks.end()
    blocks.done += body.notes
    item = _properties(package)
    yield replace(item, text=blocks.text(), title=item.title or body.title or body.heading)


def _reject_others(package: Package) -> None:
    if "content.xml" not in package and "encrypted-package" not in package:
        raise SourceError(f"The file is a zip archive, but no {_KIND}.", hint="Give it the ending of what it is.")
    manifest = package.xml("META-INF/manifest.xml") if "META-INF/manifest.xml" in package else ()
    if any(find(entry, "encryption-data") is not None for entry in manifest):
        raise SourceError("The file needs a password.", hint="Open it with its password and save it without one.")


def _properties(package: Package) -> SourceItem:
    """An item without text: what the document says of itself. Its date is the day of its making."""
    entries = children(package.xml("meta.xml"), "meta") if "meta.xml" in package else []
    said = {local(entry): (entry.text or "").strip() for entry in entries}
    return SourceItem(
        text="",
        title=said.get("title", ""),
        author=first(said, "initial-creator", "creator"),
        date=parse_date(said.get("creation-date")) or parse_date(said.get("date")),
        lang=first(said, "language"),
    )


def _styles(package: Package, content: Element) -> _Styles:
    """All styles by family and name, those that the writer knows by name and the automatic ones of the body."""
    roots = [package.xml("styles.xml")] if "styles.xml" in package else []
    return {
        (attribute(style, "family") or "", attribute(style, "name") or ""): style
        for root in (*roots, content)
        for styles in ("styles", "automatic-styles")
        for style in children(root, styles)
        if local(style) == "style"
    }


class _Body:
    """A walk over a document's body, writing what is to be read into blocks."""

    def __init__(self, styles: _Styles) -> None:
        self.title = ""
        self.heading = ""
        self.notes: list[str] = []
        self._styles = styles
        self._row: list[list[str]] = []
        self._handlers: dict[str, Callable[[Element, Blocks], None]] = {
            "p": self._paragraph,
            "h": self._paragraph,
            "span": self._span,
            "section": self._section,
            "s": lambda _, blocks: blocks.write(" "),
            "tab": lambda _, blocks: blocks.write(" "),
            "line-break": lambda _, blocks: blocks.break_line(),
            "note-body": lambda note, _: self.notes.extend(self._inside(note)),
            "table-row": self._table_row,
            "table-cell": lambda cell, _: self._row.append(self._inside(cell)),
        }

    def walk(self, element: Element, blocks: Blocks, *, with_text: bool = False) -> None:
        """Write what is inside an element. Only in a paragraph the text between its parts is text."""
        if with_text:
            blocks.write(element.text)
        for child in element:
            name = local(child)
            if name in self._handlers:
                self._handlers[name](child, blocks)
            elif name in _LEFT_OUT:
                pass
            elif child.tag.startswith(_DRAWING):
                blocks.put_after(self._inside(child))
            else:
                self.walk(child, blocks, with_text=with_text)
            if with_text:
                blocks.write(child.tail)

    def _paragraph(self, paragraph: Element, blocks: Blocks) -> None:
        style = attribute(paragraph, "style-name") or ""
        is_hidden = any(attribute(mark, "is-hidden") == "true" for mark in paragraph) or self._hides("paragraph", style)
        self.walk(paragraph, Blocks() if is_hidden else blocks, with_text=True)
        text = " ".join(blocks.end().split())
        if any(name == "Title" for name, _ in self._lineage("paragraph", style)):
            self.title = self.title or text
        elif local(paragraph) == "h":
            self.heading = self.heading or text

    def _span(self, span: Element, blocks: Blocks) -> None:
        is_hidden = self._hides("text", attribute(span, "style-name") or "")
        self.walk(span, Blocks() if is_hidden else blocks, with_text=True)

    def _section(self, section: Element, blocks: Blocks) -> None:
        if attribute(section, "display") != "none" and attribute(section, "is-hidden") != "true":
            self.walk(section, blocks)

    def _table_row(self, row: Element, blocks: Blocks) -> None:
        outer, self._row = self._row, []
        self.walk(row, blocks)
        blocks.add_row(self._row)
        self._row = outer

    def _inside(self, element: Element) -> list[str]:
        inner = Blocks()
        self.walk(element, inner)
        inner.end()
        return inner.done

    def _hides(self, family: str, style: str) -> bool:
        for _, element in self._lineage(family, style):
            properties = find(element, "text-properties")
            display = attribute(properties, "display") if properties is not None else None
            if display is not None:
                return display == "none"
        return False

    def _lineage(self, family: str, style: str) -> list[tuple[str, Element]]:
        """A style and those that it goes back to, with their names."""
        found: dict[str, Element] = {}
        while (family, style) in self._styles and style not in found:
            found[style] = self._styles[family, style]
            style = attribute(found[style], "parent-style-name") or ""
        return list(found.items())
