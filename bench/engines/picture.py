"""Panels of bars and lines as one SVG, by matplotlib, in colours that can be read on light and dark ground.

Panels come as JSON on standard input; the file to write is the only argument.
"""

import json
import sys
from typing import Any

_INK = "#7d8590"
_ACCENTS = ("#2f81f7", "#db6d28", "#3fb950", "#a371f7")


def main(path: str) -> None:
    """Draw."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "jisr",
            "font.family": "sans-serif",
            "font.size": 9,
            **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color", "axes.edgecolor"), _INK),
        }
    )
    from matplotlib import pyplot as plt

    panels: list[dict[str, Any]] = json.load(sys.stdin)
    rows = (len(panels) + 1) // 2
    figure, places = plt.subplots(rows, 2, figsize=(11, 3.2 * rows), squeeze=False, layout="constrained")
    figure.patch.set_alpha(0)
    for axes in places.flat[len(panels) :]:
        axes.remove()
    for panel, axes in zip(panels, places.flat, strict=False):
        axes.patch.set_alpha(0)
        axes.set_title(panel["title"], fontsize=10, loc="left")
        axes.spines[["top", "right"]].set_visible(False)
        (_bars if panel["kind"] == "bars" else _lines)(axes, panel)
    figure.savefig(path, transparent=True, metadata={"Date": None})


def _bars(axes: Any, panel: dict[str, Any]) -> None:
    names, values = list(panel["values"]), list(panel["values"].values())
    bars = axes.barh(names, values, color=[_ACCENTS[0] if name in panel["ours"] else _INK for name in names])
    axes.bar_label(bars, [panel["form"].format(value) for value in values], padding=3)
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)


def _lines(axes: Any, panel: dict[str, Any]) -> None:
    for (name, values), colour in zip(panel["values"].items(), _ACCENTS, strict=False):
        axes.plot(panel["across"], values, marker="o", color=colour, label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("passages")
    axes.set_ylabel(panel["unit"])
    axes.grid(visible=True, color=_INK, alpha=0.2)
    axes.legend(frameon=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
