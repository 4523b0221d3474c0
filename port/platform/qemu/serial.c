// serial.c - see serial.h. Spec: National Semiconductor PC16550D data sheet.

#include "board.h"
#include "serial.h"
#include "arch/x86_64/cpu.h"

#define DATA (BOARD_PORT_COM1 + 0)
#define INTERRUPT_ENABLE (BOARD_PORT_COM1 + 1)
#define FIFO_CONTROL (BOARD_PORT_COM1 + 2)
#define LINE_CONTROL (BOARD_PORT_COM1 + 3)
#define MODEM_CONTROL (BOARD_PORT_COM1 + 4)
#define LINE_STATUS (BOARD_PORT_COM1 + 5)

#define STATUS_DATA_READY 0x01
#define STATUS_TRANSMIT_EMPTY 0x20
#define STATUS_ABSENT 0xff // no such port: all lines float

#define FIFO_SIZE 16

void serial_init(void) {
    x86_out8(INTERRUPT_ENABLE, 0);
    x86_out8(LINE_CONTROL, 0x80); // divisor 1: 115200 baud
    x86_out8(DATA, 1);
    x86_out8(INTERRUPT_ENABLE, 0);
    x86_out8(LINE_CONTROL, 0x03); // 8 bits, no parity, one stop bit
    x86_out8(FIFO_CONTROL, 0x07); // enabled and emptied
    x86_out8(MODEM_CONTROL, 0x03);
}

size_t serial_write(const char *text, size_t length) {
    size_t done = 0;
    while (done < length) {
        uint8_t status = x86_in8(LINE_STATUS);
        if (status == STATUS_ABSENT) {
            return length;
        }
        if (!(status & STATUS_TRANSMIT_EMPTY)) {
            break;
        }
        size_t part = length - done < FIFO_SIZE ? length - done : FIFO_SIZE;
        x86_out8_string(DATA, text + done, part);
        done += part;
    }
    return done;
}

size_t serial_read(char *buffer, size_t size) {
    size_t length = 0;
    while (length < size) {
        uint8_t status = x86_in8(LINE_STATUS);
        if (status == STATUS_ABSENT || !(status & STATUS_DATA_READY)) {
            break;
        }
        buffer[length++] = (char)x86_in8(DATA);
    }
    return length;
}
