// layout.h - the borders of the image, from the link script (image.ld of the platform). Each starts a page of its own.

#ifndef PYMNET_X86_LAYOUT_H
#define PYMNET_X86_LAYOUT_H

extern char image_text[], image_text_end[];     // executable
extern char image_rodata[], image_rodata_end[]; // constants
extern char image_data[], image_end[];          // data and bss, the stacks of ring.S in them

#endif // PYMNET_X86_LAYOUT_H
