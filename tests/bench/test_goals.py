"""Goals are judged by the figures, and by nothing else."""

from dataclasses import replace

from bench.goals import Goal, goals
from bench.results import Results
from tests.bench.results import MIB, growth, latency, part, results


def _goal(results: Results, start: str) -> Goal:
    (found,) = [goal for goal in goals(results) if goal.what.startswith(start)]
    return found


def test_throughput_is_told_as_the_median_ratio_of_turns_to_the_script_and_to_the_fastest_database() -> None:
    script, best = (goal for goal in goals(results()) if goal.what.startswith("index throughput"))
    assert (script.measured, script.wanted, script.verdict) == ("6.0 ×", "≥ 5.0 ×", "met")
    assert (best.measured, best.wanted, best.verdict) == ("4.0 ×", "≥ 3.0 ×", "met")
    assert best.against.endswith(": Chroma")


def test_a_query_is_held_against_the_quickest_database() -> None:
    goal = _goal(results(), "query, text in")
    assert (goal.measured, goal.verdict) == ("2.0 ×", "**missed**")
    assert goal.against.endswith(": Chroma")
    alone = next(goal for goal in goals(results()) if goal.what.startswith("— by the dense leg"))
    assert (alone.measured, alone.verdict) == ("5.0 ×", "met")
    assert alone.against.endswith(": Chroma")


def test_memory_of_the_server_is_a_share_of_the_scripts() -> None:
    goal = _goal(results(), "peak memory of `jisr serve`")
    assert (goal.measured, goal.wanted, goal.verdict) == ("30%", "≤ 25%", "**missed**")


def test_encoding_is_a_share_of_the_peak_round_by_round() -> None:
    goal = _goal(results(), "encode throughput")  # 40 % and 80 % of it
    assert (goal.measured, goal.verdict) == ("60%", "met")


def test_a_million_passages_are_judged_by_time_recall_and_memory() -> None:
    assert {goal.verdict for goal in goals(results()) if "1,000,000" in goal.what} == {"met"}
    assert _goal(results(), "query at 1,000,000 passages, peak memory").measured == "0.24 GiB"
    (size,) = growth(1_000_000).sizes
    slow = replace(latency(30), peak_bytes=1_600 * MIB)
    worse = replace(results(), million=part(replace(growth(1_000_000), sizes=[replace(size, all_legs=slow)])))
    assert _goal(worse, "vectors of 1,000,000 passages, recall@10").verdict == "met"
    assert _goal(worse, "query at 1,000,000 passages, p95").verdict == "**missed**"
    assert _goal(worse, "query at 1,000,000 passages, peak memory").verdict == "**missed**"
    assert _goal(worse, "— by the dense leg alone, all that other engines have, p95").verdict == "met"
    assert _goal(worse, "— by the dense leg alone, all that other engines have, peak memory").verdict == "met"
    lossy = replace(results(), million=part(replace(growth(1_000_000), sizes=[replace(size, recall=0.97)])))
    assert _goal(lossy, "vectors of 1,000,000 passages, recall@10").verdict == "**missed**"


def test_a_million_passages_searched_exactly_miss_nothing() -> None:
    (size,) = growth(1_000_000).sizes
    exact = replace(results(), million=part(replace(growth(1_000_000), sizes=[replace(size, recall=None)])))
    assert _goal(exact, "vectors of 1,000,000 passages, recall@10").measured == "1.000"


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    assert {goal.verdict for goal in goals(Results())} == {"not measured"}
