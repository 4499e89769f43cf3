"""Handing in documents. What comes of it in searches, `tests/web/test_writing.py` tells."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.desk import Desk
from search import store
from search.errors import NotFoundError
from search.settings import Settings
from search.submissions import Submission
from web.writing import Writer

FERRY = Submission(text="The ferry to Suakin sails again on Thursday.")

Opening = Callable[[], Desk]


@pytest.fixture
def opening(settings: Settings) -> Iterator[Opening]:
    """Desks at which all work has to wait for another build."""
    desks: list[Desk] = []

    def opened() -> Desk:
        desks.append(Desk(settings))
        return desks[-1]

    with store.building(settings.folder):
        yield opened
        for desk in desks:
            desk.close()


def is_at_work(desk: Desk) -> bool:
    return desk.work.pending or desk.work.state != "idle"


def test_a_desk_is_what_a_server_writes_by(opening: Opening) -> None:
    writer: Writer = opening()
    assert writer.add([FERRY, FERRY]) == 2 * writer.add([FERRY])


def test_what_was_left_over_is_gone_on_with(opening: Opening, settings: Settings) -> None:
    first = opening()
    assert not is_at_work(first)
    (doc_id,) = first.add([FERRY])
    assert is_at_work(first)
    first.close()

    second = opening()
    assert is_at_work(second)
    second.delete(doc_id)
    second.close()
    assert not list((settings.folder / "inbox").iterdir())
    assert not is_at_work(opening())


def test_only_what_is_there_can_be_deleted(opening: Opening) -> None:
    with pytest.raises(NotFoundError, match="nothing"):
        opening().delete("nothing")


def test_reindexing_before_the_first_build_has_nothing_to_do(opening: Opening, tmp_path: Path) -> None:
    desk = opening()
    desk.reindex()
    assert not is_at_work(desk)
