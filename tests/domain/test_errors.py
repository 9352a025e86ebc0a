"""The error tree."""

import re

from bot import errors
from bot.errors import CopydeskError, InputError, Problem


def test_every_error_is_drawn() -> None:
    """The picture of the tree names every error, and no other."""
    drawn = set(re.findall(r"\w+Error\b", errors.__doc__ or ""))
    assert drawn == {name for name in vars(errors) if name.endswith("Error")}


def test_text_and_remedy() -> None:
    """An error reads as what is wrong and then what to do."""
    assert str(CopydeskError("It broke.", remedy="Mend it.")) == "It broke. Mend it."
    assert str(CopydeskError("It broke.")) == "It broke."


def test_input_error_lists_problems() -> None:
    """Each problem is a line that begins with its field."""
    problems = [Problem(field=name, message="is wrong.", remedy="Mend it.") for name in ("A", "B")]
    assert str(InputError(problems)) == "A: is wrong. Mend it.\nB: is wrong. Mend it."
