// frame.h - what has to be put right in a frame that a driver of Unikraft's received.

#ifndef PYMNET_UNIKRAFT_FRAME_H
#define PYMNET_UNIKRAFT_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The length that the frame's own headers give, where that is less: drivers up to 0.17 and some later count the virtio
// header in, and what lies there is of an earlier frame.
size_t frame_trim(const uint8_t *frame, size_t length);

// Finishes the checksum of a packet that never left the host: the field, `offset` behind `start`, holds the sum of the
// pseudo-header. false: it would lie outside the frame.
bool frame_complete_checksum(uint8_t *frame, size_t length, size_t start, size_t offset);

#endif // PYMNET_UNIKRAFT_FRAME_H
