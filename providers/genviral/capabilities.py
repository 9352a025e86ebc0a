"""What Genviral can do, as data (seed 003; its pages on posts, files and accounts)."""

from datetime import timedelta

from bot.domain.platform import Platform
from providers.capabilities import (
    Capabilities,
    CredentialField,
    Idempotency,
    Schedule,
    StatusReading,
    Upload,
)
from providers.genviral.covers import COVERS
from providers.genviral.limits import LIMITS, PHOTO_TYPES, VIDEO_SIZE, VIDEO_TYPES
from providers.genviral.options import OPTIONS, TIKTOK_LEVELS, YOUTUBE_LEVELS
from providers.genviral.rules import LEAD
from providers.submission import Recipient


def goes_with(one: Recipient, other: Recipient) -> bool:
    """Settings are given once per platform, so two of one platform must have the same.

    TikTok's are taken only where every account is on TikTok and none is hosted by Genviral, which
    a recipient does not tell: so a TikTok account goes alone, and never with Pinterest. Nor do two
    of Instagram go together, since a cover is refused where Genviral hosts one of them.
    """
    if Platform.TIKTOK in (one.platform, other.platform):
        return False
    if one.platform is other.platform:
        return one.platform is not Platform.INSTAGRAM and one.options == other.options
    return True


CAPABILITIES = Capabilities(
    name="genviral",
    label="Genviral",
    key_page="In the Genviral dashboard, under API Keys: two parts with a dot between.",
    credentials=(CredentialField(name="key", label="API key", placeholder="gva_live_….…"),),
    platforms=LIMITS,
    options=OPTIONS,
    covers=COVERS,
    default_visibility={
        Platform.TIKTOK: TIKTOK_LEVELS[0],
        Platform.YOUTUBE: YOUTUBE_LEVELS[0],
    },
    reads_account_limits=True,
    tells_plan=True,
    accounts_per_submission=10,
    goes_with=goes_with,
    idempotency=Idempotency.KEY,
    # Genviral names no horizon. A year is further than anyone plans, and short enough that a slip
    # in the year of a date is noticed.
    schedule=Schedule(lead=LEAD, horizon=timedelta(days=365)),
    # A question reads all accounts of one post (`GET /posts/{id}`), so the deliveries of a post are
    # asked about together: one call for each post among them.
    status_reading=StatusReading.BATCH,
    status_batch=10,
    cancels=True,
    reschedules=True,
    retries=True,
    upload=Upload(types=VIDEO_TYPES | PHOTO_TYPES, size=VIDEO_SIZE, for_posts=True),
    connecting_page="Sign in at https://www.genviral.io, choose the workspace that the key is for, or the"
    " personal space, and connect the account under Accounts.",
)
