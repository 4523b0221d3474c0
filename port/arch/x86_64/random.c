// random.c - see random.h. Spec: Intel SDM volume 1, 7.3.17, and its software guide for the retry counts.

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "cpu.h"
#include "random.h"

#define CPUID_1_ECX_RDRAND (1u << 30)
#define CPUID_7_EBX_RDSEED (1u << 18)

#define RDRAND_TRIES 10
#define RDSEED_TRIES 1000 // many users may have drained it

static bool rdrand(uint64_t *word) {
    bool done;
    __asm__ volatile("rdrand %0" : "=r"(*word), "=@ccc"(done));
    return done;
}

static bool rdseed(uint64_t *word) {
    bool done;
    __asm__ volatile("rdseed %0" : "=r"(*word), "=@ccc"(done));
    return done;
}

static bool next_word(bool (*instruction)(uint64_t *), unsigned tries, uint64_t *word) {
    while (tries-- > 0) {
        // Some processors report success with all ones after a suspend: no 64 random bits are that, or zero.
        if (instruction(word) && *word != 0 && *word != UINT64_MAX) {
            return true;
        }
        x86_pause();
    }
    return false;
}

// Which of the two this code can execute. A leaf beyond the highest reads as the highest.
static void look(bool *seeds, bool *rands) {
    *rands = x86_cpuid(1, 0).ecx & CPUID_1_ECX_RDRAND;
    *seeds = x86_cpuid(0, 0).eax >= 7 && x86_cpuid(7, 0).ebx & CPUID_7_EBX_RDSEED;
}

size_t x86_random(void *buffer, size_t size) {
    bool seeds, rands;
    look(&seeds, &rands);
    size_t done = 0;
    uint64_t word;
    while (done < size
        && ((seeds && next_word(rdseed, RDSEED_TRIES, &word)) || (rands && next_word(rdrand, RDRAND_TRIES, &word)))) {
        size_t part = size - done < sizeof(word) ? size - done : sizeof(word);
        memcpy((char *)buffer + done, &word, part);
        done += part;
    }
    return done;
}

size_t x86_random_now(void *buffer, size_t size) {
    static bool looked, seeds, rands; // CPUID is a trip to the host
    if (!looked) {
        look(&seeds, &rands);
        looked = true;
    }
    uint64_t words[4];
    size_t count = 0;
    while (count < sizeof(words) / sizeof(words[0])
        && ((rands && next_word(rdrand, RDRAND_TRIES, &words[count]))
            || (seeds && next_word(rdseed, RDRAND_TRIES, &words[count])))) {
        count++;
    }
    size = size < count * sizeof(words[0]) ? size : count * sizeof(words[0]);
    memcpy(buffer, words, size);
    return size;
}
