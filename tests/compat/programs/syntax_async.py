"""Comprehensions that wait."""

import asyncio


class Count:
    def __init__(self, stop):
        self.n, self.stop = -1, stop

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.sleep(0)
        self.n += 1
        if self.n >= self.stop:
            raise StopAsyncIteration
        return self.n


async def double(n):
    await asyncio.sleep(0)
    return 2 * n


async def main():
    offset = 10
    assert [i + offset async for i in Count(3)] == [10, 11, 12]
    assert {i async for i in Count(3) if i} == {1, 2}
    assert {i: await double(i) async for i in Count(3)} == {0: 0, 1: 2, 2: 4}
    assert [await double(i) for i in range(3)] == [0, 2, 4]
    assert [i for i in range(4) if await double(i) > 3] == [2, 3]
    assert [(i, j) async for i in Count(2) for j in range(2)] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [(i, j) for i in range(2) async for j in Count(2)] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [[j async for j in Count(i)] async for i in Count(3)] == [[], [0], [0, 1]]
    assert [i for i in [x async for x in Count(3)]] == [0, 1, 2]
    assert sum([await double(i) for i in range(3)], await double(1)) == 8
    if [last := i async for i in Count(3)]:
        assert last == 2
    total = 0
    for value in [i async for i in Count(4)]:
        total += value
    assert total == 6
    return [i async for i in Count(1)]


assert asyncio.run(main()) == [0]
