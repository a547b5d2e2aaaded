"""Hypothesis strategies for texts that break text tools, shared by the tests of this folder."""

from hypothesis import strategies as st

PIECES = [
    " ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "\u2028", "\x1c",
    "слово", "Чен-ун", "м'ята", "ґанок", "и\u0306", "—", "„", "“", "…", "U.S.", "1,5", "10:30", "?", "!", ". ",
    "a", "b", "(", ")", "«", "»", '"', "'", "#", "@", ";", ":-) ",
    "中", "文", "。", "（", "カ", "ー", "が", "か\u3099", "한", "국", "\u1112\u1161\u11ab", "\u1112", "\u1161", "\u11ab",
    "ไทย", "กำ", "พี่", "မြန်မာ", "ាំ", "क्ष", "क्\u200dष", "हिं", "தமி", "ශ්\u200dරී",
    "سلام", "می\u200cخواهم", "اَلْ", "\u0600", "۱۲", "שָׁ",
    "🇧🇬", "🇬", "👩\u200d👩\u200d👧", "👍🏽", "🏽", "❤\ufe0f", "❤", "1\ufe0f\u20e3", "⌚\ufe0e", "ℹ", "©",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\U000e0041", "\U000e0100", "葛\U000e0100",
    "\u0301", "\u0301" * 20, "\u200d", "\u200c", "\ufe0f", "\ufe0e", "\ufe00", "\u034f", "\u20e3", "\u102c",
    "\u200b", "\u00ad", "\ufeff", "\u2060", "\u202e", "\u2066", "\u061c", "\u180b", "ᠮ", "\u115f", "\u3164", "\u0d4e",
    "\x00", "\x07", "\x1b[31m", "\x1b]0;x\x07", "\x7f", "\x85", "\x9b", "\ud800", "\ue000", "\U0010ffff", "\u0378",
]  # fmt: skip

odd = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=40).map("".join)
"""Any text, hostile pieces more often than chance would have it."""

plain = st.text(st.sampled_from("абвгдеж ъюя,.—„“…5\n"), max_size=200)
"""What news is mostly made of."""
