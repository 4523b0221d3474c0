"""Back end: unicorn's processor, for machines without KVM. Slow, but needs nothing of the host.

It does not deliver exceptions to the guest's own handlers: they end the guest from outside, with the
registers on the console and the exit code that an image of ours would have given.
"""

import importlib.util
import sys
import time
from typing import Any

from host.tender import boot
from host.tender.errors import GuestFault
from host.tender.hypercalls import Halt
from host.tender.machine import Machine
from host.tender.ring import KICK_PORT

EFER_MSR = 0xC0000080
SLICE = 200_000  # microseconds of emulation between checks for signals
CALIBRATION = 0.02  # seconds
RDTSC = bytes.fromhex("0f31 48c1e220 4809d0")  # rax = the time stamp counter
SCRATCH = 0x100000
UNDEFINED = 6
EXIT_CODE_BASE = 120  # as in port/arch/x86_64
NAMES = {
    0: "divide error (#DE)",
    6: "undefined opcode (#UD)",
    13: "general protection (#GP)",
    14: "page fault (#PF)",
}
REGISTERS = "rip rsp cr2 rax rbx rcx rdx rsi rdi rbp r8 r9 r10 r11 r12 r13 r14 r15".split()


def obstacle() -> str:
    """Return why unicorn cannot be used; empty if it can."""
    return "" if importlib.util.find_spec("unicorn") else "not installed (pip install unicorn)"


class Emulator:
    """The processor, in the state in which solo5-hvt starts guests."""

    def __init__(self, machine: Machine) -> None:
        import unicorn
        from unicorn import x86_const

        self._unicorn, self._x86 = unicorn, x86_const
        self._machine = machine
        self._outcome: BaseException | None = None
        self._vector: int | None = None

    def _processor(self) -> Any:
        processor = self._unicorn.Uc(self._unicorn.UC_ARCH_X86, self._unicorn.UC_MODE_64)
        processor.ctl_set_cpu_model(self._x86.UC_CPU_X86_ICELAKE_SERVER)  # it has RDRAND
        return processor

    def tsc_hz(self) -> int:
        """Return the frequency of the emulated time stamp counter."""
        processor = self._processor()
        processor.mem_map(SCRATCH, 0x1000)
        processor.mem_write(SCRATCH, RDTSC)
        samples = []
        for pause in (CALIBRATION, 0.0):
            processor.emu_start(SCRATCH, SCRATCH + len(RDTSC))
            samples.append((processor.reg_read(self._x86.UC_X86_REG_RAX), time.monotonic_ns()))
            time.sleep(pause)
        (first, began), (last, ended) = samples
        return int((last - first) * 1_000_000_000 // (ended - began))

    def reset(self) -> None:
        """Map the guest's memory and set the registers."""
        unicorn, x86, machine = self._unicorn, self._x86, self._machine
        self._cpu = cpu = self._processor()
        memory = machine.memory
        cpu.mem_map_ptr(0, len(memory), unicorn.UC_PROT_ALL, memory.address)
        for part in memory.protected:
            # As on KVM, execution is restricted only by the guest's own page tables.
            allowed = (unicorn.UC_PROT_READ | unicorn.UC_PROT_EXEC) * part.readable
            allowed |= unicorn.UC_PROT_WRITE * part.writable
            cpu.mem_protect(
                part.start, part.end - part.start, allowed | (unicorn.UC_PROT_EXEC if allowed else 0)
            )
        cpu.reg_write(x86.UC_X86_REG_GDTR, (0, boot.GDT, boot.GDT_LIMIT, 0))
        cpu.reg_write(x86.UC_X86_REG_MSR, (EFER_MSR, boot.EFER))
        cpu.reg_write(x86.UC_X86_REG_CR4, boot.CR4)
        cpu.reg_write(x86.UC_X86_REG_CR3, boot.PML4)
        cpu.reg_write(x86.UC_X86_REG_CR0, boot.CR0)
        cpu.reg_write(x86.UC_X86_REG_RDI, boot.BOOT_INFO)
        cpu.reg_write(x86.UC_X86_REG_RSP, machine.stack_pointer)
        cpu.reg_write(x86.UC_X86_REG_RFLAGS, boot.RFLAGS)
        cpu.hook_add(unicorn.UC_HOOK_INSN, self._out, None, 1, 0, x86.UC_X86_INS_OUT)
        cpu.hook_add(unicorn.UC_HOOK_INTR, self._exception)

    def _out(self, _cpu: Any, port: int, size: int, value: int, _data: object) -> None:
        """Handle an `out`. Exceptions cannot pass through the emulator, so the outcome is kept for run()."""
        try:
            if size != 4:
                raise GuestFault(f"{self._where()}: only 32-bit `out` is a hypercall (port {port:#x})")
            if port == KICK_PORT and self._machine.ring:
                self._machine.ring.serve()
            else:
                self._machine.calls.call(port, value & 0xFFFFFFFF)
        except BaseException as outcome:
            self._outcome = outcome
            self._cpu.emu_stop()

    def _exception(self, _cpu: Any, vector: int, _data: object) -> None:
        self._vector = vector
        self._cpu.emu_stop()

    def run(self) -> int:
        """Run the guest to its end. Returns its status."""
        cpu = self._cpu
        at = self._machine.entry
        while True:
            try:
                cpu.emu_start(at, 0, timeout=SLICE)
            except self._unicorn.UcError as error:
                self._failed(error)
            if isinstance(self._outcome, Halt):
                return self._outcome.status
            if self._outcome is not None:
                raise self._outcome
            if self._vector is not None:
                return self._report(self._vector)
            at = cpu.reg_read(self._x86.UC_X86_REG_RIP)

    def _failed(self, error: Any) -> None:
        if error.errno == self._unicorn.UC_ERR_INSN_INVALID:
            self._vector = UNDEFINED
        elif self._outcome is None and self._vector is None:
            self._outcome = GuestFault(f"{self._where()}: {error}")

    def _register(self, name: str) -> int:
        value: int = self._cpu.reg_read(getattr(self._x86, f"UC_X86_REG_{name.upper()}"))
        return value

    def _where(self) -> str:
        return f"at rip {self._register('rip'):#x}"

    def _report(self, vector: int) -> int:
        """Print the report of port/arch/x86_64/traps.c."""
        lines = [f"\nCPU exception {vector}, {NAMES.get(vector, 'as numbered')}"]
        values = [f"{name:4} {self._register(name):#018x}" for name in REGISTERS]
        lines += ["  ".join(values[i : i + 4]) for i in range(0, len(values), 4)]
        sys.stdout.write("\n".join([*lines, ""]))
        sys.stdout.flush()
        return EXIT_CODE_BASE + vector


def run(machine: Machine) -> int:
    emulator = Emulator(machine)
    machine.load(emulator.tsc_hz())
    emulator.reset()
    if machine.ring:
        machine.ring.wants_kicks(True)
    return emulator.run()
