// What port/platform/unikraft uses of the end before 0.21, in words of our own.
#ifndef PYMNET_TESTS_UK_PLAT_BOOTSTRAP_H
#define PYMNET_TESTS_UK_PLAT_BOOTSTRAP_H

enum ukplat_gstate { UKPLAT_HALT, UKPLAT_RESTART, UKPLAT_CRASH };

_Noreturn void ukplat_terminate(enum ukplat_gstate request);

#endif // PYMNET_TESTS_UK_PLAT_BOOTSTRAP_H
