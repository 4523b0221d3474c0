# limits.py - every bound of the stack, in one place; `invoke inspect` prints this table.
#
# No queue and no table grows without bound with what a peer sends. What exceeds a
# bound is dropped and counted. Times are microseconds, sizes bytes, unless the name says otherwise.
from micropython import const

SECOND = const(1000000)

# A host
INTERFACES = const(31)  # the keys of connections have 5 bits for the number (docs/adr/0009)

# Loopback
LOOPBACK_MTU = const(16436)
LOOPBACK_BYTES = const(262144)  # frames waiting to be received

# Link
FRAME_SIZE = const(65600)  # 14 + 40 + 65535, the largest IPv6 packet, rounded up
NEIGHBORS = const(256)  # neighbor cache entries
LINK_QUEUE_BYTES = const(655360)  # for the device: a datagram and the packets queued for neighbors
NEIGHBOR_QUEUE = const(128)  # packets queued for one unresolved neighbor: a datagram of 64 KiB in fragments
NEIGHBOR_BYTES = const(262144)  # queued for all of them
NEIGHBOR_LIFE = 60 * SECOND  # then verified again if in use
NEIGHBOR_RETRY = SECOND  # RFC 1122 2.3.2.1: at most one request a second
NEIGHBOR_TRIES = const(3)
NEIGHBOR_DELAY = 5 * SECOND  # RFC 4861 section 10, DELAY_FIRST_PROBE_TIME
NDP_REACHABLE = 30 * SECOND  # RFC 4861 section 10, REACHABLE_TIME, unless a router says otherwise
FILTER_ANSWERS = const(64)  # frames of an egress filter, to be received (hooks.py)

# IPv6 on one link
ADDRESSES = const(16)  # own addresses; one in use is never evicted
ROUTERS = const(8)  # default routers; the least useful is evicted (ip/v6/routes.py)
PREFIXES = const(16)  # on-link prefixes; likewise
REDIRECTS = const(64)  # destinations; an arbitrary one is evicted
NAMESERVERS = const(8)  # RFC 8106; the one that expires first is evicted
SEARCH_DOMAINS = const(8)
EXTENSIONS = const(16)  # headers of one packet before its payload (RFC 8504 5.3)
GROUPS = const(64)  # multicast groups

# Reassembly, of each family
REASSEMBLY_TIME = 60 * SECOND  # RFC 1122 3.3.2 (60 to 120 s), RFC 8200 4.5
REASSEMBLY_DATAGRAMS = const(64)  # incomplete; the oldest is evicted
REASSEMBLY_FRAGMENTS = const(128)  # of one datagram: 64 KiB over links of 576 bytes
REASSEMBLY_BYTES = const(262144)  # of all datagrams ...
REASSEMBLY_COST = const(64)  # ... with this overhead for each fragment

ROUTE_LIFE = SECOND  # of a Route that is kept (ip/route.py)

# Path MTU
PATHS = const(256)  # destinations whose path MTU is below the link's; the oldest is evicted
PATH_LIFE = 600 * SECOND  # RFC 1191 6.3, RFC 8201 4: then a larger size is tried
PATH_DATAGRAMS = const(256)  # large datagrams kept to validate ICMP errors about them ...
PATH_FLIGHT = 10 * SECOND  # ... for this long

# Multicast
IGMP_GROUPS = const(64)

# ICMP errors sent
ICMP_RATE = const(100)  # a second on average (RFC 1122 3.2.2, RFC 1812 4.3.2.8, RFC 4443 2.4 f)
ICMP_BURST = const(50)

# Log lines that a peer can cause
LOG_LINES = const(10)  # lines per ...
LOG_INTERVAL = 10 * SECOND  # ... then the number of suppressed lines

# One turn of the loop
FRAMES_PER_POLL = const(64)  # frames received before the application runs again

# UDP
UDP_QUEUE = const(256)  # datagrams queued at one socket
UDP_QUEUE_BYTES = const(262144)
UDP_REPORTS = const(16)  # errors queued at one socket (IP_RECVERR)
UDP_SOCKETS = const(1024)  # and as many ping sockets

# Pairs of sockets
PAIR_BUF = const(65536)  # each way

# TCP
TCP_CONNECTIONS = const(16384)  # in any state
TCP_TIME_WAIT = const(4096)  # the oldest is evicted
TCP_BACKLOG = const(1024)  # maximum of listen(): length of the SYN queue, and of the accept queue
SYN_COOKIES_LIFE = const(135000000)  # lifetime of the last SYN cookie
TCP_RCV_BUF = const(65536)
TCP_SND_BUF = const(65536)
TCP_BUF_MIN = const(2048)
TCP_BUF_MAX = const(4194304)
TCP_TUNED_MAX = const(67108864)  # bytes of an automatically sized buffer: 200 ms of 2.6 Gbit/s
TCP_MEMORY = const(65)  # percent of the heap for all connections; above it a new connection evicts another
TCP_CONNECTION = const(4096)  # bytes of a connection without its buffers (tests/nomem/cost.py)
TCP_RANGES = const(64)  # ranges of out-of-order data of a connection
TCP_RUNS = const(256)  # runs of data in flight (tcp/scoreboard.py)
TCP_MSS_MIN = const(64)  # a smaller MSS option is ignored

# Sockets
EPHEMERAL_FIRST = const(32768)  # RFC 6056 3.2
EPHEMERAL_LAST = const(60999)
