"""The JSON API, cut by what it is about."""

from fastapi import APIRouter

from web.api import documents, exploring, exporting, operation, searching, writing
from web.turns import TURN

router = APIRouter()
for part in (searching, exporting, documents, exploring):
    router.include_router(part.router, dependencies=[TURN])
router.include_router(writing.router)
router.include_router(operation.router)
