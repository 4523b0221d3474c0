# decimal, fractions, statistics, random, uuid, secrets.
import decimal
import random
import statistics
import uuid
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

assert (
    Decimal("0.1") + Decimal("0.2") == Decimal("0.3")
    and str(Decimal(1) / 7) == "0.1428571428571428571428571429"
)
assert Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("2.68")
assert f"{Decimal('1234567.891'):,.2f}" == "1,234,567.89" and Decimal("1E+3").as_tuple().exponent == 3
assert str(Decimal(2).sqrt()) == "1.414213562373095048801688724"
assert hash(Decimal("0.5")) == hash(0.5) == hash(Fraction(1, 2)) and Decimal("0.5") == 0.5
with decimal.localcontext() as context:
    context.prec = 5
    assert str(Decimal(1) / 3) == "0.33333"
try:
    Decimal(1) / 0
except decimal.DivisionByZero:
    pass
else:
    raise AssertionError("divided")
try:
    Decimal("no")
except decimal.InvalidOperation:
    pass
else:
    raise AssertionError("taken")

assert Fraction("3/4") + Fraction(1, 4) == 1 and Fraction(0.125) == Fraction(1, 8)
assert str(Fraction(-7, 3) // 1) == "-3" and Fraction(22, 7).limit_denominator(5) == Fraction(16, 5)
assert repr(Fraction(1, 3) * Decimal(1).__int__()) == "Fraction(1, 3)" and round(Fraction(7, 2)) == 4

data = [1, 2, 2, 3, 4.5, 9]
assert statistics.mean(data) == 21.5 / 6 and statistics.median(data) == 2.5 and statistics.mode(data) == 2
assert round(statistics.stdev(data), 6) == 2.905455 and statistics.quantiles([1, 2, 3, 4], n=2) == [2.5]
assert statistics.fmean([1, 3]) == 2.0 and statistics.mean([Fraction(1, 2), Fraction(1, 3)]) == Fraction(
    5, 12
)
assert round(statistics.NormalDist(0, 1).cdf(1.0), 6) == 0.841345

random.seed("text")
first = [random.random(), random.randrange(100), random.sample(range(50), 3)]
random.seed("text")
assert first == [random.random(), random.randrange(100), random.sample(range(50), 3)]
random.seed(42)
assert random.random() == 0.6394267984578837

name = uuid.uuid5(uuid.NAMESPACE_DNS, "python.org")
assert str(name) == "886313e1-3b8a-5372-9b90-0c9aee199e5d" and name.version == 5
assert str(uuid.uuid3(uuid.NAMESPACE_DNS, "python.org")) == "6fa459ea-ee8a-3ca4-894e-db77e160355e"
assert uuid.uuid1().version == 1 and uuid.uuid4() != uuid.uuid4()
assert uuid.UUID(bytes=name.bytes) == name == uuid.UUID("{886313E1-3B8A-5372-9B90-0C9AEE199E5D}")
assert name.urn == "urn:uuid:" + str(name) and uuid.UUID(int=5).hex == "0" * 31 + "5"
