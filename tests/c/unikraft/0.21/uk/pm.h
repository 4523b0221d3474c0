// What port/platform/unikraft uses of the power switch since 0.21, in words of our own.
#ifndef PYMNET_TESTS_UK_PM_H
#define PYMNET_TESTS_UK_PM_H

_Noreturn void uk_pm_syshalt(void);

#endif // PYMNET_TESTS_UK_PM_H
