// What port/platform/unikraft uses of the console before 0.18, in words of our own.
#ifndef PYMNET_TESTS_UK_PLAT_CONSOLE_H
#define PYMNET_TESTS_UK_PLAT_CONSOLE_H

int ukplat_coutk(const char *text, unsigned int length);

#endif // PYMNET_TESTS_UK_PLAT_CONSOLE_H
