"""What is printed, word for word; that the real thing gets here is tested in tests/test_cli.py."""

import math
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.readers import Skip
from indexer.summary import Summary
from search.calibration import Calibration, Found
from search.errors import StoreError
from search.fusion import Explanation, Leg, LegShare
from search.records import Answer, DocumentInfo, Duplicate, Hit, Passage
from search.romanised import Reading
from terminal import adding_up, languages, print_answer, print_calibration, print_result, print_summary

SUMMARY = Summary(
    generation="g",
    published=True,
    documents=7,
    copies=2,
    passages=1_009,
    languages={"en": 3, "ar": 1_006},
    formats={"txt": 4, "pdf": 3},
    files_read=2,
    files_kept=5,
    files_moved=1,
    files_removed=3,
    encoded=12,
    late_bytes=None,
    problems=[],
    skipped=[Skip("\x1b[2Jسطر\nثانٍ.png", "It is a PNG image.")],
    seconds=1.25,
)

CARGO = Hit(
    rank=1,
    score=0.13,
    weak=True,
    passage=Passage(passage_id="p", doc_id="d", lang="ar", text="غادرت السفينة ميناء عدن فجراً.", start=0, end=30),
    document=DocumentInfo(
        doc_id="d", title="سفينة تغادر عدن", lang="ar", date="2025-03-02", source="ar/ship.txt", publisher="المرفأ"
    ),
    duplicates=(Duplicate(passage_id="q", doc_id="e", title="مغادرة سفينة", source="ar/copy.txt"),),
    variants=(("Aden", "عدن"),),
    counterpart=DocumentInfo(doc_id="f", title="Ship leaves Aden", lang="en", date=None, source="en/ship.txt"),
)


def _explanation(points: list[float], constant: float, counterpart: float = 0.7) -> Explanation:
    shares = tuple(
        LegShare(leg, rank, value, value / 2, value**2 / 2)
        for rank, (leg, value) in enumerate(zip(Leg, points, strict=False), start=1)
    )
    log_odds = constant + sum(share.points for share in shares) + counterpart
    return Explanation("ar", shares, constant, counterpart, log_odds, 1 / (1 + math.exp(-log_odds)))


def _printed(hits: list[Hit], capsys: pytest.CaptureFixture[str], reading: Reading | None = None) -> list[str]:
    print_answer(Answer(query="ship", lang="en", reading=reading, generation="g", hits=hits))
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_a_weak_hit_is_marked_and_the_answer_says_that_there_is_no_better(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _printed([CARGO], capsys)
    assert lines[0] == "No good match in this index; the nearest passages follow."
    cell = [line.rpartition("│")[2].strip() for line in lines[3:]]
    assert cell == [
        "سفينة تغادر عدن",
        "غادرت السفينة ميناء عدن فجراً.",
        "weak match · ar/ship.txt · 2025-03-02 · المرفأ",
        "Aden = عدن",
        "The same in English: Ship leaves Aden (en/ship.txt)",
        "also in: مغادرة سفينة (ar/copy.txt)",
    ]


def test_how_a_query_was_read_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    reading = Reading("الحرب في السودان", (("el", "ال"), ("7arb", "حرب")))
    assert _printed([CARGO], capsys, reading)[0] == "Read as: الحرب في السودان"
    assert _printed([], capsys, reading) == ["Read as: الحرب في السودان", "Nothing was found."]


def test_an_explanation_s_figures_add_up_as_printed(capsys: pytest.CaptureFixture[str]) -> None:
    explanation = _explanation([1.2345, 0.7777, 2.2222, 0.5555, 0.3333], -3.4567)
    lines = _printed([replace(CARGO, explanation=explanation)], capsys)
    text = "\n".join(lines)
    points = [Decimal(found) for found in re.findall(rf"^.* (?:{'|'.join(Leg)}) .* ([+-][.0-9]+)$", text, re.M)]
    assert len(points) == len(explanation.legs) > 3
    constant, counterpart, log_odds = (
        Decimal(re.findall(rf"{name}\s+(\S+)$", text, re.M)[0]) for name in ("constant", "counterpart", "log-odds")
    )
    assert sum(points) + constant + counterpart == log_odds
    (score,) = re.findall(r"score (\S+)", text)
    assert float(score) == pytest.approx(1 / (1 + math.exp(-float(log_odds))), abs=0.001)


def test_a_leg_that_says_nothing_has_no_rank(capsys: pytest.CaptureFixture[str]) -> None:
    silent = Explanation("ar", (LegShare(Leg.NAMES, None, 0.0, 0.75, 0.0),), -1.0, 0.0, -1.0, 0.269)
    text = "\n".join(_printed([replace(CARGO, explanation=silent)], capsys))
    assert re.search(r"names\s+–\s+0\.000\s+0\.750\s+\+0\.000", text)
    assert "counterpart" not in text


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=7))
def test_rounded_values_add_up_and_stay_near_their_own(values: list[float]) -> None:
    rounded = adding_up(values)
    assert round(sum(rounded) * 1000) == round(sum(values) * 1000)
    assert all(abs(one - other) < 0.001 + 1e-9 for one, other in zip(rounded, values, strict=True))
    assert all(float(f"{value:.3f}") == value for value in rounded)


def test_a_calibration_that_harms_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    found = {"en→ar": Found(0.91, 0.95), "ar→en": Found(0.9, 0.84)}
    print_calibration(Calibration(pairs=1200, held_out=240, found=found), "my-model")
    printed = capsys.readouterr()
    assert "my-model is now that of 1,200 pairs" in printed.out
    assert re.search(r"ar→en\W+90\.0%\W+84\.0%", printed.out)
    assert "jisr index --rebuild" in printed.out
    assert "--reset" in printed.err


def test_languages_are_counted_in_words() -> None:
    assert languages({"en": 1200, "ar": 3}) == "3 ar, 1,200 en"
    assert languages({}) == "none"


def test_a_summary_counts_every_file_once_and_names_each_skip_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(SUMMARY, Path("index"))
    printed = capsys.readouterr()
    assert "2 read, 5 unchanged, 1 moved, 3 gone" in printed.out
    assert printed.err == "skipped \\x1b[2Jسطر\\nثانٍ.png: It is a PNG image.\n"


def test_a_rebuild_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_result(SUMMARY)
    print_result(StoreError("It is full.", hint="Make room."))
    printed = capsys.readouterr()
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d 2 read, 1 moved, 3 gone, 1 skipped, 12 texts encoded: "
        r"7 documents, 1,009 passages, after 1\.2 s\n",
        printed.out,
    )
    assert re.fullmatch(r"\d\d:\d\d:\d\d It is full\. Make room\.\n", printed.err)
