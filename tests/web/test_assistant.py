"""A real client of the SDK, over standard input and output, asks ``jisr mcp``."""

import asyncio
import sys
from typing import Any

from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult

from search.searcher import Searcher
from search.settings import Settings
from web.assistant import Tools

QUERY = "Haftar's visit to Rawalpindi"


def test_an_assistant_searches_reads_and_cites(seed_settings: Settings) -> None:
    asyncio.run(asyncio.wait_for(_conversation(seed_settings), 60))


async def _conversation(settings: Settings) -> None:
    command = ["-m", "jisr", "mcp", "--index", str(settings.index), "--cache", str(settings.cache)]
    async with Client(stdio_client(StdioServerParameters(command=sys.executable, args=command))) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"search", "read_passage", "read_document"}
        for tool in tools.values():
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
            assert all(told["description"] for told in tool.input_schema["properties"].values())
        assert "Cite" in (client.instructions or "")

        found = _content(await client.call_tool("search", {"query": QUERY, "k": 8}))
        assert found["answered"]
        english, arabic = (next(hit for hit in found["hits"] if hit["lang"] == lang) for lang in ("en", "ar"))
        assert english["source"] == "en/haftar-rawalpindi-visit.html"
        assert arabic["source"] == "ar/haftar-rawalpindi-visit.md"
        assert english["other_language"]["doc_id"] == arabic["doc_id"]
        for hit in (english, arabic):
            assert hit["title"]
            assert hit["publisher"]
            assert hit["date"]
        assert "راولبندي" in arabic["text"]

        passage = _content(await client.call_tool("read_passage", {"passage_id": arabic["passage_id"]}))
        assert passage == {name: arabic[name] for name in passage}
        document = _content(await client.call_tool("read_document", {"doc_id": arabic["doc_id"]}))
        assert arabic["text"] in document["text"]
        assert document["next_start"] is None

        refused = await client.call_tool("search", {"query": QUERY, "lang": "xx"})
        assert refused.is_error
        assert "Use one of: ar, en." in refused.content[0].text  # type: ignore[union-attr]
        assert (await client.call_tool("search", {"query": QUERY, "k": 1000})).is_error


def _content(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, result.content
    content: dict[str, Any] | None = result.structured_content
    assert content is not None
    return content


def test_a_long_document_is_read_in_stretches(seed_searcher: Searcher) -> None:
    tools = Tools(lambda: seed_searcher, stretch_chars=300)
    document = seed_searcher.document(seed_searcher.search(QUERY, k=1)[0].document.doc_id)
    read = ""
    start: int | None = 0
    while start is not None:
        stretch = tools.read_document(document.doc_id, start=start)
        read += stretch.text
        start = stretch.next_start
    assert read == document.text
    assert len(read) > 2 * 300
