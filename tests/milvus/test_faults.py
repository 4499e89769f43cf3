import pytest
from grpc import StatusCode
from pymilvus import MilvusException
from pymilvus.exceptions import ParamError

from search.errors import ExpiredError, StoreError, UnavailableError
from search.milvus.address import Address
from search.milvus.faults import told

ADDRESS = Address("http://milvus.example:19530", "news")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MilvusException(StatusCode.UNAVAILABLE, "Retry timeout: 10s"), UnavailableError),
        (MilvusException(2, "Fail connecting to server"), UnavailableError),
        (MilvusException(1, "service not ready[standalone=1]: Initializing"), UnavailableError),
        (MilvusException(101, "collection not loaded"), UnavailableError),
        (MilvusException(503, "channel not available"), UnavailableError),
        (MilvusException(100, "collection not found[collection=news]"), ExpiredError),
        (MilvusException(1600, "alias not found"), ExpiredError),
        (MilvusException(1100, "invalid parameter"), StoreError),
        (ParamError(message="row must be int"), StoreError),
        (MilvusException(StatusCode.RESOURCE_EXHAUSTED, "message larger than max"), StoreError),
        (MilvusException(1401, "privilege not permitted"), StoreError),
    ],
)
def test_an_error_is_told_by_what_helps_against_it(error: MilvusException, kind: type[Exception]) -> None:
    failure = told(error, ADDRESS, 10.0)
    assert type(failure) is kind
    assert failure.hint


def test_what_the_server_says_is_one_line() -> None:
    failure = told(MilvusException(6, "unexpected token\n  row > >\n      ^"), ADDRESS, 10.0)
    assert failure.message == "The Milvus server at milvus.example:19530 refuses: unexpected token row > > ^."
