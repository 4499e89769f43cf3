import pickle

from search.errors import JisrError, NotFoundError


def test_an_error_is_the_same_in_another_process() -> None:
    error = NotFoundError("There is no document 7.", hint="Search for it.", fault="document", doc_id="7")
    told: JisrError = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert type(told) is NotFoundError
    assert (told.message, told.hint, told.fault, told.values) == (
        "There is no document 7.",
        "Search for it.",
        "document",
        {"doc_id": "7"},
    )
    assert str(told) == str(error)
