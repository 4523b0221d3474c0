"""CPU exceptions: each is reported with all registers, and ends the image with 120 + its vector."""

import re
import threading
from functools import cache
from pathlib import Path

import pytest
import ways
from elftools.elf.elffile import ELFFile

from host.build import image
from host.options import Options
from host.run import launch

APPLICATION = Path(__file__).with_name("faults")
MEMORY = 32 << 20  # as in its unikernel.toml
TSS_RSP0 = 4  # SDM volume 3, figure 8-11

INVALID_OPCODE, DOUBLE_FAULT, PROTECTION, PAGE = 6, 8, 13, 14
REGISTERS = "err rip cs flag rsp ss cr2 rax rbx rcx rdx rsi rdi rbp r8 r9 r10 r11 r12 r13 r14 r15".split()


pytestmark = ways.needs_exceptions


@cache
def symbols() -> dict[str, int]:
    with image.build(APPLICATION).debug.open("rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        return {symbol.name: symbol["st_value"] for symbol in table.iter_symbols()}


def addressed(operand: str) -> str:
    """Return the address of a symbol, with an offset or none; other words unchanged."""
    name, sign, offset = re.fullmatch(r"(\w*)([+-]?)(\d*)", operand).groups()
    if not name or name not in symbols():
        return operand
    return str(symbols()[name] + int(f"{sign}{offset or 0}"))


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    symbols()


def run(arguments: str, accelerator: str) -> tuple[int, str]:
    with launch.launch(APPLICATION, Options(arguments=arguments, accelerator=accelerator)) as guest:
        return guest.wait(timeout=60), guest.console.text.replace("\r\n", "\n")


def check(arguments: str, vector: int, cause: str, accelerator: str) -> dict[str, int]:
    """Run the image and check the report. Returns its registers."""
    code, console = run(arguments, accelerator)
    assert code == 120 + vector, console
    if accelerator == ways.EMULATOR:
        assert f"before\n\nCPU exception {vector}, " in console
        return {}
    assert f"before\n\nCPU exception {vector}, {cause}\n" in console
    dump = {name: int(value, 16) for name, value in re.findall(r"(\w+) +0x([0-9a-f]{16})\b", console)}
    assert sorted(dump) == sorted(REGISTERS)
    assert dump["cs"] & 3 == (0 if ways.IN_RING_0 else 3)
    return dump


def test_absent_memory_is_reported(accelerator: str) -> None:
    """Return an address without memory on any machine."""
    address = 1 << 40
    dump = check(f"read {address}", PAGE, "page fault (#PF): read of absent memory", accelerator)
    assert not dump or dump["cr2"] == address


@ways.needs_ring_3
@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        ("read 0", "read of a null pointer"),
        ("write 4095", "write to a null pointer"),
        ("jump 8", "jump into a null pointer"),
        ("read 4096", "read of absent memory"),
        ("read image_text-1", "read of absent memory"),
        (f"read {MEMORY}", "read of absent memory"),
        ("write image_text", "write to the text"),
        ("write image_text_end-1", "write to the text"),
        ("write image_rodata", "write to read-only data"),
        ("write image_rodata_end-1", "write to read-only data"),
        ("write_constant", "write to read-only data"),
        ("jump image_rodata", "jump into read-only data"),
        ("jump image_data", "jump into data"),
        ("run_data", "jump into protected memory"),
        ("overflow_task", "write to the guard page of a fiber's stack: stack overflow"),
        ("overflow_start", "write to the guard page of the start stack: stack overflow"),
        ("write x86_fault_guard", "write to a guard page between stacks"),
        ("write x86_ring0_guard", "write to a guard page between stacks"),
    ],
)
def test_a_page_fault_is_reported(arguments: str, cause: str, accelerator: str) -> None:
    verb, _, operand = arguments.partition(" ")
    address = addressed(operand)
    dump = check(f"{verb} {address}", PAGE, f"page fault (#PF): {cause}", accelerator)
    if address and dump:
        assert dump["cr2"] == int(address)
    if verb == "jump" and dump:
        assert dump["rip"] == dump["cr2"]


@pytest.mark.parametrize(
    ("arguments", "vector", "cause"),
    [
        ("run idiv", 0, "divide error (#DE)"),
        ("run int3", 3, "breakpoint (#BP)"),
        ("run ud2", INVALID_OPCODE, "invalid opcode (#UD)"),
        pytest.param("run hlt", PROTECTION, "general protection (#GP)", marks=ways.needs_ring_3),
        pytest.param("run mov_cr3", PROTECTION, "general protection (#GP)", marks=ways.needs_ring_3),
        pytest.param("run rdmsr", PROTECTION, "general protection (#GP)", marks=ways.needs_ring_3),
        (f"read {1 << 63}", PROTECTION, "general protection (#GP)"),  # not a canonical address
    ],
)
def test_an_exception_is_reported(arguments: str, vector: int, cause: str, accelerator: str) -> None:
    check(arguments, vector, cause, accelerator)


@ways.needs_ring_3
def test_an_exception_that_cannot_be_delivered_is_reported(accelerator: str) -> None:
    if accelerator == ways.EMULATOR:
        pytest.skip("unicorn delivers no exceptions")
    ring0_stack = addressed(f"x86_tss+{TSS_RSP0}")
    check(f"double_fault {ring0_stack}", DOUBLE_FAULT, "double fault (#DF)", accelerator)


def test_what_was_printed_before_is_not_lost(accelerator: str) -> None:
    if accelerator == ways.EMULATOR:
        pytest.skip("on unicorn the report does not come from the image, which has the line")
    code, console = run("fault_unwritten", accelerator)
    assert code == 120 + INVALID_OPCODE
    assert "before\nhalf a line\nCPU exception 6, " in console


def test_the_report_is_right_when_the_console_is_read_slowly(accelerator: str) -> None:
    if accelerator == ways.EMULATOR:
        pytest.skip("on unicorn the report does not come from the image, which has the line")
    pause = threading.Event()

    def read(_: bytes) -> None:
        pause.wait(0.05)

    options = Options(arguments="fault_behind_a_full_console", accelerator=accelerator)
    with launch.launch(APPLICATION, options, copy_to=read) as guest:
        code, console = guest.wait(timeout=100), guest.console.text.replace("\r\n", "\n")
    assert code == 120 + INVALID_OPCODE, console[-2000:]
    assert f"line 9999 {'.' * 50}\nhalf a line\nCPU exception 6, invalid opcode (#UD)\nerr " in console
    dump = {name: int(value, 16) for name, value in re.findall(r"(\w+) +0x([0-9a-f]{16})\b", console)}
    assert sorted(dump) == sorted(REGISTERS) and dump["cs"] & 3 == (0 if ways.IN_RING_0 else 3)
