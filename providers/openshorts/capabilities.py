"""What Copydesk can do with an OpenShorts server and the Upload-Post key that goes with it."""

from datetime import timedelta

from providers.capabilities import (
    Capabilities,
    ClipMaking,
    CredentialField,
    Schedule,
    StatusReading,
)
from providers.openshorts.limits import LIMITS
from providers.openshorts.options import CLIP_OPTIONS
from providers.upload_post_api.daily import DAILY

RETENTION = timedelta(days=1)
"""How long a self-hosted server keeps clips, unless its operator chose otherwise."""

CONSENT = "You own this video, or have the right to cut clips from it and to publish them."

CREDENTIALS = (
    CredentialField(
        name="url",
        label="Address of the OpenShorts server",
        placeholder="http://localhost:8000",
        secret=False,
        help="Where your server answers; the hosted one is https://api.openshorts.app.",
    ),
    CredentialField(
        name="key",
        label="Upload-Post API key",
        required=False,
        help="In the Upload-Post dashboard, under API keys. Leave it empty where the server has"
        " the key itself; then nobody can tell how posts end.",
    ),
    CredentialField(
        name="profile",
        label="Upload-Post profile",
        placeholder="mybrand",
        secret=False,
        help="In the Upload-Post dashboard: the user whose accounts are meant.",
    ),
    CredentialField(
        name="gemini_key",
        label="Gemini API key, to make clips",
        placeholder="AIza…",
        required=False,
        help="At aistudio.google.com. Leave it empty where the server has one.",
    ),
    CredentialField(
        name="token",
        label="OpenShorts token, if it is hosted",
        placeholder="osk_…",
        required=False,
        help="On the account page at openshorts.app.",
    ),
)

CAPABILITIES = Capabilities(
    name="openshorts",
    label="OpenShorts",
    key_page="The key and the profile are in the Upload-Post dashboard (upload-post.com).",
    credentials=CREDENTIALS,
    platforms=LIMITS,
    accounts_per_submission=len(LIMITS),
    daily=DAILY,
    calls_at_once=1,  # one post blocks the whole server
    # Upload-Post's schedule: a job is made for a time in the future, a year ahead at most.
    schedule=Schedule(lead=timedelta(minutes=5), horizon=timedelta(days=365)),
    status_reading=StatusReading.SINGLE,
    results_page="https://app.upload-post.com/",
    tells_plan=True,
    cancels=True,
    reschedules=True,
    retries=True,
    reconciles=True,
    clip_making=ClipMaking(
        from_link=True,
        from_file=True,
        finds_moments=False,
        poll=timedelta(seconds=10),
        options=CLIP_OPTIONS,
        consent=CONSENT,
        cost="It costs what the Gemini key of the server, or yours, is charged; Google shows it.",
        retention=RETENTION,
    ),
    connecting_page="Sign in at https://app.upload-post.com, open Manage Users, and connect the platform to"
    " the profile that this connection names.",
)
