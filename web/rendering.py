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
from web import wording

HERE = Path(__file__).parent

_templates = Jinja2Templates(directory=HERE / "templates")


def page(
    request: Request,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The template as an HTML response. What the context leaves out, the template treats as empty."""
    return _templates.TemplateResponse(request, template, context, status_code=status, headers=headers)


@pass_context
def _path_to(context: Context, name: str, query: Mapping[str, str | list[str]] | None = None, **parts: str) -> str:
    """Path of a route with its parts quoted and the parameters of `query` that are not empty."""
    request: Request = context["request"]
    path = request.url_for(name, **{part: quote(value, safe="") for part, value in parts.items()}).path
    given = {parameter: value for parameter, value in (query or {}).items() if value}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


@pass_context
def _static(context: Context, file: str) -> str:
    request: Request = context["request"]
    return request.url_for("static", path=file).path


_templates.env.globals.update(path_to=_path_to, static=_static, direction=direction)
_templates.env.filters.update(
    day=wording.day, language_name=wording.language_name, endonym=wording.endonym, snippet=wording.snippet
)
_templates.env.trim_blocks = _templates.env.lstrip_blocks = True
