"""Serving the application on a host and port."""

import logging
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.config import LOGGING_CONFIG

from search.errors import SettingError
from search.settings import Settings
from web.tracing import RequestIdFilter
from web.workers import Workers, sharing
from web.writing import OpenWriter

if TYPE_CHECKING:
    from fastapi import FastAPI

MAX_PORT = 65535


def serve(
    settings: Settings,
    *,
    open_writer: OpenWriter | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
) -> None:
    """Answers HTTP until interrupted, from so many processes.

    Raises `SettingError` if the address or the key cannot be used.
    """
    with ExitStack() as stack:
        listening = [stack.enter_context(one) for one in _listen(host, port, workers)]
        if workers == 1:
            from web.app import create_app

            config = _config(create_app(settings, open_writer))
            _announce(listening[0])
            with suppress(KeyboardInterrupt):  # raised again by uvicorn when it has ended
                uvicorn.Server(config).run(sockets=listening)
        else:
            config = _config(stack.enter_context(sharing(settings, open_writer, workers)), factory=True)
            _announce(listening[0])
            Workers(config, listening).run()


def _config(app: "FastAPI | Callable[[], FastAPI]", **others: Any) -> uvicorn.Config:
    return uvicorn.Config(app, server_header=False, access_log=False, log_config=_logging(), **others)


def _announce(listening: socket.socket) -> None:
    """Given a socket, uvicorn takes it that somebody else has told the address."""
    logging.getLogger("uvicorn.error").info("Jisr answers at %s (Ctrl-C ends it)", _address(listening))


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _logging() -> dict[str, Any]:
    """uvicorn's, with our lines among its own, and the id of the request in each."""
    config = deepcopy(LOGGING_CONFIG)
    config["filters"] = {"request_id": {"()": RequestIdFilter}}
    config["handlers"]["default"]["filters"] = ["request_id"]
    config["formatters"]["default"]["fmt"] = "%(levelprefix)s [%(request_id)s] %(message)s"
    for package in ("web", "search"):
        config["loggers"][package] = {"handlers": ["default"], "level": "INFO", "propagate": False}
    return config


def _listen(host: str, port: int, count: int) -> list[socket.socket]:
    """So many sockets that listen on one address."""
    hint = "Choose another with --host and --port."
    if not 0 <= port <= MAX_PORT:
        raise SettingError(f"There is no port {port}.", hint=hint)
    try:
        first = _listening(host, port)
        if count == 1:
            return [first]
        # Only now is it sure that the address is free: sockets that share it would share it with another server, too.
        port = first.getsockname()[1]
        first.close()
        return [_listening(host, port, shared=True) for _ in range(count)]
    except OSError as error:
        reason = error.strerror or error
        raise SettingError(f"Cannot listen on {host} port {port}: {reason}.", hint=hint) from None


def _listening(host: str, port: int, *, shared: bool = False) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, reuse_port=shared)
    # Connections take this over. Without it the end of an answer waits 40 ms for the client's word that it has its
    # beginning (RFC 896 against RFC 1122, 4.2.3.2); asyncio sees to it only for sockets that it has opened itself.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
