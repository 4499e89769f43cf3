"""What a collection of passages holds of each row that is asked for, in the order in which it is asked."""

from typing import Any

import numpy as np

from search.allowed import Rows
from search.errors import DamagedIndexError
from search.milvus.connection import Connection
from search.store import REBUILD


def by_row(connection: Connection, passages: str, field: str, rows: Rows) -> list[Any]:
    """The value of a field for each of these rows, any of which may be asked for twice.

    Raises `DamagedIndexError` when one is not there.
    """
    found = connection.select(passages, ["row", field], "row", np.unique(rows).tolist())
    values = {record["row"]: record[field] for record in found}
    try:
        return [values[row] for row in rows.tolist()]
    except KeyError as error:
        raise DamagedIndexError(f"The passage {error} is missing at {connection.address}.", hint=REBUILD) from None
