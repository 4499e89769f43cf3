"""What a search answers, as typed models. The command line prints the same ones, so nothing here knows HTTP."""

import time

from pydantic import Field

from search.fusion import Leg
from search.records import Answer
from search.searcher import Options, Searcher
from web.schemas import Body, DocumentHead, FacetsBody, PairBody, PassageBody


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


class MarkBody(Body):
    """A word of the passage and the word of the query that it answers, in characters of each."""

    start: int = Field(ge=0, description="First character in the passage's text.", examples=[4])
    end: int = Field(ge=0, description="One past the last character in the passage's text.", examples=[8])
    query_start: int = Field(ge=0, description="First character in the query.", examples=[0])
    query_end: int = Field(ge=0, description="One past the last character in the query.", examples=[6])


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
    marks: list[MarkBody] = Field(description="Words of the passage that answer the query's, if asked for, in order.")
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
    total: int = Field(
        ge=0,
        description="How many hits there are as far as was looked, some hundreds of passages: at least so many.",
        examples=[87],
    )
    next_cursor: str | None = Field(
        description="Give it as `cursor` for the hits that follow; null at the end of the list.",
        examples=["WyIyMDI1MTIxN1Q"],
    )
    facets: FacetsBody | None = Field(description="Documents of the hits counted, if asked for, otherwise null.")
    took_ms: float = Field(ge=0, description="Time spent on searching, in milliseconds.", examples=[14.2])
    hits: list[HitBody] = Field(description="Best first, at most three of a document in each ten if others answer.")


def search_response(searcher: Searcher, query: str, options: Options) -> SearchResponse:
    """What ``jisr search --json`` prints. Raises `QueryError` as `Searcher.answer` does."""
    started = time.perf_counter()
    return response(searcher.answer(query, options), query, started)


def response(answer: Answer, query: str, started: float, *, next_cursor: str | None = None) -> SearchResponse:
    """An answer as a body, `query` as it was received; `started` is the `time.perf_counter` before the search."""
    took_ms = (time.perf_counter() - started) * 1000
    told = {name: getattr(answer, name) for name in ("lang", "reading", "answered", "generation", "total", "facets")}
    return SearchResponse.model_validate(
        {**told, "query": query, "hits": answer.hits, "next_cursor": next_cursor, "took_ms": round(took_ms, 1)}
    )
