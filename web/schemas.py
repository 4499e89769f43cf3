"""What the API answers, as typed models. The command line prints the same ones, so nothing here knows HTTP."""

from dataclasses import fields

from pydantic import BaseModel, ConfigDict, Field, model_validator

from search.records import Document, Related


class Body(BaseModel):
    """Base of all. `model_validate` takes the record of the same fields and leaves the others out."""

    model_config = ConfigDict(frozen=True, from_attributes=True, extra="forbid")


class PairBody(Body):
    """Base of those whose record is a tuple of their fields in order."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, record: object) -> object:
        return dict(zip(cls.model_fields, record, strict=True)) if isinstance(record, tuple) else record


class PassageBody(Body):
    """The run of sentences that answers the query."""

    passage_id: str = Field(description="Name of the passage in this index.", examples=["656109c584bcb119-0002"])
    lang: str = Field(description="BCP-47 tag of the passage.", examples=["ar"])
    text: str = Field(
        description="Characters `start` to `end` of the document's text.",
        examples=["وصل حفتر إلى راولبندي يوم الجمعة."],
    )
    start: int = Field(ge=0, description="First character, counted in Unicode code points.", examples=[0])
    end: int = Field(ge=0, description="One past the last character.", examples=[412])
    page: int | None = Field(
        description="Page of the source that it begins on; null where that has none.", examples=[3]
    )


class DocumentHead(Body):
    """What is known of a document without its text."""

    doc_id: str = Field(description="Name of the document in this index.", examples=["656109c584bcb119"])
    title: str = Field(description="Its title, as the source gives it.", examples=["حفتر يزور راولبندي"])
    lang: str = Field(description="BCP-47 tag of the document as a whole.", examples=["ar"])
    date: str | None = Field(description="ISO 8601, as exact as the source gives it.", examples=["2025-07-18"])
    source: str = Field(description="Path of the file, relative to the folder indexed.", examples=["ar/visit.md"])
    publisher: str | None = Field(description="Who published it, where the source says so.", examples=["Jisr Wire"])
    author: str | None = Field(description="Who wrote it, where the source says so.", examples=["هدى سالم"])
    record_id: str | None = Field(description="Its own id in a file of several, such as JSONL.", examples=["brief-07"])


class DocumentBody(DocumentHead):
    """One document with its whole text."""

    text: str = Field(description="The string that passage offsets count in.", examples=["وصل حفتر إلى راولبندي."])
    copies: list[DocumentHead] = Field(description="Documents with the same text, by source.")
    near_duplicates: list[DocumentHead] = Field(
        description="Documents that tell the same in nearly the same words, the most alike first."
    )
    counterparts: list[DocumentHead] = Field(
        description="Documents in the other language that tell the same, nearest first; often there is none."
    )


def document_body(document: Document, related: Related) -> DocumentBody:
    """What ``GET /api/v1/documents/{doc_id}`` answers."""
    head = DocumentHead.model_validate(document)
    others = {
        field.name: [DocumentHead.model_validate(other) for other in getattr(related, field.name)]
        for field in fields(related)
    }
    return DocumentBody.model_validate({**head.model_dump(), **others, "text": document.text})


class DocumentList(Body):
    """Some of the documents of the index."""

    generation: str = Field(description="Build of the index that answered.", examples=["20251217T083000-4f9ac1"])
    total: int = Field(ge=0, description="How many documents the filters let through.", examples=[46])
    next_cursor: str | None = Field(
        description="Give it as `cursor` for the documents that follow; null at the end.", examples=["WyIyMDI1MTIxN1Q"]
    )
    documents: list[DocumentHead] = Field(description="In the order of their sources.")


class PassageList(Body):
    """The passages of a document."""

    doc_id: str = Field(description="Name of the document in this index.", examples=["656109c584bcb119"])
    passages: list[PassageBody] = Field(description="From the first to the last.")


class PassageAnswer(Body):
    """One passage where it stands."""

    document: DocumentHead = Field(description="The document that the passage is a part of.")
    passage: PassageBody = Field(description="The passage itself.")
    before: PassageBody | None = Field(description="The passage before it; null for the first.")
    after: PassageBody | None = Field(description="The passage after it; null for the last.")
    counterpart: PassageBody | None = Field(
        description="The passage of the other language that tells the same; null where none is known."
    )


class CountBody(Body):
    """How many documents have a value."""

    value: str = Field(description="As the filter takes it.", examples=["ar"])
    count: int = Field(ge=1, description="How many documents.", examples=[6])


class FacetsBody(Body):
    """Documents counted by what they can be filtered by; each count goes by all filters but its own."""

    languages: list[CountBody] = Field(description="By language, for `lang`; the most first.")
    sources: list[CountBody] = Field(
        description="By publisher, or top folder where none is known, for `source`; the most first."
    )
    years: list[CountBody] = Field(description="By year, for `since` and `until`; the newest first.")


class SuggestionBody(Body):
    """What a query may become."""

    text: str = Field(description="The whole query that is suggested.", examples=["desalination plant"])
    kind: str = Field(description="Where it comes from.", examples=["word"])


class SuggestionList(Body):
    """What a query that is being typed may become."""

    q: str = Field(description="What has been typed.", examples=["desal"])
    suggestions: list[SuggestionBody] = Field(description="Best first; often none.")


class Readiness(Body):
    """The index that is open."""

    status: str = Field(default="ready", description="Always `ready`.", examples=["ready"])
    generation: str = Field(description="Build of the index that answers.", examples=["20251217T083000-4f9ac1"])
    created: str = Field(description="When it was built, ISO 8601 in UTC.", examples=["2025-12-17T08:30:00+00:00"])
    model: str = Field(description="Model that the index was built with.", examples=["multilingual-e5-small"])
    documents: int = Field(ge=0, description="How many documents it holds.", examples=[46])
    passages: int = Field(ge=0, description="How many passages they were split into.", examples=[251])
    languages: dict[str, int] = Field(description="Passages per language.", examples=[{"ar": 120, "en": 131}])


class Health(Body):
    """The process answers."""

    status: str = Field(default="ok", description="Always `ok`.", examples=["ok"])
