"""PowerPoint presentations (.pptx, .pptm, .ppsx, .potx): slide by slide, each its title, its texts and its notes.

Left out are hidden slides and shapes, and what stands on every slide: date, number and footer. python-pptx is not
used: it refuses shows and templates, inflates every part, films too, without bound, and does not know diagrams.
"""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from indexer.readers import Health, ReadOptions, Skip, SourceItem
from indexer.readers.openxml import chosen, diagram, main_part, properties, related, relations
from indexer.readers.package import Element, Package, attribute, children, find, local
from indexer.readers.paragraphs import Blocks
from search.errors import SourceError

_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"dt", "ftr", "sldNum", "hdr", "sldImg"})
_LEFT_OUT = frozenset({"pPr", "rPr"})


def read(stream: BinaryIO, _: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """The presentation as one item whose pages are its slides; its title is the first slide's where it has none."""
    package = Package(stream, "presentation")
    texts: list[str] = []
    first_title = ""
    for number, path in enumerate(_slides(package), start=1):
        try:
            title, text = _read_slide(package, path)
        except SourceError as error:
            yield Skip(f"slide {number}", error.message)
            title, text = "", ""
        first_title = first_title or title
        texts.append(text)
    yield Health(pages=len(texts), empty_pages=tuple(number for number, text in enumerate(texts, start=1) if not text))
    item = properties(package)
    text = "\n\n".join(filter(None, texts))
    title = item.title or " ".join(first_title.split())
    yield replace(item, text=text, title=title, page_starts=_starts(texts, len(text)))


def _starts(texts: list[str], end: int) -> tuple[int, ...]:
    """Where each slide begins in the whole text; one without text begins where the next one with text does."""
    lengths = (len(text) + 2 if text else 0 for text in texts)
    return tuple(min(start, end) for start in itertools.accumulate(lengths, initial=0))[: len(texts)]


def _slides(package: Package) -> list[str]:
    """The paths of the slides, in the order of the show."""
    path, show = main_part(package, "presentation")
    parts = relations(package, path)
    ids = [attribute(slide, "id") or "" for slide in children(show, "sldIdLst")]
    return list(dict.fromkeys(parts[key].target for key in ids if key in parts))


def _read_slide(package: Package, path: str) -> tuple[str, str]:
    """A slide's title and its whole text. Raises `SourceError` for one that is damaged or hidden."""
    slide = package.xml(path)
    if slide.get("show") in ("0", "false"):
        raise SourceError("The slide is hidden.", hint="Show it in the presentation.")
    shapes = list(_shapes(slide))
    titles = [shape for shape in shapes if _placeholder(shape) in _TITLES]
    title = _written(package, path, titles)
    rest = _written(package, path, [shape for shape in shapes if shape not in titles])
    return title.partition("\n\n")[0], "\n\n".join(filter(None, (title, rest, _notes(package, path))))


def _notes(package: Package, path: str) -> str:
    """What the speaker is to say at a slide."""
    notes = related(package, path, "notesSlide")
    if notes is None:
        return ""
    return _written(package, notes, [shape for shape in _shapes(package.xml(notes)) if _placeholder(shape) == "body"])


def _shapes(element: Element) -> Iterator[Element]:
    """The shapes of a slide that are its own and can be seen, those in groups, too, as a screen reader has them."""
    for child in element:
        match local(child):
            case "cSld" | "spTree" | "grpSp" if not _is_hidden(child):
                yield from _shapes(child)
            case "AlternateContent":
                choice = chosen(child)
                yield from _shapes(choice) if choice is not None else ()
            case "sp" | "graphicFrame" if not _is_hidden(child) and _placeholder(child) not in _FURNITURE:
                yield child


def _is_hidden(shape: Element) -> bool:
    about = find(shape, f"nv{local(shape)[:1].upper()}{local(shape)[1:]}Pr", "cNvPr")
    return about is not None and about.get("hidden") in ("1", "true")


def _placeholder(shape: Element) -> str:
    """What the layout of the slide has a shape for; empty for one that was only drawn."""
    place = find(shape, "nvSpPr", "nvPr", "ph")
    return str(place.get("type", "obj")) if place is not None else ""


def _written(package: Package, path: str, shapes: list[Element]) -> str:
    blocks = Blocks()
    for shape in shapes:
        _write(package, path, shape, blocks)
    return blocks.text()


def _write(package: Package, path: str, element: Element, blocks: Blocks) -> None:
    for child in element:
        match local(child):
            case "t":
                blocks.write(child.text)
            case "br":
                blocks.break_line()
            case "tr":
                blocks.add_row([_cell(package, path, cell) for cell in child if local(cell) == "tc"])
            case "relIds":
                blocks.put_after(diagram(package, path, child))
            case "fld" if child.get("type") == "slidenum":
                pass
            case name if name not in _LEFT_OUT:
                _write(package, path, child, blocks)
                if name == "p":
                    blocks.end()


def _cell(package: Package, path: str, cell: Element) -> list[str]:
    blocks = Blocks()
    _write(package, path, cell, blocks)
    return blocks.done
