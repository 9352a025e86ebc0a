"""The accounts behind a key as Genviral lists them, and which of them it hosts itself."""

from bot.domain.platform import Platform
from bot.errors import ProtocolBrokenError, TryLaterError
from providers.genviral.models import AccountsReply, ListedAccount
from providers.genviral.refusals import accepted
from providers.http import ServiceClient
from providers.submission import Submission


class AccountBook:
    """Reads the list, and remembers the last one for what does not change."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client
        self._known: dict[str, ListedAccount] = {}

    async def read(self) -> list[ListedAccount]:
        """The accounts now."""
        answer = accepted(await self._client.read("/accounts"))
        listed = answer.fit(AccountsReply).data.accounts
        self._known = {item.id: item for item in listed}
        return listed

    async def hosted(self, submission: Submission) -> set[str]:
        """Which accounts of a submission Genviral hosts: those of TikTok take no settings, those of
        Instagram no cover. Others are not asked for.

        Raises errors that say that nothing was sent, so TryLaterError for a list of another form.
        """
        asked = (Platform.TIKTOK, Platform.INSTAGRAM if submission.cover else None)
        ids = {one.remote_id for one in submission.recipients if one.platform in asked}
        if ids - self._known.keys():
            try:
                await self.read()
            except ProtocolBrokenError as error:
                failure = TryLaterError(error.message, excerpt=error.excerpt)
            else:
                failure = None
            if failure:
                raise failure
        return {id_ for id_ in ids if id_ in self._known and self._known[id_].is_hosted}
