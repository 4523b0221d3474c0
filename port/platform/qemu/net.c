// net.c - the network devices of platform.h: found in the order of the manifest.

#include "devices.h"
#include "drivers.h"
#include "py/mperrno.h"
#include "text.h"
#include "virtio/net.h"

#define NETS_MAX 16

// Under this much RAM rings are kept small.
#define FRUGAL_BELOW ((uintptr_t)12 << 20)

// An interrupt may signal a change of the link. Reading the status costs a trip to the host, so it is not
// read for each interrupt, but within this time after it.
#define LOOK_NS UINT64_C(100000000)

static struct slot {
    struct virtio_transport *transport;
    void *memory; // NULL: there was not enough
    bool frugal;
    struct virtio_net *net; // NULL until opened
    bool told_broken;
    uint64_t looked; // time of the last check of the link
} slots[NETS_MAX];
static unsigned slot_count;

static struct slot *by_handle[MANIFEST_ENTRIES_MAX];

void nets_found(struct boot *boot, struct virtio_transport *transport) {
    bool frugal = boot->memory_end < FRUGAL_BELOW;
    if (slot_count < NETS_MAX) {
        slots[slot_count++] = (struct slot) {
            .transport = transport,
            .memory = devices_memory(boot, virtio_net_memory(frugal)),
            .frugal = frugal,
        };
    }
}

void nets_name(const struct manifest *manifest) {
    unsigned next = 0;
    for (unsigned handle = 0; handle < manifest_count(manifest) && next < slot_count; handle++) {
        if (manifest->entry[handle].type == MANIFEST_NET) {
            by_handle[handle] = &slots[next++];
        }
    }
}

int platform_net_open(unsigned handle, struct net_info *info) {
    struct slot *slot = handle < MANIFEST_ENTRIES_MAX ? by_handle[handle] : NULL;
    if (slot == NULL || slot->net != NULL) {
        return slot == NULL ? -MP_ENODEV : -MP_EBUSY;
    }
    if (slot->memory == NULL) {
        return -MP_ENOMEM;
    }
    slot->net = virtio_net_init(slot->transport, slot->memory, slot->frugal, info);
    if (slot->net == NULL) {
        return -MP_EIO;
    }
    devices_listen(virtio_net_device(slot->net));
    return 0;
}

size_t platform_net_read(unsigned handle, void *buffer, size_t size, struct net_rx *rx) {
    return virtio_net_read(by_handle[handle]->net, buffer, size, rx);
}

int platform_net_write(unsigned handle, const void *frame, size_t length, const struct net_tx *tx) {
    return virtio_net_write(by_handle[handle]->net, frame, length, tx);
}

void platform_net_flush(unsigned handle) {
    virtio_net_flush(by_handle[handle]->net);
}

uint32_t platform_net_link(unsigned handle) {
    return virtio_net_link(by_handle[handle]->net);
}

size_t platform_net_room(unsigned handle) {
    return virtio_net_room(by_handle[handle]->net);
}

void platform_net_counters(unsigned handle, struct net_counters *counters) {
    virtio_net_counters(by_handle[handle]->net, counters);
}

// Waiting -------------------------------------------------------------------------------------------------------------

static void tell_if_broken(struct slot *slot) {
    if (!slot->told_broken && virtio_net_broken(slot->net)) {
        slot->told_broken = true;
        text_say("a network device broke the rules of its queues and is not used any more", NULL);
    }
}

static bool look(struct slot *slot, uint64_t *deadline) {
    struct virtio_device *device = virtio_net_device(slot->net);
    if (!device->interrupted) {
        return false;
    }
    uint64_t now = platform_clock_monotonic(), due = slot->looked + LOOK_NS;
    if (now < due) {
        *deadline = due < *deadline ? due : *deadline;
        return false;
    }
    device->interrupted = false;
    slot->looked = now;
    return virtio_net_look(slot->net);
}

bool nets_look(uint64_t *deadline) {
    bool any = false;
    for (unsigned i = 0; i < slot_count; i++) {
        any = (slots[i].net != NULL && look(&slots[i], deadline)) || any;
    }
    return any;
}

bool nets_have_work(void) {
    bool any = false;
    for (unsigned i = 0; i < slot_count && !any; i++) {
        if (slots[i].net != NULL) {
            any = virtio_net_has_work(slots[i].net);
            tell_if_broken(&slots[i]);
        }
    }
    return any;
}

void nets_arm(void) {
    for (unsigned i = 0; i < slot_count; i++) {
        if (slots[i].net != NULL) {
            virtio_net_arm(slots[i].net);
        }
    }
}

bool nets_drained(void) {
    bool all = true;
    for (unsigned i = 0; i < slot_count; i++) {
        if (slots[i].net != NULL) {
            virtio_net_flush(slots[i].net);
            all = all && virtio_net_drained(slots[i].net);
        }
    }
    return all;
}
