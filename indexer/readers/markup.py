"""The words of HTML that is no page: of a mail, where trafilatura would look for an article and its furniture."""

import re
from html.parser import HTMLParser

_BLOCK = re.compile(
    "address|article|aside|blockquote|body|center|dd|div|dl|dt|figure|footer|form|h[1-6r]|header|li|main|ol|p|pre|section"
    "|table|tr|ul"
)
_UNSEEN = frozenset(("script", "style", "head", "title", "template"))


def words_of(source: str) -> str:
    """The text of a piece of HTML, paragraphs apart by an empty line, nothing of scripts and styles."""
    parser = _Words()
    parser.feed(source)
    parser.close()
    blocks = re.split(r"\n\s*\n", "".join(parser.pieces))
    lines = ([" ".join(line.split()) for line in block.split("\n")] for block in blocks)
    return "\n\n".join(filter(None, ("\n".join(filter(None, block)) for block in lines)))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._unseen = 0 if tag == "body" else self._unseen + (tag in _UNSEEN)  # many heads are never closed
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if _BLOCK.fullmatch(tag):
            self.pieces.append("\n\n")
        elif tag == "br":
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append(" ")
