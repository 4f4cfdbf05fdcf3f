/*
 * Sends packets and prints what they cost, for scripts/bench-packets:
 *
 *   packets serve PORT                                  answer datagrams and read connections, in both families
 *   packets established ADDRESS PORT ROUNDS SAMPLES     a request and its answer per round; one UDP flow per sample
 *   packets new ADDRESS PORT ROUNDS SAMPLES             a request and its answer per round; one UDP flow per round
 *   packets bulk ADDRESS PORT ROUNDS SAMPLES            64 KiB per round; one TCP connection per sample
 *
 * Prints the nanoseconds of a round, one number per sample. In a guest whose clock counts instructions, these are
 * instructions. The flows of sample N always have the same port, so that runs with different rules have the same places
 * in the kernel's hash tables.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST = 32, FIRST_PORT = 20000, UNCOUNTED = 50 };

struct target {
    struct sockaddr_storage address;
    socklen_t length;
};

static char buffer[1 << 16];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static struct target target(const char *text, int port) {
    struct target to = {.length = sizeof(struct sockaddr_in)};
    struct sockaddr_in *ip = (struct sockaddr_in *)&to.address;
    struct sockaddr_in6 *ip6 = (struct sockaddr_in6 *)&to.address;
    if (inet_pton(AF_INET, text, &ip->sin_addr) == 1) {
        ip->sin_family = AF_INET;
        ip->sin_port = htons(port);
    } else if (inet_pton(AF_INET6, text, &ip6->sin6_addr) == 1) {
        to.length = sizeof *ip6;
        ip6->sin6_family = AF_INET6;
        ip6->sin6_port = htons(port);
    } else {
        fprintf(stderr, "not an address: %s\n", text);
        exit(2);
    }
    return to;
}

/* Returns a socket that is bound to an address and port of this machine. */
static int bound(const struct target *at, int type) {
    int one = 1;
    int s = socket(at->address.ss_family, type, 0);
    if (s < 0 || setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0) {
        fail("socket");
    }
    if (at->address.ss_family == AF_INET6 && setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) < 0) {
        fail("IPV6_V6ONLY");
    }
    if (bind(s, (const struct sockaddr *)&at->address, at->length) < 0) {
        fail("bind");
    }
    return s;
}

static void answer(int s) {
    for (;;) {
        struct sockaddr_storage from;
        socklen_t length = sizeof from;
        ssize_t size = recvfrom(s, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &length);
        if (size >= 0) {
            sendto(s, buffer, size, 0, (struct sockaddr *)&from, length);
        }
    }
}

static void swallow(int listener) {
    for (;;) {
        int s = accept(listener, NULL, NULL);
        while (s >= 0 && read(s, buffer, sizeof buffer) > 0) {
        }
        close(s);
    }
}

static void serve(int port) {
    static const char *any[] = {"0.0.0.0", "::"};
    for (int family = 0; family < 2; family++) {
        struct target at = target(any[family], port);
        int datagrams = bound(&at, SOCK_DGRAM);
        int connections = bound(&at, SOCK_STREAM);
        if (listen(connections, 8) < 0) {
            fail("listen");
        }
        if (fork() == 0) {
            answer(datagrams);
        }
        if (fork() == 0) {
            swallow(connections);
        }
    }
    for (;;) {
        pause();
    }
}

static int connected(const struct target *to, int type, int port) {
    struct timeval patience = {.tv_sec = 5};
    struct target here = target(to->address.ss_family == AF_INET ? "0.0.0.0" : "::", port);
    int s = bound(&here, type);
    if (setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0 ||
        connect(s, (const struct sockaddr *)&to->address, to->length) < 0) {
        fail("connect");
    }
    return s;
}

static void ask(int s) {
    if (send(s, buffer, REQUEST, 0) != REQUEST || recv(s, buffer, sizeof buffer, 0) != REQUEST) {
        fail("no answer");
    }
}

static void push(int s) {
    for (size_t sent = 0; sent < sizeof buffer;) {
        ssize_t size = write(s, buffer, sizeof buffer - sent);
        if (size <= 0) {
            fail("write");
        }
        sent += size;
    }
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Returns the nanoseconds of a round with one flow. */
static long long one_flow(const struct target *to, int type, int port, int rounds) {
    int s = connected(to, type, port);
    long long start = 0;
    for (int round = -UNCOUNTED; round < rounds; round++) {
        start = round == 0 ? now() : start;
        if (type == SOCK_DGRAM) {
            ask(s);
        } else {
            push(s);
        }
    }
    long long end = now();
    close(s);
    return (end - start) / rounds;
}

/* Returns the nanoseconds of a round with a new flow for each. */
static long long new_flows(const struct target *to, int port, int rounds) {
    long long start = now();
    for (int round = 0; round < rounds; round++) {
        int s = connected(to, SOCK_DGRAM, port + round);
        ask(s);
        close(s);
    }
    return (now() - start) / rounds;
}

int main(int count, char **words) {
    if (count == 3 && strcmp(words[1], "serve") == 0) {
        serve(atoi(words[2]));
    }
    if (count != 6) {
        fprintf(stderr, "usage: see the head of packets.c\n");
        return 2;
    }
    struct target to = target(words[2], atoi(words[3]));
    int rounds = atoi(words[4]);
    for (int sample = 0; sample < atoi(words[5]); sample++) {
        long long cost = strcmp(words[1], "new") == 0 ? new_flows(&to, FIRST_PORT + sample * rounds, rounds)
                         : strcmp(words[1], "bulk") == 0 ? one_flow(&to, SOCK_STREAM, FIRST_PORT + sample, rounds)
                                                          : one_flow(&to, SOCK_DGRAM, FIRST_PORT + sample, rounds);
        printf(" %lld", cost);
    }
    printf("\n");
    return 0;
}
