// barrier.h - the memory order that virtqueues need between driver and device (Virtio 1.2, 2.7.13.1 and following).

#ifndef PYMNET_VIRTIO_BARRIER_H
#define PYMNET_VIRTIO_BARRIER_H

// What was written before is seen before what is written after; the same for reads. x86 needs no instruction for either.
static inline void virtio_order(void) {
    __atomic_thread_fence(__ATOMIC_ACQ_REL);
}

// What was written before is seen before anything is read after.
static inline void virtio_order_write_read(void) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif // PYMNET_VIRTIO_BARRIER_H
