// mmio.h - virtio over memory-mapped I/O. Spec: Virtio 1.2, section 4.2.

#ifndef PYMNET_VIRTIO_MMIO_H
#define PYMNET_VIRTIO_MMIO_H

#include "transport.h"

struct virtio_mmio {
    struct virtio_transport transport; // first, so that the operations get from it to the rest
    volatile uint32_t *registers;
};

// Looks for a modern device at an address and describes it in `mmio`. false: there is none. Changes no register.
bool virtio_mmio_probe(struct virtio_mmio *mmio, uintptr_t address, unsigned interrupt);

#endif // PYMNET_VIRTIO_MMIO_H
