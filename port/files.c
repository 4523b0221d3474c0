// files.c - functions that the file system (lib/oofatfs) requires of the port.

#include "lib/oofatfs/ff.h"
#include "platform.h"
#include "shared/timeutils/timeutils.h"

#define NANOSECONDS UINT64_C(1000000000)

// The time stamp of files: FAT's format, in UTC (ff.h).
DWORD get_fattime(void) {
    timeutils_struct_time_t now;
    timeutils_seconds_since_epoch_to_struct_time(platform_clock_wall() / NANOSECONDS, &now);
    return (DWORD)(now.tm_year - 1980) << 25 | (DWORD)now.tm_mon << 21 | (DWORD)now.tm_mday << 16
        | (DWORD)now.tm_hour << 11 | (DWORD)now.tm_min << 5 | (DWORD)now.tm_sec >> 1;
}
