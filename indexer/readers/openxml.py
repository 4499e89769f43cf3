"""What Word's and PowerPoint's formats share: parts that are related, properties, content in alternatives.

The standard is ECMA-376 (ISO/IEC 29500): part 2 for packages, part 1 for what is in them.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.dates import parse_date
from indexer.readers import SourceItem
from indexer.readers.package import Element, Package, attribute, children, find, local, resolve
from indexer.readers.paragraphs import Blocks
from search.errors import SourceError

# Titles that the programs give, not the writers.
_NO_TITLES = frozenset({"PowerPoint Presentation", "Word Document", "عرض تقديمي في PowerPoint", "عرض تقديمي"})
# When the templates of python-docx and python-pptx were made: it says nothing of a document that they wrote.
_TEMPLATES = frozenset({"2013-12-23T23:15:00Z", "2013-01-27T09:14:16Z"})


@dataclass(frozen=True, slots=True)
class Relation:
    """That a part has to do with another: its `target`, a path, and the last word of the relation's `type`."""

    type: str
    target: str


def main_part(package: Package, root: str) -> tuple[str, Element]:
    """The path and the root of the part that all others hang on. Raises `SourceError` unless its root is so named."""
    path = related(package, "", "officeDocument")
    element = package.xml(path) if path else None
    if path is None or element is None or local(element) != root:
        raise SourceError(
            f"The file is a zip archive, but no {package.kind}.", hint="Give it the ending of what it is."
        )
    return path, element


def relations(package: Package, path: str) -> dict[str, Relation]:
    """A part's relations to other parts of the package, by their ids; those of the package itself for an empty path."""
    folder, name = posixpath.split(path)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    if listed not in package:
        return {}
    return {
        relation.get("Id", ""): Relation(
            relation.get("Type", "").rpartition("/")[2],
            resolve(path, relation.get("Target", "")),
        )
        for relation in package.xml(listed)
        if relation.get("TargetMode") != "External"
    }


def related(package: Package, path: str, relation_type: str) -> str | None:
    """The path of the first part that a part has such a relation to; None where none is there."""
    targets = (relation.target for relation in relations(package, path).values() if relation.type == relation_type)
    return next((target for target in targets if target in package), None)


def properties(package: Package) -> SourceItem:
    """An item without text: what the package says of itself. Its date is the day of its making."""
    path = related(package, "", "core-properties")
    said = {local(entry): (entry.text or "").strip() for entry in package.xml(path)} if path else {}
    date, changed = (said.get(name, "") for name in ("created", "modified"))
    title = said.get("title", "")
    return SourceItem(
        text="",
        title="" if title in _NO_TITLES else title,
        author=said.get("creator") if date not in _TEMPLATES and said.get("creator") else None,
        date=next((parse_date(day) for day in (date, changed) if day not in _TEMPLATES and parse_date(day)), None),
        lang=said.get("language") or None,
    )


def chosen(alternatives: Element) -> Element | None:
    """The one of alternatives that is to be read: the first choice, which today's programs show, or else the fallback.

    A text box stands in each of them, drawn in newer and in older markup (ECMA-376, part 3).
    """
    choice = find(alternatives, "Choice")
    return find(alternatives, "Fallback") if choice is None else choice


def diagram(package: Package, path: str, reference: Element) -> list[str]:
    """The words of a SmartArt diagram that the part at `path` refers to, one entry a box."""
    data = relations(package, path).get(attribute(reference, "dm") or "")
    if data is None or data.target not in package:
        return []
    blocks = Blocks()
    for paragraph in _points(package.xml(data.target)):
        for piece in paragraph.iter():
            if local(piece) == "t":
                blocks.write(piece.text)
        blocks.end()
    return blocks.done


def _points(data: Element) -> Iterator[Element]:
    """The paragraphs of a diagram's nodes, without those that only tell how it is to be drawn."""
    for point in children(data, "ptLst"):
        if point.get("type", "node") in ("node", "asst"):
            yield from (child for child in children(point, "t") if local(child) == "p")
