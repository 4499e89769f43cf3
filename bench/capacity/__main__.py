"""The plan for scale: docs/SCALE.md from docs/performance.json, docs/scale.json and the assumptions.

    python -m bench.capacity                           write the page anew; nothing is measured
    python -m bench.capacity --prices 1.5,0.02,0.08    the same, and print what the plan costs at such prices
    python -m bench.capacity --texts INDEX…            count the sizes of records and words again: indexes of real text
    python -m bench.capacity --graphs INDEX            measure HNSW graphs again: an index of some 100,000 passages
    python -m bench.capacity --products INDEX          measure products of words again: the same

Prices are those of a machine-hour, of a gigabyte in the object store for a month, and of a core-hour for encoding.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bench.capacity.cost import Prices, costs
from bench.capacity.figures import Scale
from bench.capacity.graphs import measure_graphs
from bench.capacity.sparse import measure_products
from bench.capacity.texts import measure_texts
from bench.capacity.written import KEPT, PAGE, model_as_kept, page_as_kept
from bench.machine import Machine
from bench.results import Part

_GRAPHS = (1_000, 10_000, 99_000)
_PRODUCTS = (2_000, 6_000, 18_000)

Figures = TypeVar("Figures")


def main() -> int:
    """Measure what is asked for, and write the page."""
    options = _options()
    scale = Scale.read(KEPT) if KEPT.exists() else Scale()
    if options.texts:
        scale = replace(scale, texts=_part(lambda: measure_texts(options.texts)))
    if options.graphs:
        scale = replace(scale, graphs=_part(lambda: measure_graphs(options.graphs, _GRAPHS)))
    if options.products:
        scale = replace(scale, products=_part(lambda: measure_products(options.products, _PRODUCTS)))
    scale.write(KEPT)
    PAGE.write_text(page_as_kept(), "utf-8")
    if options.prices:
        print(costs(model_as_kept(), options.prices))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.capacity", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--prices", type=_prices, metavar="MACHINE,GB,CORE")
    parser.add_argument("--texts", type=Path, nargs="+", metavar="INDEX")
    parser.add_argument("--graphs", type=Path, metavar="INDEX")
    parser.add_argument("--products", type=Path, metavar="INDEX")
    return parser.parse_args()


def _prices(text: str) -> Prices:
    try:
        machine, stored, core = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not three prices, as in 1.5,0.02,0.08") from None
    return Prices(machine_hour=machine, stored_gb_month=stored, core_hour=core)


def _part(measured: Callable[[], Figures]) -> Part[Figures]:
    machine, started = Machine.here(), time.monotonic()
    figures = measured()
    return Part(
        machine=machine,
        command=" ".join(["python -m bench.capacity", *(one for one in sys.argv[1:] if one.startswith("--"))]),
        seconds=time.monotonic() - started,
        figures=figures,
    )


if __name__ == "__main__":
    sys.exit(main())
