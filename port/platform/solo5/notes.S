// notes.S - the note by which a tender recognises its guests; for #include. Facts: Solo5 ABI 2, note type
// ABI1. The other note, the device manifest, is written by the build (host/manifest.py).

#define SOLO5_NOTE_ABI 0x31494241
#define SOLO5_ABI_VERSION 2
#define SOLO5_TARGET_HVT 1
#define SOLO5_TARGET_SPT 2

    .macro SOLO5_NOTES target
    .section .note.solo5.abi, "a", @note
    .balign 4
    .long 6, 16, SOLO5_NOTE_ABI
    .ascii "Solo5\0\0\0"
    .long \target, SOLO5_ABI_VERSION, 0, 0

// A missing program interpreter: running the image as a program of the host fails.
    .section .interp, "a"
    .asciz "/nonexistent/solo5/"
    .endm
