// frame.h - corrections to frames that Unikraft's drivers received.

#ifndef PYMNET_UNIKRAFT_FRAME_H
#define PYMNET_UNIKRAFT_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Returns the length from the frame's own headers if it is shorter: drivers up to 0.17 and some later count
// the virtio header in, and the excess is data of an earlier frame.
size_t frame_trim(const uint8_t *frame, size_t length);

// Completes the checksum of a packet that never left the host: the field, `offset` behind `start`, holds the
// sum of the pseudo-header. false: it lies outside the frame.
bool frame_complete_checksum(uint8_t *frame, size_t length, size_t start, size_t offset);

#endif // PYMNET_UNIKRAFT_FRAME_H
