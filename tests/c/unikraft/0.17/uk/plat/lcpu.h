// What port/platform/unikraft uses of the processor before 0.21, in words of our own.
#ifndef PYMNET_TESTS_UK_PLAT_LCPU_H
#define PYMNET_TESTS_UK_PLAT_LCPU_H

#include <uk/plat/time.h>

void ukplat_lcpu_disable_irq(void);
void ukplat_lcpu_halt_irq_until(__nsec deadline);

#endif // PYMNET_TESTS_UK_PLAT_LCPU_H
