"""How a page is made from a template: the Jinja environment and the few functions that templates may call."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from search.language import direction
from web.interface import wording_of
from web.wording import INTERFACES, Digits, endonym, snippet

HERE = Path(__file__).parent

Query = Mapping[str, str | int | list[str]]

_templates = Jinja2Templates(directory=HERE / "templates")


def page(
    request: Request,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The template as an HTML response, its `t` the wording of the request.

    What the context leaves out, the template treats as empty.
    """
    worded = {"t": wording_of(request), **context}
    return _templates.TemplateResponse(request, template, worded, status_code=status, headers=headers)


@pass_context
def _path_to(
    context: Context, name: str, query: Mapping[str, str | int | list[str]] | None = None, **parts: str
) -> str:
    """Path of a route in the language of the address, its parts quoted, with the parameters that are not empty.

    The digits that the reader chose go along.
    """
    request: Request = context["request"]
    path = request.url_for(name, **{part: quote(value, safe="") for part, value in parts.items()}).path
    digits: Digits = context["t"].digits
    chosen = {} if digits is Digits.LATIN else {"digits": digits.value}
    given = {parameter: value for parameter, value in {**(query or {}), **chosen}.items() if value}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


@pass_context
def _same_page(context: Context, *, lang: str | None = None, digits: Digits | None = None) -> str:
    """The address of this page in an interface language, or with other digits."""
    request: Request = context["request"]
    path = request.url.path.removeprefix(request.state.prefix)
    kept = [(name, value) for name, value in request.query_params.multi_items() if value]
    if digits is not None:
        kept = [(name, value) for name, value in kept if name != "digits"]
        kept += [("digits", digits.value)] if digits is not Digits.LATIN else []
    prefix = f"/{lang}" if lang else request.state.prefix
    return f"{prefix}{path}?{urlencode(kept)}" if kept else f"{prefix}{path}"


@pass_context
def _static(context: Context, file: str) -> str:
    return _whatever_language(context, "static", path=file)


@pass_context
def _suggest_path(context: Context) -> str:
    """Where the API answers what a query may become."""
    return _whatever_language(context, "suggest")


def _whatever_language(context: Context, name: str, **parts: str) -> str:
    request: Request = context["request"]
    return request.url_for(name, **parts).path.removeprefix(request.state.prefix)


_templates.env.globals.update(
    path_to=_path_to,
    same_page=_same_page,
    static=_static,
    suggest_path=_suggest_path,
    direction=direction,
    INTERFACES=INTERFACES,
    Digits=Digits,
)
_templates.env.filters.update(endonym=endonym, snippet=snippet)
_templates.env.auto_reload = False  # to look whether any template has changed took as long as filling them in
_templates.env.trim_blocks = _templates.env.lstrip_blocks = True
