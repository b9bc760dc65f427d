"""Requests over kept-alive connections, as fast as they are answered, from processes of their own."""

import http.client
import multiprocessing
import time
from collections.abc import Callable
from urllib.parse import urlsplit

CLIENTS = 4
HEADERS = {"Accept-Encoding": "br", "Accept": "text/html"}


def _ask(address: str, paths: Callable[[int], str], client: int, seconds: float, answers) -> None:
    host = urlsplit(address)
    connection = http.client.HTTPConnection(host.hostname, host.port, timeout=30)
    count, failed, end = 0, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        connection.request("GET", paths(client * 1_000_000 + count), headers=HEADERS)
        response = connection.getresponse()
        response.read()
        count += 1
        failed += response.status != 200
    answers.put((count, failed))


def rate(address: str, paths: Callable[[int], str], seconds: float = 4.0) -> float:
    """Answers a second to CLIENTS clients at once; raises RuntimeError when any is not a 200."""
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    clients = [
        context.Process(target=_ask, args=(address, paths, client, seconds, answers)) for client in range(CLIENTS)
    ]
    begun = time.monotonic()
    for client in clients:
        client.start()
    counted = [answers.get(timeout=seconds + 60) for _ in clients]
    for client in clients:
        client.join()
    if failed := sum(failures for _, failures in counted):
        raise RuntimeError(f"{failed} answers were not 200")
    return sum(count for count, _ in counted) / (time.monotonic() - begun)


def size(address: str, path: str) -> tuple[int, bytes]:
    """Bytes of a page as sent (brotli), and the page itself as sent."""
    host = urlsplit(address)
    connection = http.client.HTTPConnection(host.hostname, host.port, timeout=30)
    connection.request("GET", path, headers=HEADERS)
    body = connection.getresponse().read()
    return len(body), body
