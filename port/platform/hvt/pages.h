// pages.h - which RAM is mapped, beyond what image.ld.S maps.

#ifndef PYMNET_HVT_PAGES_H
#define PYMNET_HVT_PAGES_H

#include "platform.h"

// Continues with the image's page tables; takes some of the free RAM for more. Beyond the image's tables, RAM
// stays absent until platform_pages_absent() is called.
void pages_init(struct boot *boot);

#endif // PYMNET_HVT_PAGES_H
