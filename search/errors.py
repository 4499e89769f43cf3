"""Every error that Jisr raises on purpose.

    JisrError
    ├── QueryError              an empty or overlong query, an unknown language, a number out of range
    ├── NotFoundError           a document that the index does not hold
    ├── ExpiredError            a build of the index that is no longer kept
    ├── ReadOnlyError           a document that only its file can change
    ├── ModelError              a model that cannot be found, read, prepared or run
    ├── SourceError             a source file that cannot be read
    ├── ClusterError            machines that do not take part in a build, or cannot
    ├── EvaluationError         a test set that cannot be used
    ├── SettingError            a setting with a value that it does not take
    └── StoreError              an index that cannot serve
        ├── MissingIndexError   nothing has been built there
        ├── DamagedIndexError   a generation that cannot be read
        ├── MismatchError       built with another model, or in another format
        ├── BusyIndexError      another build is running
        └── UnavailableError    a server that does not answer

Each carries `message`, what happened with the value that caused it, and `hint`, what to do next.
"""

from typing import Self


class JisrError(Exception):
    """Base of all. `message` says what happened, `hint` what to do next; both are single lines for people.

    `fault` names what happened, and `values` are what both lines say of it, for those who say it in another language;
    empty where only an operator can cause it.
    """

    def __init__(self, message: str, *, hint: str, fault: str = "", **values: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.fault = fault
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """How one process tells another of it."""
        return _told, (type(self), self.message, self.hint, self.fault, self.values)


class QueryError(JisrError):
    """A search request that makes no sense as it stands."""


class NotFoundError(JisrError):
    """A document that the index does not hold."""


class ExpiredError(JisrError):
    """A build of the index that is no longer kept, so that a list cannot go on."""

    @classmethod
    def of(cls, generation: str) -> Self:
        """The error for a generation of this name."""
        return cls(
            f"The build {generation!r} of the index is no longer there.", hint="Search again, from the first page."
        )


class ReadOnlyError(JisrError):
    """A document that cannot be changed by itself, since it comes from a file."""


class ModelError(JisrError):
    """A model that cannot be found, read, prepared or run."""


class SourceError(JisrError):
    """A source file that cannot be read."""


class ClusterError(JisrError):
    """Machines that were to take part in a build and do not, or cannot."""


class EvaluationError(JisrError):
    """A test set that cannot be used."""


class SettingError(JisrError):
    """A setting with a value that it does not take."""


class StoreError(JisrError):
    """An index that cannot serve."""


class MissingIndexError(StoreError):
    """Nothing has been built there."""


class DamagedIndexError(StoreError):
    """A generation that cannot be read."""


class MismatchError(StoreError):
    """An index built with another model, or in another format."""


class BusyIndexError(StoreError):
    """Another build is running."""


class UnavailableError(StoreError):
    """The server that keeps the index does not answer, or not in time."""


def _told(kind: type[JisrError], message: str, hint: str, fault: str, values: dict[str, str | int]) -> JisrError:
    return kind(message, hint=hint, fault=fault, **values)
