"""The shapes of the simulated Upload-Post's answers (docs.upload-post.com)."""

from datetime import UTC
from typing import Any

from sandbox.services.shelf import Post
from sandbox.services.upload_post.store import Upload

OVER = ("completed", "in_inbox", "failed")
"""The states in which a platform is done with a post."""


def told(upload: Upload) -> dict[str, object]:
    """The answer to an upload that is worked on from now on, or from its time on."""
    if upload.job_id:
        return {"success": True, "job_id": upload.job_id, "scheduled_date": upload.at}
    return {
        "success": True,
        "message": "Upload initiated successfully in background.",
        "request_id": upload.request_id,
        "total_platforms": len(upload.platforms),
    }


def finished(upload: Upload, posts: list[Post]) -> dict[str, object]:
    """The answer to an upload that was waited for."""
    results = [result(post) for post in posts]
    return {
        "success": True,
        "request_id": upload.request_id,
        "results": {
            item["platform"]: {
                "success": item["success"],
                **({"url": item["post_url"]} if "post_url" in item else {}),
                **({"error": item["error"]} if "error" in item else {}),
            }
            for item in results
        },
        "usage": {"count": 1, "limit": 100},
    }


def repeated(upload: Upload) -> list[dict[str, str]]:
    """The violations of an upload that is taken for a repetition."""
    return [
        {
            "platform": platform,
            "type": "duplicate_content",
            "message": f"The same content was published on {platform} in the last 48 hours",
        }
        for platform in upload.platforms
    ]


def status_of(upload: Upload, posts: list[Post]) -> dict[str, Any]:
    """The answer to a status question; the word over all platforms is told from theirs."""
    done = [post for post in posts if post.status in OVER]
    if not posts:
        word = "pending"
    elif len(done) == len(upload.platforms):
        word = "failed" if all(post.status == "failed" for post in done) else "completed"
    else:
        word = "in_progress" if done else "processing"
    return {
        "request_id": upload.request_id,
        **({"job_id": upload.job_id} if upload.job_id else {}),
        "status": word,
        "completed": len(done),
        "total": len(upload.platforms),
        "results": [result(post) for post in posts],
        "last_update": max((post.at for post in posts), default=upload.made_at),
    }


def result(post: Post) -> dict[str, Any]:
    """One platform of a status answer."""
    told = {
        "platform": post.account_id.rpartition("/")[2],
        "success": post.status in ("completed", "in_inbox"),
        "status": "completed" if post.status == "in_inbox" else post.status,
        "message": post.fail_reason or post.status.capitalize(),
        "upload_timestamp": post.at,
    }
    if post.status == "failed":
        return told | {"error": post.fail_reason}
    return told | ({"post_url": post.link} if post.link else {})


def scheduled(upload: Upload) -> dict[str, Any]:
    """An item of the schedule."""
    return {
        "job_id": upload.job_id,
        "scheduled_date": upload.due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "post_type": upload.kind,
        "profile_username": upload.profile,
        "title": upload.title,
        "platforms": upload.platforms,
        "preview_url": None,
    }


def remembered(upload: Upload, post: Post) -> dict[str, Any]:
    """An item of the history."""
    is_out = post.status != "failed"
    return {
        "profile_username": upload.profile,
        "platform": post.account_id.rpartition("/")[2],
        "media_type": upload.kind,
        "upload_timestamp": post.at,
        "success": is_out,
        "platform_post_id": post.public_id or None,
        "post_url": post.link or None,
        "error_message": post.fail_reason or None,
        "post_title": upload.title or None,
        "post_caption": post.text or None,
        "is_async": True,
        "job_id": upload.job_id or None,
        "request_id": upload.request_id,
        "request_total_platforms": len(upload.platforms),
    }
