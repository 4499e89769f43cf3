"""Queries of the seeds and of public test sets, as they are and typed on the wrong layout."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.arabic import lexical_form
from search.evaluation import read_collection
from search.keyboard import relaid
from search.words import words
from tests.conftest import SEEDS

# The plain keys of both layouts, row by row, written down apart from the module's own.
ARABIC_OF_KEY = dict(zip("qwertyuiop[]", "ضصثقفغعهخحجد", strict=True))
ARABIC_OF_KEY |= dict(zip("asdfghjkl;'", "شسيبلاتنمكط", strict=True))
ARABIC_OF_KEY |= {"z": "ئ", "x": "ء", "c": "ؤ", "v": "ر", "b": "لا", "n": "ى", "m": "ة", ",": "و", ".": "ز", "/": "ظ"}
ARABIC_OF_KEY |= {"`": "ذ", "H": "أ", "N": "آ", "Y": "إ", "G": "لأ", "T": "لإ", "B": "لآ", "?": "؟"}
ARABIC_OF_KEY |= {">": ".", "<": ",", "M": "'", "L": "/", "K": "،", "P": "؛"}  # what is marks there, with Shift
KEY_OF_ARABIC = {arabic: key for key, arabic in ARABIC_OF_KEY.items()}


class Words:
    """The words of some texts, in whichever language."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.forms = {word.form for text in texts for word in words(text)}

    def counts(self, forms: Sequence[str], lang: str) -> set[str]:
        return self.forms & set(forms)


def _on_the_wrong_layout(text: str) -> str:
    if text.isascii():
        return "".join(ARABIC_OF_KEY.get(letter.lower(), letter) for letter in text)
    return "".join(KEY_OF_ARABIC.get(letter, letter) for letter in text)


def _same(one: str, other: str) -> bool:
    """Whether two texts are the same but for case, marks and how Arabic is spelled."""
    first, second = ([letter for letter in lexical_form(text).text if letter.isalnum()] for text in (one, other))
    return first == second


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lvpfh", "مرحبا"),
        ("LVPFH", "مرحبا"),
        ("اثممخ", "hello"),
        ("hgpvf td hgs,]hk", "الحرب في السودان"),
        ("hgh[jlhu", "الاجتماع"),
        ("b[z,k", "لاجئون"),
        ("gh[z,k", "لاجئون"),
        ("Gkil lshtv,k", "لأنهم مسافرون"),
        ("قثبعلثثس شىي صشفثق سعححمغ", "refugees and water supply"),
        ("لاخشف لاشىن شىي لاعيلثف", "boat bank and budget"),
        ("لاخشف ﻻشىن شىي ﻻعيلثف", "boat bank and budget"),
    ],
)
def test_the_keys_tell_what_was_meant(typed: str, meant: str) -> None:
    assert relaid(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "12",
            "؟",
            "🙂",
            "ab",
            "مع",
            "NATO",
            "UNHCR",
            "F-16",
            "WTO",
            "FBI",
            "Sri Lanka",
            "Tbilisi",
            "Reykjavik",
        ),
        *(
            "rhythm",
            "Szczecin",
            "qwerty",
            "kubectl",
            "zeyarat haftar ela bakistan",
            "el 7arb fi el sudan",
            "GHQ",
            "Nuuk",
        ),
        *("جسر", "بيسان", "شيخ", "ثيو", "لاغوس", "فاولز", "أيرباص A320", "JF-17 طائرة", "www.example.com"),
    ],
)
def test_words_names_and_what_is_neither_are_left_alone(text: str) -> None:
    assert relaid(text) is None
    assert relaid(text, Words(["The war in Sudan", "الحرب في السودان لا"])) is None


def test_the_words_of_the_corpus_settle_what_is_short() -> None:
    assert relaid("ldhi") is None
    assert relaid("ldhi", Words(["مياه الشرب"])) == "مياه"
    assert relaid("صاغ") == "why"
    assert relaid("صاغ", Words(["صاغ البيان"])) is None


def test_seed_queries_are_left_alone_and_known_when_typed_wrongly() -> None:
    queries = [query.text for query in read_collection(SEEDS).queries]
    _holds_for(queries, least=0.95)


@pytest.mark.parametrize("name", ["places", "ntrex-news", "xquad", "arcd", "names", "tatoeba"])
def test_queries_of_test_sets_are_left_alone_and_known_when_typed_wrongly(shared: Path, name: str) -> None:
    queries = [query.text for query in read_collection(shared / "eval" / name).queries]
    _holds_for(list(islice(queries, 0, None, max(len(queries) // 250, 1))), least=0.95)


def _holds_for(queries: list[str], *, least: float) -> None:
    vocabulary = Words(queries)
    assert [query for query in queries if relaid(query) or relaid(query, vocabulary)] == []
    wrong = [(query, _on_the_wrong_layout(query)) for query in queries]
    known = [query for query, typed in wrong if _same(relaid(typed, vocabulary) or "", query)]
    assert len(known) >= least * len(queries)


@settings(deadline=None)  # the first example reads the parallel text
@given(st.text())
def test_any_text_may_come(text: str) -> None:
    found = relaid(text)
    assert found is None or found != text
