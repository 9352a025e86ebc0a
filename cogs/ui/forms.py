"""Forms: the modals that people fill in. What they filled in is read by `sent_form`."""

from collections.abc import Mapping, Sequence

import discord
from discord import app_commands, ui

from bot.domain.clip import Clip, PostClip
from bot.domain.media import MAX_FILES
from bot.domain.platform import Kind
from bot.domain.post import Revision, target_of
from bot.domain.server import Account, AccountSet
from bot.domain.when import EXAMPLES
from bot.workflow import sets
from cogs.ui import words
from providers.capabilities import Capabilities
from providers.catalogue import PROVIDERS

MOST_OPTIONS = 25  # of a select: Discord's limit
_MOST_SETS = 5  # beside 20 accounts
STAYS = "Left empty, it stays as it is."
TITLED = "For YouTube, Reddit, Pinterest, and photos on TikTok."


TIMINGS = [
    app_commands.Choice(name="Copydesk: it calls the service at the time", value="here"),
    app_commands.Choice(name="The service, where it can: it gets the post early", value="service"),
]


async def show(interaction: discord.Interaction, form: ui.Modal) -> None:
    """Open a form; it must be the first answer to an interaction, and never to another form."""
    form.stop()  # so that discord.py does not remember it (see `sent_form`)
    await interaction.response.send_modal(form)


def post_form(
    custom_id: str,
    accounts: Sequence[Account],
    filled: Revision | None = None,
    known_sets: Sequence[AccountSet] = (),
) -> ui.Modal:
    """The form of a new post, empty or filled with what is proposed. Sets of accounts are offered
    beside them, as far as there is room.
    """
    files = ui.FileUpload[ui.Modal](
        custom_id="media", required=False, min_values=0, max_values=MAX_FILES
    )
    media = ui.Label[ui.Modal](
        text="Media",
        description=f"Up to {MAX_FILES} photos, or one video.",
        component=files,
    )
    return _form(custom_id, offered(accounts), media, filled=filled, known_sets=known_sets)


def begun(accounts: Sequence[Account], when_text: str) -> Revision:
    """What a form is filled with where only the accounts and the time were given."""
    return Revision(
        number=1,
        caption="",
        title="",
        media=(),
        targets=tuple(target_of(account) for account in accounts),
        due_at=None,
        when_text=when_text,
        zone="",
    )


def clip_form(
    custom_id: str, accounts: Sequence[Account], clip: PostClip, *, proposed: Clip | None
) -> ui.Modal:
    """The form of a post made from a clip, filled with what its service proposes."""
    return _form(custom_id, offered(accounts, clip), proposed=proposed)


def offered(accounts: Sequence[Account], clip: PostClip | None = None) -> list[Account]:
    """The accounts that a post can be for: those behind the connection that has its clip, or those
    whose service takes other things than clips.
    """
    if clip:
        return [item for item in accounts if item.connection_id == clip.connection_id]
    return [item for item in accounts if _kinds(item) - {Kind.CLIP}]


def _form(
    custom_id: str,
    accounts: Sequence[Account],
    *more: ui.Label[ui.Modal],
    filled: Revision | None = None,
    proposed: Clip | None = None,
    known_sets: Sequence[AccountSet] = (),
) -> ui.Modal:
    form = ui.Modal(title="Write a post", custom_id=custom_id)
    known = filled or proposed
    caption = ui.TextInput[ui.Modal](
        custom_id="caption",
        style=discord.TextStyle.paragraph,
        max_length=4000,
        required=False,
        default=words.clip(known.caption, 4000) if known else None,
    )
    title = ui.TextInput[ui.Modal](
        custom_id="title",
        max_length=300,
        required=False,
        default=words.clip(known.title, 300) if known else None,
    )
    when = ui.TextInput[ui.Modal](
        custom_id="when",
        max_length=100,
        required=False,
        placeholder=EXAMPLES,
        default=filled.when_text if filled else "now",
    )
    form.add_item(ui.Label(text="Caption", component=caption))
    form.add_item(ui.Label(text="Title", description=TITLED, component=title))
    for label in more:
        form.add_item(label)
    more_than_fit = f"Not all {len(accounts)} fit; you can choose the others afterwards"
    form.add_item(
        ui.Label(
            text="Accounts",
            description=more_than_fit if len(accounts) > _room(known_sets) else None,
            component=_account_select(accounts, filled, known_sets),
        )
    )
    form.add_item(ui.Label(text="When", description=EXAMPLES, component=when))
    return form


def _kinds(account: Account) -> frozenset[Kind]:
    return PROVIDERS[account.provider].capabilities.kinds


def connect_form(
    custom_id: str, capabilities: Capabilities, *, known: Mapping[str, str] | None = None
) -> ui.Modal:
    """The form that takes a service's credentials, made from what the service declares. Of what is
    `known` already, only what is no secret is shown; secrets that may be left out stay as they are.
    """
    form = ui.Modal(title=words.clip(f"Connect {capabilities.label}", 45), custom_id=custom_id)
    for field in capabilities.credentials:
        stays = known is not None and field.secret and not field.required
        entry = ui.TextInput[ui.Modal](
            custom_id=field.name,
            placeholder=(STAYS if stays else field.placeholder) or None,
            max_length=500,
            required=field.required,
            default=None if field.secret else (known or {}).get(field.name),
        )
        form.add_item(
            ui.Label(
                text=field.label,
                description=words.clip(field.help or capabilities.key_page, 100),
                component=entry,
            )
        )
    return form


def question(custom_id: str, title: str, label: str, help_text: str, placeholder: str) -> ui.Modal:
    """A form of one line; its entry is called `answer`."""
    form = ui.Modal(title=title, custom_id=custom_id)
    entry = ui.TextInput[ui.Modal](custom_id="answer", placeholder=placeholder, max_length=2000)
    form.add_item(ui.Label(text=label, description=words.clip(help_text, 100), component=entry))
    return form


def _room(known_sets: Sequence[AccountSet]) -> int:
    """How many accounts are offered beside the sets of them."""
    return MOST_OPTIONS - min(len(known_sets), _MOST_SETS)


def _account_select(
    accounts: Sequence[Account], filled: Revision | None, known_sets: Sequence[AccountSet]
) -> ui.Select[ui.Modal]:
    together = [
        discord.SelectOption(
            label=words.clip(item.name, 100),
            value=sets.value(item),
            description=f"{len(item.account_ids)} accounts together",
        )
        for item in known_sets[:_MOST_SETS]
    ]
    room = _room(known_sets)
    chosen = {target.account_id for target in filled.targets} if filled else set[int]()
    first = sorted(accounts, key=lambda account: (account.id not in chosen, not account.usable))
    options = [
        discord.SelectOption(
            label=words.clip(account.label, 100),
            value=str(account.id),
            description=None if account.usable else "must be reconnected at its service",
            default=account.id in chosen,
        )
        for account in first[:room]
    ]
    is_cut = len(accounts) > room
    return ui.Select(
        custom_id="accounts",
        options=[*together, *options],
        required=not is_cut,
        min_values=0 if is_cut else 1,
        max_values=len(together) + len(options),
        placeholder="Where it goes",
    )
