// random.h - the processor's own random numbers.

#ifndef PYMNET_X86_RANDOM_H
#define PYMNET_X86_RANDOM_H

#include <stddef.h>

// Fills `buffer` from RDSEED, or RDRAND where there is no RDSEED. Returns how many bytes it got: all, or fewer when the
// processor has neither or stopped answering.
size_t x86_random(void *buffer, size_t size);

// The same from RDRAND, or RDSEED where there is no RDRAND: faster. 32 bytes at most.
size_t x86_random_now(void *buffer, size_t size);

#endif // PYMNET_X86_RANDOM_H
