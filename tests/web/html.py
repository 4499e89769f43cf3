"""Reading an HTML answer by CSS-like paths."""

from typing import cast

from lxml.html import HtmlElement, document_fromstring  # type: ignore[import-untyped]

_ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))

__all__ = ["HtmlElement", "one", "parsed", "select", "with_class", "words"]


def parsed(markup: str) -> HtmlElement:
    """The document element."""
    return document_fromstring(markup)


def select(tree: HtmlElement, xpath: str) -> list[HtmlElement]:
    """All elements at a path."""
    return cast(list[HtmlElement], tree.xpath(xpath))


def one(tree: HtmlElement, xpath: str) -> HtmlElement:
    """The only element at a path."""
    (element,) = select(tree, xpath)
    return element


def with_class(name: str, element: str = "*") -> str:
    """A path to elements of a class."""
    return f"//{element}[contains(concat(' ', @class, ' '), ' {name} ')]"


def words(element: HtmlElement) -> str:
    """The text of an element, white space collapsed, without the signs that isolate what is put into a sentence."""
    return " ".join(element.text_content().translate(_ISOLATES).split())
