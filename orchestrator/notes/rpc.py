"""The shortlist and comments over gRPC."""

from __future__ import annotations

from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.links.identifiers import check_id
from orchestrator.notes.store import NoteStore
from orchestrator.notes.wire import comment_message
from orchestrator.sessions.request import MAX_NAME, check_text
from orchestrator.sessions.search import composed
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.wire import session_message

MAX_COMMENT = 4_000


class NoteCalls:
    """Records what people note on sessions."""

    def __init__(self, store: SessionStore) -> None:
        """Sessions are in `store`."""
        self._store, self._notes = store, NoteStore(store)

    async def SetShortlisted(self, request: pb.SetShortlistedRequest, context: Any) -> pb.SetShortlistedResponse:
        """Put a candidate on the shortlist or take them off it."""
        check_text("actor", request.actor, 1, MAX_NAME)
        await self._notes.set_shortlisted(request.session_id, request.shortlisted, composed(request.actor))
        return pb.SetShortlistedResponse(session=session_message(await self._store.shown(request.session_id)))

    async def AddComment(self, request: pb.AddCommentRequest, context: Any) -> pb.AddCommentResponse:
        """Record a person's comment."""
        check_text("author", request.author, 1, MAX_NAME)
        check_text("author_id", request.author_id, 0, MAX_NAME)
        check_text("text", request.text, 1, MAX_COMMENT)
        author, text = composed(request.author), request.text.strip()
        made = await self._notes.add_comment(request.session_id, author, request.author_id, text)
        return pb.AddCommentResponse(comment=comment_message(made))

    async def ListComments(self, request: pb.ListCommentsRequest, context: Any) -> pb.ListCommentsResponse:
        """Every comment on a session."""
        await self._store.existing(request.session_id)
        return pb.ListCommentsResponse(comments=map(comment_message, await self._notes.comments(request.session_id)))

    async def DeleteComment(self, request: pb.DeleteCommentRequest, context: Any) -> pb.DeleteCommentResponse:
        """Delete a comment."""
        check_text("actor", request.actor, 1, MAX_NAME)
        comment_id = check_id("comment_id", request.comment_id)
        await self._notes.delete_comment(request.session_id, comment_id, composed(request.actor), request.author_id)
        return pb.DeleteCommentResponse()
