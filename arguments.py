"""What the commands have in common: options that are settings, and a help that lists commands as they are told of."""

from collections.abc import Callable
from dataclasses import fields
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from search.settings import Settings, variable

Command = TypeVar("Command", bound=Callable[..., Any])

_SHORT = {"index": "-i", "model": "-m"}

OF_A_SERVER = ("milvus_token", "timeout")
"""The settings that a command goes by where a server keeps the index."""

as_json = click.option("--json", "json_", is_flag=True, help="Print JSON, for programs.")
"""The option for programs, `json_`."""


class InOrder(click.Group):
    """A group whose help lists the commands in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of the commands."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The commands, each with its whole first sentence."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.get_short_help_str(limit=200)) for name, command in self.commands.items()]
            )


def with_settings(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of these settings, and hand them to it as its first argument, a `Settings`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(**given: Any) -> None:
            command(Settings.load(**{name: given.pop(name) for name in names}), **given)

        options = [_option(name) for name in names]
        for option in reversed(options):
            run = option(run)
        return run

    return decorate


def _option(name: str) -> Callable[[Command], Command]:
    setting = next(field for field in fields(Settings) if field.name == name)
    flags = [f"--{name.replace('_', '-')}", *filter(None, [_SHORT.get(name)])]
    kind: Any = str
    if isinstance(setting.default, Path):
        kind = click.Path()
    elif isinstance(setting.default, StrEnum):
        kind = click.Choice([choice.value for choice in type(setting.default)])
    shown = str(setting.default).replace(str(Path.home()), "~") if setting.default is not None else False
    return click.option(
        *flags,
        type=kind,
        help=setting.metadata["help"],
        envvar=variable(setting),
        show_envvar=True,
        show_default=shown,
    )
