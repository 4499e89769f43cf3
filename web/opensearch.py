"""An OpenSearch description for each language, by which a browser adds Jisr to its search engines."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.rendering import page

MEDIA_TYPE = "application/opensearchdescription+xml"

router = APIRouter(include_in_schema=False, default_response_class=Response)


@router.api_route("/opensearch.xml", methods=["GET", "HEAD"], name="opensearch")
def opensearch(request: Request) -> Response:
    """The description of the pages in the language of the address, which need absolute addresses in it."""
    root = str(request.base_url.replace(path="/"))
    return page(request, "opensearch.xml", {"root": root}, headers={"Content-Type": MEDIA_TYPE})
