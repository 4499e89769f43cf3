"""The hits of an answer as a file for other programs: CSV for spreadsheets, JSON, BibTeX and RIS for bibliographies.

CSV and JSON have a record for each hit, the other two an entry for each document (see `web.bibliography`).
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from io import StringIO
from typing import Self
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from search.arabic import encoder_form
from search.records import Answer, Hit
from web.bibliography import Link, bibtex, entries, ris

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What begins a formula in some spreadsheet (OWASP, "CSV Injection"), the wide signs in those of East Asia."""

_TOPIC_CHARS = 60


class Format(StrEnum):
    """What a list of hits can be exported as; the values are the endings of the files."""

    CSV = "csv"
    JSON = "json"
    BIBTEX = "bib"
    RIS = "ris"


@dataclass(frozen=True, slots=True)
class Export:
    """A file to hand over."""

    body: bytes
    media_type: str
    filename: str

    def response(self) -> Response:
        """The file as a download, its name in any script (RFC 6266, RFC 8187) and in plain letters for old clients."""
        plain = re.sub(r"[^a-zA-Z0-9.]+", "-", self.filename).replace("-.", ".")
        named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(self.filename)}"
        return Response(self.body, media_type=self.media_type, headers={"Content-Disposition": named})


@dataclass(frozen=True, slots=True)
class Record:
    """One hit, flat. `page` is the one that the passage begins on, `url` where it can be read."""

    rank: int
    score: float
    weak: bool
    lang: str
    title: str
    author: str | None
    publisher: str | None
    date: str | None
    page: int | None
    source: str
    record_id: str | None
    passage: str
    url: str

    @classmethod
    def of(cls, hit: Hit, url: str) -> Self:
        """The record of a hit."""
        passage, document = hit.passage, hit.document
        return cls(
            rank=hit.rank,
            score=round(hit.score, 4),
            weak=hit.weak,
            lang=passage.lang,
            title=document.title,
            author=document.author,
            publisher=document.publisher,
            date=document.date,
            page=passage.page,
            source=document.source,
            record_id=document.record_id,
            passage=passage.text,
            url=url,
        )


def exported(answer: Answer, format_: Format, link: Link) -> Export:
    """The hits of an answer as a file that is named after the query; `link` gives where a hit can be read."""
    write, media_type = _WRITERS[format_]
    words = re.sub(r"[\W_]+", "-", encoder_form(answer.query).text)[:_TOPIC_CHARS].strip("-")
    filename = f"jisr-{words}.{format_}" if words else f"jisr.{format_}"
    return Export(write(answer, link).encode(), media_type, filename)


def permalink(request: Request, doc_id: str, passage_id: str = "") -> str:
    """Where a document or a passage of it can be read on this server, in the language that a browser prefers."""
    url = request.url_for("document_page", doc_id=quote(doc_id, safe=""))
    neutral = url.replace(path=url.path.removeprefix(request.state.prefix))
    if not passage_id:
        return str(neutral)
    return str(neutral.include_query_params(passage=passage_id).replace(fragment="passage"))


def permalinks(request: Request) -> Link:
    """Where hits can be read, for `exported`."""
    return lambda hit: permalink(request, hit.document.doc_id, hit.passage.passage_id)


def _csv(answer: Answer, link: Link) -> str:
    written = StringIO()
    rows = csv.DictWriter(written, Record.__slots__, quoting=csv.QUOTE_NONNUMERIC)
    rows.writeheader()
    for record in _records(answer, link):
        rows.writerow({name: _cell(value) for name, value in asdict(record).items()})
    return f"\ufeff{written.getvalue()}"  # by the byte order mark a spreadsheet knows that this is UTF-8


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _json(answer: Answer, link: Link) -> str:
    told = {
        "query": answer.query,
        "lang": answer.lang,
        "generation": answer.generation,
        "hits": [asdict(record) for record in _records(answer, link)],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _bibtex(answer: Answer, link: Link) -> str:
    return bibtex(entries(answer, link))


def _ris(answer: Answer, link: Link) -> str:
    return ris(entries(answer, link))


def _records(answer: Answer, link: Link) -> Iterator[Record]:
    return (Record.of(hit, link(hit)) for hit in answer.hits)


_WRITERS: dict[Format, tuple[Callable[[Answer, Link], str], str]] = {
    Format.CSV: (_csv, "text/csv; charset=utf-8; header=present"),
    Format.JSON: (_json, "application/json"),
    Format.BIBTEX: (_bibtex, "application/x-bibtex; charset=utf-8"),
    Format.RIS: (_ris, "application/x-research-info-systems; charset=utf-8"),
}
