"""What the README says is true."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

import jisr
from search.settings import Settings, variable
from tests.conftest import REPOSITORY
from tests.web.serving import serving
from web.app import create_app

README = (REPOSITORY / "README.md").read_text("utf-8")


LIBRARY, OVER_HTTP = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_three_lines_of_python_work(seed_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert len([line for line in LIBRARY.splitlines() if line.strip()]) == 3
    exec(LIBRARY.replace("~/my-index", str(seed_settings.index)), {})  # noqa: S102
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert {line.split()[1] for line in lines} == {"ar", "en"}


def test_the_client_goes_through_all_hits(seed_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(create_app(seed_settings)) as address:
        exec(OVER_HTTP.replace("http://127.0.0.1:8000", address), {"jisr": jisr})  # noqa: S102
    assert len(capsys.readouterr().out.splitlines()) > 10


def test_the_first_screen_shows_an_english_query_that_finds_an_arabic_passage() -> None:
    first_screen = "\n".join(README.splitlines()[:40])
    assert "make demo" in first_screen
    assert re.search(r"│ ar │ [^\n]*[\u0621-\u064a]{3}", first_screen)


def test_every_setting_is_listed() -> None:
    for setting in fields(Settings):
        assert f"| `--{setting.name.replace('_', '-')}` | `{variable(setting)}` |" in README


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    for target in re.findall(r"make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!http|#)([^)]+)\)", README):
        assert (REPOSITORY / Path(link)).exists(), link
