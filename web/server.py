"""Serving the application on a host and port."""

import logging
import socket
from copy import deepcopy
from typing import Any

import uvicorn
from uvicorn.config import LOGGING_CONFIG

from search.settings import SettingError, Settings
from web.app import OpenWriter, create_app
from web.tracing import RequestIdFilter

MAX_PORT = 65535


def serve(
    settings: Settings, *, open_writer: OpenWriter | None = None, host: str = "127.0.0.1", port: int = 8000
) -> None:
    """Answers HTTP until interrupted. Raises `SettingError` if the address or the key cannot be used."""
    with _listen(host, port) as listening:
        app = create_app(settings, open_writer)
        config = uvicorn.Config(app, server_header=False, access_log=False, log_config=_logging())
        # Given a socket, uvicorn takes it that somebody else has told the address.
        logging.getLogger("uvicorn.error").info("Jisr answers at %s (Ctrl-C ends it)", _address(listening))
        uvicorn.Server(config).run(sockets=[listening])


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _logging() -> dict[str, Any]:
    """uvicorn's, with our lines among its own, and the id of the request in each."""
    config = deepcopy(LOGGING_CONFIG)
    config["filters"] = {"request_id": {"()": RequestIdFilter}}
    config["handlers"]["default"]["filters"] = ["request_id"]
    config["formatters"]["default"]["fmt"] = "%(levelprefix)s [%(request_id)s] %(message)s"
    config["loggers"]["web"] = {"handlers": ["default"], "level": "INFO", "propagate": False}
    return config


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
