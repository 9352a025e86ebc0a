"""What a person chose of what an account has, such as a board or a page, by the name they know."""

from bot.domain.post import Target
from cogs.ui import words
from providers.catalogue import PROVIDERS


def value(target: Target, option: str) -> str:
    """A chosen value by its name; by its id where nobody knows the name."""
    return target.named.get(option) or target.options.get(option, "")


def behind(target: Target) -> str:
    """What is chosen for an account, behind its name; empty where nothing of the kind is."""
    return "".join(
        f" · {label}: {words.escape(words.clip(value(target, name), words.LONGEST_NAME))}"
        for name, label in _labels(target).items()
        if target.options.get(name)
    )


def _labels(target: Target) -> dict[str, str]:
    """The options whose values an account has, with what they are called."""
    declared = PROVIDERS[target.provider].capabilities.options.get(target.platform, ())
    return {option.name: option.label.partition(";")[0] for option in declared if option.listed}
