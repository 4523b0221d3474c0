// machine.c - what Mbed TLS needs of the machine: clocks and random numbers, those of the port.

#include <string.h>

#include "tls.h"
#include "../crypto/random.h"
#include "mbedtls/platform_time.h"
#include "mbedtls/platform_util.h"
#include "psa/crypto.h"
#include "py/mphal.h"
#include "py/runtime.h"

#define SECONDS_PER_DAY 86400

time_t tls_time(time_t *seconds) {
    time_t now = (time_t)(mp_hal_time_ns() / 1000000000u);
    if (seconds != NULL) {
        *seconds = now;
    }
    return now;
}

mbedtls_ms_time_t mbedtls_ms_time(void) {
    return (mbedtls_ms_time_t)mp_hal_ticks_ms();
}

// Days to a date of the Gregorian calendar, in eras of 400 years that begin on the first of March.
struct tm *mbedtls_platform_gmtime_r(const mbedtls_time_t *seconds, struct tm *made) {
    int64_t days = *seconds / SECONDS_PER_DAY, rest = *seconds % SECONDS_PER_DAY;
    if (*seconds < 0) {
        return NULL;
    }
    days += 719468; // to 1 March of year 0
    int64_t era = days / 146097, day = days % 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153; // 0: March
    memset(made, 0, sizeof(*made));
    made->tm_mday = (int)(of_year - (153 * month + 2) / 5 + 1);
    made->tm_mon = (int)(month < 10 ? month + 2 : month - 10);
    made->tm_year = (int)(year + era * 400 + (month >= 10) - 1900);
    made->tm_hour = (int)(rest / 3600);
    made->tm_min = (int)(rest / 60 % 60);
    made->tm_sec = (int)(rest % 60);
    return made;
}

int tls_random(void *context, unsigned char *buffer, size_t length) {
    (void)context;
    random_bytes(buffer, length);
    return 0;
}

psa_status_t mbedtls_psa_external_get_random(
    mbedtls_psa_external_random_context_t *context, uint8_t *output, size_t size, size_t *length) {
    (void)context;
    random_bytes(output, size);
    *length = size;
    return PSA_SUCCESS;
}
