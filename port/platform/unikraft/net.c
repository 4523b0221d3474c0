// net.c - the network of platform.h with uk_netdev. Facts: Unikraft's uk/netdev.h, and
// boards/unikraft-qemu/README.md for quirks of its virtio-net driver.
//
// The queue's interrupt is enabled only while the machine is halted: rx_one must not be called otherwise;
// frames that arrive while Python runs are found by polling. A received netbuf is copied and freed at once,
// because a driver that finds none to give to the device never recovers.

#include <errno.h>
#include <string.h>
#include <uk/alloc.h>
#include <uk/netdev.h>

#include "frame.h"
#include "net.h"
#include "pool.h"

#define MTU_MIN 576
#define MTU_MAX 1500
#define ETHERNET_HEADER 14 // not counted in the MTU
// The most that a device may write of a frame. Drivers lose the buffer of a longer one; a frame larger than a
// buffer is dropped by the device, or spread over several.
#define RECEIVE_MAX (MTU_MAX + ETHERNET_HEADER)
#define QUEUE 0

static struct net {
    struct uk_netdev *device;
    int error; // error of platform_net_open(), or 0
    bool open, listening;
    struct pool receive, transmit;
    struct net_info info;
    struct net_counters counters;
} nets[CONFIG_APPPYMNET_NETS];

static struct net *of_handle[MANIFEST_ENTRIES_MAX];
static bool refused, deaf;

// Start ---------------------------------------------------------------------------------------------------------------

static uint16_t fill(void *argument, struct uk_netbuf *netbufs[], uint16_t count) {
    struct pool *pool = argument;
    uint16_t done = 0;
    while (done < count && (netbufs[done] = pool_take(pool)) != NULL) {
        netbufs[done]->len = RECEIVE_MAX;
        done++;
    }
    return done;
}

// Runs in an interrupt, whose only purpose is to end the halt.
static void frame_came(struct uk_netdev *device, uint16_t queue, void *cookie) {
    (void)device;
    (void)queue;
    (void)cookie;
}

static int configure_queues(struct net *net, const struct uk_netdev_info *info) {
    pool_init(&net->receive, info->nb_encap_rx);
    pool_init(&net->transmit, info->nb_encap_tx);
    if (pool_room(&net->receive) < RECEIVE_MAX || pool_room(&net->transmit) < RECEIVE_MAX) {
        return -EIO;
    }
    struct uk_netdev_queue_info transmit;
    int error = uk_netdev_txq_info_get(net->device, QUEUE, &transmit);
    if (error < 0) {
        return error;
    }
    // Drivers free netbufs when they send the next one: with none left there is no next one.
    if (transmit.nb_max > POOL_SIZE) {
        return -ENOMEM;
    }
    struct uk_alloc *memory = uk_alloc_get_default(); // for the rings only
    struct uk_netdev_rxqueue_conf rx = {
        .callback = frame_came,
        .a = memory,
        .alloc_rxpkts = fill,
        .alloc_rxpkts_argp = &net->receive,
    };
    struct uk_netdev_txqueue_conf tx = {.a = memory};
    // 0 descriptors means all: a legacy virtio device would use the whole ring anyway.
    error = uk_netdev_rxq_configure(net->device, QUEUE, 0, &rx);
    return error < 0 ? error : uk_netdev_txq_configure(net->device, QUEUE, 0, &tx);
}

// Drivers report 0x5452 where QEMU has `host_mtu`: they read it at the offset of the MAC.
static uint16_t mtu_of(const struct net *net, uint16_t said) {
    bool is_mac = said == (net->info.mac[0] | net->info.mac[1] << 8);
    return is_mac || said < MTU_MIN || said > MTU_MAX ? MTU_MAX : said;
}

// MAC and MTU are final only here, because features may be negotiated when the device is configured.
static int read_info(struct net *net) {
    const struct uk_hwaddr *mac = uk_netdev_hwaddr_get(net->device);
    if (mac == NULL || mac->addr_bytes[0] & 1) {
        return -EIO;
    }
    memcpy(net->info.mac, mac->addr_bytes, sizeof(net->info.mac));
    net->info.mtu = mtu_of(net, uk_netdev_mtu_get(net->device));
    net->info.features = NET_RX_CSUM;
    return 0;
}

static int start(struct net *net) {
    struct uk_netdev_info info;
    struct uk_netdev_conf configuration = {.nb_rx_queues = 1, .nb_tx_queues = 1};
    uk_netdev_info_get(net->device, &info);
    int error = uk_netdev_configure(net->device, &configuration);
    error = error < 0 ? error : configure_queues(net, &info);
    error = error < 0 ? error : uk_netdev_start(net->device);
    return error < 0 ? error : read_info(net);
}

static void attach(struct net *net, struct uk_netdev *device, struct arguments_address *address) {
    net->device = device;
    if (uk_netdev_probe(device) < 0) {
        net->error = -EIO;
        return;
    }
    if (address != NULL) {
        address->cidr = uk_netdev_einfo_get(device, UK_NETDEV_IPV4_CIDR);
        address->gateway = uk_netdev_einfo_get(device, UK_NETDEV_IPV4_GW);
    }
    int error = start(net);
    net->error = error < 0 && error != -ENOMEM ? -EIO : error;
}

bool nets_init(const struct manifest *manifest, struct arguments_address *address) {
    unsigned wanted = 0, count = manifest_count(manifest), devices = uk_netdev_count();
    *address = (struct arguments_address) {NULL, NULL};
    for (unsigned i = 0; i < count; i++) {
        if (manifest->entry[i].type != MANIFEST_NET) {
            continue;
        }
        if (wanted < CONFIG_APPPYMNET_NETS && wanted < devices) {
            of_handle[i] = &nets[wanted];
            attach(&nets[wanted], uk_netdev_get(wanted), wanted == 0 ? address : NULL);
        }
        wanted++;
    }
    return wanted <= CONFIG_APPPYMNET_NETS;
}

int platform_net_open(unsigned handle, struct net_info *info) {
    struct net *net = handle < MANIFEST_ENTRIES_MAX ? of_handle[handle] : NULL;
    if (net == NULL) {
        return -ENODEV;
    }
    if (net->error < 0 || net->open) {
        return net->error < 0 ? net->error : -EBUSY;
    }
    net->open = true;
    *info = net->info;
    return 0;
}

// Receiving -----------------------------------------------------------------------------------------------------------

static void ignore(struct net *net) {
    if (net->listening) {
        uk_netdev_rxq_intr_disable(net->device, QUEUE);
        net->listening = false;
    }
}

static bool inside_buffer(const struct uk_netbuf *netbuf) {
    uintptr_t data = (uintptr_t)netbuf->data, buffer = (uintptr_t)netbuf->buf;
    return data >= buffer && data - buffer <= netbuf->buflen && netbuf->len <= netbuf->buflen - (data - buffer);
}

// Copies a frame. Returns its length; 0: it was dropped.
static size_t copy_frame(const struct uk_netbuf *netbuf, uint8_t *buffer, size_t size, struct net_rx *rx) {
    if (netbuf->next != NULL || !inside_buffer(netbuf)) {
        return 0;
    }
    size_t length = frame_trim(netbuf->data, netbuf->len);
    if (length > size) {
        return 0;
    }
    memcpy(buffer, netbuf->data, length);
    bool partial = netbuf->flags & UK_NETBUF_F_PARTIAL_CSUM;
    if (partial && !frame_complete_checksum(buffer, length, netbuf->csum_start, netbuf->csum_offset)) {
        return 0;
    }
    bool good = partial || netbuf->flags & UK_NETBUF_F_DATA_VALID;
    *rx = (struct net_rx) {.csum = good ? NET_CSUM_GOOD : NET_CSUM_UNKNOWN};
    return length;
}

size_t platform_net_read(unsigned handle, void *buffer, size_t size, struct net_rx *rx) {
    struct net *net = of_handle[handle];
    ignore(net);
    // After an error the driver may still have frames, without an interrupt for them: retry.
    for (unsigned tries = 0; tries < POOL_SIZE; tries++) {
        struct uk_netbuf *netbuf = NULL;
        int status = uk_netdev_rx_one(net->device, QUEUE, &netbuf);
        if (status >= 0 && (!uk_netdev_status_successful(status) || netbuf == NULL)) {
            return 0;
        }
        size_t length = 0;
        if (status >= 0) {
            length = copy_frame(netbuf, buffer, size, rx);
            uk_netbuf_free(netbuf);
        }
        if (length > 0) {
            return length;
        }
        net->counters.rx_dropped++;
    }
    return 0;
}

// Transmitting --------------------------------------------------------------------------------------------------------

int platform_net_write(unsigned handle, const void *frame, size_t length, const struct net_tx *tx) {
    struct net *net = of_handle[handle];
    if (length == 0 || length > (size_t)net->info.mtu + ETHERNET_HEADER || tx->csum_start != 0 || tx->gso_size != 0) {
        return -EINVAL;
    }
    struct uk_netbuf *netbuf = pool_take(&net->transmit);
    if (netbuf == NULL) {
        refused = true;
        return 0;
    }
    memcpy(netbuf->data, frame, length);
    netbuf->len = (uint16_t)length;
    int status = uk_netdev_tx_one(net->device, QUEUE, netbuf);
    if (status >= 0 && uk_netdev_status_successful(status)) {
        net->counters.kicks++;
        return 1; // the driver frees it at its next send
    }
    uk_netbuf_free(netbuf);
    if (status < 0) {
        net->counters.tx_errors++;
        return 1; // a frame that the device refuses is lost, as on a link
    }
    refused = true;
    return 0;
}

void platform_net_flush(unsigned handle) {
    (void)handle;
}

uint32_t platform_net_link(unsigned handle) {
    (void)handle;
    return 1; // no link status
}

// The driver does not report the fill level. Netbufs that it still holds may have been sent long ago.
size_t platform_net_room(unsigned handle) {
    return of_handle[handle]->transmit.count;
}

void platform_net_counters(unsigned handle, struct net_counters *counters) {
    *counters = of_handle[handle]->counters;
}

// Waiting -------------------------------------------------------------------------------------------------------------

bool nets_listen(void) {
    bool waits = false;
    for (unsigned i = 0; i < CONFIG_APPPYMNET_NETS; i++) {
        if (nets[i].open) {
            int status = uk_netdev_rxq_intr_enable(nets[i].device, QUEUE);
            nets[i].listening = status >= 0;
            deaf = deaf || status < 0;
            waits = waits || status > 0;
        }
    }
    return !waits;
}

void nets_ignore(void) {
    for (unsigned i = 0; i < CONFIG_APPPYMNET_NETS; i++) {
        ignore(&nets[i]);
    }
}

bool nets_unheard(void) {
    bool was = refused || deaf;
    refused = false;
    return was;
}

bool nets_sending(void) {
    bool sending = false;
    for (unsigned i = 0; i < CONFIG_APPPYMNET_NETS; i++) {
        sending = sending || (nets[i].open && nets[i].transmit.count < POOL_SIZE);
    }
    return sending;
}
