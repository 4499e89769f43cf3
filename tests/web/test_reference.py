import re

from fastapi.testclient import TestClient

from tests.web.html import one, parsed, select


def test_the_reference_is_started_by_files_of_our_own(client: TestClient) -> None:
    answer = client.get("/docs")
    tree = parsed(answer.text)
    assert all(script.get("src") and not script.text for script in select(tree, "//script"))
    assert client.get(one(tree, "//main").get("data-openapi", "")).json()["info"]["title"] == "Jisr"
    assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_the_reference_asks_no_validator(client: TestClient) -> None:
    assert re.search(r"validatorUrl: null", client.get("/static/reference.js").text)


def test_there_is_no_second_reference(client: TestClient) -> None:
    assert client.get("/redoc").status_code == 404
