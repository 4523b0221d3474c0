// compat.h - one name for functions that differ between Unikraft's releases from 0.17 on. Features are
// tested, not versions: a development tree has the version of the release before it.

#ifndef PYMNET_UNIKRAFT_COMPAT_H
#define PYMNET_UNIKRAFT_COMPAT_H

#include <stddef.h>
#include <stdint.h>

// 0.18: consoles are devices.
#if __has_include(<uk/console.h>)
#include <uk/console.h>
#define compat_console_out(text, length) uk_console_out((text), (length))
#else
#include <uk/plat/console.h>
#define compat_console_out(text, length) ukplat_coutk((text), (unsigned int)(length))
#endif

// 0.21: processor and power control are libraries, no longer part of the platform.
#if __has_include(<uk/lcpu.h>)
#include <uk/lcpu.h>
#define compat_disable_irq() uk_lcpu_disable_irq()
#define compat_halt_irq_until(deadline) uk_lcpu_halt_irq_until(deadline)
#else
#include <uk/plat/lcpu.h>
#define compat_disable_irq() ukplat_lcpu_disable_irq()
#define compat_halt_irq_until(deadline) ukplat_lcpu_halt_irq_until(deadline)
#endif

#if __has_include(<uk/pm.h>)
#include <uk/pm.h>
#define compat_power_off() uk_pm_syshalt()
#else
#include <uk/plat/bootstrap.h>
#define compat_power_off() ukplat_terminate(UKPLAT_HALT)
#endif

#endif // PYMNET_UNIKRAFT_COMPAT_H
