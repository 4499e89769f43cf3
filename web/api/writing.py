"""Changing the index over HTTP: documents in and out, and a build of all. Only for who has the server's key."""

import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from search.submissions import Submission
from web.problems import Refused, documented
from web.requests import MAX_ID_CHARS
from web.submissions import AcceptedBody, Added, NewDocument, NewDocuments, WorkBody
from web.writing import Writer

_bearer = HTTPBearer(auto_error=False, description="The server's key: `jisr serve --key`, or `JISR_KEY`.")


def _writer(request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Writer:
    writer: Writer | None = request.app.state.writer
    key: str | None = request.app.state.key
    if writer is None or key is None:
        raise Refused(
            HTTPStatus.FORBIDDEN,
            "This server does not let anybody change its index.",
            hint="Start it with a key, JISR_KEY=… jisr serve, and send that along: Authorization: Bearer …",
            code="read-only-server",
        )
    if sent is None or not secrets.compare_digest(sent.credentials.encode(), key.encode()):
        raise Refused(
            HTTPStatus.UNAUTHORIZED,
            "The key is missing." if sent is None else "The key is not the one of this server.",
            hint="Send the key that the server was started with: Authorization: Bearer …",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return writer


_Writer = Annotated[Writer, Depends(_writer)]

router = APIRouter(prefix="/api/v1", tags=["writing"])
_ERRORS = documented(
    *(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
    *(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
)


@router.post(
    "/documents",
    summary="Add documents",
    status_code=HTTPStatus.ACCEPTED,
    responses=_ERRORS | documented(HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
)
def add_documents(writer: _Writer, body: Added) -> AcceptedBody:
    """One document, or several as `documents`. They are kept at once and found after the next build.

    A document whose text is nothing but page furniture, such as a share button, is kept and never found.
    """
    documents = body.documents if isinstance(body, NewDocuments) else [body]
    doc_ids = writer.add([_submission(document) for document in documents])
    return AcceptedBody(doc_ids=doc_ids, work=WorkBody.model_validate(writer.work))


@router.delete(
    "/documents/{doc_id}",
    summary="Delete a document",
    status_code=HTTPStatus.ACCEPTED,
    responses=_ERRORS | documented(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def delete_document(
    writer: _Writer,
    doc_id: Annotated[
        str,
        Path(max_length=MAX_ID_CHARS, description="What adding it answered, or a hit.", examples=["656109c584bcb119"]),
    ],
) -> AcceptedBody:
    """Deletes a document that was added over HTTP; it is found until the next build has ended.

    One that comes from a file stays: `jisr remove` takes files out.
    """
    writer.delete(doc_id)
    return AcceptedBody(doc_ids=[doc_id], work=WorkBody.model_validate(writer.work))


@router.post(
    "/reindex",
    summary="Bring the index up to date",
    status_code=HTTPStatus.ACCEPTED,
    responses=_ERRORS,
)
def reindex(writer: _Writer) -> AcceptedBody:
    """Reads again what changed in the files and folders that the index was built from."""
    writer.reindex()
    return AcceptedBody(doc_ids=[], work=WorkBody.model_validate(writer.work))


def _submission(document: NewDocument) -> Submission:
    return Submission(
        text=document.text,
        title=document.title,
        lang=document.lang,
        date=document.date.isoformat() if document.date else None,
        publisher=document.publisher or None,
        author=document.author or None,
        record_id=document.id,
    )
