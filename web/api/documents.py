"""Documents and passages over HTTP."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query

from web.api.cursors import Place
from web.api.newest import Newest
from web.problems import documented
from web.requests import MAX_ID_CHARS, ListRequest
from web.schemas import (
    DocumentBody,
    DocumentHead,
    DocumentList,
    PassageAnswer,
    PassageBody,
    PassageList,
    document_body,
)

DocId = Annotated[
    str, Path(max_length=MAX_ID_CHARS, description="`document.doc_id` of a hit.", examples=["656109c584bcb119"])
]
PassageId = Annotated[
    str,
    Path(max_length=MAX_ID_CHARS, description="`passage.passage_id` of a hit.", examples=["656109c584bcb119-0002"]),
]
ANSWERS = documented(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)

router = APIRouter(prefix="/api/v1", tags=["documents"])


@router.get(
    "/documents",
    summary="List documents",
    responses=documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.GONE, HTTPStatus.SERVICE_UNAVAILABLE),
)
def list_documents(searcher: Newest, asked: Annotated[ListRequest, Query()]) -> DocumentList:
    """All documents that the filters let through, in the order of their sources, some at a time."""
    place = Place.of(searcher, asked, "documents")
    view = searcher.at(place.generation)
    total, documents = view.listed(asked.options(k=asked.k, offset=place.offset))
    follows = place.offset + len(documents) < total
    return DocumentList(
        generation=view.generation,
        total=total,
        next_cursor=place.after(len(documents)).written() if follows else None,
        documents=[DocumentHead.model_validate(document) for document in documents],
    )


@router.get("/documents/{doc_id}", summary="Read one document", responses=ANSWERS)
def document(searcher: Newest, doc_id: DocId) -> DocumentBody:
    """The whole document. Its `text` is the string that the `start` and `end` of its passages count in."""
    return document_body(searcher.document(doc_id), searcher.related(doc_id))


@router.get("/documents/{doc_id}/passages", summary="The passages of a document", responses=ANSWERS)
def passages(searcher: Newest, doc_id: DocId) -> PassageList:
    """What the document was split into; of a copy, the passages of the document that it is a copy of."""
    found = [PassageBody.model_validate(passage) for passage in searcher.passages(doc_id)]
    return PassageList(doc_id=doc_id, passages=found)


@router.get("/passages/{passage_id}", summary="Read one passage", responses=ANSWERS)
def passage(searcher: Newest, passage_id: PassageId) -> PassageAnswer:
    """A passage, those before and after it in its document, and the one in the other language that tells the same."""
    found = searcher.passage(passage_id)
    before, after = searcher.neighbours(passage_id)
    return PassageAnswer.model_validate(
        {
            "document": searcher.document(found.doc_id),
            "passage": found,
            "before": before,
            "after": after,
            "counterpart": searcher.counterpart_of(passage_id),
        }
    )
