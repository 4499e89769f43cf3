"""Markdown, read as what it says: marks, links and images leave only their words."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import BinaryIO

from markdown_it import MarkdownIt
from markdown_it.token import Token

from indexer.decoding import decode
from indexer.readers import Health, ReadOptions, Skip, SourceItem, whole
from indexer.readers.text import with_front_matter

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)


def read(stream: BinaryIO, _: ReadOptions) -> Iterator[SourceItem | Skip | Health]:
    """The file as one item; its title is the front matter's, or else its first heading."""
    source, encoding = decode(whole(stream))
    yield Health(encoding=encoding)
    item = with_front_matter(source)
    tokens = _MARKDOWN.parse(item.text)
    text = "\n\n".join(block for block in (_words(token) for token in tokens) if block)
    yield replace(item, text=text, title=item.title or _first_heading(tokens))


def _words(token: Token) -> str:
    if token.type in ("fence", "code_block"):
        return token.content.strip()
    if token.type == "html_block":
        return unescape(_TAGS.sub("", token.content)).strip()
    if token.type != "inline":
        return ""
    return "".join(_inline(child) for child in token.children or []).strip()


def _inline(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return token.content if token.type in ("text", "code_inline", "image") else ""


def _first_heading(tokens: list[Token]) -> str:
    for token, following in itertools.pairwise(tokens):
        if token.type == "heading_open":
            return _words(following)
    return ""
