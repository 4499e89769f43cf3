"""What writing over HTTP takes and answers, and how far it is, as typed models."""

import datetime
import re
from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag

from search.submissions import WorkState
from web.schemas import Body, Readiness

MAX_TEXT_CHARS = 2_000_000
MAX_LINE_CHARS = 500
MAX_DOCUMENTS = 100
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_LINE_CHARS, pattern=r"^[^\r\n]*$")]


def _day(written: object) -> object:
    """A day as ISO 8601 has it, and nothing else that Pydantic would take for one, such as seconds since 1970."""
    if isinstance(written, datetime.date) or (isinstance(written, str) and _DAY.fullmatch(written)):
        return written
    raise ValueError("A day is written as 2025-07-18.")


class NewDocument(Body):
    """A document to add."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT_CHARS)] = Field(
        description="The text, plain, with an empty line between paragraphs.",
        examples=["وصل حفتر إلى راولبندي يوم الجمعة."],
    )
    title: _Line = Field(
        default="", description="Its title. Without one, its first words serve.", examples=["حفتر يزور راولبندي"]
    )
    lang: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)] | None = (
        Field(
            default=None,
            description="BCP-47 tag of the language. It is told from the text where that is clear.",
            examples=["ar"],
        )
    )
    date: Annotated[datetime.date, BeforeValidator(_day)] | None = Field(
        default=None, description="The day that it appeared, ISO 8601.", examples=["2025-07-18"]
    )
    publisher: _Line | None = Field(default=None, description="Who published it.", examples=["Jisr Wire"])
    author: _Line | None = Field(default=None, description="Who wrote it.", examples=["هدى سالم"])
    id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = Field(
        default=None,
        description="Your own id for it: sent again with the same one, a document takes the place of the earlier one. "
        "Without one, the content tells documents apart.",
        examples=["brief-07"],
        pattern=r"^[^\x00-\x1f\x7f]*$",
    )


class NewDocuments(Body):
    """Documents to add."""

    documents: list[NewDocument] = Field(
        min_length=1, max_length=MAX_DOCUMENTS, description=f"One to {MAX_DOCUMENTS} of them."
    )


def _kind(body: object) -> str:
    return "list" if isinstance(body, dict) and "documents" in body else "document"


Added = Annotated[Annotated[NewDocument, Tag("document")] | Annotated[NewDocuments, Tag("list")], Discriminator(_kind)]
"""One document, or a list of them. Told apart first, so that what is wrong is said of the one that was meant."""


class FaultBody(Body):
    """Why a build failed."""

    message: str = Field(description="What happened.", examples=["The build could not be finished: disk full."])
    hint: str = Field(description="What to do next.", examples=["Make room on its disk, then ask for it again."])
    at: str = Field(description="When, ISO 8601 in UTC.", examples=["2025-12-17T08:30:00+00:00"])


class WorkBody(Body):
    """How far the work on the index is."""

    state: WorkState = Field(
        description="`building`, `waiting` for a build that somebody else runs or for the server that keeps the index, "
        "or `idle`.",
        examples=["building"],
    )
    pending: bool = Field(
        description="Whether something came in that no build has begun with; the next one follows at once.",
        examples=[False],
    )
    finished: str | None = Field(
        description="When the last build ended, ISO 8601 in UTC.", examples=["2025-12-17T08:30:00+00:00"]
    )
    fault: FaultBody | None = Field(description="Why the last build failed, or has to wait; null if it went well.")


class AcceptedBody(Body):
    """What was taken in. It shows in searches when the build has ended that `work` tells of."""

    doc_ids: list[str] = Field(
        description="Name that each document will have in the index, in their order.", examples=[["656109c584bcb119"]]
    )
    work: WorkBody = Field(description="How far the work is that brings it in, or takes it out.")


class StatusBody(Body):
    """What the server is doing."""

    version: str = Field(description="Version of Jisr.", examples=["0.1.0"])
    index: Readiness | None = Field(description="The open generation; null while nothing can be searched.")
    writable: bool = Field(description="Whether a key was set, so that documents can be added.", examples=[True])
    work: WorkBody | None = Field(description="How far the work on the index is; null where it cannot be written.")
