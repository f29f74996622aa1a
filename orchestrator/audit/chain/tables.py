"""Each organisation's chain, its head and the heads that were signed; receipts of what was deleted.

None of it goes with a session.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import Owned
from orchestrator.tables import Base, UtcDateTime
from servicekit.organisation import DEFAULT


class ChainRow(Owned, Base):
    """An entry: `content` is the canonical JSON that was hashed, `hash` is of the hash before it and of that."""

    __tablename__ = "chain_entries"
    job_through = ("sessions", "id", "session_id")

    organisation: Mapped[str] = mapped_column(String(32), primary_key=True, server_default=DEFAULT)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    session_id: Mapped[str] = mapped_column(String(32), index=True)
    content: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class ChainHeadRow(Owned, Base):
    """The row that gives an organisation's entries their order; whoever appends locks it until they commit.

    `salt` keys the pseudonyms of people who are known by a name only. It leaves the database nowhere.
    """

    __tablename__ = "chain_head"
    __table_args__ = (Index("uq_chain_head_organisation", "organisation", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    salt: Mapped[str] = mapped_column(String(64))


class AnchorRow(Owned, Base):
    """A head that was signed, as JSON."""

    __tablename__ = "chain_anchors"

    organisation: Mapped[str] = mapped_column(String(32), primary_key=True, server_default=DEFAULT)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    head: Mapped[str] = mapped_column(Text)


class ReceiptRow(Owned, Base):
    """The receipt of a deletion. While it goes on `receipt` is empty, and `keys` are the objects that were found."""

    __tablename__ = "deletion_receipts"
    job_column = "job_id"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    session_id: Mapped[str] = mapped_column(String(32), index=True)
    owner: Mapped[str] = mapped_column(String(200), default="")
    job_id: Mapped[str] = mapped_column(String(32), default="", server_default="")
    keys: Mapped[list[str]] = mapped_column(JSON, default=list)
    histories: Mapped[list[str]] = mapped_column(JSON, default=list)
    receipt: Mapped[str] = mapped_column(Text, default="")
