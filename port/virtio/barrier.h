// barrier.h - the memory order that virtqueues need between driver and device (Virtio 1.2, 2.7.13.1 and following).

#ifndef PYMNET_VIRTIO_BARRIER_H
#define PYMNET_VIRTIO_BARRIER_H

// Orders earlier writes before later writes, and earlier reads before later reads. x86 needs no instruction
// for either.
static inline void virtio_order(void) {
    __atomic_thread_fence(__ATOMIC_ACQ_REL);
}

// Orders earlier writes before later reads.
static inline void virtio_order_write_read(void) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif // PYMNET_VIRTIO_BARRIER_H
