"""What every route needs first: the searcher on the newest generation."""

from typing import Annotated

from fastapi import Depends, Request

from search.searcher import Searcher
from web.freshness import answered_from


def newest_searcher(request: Request) -> Searcher:
    """A searcher that stays on the newest generation, so that all that one request asks of it fits together.

    Raises `StoreError` or `ModelError` while there is none.
    """
    searcher: Searcher = request.app.state.index.searcher()
    answered_from(request, searcher.generation)
    return searcher.at(searcher.generation)


Newest = Annotated[Searcher, Depends(newest_searcher)]
