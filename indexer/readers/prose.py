"""A page in HTML or XHTML as one text, nothing of which is taken for furniture: a chapter of a book, a mail."""

import re

from indexer.decoding import decode
from indexer.readers.package import Element, local, parse_html
from indexer.readers.paragraphs import Blocks

_ENCODING = re.compile(rb"""<\?xml[^>]*\sencoding=["']([\w.-]+)|<meta[^>]+charset=["']?\s*([\w-]+)""", re.IGNORECASE)
_LEFT_OUT = frozenset({"head", "script", "style", "template", "rt", "rp", "svg", "audio", "video", "iframe", "object"})
# Numbers of notes and of printed pages amid the text: EPUB 3 Structural Semantics, and DPUB-ARIA.
_NUMBERS = frozenset({"noteref", "pagebreak", "doc-noteref", "doc-pagebreak"})
_INVISIBLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li"}
    | {"main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "ul"}
)
_HEADINGS = frozenset({"h1", "h2", "h3"})


def prose(data: bytes) -> tuple[str, str]:
    """The first heading of a page, empty where it has none, and its text. Raises `SourceError` for what is no page."""
    declared = _ENCODING.search(data[:4096])
    text, _ = decode(data, declared=(declared[1] or declared[2]).decode("ascii") if declared else None)
    root = parse_html(text)
    if root is None:
        return "", ""
    headings = (
        " ".join(" ".join(paragraphs(element)).split()) for element in root.iter() if local(element) in _HEADINGS
    )
    return next(filter(None, headings), ""), "\n\n".join(paragraphs(root))


def text_of(page: str) -> str:
    """The text of a page that is decoded, and of no more than a piece of one; nothing where it is none."""
    root = parse_html(page) if page.strip() else None
    return "" if root is None else "\n\n".join(paragraphs(root))


def paragraphs(element: Element) -> list[str]:
    """The paragraphs inside an element."""
    blocks = Blocks()
    _write(element, blocks)
    blocks.end()
    return blocks.done


def _write(element: Element, blocks: Blocks) -> None:
    name = local(element)
    if _is_left_out(element, name):
        return
    if name == "br":
        blocks.break_line()
    elif name == "tr":
        blocks.add_row([paragraphs(cell) for cell in element if local(cell) in ("td", "th")])
    elif name in _BLOCKS:
        blocks.end()
        _write_inside(element, blocks)
        blocks.end()
    else:
        _write_inside(element, blocks)


def _write_inside(element: Element, blocks: Blocks) -> None:
    blocks.write(element.text)
    for child in element:
        _write(child, blocks)
        blocks.write(child.tail)


def _is_left_out(element: Element, name: str) -> bool:
    kinds = f"{element.get('epub:type', '')} {element.get('role', '')}".split()
    return (
        name in _LEFT_OUT
        or not _NUMBERS.isdisjoint(kinds)
        or element.get("hidden") is not None
        or _INVISIBLE.search(element.get("style", "")) is not None
        or (name == "sup" and any(local(child) == "a" for child in element))
    )
