// rtc.c - see rtc.h. Spec: Motorola MC146818A data sheet (registers, update cycle).

#include <stdbool.h>

#include "cpu.h"
#include "rtc.h"

#define PORT_INDEX 0x70
#define PORT_DATA 0x71

#define REG_SECONDS 0x00
#define REG_MINUTES 0x02
#define REG_HOURS 0x04
#define REG_DAY 0x07
#define REG_MONTH 0x08
#define REG_YEAR 0x09
#define REG_A 0x0a
#define REG_B 0x0b
#define REG_CENTURY 0x32 // where PCs keep it

#define A_UPDATE_IN_PROGRESS 0x80
#define B_BINARY 0x04
#define B_24_HOURS 0x02
#define HOURS_PM 0x80

#define READS_MAX 1000

static unsigned read_register(uint8_t index) {
    x86_out8(PORT_INDEX, index);
    return x86_in8(PORT_DATA);
}

static unsigned decode(unsigned value, unsigned mode) {
    return mode & B_BINARY ? value : (value >> 4) * 10 + (value & 15);
}

static unsigned decode_hours(unsigned value, unsigned mode) {
    unsigned hours = decode(value & ~HOURS_PM, mode);
    if (!(mode & B_24_HOURS)) {
        hours = hours % 12 + (value & HOURS_PM ? 12 : 0);
    }
    return hours;
}

// Days since 1970-01-01 of a date in the Gregorian calendar, years counted from March so that leap days come last.
static uint64_t days_since_epoch(unsigned year, unsigned month, unsigned day) {
    year -= month < 3;
    month = month < 3 ? month + 9 : month - 3;
    uint64_t days = year * 365u + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    return days - 719468;
}

static uint64_t read_once(void) {
    unsigned mode = read_register(REG_B);
    unsigned century = decode(read_register(REG_CENTURY), 0);
    unsigned year = (century < 19 ? 20 : century) * 100 + decode(read_register(REG_YEAR), mode);
    unsigned month = decode(read_register(REG_MONTH), mode);
    unsigned day = decode(read_register(REG_DAY), mode);
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31) {
        return 0; // no clock behind the ports: all ones
    }
    uint64_t hours = days_since_epoch(year, month, day) * 24 + decode_hours(read_register(REG_HOURS), mode);
    return (hours * 60 + decode(read_register(REG_MINUTES), mode)) * 60 + decode(read_register(REG_SECONDS), mode);
}

uint64_t rtc_seconds(void) {
    for (unsigned i = 0; i < READS_MAX; i++) {
        unsigned status = read_register(REG_A);
        if (status == 0xff) {
            return 0;
        }
        if (status & A_UPDATE_IN_PROGRESS) {
            x86_pause();
            continue;
        }
        uint64_t seconds = read_once();
        if (seconds == read_once()) { // else an update came in between
            return seconds;
        }
    }
    return 0;
}
