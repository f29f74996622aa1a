"""From letters to the messages of `LettersService`."""

from __future__ import annotations

from collections.abc import Sequence

from interview.letters.v1 import letters_service_pb2 as pb

from orchestrator.letters.tables import LetterRow
from orchestrator.wire import message

WAYS = {pb.LETTER_WAY_MAIL: "MAIL", pb.LETTER_WAY_BY_HAND: "BY_HAND"}


def letter_message(row: LetterRow, under_link: bool, unfounded_quotes: Sequence[str]) -> pb.Letter:
    """A letter as it stands."""
    return message(
        pb.Letter,
        row,
        language_code=row.language,
        way=pb.LetterWay.Value(f"LETTER_WAY_{row.way or 'UNSPECIFIED'}"),
        unfounded_quotes=unfounded_quotes,
        under_link=under_link,
    )
