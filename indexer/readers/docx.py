"""Word documents (.docx, .docm, .dotx): the body as it is read, then its notes.

Left out is what a reader of the printed page does not see, deletions, comments and hidden text, and what is not of the
text: headers, footers, list numbers and the table of contents. python-docx is not used: it refuses documents with
macros, in the strict edition of the format and with dangling relations, and knows neither text boxes nor notes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.readers.openxml import Relation, chosen, diagram, main_part, properties, related, relations
from indexer.readers.package import Element, Package, attribute, find, local
from indexer.readers.paragraphs import Blocks

_LEFT_OUT = frozenset({"pPr", "rPr", "del", "moveFrom", "rt"})
_CHARACTERS = {"noBreakHyphen": "-", "tab": " ", "ptab": " "}
_CONTENTS = re.compile(r"(toc|contents) (\d|heading)")
_HEADING = re.compile(r"heading \d")


def read(stream: BinaryIO, _: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """The document as one item; its title is that of its properties, or else its first title or heading."""
    package = Package(stream, "Word document")
    path, document = main_part(package, "document")
    body = _Body(package, path)
    blocks = Blocks()
    body.walk(document, blocks)
    for name, note in dict.fromkeys(body.notes):
        body.add_note(name, note, blocks)
    item = properties(package)
    yield replace(item, text=blocks.text(), title=item.title or body.title or body.heading)
    for part in body.imported:
        yield Skip(part, "Another document stands in its place in this one; it is not read.")


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    base: str
    is_hidden: bool | None


class _Body:
    """A walk over a document's parts, writing what is to be read into blocks."""

    def __init__(self, package: Package, path: str) -> None:
        self.title = ""
        self.heading = ""
        self.notes: list[tuple[str, str]] = []
        self.imported: list[str] = []
        self._package = package
        self._path = path
        self._relations: Mapping[str, Relation] = relations(package, path)
        self._styles = _styles(package, path)
        self._note_parts: dict[str, dict[str, Element]] = {}
        self._row: list[list[str]] = []
        self._in_field_code: list[bool] = []
        self._style: list[_Style] = []
        self._handlers: dict[str, Callable[[Element, Blocks], None]] = {
            "p": self._paragraph,
            "r": self._run,
            "t": self._text,
            "br": lambda _, blocks: blocks.break_line(),
            "cr": lambda _, blocks: blocks.break_line(),
            "fldChar": self._field,
            "tr": self._table_row,
            "tc": self._cell,
            "sdt": self._control,
            "AlternateContent": self._alternatives,
            "txbxContent": self._text_box,
            "txBody": self._text_box,
            "textpath": lambda art, blocks: blocks.put_after([art.get("string", "")]),
            "relIds": lambda reference, blocks: blocks.put_after(diagram(self._package, self._path, reference)),
            "footnoteReference": self._note,
            "endnoteReference": self._note,
            "altChunk": self._import,
            "subDoc": self._import,
        }

    def walk(self, element: Element, blocks: Blocks) -> None:
        """Write what is inside an element."""
        for child in element:
            name = local(child)
            if name in self._handlers:
                self._handlers[name](child, blocks)
            elif name in _CHARACTERS:
                blocks.write(_CHARACTERS[name])
            elif name not in _LEFT_OUT:
                self.walk(child, blocks)

    def add_note(self, name: str, note: str, blocks: Blocks) -> None:
        """Write a footnote or an endnote that the text refers to."""
        if name not in self._note_parts:
            path = related(self._package, self._path, f"{name}s")
            notes = self._package.xml(path) if path else ()
            self._note_parts[name] = {attribute(entry, "id") or "": entry for entry in notes}
        if note in self._note_parts[name]:
            self.walk(self._note_parts[name][note], blocks)

    def _paragraph(self, paragraph: Element, blocks: Blocks) -> None:
        outer, self._style = self._style, self._lineage(_value(paragraph, "pPr", "pStyle"))
        if not any(_CONTENTS.fullmatch(style.name) for style in self._style):
            self.walk(paragraph, blocks)
            self._in_field_code = [False] * len(self._in_field_code)  # code ends with its paragraph, ended or not
            mark = find(paragraph, "pPr", "rPr")
            # Where its mark is not there to be seen, the next paragraph goes on in this one.
            if mark is None or (find(mark, "del") is None and not _switch(mark, "vanish")):
                self._end(blocks)
        self._style = outer

    def _end(self, blocks: Blocks) -> None:
        text = " ".join(blocks.end().split())
        if any(style.name == "title" for style in self._style):
            self.title = self.title or text
        elif any(_HEADING.fullmatch(style.name) for style in self._style):
            self.heading = self.heading or text

    def _run(self, run: Element, blocks: Blocks) -> None:
        """A run of text in one format; a hidden one is walked for the fields that begin or end in it."""
        format_ = find(run, "rPr")
        said = [_switch(format_, "vanish")]
        said += [style.is_hidden for style in self._lineage(_value(format_, "rStyle")) + self._style]
        is_hidden = next((hidden for hidden in said if hidden is not None), False)
        self.walk(run, Blocks() if is_hidden else blocks)

    def _lineage(self, style: str) -> list[_Style]:
        """A style and those that it goes back to."""
        found: dict[str, _Style] = {}
        while style in self._styles and style not in found:
            found[style] = self._styles[style]
            style = found[style].base
        return list(found.values())

    def _text(self, text: Element, blocks: Blocks) -> None:
        if not any(self._in_field_code):
            blocks.write(text.text)

    def _field(self, mark: Element, _: Blocks) -> None:
        """A field is a beginning, its code, a separator, its result and an end."""
        match attribute(mark, "fldCharType"):
            case "begin":
                self._in_field_code.append(True)
            case "separate" if self._in_field_code:
                self._in_field_code[-1] = False
            case "end" if self._in_field_code:
                self._in_field_code.pop()

    def _table_row(self, row: Element, blocks: Blocks) -> None:
        if find(row, "trPr", "del") is not None:
            return
        outer, self._row = self._row, []
        self.walk(row, blocks)
        blocks.add_row(self._row)
        self._row = outer

    def _cell(self, cell: Element, _: Blocks) -> None:
        self._row.append(self._inside(cell))

    def _control(self, control: Element, blocks: Blocks) -> None:
        """A content control, unless all it shows is the prompt to fill it in, or the table of contents."""
        gallery = _value(control, "sdtPr", "docPartObj", "docPartGallery")
        if gallery != "Table of Contents" and find(control, "sdtPr", "showingPlcHdr") is None:
            self.walk(control, blocks)

    def _alternatives(self, alternatives: Element, blocks: Blocks) -> None:
        choice = chosen(alternatives)
        if choice is not None:
            self.walk(choice, blocks)

    def _text_box(self, content: Element, blocks: Blocks) -> None:
        blocks.put_after(self._inside(content))

    def _inside(self, element: Element) -> list[str]:
        inner = Blocks()
        self.walk(element, inner)
        inner.end()
        return inner.done

    def _note(self, reference: Element, _: Blocks) -> None:
        self.notes.append((local(reference).removesuffix("Reference"), attribute(reference, "id") or ""))

    def _import(self, chunk: Element, _: Blocks) -> None:
        relation = self._relations.get(attribute(chunk, "id") or "")
        self.imported.append(relation.target if relation else local(chunk))


def _styles(package: Package, path: str) -> dict[str, _Style]:
    part = related(package, path, "styles")
    return {
        attribute(style, "styleId") or "": _Style(
            name=_value(style, "name").lower(),
            base=_value(style, "basedOn"),
            is_hidden=_switch(find(style, "rPr"), "vanish"),
        )
        for style in (package.xml(part) if part else ())
        if local(style) == "style"
    }


def _value(element: Element | None, *names: str) -> str:
    found = find(element, *names) if element is not None else None
    return (attribute(found, "val") or "") if found is not None else ""


def _switch(format_: Element | None, name: str) -> bool | None:
    """Whether a format is switched on or off; None where nothing is said."""
    found = find(format_, name) if format_ is not None else None
    return None if found is None else attribute(found, "val") not in ("0", "false", "off")
