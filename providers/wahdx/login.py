"""QR login at WAHDX (seed 002): a TikTok account is connected by scanning a picture."""

import base64
import binascii
import secrets
from datetime import timedelta

from pydantic import Field

from providers.answer import Answer
from providers.connecting import CodeProgress, CodeState, ConnectCode
from providers.wahdx.models import Wire

_PNG = b"\x89PNG\r\n\x1a\n"
_STATES = {str(state): state for state in CodeState}


def request_body() -> dict[str, str]:
    """The body of `POST /api/content/qr-login/request`: an id of our own, of 8 characters or more."""
    return {"unique_id": f"copydesk-{secrets.token_hex(8)}"}


class _Code(Wire):
    picture: str = Field(alias="qrCodeImage")
    token: str = Field(min_length=1)
    expires_in: float = Field(default=300, alias="expiresIn", gt=0, le=86_400)  # seconds


class _CodeReply(Wire):
    data: _Code


class _Linked(Wire):
    account_id: str = Field(default="", alias="accountId")
    display_name: str | None = None
    username: str | None = None


class _Checked(Wire):
    status: str
    account: _Linked | None = None


class _CheckReply(Wire):
    data: _Checked


def read_code(answer: Answer) -> ConnectCode:
    """The code in the answer to a request; raises ProtocolBrokenError when it has no picture."""
    code = answer.fit(_CodeReply).data
    image = _decoded(code.picture)
    if not image.startswith(_PNG):
        raise answer.broken("qrCodeImage is no PNG")
    return ConnectCode(image=image, token=code.token, expires_in=timedelta(seconds=code.expires_in))


def read_progress(answer: Answer) -> CodeProgress:
    """The state in the answer to a check; words nobody documented mean still to be waited for."""
    checked = answer.fit(_CheckReply).data
    account = checked.account or _Linked()
    return CodeProgress(
        state=_STATES.get(checked.status.lower(), CodeState.NEW),
        account_remote_id=account.account_id,
        account_name=account.display_name or account.username or account.account_id,
    )


def _decoded(picture: str) -> bytes:
    """The bytes of a `data:` address, or of its base64 alone; empty when it is neither."""
    try:
        return base64.b64decode(picture.rpartition(",")[2], validate=True)
    except binascii.Error:
        return b""
