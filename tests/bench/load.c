// load.c - the load generator of `invoke bench`: one measurement, printed as `name value` pairs on one line.
//
//   load in ADDRESS SECONDS            text to the sink (port 9001), Mbit/s that the peer acknowledged
//   load out ADDRESS SECONDS           text from the source (9002), Mbit/s received
//   load trip ADDRESS SECONDS          64 bytes to the echo (9000) and back, microseconds
//   load connections ADDRESS SECONDS   connect, 64 bytes there and back, both ends closed; a second
//   load http ADDRESS SECONDS CLIENTS  requests a second on CLIENTS connections, one at a time on each
//   load frames-in ADDRESS SECONDS N   frames of N bytes a second that the other end of TAP reads, of as many as go
//   load frames-out ADDRESS SECONDS    frames a second that the other end of TAP writes
//
// `in` and `out` are as the peer sees them. C, because what the client costs must not be what is measured.
// Anything that does not go as it should is one line on stderr and exit code 1: a number is never made of it.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ECHO 9000
#define SINK 9001
#define SOURCE 9002
#define HTTP 8080
#define DISCARD 9
#define TAP "tap0"

#define MESSAGE 64
#define PIECE 65536
#define CLIENTS_MAX 1024
#define SAMPLES_MAX (4 << 20)
#define WARM_UP 0.3 // seconds in which windows open and caches fill
#define STALLED 10  // seconds without progress

static struct in_addr peer;
static char piece[PIECE];

static _Noreturn void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// Sockets -----------------------------------------------------------------------------------------------------------

static void set(int fd, int level, int option, const void *value, socklen_t size) {
    if (setsockopt(fd, level, option, value, size) != 0) {
        fail("setsockopt: %s", strerror(errno));
    }
}

static int dial(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct timeval timeout = {.tv_sec = STALLED};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = peer};
    if (fd < 0) {
        fail("socket: %s", strerror(errno));
    }
    set(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    set(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    set(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
        fail("connect to port %u: %s", port, strerror(errno));
    }
    return fd;
}

static size_t sent(ssize_t n) {
    if (n <= 0) {
        fail("send: %s", strerror(errno));
    }
    return (size_t)n;
}

static size_t received(ssize_t n) {
    if (n <= 0) {
        fail("receive: %s", n == 0 ? "the peer has closed" : strerror(errno));
    }
    return (size_t)n;
}

static void echo_once(int fd) {
    if (sent(send(fd, piece, MESSAGE, 0)) != MESSAGE) {
        fail("send: %d bytes did not fit", MESSAGE);
    }
    received(recv(fd, piece, MESSAGE, MSG_WAITALL));
}

static struct tcp_info info(int fd) {
    struct tcp_info info = {0};
    socklen_t size = sizeof(info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
        fail("TCP_INFO: %s", strerror(errno));
    }
    return info;
}

// Samples -----------------------------------------------------------------------------------------------------------

static float *samples; // microseconds
static size_t sample_count;

static void note(double started, double ended) {
    if (sample_count < SAMPLES_MAX) {
        samples[sample_count++] = (float)((ended - started) * 1e6);
    }
}

static int compare(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void print_samples(double seconds) {
    if (sample_count == 0) {
        fail("not one answer in time");
    }
    qsort(samples, sample_count, sizeof(*samples), compare);
    printf("rate %.1f median %.2f p99 %.2f\n", (double)sample_count / seconds, (double)samples[sample_count / 2],
        (double)samples[sample_count * 99 / 100]);
}

// What is measured --------------------------------------------------------------------------------------------------

static void throughput(bool in, double seconds) {
    int fd = dial(in ? SINK : SOURCE);
    unsigned long long bytes = 0, bytes_before = 0;
    struct tcp_info before = {0}, after;
    double start = now() + WARM_UP, time;
    bool warm = false;
    do {
        bytes += in ? sent(send(fd, piece, PIECE, 0)) : received(recv(fd, piece, PIECE, 0));
        time = now();
        if (!warm && time >= start) {
            warm = true;
            start = time;
            before = info(fd);
            bytes_before = bytes;
        }
    } while (time < start + seconds);
    after = info(fd);
    bytes = in ? after.tcpi_bytes_acked - before.tcpi_bytes_acked : bytes - bytes_before;
    printf("mbit %.2f segment %u retransmitted %u\n", (double)bytes * 8e-6 / (time - start),
        in ? after.tcpi_snd_mss : after.tcpi_rcv_mss, after.tcpi_total_retrans - before.tcpi_total_retrans);
    struct linger reset = {.l_onoff = 1}; // data in flight is dropped
    set(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    close(fd);
}

static void trip(double seconds) {
    int fd = dial(ECHO);
    double start = now() + WARM_UP, time = now();
    while (time < start + seconds) {
        double before = time;
        echo_once(fd);
        time = now();
        if (before >= start) {
            note(before, time);
        }
    }
    close(fd);
    print_samples(time - start);
}

static void connections(double seconds) {
    double start = now() + WARM_UP, time = now();
    while (time < start + seconds) {
        double before = time;
        int fd = dial(ECHO);
        echo_once(fd);
        if (shutdown(fd, SHUT_WR) != 0 || recv(fd, piece, 1, 0) != 0) {
            fail("the peer did not close as it should");
        }
        close(fd);
        time = now();
        if (before >= start) {
            note(before, time);
        }
    }
    print_samples(time - start);
}

// HTTP: the first answer tells how long all of them are.

static const char request[] = "GET / HTTP/1.1\r\nHost: bench\r\n\r\n";

static size_t answer_size(int fd) {
    char answer[4096 + 1];
    size_t size = 0;
    sent(send(fd, request, sizeof(request) - 1, 0));
    while (size < sizeof(answer) - 1) {
        size += received(recv(fd, answer + size, sizeof(answer) - 1 - size, 0));
        answer[size] = '\0';
        const char *end = strstr(answer, "\r\n\r\n"), *length = strstr(answer, "Content-Length: ");
        if (end != NULL) {
            size_t whole = (size_t)(end - answer) + 4;
            whole += length != NULL ? strtoul(length + strlen("Content-Length: "), NULL, 10) : 0;
            if (strncmp(answer, "HTTP/1.1 200 ", 13) == 0 && size == whole) {
                return whole;
            }
        }
    }
    fail("no HTTP answer that makes sense");
}

struct client {
    size_t left; // bytes of the answer that are still to come
    double asked;
};

static void ask(int fd, struct client *client, size_t answer) {
    sent(send(fd, request, sizeof(request) - 1, 0));
    client->left = answer;
    client->asked = now();
}

static void http(double seconds, unsigned count) {
    static struct client clients[CLIENTS_MAX];
    static struct pollfd polled[CLIENTS_MAX];
    size_t answer = 0;
    for (unsigned i = 0; i < count; i++) {
        polled[i] = (struct pollfd) {.fd = dial(HTTP), .events = POLLIN};
        answer = answer_size(polled[i].fd);
    }
    for (unsigned i = 0; i < count; i++) {
        ask(polled[i].fd, &clients[i], answer);
    }
    double start = now() + WARM_UP, time = now();
    while (time < start + seconds) {
        if (poll(polled, count, STALLED * 1000) <= 0) {
            fail("no answer to a request in %d seconds", STALLED);
        }
        for (unsigned i = 0; i < count; i++) {
            if (polled[i].revents == 0) {
                continue;
            }
            clients[i].left -= received(recv(polled[i].fd, piece, clients[i].left, 0));
            if (clients[i].left == 0) {
                if (clients[i].asked >= start) {
                    note(clients[i].asked, now());
                }
                ask(polled[i].fd, &clients[i], answer);
            }
        }
        time = now();
    }
    print_samples(time - start);
}

// Frames, as the kernel counts them at its end of the tap: one counts when it is read or written at the other.

#define HEADERS 42 // Ethernet, IPv4 and UDP
#define FRAME_MIN 60
#define FRAME_MAX 1514
#define BATCH 32

static unsigned long long frame_count(bool in) {
    char line[512];
    FILE *file = fopen("/proc/self/net/dev", "r");
    unsigned long long received = 0, taken = 0;
    bool found = false;
    while (file != NULL && !found && fgets(line, sizeof(line), file) != NULL) {
        found = sscanf(line, " " TAP ": %*u %llu %*u %*u %*u %*u %*u %*u %*u %llu", &received, &taken) == 2;
    }
    if (!found) {
        fail("no interface " TAP);
    }
    fclose(file);
    return in ? taken : received;
}

static void flood(double end, size_t size) {
    static struct mmsghdr messages[BATCH];
    struct iovec part = {.iov_base = piece, .iov_len = size - HEADERS};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(DISCARD), .sin_addr = peer};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
        fail("connect: %s", strerror(errno));
    }
    for (unsigned i = 0; i < BATCH; i++) {
        messages[i].msg_hdr = (struct msghdr) {.msg_iov = &part, .msg_iovlen = 1};
    }
    while (now() < end) {
        if (sendmmsg(fd, messages, BATCH, 0) < 0 && errno != ENOBUFS) {
            fail("send: %s", strerror(errno));
        }
    }
    close(fd);
}

static void pass(double end, bool in, size_t size) {
    if (in) {
        flood(end, size);
    } else {
        double left = end - now();
        usleep(left > 0 ? (useconds_t)(left * 1e6) : 0);
    }
}

static void frames(double seconds, bool in, size_t size) {
    double start = now() + WARM_UP;
    pass(start, in, size);
    unsigned long long before = frame_count(in);
    start = now();
    pass(start + seconds, in, size);
    unsigned long long count = frame_count(in) - before;
    double took = now() - start;
    if (count == 0) {
        fail("not one frame in %.1f seconds", seconds);
    }
    printf("rate %.0f\n", (double)count / took);
}

int main(int count, char **words) {
    double seconds = count > 3 ? strtod(words[3], NULL) : 0;
    if (seconds <= 0 || inet_pton(AF_INET, words[2], &peer) != 1) {
        fail("usage: load in|out|trip|connections|http|frames-in|frames-out ADDRESS SECONDS [CLIENTS|BYTES]");
    }
    samples = malloc(SAMPLES_MAX * sizeof(*samples));
    if (samples == NULL) {
        fail("no memory");
    }
    const char *what = words[1];
    unsigned clients = count > 4 ? (unsigned)strtoul(words[4], NULL, 10) : 1;
    if (strcmp(what, "in") == 0 || strcmp(what, "out") == 0) {
        throughput(what[0] == 'i', seconds);
    } else if (strcmp(what, "trip") == 0) {
        trip(seconds);
    } else if (strcmp(what, "connections") == 0) {
        connections(seconds);
    } else if (strcmp(what, "http") == 0 && clients >= 1 && clients <= CLIENTS_MAX) {
        http(seconds, clients);
    } else if (strcmp(what, "frames-out") == 0) {
        frames(seconds, false, 0);
    } else if (strcmp(what, "frames-in") == 0 && clients >= FRAME_MIN && clients <= FRAME_MAX) {
        frames(seconds, true, clients);
    } else {
        fail("nothing known as %s", what);
    }
    return 0;
}
