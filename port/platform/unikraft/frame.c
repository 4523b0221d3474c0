// frame.c - see frame.h. RFC 826 (ARP), 791 (IPv4), 8200 (IPv6), 1071 (the checksum).

#include "frame.h"

#define ETHERNET 14
#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_ARP 0x0806
#define ETHERTYPE_IPV6 0x86dd
#define ARP_LENGTH 28 // for Ethernet and IPv4
#define IPV4_HEADER 20
#define IPV6_HEADER 40

static unsigned read16(const uint8_t *at) {
    return (unsigned)at[0] << 8 | at[1];
}

// Returns the length of the packet in the frame; SIZE_MAX where its headers do not give it.
static size_t packet_length(const uint8_t *frame, size_t length) {
    if (length < ETHERNET) {
        return SIZE_MAX;
    }
    switch (read16(frame + 12)) {
    case ETHERTYPE_ARP: return ARP_LENGTH;
    case ETHERTYPE_IPV4: return length < ETHERNET + IPV4_HEADER ? SIZE_MAX : read16(frame + ETHERNET + 2);
    case ETHERTYPE_IPV6: return length < ETHERNET + IPV6_HEADER ? SIZE_MAX : IPV6_HEADER + read16(frame + ETHERNET + 4);
    default: return SIZE_MAX;
    }
}

size_t frame_trim(const uint8_t *frame, size_t length) {
    size_t packet = packet_length(frame, length);
    return packet < SIZE_MAX && ETHERNET + packet < length ? ETHERNET + packet : length;
}

bool frame_complete_checksum(uint8_t *frame, size_t length, size_t start, size_t offset) {
    if (start < ETHERNET || start > length || offset > length - start || length - start - offset < 2) {
        return false;
    }
    uint32_t sum = 0; // cannot overflow: 32768 words of 16 bits
    size_t at = start;
    for (; length - at >= 2; at += 2) {
        sum += read16(frame + at);
    }
    sum += at < length ? (uint32_t)frame[at] << 8 : 0;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
    sum = sum == 0 ? 0xffff : sum; // RFC 768: zero means no checksum; RFC 1624 3: for TCP both are equal
    frame[start + offset] = (uint8_t)(sum >> 8);
    frame[start + offset + 1] = (uint8_t)sum;
    return true;
}
