// layout.h - the borders of the image under solo5-spt, and its first stack.

#ifndef PYMNET_SPT_LAYOUT_H
#define PYMNET_SPT_LAYOUT_H

#define SPT_STACK_SIZE 65536

#ifndef __ASSEMBLER__

extern char image_end[];
extern char spt_stack[], spt_stack_top[];

#endif // __ASSEMBLER__

#endif // PYMNET_SPT_LAYOUT_H
