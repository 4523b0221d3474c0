# Pipes of mkernel.pipes, by their file descriptors.

from mkernel import files, spawn
from mkernel.pipes import pipe
from support import raises, run, std

select = std("select")


def test_bytes_and_the_end():
    def main():
        reader, writer = pipe()
        assert files.write(writer, b"abcdef") == 6 and files.read(reader, 4) == b"abcd"
        waiting = spawn(files.read, reader, 10)
        assert files.read(reader, 10) == b"ef"
        files.write(writer, bytearray(b"more"))
        assert waiting.join() == b"more"
        files.close(writer)
        assert files.read(reader, 10) == b""
        files.close(reader)

    run(main)


def test_a_full_pipe_blocks():
    def main():
        reader, writer = pipe()
        writing = spawn(files.write, writer, bytes(100000))
        got = 0
        while got < 100000:
            got += len(files.read(reader, 30000))
        assert writing.join() == 100000
        files.set_blocking(writer, False)
        assert files.write(writer, bytes(100000)) == 65536
        assert raises(BlockingIOError, files.write, writer, b"x").errno == 11
        files.close(reader)
        assert raises(BrokenPipeError, files.write, writer, b"x").errno == 32
        assert raises(OSError, files.read, writer, 1).errno == 9
        files.close(writer)

    run(main)


def test_a_pipe_can_be_waited_for():
    def main():
        reader, writer = pipe()
        assert select.select([reader], [writer], [], 0) == ([], [writer], [])
        waiting = spawn(select.select, [reader], [], [], 10)
        files.write(writer, b"x")
        assert waiting.join() == ([reader], [], [])
        watch = select.poll()
        watch.register(reader, select.POLLIN)
        files.close(writer)
        assert watch.poll(0) == [(reader, select.POLLIN | select.POLLHUP)]
        files.close(reader)

    run(main)
