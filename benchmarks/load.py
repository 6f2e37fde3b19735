"""A load generator of the standard library: ``python -m benchmarks.load`` reads a job and writes what it measured.

A process of its own, so that it takes nothing from whoever steers it. It keeps some connections busy for some seconds
with one request after the other, as cheaply as Python can, and reads every answer to its end.
"""

import json
import re
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from random import Random

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ETAG = re.compile(rb"\r\netag: *([^\r]+)", re.IGNORECASE)
_CHUNK = 1 << 18


@dataclass
class Answer:
    status: int
    etag: str
    length: int
    seconds: float


def request_of(path: str, etag: str = "") -> bytes:
    """As a browser behind the web server asks, over HTTPS."""
    condition = f"If-None-Match: {etag}\r\n" if etag else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n{condition}\r\n".encode()


class Connection:
    """One kept-alive connection with at most one request under way."""

    def __init__(self, port: int):
        self.port = port
        self._open()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self.request, self.head, self.missing = request, b"", -1
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> Answer | None:
        """The answer once it is there as a whole."""
        data = self.socket.recv(_CHUNK)
        if not data:
            raise ConnectionError("The server closed the connection.")
        if self.missing < 0:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return None
            length = _LENGTH.search(self.head, 0, end)
            self.length = int(length[1]) if length and self.head[9:12] != b"304" else 0
            self.missing = self.length - (len(self.head) - end - 4)
        else:
            self.missing -= len(data)
        if self.missing > 0:
            return None
        etag = _ETAG.search(self.head)
        seconds = time.perf_counter() - self.sent_at
        return Answer(int(self.head[9:12]), etag[1].decode() if etag else "", self.length, seconds)

    def ask(self, request: bytes) -> Answer:
        self.send(request)
        while (answer := self.receive()) is None:
            pass
        return answer

    def close(self) -> None:
        self.socket.close()


@dataclass
class Outcome:
    """What one job measured; ``seconds`` are those of each request."""

    lasted: float
    seconds: list[float] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    length: int = 0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.lasted

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def drive(port: int, requests: Iterator[bytes], lasting: float, connections: int, at_least: int = 1) -> Outcome:
    """For some seconds, and until so many answers are there."""
    open_ones = {
        connection.socket.fileno(): connection for connection in (Connection(port) for _ in range(connections))
    }
    poll = select.epoll()
    outcome = Outcome(lasting)
    started = time.perf_counter()
    for number, connection in open_ones.items():
        poll.register(number, select.EPOLLIN)
        connection.send(next(requests))
    while time.perf_counter() - started < lasting or len(outcome.seconds) < at_least:
        for number, _event in poll.poll(5):
            answer = open_ones[number].receive()
            if answer:
                outcome.seconds.append(answer.seconds)
                outcome.statuses[answer.status] += 1
                outcome.length += answer.length
                open_ones[number].send(next(requests))
    outcome.lasted = time.perf_counter() - started
    for connection in open_ones.values():
        connection.close()
    return outcome


def main() -> None:
    job = json.load(sys.stdin)
    requests = [request_of(path, etag) for path, etag in job["requests"]]
    # At random: in a circle, one of two workers might see always the same pages and never the others.
    order = iter(partial(Random(1).choice, requests), None) if job["at_random"] else cycle(requests)
    outcome = drive(job["port"], order, job["seconds"], job["connections"], job["at_least"])
    json.dump(
        {
            "rate": outcome.rate,
            "p50": outcome.percentile(0.5),
            "p99": outcome.percentile(0.99),
            "statuses": outcome.statuses,
            "length": outcome.length / len(outcome.seconds),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
