from search.facets import Count, Facets
from web.asked import Asked
from web.narrowing import SHOWN, Choice, narrowings

FACETS = Facets(
    languages=(Count("en", 7), Count("ar", 4)),
    sources=(Count("صحيفة المرفأ", 5), Count("Red Sea Dispatch", 3), Count("notes", 1)),
    years=(Count("2025", 8), Count("2024", 2)),
)


def choices(asked: Asked, kind: str) -> dict[str, Choice]:
    (found,) = (each.choices for each in narrowings(FACETS, asked) if each.kind == kind)
    return {choice.value: choice for choice in found}


def test_each_choice_has_its_count_and_the_address_that_takes_it() -> None:
    asked = Asked(q="sea", page=2)
    assert [each.kind for each in narrowings(FACETS, asked)] == ["lang", "source", "year"]
    assert choices(asked, "lang")["ar"] == Choice("ar", 4, False, asked.but(lang="ar"))
    assert choices(asked, "source")["notes"] == Choice("notes", 1, False, asked.but(source=["notes"]))
    assert choices(asked, "year")["2024"] == Choice("2024", 2, False, asked.but(since="2024", until="2024"))


def test_choices_compose_and_each_can_be_taken_back() -> None:
    asked = Asked(q="sea", lang="ar", source=("notes", "صحيفه المرفا"), since="2025", until="2025")
    assert choices(asked, "lang")["ar"] == Choice("ar", 4, True, asked.but(lang=""))
    assert choices(asked, "lang")["en"].parameters == asked.but(lang="en")
    harbour = choices(asked, "source")["صحيفة المرفأ"]
    assert (harbour.chosen, harbour.parameters["source"]) == (True, ["notes"])
    dispatch = choices(asked, "source")["Red Sea Dispatch"]
    assert (dispatch.chosen, dispatch.parameters["source"]) == (False, ["notes", "صحيفه المرفا", "Red Sea Dispatch"])
    assert choices(asked, "year")["2025"].parameters == asked.but(since="", until="")


def test_of_many_choices_the_first_are_offered_and_those_that_are_chosen() -> None:
    many = Facets(languages=(), sources=tuple(Count(f"paper {place}", 99 - place) for place in range(30)), years=())
    (sources,) = narrowings(many, Asked(source=("paper 20",)))
    assert [choice.value for choice in sources.choices] == [f"paper {place}" for place in (*range(SHOWN), 20)]


def test_nothing_is_offered_where_there_is_one_choice_and_it_is_not_taken() -> None:
    one = Facets(languages=(Count("ar", 3),), sources=(Count("notes", 3),), years=())
    assert [each.kind for each in narrowings(one, Asked(lang="ar"))] == ["lang"]
