"""Errors of the simulated OpenShorts in the words of its framework: everything is a `detail`."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.services.openshorts.rules import MAX_BYTES, RefusedError

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def in_its_words(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Answer every refusal as JSON."""
    try:
        return await handler(request)
    except RefusedError as error:
        return refused(error)
    except web.HTTPRequestEntityTooLarge:
        said = f"File too large. Max size {MAX_BYTES >> 20}MB"
        return web.json_response({"detail": said}, status=413)
    except web.HTTPException as error:
        return web.json_response({"detail": error.reason}, status=error.status)


def refused(error: RefusedError) -> web.Response:
    """The answer that says no."""
    return web.json_response({"detail": error.detail}, status=error.status)
