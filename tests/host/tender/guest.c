// guest.c - a test double: a Solo5 hvt guest in ring 0 that does, for the tender's tests, what its first argument
// says. It uses nothing but integer instructions, so that every back end can run it.

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

struct boot_info {
    u64 mem_size, kernel_end, cpu_cycle_freq;
    const char *cmdline;
    const u8 *mft;
    u32 host_features, guest_features;
    u64 net_ring;
};

enum { WALLTIME = 1, PUTS, POLL, BLOCK_WRITE, BLOCK_READ, NET_WRITE, NET_READ, HALT };

static void out(u32 port, u64 value) {
    __asm__ volatile("outl %0, %w1" : : "a"((u32)value), "d"(port) : "memory");
}

static void call(u32 number, void *argument) {
    out(0x500 + number, (u64)argument);
}

_Noreturn static void halt(int status) {
    struct {
        u64 cookie;
        int status;
    } argument = {0, status};
    call(HALT, &argument);
    for (;;) {
    }
}

static u64 length(const char *text) {
    u64 n = 0;
    while (text[n] != '\0') {
        n++;
    }
    return n;
}

static void put(const char *text, u64 size) {
    u64 argument[2] = {(u64)text, size};
    call(PUTS, argument);
}

static void say(const char *text) {
    put(text, length(text));
}

static void number(u64 value) {
    char digits[21];
    char *start = digits + sizeof(digits);
    do {
        *--start = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    put(start, (u64)(digits + sizeof(digits) - start));
    say("\n");
}

// Whether `line` begins with `word`; *rest is then what follows the blank.
static int is(const char *line, const char *word, const char **rest) {
    while (*word != '\0') {
        if (*line++ != *word++) {
            return 0;
        }
    }
    *rest = *line == ' ' ? line + 1 : line;
    return *line == ' ' || *line == '\0';
}

static u64 value(const char *text) {
    u64 n = 0;
    while (*text >= '0' && *text <= '9') {
        n = n * 10 + (u64)(*text++ - '0');
    }
    return n;
}

static u64 walltime(void) {
    u64 now = 0;
    call(WALLTIME, &now);
    return now;
}

struct wait {
    u64 timeout, ready;
    int result;
};

static u64 wait_for(u64 nanoseconds) {
    struct wait argument = {nanoseconds, 0, -1};
    call(POLL, &argument);
    return argument.ready;
}

struct transfer {
    u64 handle, offset;
    void *data;
    u64 size;
    int result;
};

struct frame {
    u64 handle;
    void *data;
    u64 size;
    int result;
};

static u8 buffer[2048] __attribute__((aligned(16)));

static int block(u32 number_, u64 handle, u64 offset, u64 size) {
    struct transfer argument = {handle, offset, buffer, size, -1};
    call(number_, &argument);
    return argument.result;
}

// Sends back what comes, until a frame whose 15th byte is 'q'.
static void mirror(void) {
    for (;;) {
        u64 ready = wait_for(10000000000UL);
        if (ready == 0) {
            halt(9);
        }
        for (u64 handle = 1; handle < 3; handle++) {
            struct frame in = {handle, buffer, sizeof(buffer), 0};
            while ((ready >> handle & 1) != 0 && (in.size = sizeof(buffer), call(NET_READ, &in), in.result == 0)) {
                struct frame back = {handle, buffer, in.size, -1};
                call(NET_WRITE, &back);
                if (back.result != 0 || buffer[14] == 'q') {
                    halt(back.result);
                }
            }
        }
    }
}

// The net ring.
struct entry {
    u32 operation, handle;
    u64 data;
    u32 size, id;
    u64 reserved;
};

struct commit {
    u32 id;
    int result;
    u32 size, reserved;
};

struct ring {
    volatile u32 ent_tail, com_head;
    u32 gap[14];
    volatile u32 ent_head, com_tail, needs_kick;
    u32 gap2[13];
    struct entry entries[1024];
    struct commit commits[1024];
};

static void submit(struct ring *ring, u32 operation, u64 data, u32 size) {
    while (ring->ent_tail - ring->ent_head >= 1023) {
    }
    struct entry entry = {operation, 1, data, size, ring->ent_tail, 0};
    ring->entries[ring->ent_tail & 1023] = entry;
    __asm__ volatile("" : : : "memory");
    ring->ent_tail++;
    __asm__ volatile("mfence" : : : "memory");
    if (ring->needs_kick) {
        out(0x600, 0);
    }
}

static void mirror_by_ring(struct ring *ring) {
    for (;;) {
        submit(ring, 2, (u64)buffer, sizeof(buffer));
        while (ring->com_tail == ring->com_head) {
        }
        struct commit commit = ring->commits[ring->com_head & 1023];
        ring->com_head++;
        if (commit.result == 1) {
            if (wait_for(10000000000UL) == 0) {
                halt(9);
            }
            continue;
        }
        submit(ring, 1, (u64)buffer, commit.size);
        while (ring->ent_head != ring->ent_tail) {
        }
        if (commit.result != 0 || buffer[14] == 'q') {
            halt(commit.result);
        }
    }
}

_Noreturn void start(const struct boot_info *info) {
    const char *rest;
    const char *line = info->cmdline;
    if (is(line, "say", &rest)) {
        say(rest);
        halt(0);
    } else if (is(line, "exit", &rest)) {
        halt((int)value(rest));
    } else if (is(line, "info", &rest)) {
        number(info->mem_size);
        number(info->kernel_end);
        number(info->cpu_cycle_freq);
        number(info->host_features);
        number(info->net_ring);
        put((const char *)info->mft, 8 + 104 * (u64)info->mft[4]);
        halt(0);
    } else if (is(line, "walltime", &rest)) {
        number(walltime());
        halt(0);
    } else if (is(line, "poll", &rest)) {
        u64 before = walltime();
        wait_for(value(rest));
        number(walltime() - before);
        halt(0);
    } else if (is(line, "puts_at", &rest)) {
        put((const char *)value(rest), 16);
    } else if (is(line, "puts_ending_at", &rest)) {
        put((const char *)(info->mem_size - 16 - value(rest)), 16);
    } else if (is(line, "argument_at", &rest)) {
        out(0x502, value(rest));
    } else if (is(line, "port", &rest)) {
        out((u32)value(rest), 0x100000);
    } else if (is(line, "byte", &rest)) {
        __asm__ volatile("outb %b0, %w1" : : "a"(0), "d"(0x502));
    } else if (is(line, "in", &rest)) {
        u32 got;
        __asm__ volatile("inl %w1, %0" : "=a"(got) : "d"(0x502));
    } else if (is(line, "offer", &rest)) {
        struct {
            u64 data, length;
        } text = {0x400000, value(rest)};
        u64 left = text.length;
        out(0x580, (u64)&text);
        if (text.length == 0 || text.length >= left) {
            halt(9); // all of it, without a reader
        }
        while ((left -= text.length) > 0) {
            wait_for(60000000000UL); // ends when there is room
            text.data += text.length;
            text.length = left;
            out(0x580, (u64)&text);
        }
        halt(0);
    } else if (is(line, "hlt", &rest)) {
        __asm__ volatile("hlt");
    } else if (is(line, "triple", &rest)) {
        *(volatile u32 *)8 = 0; // no IDT
    } else if (is(line, "text", &rest)) {
        *(volatile u8 *)(u64)&start = 0;
    } else if (is(line, "read_into_text", &rest)) {
        struct transfer argument = {value(rest), 0, (void *)&start, 512, -1};
        call(BLOCK_READ, &argument);
    } else if (is(line, "block", &rest)) {
        u64 handle = value(rest);
        for (u32 i = 0; i < 1024; i++) {
            buffer[i] = (u8)(i * 7);
        }
        int first = block(BLOCK_WRITE, handle, 512, 1024);
        for (u32 i = 0; i < 1024; i++) {
            buffer[i] = 0;
        }
        int second = block(BLOCK_READ, handle, 1024, 512);
        number((u64)(first | second));
        number(buffer[0] == (u8)(512 * 7) && buffer[511] == (u8)(1023 * 7));
        number((u64)block(BLOCK_READ, handle, 1536, 1024));
        number((u64)block(BLOCK_READ, handle, ~511UL, 1024));
        number((u64)block(BLOCK_READ, 7, 0, 512));
        halt(0);
    } else if (is(line, "mirror", &rest)) {
        mirror();
    } else if (is(line, "ring", &rest)) {
        mirror_by_ring((struct ring *)info->net_ring);
    } else if (is(line, "ring_tail", &rest)) {
        ((struct ring *)info->net_ring)->ent_tail = (u32)value(rest);
        out(0x600, 0);
        wait_for(10000000000UL);
    } else if (is(line, "ring_entry", &rest)) {
        submit((struct ring *)info->net_ring, (u32)value(rest), info->mem_size, 64);
        wait_for(10000000000UL);
    } else if (is(line, "ring_reads", &rest)) {
        struct ring *ring = (struct ring *)info->net_ring;
        for (u32 i = 0; i < 1100; i++) {
            submit(ring, 2, (u64)buffer, sizeof(buffer));
        }
        wait_for(10000000000UL);
    } else if (is(line, "spin", &rest)) {
        say("spinning\n");
        for (;;) {
        }
    }
    halt(8);
}
