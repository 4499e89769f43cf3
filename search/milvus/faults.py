"""What went wrong at a Milvus, told in our words."""

from search.errors import ExpiredError, JisrError, StoreError, UnavailableError
from search.milvus.address import Address

Code = int | str | None

# Of an answer, https://github.com/milvus-io/milvus/blob/master/pkg/util/merr/errors.go
_UNLOADED = 101
_GONE: set[Code] = {100, 1600}
_NOT_READY: set[Code] = {2, 101, 103, 201, 401, 500, 503, 901, 902}
_NOT_READY_SAID = ("not ready", "not healthy", "not loaded", "not available", "node offline", "closed channel")

_LITE = "Open local milvus failed"

# Of no answer, https://grpc.github.io/grpc/core/md_doc_statuscodes.html
_UNREACHED: set[Code] = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "UNKNOWN"}
_UNWELCOME: set[Code] = {"UNAUTHENTICATED", "PERMISSION_DENIED", 1400, 1401}


def told(error: Exception, address: Address, timeout_s: float) -> JisrError:
    """The error to raise for one of the client library: `UnavailableError` where trying again may help.

    `ExpiredError` for a collection that is not there, else `StoreError`. What the server said is repeated only where
    it is not about who may enter.
    """
    codes, said = {_code(error), _code(error.__cause__)}, " ".join(str(getattr(error, "message", "")).split())
    if codes & _UNWELCOME:
        return StoreError(
            f"The Milvus server at {address.server} does not let us in.",
            hint="Give USER:PASSWORD or an API key in the variable JISR_MILVUS_TOKEN.",
        )
    if codes & _GONE:
        return ExpiredError(
            "A build of the index is no longer on its server.", hint="Search again, from the first page."
        )
    if codes & (_UNREACHED | _NOT_READY) or any(sign in said for sign in _NOT_READY_SAID):
        return UnavailableError(
            f"The Milvus server at {address.server} does not answer.",
            hint=f"Is it running, and can it be reached from here? It was given {timeout_s:g} s, see JISR_TIMEOUT.",
            fault="unavailable",
        )
    if _LITE in said:
        return StoreError(
            f"Milvus Lite cannot open {address.server}.",
            hint="One process opens it at a time, and the folder that it is to be in must be there.",
        )
    return StoreError(
        f"The Milvus server at {address.server} refuses: {said or type(error).__name__}.",
        hint="Compare its version with those in docs/SCALE.md, and look into its log.",
    )


def is_unloaded(error: Exception) -> bool:
    """Whether a collection was asked that is there, but that the server has not loaded."""
    return _code(error) == _UNLOADED


def _code(error: BaseException | None) -> Code:
    """The number of an answer, or the name of a status of gRPC."""
    if isinstance(error, TimeoutError):
        return "DEADLINE_EXCEEDED"
    code = getattr(error, "code", None)
    code = code() if callable(code) else code
    name = getattr(code, "name", None)
    return name if isinstance(name, str) and name in _UNREACHED | _UNWELCOME else code
