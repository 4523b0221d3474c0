// What port/platform/unikraft uses of Unikraft's events, in words of our own: a handler is there for the test to call.
#ifndef PYMNET_TESTS_UK_EVENT_H
#define PYMNET_TESTS_UK_EVENT_H

#define FAKE_HANDLER_(event, handler, priority) int (*const fake_handler_##event##_##priority)(void *) = (handler)
#define FAKE_HANDLER(event, handler, priority) FAKE_HANDLER_(event, handler, priority)
#define UK_EVENT_HANDLER_PRIO(event, handler, priority) FAKE_HANDLER(event, handler, priority)

#endif // PYMNET_TESTS_UK_EVENT_H
