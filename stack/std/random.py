# random - CPython's: the Mersenne Twister (_random, in C) gives the same numbers after the same seed.

from _random import Twister
from math import acos, ceil, cos, e, exp, floor, isfinite, log, pi, sin, sqrt

from _mkernel import random as _urandom

__all__ = [
    "Random", "SystemRandom", "betavariate", "choice", "choices", "expovariate", "gammavariate", "gauss",
    "getrandbits", "getstate", "lognormvariate", "normalvariate", "paretovariate", "randbytes", "randint",
    "random", "randrange", "sample", "seed", "setstate", "shuffle", "triangular", "uniform",
    "vonmisesvariate", "weibullvariate",
]  # fmt: skip

_TWO_PI = 2.0 * pi
_NORMAL = 4 * exp(-0.5) / sqrt(2.0)  # Kinderman and Monahan (1977)
_LOG4 = log(4.0)
_GAMMA = 1.0 + log(4.5)  # Cheng (1977)
_EXACT = 1 << 53  # up to here every integer is a float
_PRIME = (1 << 61) - 1  # of CPython's hash of numbers


def _number_bytes(number):
    number = abs(number)
    return number.to_bytes(number.bit_length() // 8 + 1, "little")


def _hash_of_float(number):
    if number != number or number in (float("inf"), -float("inf")):
        return hash(number)
    numerator, denominator = number.as_integer_ratio()
    found = abs(numerator) % _PRIME * pow(denominator % _PRIME, _PRIME - 2, _PRIME) % _PRIME
    found = -found if number < 0 else found
    return (-2 if found == -1 else found) % (1 << 64)


def _index(value, name):
    if isinstance(value, int):
        return int(value)
    index = getattr(value, "__index__", None)
    if index is not None:
        return index()
    if isinstance(value, float) and value == int(value):
        return int(value)
    if isinstance(value, float):
        raise ValueError("non-integer %s for randrange()" % name)
    raise TypeError("'%s' object cannot be interpreted as an integer" % type(value).__name__)


def _sums(weights):
    total, sums = 0, []
    for weight in weights:
        total = total + weight if sums else weight
        sums.append(total)
    return sums


def _place(sums, value, high):
    """Where `value` belongs among the sums, behind those that equal it."""
    low = 0
    while low < high:
        middle = (low + high) // 2
        if value < sums[middle]:
            high = middle
        else:
            low = middle + 1
    return low


class _Variates:
    """Everything that is made of random() and getrandbits()."""

    gauss_next = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in list(cls.__dict__):
            if name == "getrandbits":
                cls._randbelow = _Variates._randbelow_of_bits
                return
            if name == "random":
                cls._randbelow = _Variates._randbelow_of_floats

    def _randbelow_of_bits(self, n):
        bits = n.bit_length()
        r = self.getrandbits(bits)
        while r >= n:
            r = self.getrandbits(bits)
        return r

    _randbelow = _randbelow_of_bits

    def _randbelow_of_floats(self, n):
        """Of a subclass that has only a random() of its own."""
        if n >= _EXACT:
            return floor(self.random() * n)
        limit = (_EXACT - _EXACT % n) / _EXACT
        r = self.random()
        while r >= limit:
            r = self.random()
        return floor(r * _EXACT) % n

    def randbytes(self, n):
        """`n` random bytes."""
        return self.getrandbits(n * 8).to_bytes(n, "little")

    def randrange(self, start, stop=None, step=1):
        """An element of range(start, stop, step)."""
        first = _index(start, "arg 1")
        if stop is None:
            if step != 1:
                raise TypeError("Missing a non-None stop argument")
            if first > 0:
                return self._randbelow(first)
            raise ValueError("empty range for randrange()")
        last, by = _index(stop, "stop"), _index(step, "step")
        width = last - first
        if by == 1:
            if width > 0:
                return first + self._randbelow(width)
            raise ValueError("empty range for randrange() (%d, %d, %d)" % (first, last, width))
        if by == 0:
            raise ValueError("zero step for randrange()")
        count = (width + by - 1) // by if by > 0 else (width + by + 1) // by
        if count <= 0:
            raise ValueError("empty range for randrange()")
        return first + by * self._randbelow(count)

    def randint(self, a, b):
        """An integer from `a` to `b`, both included."""
        return self.randrange(a, b + 1)

    def choice(self, seq):
        """An element of a sequence."""
        if not len(seq):
            raise IndexError("Cannot choose from an empty sequence")
        return seq[self._randbelow(len(seq))]

    def shuffle(self, x):
        """Shuffle a list in place."""
        for i in range(len(x) - 1, 0, -1):
            j = self._randbelow(i + 1)
            x[i], x[j] = x[j], x[i]

    def sample(self, population, k, *, counts=None):
        """`k` elements, none of them twice; with `counts` each may be chosen that often."""
        if isinstance(population, (set, frozenset, dict)) or hasattr(population, "__next__"):
            raise TypeError("Population must be a sequence.  For dicts or sets, use sorted(d).")
        n = len(population)
        if counts is not None:
            return self._sample_counted(population, k, list(counts))
        if not 0 <= k <= n:
            raise ValueError("Sample larger than population or is negative")
        size = 21  # a small set minus the size of an empty list
        if k > 5:
            size += 4 ** ceil(log(k * 3, 4))
        return self._sample_pool(population, n, k) if n <= size else self._sample_set(population, n, k)

    def _sample_counted(self, population, k, counts):
        sums = _sums(counts)
        if len(sums) != len(population):
            raise ValueError("The number of counts does not match the population")
        total = sums.pop()
        if not isinstance(total, int):
            raise TypeError("Counts must be integers")
        if total <= 0:
            raise ValueError("Total of counts must be greater than zero")
        chosen = self.sample(range(total), k)
        return [population[_place(sums, each, len(sums))] for each in chosen]

    def _sample_pool(self, population, n, k):
        pool = list(population)
        result = []
        for i in range(k):
            j = self._randbelow(n - i)
            result.append(pool[j])
            pool[j] = pool[n - i - 1]
        return result

    def _sample_set(self, population, n, k):
        selected = set()
        result = []
        for _ in range(k):
            j = self._randbelow(n)
            while j in selected:
                j = self._randbelow(n)
            selected.add(j)
            result.append(population[j])
        return result

    def choices(self, population, weights=None, *, cum_weights=None, k=1):
        """`k` elements, each chosen from all, as the weights say."""
        n = len(population)
        if cum_weights is None:
            if weights is None:
                return [population[floor(self.random() * n)] for _ in range(k)]
            if isinstance(weights, int):
                raise TypeError("The number of choices must be a keyword argument: k=%d" % weights)
            cum_weights = _sums(weights)
        elif weights is not None:
            raise TypeError("Cannot specify both weights and cumulative weights")
        if len(cum_weights) != n:
            raise ValueError("The number of weights does not match the population")
        total = cum_weights[-1] + 0.0
        if total <= 0.0:
            raise ValueError("Total of weights must be greater than zero")
        if not isfinite(total):
            raise ValueError("Total of weights must be finite")
        return [population[_place(cum_weights, self.random() * total, n - 1)] for _ in range(k)]

    def uniform(self, a, b):
        return a + (b - a) * self.random()

    def triangular(self, low=0.0, high=1.0, mode=None):
        u = self.random()
        if mode is None:
            c = 0.5
        elif high == low:
            return low
        else:
            c = (mode - low) / (high - low)
        if u > c:
            u, c, low, high = 1.0 - u, 1.0 - c, high, low
        return low + (high - low) * sqrt(u * c)

    def normalvariate(self, mu=0.0, sigma=1.0):
        while True:
            u1 = self.random()
            u2 = 1.0 - self.random()
            z = _NORMAL * (u1 - 0.5) / u2
            if z * z / 4.0 <= -log(u2):
                return mu + z * sigma

    def gauss(self, mu=0.0, sigma=1.0):
        z, self.gauss_next = self.gauss_next, None
        if z is None:
            angle = self.random() * _TWO_PI
            radius = sqrt(-2.0 * log(1.0 - self.random()))
            z = cos(angle) * radius
            self.gauss_next = sin(angle) * radius
        return mu + z * sigma

    def lognormvariate(self, mu, sigma):
        return exp(self.normalvariate(mu, sigma))

    def expovariate(self, lambd):
        return -log(1.0 - self.random()) / lambd

    def vonmisesvariate(self, mu, kappa):
        if kappa <= 1e-6:
            return _TWO_PI * self.random()
        s = 0.5 / kappa
        r = s + sqrt(1.0 + s * s)
        while True:
            z = cos(pi * self.random())
            d = z / (r + z)
            u = self.random()
            if u < 1.0 - d * d or u <= (1.0 - d) * exp(d):
                break
        q = 1.0 / r
        angle = acos((q + z) / (1.0 + q * z))
        return (mu + angle if self.random() > 0.5 else mu - angle) % _TWO_PI

    def gammavariate(self, alpha, beta):
        if alpha <= 0.0 or beta <= 0.0:
            raise ValueError("gammavariate: alpha and beta must be > 0.0")
        if alpha == 1.0:
            return -log(1.0 - self.random()) * beta
        return (self._gamma_large(alpha) if alpha > 1.0 else self._gamma_small(alpha)) * beta

    def _gamma_large(self, alpha):
        """Cheng (1977)."""
        root = sqrt(2.0 * alpha - 1.0)
        while True:
            u1 = self.random()
            if not 1e-7 < u1 < 0.9999999:
                continue
            u2 = 1.0 - self.random()
            v = log(u1 / (1.0 - u1)) / root
            x = alpha * exp(v)
            z = u1 * u1 * u2
            r = alpha - _LOG4 + (alpha + root) * v - x
            if r + _GAMMA - 4.5 * z >= 0.0 or r >= log(z):
                return x

    def _gamma_small(self, alpha):
        """Ahrens and Dieter (1974)."""
        while True:
            b = (e + alpha) / e
            p = b * self.random()
            x = p ** (1.0 / alpha) if p <= 1.0 else -log((b - p) / alpha)
            u = self.random()
            if u <= x ** (alpha - 1.0) if p > 1.0 else u <= exp(-x):
                return x

    def betavariate(self, alpha, beta):
        y = self.gammavariate(alpha, 1.0)
        return y / (y + self.gammavariate(beta, 1.0)) if y else 0.0

    def paretovariate(self, alpha):
        return (1.0 - self.random()) ** (-1.0 / alpha)

    def weibullvariate(self, alpha, beta):
        return alpha * (-log(1.0 - self.random())) ** (1.0 / beta)


class Random(_Variates):
    """Random numbers that a seed decides."""

    VERSION = 3

    def __init__(self, x=None):
        self._twister = Twister()
        self.seed(x)

    def seed(self, a=None, version=2):
        """Begin again: from entropy, or from a number or a text."""
        self.gauss_next = None
        if a is None:
            key = _urandom(64)
        elif isinstance(a, int):
            key = _number_bytes(a)
        elif isinstance(a, float):
            key = _number_bytes(_hash_of_float(a))
        elif isinstance(a, (str, bytes, bytearray)):
            key = _text_key(a, version)
        else:
            raise TypeError(
                "The only supported seed types are: None,\nint, float, str, bytes, and bytearray."
            )
        self._twister.seed(key)

    def random(self):
        """A float from 0.0, included, to 1.0, excluded."""
        return self._twister.random()

    def getrandbits(self, k):
        """An integer of `k` random bits."""
        return self._twister.getrandbits(k)

    def getstate(self):
        return self.VERSION, self._twister.getstate(), self.gauss_next

    def setstate(self, state):
        version, internal, gauss_next = state
        if version != 3:
            raise ValueError("state with version %s passed to Random.setstate() of version 3" % version)
        self._twister.setstate(internal)
        self.gauss_next = gauss_next


def _text_key(text, version):
    """The seed that a text stands for, as bytes."""
    data = text.encode() if isinstance(text, str) else bytes(text)
    if version == 1:
        return _number_bytes(_old_hash(text if isinstance(text, str) else data.decode("latin-1")))
    from _hashes import new

    return bytes(reversed(data + new("sha512", data).digest()))


def _old_hash(text):
    """Of a text, as Python 2 had it."""
    value = ord(text[0]) << 7 if text else 0
    for letter in text:
        value = ((1000003 * value) ^ ord(letter)) & 0xFFFFFFFFFFFFFFFF
    value ^= len(text)
    return -2 if value == -1 else value


class SystemRandom(_Variates):
    """Random numbers of the machine's entropy."""

    def __init__(self, x=None):
        pass

    def random(self):
        return (int.from_bytes(_urandom(7), "big") >> 3) * 2.0**-53

    def getrandbits(self, k):
        if k < 0:
            raise ValueError("number of bits must be non-negative")
        count = (k + 7) // 8
        return int.from_bytes(_urandom(count), "big") >> (count * 8 - k)

    def randbytes(self, n):
        return _urandom(n)

    def seed(self, *args, **kwargs):
        """Nothing: there is no state."""

    def getstate(self, *args, **kwargs):
        raise NotImplementedError("System entropy source does not have state.")

    setstate = getstate


_inst = Random()
seed = _inst.seed
random = _inst.random
uniform = _inst.uniform
triangular = _inst.triangular
randint = _inst.randint
choice = _inst.choice
randrange = _inst.randrange
sample = _inst.sample
shuffle = _inst.shuffle
choices = _inst.choices
normalvariate = _inst.normalvariate
lognormvariate = _inst.lognormvariate
expovariate = _inst.expovariate
vonmisesvariate = _inst.vonmisesvariate
gammavariate = _inst.gammavariate
gauss = _inst.gauss
betavariate = _inst.betavariate
paretovariate = _inst.paretovariate
weibullvariate = _inst.weibullvariate
getstate = _inst.getstate
setstate = _inst.setstate
getrandbits = _inst.getrandbits
randbytes = _inst.randbytes
