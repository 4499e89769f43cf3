from dataclasses import fields
from pathlib import Path

import pytest

from search.errors import SettingError
from search.milvus.address import Address
from search.settings import Device, Late, Settings, variable


def test_arguments_go_over_the_environment_and_that_over_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JISR_INDEX", raising=False)
    default = Settings.load().index
    monkeypatch.setenv("JISR_INDEX", "~/archive")
    assert Settings.load().index == Path.home() / "archive"
    assert Settings.load(index="here").index == Path("here")
    assert default != Path.home() / "archive"


def test_every_setting_has_a_default_and_a_line_of_help() -> None:
    for setting in fields(Settings):
        assert setting.metadata["help"].endswith(".")
        assert variable(setting) == f"JISR_{setting.name.upper()}"
    assert Settings()


def test_a_value_that_a_setting_does_not_take_is_refused() -> None:
    assert Settings.load(device="torch").device is Device.TORCH
    with pytest.raises(SettingError, match="'tpu'") as caught:
        Settings.load(device="tpu")
    assert "cpu" in caught.value.hint


def test_token_vectors_are_kept_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().late is Late.AUTO
    monkeypatch.setenv("JISR_LATE", "off")
    assert Settings.load().late is Late.OFF
    assert Settings.load(late=Late.ON).late is Late.ON
    with pytest.raises(SettingError, match="'perhaps' is no value for late") as caught:
        Settings.load(late="perhaps")
    assert caught.value.hint == "Use one of: auto, on, off."


def test_settings_for_another_index_are_otherwise_the_same() -> None:
    settings = Settings.load(index="here", late="off")
    assert settings.with_index(Path("there")) == Settings.load(index="there", late="off")


def test_the_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JISR_KEY", "open-sesame-open-sesame")
    settings = Settings.load()
    assert settings.key == "open-sesame-open-sesame"
    assert "sesame" not in f"{settings} {settings!r}"


@pytest.mark.parametrize(
    ("size", "size_bytes"),
    [("800M", 800 * 2**20), ("2GiB", 2**31), ("1.5 gb", 3 * 2**29), ("640 KiB", 640 * 2**10), ("1073741824", 2**30)],
)
def test_sizes_are_told_in_any_unit(size: str, size_bytes: int) -> None:
    assert Settings.load(max_memory=size).max_memory == size_bytes
    assert Settings.load(max_memory=size_bytes).max_memory == size_bytes


@pytest.mark.parametrize("size", ["plenty", "-1G", "2 GiB or so", "M"])
def test_what_is_no_size_is_refused(size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JISR_MAX_MEMORY", size)
    with pytest.raises(SettingError, match=f"'{size}' is no value for max_memory") as caught:
        Settings.load()
    assert "2GiB" in caught.value.hint


def test_an_index_is_a_folder_or_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JISR_INDEX", "milvus://archive.example/news")
    settings = Settings.load()
    assert settings.index == Address("http://archive.example:19530", "news")
    assert settings.folder.name == "milvus_archive_example_19530_news"
    assert Settings.load(workspace="~/built").folder == Path.home() / "built"
    assert Settings.load(index="here", workspace="there").folder == Path("here")
    with pytest.raises(SettingError, match="no address"):
        Settings.load(index="milvus://archive.example")


def test_the_token_for_a_milvus_is_never_shown() -> None:
    settings = Settings.load(milvus_token="root:open-sesame")
    assert settings.milvus_token == "root:open-sesame"
    assert "sesame" not in f"{settings} {settings!r}"


def test_a_timeout_is_a_number_of_seconds() -> None:
    assert Settings.load().timeout == 10
    assert Settings.load(timeout="0.5").timeout == 0.5
    for wrong in ("soon", "0", "-1", "nan", "inf"):
        with pytest.raises(SettingError, match=f"'{wrong}' is no value for timeout"):
            Settings.load(timeout=wrong)
