"""Jisr over HTTP: the page, the JSON API, and the server."""
