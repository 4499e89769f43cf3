"""An MCP server (Model Context Protocol): tools by which an AI assistant searches the index, reads, and cites."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from search.errors import JisrError
from search.records import DocumentInfo, Passage
from search.searcher import Options, Searcher
from search.settings import Settings
from web.index import LiveIndex
from web.schemas import Body

MAX_K = 50
STRETCH_CHARS = 20_000

_INSTRUCTIONS = """\
Jisr searches a collection of Arabic and English documents by meaning: a query in either language finds passages in \
both, so there is no need to translate it. Cite what you use by title, publisher, date and page, and quote passages in \
their own language. A hit that is `weak` is likely not to answer the query; when `answered` is false, say that the \
collection has no good answer."""


class Citation(Body):
    """Where a text stands."""

    doc_id: str = Field(description="Name of the document; read_document takes it.")
    title: str
    publisher: str | None
    author: str | None
    date: str | None = Field(description="ISO 8601.")
    source: str = Field(description="Path of its file.")


class CitedPassage(Citation):
    """A passage and where it stands."""

    passage_id: str = Field(description="Name of the passage; read_passage takes it.")
    page: int | None = Field(description="Page of the source, where it has pages.")
    lang: str = Field(description="BCP-47 tag of the text.")
    text: str


class CitedHit(CitedPassage):
    """A passage that was found."""

    rank: int
    score: float = Field(description="About the probability that it is relevant.")
    weak: bool = Field(description="Whether it most likely is not.")
    other_language: Citation | None = Field(description="The document in the other language that tells the same.")


class Found(Body):
    """What a search found."""

    query: str
    read_as: str | None = Field(description="What Arabic in Latin letters was read as.")
    answered: bool = Field(description="Whether any hit is more than a weak match.")
    hits: list[CitedHit] = Field(description="Best first.")


class Reading(Citation):
    """A stretch of a document's text."""

    lang: str = Field(description="BCP-47 tag of the document.")
    text: str
    start: int = Field(description="Where the stretch begins in the document, in characters.")
    next_start: int | None = Field(description="Where the next one begins; null at the end of the document.")


class Tools:
    """The tools, over an index that is opened when it is first asked. A document is read in stretches."""

    def __init__(self, searcher: Callable[[], Searcher], *, stretch_chars: int = STRETCH_CHARS) -> None:
        self._searcher = searcher
        self._stretch_chars = stretch_chars

    def search(
        self,
        query: Annotated[str, Field(description="A few words, a question or a sentence, in Arabic or English.")],
        k: Annotated[int, Field(ge=1, le=MAX_K, description="How many passages at the most.")] = 10,
        lang: Annotated[str | None, Field(description="Only passages in this language: ar or en.")] = None,
        since: Annotated[str | None, Field(description="Only documents from this day, month or year on.")] = None,
        until: Annotated[str | None, Field(description="Only documents up to this day, month or year.")] = None,
        source: Annotated[list[str] | None, Field(description="Only these publishers, files or folders.")] = None,
    ) -> Found:
        """Find the passages that answer a query best, in Arabic and English documents."""
        with _told():
            options = Options(k=k, lang=lang or None, since=since, until=until, source=tuple(source or ()))
            answer = self._searcher().answer(query, options)
        return Found(
            query=answer.query,
            read_as=answer.reading.text if answer.reading else None,
            answered=answer.answered,
            hits=[
                CitedHit(
                    **_cited(hit.passage, hit.document).model_dump(),
                    rank=hit.rank,
                    score=round(hit.score, 3),
                    weak=hit.weak,
                    other_language=Citation.model_validate(hit.counterpart) if hit.counterpart else None,
                )
                for hit in answer.hits
            ],
        )

    def read_passage(self, passage_id: Annotated[str, Field(description="`passage_id` of a hit.")]) -> CitedPassage:
        """Read one passage again, with what is needed to cite it."""
        with _told():
            searcher = self._searcher()
            passage = searcher.passage(passage_id)
            return _cited(passage, searcher.document(passage.doc_id))

    def read_document(
        self,
        doc_id: Annotated[str, Field(description="`doc_id` of a hit.")],
        start: Annotated[int, Field(ge=0, description="Where to begin, in characters.")] = 0,
    ) -> Reading:
        """Read the text of a document from the beginning, or from where an earlier call left off."""
        with _told():
            document = self._searcher().document(doc_id)
        end = start + self._stretch_chars
        return Reading(
            **Citation.model_validate(document).model_dump(),
            lang=document.lang,
            text=document.text[start:end],
            start=start,
            next_start=end if end < len(document.text) else None,
        )


def server(searcher: Callable[[], Searcher], version: str) -> MCPServer:
    """The MCP server with its tools. They only read."""
    tools = Tools(searcher)
    made = MCPServer("jisr", title="Jisr", instructions=_INSTRUCTIONS, version=version, log_level="WARNING")
    reading = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    for tool in (tools.search, tools.read_passage, tools.read_document):
        made.tool(annotations=reading)(tool)
    return made


def serve(settings: Settings, version: str) -> None:
    """Answers on standard input and output until that is closed."""
    server(LiveIndex(settings).searcher, version).run("stdio")


@contextmanager
def _told() -> Iterator[None]:
    """Our errors are for the assistant to read: it can mend a query, and tell its user what the operator has to do."""
    try:
        yield
    except JisrError as error:
        raise ToolError(f"{error.message} {error.hint}") from error


def _cited(passage: Passage, document: DocumentInfo) -> CitedPassage:
    return CitedPassage(
        **Citation.model_validate(document).model_dump(),
        passage_id=passage.passage_id,
        page=passage.page,
        lang=passage.lang,
        text=passage.text,
    )
