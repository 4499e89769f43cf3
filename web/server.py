"""Serving the application on a host and port."""

import socket

import uvicorn

from search.settings import SettingError, Settings
from web.app import create_app

MAX_PORT = 65535


def serve(settings: Settings, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Answers HTTP until interrupted. Raises `SettingError` if the address cannot be used."""
    with _listen(host, port) as listening:
        config = uvicorn.Config(create_app(settings), server_header=False, log_level="info")
        uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    hint = "Choose another with --host and --port."
    if not 0 <= port <= MAX_PORT:
        raise SettingError(f"There is no port {port}.", hint=hint)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = error.strerror or error
        raise SettingError(f"Cannot listen on {host} port {port}: {reason}.", hint=hint) from None
