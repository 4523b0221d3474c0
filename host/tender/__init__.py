"""A Solo5 tender in Python: runs an hvt image (ABI version 2) on /dev/kvm, or on unicorn where there is none.

`python -m host.tender` takes solo5-hvt's command line. An image cannot tell the two apart, except by asking
how long things take. From the image's file to its end:

    __main__.py    the command line, and what becomes of errors
    command.py     its options
    image.py       the ELF file, checked: segments, ABI and manifest notes
    memory.py      the guest's memory; every address from the guest is looked at here
    boot.py        what the guest finds at its start: page tables, GDT, boot_info
    machine.py     a machine: all of the above, the devices, and the hypercalls
    devices.py     taps and files
    console.py     standard output
    hypercalls.py  what the guest can ask for
    ring.py        the net ring
    kvm.py         back end: the processor is the host's
    emulator.py    back end: the processor is unicorn's
"""
