"""What is handed to an index by itself rather than in a file, and how far the work on it is."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A document that somebody hands in. Fields as in `search.records.Document`; `date` is a day in ISO 8601.

    One with the `record_id` of an earlier one takes its place. Without an id, the content is what tells it from others.
    """

    text: str
    title: str = ""
    lang: str | None = None
    date: str | None = None
    publisher: str | None = None
    author: str | None = None
    record_id: str | None = None


class WorkState(StrEnum):
    """What is going on: nothing, a build that waits for another one to end or for a server, a build."""

    IDLE = "idle"
    WAITING = "waiting"
    BUILDING = "building"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a build failed, or waits for a server: the two lines of its error, and when, in ISO 8601, UTC."""

    message: str
    hint: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How far the work is.

    `pending` says that something came in that no build has begun with. `fault` is that of the last build, None when it
    went well. `finished` is when the last one ended, in ISO 8601, UTC.
    """

    state: WorkState = WorkState.IDLE
    pending: bool = False
    finished: str | None = None
    fault: Fault | None = None
