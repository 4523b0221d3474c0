// assert.h - C11 7.2. May be included again with another NDEBUG, so it has no guard of its own.
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : __assert_fail(#condition, __FILE__, __LINE__))
_Noreturn void __assert_fail(const char *condition, const char *file, int line);
#endif
#define static_assert _Static_assert
