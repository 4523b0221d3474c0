# Task groups: waiting for the children, cancelling them on failure, nesting.

from mkernel import Cancelled, TaskGroup, sleep, spawn
from support import raises, run


def fail(error, after=0):
    sleep(after)
    raise error


def note_the_end(log, name, seconds=60):
    try:
        sleep(seconds)
        log.append((name, "slept"))
    except Cancelled:
        log.append((name, "cancelled"))
        raise


def test_the_block_ends_after_its_children():
    log = []

    def main():
        with TaskGroup() as group:
            group.spawn(note_the_end, log, "a", 0.003)
            group.spawn(note_the_end, log, "b", 0.001)
            log.append("body")
        log.append("after")

    run(main)
    assert log == ["body", ("b", "slept"), ("a", "slept"), "after"]


def test_an_empty_group():
    def main():
        with TaskGroup():
            pass
        return "done"

    assert run(main) == "done"


def test_a_failing_child_cancels_its_siblings_and_is_raised():
    log = []

    def main():
        with TaskGroup() as group:
            group.spawn(note_the_end, log, "sibling")
            group.spawn(fail, ValueError("broken"), 0.001)

    assert raises(ValueError, run, main).args == ("broken",)
    assert log == [("sibling", "cancelled")]


def test_a_failing_child_cancels_the_body():
    log = []

    def main():
        with TaskGroup() as group:
            group.spawn(fail, ValueError("broken"))
            note_the_end(log, "body")

    raises(ValueError, run, main)
    assert log == [("body", "cancelled")]


def test_a_failing_body_cancels_the_children():
    log = []

    def main():
        with TaskGroup() as group:
            group.spawn(note_the_end, log, "child")
            sleep(0)
            raise KeyError("body")

    assert raises(KeyError, run, main).args == ("body",)
    assert log == [("child", "cancelled")]


def test_cancel_ends_the_block_without_an_error():
    log = []

    def main():
        with TaskGroup() as group:
            group.spawn(note_the_end, log, "child")
            spawn(group.cancel)
            note_the_end(log, "body")
        log.append("after")
        sleep(0)
        return "fine"

    assert run(main) == "fine"
    assert sorted(map(str, log)) == sorted(map(str, [("child", "cancelled"), ("body", "cancelled"), "after"]))


def test_cancel_by_a_body_that_does_not_wait_any_more():
    def main():
        with TaskGroup() as group:
            child = group.spawn(sleep, 60)
            sleep(0)
            group.cancel()
        assert child.done
        sleep(0)  # nothing of the cancellation is left over
        return "fine"

    assert run(main) == "fine"


def test_a_child_of_a_cancelled_group_does_not_run():
    log = []

    def main():
        with TaskGroup() as group:
            group.cancel()
            group.spawn(log.append, "ran")

    run(main)
    assert log == []


def test_cancelling_the_parent_cancels_all_below():
    log = []

    def inner():
        with TaskGroup() as group:
            group.spawn(note_the_end, log, "grandchild")

    def outer():
        with TaskGroup() as group:
            group.spawn(inner)
            group.spawn(note_the_end, log, "child")

    def main():
        task = spawn(outer)
        sleep(0.001)
        task.cancel()
        raises(Cancelled, task.join)

    run(main)
    assert sorted(log) == [("child", "cancelled"), ("grandchild", "cancelled")]


def test_a_failure_inside_ends_the_groups_around_it():
    log = []

    def inner():
        with TaskGroup() as group:
            group.spawn(fail, ValueError("deep"), 0.001)

    def main():
        with TaskGroup() as group:
            group.spawn(inner)
            group.spawn(note_the_end, log, "other branch")

    assert raises(ValueError, run, main).args == ("deep",)
    assert log == [("other branch", "cancelled")]


def test_cancelling_one_child_leaves_the_others_alone():
    log = []

    def main():
        with TaskGroup() as group:
            victim = group.spawn(note_the_end, log, "victim")
            group.spawn(note_the_end, log, "other", 0.002)
            sleep(0)
            victim.cancel()

    run(main)
    assert log == [("victim", "cancelled"), ("other", "slept")]


def test_children_may_start_siblings():
    log = []

    def main():
        with TaskGroup() as group:
            group.spawn(lambda: group.spawn(log.append, "sibling"))

    run(main)
    assert log == ["sibling"]


def test_a_closed_group_starts_nothing():
    def main():
        with TaskGroup() as group:
            pass
        raises(RuntimeError, group.spawn, sleep, 0)
        raises(RuntimeError, TaskGroup().spawn, sleep, 0)

    run(main)


def test_a_child_that_takes_its_time_to_clean_up_is_waited_for():
    log = []

    def slow():
        try:
            sleep(60)
        finally:
            sleep(0.005)
            log.append("clean")

    def main():
        try:
            with TaskGroup() as group:
                group.spawn(slow)
                group.spawn(fail, ValueError(), 0.001)
        except ValueError:
            log.append("raised")

    run(main)
    assert log == ["clean", "raised"]


def test_results_of_children():
    def main():
        with TaskGroup() as group:
            tasks = [group.spawn(lambda n: n * n, n) for n in range(10)]
        return [task.result for task in tasks]

    assert run(main) == [n * n for n in range(10)]
