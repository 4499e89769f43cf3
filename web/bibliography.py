"""Documents that were found as entries of a bibliography, in BibTeX and in RIS.

Both are written here because what is kept of their writers escapes neither the braces of BibTeX nor the line ends of
RIS; reading them back is left to such a library in the tests.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from search.records import Answer, DocumentInfo, Hit

Link = Callable[[Hit], str]
"""Gives the address at which a hit can be read."""

_YEAR_CHARS = len("2025")
_DAY_CHARS = len("2025-12-31")
# BibTeX counts braces even behind a backslash, so these two go by their names.
_LATEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{sign: f"\\{sign}" for sign in "%&$#_"},
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One document with those of its passages that are hits, best first, and where the best can be read."""

    document: DocumentInfo
    hits: list[Hit]
    url: str

    @property
    def key(self) -> str:
        """Its name in the file."""
        return f"jisr-{self.document.doc_id}"

    @property
    def year(self) -> str:
        """When it appeared, empty where that is not known."""
        return (self.document.date or "")[:_YEAR_CHARS]

    @property
    def day(self) -> str:
        """The same as exactly as it is known, in ISO 8601."""
        return (self.document.date or "")[:_DAY_CHARS]

    @property
    def pages(self) -> str:
        """The pages that its passages begin on."""
        return ", ".join(map(str, sorted({hit.passage.page for hit in self.hits if hit.passage.page})))

    @property
    def note(self) -> str:
        """Where it lies in the index, and how well it answers."""
        place = " ".join(filter(None, (self.document.source, self.document.record_id)))
        return f"{place}; score {self.hits[0].score:.2f}"


def entries(answer: Answer, link: Link) -> list[Entry]:
    """The documents of an answer in the order of their best hits."""
    by_document: dict[str, list[Hit]] = {}
    for hit in answer.hits:
        by_document.setdefault(hit.document.doc_id, []).append(hit)
    return [Entry(hits[0].document, hits, link(hits[0])) for hits in by_document.values()]


def bibtex(found: Iterable[Entry]) -> str:
    """BibTeX with the fields of BibLaTeX: Arabic stays as it is, the signs of TeX are escaped."""
    return "\n".join("\n".join(_bibtex_lines(entry)) for entry in found)


def ris(found: Iterable[Entry]) -> str:
    """RIS, a line for each value."""
    lines = (line for entry in found for line in _tagged(entry))
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value or tag == "ER")


def _bibtex_lines(entry: Entry) -> Iterator[str]:
    yield f"@misc{{{entry.key},"
    yield from (f"  {name} = {{{value}}}," for name, value in _fields(entry) if value)
    yield "}\n"


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    document, author = entry.document, _latex(entry.document.author or "")
    yield "title", f"{{{_latex(document.title)}}}"  # in braces of its own, or styles would change its capitals
    yield "author", f"{{{author}}}" if "," in author else author  # what a comma parts is no name but a list of them
    yield "publisher", _latex(document.publisher or "")
    yield "year", entry.year
    yield "date", entry.day
    yield "language", document.lang
    yield "pages", entry.pages
    yield "abstract", _latex("\n\n".join(hit.passage.text for hit in entry.hits))
    yield "note", _latex(entry.note)
    yield "url", entry.url


def _tagged(entry: Entry) -> Iterator[tuple[str, str]]:
    document = entry.document
    yield "TY", "GEN"
    yield "ID", entry.key
    yield "TI", document.title
    yield "AU", document.author or ""
    yield "PB", document.publisher or ""
    yield "PY", entry.year
    yield "DA", entry.day.replace("-", "/")
    yield "LA", document.lang
    yield "SP", entry.pages
    yield "AB", " […] ".join(hit.passage.text for hit in entry.hits)
    yield "N1", entry.note
    yield "UR", entry.url
    yield "ER", ""


def _latex(text: str) -> str:
    return text.translate(_LATEX)
