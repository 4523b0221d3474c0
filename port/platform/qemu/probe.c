// probe.c - see probe.h. microvm has fixed virtio-mmio slots, which QEMU fills from the highest down: that is the order of
// the command line and the order of the manifest.

#include "board.h"
#include "drivers.h"
#include "probe.h"
#include "virtio/mmio.h"
#include "virtio/virtio.h"

static struct virtio_mmio slots[BOARD_VIRTIO_SLOTS];

static void found(struct boot *boot, struct virtio_transport *transport) {
    switch (transport->device_id) {
    case VIRTIO_CONSOLE: console_found(boot, transport); break;
    case VIRTIO_ENTROPY: entropy_found(boot, transport); break;
    case VIRTIO_NET: nets_found(boot, transport); break;
    case VIRTIO_BLOCK: blocks_found(boot, transport); break;
    }
}

void probe_devices(struct boot *boot) {
    for (unsigned slot = BOARD_VIRTIO_SLOTS; slot-- > 0;) {
        if (virtio_mmio_probe(&slots[slot], BOARD_VIRTIO_MMIO + slot * BOARD_VIRTIO_STRIDE, slot)) {
            found(boot, &slots[slot].transport);
        }
    }
    nets_name(boot->manifest);
    blocks_name(boot->manifest);
}
