from indexer.readers.metadata import first


def test_the_first_field_that_says_something() -> None:
    fields = {"title": " ", "headline": None, "name": "  رأس ليلى ", "number": 0}
    assert first(fields, "title", "headline", "name") == "رأس ليلى"
    assert first(fields, "number") == "0"
    assert first(fields, "title", "nothing") is None
