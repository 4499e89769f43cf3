"""The words of regions: those that tell them apart, as they are written, in each language."""

import numpy as np

from search.records import Passage
from search.regions import MAX_REGIONS, regions

SEA = ["The pirates boarded a ship.", "Pirates left the ship.", "A ship met two pirates at sea."]
WELLS = ["حفر المزارعون بئرًا للمياه.", "مياه البئر لا تكفي المزارعين.", "جفّت مياه البئر في الصيف."]
BANK = ["The bank raised rates.", "Rates at the bank rose.", "A bank lowers its rates."]


def passage(number: int, lang: str, text: str) -> Passage:
    return Passage(passage_id=f"p{number}", doc_id=f"d{number}", lang=lang, text=text, start=0, end=len(text))


def test_each_region_has_the_words_that_tell_it_apart() -> None:
    texts = [("en", text) for text in SEA + BANK] + [("ar", text) for text in WELLS]
    passages = [passage(number, lang, text) for number, (lang, text) in enumerate(texts)]
    # The wells lie with the pirates, the bank is by itself; nine passages make two regions.
    places = np.array([[0, 0]] * 3 + [[1, 1]] * 3 + [[0.1, 0]] * 3, np.float32)
    sea, bank = regions(passages, places)
    assert dict(sea.passages) == {"en": 3, "ar": 3}
    assert (round(sea.x, 2), sea.y) == (0.05, 0)
    assert set(sea.words["en"]) == {"pirates", "ship"}
    assert "the" not in {word.lower() for word in sea.words["en"]}
    assert {"مياه", "البئر"} <= set(sea.words["ar"])
    assert dict(bank.passages) == {"en": 3}
    assert set(bank.words["en"]) == {"bank", "rates"}


def test_the_forms_of_a_word_are_one_and_words_of_the_other_script_do_not_count() -> None:
    texts = ["استوردت الشركة JF-17 وطائرات.", "الطائرات JF-17 في الشركة.", "عادت الطائرات من باكستان NATO."]
    (region,) = regions([passage(at, "ar", text) for at, text in enumerate(texts)], np.zeros((3, 2), np.float32))
    words = region.words["ar"]
    assert "الطائرات" in words
    assert "وطائرات" not in words
    assert not any(word.isascii() for word in words)


def test_no_passages_have_no_regions_and_many_have_not_too_many() -> None:
    assert regions([], np.empty((0, 2), np.float32)) == []
    places = np.random.default_rng(0).random((3000, 2)).astype(np.float32)
    many = regions([passage(at, "en", SEA[at % 3]) for at in range(3000)], places)
    assert len(many) == MAX_REGIONS
    assert sum(sum(region.passages.values()) for region in many) == 3000
    sizes = [sum(region.passages.values()) for region in many]
    assert sizes == sorted(sizes, reverse=True)
