// random.h - the random generator of the image: ChaCha20 keyed from the machine's entropy (platform_entropy()).
//
// After every request the key is replaced by unused key stream ("fast key erasure"): memory disclosed later
// reveals no earlier output. Numbers of the processor are mixed in at every request, fresh entropy of all
// sources once a minute and every megabyte, so that a disclosed key soon becomes useless.
//
// Two copies of a machine (a snapshot that is resumed twice) have the same key: they diverge at the next
// request where the processor has a generator, else when they notice that the wall clock has moved without
// the monotonic one.

#ifndef PYMNET_CRYPTO_RANDOM_H
#define PYMNET_CRYPTO_RANDOM_H

#include <stdbool.h>
#include <stddef.h>

// Initialises the key. false: the machine has no entropy, random_bytes() must not be used.
bool random_init(void);

// Initialises the key from clocks only (`--insecure-entropy`): predictable.
void random_init_insecure(void);

void random_bytes(void *buffer, size_t size);

#endif // PYMNET_CRYPTO_RANDOM_H
