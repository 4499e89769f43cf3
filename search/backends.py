"""Which backend keeps an index, by where it is. What a Milvus takes is imported only where one is named."""

from pathlib import Path

from search.backend import Backend
from search.local import LocalBackend
from search.settings import Settings


def open_backend(settings: Settings) -> Backend:
    """The backend of the index that the settings name. Raises `StoreError`, of which `UnavailableError` is one."""
    if isinstance(settings.index, Path):
        return LocalBackend(settings.index)
    from search.milvus.backend import MilvusBackend

    return MilvusBackend.of(settings)
