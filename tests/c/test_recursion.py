"""Every cycle in the interpreter's call graph has a check of the stack, and between two checks no path uses
more stack than the margin. So no Python program can overflow a C stack, with a guard page or without one
(solo5-spt).

Direct calls and frame sizes are gcc's, calls through pointers are resolved by their types (callgraph.py).
Calls that the types do not determine are listed here, with the reason why they are bounded."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from c import callgraph

from host.build import micropython
from host.paths import BUILD, PORT

OUTPUT = BUILD / "callgraph"

# Never twice on one stack.
ONCE = {
    "m_malloc_fail": "raises MemoryError, whose object is in the emergency buffer",
    "gc_collect": "locks the heap: what allocates meanwhile fails at once",
    "nlr_call_jump_callbacks": "each is taken from the list before it is called",
}

# Calls that are not what they look like.
NO_CALLS = {
    ("mp_obj_exception_make_new", "mp_arg_check_num_sig"): "exceptions made in C have the right arguments",
    ("mp_obj_new_exception", "mp_arg_check_num_sig"): "the same, inlined",
    ("mp_obj_new_exception_msg_vlist", "mp_arg_check_num_sig"): "the same, inlined",
    ("mp_obj_instance_make_new", "mp_obj_instance_make_new"): "the native base is no class of Python's",
    ("mp_obj_instance_getiter", "mp_obj_instance_getiter"): "the native part is no instance",
    ("instance_get_buffer", "instance_get_buffer"): "the native part is no instance",
    ("int_from_bytes", "int_from_bytes"): "once, for the class int itself",
    ("list_binary_op", "list_binary_op"): "of the operation that is not in place",
    ("dict_view_binary_op", "dict_view_binary_op"): "the function of a set, on two sets",
    ("op_setitem", "op_setitem"): "a type's slot is no method",
    ("mp_map_rehash", "mp_map_lookup"): "there is room now",
    ("mp_set_rehash", "mp_set_lookup"): "there is room now",
    ("push_result_rule", "push_result_rule"): "`pass` takes the place of a folded rule, and is not folded",
    ("frexp", "frexp"): "a subnormal is made normal",
    ("polymorph_it_iternext", "mp_obj_polymorph_iter_del"): "an iterator's own functions only",
    ("polymorph_it_iternext", "polymorph_it_iternext"): "an iterator's own functions only",
    ("mp_obj_polymorph_iter_del", "polymorph_it_iternext"): "an iterator's own functions only",
    ("mp_obj_polymorph_iter_del", "mp_obj_polymorph_iter_del"): "an iterator's own functions only",
    ("fun_native_call", "fun_native_call"): "machine code",
    ("fun_native_call", "fun_viper_call"): "machine code",
    ("fun_viper_call", "fun_viper_call"): "machine code",
    ("fun_viper_call", "fun_native_call"): "machine code",
    (
        "mp_call_function_1_from_nlr_jump_callback",
        "mp_call_function_1_from_nlr_jump_callback",
    ): "a callback calls one function",
    ("mp_vprintf", "mp_print_float"): "messages of exceptions have no floats",
    ("mp_vprintf", "plat_print_strn"): "messages of exceptions are printed into memory",
    ("expand", "expand"): "the depth of replacement fields is counted",
    ("map_lookup_linear", "mp_map_lookup"): "a jump, or the map that this one stands for",
    ("mp_map_lookup", "map_lookup_linear"): "the last call, a jump",
    ("mp_print_strn", "plat_print_strn"): "messages of exceptions are printed into memory",
    ("mp_print_int", "plat_print_strn"): "messages of exceptions are printed into memory",
    ("mp_print_float", "plat_print_strn"): "messages of exceptions are printed into memory",
    ("mp_obj_exception_make_new", "mp_obj_exception_make_new"): "once, without the keywords",
    ("mp_obj_exception_make_new", "mp_obj_str_get_qstr"): "exceptions made in C have no keywords",
    ("mp_obj_exception_make_new", "mp_obj_exception_set_attr"): "exceptions made in C have no keywords",
    ("mp_obj_exception_make_new", "mp_raise_msg_varg"): "exceptions made in C have no keywords",
    ("mp_obj_complex_binary_op", "mp_obj_complex_binary_op"): "the quotient of 1 and a power",
    ("binary_groups", "binary_groups"): "of the operation that is not reflected",
    ("nlr_pop_jump_callback", "mp_builtin_compile"): "a callback frees or restores, and runs no program",
    ("nlr_pop_jump_callback", "mp_builtin_eval"): "a callback frees or restores, and runs no program",
    ("nlr_pop_jump_callback", "mp_builtin_exec"): "a callback frees or restores, and runs no program",
    ("nlr_pop_jump_callback", "mp_builtin_execfile"): "a callback frees or restores, and runs no program",
    (
        "nlr_pop_jump_callback",
        "mp_builtin___import___default",
    ): "a callback frees or restores, and runs no program",
    ("mp_print_strn", "mp_stream_write_adaptor"): "messages of exceptions are printed into memory",
    ("mp_vprintf", "mp_stream_write_adaptor"): "messages of exceptions are printed into memory",
}

# It calls its own block functions by a table, and the two functions of port/zlib that allocate and free.
ZLIB = "/lib/zlib/"

# Mbed TLS runs on stacks of its own (port/tls/coroutine.c), which tests/host/test_tls.py measures; what is
# called of it on the stack of a task are accessors of a field.
APART = ("/lib/mbedtls/", "mbedtls_", "psa_", "coroutine_entry")


def is_apart(node: str) -> bool:
    return APART[0] in node or callgraph.name_of(node).startswith(APART[1:])


# alloca(): the most that is taken.
DYNAMIC = {
    "fun_bc_call": 8 * 64
    + 8 * 4 * 4
    + 64,  # port/patches/0002: the frame, the blocks of exceptions, the state
}


@pytest.fixture(scope="module")
def tree() -> Path:
    return micropython.source()


@pytest.fixture(scope="module")
def graph(tree: Path) -> callgraph.Graph:
    environment = os.environ | micropython.version_env(tree) | {"CFLAGS": callgraph.FLAGS}
    argv = ["make", micropython.JOBS, "-C", PORT, f"TOP={tree}", f"BUILD={OUTPUT}", "lib"]
    subprocess.run(list(map(str, argv)), env=environment, check=True, stdout=subprocess.DEVNULL)
    return callgraph.read(OUTPUT, [tree / "py", tree / "extmod", tree / "shared", tree / "lib", PORT])


@pytest.fixture(scope="module")
def checked(tree: Path) -> set[str]:
    """Functions that check the stack themselves."""
    found = set()
    for folder in (tree / "py", tree / "extmod", tree / "lib", PORT):
        for path in folder.rglob("*.c"):
            name = ""
            for line in path.read_text(errors="replace").splitlines():
                line = re.sub(r"MICROPY_WRAP_\w+\((\w+)\)", r"\1", line)
                if match := re.match(r"^(?:[A-Za-z_].*?)?\b(\w+)\([^;]*\)(?: \{)?$", line):
                    name = match[1]
                elif "mp_cstack_check();" in line or "re1_5_stack_chk();" in line:
                    found.add(name)
    return found


def remaining(graph: callgraph.Graph, checked: set[str]) -> tuple[set[str], dict[str, set[str]]]:
    """The graph without the functions that check and the calls that are none."""
    left = {
        node
        for node in graph.stack
        if callgraph.name_of(node) not in checked | set(ONCE) and not is_apart(node)
    }
    calls = {
        node: {
            each
            for each in graph.calls.get(node, set())
            if (callgraph.name_of(node), callgraph.name_of(each)) not in NO_CALLS and not is_apart(each)
        }
        for node in graph.stack
    }
    return left, calls


def test_the_graph_is_whole(graph: callgraph.Graph, checked: set[str]) -> None:
    assert len(graph.stack) > 1500
    assert len(checked) > 25
    unknown = {place for place in graph.unknown if ZLIB not in place and APART[0] not in place}
    unknown -= {place for place in unknown if "tls/coroutine.c" in place}  # coroutine_entry's
    assert not unknown, "calls through pointers of unknown type"
    names = {callgraph.name_of(node) for node in graph.stack}
    assert checked - {"mp_obj_fun_bc_prepare_codestate", "mp_obj_str_format_helper"} <= names
    slots = {callgraph.name_of(each) for each in graph.calls["mp_binary_op"]}
    assert {
        "list_binary_op",
        "instance_binary_op",
        "tuple_binary_op",
    } <= slots or "mp_obj_tuple_binary_op" in slots


def test_every_cycle_has_a_check(graph: callgraph.Graph, checked: set[str]) -> None:
    left, calls = remaining(graph, checked)
    found = [sorted(map(callgraph.name_of, cycle)) for cycle in callgraph.cycles(left, calls)]
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("name", ["mp_obj_equal_not_equal", "compile_node", "mp_obj_print_helper"])
def test_without_a_check_its_cycle_is_seen(graph: callgraph.Graph, checked: set[str], name: str) -> None:
    left, calls = remaining(graph, checked - {name, "mp_binary_op", "mp_call_function_n_kw"})
    assert any(name in map(callgraph.name_of, cycle) for cycle in callgraph.cycles(left, calls))


def longest(graph: callgraph.Graph, checked: set[str]) -> dict[str, tuple[int, list[str]]]:
    """Return for each function that checks: the most stack used after it until the next check, and the path
    there."""
    _, calls = remaining(graph, checked)
    known: dict[str, tuple[int, list[str]]] = {}
    ending = checked | set(ONCE)

    def below(node: str) -> tuple[int, list[str]]:
        ways = (way(each) for each in calls[node] if each != node)
        return max(ways, default=(0, []))

    def way(node: str) -> tuple[int, list[str]]:
        if node not in known:
            name = callgraph.name_of(node)
            used = graph.stack[node] + DYNAMIC.get(name, 0)
            known[node] = (used, [name])
            if name not in ending:
                deeper, path = below(node)
                known[node] = (used + deeper, [name, *path])
        return known[node]

    tops = {node for node in graph.stack if callgraph.name_of(node) in ending}
    return {node: below(node) for node in tops}


def margin() -> int:
    text = (PORT / "mpconfigport.h").read_text()
    match = re.search(r"define MICROPY_STACK_CHECK_MARGIN \((\d+)\)", text)
    assert match
    return int(match[1])


def test_the_margin_is_enough(graph: callgraph.Graph, checked: set[str]) -> None:
    ways = longest(graph, checked)
    once = {
        name: max((used for node, (used, _) in ways.items() if callgraph.name_of(node) == name), default=0)
        for name in ONCE
    }
    most, path = max(way for node, way in ways.items() if callgraph.name_of(node) not in ONCE)
    assert 1000 < most, path
    # It may end in the collector, or without memory, which raises.
    beyond = max(once["gc_collect"], once["m_malloc_fail"] + once["nlr_call_jump_callbacks"])
    assert most + beyond < margin(), f"{most} + {beyond} bytes by {path}"
