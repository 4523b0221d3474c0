// What port/platform/unikraft uses of Unikraft's network devices, in words of our own.
#ifndef PYMNET_TESTS_UK_NETDEV_H
#define PYMNET_TESTS_UK_NETDEV_H

#include <stdbool.h>
#include <uk/alloc.h>
#include <uk/netbuf.h>

#define UK_NETDEV_STATUS_SUCCESS 1

struct uk_netdev;

struct uk_hwaddr {
    uint8_t addr_bytes[6];
};

struct uk_netdev_info {
    uint16_t nb_encap_tx, nb_encap_rx;
};

struct uk_netdev_queue_info {
    uint16_t nb_max;
};

struct uk_netdev_conf {
    uint16_t nb_rx_queues, nb_tx_queues;
    uint8_t lro; // from 0.20 on
};

struct uk_netdev_rxqueue_conf {
    void (*callback)(struct uk_netdev *, uint16_t, void *);
    struct uk_alloc *a;
    uint16_t (*alloc_rxpkts)(void *, struct uk_netbuf *[], uint16_t);
    void *alloc_rxpkts_argp;
};

struct uk_netdev_txqueue_conf {
    struct uk_alloc *a;
};

enum uk_netdev_einfo_type { UK_NETDEV_IPV4_CIDR, UK_NETDEV_IPV4_GW };

unsigned uk_netdev_count(void);
struct uk_netdev *uk_netdev_get(unsigned id);
int uk_netdev_probe(struct uk_netdev *dev);
void uk_netdev_info_get(struct uk_netdev *dev, struct uk_netdev_info *info);
const char *uk_netdev_einfo_get(struct uk_netdev *dev, enum uk_netdev_einfo_type einfo);
int uk_netdev_configure(struct uk_netdev *dev, const struct uk_netdev_conf *conf);
int uk_netdev_txq_info_get(struct uk_netdev *dev, uint16_t queue, struct uk_netdev_queue_info *info);
int uk_netdev_rxq_configure(
    struct uk_netdev *dev, uint16_t queue, uint16_t nb_desc, struct uk_netdev_rxqueue_conf *conf);
int uk_netdev_txq_configure(
    struct uk_netdev *dev, uint16_t queue, uint16_t nb_desc, struct uk_netdev_txqueue_conf *conf);
int uk_netdev_start(struct uk_netdev *dev);
const struct uk_hwaddr *uk_netdev_hwaddr_get(struct uk_netdev *dev);
uint16_t uk_netdev_mtu_get(struct uk_netdev *dev);
int uk_netdev_rxq_intr_enable(struct uk_netdev *dev, uint16_t queue);
int uk_netdev_rxq_intr_disable(struct uk_netdev *dev, uint16_t queue);
int uk_netdev_rx_one(struct uk_netdev *dev, uint16_t queue, struct uk_netbuf **pkt);
int uk_netdev_tx_one(struct uk_netdev *dev, uint16_t queue, struct uk_netbuf *pkt);

static inline bool uk_netdev_status_successful(int status) {
    return status & UK_NETDEV_STATUS_SUCCESS;
}

#endif // PYMNET_TESTS_UK_NETDEV_H
