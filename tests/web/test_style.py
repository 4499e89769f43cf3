"""The style sheets: WCAG 2.2 contrast, and the rules that make it work in both directions."""

import re

import pytest

from web.rendering import HERE

CSS = "".join(sheet.read_text(encoding="utf-8") for sheet in sorted((HERE / "static").glob("*.css")))
TEXT_ON_GROUND = [
    (text, ground) for text in ("ink", "muted", "english", "arabic", "other", "alarm") for ground in ("paper", "card")
] + [("mark-ink", "mark"), ("paper", "english"), ("paper", "ink")]


def colours(scheme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks)
    return light if scheme == "light" else dark


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_is_readable(scheme: str, text: str, ground: str) -> None:
    palette = colours(scheme)
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(scheme: str) -> None:
    assert contrast(colours(scheme)["field"], colours(scheme)["card"]) >= 3


def test_properties_are_logical_so_that_both_directions_work() -> None:
    assert not re.findall(
        r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|float)\s*:", CSS
    )
    assert not re.findall(r"text-align:\s*(?:left|right)", CSS)


def test_nothing_is_loaded_by_the_style_sheets() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
