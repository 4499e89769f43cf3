"""The page is made from the raw numbers alone, and parts of it may be older than others."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.growth import exponent
from bench.peak import Layer, layers, mixed_rate
from bench.picture import panels
from bench.querying import agreement
from bench.report import page
from bench.results import Results
from tests.bench.results import results


def test_the_page_of_the_written_figures_is_the_page_of_the_figures(tmp_path: Path) -> None:
    results().write(tmp_path / "performance.json")
    assert page(Results.read(tmp_path / "performance.json")) == page(results())


def test_the_page_tells_figures_gaps_and_failures() -> None:
    told = page(results())
    assert "| Jisr | ONNX Runtime, int8 | 45.0 | 30.0–60.0 |" in told
    assert "LanceDB could not be measured: No matching distribution found" in told
    assert "| build, without encoding | 1.0 s | 10.0 s | 100.0 s | 1000.0 s | n^1.00 |" in told
    assert "| recall@10 of the vectors | exact | exact | exact | 0.985 |" in told
    assert "Not measured: run `python -m bench --only load`." in told


def test_a_part_in_another_shape_is_left_out_and_the_others_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "performance.json"
    results().write(file)
    written = json.loads(file.read_text("utf-8"))
    written["growth"] = {"figures": "of long ago"}
    file.write_text(json.dumps(written), "utf-8")
    assert Results.read(file) == replace(results(), growth=None)


def test_without_a_file_nothing_was_measured(tmp_path: Path) -> None:
    assert Results.read(tmp_path / "performance.json") == Results()


def test_a_picture_has_what_was_measured() -> None:
    assert [panel["kind"] for panel in panels(results())] == ["bars", "bars", "lines", "lines"]
    assert not list(panels(Results()))


def test_growth_is_told_as_a_power() -> None:
    counts = [1_000, 10_000, 100_000]
    assert exponent(counts, [2.0, 20.0, 200.0]) == pytest.approx(1)
    assert exponent(counts, [7.0, 7.0, 7.0]) == pytest.approx(0)
    assert exponent(counts, [10.0, 100.0, 10_000.0]) == pytest.approx(1.5)
    assert exponent([1_000], [2.0]) is None
    assert exponent(counts, [0.0, 1.0, 2.0]) is None


def test_agreement_is_the_share_of_exact_hits_that_were_found() -> None:
    assert agreement([[1, 2], [5, 6]], [[2, 1], [5, 7]]) == 0.75


def test_a_bert_layer_costs_what_its_matrices_cost(tmp_path: Path) -> None:
    config = {"hidden_size": 384, "intermediate_size": 1536, "num_hidden_layers": 12}
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    assert sum(layer.operations for layer in layers(tmp_path / "config.json")) == 2 * 12 * (4 * 384**2 + 2 * 384 * 1536)


def test_the_peak_of_a_model_is_what_its_layers_take_together() -> None:
    model = [Layer(name="slow", inner=1, outer=1, times=1), Layer(name="fast", inner=1, outer=3, times=1)]
    assert mixed_rate(model, {"slow": 1.0, "fast": 3.0}) == 2.0  # 2 operations in 2 s and 6 in 2 s
