"""Back end: one virtual processor of the host's KVM, in the state in which solo5-hvt starts guests."""

import fcntl
import mmap
import os
import signal
import struct
import threading
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from host.errors import HostError
from host.tender import boot
from host.tender.errors import GuestFault
from host.tender.hypercalls import Halt
from host.tender.machine import Machine
from host.tender.ring import KICK_PORT, NetRing

DEVICE = Path("/dev/kvm")

CREATE_VM, CHECK_EXTENSION, GET_VCPU_MMAP_SIZE, CREATE_VCPU = 0xAE01, 0xAE03, 0xAE04, 0xAE41
SET_USER_MEMORY_REGION, IOEVENTFD, GET_SUPPORTED_CPUID = 0x4020AE46, 0x4040AE79, 0xC008AE05
RUN, GET_REGS, SET_REGS, SET_SREGS = 0xAE80, 0x8090AE81, 0x4090AE82, 0x4138AE84
SET_CPUID2, GET_TSC_KHZ, SET_SIGNAL_MASK = 0x4008AE90, 0xAEA3, 0x4004AE8B
CAP_IOEVENTFD = 36
IOEVENTFD_PIO = 2

REGION = struct.Struct("<IIQQQ")
CPUID = struct.Struct("<I4x")
CPUID_ENTRY, CPUID_ENTRIES = 40, 256
SEGMENT = struct.Struct("<QIHBBBBBBBBBx")
TABLE = struct.Struct("<QH6x")
CONTROL = struct.Struct("<7Q32x")
REGISTERS = struct.Struct("<18Q")  # rax rbx rcx rdx rsi rdi rsp rbp r8-r15 rip rflags
EVENT = struct.Struct("<QQIiI36x")

# struct kvm_run
REASON, EXIT_DATA = 8, 32
WORD, IO = struct.Struct("<I"), struct.Struct("<BBHIQ")
EXIT_IO, EXIT_HLT, EXIT_MMIO, EXIT_SHUTDOWN, EXIT_FAILED, EXIT_INTERNAL = 2, 5, 6, 8, 9, 17
REASONS = {
    EXIT_HLT: "executed hlt: nothing could wake it",
    EXIT_MMIO: "touched memory that is not there, or wrote where it must not",
    EXIT_SHUTDOWN: "had an exception that it could not handle (triple fault)",
    EXIT_FAILED: "could not be entered",
    EXIT_INTERNAL: "executed what KVM cannot emulate here",
}
OUT = 1

# Signals that end the guest or its ring. Blocked from the interpreter's last check for signals until KVM_RUN,
# which unblocks them: otherwise one that arrives in between would not be noticed before the guest's next
# exit.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)
SIGNAL_MASK = struct.Struct("<IQ")  # its own length in bytes; the signals blocked while the guest runs


def obstacle() -> str:
    """Return why KVM cannot be used; empty if it can."""
    if not DEVICE.exists():
        return f"no {DEVICE} on this machine"
    if not os.access(DEVICE, os.R_OK | os.W_OK):
        return f"no permission to use {DEVICE} (be in the group kvm, or be root)"
    return ""


def segment(selector: int, kind: int, long: int) -> bytes:
    """Build a flat segment of ring 0: base, limit, selector, type, present, dpl, db, s, l, g, avl,
    unusable."""
    return SEGMENT.pack(0, 0xFFFFFFFF, selector, kind, 1, 0, 1 - long, 1, long, 1, 0, 0)


def special_registers() -> bytes:
    code, data = segment(0x08, 9, 1), segment(0x10, 3, 0)
    task = SEGMENT.pack(0, 0, 0, 11, 1, 0, 0, 0, 0, 0, 0, 0)
    local = SEGMENT.pack(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    tables = TABLE.pack(boot.GDT, boot.GDT_LIMIT) + TABLE.pack(0, 0)
    control = CONTROL.pack(boot.CR0, 0, boot.PML4, boot.CR4, 0, boot.EFER, 0)
    return code + data * 5 + task + local + tables + control


class Processor:
    """The virtual machine and its one processor; a context manager."""

    def __init__(self, machine: Machine) -> None:
        self._stack = ExitStack()
        self._machine = machine

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._kvm = self._own(os.open(DEVICE, os.O_RDWR | os.O_CLOEXEC), stack)
            self._vm = self._own(fcntl.ioctl(self._kvm, CREATE_VM, 0), stack)
            memory = self._machine.memory
            fcntl.ioctl(self._vm, SET_USER_MEMORY_REGION, REGION.pack(0, 0, 0, len(memory), memory.address))
            self._cpu = self._own(fcntl.ioctl(self._vm, CREATE_VCPU, 0), stack)
            size = fcntl.ioctl(self._kvm, GET_VCPU_MMAP_SIZE, 0)
            self.state = stack.enter_context(mmap.mmap(self._cpu, size, mmap.MAP_SHARED))
            self._set_features()
            fcntl.ioctl(self._cpu, SET_SIGNAL_MASK, SIGNAL_MASK.pack(8, 0))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @staticmethod
    def _own(fd: int, stack: ExitStack) -> int:
        stack.callback(os.close, fd)
        return fd

    def _set_features(self) -> None:
        """Enable all features that KVM supports, as solo5-hvt does."""
        table = bytearray(CPUID.size + CPUID_ENTRY * CPUID_ENTRIES)
        CPUID.pack_into(table, 0, CPUID_ENTRIES)
        fcntl.ioctl(self._kvm, GET_SUPPORTED_CPUID, table, True)
        fcntl.ioctl(self._cpu, SET_CPUID2, table, True)

    @property
    def tsc_hz(self) -> int:
        return fcntl.ioctl(self._cpu, GET_TSC_KHZ, 0) * 1000

    def reset(self) -> None:
        """Set the state of section 1 of the ABI: 64-bit, ring 0, RDI at boot_info."""
        machine = self._machine
        fcntl.ioctl(self._cpu, SET_SREGS, special_registers())
        registers = [0] * 18
        registers[5], registers[6] = boot.BOOT_INFO, machine.stack_pointer
        registers[16], registers[17] = machine.entry, boot.RFLAGS
        fcntl.ioctl(self._cpu, SET_REGS, REGISTERS.pack(*registers))

    def kick_event(self) -> int | None:
        """Return an event that a kick of the ring triggers without an exit of the guest; None if KVM has
        none."""
        if not fcntl.ioctl(self._kvm, CHECK_EXTENSION, CAP_IOEVENTFD):
            return None
        event = self._own(os.eventfd(0, os.EFD_CLOEXEC), self._stack)
        fcntl.ioctl(self._vm, IOEVENTFD, EVENT.pack(0, KICK_PORT, 4, event, IOEVENTFD_PIO))
        return event

    def run(self) -> tuple[int, int]:
        """Run the guest until it executes `out`. Returns port and value. InterruptedError on a signal."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            fcntl.ioctl(self._cpu, RUN, 0)
        except InterruptedError:
            raise
        except OSError as error:
            raise GuestFault(f"{self._where()}: host/guest translation fault ({error.strerror})") from error
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)  # handle signals that arrived meanwhile
        (reason,) = WORD.unpack_from(self.state, REASON)
        if reason != EXIT_IO:
            raise GuestFault(f"{self._where()}: it {REASONS.get(reason, f'stopped for reason {reason}')}")
        direction, size, port, count, offset = IO.unpack_from(self.state, EXIT_DATA)
        if (direction, size, count) != (OUT, 4, 1):
            raise GuestFault(f"{self._where()}: only 32-bit `out` is a hypercall (port {port:#x})")
        return port, WORD.unpack_from(self.state, offset)[0]

    def _where(self) -> str:
        registers = bytearray(REGISTERS.size)
        fcntl.ioctl(self._cpu, GET_REGS, registers, True)
        return f"at rip {REGISTERS.unpack(registers)[16]:#x}"


class RingServer:
    """A thread that serves the net ring beside the guest; a context manager. It sleeps when the ring is
    empty: spinning would keep the interpreter from the guest's hypercalls."""

    def __init__(self, ring: NetRing, event: int) -> None:
        self._ring = ring
        self._event = event
        self._stopping = False
        self._fence = threading.Lock()
        self._guest = threading.get_ident()
        self._thread = threading.Thread(target=self._run, name="net ring", daemon=True)
        self.failure: HostError | None = None

    def __enter__(self) -> Self:
        # Raised in the thread that runs the guest or waits in poll(): neither can go on without a network.
        signal.signal(signal.SIGUSR1, self._tell)
        # inherited by the new thread: signals are for the guest's thread
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        self._thread.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        os.eventfd_write(self._event, 1)
        self._thread.join()

    def _tell(self, *_: object) -> None:
        if self.failure and not self._stopping:
            raise self.failure

    def _run(self) -> None:
        try:
            while not self._stopping:
                if not self._ring.serve():
                    self._sleep()
        except HostError as error:
            self.failure = error
            signal.pthread_kill(self._guest, signal.SIGUSR1)

    def _sleep(self) -> None:
        self._ring.wants_kicks(True)
        with self._fence:  # a full barrier: the guest reads needs_kick after it has moved ent_tail
            pass
        if not self._ring.waiting:
            os.eventfd_read(self._event)
        self._ring.wants_kicks(False)


def serve(processor: Processor, machine: Machine) -> int:
    """Run the guest and its hypercalls to its end. Returns its status."""
    while True:
        try:
            port, value = processor.run()
            if port == KICK_PORT and machine.ring:  # KVM has no event for it
                machine.ring.serve()
            else:
                machine.calls.call(port, value)
        except InterruptedError:
            continue
        except Halt as halt:
            return halt.status


def run(machine: Machine) -> int:
    with ExitStack() as stack:
        processor = stack.enter_context(Processor(machine))
        machine.load(processor.tsc_hz)
        processor.reset()
        if machine.ring:
            machine.ring.wants_kicks(True)
            event = processor.kick_event()
            if event is not None:
                stack.enter_context(RingServer(machine.ring, event))
        return serve(processor, machine)
