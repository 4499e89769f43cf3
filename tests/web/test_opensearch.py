import pytest
from fastapi.testclient import TestClient
from lxml import etree  # type: ignore[import-untyped]

from tests.web.html import parsed, select
from web.opensearch import MEDIA_TYPE

NAMESPACE = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


@pytest.mark.parametrize(
    ("lang", "name", "about"), [("en", "Jisr", "Arabic and English"), ("ar", "جسر", "العربية والإنجليزية")]
)
def test_a_browser_learns_where_to_search(client: TestClient, lang: str, name: str, about: str) -> None:
    answer = client.get(f"/{lang}/opensearch.xml")
    assert answer.headers["content-type"].startswith(MEDIA_TYPE)
    tree = etree.fromstring(answer.content)
    assert tree.findtext("o:ShortName", namespaces=NAMESPACE) == name
    assert about in (tree.findtext("o:Description", namespaces=NAMESPACE) or "")
    assert tree.findtext("o:Language", namespaces=NAMESPACE) == lang
    templates = {url.get("type"): url.get("template") for url in tree.findall("o:Url", NAMESPACE)}
    assert templates["text/html"] == f"http://testserver/{lang}/?q={{searchTerms}}"
    assert templates["application/x-suggestions+json"].endswith("/suggest?format=opensearch&q={searchTerms}")
    assert templates[MEDIA_TYPE] == f"http://testserver/{lang}/opensearch.xml"


def test_the_page_names_both_descriptions(client: TestClient) -> None:
    links = select(parsed(client.get("/").text), f"//link[@rel='search'][@type='{MEDIA_TYPE}']")
    assert {link.get("href") for link in links} == {"/en/opensearch.xml", "/ar/opensearch.xml"}
    for link in links:
        assert client.get(link.get("href", "")).headers["content-type"].startswith(MEDIA_TYPE)
