"""What the API answers, as typed models. The command line prints the same ones, so nothing here knows HTTP."""

import time
from dataclasses import fields

from pydantic import BaseModel, ConfigDict, Field, model_validator

from search.fusion import Leg
from search.records import Document, Related
from search.searcher import Options, Searcher


class Body(BaseModel):
    """Base of all. `model_validate` takes the record of the same fields and leaves the others out."""

    model_config = ConfigDict(frozen=True, from_attributes=True, extra="forbid")


class PairBody(Body):
    """Base of those whose record is a tuple of their fields in order."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, record: object) -> object:
        return dict(zip(cls.model_fields, record, strict=True)) if isinstance(record, tuple) else record


class PassageBody(Body):
    """The run of sentences that answers the query."""

    passage_id: str = Field(description="Name of the passage in this index.", examples=["656109c584bcb119-0002"])
    lang: str = Field(description="BCP-47 tag of the passage.", examples=["ar"])
    text: str = Field(
        description="Characters `start` to `end` of the document's text.",
        examples=["وصل حفتر إلى راولبندي يوم الجمعة."],
    )
    start: int = Field(ge=0, description="First character, counted in Unicode code points.", examples=[0])
    end: int = Field(ge=0, description="One past the last character.", examples=[412])
    page: int | None = Field(
        description="Page of the source that it begins on; null where that has none.", examples=[3]
    )


class DocumentHead(Body):
    """What is known of a document without its text."""

    doc_id: str = Field(description="Name of the document in this index.", examples=["656109c584bcb119"])
    title: str = Field(description="Its title, as the source gives it.", examples=["حفتر يزور راولبندي"])
    lang: str = Field(description="BCP-47 tag of the document as a whole.", examples=["ar"])
    date: str | None = Field(description="ISO 8601, as exact as the source gives it.", examples=["2025-07-18"])
    source: str = Field(description="Path of the file, relative to the folder indexed.", examples=["ar/visit.md"])
    publisher: str | None = Field(description="Who published it, where the source says so.", examples=["Jisr Wire"])
    author: str | None = Field(description="Who wrote it, where the source says so.", examples=["هدى سالم"])
    record_id: str | None = Field(description="Its own id in a file of several, such as JSONL.", examples=["brief-07"])


class DocumentBody(DocumentHead):
    """One document with its whole text."""

    text: str = Field(description="The string that passage offsets count in.", examples=["وصل حفتر إلى راولبندي."])
    copies: list[DocumentHead] = Field(description="Documents with the same text, by source.")
    near_duplicates: list[DocumentHead] = Field(
        description="Documents that tell the same in nearly the same words, the most alike first."
    )
    counterparts: list[DocumentHead] = Field(
        description="Documents in the other language that tell the same, nearest first; often there is none."
    )


def document_body(document: Document, related: Related) -> DocumentBody:
    """What ``GET /api/v1/documents/{doc_id}`` answers."""
    head = DocumentHead.model_validate(document)
    others = {
        field.name: [DocumentHead.model_validate(other) for other in getattr(related, field.name)]
        for field in fields(related)
    }
    return DocumentBody.model_validate({**head.model_dump(), **others, "text": document.text})


class DuplicateBody(Body):
    """Where nearly the same text stands in the same language."""

    passage_id: str = Field(description="Name of the passage in this index.", examples=["7b1f00c29a4d83ee-0001"])
    doc_id: str = Field(description="Name of its document in this index.", examples=["7b1f00c29a4d83ee"])
    title: str = Field(description="Title of its document.", examples=["حفتر في راولبندي"])
    source: str = Field(description="Path of its file, relative to the folder indexed.", examples=["ar/visit-2.md"])


class VariantBody(PairBody):
    """A name of the query that the passage spells in the other script."""

    query: str = Field(description="The name as the query has it.", examples=["Haftar"])
    passage: str = Field(description="The name as the passage has it.", examples=["حفتر"])


class LegBody(Body):
    """The part that one way of finding passages has in a score."""

    leg: Leg = Field(description="Which way of finding.", examples=["names"])
    rank: int | None = Field(
        description="Place among the candidates of the pool by this leg alone, from 1; null where it is silent.",
        examples=[1],
    )
    value: float = Field(description="What the leg says of the passage.", examples=[2.6])
    weight: float = Field(description="Points that one unit of `value` is worth.", examples=[0.75])
    points: float = Field(description="`value` · `weight`.", examples=[1.95])


class ExplanationBody(Body):
    """How a score came about, in figures that add up."""

    pool: str = Field(description="BCP-47 tag of the language whose passages this one competed with.", examples=["ar"])
    legs: list[LegBody] = Field(description="The legs that found something in the pool.")
    constant: float = Field(description="Log-odds of a passage of which no leg says anything.", examples=[-7.81])
    counterpart: float = Field(
        description="What the passage of the other language that says the same gave this one, or took from it: "
        "the worse of two is given part of the better one's lead, and that in the query's language goes first.",
        examples=[0.42],
    )
    log_odds: float = Field(description="`constant`, the `points` of all legs and `counterpart`.", examples=[1.73])
    score: float = Field(description="1 / (1 + e^-`log_odds`): the score of the hit.", examples=[0.85])


class HitBody(Body):
    """One result."""

    rank: int = Field(ge=1, description="Place in the list, from 1.", examples=[1])
    score: float = Field(
        ge=0,
        le=1,
        description="About the probability that the passage is relevant, comparable between queries and languages.",
        examples=[0.87],
    )
    weak: bool = Field(
        description="Whether the score is below the line under which passages mostly are not relevant.",
        examples=[False],
    )
    passage: PassageBody = Field(description="What was found.")
    document: DocumentHead = Field(description="The document that the passage is a part of.")
    duplicates: list[DuplicateBody] = Field(description="Near-duplicates of this hit that ranked below it, best first.")
    copies: list[DocumentHead] = Field(description="Other documents with the same text as this one, by source.")
    variants: list[VariantBody] = Field(description="Names of the query that the passage spells in the other script.")
    counterpart: DocumentHead | None = Field(
        description="The document in the other language that tells the same as this one; null where none is known."
    )
    explanation: ExplanationBody | None = Field(description="How the score came about; null unless asked for.")


class WordBody(PairBody):
    """A word in Latin letters and the Arabic that it was read as."""

    latin: str = Field(description="As it was typed.", examples=["mobadarat"])
    arabic: str = Field(description="As it was read.", examples=["مبادرة"])


class ReadingBody(Body):
    """What a query of Arabic in Latin letters was read as."""

    text: str = Field(description="The query that was searched for.", examples=["مبادرة السلام"])
    words: list[WordBody] = Field(description="Word by word, in the order of the query.")


class SearchResponse(Body):
    """One ranked list of passages in both languages."""

    query: str = Field(description="The query as it was received.", examples=["mobadarat el salam"])
    lang: str = Field(description="BCP-47 tag of the language that the query was searched as.", examples=["ar"])
    reading: ReadingBody | None = Field(
        description="What the query was read as where it is Arabic in Latin letters, otherwise null."
    )
    answered: bool = Field(description="Whether any hit is more than a weak match.", examples=[True])
    generation: str = Field(description="Build of the index that answered.", examples=["20251217T083000-4f9ac1"])
    took_ms: float = Field(ge=0, description="Time spent on searching, in milliseconds.", examples=[14.2])
    hits: list[HitBody] = Field(description="Best first, at most three of a document in each ten if others answer.")


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


def search_response(searcher: Searcher, query: str, options: Options) -> SearchResponse:
    """What ``GET /api/v1/search`` and ``jisr search --json`` answer. Raises `QueryError` as `Searcher.answer` does."""
    started = time.perf_counter()
    answer = searcher.answer(query, options)
    took_ms = (time.perf_counter() - started) * 1000
    return SearchResponse(
        query=query,
        lang=answer.lang,
        reading=ReadingBody.model_validate(answer.reading) if answer.reading else None,
        answered=answer.answered,
        generation=answer.generation,
        took_ms=round(took_ms, 1),
        hits=[HitBody.model_validate(hit) for hit in answer.hits],
    )
