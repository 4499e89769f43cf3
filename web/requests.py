"""What may be asked of the API: the parameters of each route with their limits, in the address or as a JSON body."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from search.options import MAX_QUERY_CHARS, Options, Sort
from web.exports import Format

MAX_K = 100
MAX_LANG_CHARS = 35
MAX_DATE_CHARS = 35
MAX_SOURCES = 50
MAX_SOURCE_CHARS = 1000
MAX_ID_CHARS = 500
MAX_CURSOR_CHARS = 400
MAX_BATCH = 20

QueryText = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUERY_CHARS,
        description="What to look for, in Arabic or English: a few words, a question, or a sentence. Text in quotation "
        "marks is looked for as it stands.",
        examples=["joint naval exercises in the Red Sea", "زيارة حفتر إلى باكستان"],
    ),
]
Source = Annotated[str, StringConstraints(max_length=MAX_SOURCE_CHARS)]


class Parameters(BaseModel):
    """Base of all. What is not named here is refused. An empty string counts as left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Filters(Parameters):
    """Which documents are looked at."""

    lang: str = Field(
        default="",
        max_length=MAX_LANG_CHARS,
        description="Only passages in this language, a BCP-47 tag. Without it: all languages.",
        examples=["", "ar", "en"],
    )
    since: str = Field(
        default="",
        max_length=MAX_DATE_CHARS,
        description="Only documents that appeared on this day or later: a day, a month or a year in ISO 8601. Those "
        "without a date are left out.",
        examples=["", "2024-03-18", "2024"],
    )
    until: str = Field(
        default="",
        max_length=MAX_DATE_CHARS,
        description="Only documents that appeared on this day or earlier, or in this month or year, or earlier. Those "
        "without a date are left out.",
        examples=["", "2024-03"],
    )
    source: list[Source] = Field(
        default=[],
        max_length=MAX_SOURCES,
        description="Only documents of this source: a publisher, or the path of a file or folder relative to what was "
        "indexed. May be given several times, for documents of any of them.",
        examples=[[], ["Red Sea Dispatch"]],
    )

    def options(self, **others: Any) -> Options:
        """The options with these filters, and what else is given."""
        return Options(lang=self.lang or None, since=self.since, until=self.until, source=tuple(self.source), **others)


class ListRequest(Filters):
    """Which part of a list is wanted."""

    k: int = Field(default=10, ge=1, le=MAX_K, description="How many to return at the most.", examples=[10, 3])
    cursor: str = Field(
        default="",
        max_length=MAX_CURSOR_CHARS,
        description="`next_cursor` of the answer before: goes on after it, in the build of the index that gave it, "
        "with the same query and filters.",
        examples=[""],
    )


class HitsRequest(ListRequest):
    """How a list of hits is made."""

    balance: float = Field(
        default=0,
        ge=-1,
        le=1,
        allow_inf_nan=False,
        description="Leans the order, never a score: -1 puts English first, 1 Arabic.",
        examples=[0, 0.5],
    )
    min_score: float = Field(
        default=0, ge=0, le=1, allow_inf_nan=False, description="Leave out hits that score less.", examples=[0, 0.3]
    )
    sort: Sort = Field(
        default=Sort.SCORE,
        strict=False,
        description="`score`: best first. `newest` and `oldest`: by date; weak matches follow the others, and the "
        "undated follow the dated.",
        examples=["score", "newest"],
    )
    facets: bool = Field(
        default=False,
        description="`true`: count the documents of the hits by language, source and year. Each count goes by all "
        "filters but its own.",
        examples=[False, True],
    )

    def options(self, **others: Any) -> Options:
        """The options that these parameters ask for, from the first hit on unless `offset` is among the others."""
        return super().options(
            **{
                "k": self.k,
                "balance": self.balance,
                "min_score": self.min_score,
                "sort": self.sort,
                "facets": self.facets,
                **others,
            }
        )


class SearchRequest(HitsRequest):
    """A query, and how to answer it."""

    q: QueryText
    names: bool = Field(
        default=True,
        description="`true`: names are found in the spelling of either script, and Arabic in Latin letters is read as "
        "Arabic. `false`: neither is done.",
        examples=[True, False],
    )
    explain: bool = Field(
        default=False, description="`true`: each hit says how its score came about.", examples=[False, True]
    )
    highlight: bool = Field(
        default=False,
        description="`true`: each hit says which of its words answer the query's, across the languages.",
        examples=[False, True],
    )

    def options(self, **others: Any) -> Options:
        """The options that these parameters ask for."""
        return super().options(names=self.names, explain=self.explain, highlight=self.highlight, **others)


class SearchBody(SearchRequest):
    """A query, and how to answer it, with the types that JSON has."""

    model_config = ConfigDict(strict=True)


class MultiSearchRequest(Parameters):
    """Several queries, each answered by itself."""

    searches: list[SearchBody] = Field(
        min_length=1,
        max_length=MAX_BATCH,
        description="The queries, each with what `POST /api/v1/search` takes.",
        examples=[[{"q": "desalination plant", "k": 3}, {"q": "محطة تحلية", "k": 3}]],
    )


class ExportRequest(Filters):
    """A query, and the file that its hits are wanted as."""

    q: QueryText
    k: int = Field(default=MAX_K, ge=1, le=MAX_K, description="How many hits at the most.", examples=[100])
    format: Format = Field(default=Format.CSV, description="The file's format, by its ending.", examples=["csv", "ris"])

    def options(self, **others: Any) -> Options:
        """The options that these parameters ask for."""
        return super().options(k=self.k, **others)


class SuggestFormat(StrEnum):
    """How suggestions are written."""

    JISR = "jisr"
    OPENSEARCH = "opensearch"


class SuggestRequest(Parameters):
    """What has been typed so far."""

    q: QueryText
    limit: int = Field(default=8, ge=1, le=20, description="How many to return at the most.", examples=[8])
    format: SuggestFormat = Field(
        default=SuggestFormat.JISR,
        description="`opensearch`: as browsers want it, what was typed and a list of completions.",
        examples=["jisr"],
    )
