// random.c - random numbers of the operating system, in place of the port's generator (port/crypto/random.h).

#include "../../crypto/random.h"
#include "py/mphal.h"

void random_bytes(void *buffer, size_t size) {
    mp_hal_get_random(size, buffer);
}
