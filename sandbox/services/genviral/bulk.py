"""Retrying and deleting many posts in one call, each with its own result (Retry Posts, Delete Posts)."""

from typing import Any

from sandbox.services.genviral.posts import Posts


def retry(posts: Posts, asked: dict[str, Any]) -> dict[str, Any]:
    """Queue failed posts again."""
    errors: dict[str, str] = {}
    for post_id in asked["post_ids"]:
        post = posts.get(post_id)
        wrong = posts.retry(post, asked.get("account_ids")) if post else "Post not found"
        if wrong:
            errors[post_id] = wrong
    ids = [post_id for post_id in asked["post_ids"] if post_id not in errors]
    data: dict[str, Any] = {"retried": len(ids), "ids": ids}
    return data | ({"failed": list(errors), "errors": errors} if errors else {})


def delete(posts: Posts, asked: dict[str, Any]) -> dict[str, Any]:
    """Remove posts that are not out."""
    ids: list[str] = asked.get("postIds") or asked["post_ids"]
    data: dict[str, list[Any]] = {"deletedIds": [], "blockedStatuses": [], "skipped": []}
    for post_id in dict.fromkeys(ids):
        post = posts.get(post_id)
        if post is None:
            data["skipped"].append(post_id)
        elif posts.delete(post):
            data["deletedIds"].append(post_id)
        else:
            data["blockedStatuses"].append({"id": post_id, "status": post.status})
    return data
