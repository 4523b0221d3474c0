// random.h - the random generator of the image: ChaCha20 keyed from the machine's entropy (platform_entropy()).
//
// After every request the key is replaced by key stream that nobody saw ("fast key erasure"): who reads the memory later
// learns nothing about numbers given out before. Fresh entropy is mixed in once a minute and every megabyte, so who read
// the key is locked out again.

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
