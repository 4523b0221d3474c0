# unicodedata: properties, normal forms, names.
import unicodedata

assert unicodedata.name("é") == "LATIN SMALL LETTER E WITH ACUTE" and unicodedata.lookup("euro sign") == "€"
assert [unicodedata.category(each) for each in "aA1 .€\ń"] == ["Ll", "Lu", "Nd", "Zs", "Po", "Sc", "Cc", "Mn"]
assert unicodedata.normalize("NFD", "é") == "e\u0301" and unicodedata.normalize("NFC", "e\u0301") == "é"
assert unicodedata.normalize("NFKC", "ﬁ①Å") == "fi1Å" and unicodedata.is_normalized("NFC", "é")
assert (
    unicodedata.normalize("NFC", "\u1112\u1161\u11ab") == "한"
    and unicodedata.normalize("NFD", "한") == "\u1112\u1161\u11ab"
)
assert unicodedata.normalize("NFD", "q\u0307\u0323") == "q\u0323\u0307"
assert unicodedata.decimal("٣") == 3 and unicodedata.numeric("½") == 0.5 and unicodedata.digit("²") == 2
assert (
    unicodedata.decomposition("½") == "<fraction> 0031 2044 0032" and unicodedata.combining("\u0301") == 230
)
assert (
    unicodedata.east_asian_width("한") == "W"
    and unicodedata.bidirectional("א") == "R"
    and unicodedata.mirrored("(")
)
assert (
    unicodedata.name("中") == "CJK UNIFIED IDEOGRAPH-4E2D"
    and unicodedata.lookup("HANGUL SYLLABLE HAN") == "한"
)
for call in (lambda: unicodedata.name("\n"), lambda: unicodedata.decimal("x")):
    try:
        call()
    except ValueError:
        pass
    else:
        raise AssertionError(call)
