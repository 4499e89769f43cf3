"""The report of an evaluation, read back: its figures are those that were measured, and it needs nothing else."""

import numpy as np
import pytest

from search.evaluation import Figures, Report
from search.searcher import Searcher
from tests.web.html import HtmlElement, one, parsed, select, words
from web.report import MEASURES, Latencies, write_report

FIGURES = Report(
    mixed=Figures(40, 0.975, 0.91, 0.8125, 0.8549),
    cells={
        "ar→ar": Figures(10, 1.0, 0.95, 0.9, 0.925),
        "ar→en": Figures(11, 0.9, 0.85, 0.7, 0.7512),
        "en→ar": Figures(12, 0.8, 0.75, 0.5, 0.4),
        "en→en": Figures(13, 1.0, 1.0, 1.0, 1.0),
    },
    other_language=0.42,
    balance=0.8,
)
TIMES_MS = [float(time) for time in range(1, 101)]


@pytest.fixture(scope="module")
def tree(seed_searcher: Searcher, tmp_path_factory: pytest.TempPathFactory) -> HtmlElement:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(path, "<b>مجموعة</b>", seed_searcher.manifest, FIGURES, TIMES_MS)
    return parsed(path.read_text("utf-8"))


def test_each_cell_of_the_heat_map_has_its_figures(tree: HtmlElement) -> None:
    for cell, found in FIGURES.cells.items():
        field = one(tree, f"//td[@data-cell='{cell}']")
        said = words(field)
        assert f"{found.ndcg_at_10:.3f}" in said
        assert f"Success@20 {found.success_at_20:.3f}" in said
        assert f"{found.queries} queries" in said
    shares = {cell: one(tree, f"//td[@data-cell='{cell}']").get("style") for cell in FIGURES.cells}
    assert shares == {
        "ar→ar": "--share: 85%",
        "ar→en": "--share: 50%",
        "en→ar": "--share: 0%",
        "en→en": "--share: 100%",
    }
    assert [words(head) for head in select(tree, "//thead//th")] == ["Arabic documents", "English documents"]


def test_every_measure_has_its_bars_as_long_as_its_figures(tree: HtmlElement) -> None:
    for field, measure in MEASURES.items():
        rows = select(tree, f"//tbody[@data-measure='{measure}']/tr[td]")
        values = [getattr(found, field) for found in (*FIGURES.cells.values(), FIGURES.mixed)]
        assert [words(one(row, "./td[@class='value']")) for row in rows] == [f"{value:.3f}" for value in values]
        assert [one(row, ".//div").get("style") for row in rows] == [f"--share: {value * 100:.1f}%" for value in values]


def test_the_histogram_holds_every_query_and_says_the_percentiles(tree: HtmlElement) -> None:
    bins = select(tree, "//*[@class='bin']")
    counted = [int(words(one(bin_, "./title")).split()[2]) for bin_ in bins]
    assert sum(counted) == len(TIMES_MS)
    said = {number: one(tree, f"//*[@data-percentile='{number}']").text_content() for number in (50, 95, 99)}
    assert said == {number: f"{np.percentile(TIMES_MS, number):.1f}" for number in said}


def test_the_report_needs_nothing_else_and_shows_a_name_as_text(tree: HtmlElement) -> None:
    assert words(one(tree, "//h1")) == "<b>مجموعة</b>"
    assert not select(tree, "//script | //link | //img | //@href | //@src | //h1/b")
    assert "url(" not in one(tree, "//style").text_content()


@pytest.mark.parametrize(
    ("times_ms", "bin_ms", "counts"),
    [
        ([3.0], 0.2, (0,) * 15 + (1,)),
        ([0.0, 9.9, 10.0, 200.0], 10.0, (2, 1, *(0,) * 18, 1)),
        ([4700.0, 100.0], 200.0, (1, *(0,) * 22, 1)),
    ],
)
def test_bins_are_of_a_round_width(times_ms: list[float], bin_ms: float, counts: tuple[int, ...]) -> None:
    found = Latencies.of(times_ms)
    assert found.bin_ms == pytest.approx(bin_ms)
    assert found.counts == counts


def test_times_that_are_all_nothing_are_a_histogram_too() -> None:
    assert sum(Latencies.of([0.0, 0.0]).counts) == 2
