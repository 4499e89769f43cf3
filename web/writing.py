"""Who changes the index for those who have the server's key, and which keys will do."""

from collections.abc import Callable, Sequence
from typing import Protocol

from search.errors import SettingError
from search.settings import Settings
from search.submissions import Submission, Work

LEAST_KEY_CHARS = 16


class Writer(Protocol):
    """Who changes the index. Called by several threads; what is asked for is done in the background."""

    @property
    def work(self) -> Work:
        """How far it is."""

    def add(self, submissions: Sequence[Submission]) -> list[str]:
        """Takes in documents; the `doc_id` of each. Raises `StoreError` when they cannot be kept."""

    def delete(self, doc_id: str) -> None:
        """Takes out a document. Raises `NotFoundError` and `ReadOnlyError`."""

    def reindex(self) -> None:
        """Brings the index up to date with all that it was built from."""

    def close(self) -> None:
        """Ends what runs."""


OpenWriter = Callable[[Settings], Writer]


def checked_key(settings: Settings) -> str | None:
    """The key, if one is set. Raises `SettingError` for one that is easily guessed or that no header can carry."""
    key = settings.key
    if key is None:
        return None
    hint = 'Make one: python3 -c "import secrets; print(secrets.token_urlsafe())"'
    if len(key) < LEAST_KEY_CHARS:
        raise SettingError(f"The key has only {len(key)} characters.", hint=hint)
    if not key.isascii() or not key.isprintable() or " " in key:
        raise SettingError("The key has characters that cannot be sent.", hint=hint)
    return key
