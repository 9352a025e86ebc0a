"""What counts as one emoji, however many code points it is made of."""

import regex

# Signs that are emoji only when a variation selector asks for a picture.
_SIGN = "©®™♟"
_PICTURE = rf"(?:(?![{_SIGN}0-9#*])\p{{Emoji}}|[{_SIGN}](?=\uFE0F))(?!\uFE0E)"
_DRAWN = rf"{_PICTURE}(?:\uFE0F|\p{{Emoji_Modifier}})?[\U000E0020-\U000E007F]*"
# No emoji joins more than four pictures; without a bound, joined nonsense would count nothing.
EMOJI = regex.compile(rf"\p{{RI}}\p{{RI}}|[0-9#*]\uFE0F?\u20E3|{_DRAWN}(?:\u200D{_DRAWN}){{0,3}}")
"""A flag, a keycap, or up to four pictures joined to one, each with its colour and style."""
