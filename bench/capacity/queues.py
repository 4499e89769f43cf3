"""A simulation of queries that wait for servers, node by node, with times drawn from measured samples.

Of a queue that is served in the order of arrival nothing but the moment at which each server is free need be followed
(Kiefer and Wolfowitz, "On the theory of queues with many servers", 1955): that is exact, and a million queries take a
second. What is asked of many shares at once is answered with the slowest (Dean and Barroso, "The tail at scale", 2013).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heapreplace
from math import factorial
from random import Random

from bench.sample import Sample

_SEED = 20261122
_QUERIES = 3000
_WARM_UP = 300

Draw = Callable[[Random], float]
"""A service time in milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Where a query goes: to one of the `front` servers first, then to one replica of every share at once.

    A node answers so many queries side by side as it has `lanes`. `calls` is what the way there and back takes.
    """

    front: int
    front_ms: Draw
    shares: int
    replicas: int
    lanes: int
    node_ms: Draw
    calls: Draw


def latencies(cluster: Cluster, queries_per_s: float, *, queries: int = _QUERIES) -> Sample:
    """From arrival to answer, milliseconds, of queries that come at random, however slow the answers (Poisson)."""
    chance = Random(_SEED)  # noqa: S311
    arrivals = poisson(chance, queries, queries_per_s)
    asked = served(arrivals, (cluster.front_ms(chance) for _ in arrivals), cluster.front)
    order = sorted(range(queries), key=asked.__getitem__)
    answered = list(asked)
    for _ in range(cluster.shares):
        for replica in range(cluster.replicas):
            own = order[replica :: cluster.replicas]
            found = served([asked[one] for one in own], (cluster.node_ms(chance) for _ in own), cluster.lanes)
            for one, moment in zip(own, found, strict=True):
                answered[one] = max(answered[one], moment)
    spent = [end - start + cluster.calls(chance) for start, end in zip(arrivals, answered, strict=True)]
    return Sample(tuple(spent[_WARM_UP:]))


def poisson(chance: Random, count: int, per_s: float) -> list[float]:
    """Moments in milliseconds, so many a second on average."""
    moment, moments = 0.0, []
    for _ in range(count):
        moment += chance.expovariate(per_s / 1000)
        moments.append(moment)
    return moments


def served(arrivals: Sequence[float], services: Iterable[float], servers: int) -> list[float]:
    """When each of the queries, in the order of arrival, is answered."""
    free = [0.0] * servers
    ends = []
    for arrival, service in zip(arrivals, services, strict=True):
        end = max(arrival, free[0]) + service
        heapreplace(free, end)
        ends.append(end)
    return ends


def closed(clients: int, service: Draw, servers: int, *, queries: int = _QUERIES) -> tuple[Sample, float]:
    """Latencies in milliseconds where each client asks as soon as it is answered, and answers a second."""
    chance = Random(_SEED)  # noqa: S311
    asking = [0.0] * clients
    free = [0.0] * servers
    spent = []
    for _ in range(queries):
        end = max(asking[0], free[0]) + service(chance)
        spent.append(end - asking[0])
        heapreplace(asking, end)
        heapreplace(free, end)
    return Sample(tuple(spent[_WARM_UP:])), 1000 * queries / max(free)


def erlang_c(servers: int, load: float) -> float:
    """The probability that a query has to wait in an M/M/c queue; `load` is arrivals times service, below `servers`.

    Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges"
    (1917). The mean wait is this times ``service / (servers - load)``.
    """
    waiting = load**servers / factorial(servers) * servers / (servers - load)
    return waiting / (sum(load**busy / factorial(busy) for busy in range(servers)) + waiting)
