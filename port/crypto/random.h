// random.h - the random generator of the image: ChaCha20 keyed from the machine's entropy (platform_entropy()).
//
// After every request the key is replaced by key stream that nobody saw ("fast key erasure"): who reads the memory later
// learns nothing about numbers given out before. What the processor gives is mixed in at every request, fresh entropy of all
// sources once a minute and every megabyte, so who read the key is locked out again.
//
// Two copies of a machine (a snapshot that is resumed twice) have the same key: they part at the next request where the
// processor gives numbers, else when they see that the wall clock has moved without the monotonic one.

#ifndef PYMNET_CRYPTO_RANDOM_H
#define PYMNET_CRYPTO_RANDOM_H

#include <stdbool.h>
#include <stddef.h>

// Takes the first key. false: the machine has no entropy, random_bytes() may not be used.
bool random_init(void);

// The first key from nothing but clocks, for who insists (`--insecure-entropy`): guessable.
void random_init_insecure(void);

void random_bytes(void *buffer, size_t size);

#endif // PYMNET_CRYPTO_RANDOM_H
