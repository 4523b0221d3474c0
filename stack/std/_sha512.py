# _sha512 - SHA-512 (FIPS 180-4) for random.seed(text): seldom, and short texts.

_MASK = (1 << 64) - 1


def _root(number, power):
    """The first 64 bits behind the point of the number's root."""
    scaled = number << (64 * power)
    low, high = 0, 1 << 69
    while low + 1 < high:
        middle = (low + high) // 2
        if middle**power <= scaled:
            low = middle
        else:
            high = middle
    return low & _MASK


def _primes(count):
    found = []
    number = 2
    while len(found) < count:
        if all([number % each for each in found]):
            found.append(number)
        number += 1
    return found


def _turned(word, count):
    return (word >> count | word << (64 - count)) & _MASK


def _schedule(block):
    words = [int.from_bytes(block[i : i + 8], "big") for i in range(0, 128, 8)]
    for i in range(16, 80):
        a, b = words[i - 15], words[i - 2]
        a = _turned(a, 1) ^ _turned(a, 8) ^ a >> 7
        b = _turned(b, 19) ^ _turned(b, 61) ^ b >> 6
        words.append((words[i - 16] + a + words[i - 7] + b) & _MASK)
    return words


def _compress(state, block, constants):
    a, b, c, d, e, f, g, h = state
    for word, constant in zip(_schedule(block), constants):
        t = h + (_turned(e, 14) ^ _turned(e, 18) ^ _turned(e, 41)) + ((e & f) ^ (~e & g)) + constant + word
        u = (_turned(a, 28) ^ _turned(a, 34) ^ _turned(a, 39)) + ((a & b) ^ (a & c) ^ (b & c))
        h, g, f, e, d, c, b, a = g, f, e, (d + t) & _MASK, c, b, a, (t + u) & _MASK
    return [(x + y) & _MASK for x, y in zip(state, (a, b, c, d, e, f, g, h))]


def digest(data):
    """The 64 bytes of the digest."""
    primes = _primes(80)
    constants = [_root(prime, 3) for prime in primes]
    state = [_root(prime, 2) for prime in primes[:8]]
    padded = data + b"\x80" + bytes(-(len(data) + 17) % 128) + (8 * len(data)).to_bytes(16, "big")
    for at in range(0, len(padded), 128):
        state = _compress(state, padded[at : at + 128], constants)
    return b"".join([word.to_bytes(8, "big") for word in state])
