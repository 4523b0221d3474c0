# limits.py - every bound of the stack, in one place; `invoke inspect` prints this table.
#
# Rule 4 of the architecture: no queue and no table grows with what a peer sends. What does not fit is dropped
# and counted. Times are microseconds, sizes bytes, unless the name says otherwise.
from micropython import const

SECOND = const(1000000)

# Link
FRAME_SIZE = const(65600)  # 14 + 40 + 65535, the largest IPv6 packet, rounded up
NEIGHBORS = const(256)  # neighbour cache entries
LINK_QUEUE_BYTES = const(655360)  # a datagram and what neighbours waited for, waiting for the device
NEIGHBOR_QUEUE = const(128)  # packets waiting for one unresolved neighbour: a datagram of 64 KiB in fragments
NEIGHBOR_BYTES = const(262144)  # waiting for all of them
NEIGHBOR_LIFE = 60 * SECOND  # confirmed for this long, then asked again if in use
NEIGHBOR_RETRY = SECOND  # RFC 1122 2.3.2.1: at most one request a second
NEIGHBOR_TRIES = const(3)
NEIGHBOR_DELAY = 5 * SECOND  # RFC 4861 section 10, DELAY_FIRST_PROBE_TIME
NDP_REACHABLE = 30 * SECOND  # RFC 4861 section 10, REACHABLE_TIME, unless a router says otherwise

# IPv6 on one link
ADDRESSES = const(16)  # of our own; likewise, but none in use goes
ROUTERS = const(8)  # default routers; for a more useful one the least useful goes (ip/routes6.py)
PREFIXES = const(16)  # on the link; likewise
REDIRECTS = const(64)  # destinations; for one more any other goes
NAMESERVERS = const(8)  # RFC 8106; what ends first goes first
SEARCH_DOMAINS = const(8)
EXTENSIONS = const(16)  # headers of one packet before its payload (RFC 8504 5.3)
GROUPS = const(64)  # multicast groups

# Reassembly, of each family
REASSEMBLY_TIME = 60 * SECOND  # RFC 1122 3.3.2 (60 to 120 s), RFC 8200 4.5
REASSEMBLY_DATAGRAMS = const(64)  # not yet whole; the one begun first goes first
REASSEMBLY_FRAGMENTS = const(128)  # of one datagram: 64 KiB over links of 576 bytes
REASSEMBLY_BYTES = const(262144)  # of all of them ...
REASSEMBLY_COST = const(64)  # ... each fragment counted with so much on top

# The paths to other hosts
PATHS = const(256)  # destinations whose path MTU is less than the link's; the one learnt first goes first
PATH_LIFE = 600 * SECOND  # RFC 1191 6.3, RFC 8201 4: then the larger size is tried again
PATH_DATAGRAMS = const(256)  # large datagrams that are remembered, to know an error about them ...
PATH_FLIGHT = 10 * SECOND  # ... for so long

# Multicast
IGMP_GROUPS = const(64)

# ICMP errors that we send
ICMP_RATE = const(100)  # a second, in the long run (RFC 1122 3.2.2, RFC 1812 4.3.2.8, RFC 4443 2.4 f)
ICMP_BURST = const(50)

# Lines for the operator that a peer can cause
LOG_LINES = const(10)  # in ...
LOG_INTERVAL = 10 * SECOND  # ... then how many were left out

# A turn of the loop
FRAMES_PER_POLL = const(64)  # received in one turn before the application runs again

# UDP
UDP_QUEUE = const(256)  # datagrams waiting in one socket
UDP_QUEUE_BYTES = const(262144)
UDP_SOCKETS = const(1024)  # and as many ping sockets

# Pairs of sockets
PAIR_BUF = const(65536)  # each way

# TCP
TCP_CONNECTIONS = const(16384)  # in any state
TCP_TIME_WAIT = const(4096)  # the oldest goes first
TCP_BACKLOG = const(1024)  # what listen() may ask for: places in the SYN queue, and in the accept queue
SYN_COOKIES_LIFE = const(135000000)  # for how long after the last SYN cookie its ACK may come
TCP_RCV_BUF = const(65536)
TCP_SND_BUF = const(65536)
TCP_BUF_MIN = const(2048)
TCP_BUF_MAX = const(4194304)
TCP_TUNED_MAX = const(67108864)  # of a buffer that grows with the path: 200 ms of 2.6 Gbit/s
TCP_MEMORY = const(65)  # percent of the heap for all connections; beyond that one goes for each that begins
TCP_CONNECTION = const(6400)  # what one takes of it besides its buffers (tests/nomem/cost.py)
TCP_RANGES = const(64)  # separate ranges of out-of-order data a connection keeps
TCP_RUNS = const(256)  # parts of the text in flight that are told apart (tcp/scoreboard.py)
TCP_MSS_MIN = const(64)  # a peer that asks for less is not believed

# Sockets
EPHEMERAL_FIRST = const(32768)  # RFC 6056 3.2
EPHEMERAL_LAST = const(60999)
