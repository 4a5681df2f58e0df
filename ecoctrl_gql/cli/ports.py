"""Ports to serve on."""

import errno
import socket

from ecoctrl_gql.errors import SetupError


def free_port(host: str) -> int:
    """A port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(host: str, port: int) -> None:
    """
    See that a server can listen here, before anything is started for it.

    Raises:
        SetupError: The port is in use, or this user may not use it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupError(_refusal(host, port, error)) from error


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use: stop the program that uses it, or choose another with PORT or --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights that this user lacks: choose one above 1023 with PORT or --port."
    return f"Nothing can be served on {host}, port {port}: {error.strerror}."
