"""What the API answers, as typed models. The command line prints the same ones, so nothing here knows HTTP."""

import time

from pydantic import BaseModel, ConfigDict, Field

from search.language import query_language
from search.records import Hit
from search.searcher import Searcher


class Body(BaseModel):
    """Base of all. `model_validate` takes the record of the same fields and leaves the others out."""

    model_config = ConfigDict(frozen=True, from_attributes=True, extra="forbid")


class PassageBody(Body):
    """The run of sentences that answers the query."""

    passage_id: str = Field(description="Name of the passage in this index.", examples=["656109c584bcb119-0002"])
    lang: str = Field(description="BCP-47 tag of the passage.", examples=["ar"])
    text: str = Field(description="Characters `start` to `end` of the document's text.")
    start: int = Field(ge=0, description="First character, counted in Unicode code points.", examples=[0])
    end: int = Field(ge=0, description="One past the last character.", examples=[412])


class DocumentHead(Body):
    """What is known of a document without its text."""

    doc_id: str = Field(description="Name of the document in this index.", examples=["656109c584bcb119"])
    title: str = Field(examples=["حفتر يزور راولبندي"])
    lang: str = Field(description="BCP-47 tag of the document as a whole.", examples=["ar"])
    date: str | None = Field(description="ISO 8601, as exact as the source gives it.", examples=["2025-07-18"])
    source: str = Field(description="Path of the file, relative to the folder indexed.", examples=["ar/visit.md"])
    publisher: str | None = Field(description="Who published it, where the source says so.")
    record_id: str | None = Field(description="Its own id in a file of several, such as JSONL.")


class DocumentBody(DocumentHead):
    """One document with its whole text, the string that passage offsets count in."""

    text: str


class HitBody(Body):
    """One result."""

    rank: int = Field(ge=1, description="Place in the list, from 1.")
    score: float = Field(description="Higher is better. Comparable within one answer, across both languages.")
    passage: PassageBody
    document: DocumentHead


class SearchResponse(Body):
    """One ranked list of passages in both languages."""

    query: str = Field(description="The query as it was received.")
    lang: str = Field(description="BCP-47 tag of the query, as detected.", examples=["en"])
    generation: str = Field(description="Build of the index that answered.")
    took_ms: float = Field(ge=0, description="Time spent on searching, in milliseconds.", examples=[14.2])
    hits: list[HitBody] = Field(description="Best first.")


class Readiness(Body):
    """The index that is open."""

    status: str = Field(default="ready", examples=["ready"])
    generation: str = Field(description="Build of the index that answers.")
    created: str = Field(description="When it was built, ISO 8601 in UTC.", examples=["2025-12-17T08:30:00+00:00"])
    model: str = Field(description="Model that the index was built with.", examples=["multilingual-e5-small"])
    documents: int = Field(ge=0)
    passages: int = Field(ge=0)
    languages: dict[str, int] = Field(description="Passages per language.", examples=[{"ar": 120, "en": 131}])


class Health(Body):
    """The process answers."""

    status: str = Field(default="ok", examples=["ok"])


def search_response(searcher: Searcher, query: str, *, k: int = 10, lang: str | None = None) -> SearchResponse:
    """What ``GET /api/v1/search`` and ``jisr search --json`` answer.

    `lang` restricts to passages of one language. Raises `QueryError` as `Searcher.search` does.
    """
    started = time.perf_counter()
    hits, generation = _from_one_generation(searcher, query, k, lang)
    took_ms = (time.perf_counter() - started) * 1000
    return SearchResponse(
        query=query,
        lang=query_language(query),
        generation=generation,
        took_ms=round(took_ms, 1),
        hits=[HitBody.model_validate(hit) for hit in hits],
    )


def _from_one_generation(searcher: Searcher, query: str, k: int, lang: str | None) -> tuple[list[Hit], str]:
    """Hits and the generation that gave them; asked again should another thread turn to a newer one meanwhile."""
    while True:
        generation = searcher.manifest.generation
        hits = searcher.search(query, k=k, lang=lang)
        if searcher.manifest.generation == generation:
            return hits, generation
