"""What OpenShorts' answers to a post mean when they are no success, or not quite."""

from typing import Any

import pytest

from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    ProviderError,
)
from tests.providers.openshorts_bench import (
    Wire,
    a_submission,
    ask,
)


@pytest.mark.parametrize(
    ("status", "error"), [(402, AccountBrokenError), (503, OutcomeUnknownError)]
)
async def test_refusals_of_the_hosted_server(status: int, error: type[Exception]):
    """A plan that is used up is definite; a service that is away may have taken it."""
    wire = Wire({"detail": "Not enough minutes"}, status)
    with pytest.raises(error) as caught:
        await ask(wire, lambda provider: provider.publish(a_submission()), token="osk_1")
    assert type(caught.value) is error


@pytest.mark.parametrize("body", [{}, {"success": True}, {"success": True, "request_id": ""}])
async def test_an_answer_without_an_id(body: dict[str, Any]):
    """It was written and cannot be followed: never repeated by itself."""
    with pytest.raises(ProtocolBrokenError):
        await ask(Wire(body), lambda provider: provider.publish(a_submission()))


async def test_a_refusal_with_a_status_of_success():
    """Upload-Post's no is passed on with HTTP 200."""
    wire = Wire({"success": False, "message": "Title too long"})
    with pytest.raises(ContentRejectedError, match="Title too long"):
        await ask(wire, lambda provider: provider.publish(a_submission()))


@pytest.mark.parametrize(
    ("detail", "error"),
    [
        ("408: Vendor API Error: {}", OutcomeUnknownError),
        ("502: Vendor API Error: <html>", OutcomeUnknownError),
        ("400: Something else", OutcomeUnknownError),
        ("403: Vendor API Error: not JSON", AccountBrokenError),
        ('429: Vendor API Error: {"message": "Slow down"}', ContentRejectedError),
        ('422: Vendor API Error: ["odd"]', ContentRejectedError),
    ],
)
async def test_the_status_inside_an_error(detail: str, error: type[ProviderError]):
    """Below 500 it is a definite no, and a limit is not run against again; else nobody knows."""
    with pytest.raises(error) as caught:
        await ask(Wire({"detail": detail}, 500), lambda provider: provider.publish(a_submission()))
    assert type(caught.value) is error
    if error is not OutcomeUnknownError:
        assert caught.value.message.startswith("Upload-Post refused: ")
        assert caught.value.message != "Upload-Post refused: "


async def test_a_list_of_misfits_in_another_form():
    """A 422 that is not its framework's is a refusal as well."""
    with pytest.raises(ContentRejectedError, match="odd"):
        await ask(Wire({"detail": "odd"}, 422), lambda provider: provider.publish(a_submission()))
