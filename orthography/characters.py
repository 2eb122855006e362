"""Character classes of the Lao script, as ranges for use inside a regular expression's [ ].

Names and code points are those of the Unicode block "Lao" (U+0E80 to U+0EFF).
"""

#: All of the block, letters, marks, digits and punctuation.
LAO = "\u0e80-\u0eff"
#: The 27 consonants of today's alphabet in the order of ICU's ``lo`` collation.
ALPHABET = "ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮ"
#: Every consonant letter, with those for Pali and Khmu and the ligatures ໜ ໝ.
CONSONANTS = "\u0e81-\u0eae\u0edc-\u0edf"
#: Vowels written before the consonant they are spoken after.
LEADING_VOWELS = "ເແໂໃໄ"
#: ່ ້ ໊ ໋
TONES = "\u0ec8-\u0ecb"
#: The mark of a silent consonant, ໌.
SILENCER = "\u0ecc"
#: Signs that can only follow a consonant: a consonant before one of them opens a syllable.
FOLLOWERS = f"\u0eb0-\u0ebd{TONES}\u0ecd"
#: ໆ repeats the word before it, ຯ marks an abbreviation.
REPETITION = "ໆ"
ELLIPSIS = "ຯ"

ZERO_WIDTH_SPACE = "\u200b"
