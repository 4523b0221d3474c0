// layout.h - memory under solo5-hvt, shared by the link script and the code.

#ifndef PYMNET_HVT_LAYOUT_H
#define PYMNET_HVT_LAYOUT_H

// The range of one of the image's page tables. Up to the end of the last one all must be RAM.
#define HVT_TABLE_REACH 0x200000

// Room behind the image for more tables, in bytes: page directories of the upper GiB, and one table each for the
// 2 MiB that the stack pool starts and ends in.
#define HVT_EARLY_TABLES 0x8000

#ifndef __ASSEMBLER__

#include <stdint.h>

extern uint64_t hvt_page_map[];

#endif // __ASSEMBLER__

#endif // PYMNET_HVT_LAYOUT_H
