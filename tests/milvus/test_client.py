import subprocess
import sys

from tests.conftest import REPOSITORY

_WITHOUT = """
import sys
sys.modules["pymilvus"] = None
from search.errors import StoreError
from search.milvus.address import Address
from search.milvus.connection import Connection
try:
    Connection(Address("http://127.0.0.1:1", "news"))
except StoreError as error:
    print(error.message, error.hint)
"""

_FOLDER = """
import sys
from search.searcher import Searcher
from search.settings import Settings
from search.milvus.connection import Connection
Settings.load(index="milvus://127.0.0.1/news")
print(sorted({"pymilvus", "grpc", "pandas"} & set(sys.modules)))
"""


def _run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return done.stdout


def test_it_says_what_to_install() -> None:
    assert _run(_WITHOUT) == (
        "An index in a Milvus needs the package pymilvus. Install it: pip install 'jisr[milvus]'\n"
    )


def test_nothing_is_imported_before_an_index_is_opened() -> None:
    assert _run(_FOLDER) == "[]\n"
