// twister.h - MT19937, the Mersenne Twister of Matsumoto and Nishimura (1998), which CPython's random is built on.

#ifndef RANDOM_TWISTER_H
#define RANDOM_TWISTER_H

#include <stddef.h>
#include <stdint.h>

#define TWISTER_WORDS 624

typedef struct {
    uint32_t words[TWISTER_WORDS];
    uint32_t used; // of the words
} twister_t;

void twister_seed(twister_t *t, const uint32_t *key, size_t length);
uint32_t twister_next(twister_t *t);

#endif
