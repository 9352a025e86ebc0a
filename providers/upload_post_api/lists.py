"""What Upload-Post lists of an account to choose from: Facebook's and LinkedIn's pages, boards."""

from collections.abc import Mapping

from pydantic import AliasChoices, Field

from bot.domain.options import Listed
from providers.http import ServiceClient
from providers.upload_post_api.names import profile_of
from providers.upload_post_api.refusals import accepted
from providers.upload_post_api.results import Wire

_PATHS: Mapping[str, str] = {
    "facebook_page_id": "/uploadposts/facebook/pages",
    "target_linkedin_page_id": "/uploadposts/linkedin/pages",
    "pinterest_board_id": "/uploadposts/pinterest/boards",
}
"""Where the values of an option are listed."""


class _Item(Wire):
    id: str | int = Field(validation_alias=AliasChoices("id", "page_id", "board_id"))
    name: str = Field("", validation_alias=AliasChoices("name", "page_name", "board_name"))


class _Items(Wire):
    """The answer of each: one of the two lists."""

    pages: list[_Item] = Field(default_factory=list[_Item])
    boards: list[_Item] = Field(default_factory=list[_Item])

    def listed(self) -> list[Listed]:
        return [
            Listed(value=str(item.id), name=item.name or str(item.id))
            for item in (*self.pages, *self.boards)
        ]


async def listed(client: ServiceClient, remote_id: str, option: str) -> list[Listed]:
    """Read what an account has to choose from for an option; none for an option without a list."""
    if option not in _PATHS:
        return []
    answer = await client.read(_PATHS[option], {"profile": profile_of(remote_id)})
    return accepted(answer).fit(_Items).listed()
