"""Scenarios drawn from a seed: two hosts, the paths between them, the behaviour of their programs."""

import random
from dataclasses import dataclass, fields

from mnet.limits import SECOND
from mnet.tcp import ecn
from mnet.tcp.settings import Settings

from sim.hosts import LRO, RX_CSUM, TSO, TX_CSUM
from sim.users import ANSWERS, CLOSES_SECOND
from sim.wire import Faults

MSS, SCALE, SACK, TIMESTAMPS = 2, 3, 4, 8
OPTIONS = ((), (), (), (SACK,), (TIMESTAMPS,), (SCALE,), (SCALE, TIMESTAMPS), (MSS, SCALE, SACK, TIMESTAMPS))
FEATURES = (0, 0, TX_CSUM, RX_CSUM, TX_CSUM | RX_CSUM, TX_CSUM | TSO, TX_CSUM | RX_CSUM | TSO | LRO)
BUFFERS = (0, 2048, 5000, 16384, 65536, 65536, 300000)
DEFAULT_MSS = 536  # RFC 9293 3.7.1
HEADERS = 72  # IPv6 and TCP with timestamps
SEGMENTS = range(200, 300)  # data segments


@dataclass(frozen=True)
class End:
    """A host and its program. Times are microseconds."""

    mtu: int = 1500
    features: int = 0
    full: float = 0.0  # probability that its device has no room
    iss: int | None = None
    ecn: int = ecn.ACCEPT
    congestion: str = "cubic"
    snd_buf: int = 65536
    rcv_buf: int = 65536
    nodelay: bool = False
    corked: bool = False
    size: int = 0  # bytes that it sends, `write` at a time every `pace`
    write: int = 1 << 20
    pace: int = 0
    read: int = 1 << 20
    every: int = 0
    second: str = ""  # what it does not do before the other end has closed

    def settings(self) -> Settings:
        """the options of its connection"""
        settings = Settings(self.snd_buf, self.rcv_buf, self.nodelay)
        settings.corked, settings.congestion = self.corked, self.congestion
        return settings


@dataclass(frozen=True)
class Way:
    """The impairments of one direction. Times are seconds from the start."""

    faults: Faults = Faults()
    marks: float = 0.0  # how often a router marks what may be marked
    mtu: int = 0  # from `mtu_at` on; 0: it takes all that the hosts send
    mtu_at: float = 0.0
    speaks: bool = True  # the router sends errors ...
    deaf: float = 0.0  # ... but not so often
    down_at: float = 0.0
    down_for: float = 0.0

    @property
    def harsh(self) -> bool:
        """Whether an end may give up the connection."""
        return self.faults.loss > 0.1 or self.down_for > 0

    @property
    def routed(self) -> bool:
        """Whether the path is impaired."""
        return bool(self.mtu or self.faults.rate)


@dataclass(frozen=True)
class Scenario:
    """A scenario."""

    seed: int
    six: bool = False
    start: int = 1000 * SECOND  # of the clock
    stripped: tuple[int, ...] = ()  # options that do not pass, either way
    both_open: bool = False
    left: End = End()
    right: End = End()
    there: Way = Way()
    back: Way = Way()

    def __str__(self) -> str:
        parts = ("left", self.left), ("right", self.right), ("there", self.there), ("back", self.back)
        return "\n".join([unusual(self), *[f"  {name}: {unusual(part)}" for name, part in parts]])


def unusual(part) -> str:
    """Return the settings that are not the defaults."""
    words = []
    for each in fields(part):
        value = getattr(part, each.name)
        if isinstance(value, Faults):
            words.append(unusual(value))
        elif not isinstance(value, End | Way) and value != each.default:
            words.append(f"{each.name}={value:.3g}" if isinstance(value, float) else f"{each.name}={value}")
    return " ".join(words)


class Dice(random.Random):
    """A random generator for scenarios."""

    def spread(self, low: float, high: float) -> float:
        """Draw a number between the two, each order of magnitude with the same probability."""
        return low * (high / low) ** self.random()

    def seldom(self, value, usual, often: float = 0.25):
        """Return `value` with the probability `often`, else the default."""
        return value if self.random() < often else usual


def draw(seed: int) -> Scenario:
    """Return the scenario of a seed."""
    dice = Dice(f"{seed} scenario")
    six = dice.random() < 0.3
    stripped = dice.choice(OPTIONS)
    mtus = [dice.choice((1500, 1500, 1500, 1280 if six else 576, 9000)) for _ in range(2)]
    mss = min(mtus) - HEADERS if MSS not in stripped else DEFAULT_MSS
    writers = [draw_writer(dice, mss) for _ in range(2)]
    silent = dice.choice((0, 1, None))  # the end that sends nothing
    if silent is not None:
        writers[silent]["size"] = 0
    second = dice.choice((0, 1, None))
    if second is not None:
        writers[second]["second"] = dice.choice((CLOSES_SECOND, ANSWERS))
    readers = [draw_reader(dice, writer["size"]) for writer in reversed(writers)]
    hosts = [draw_host(dice) | writer | reader for writer, reader in zip(writers, readers, strict=True)]
    ends = [End(mtu, **host) for mtu, host in zip(mtus, hosts, strict=True)]
    ways = [draw_way(dice, six, max(mtus)) for _ in range(2)]
    early = (1 << dice.choice((41, 42))) - dice.randrange(60 * SECOND)  # timestamps are about to wrap
    start = dice.seldom(early, 1000 * SECOND)
    return Scenario(seed, six, start, stripped, dice.random() < 0.05, *ends, *ways)


def draw_host(dice: Dice) -> dict:
    """Draw the stack, its device and the options of its connection."""
    near = dice.choice((1 << 32, 1 << 31)) - dice.randrange(1, 400000)
    return {
        "features": dice.choice(FEATURES),
        "full": dice.seldom(dice.spread(0.01, 0.2), 0.0, 0.1),
        "iss": dice.seldom(near, None, 0.3),
        "ecn": dice.choice((ecn.OFF, ecn.ACCEPT, ecn.ACCEPT, ecn.REQUEST)),
        "congestion": dice.choice(("cubic", "reno")),
        "snd_buf": dice.choice(BUFFERS),
        "rcv_buf": dice.choice(BUFFERS),
        "nodelay": dice.random() < 0.25,
        "corked": dice.random() < 0.15,
    }


def draw_writer(dice: Dice, mss: int) -> dict:
    """Draw the size and pace of its writes: at most 200 segments, whatever Nagle's algorithm coalesces."""
    segments = dice.choice(SEGMENTS)
    if dice.random() < 0.75:
        return {"size": mss * segments}
    pace = int(dice.spread(100, 50000))
    if dice.random() < 0.5:
        return {"size": mss * segments, "write": int(dice.spread(mss / 4, 3 * mss)), "pace": pace}
    write = int(dice.spread(1, mss))
    return {"size": write * segments, "write": write, "pace": pace, "nodelay": True, "corked": False}


def draw_reader(dice: Dice, size: int) -> dict:
    """Draw the size and pace of its reads, at most some hundred."""
    if dice.random() < 0.75:
        return {}
    return {"read": size // dice.randrange(10, 300) + 1, "every": int(dice.spread(500, 500000))}


def draw_way(dice: Dice, six: bool, mtu: int) -> Way:
    """Draw the impairments of the path."""
    marks, down_for = dice.seldom(dice.spread(0.002, 0.1), 0.0), dice.seldom(dice.spread(0.1, 60), 0.0, 0.15)
    way = {"faults": draw_faults(dice, mtu), "marks": marks}
    if down_for:
        way |= {"down_at": dice.spread(0.01, 3), "down_for": down_for}
    if dice.random() < 0.2:
        mtu = dice.choice((1400, 1280) if six else (1400, 1280, 1000, 576))
        way |= {"mtu": mtu, "mtu_at": dice.spread(0.01, 3)}
        way |= {"speaks": dice.random() < 0.6, "deaf": dice.seldom(0.7, 0.0)}
    return Way(**way)


def draw_faults(dice: Dice, mtu: int) -> Faults:
    """Draw the impairments of the wire."""
    delay = int(dice.spread(100, 150000))
    rate = dice.seldom(int(dice.spread(20000, 20000000)), 0, 0.3)
    return Faults(
        loss=dice.random() * dice.choice((0, 0, 0.02, 0.02, 0.1, 0.3)),
        duplicate=dice.seldom(dice.uniform(0, 0.2), 0.0),
        reorder=dice.seldom(dice.uniform(0, 0.3), 0.0),
        corrupt=dice.seldom(dice.uniform(0, 0.1), 0.0),
        delay=delay,
        jitter=dice.seldom(dice.randrange(1, delay + 1), 0),
        rate=rate,
        queue=int(dice.spread(4 * (mtu + 14), 100 * mtu)) if rate else 1 << 30,
    )
