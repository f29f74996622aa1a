"""Errors of the gateway's own, by their reason."""

from __future__ import annotations

from dataclasses import dataclass

import grpc

from servicekit.errors import ServiceError


@dataclass
class RequestError(Exception):
    """A request on one of the original's paths that cannot be accepted; `message` is for people and says what to do."""

    status: int
    message: str


def bad_request(message: str) -> RequestError:
    """The request is wrong."""
    return RequestError(400, message)


def too_large(message: str) -> RequestError:
    """The request is larger than allowed."""
    return RequestError(413, message)


def session_not_found() -> ServiceError:
    """No session has this id."""
    return ServiceError(grpc.StatusCode.NOT_FOUND, "SESSION_NOT_FOUND", "There is no session with this id.")


def link_not_found() -> ServiceError:
    """No link has this id."""
    return ServiceError(grpc.StatusCode.NOT_FOUND, "LINK_NOT_FOUND", "There is no link with this id.")


def answer_not_found() -> ServiceError:
    """The session has no answer at that place."""
    message = "The session has no such answer. They are counted from 0."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "ANSWER_NOT_FOUND", message)


def transcript_not_found() -> ServiceError:
    """There is no transcript of that answer, or not yet."""
    message = "There is no transcript of this answer. Look at the session: its state says whether one can still come."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "TRANSCRIPT_NOT_FOUND", message)


def translation_not_found() -> ServiceError:
    """An answer's words are wanted in a language that they are not there in."""
    message = "This answer is not there in that language. Ask for its translation first: POST …/answers/N/translation."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "TRANSLATION_NOT_FOUND", message)


def artefact_not_found() -> ServiceError:
    """The session has no such artefact, or not yet."""
    message = "The session has no artefact of this name. The result names those there are (`still`, `timeline`)."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "ARTEFACT_NOT_FOUND", message)


def upload_not_found() -> ServiceError:
    """No upload has this id, or its time is over."""
    message = "There is no upload with this id, or it has expired. Begin again."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "UPLOAD_NOT_FOUND", message)


def offset_differs(offset: int) -> ServiceError:
    """An upload stands elsewhere than the request says."""
    message = f"The upload stands at byte {offset}. Ask for its offset and go on from there."
    return ServiceError(grpc.StatusCode.ABORTED, "OFFSET_DIFFERS", message, {"offset": str(offset)})


def upload_incomplete(upload_id: str) -> ServiceError:
    """Not all of a file has arrived."""
    message = "Not all of the file has arrived. Finish the upload first."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "UPLOAD_INCOMPLETE", message, {"upload_id": upload_id})


def upload_taken(upload_id: str) -> ServiceError:
    """Another session has the file."""
    message = "Another session has this file. Upload it again."
    return ServiceError(grpc.StatusCode.ABORTED, "UPLOAD_TAKEN", message, {"upload_id": upload_id})


def upload_busy() -> ServiceError:
    """Another request works on the upload for long."""
    message = "Another request is still working on this upload. Try again."
    return ServiceError(grpc.StatusCode.UNAVAILABLE, "UPLOAD_BUSY", message, retry_after_s=2.0)


def upload_damaged() -> ServiceError:
    """What arrived is not the file that was announced."""
    message = "What arrived has not the length or SHA-256 that was announced. Send the file again from its beginning."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "UPLOAD_DAMAGED", message)


def checksum_differs() -> ServiceError:
    """A body is not what its sender sent."""
    message = "What arrived has not the checksum that was sent with it. Send it again."
    return ServiceError(grpc.StatusCode.INVALID_ARGUMENT, "CHECKSUM_DIFFERS", message)


def too_many_uploads(most: int) -> ServiceError:
    """An owner has as many uploads as they may have."""
    message = f"At most {most} uploads at a time. Finish or give up the others first."
    return ServiceError(grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_UPLOADS", message)


def retakes_used(retakes: int) -> ServiceError:
    """A question was answered as often as its job allows."""
    message = (
        f"This question can be answered {retakes + 1} times, and it was. Recordings that were deleted count too."
        if retakes
        else "This question can be answered only once, and it was. A recording that was deleted counts too."
    )
    return ServiceError(grpc.StatusCode.ABORTED, "RETAKES_USED", message)


def no_result() -> ServiceError:
    """The session has no result yet."""
    message = "The session has no result yet. Ask again when its state is completed."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "NO_RESULT", message)


def scorecard_first() -> ServiceError:
    """A reviewer looks before they have rated."""
    message = (
        "This session is reviewed blind: record your own scorecard first, then you see the others' and the result."
    )
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "SCORECARD_FIRST", message)


def not_signed_in() -> ServiceError:
    """Nobody asks, and somebody must."""
    message = "Sign in: send an API key as `Authorization: Bearer ias_…`, or use the sign-in page."
    return ServiceError(grpc.StatusCode.UNAUTHENTICATED, "NOT_SIGNED_IN", message)


def token_refused(message: str) -> ServiceError:
    """A token or sign-in that is not good."""
    return ServiceError(grpc.StatusCode.UNAUTHENTICATED, "TOKEN_REFUSED", message)


def sign_in_off() -> ServiceError:
    """Nobody can sign in at a server of the company's."""
    message = "There is no sign-in server. Set GATEWAY_OIDC_CLIENT_ID, or sign in with a key."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "SIGN_IN_OFF", message)


def not_a_member() -> ServiceError:
    """Somebody whom the sign-in server knows, and no organisation here."""
    message = "You are not a member of an organisation here. Ask an admin to add your e-mail address."
    return ServiceError(grpc.StatusCode.PERMISSION_DENIED, "NOT_A_MEMBER", message)


def link_refused(message: str) -> ServiceError:
    """A candidate's link that is not good (any more)."""
    return ServiceError(grpc.StatusCode.UNAUTHENTICATED, "LINK_REFUSED", message)


def consent_changed() -> ServiceError:
    """A candidate agrees to another text than the one that is offered now."""
    message = "The text has changed since you opened it. Load the page again and read it."
    return ServiceError(grpc.StatusCode.ABORTED, "CONSENT_CHANGED", message)


def link_expired() -> ServiceError:
    """A candidate's link whose time is over."""
    return link_refused("This link has expired. Ask the recruiter for a new one.")


def link_deleted() -> ServiceError:
    """A candidate's link whose answers were deleted, and it with them."""
    message = "Everything that was kept under this link has been deleted."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "SESSION_DELETED", message)


def link_changed() -> ServiceError:
    """The link that was given out cannot be made again."""
    message = "The signing key has changed since this link was made. Withdraw the invitation, and invite anew."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "LINK_CHANGED", message)


def mail_off() -> ServiceError:
    """Nobody is written to from here."""
    message = "This server sends no mail: set GATEWAY_SMTP_HOST, or copy the links and send them yourself."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "MAIL_OFF", message)


def greenhouse_off() -> ServiceError:
    """There is no key for Greenhouse."""
    message = "The Greenhouse integration is off: set INTERVIEW_GREENHOUSE_KEY for gateways and workers."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "GREENHOUSE_OFF", message)


def partner_refused() -> ServiceError:
    """Whoever asks as Greenhouse has not its key."""
    message = "This needs the integration's key as the user name of HTTP Basic authentication."
    return ServiceError(grpc.StatusCode.UNAUTHENTICATED, "KEY_REFUSED", message)


def mail_refused() -> ServiceError:
    """The mail server does not take a mail."""
    message = "The mail server refused the mail. Check the address, or send the letter yourself."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "MAIL_REFUSED", message)


def scope_missing(needed: frozenset[str]) -> ServiceError:
    """The principal may not do this."""
    names = " or ".join(sorted(needed))
    return ServiceError(grpc.StatusCode.PERMISSION_DENIED, "SCOPE_MISSING", f"This needs the scope {names}.")


def origin_refused() -> ServiceError:
    """Another site's page asks for a change."""
    message = "Changes are only taken from this system's own pages and from programs."
    return ServiceError(grpc.StatusCode.PERMISSION_DENIED, "ORIGIN_REFUSED", message)


def rate_limited(limit: str, retry_after_s: float) -> ServiceError:
    """The principal asks too often."""
    message = f"More than {limit.replace('/', ' a ')}: wait a little."
    code = grpc.StatusCode.RESOURCE_EXHAUSTED
    return ServiceError(code, "RATE_LIMITED", message, retry_after_s=retry_after_s)
