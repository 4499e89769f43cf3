import codecs
import gzip
import json
import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.decoding import decode
from search.errors import SourceError

SHARED = Path(__file__).parents[2].parent / "shared"
TATOEBA = SHARED / "eval" / "tatoeba" / "corpus.jsonl"

NEWS = (
    "وصل رئيس الوزراء المصري أمس إلى العاصمة الليبية طرابلس في زيارة رسمية تستغرق يومين.\n"
    "وقال المتحدث باسم الحكومة إن المحادثات تناولت إعادة فتح المعابر، وأسعار الوقود، والانتخابات المقبلة.\n"
)
LINES = [
    "انخفضت أسعار النفط في الأسواق العالمية.",
    "محادثات في القاهرة",
    "حكم قضائي في قضية Apple ضد Samsung",
    "طائرات JF-17 الباكستانية",
    "عاد اللاجئون إلى ديارهم",
]
ENCODINGS = ["utf-8", "utf-16-le", "utf-16-be", "windows-1256", "iso-8859-6"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", [NEWS, *LINES])
def test_arabic(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.skipif(not TATOEBA.exists(), reason="the shared test sets are not beside the project")
@pytest.mark.parametrize(("encoding", "least"), [("windows-1256", 0.99), ("iso-8859-6", 0.98), ("utf-16-le", 1.0)])
def test_single_lines_of_arabic(encoding: str, least: float) -> None:
    lines = [json.loads(line) for line in TATOEBA.read_text(encoding="utf-8").splitlines()]
    texts = [line["text"] for line in lines if line["metadata"]["lang"] == "ar"]
    encodable = [text for text in texts if text.encode(encoding, errors="ignore").decode(encoding) == text]
    right = sum(decode(text.encode(encoding))[0] == text for text in encodable)
    assert len(encodable) > 980
    assert right >= least * len(encodable)


@pytest.mark.parametrize(
    "text",
    [
        "“Haftar will not attend,” the minister said — again.",
        "Le président a reçu hier son homologue algérien au palais de l'Élysée.",
        "Il va à Paris",
        "Der Präsident empfängt den ägyptischen Außenminister",
        "El señor Muñoz viajó ayer a Túnez",
        "price: £5 and 20 °C",
    ],
)
def test_western_text(text: str) -> None:
    assert decode(text.encode("windows-1252")) == (text, "windows-1252")


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_marks(bom: bytes, encoding: str) -> None:
    assert decode(bom + NEWS.encode(encoding)) == (NEWS, encoding)


def test_newlines() -> None:
    assert decode("سطر أول\r\nسطر ثان\rسطر ثالث\n".encode()) == ("سطر أول\nسطر ثان\nسطر ثالث\n", "utf-8")
    assert decode("first\r\nsecond\r\n".encode("utf-16-le"))[0] == "first\nsecond\n"


def test_a_wrong_declaration_does_not_win() -> None:
    assert decode(NEWS.encode(), declared="windows-1256") == (NEWS, "utf-8")
    assert decode(NEWS.encode("windows-1256"), declared="iso-8859-1") == (NEWS, "windows-1256")
    assert decode(NEWS.encode("windows-1256"), declared="utf-8") == (NEWS, "windows-1256")
    assert decode(NEWS.encode("windows-1256"), declared="no-such-encoding") == (NEWS, "windows-1256")


def test_a_declaration_settles_what_reads_alike() -> None:
    name = "آنا"
    assert decode(name.encode("iso-8859-6"))[1] == "windows-1256"
    assert decode(name.encode("iso-8859-6"), declared="ISO-8859-6") == (name, "iso-8859-6")


def test_other_encodings_when_declared() -> None:
    russian = "Правительство Египта объявило о повышении зарплат"
    assert decode(russian.encode("koi8-r"), declared="KOI8-R") == (russian, "koi8-r")
    japanese = "東京で昨日、首脳会談が行われた。\n"
    assert decode(japanese.encode("shift_jis"), declared="shift_jis") == (japanese, "shift_jis")
    assert decode(japanese.encode("utf-16-le"), declared="utf-16le") == (japanese, "utf-16-le")


def test_other_encodings_when_not_declared() -> None:
    russian = "Президент принял вчера в Москве своего египетского коллегу. Цены на нефть упали на мировых рынках."
    assert decode(russian.encode("windows-1251")) == (russian, "windows-1251")


def test_damaged_utf8_loses_only_the_damage(caplog: pytest.LogCaptureFixture) -> None:
    damaged = NEWS.encode().replace("أمس".encode(), "أمس".encode() + b"\xe9")
    with caplog.at_level(logging.WARNING, logger="indexer.decoding"):
        assert decode(damaged) == (NEWS, "utf-8")
    assert caplog.messages == ["left out 1 bytes that are not valid UTF-8"]


def test_utf8_that_is_cut_short() -> None:
    assert decode("قال الرئيس".encode()[:-1]) == ("قال الرئي", "utf-8")


def test_a_replacement_character_of_the_source_stays() -> None:
    assert decode("كلمة \ufffd أخرى".encode()) == ("كلمة \ufffd أخرى", "utf-8")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x00\x00\x00\x01\x8f\x08\x06\x00\x00\x00",
        gzip.compress(NEWS.encode(), mtime=0),
        b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00",
        b"\x01\x02\x03\x04\x05\x06\x07 text",
        b"\0",
        b"\xff\xfea\0\n",
        bytes(range(128, 256)) * 4,
    ],
    ids=["png", "gzip", "elf", "controls", "nul", "half a UTF-16 unit", "every high byte"],
)
def test_what_is_not_text(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        decode(data)
    assert caught.value.hint


def test_nothing_is_empty_text() -> None:
    assert decode(b"") == ("", "utf-8")


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"))


@given(PLAIN)
def test_utf8_round_trip(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


@given(PLAIN, st.sampled_from([codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE]))
def test_utf16_round_trip(text: str, bom: bytes) -> None:
    encoding = "utf-16-le" if bom == codecs.BOM_UTF16_LE else "utf-16-be"
    assert decode(bom + text.encode(encoding)) == (text, encoding)


@given(st.lists(st.sampled_from(NEWS.split()), min_size=10, unique=True), st.sampled_from(ENCODINGS))
def test_arabic_words_round_trip(words: list[str], encoding: str) -> None:
    text = " ".join(words)
    assert decode(text.encode(encoding))[0] == text


@settings(deadline=None)  # charset-normalizer may be slow
@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_an_error(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except SourceError:
        return
    assert "\r" not in text
    codecs.lookup(encoding)
