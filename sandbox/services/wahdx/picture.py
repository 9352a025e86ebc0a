"""The picture of a code: it looks like a QR code and says where to click instead of scanning."""

import hashlib
import io

from PIL import Image, ImageDraw

SIDE = 25  # modules, as a QR code of version 2
_MODULE = 12  # pixels
_MARGIN = 4 * _MODULE
_EYES = ((0, 0), (SIDE - 7, 0), (0, SIDE - 7))


def picture(token: str, words: str) -> bytes:
    """The PNG of a token, always the same for it, with a line of words below."""
    width = SIDE * _MODULE + 2 * _MARGIN
    image = Image.new("L", (width, width + _MARGIN), 255)
    draw = ImageDraw.Draw(image)
    for x in range(SIDE):
        for y in range(SIDE):
            if _is_dark(token, x, y):
                left, top = _MARGIN + x * _MODULE, _MARGIN + y * _MODULE
                draw.rectangle((left, top, left + _MODULE - 1, top + _MODULE - 1), fill=0)
    draw.text((_MARGIN, width - _MARGIN // 2), words, fill=0)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _is_dark(token: str, x: int, y: int) -> bool:
    for left, top in _EYES:
        if left - 1 <= x <= left + 7 and top - 1 <= y <= top + 7:
            ring = max(abs(x - left - 3), abs(y - top - 3))
            return ring in (0, 1, 3)
    return hashlib.sha256(f"{token}/{x}/{y}".encode()).digest()[0] < 128
