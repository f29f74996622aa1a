"""Data keys, each wrapped by a key that is not in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import Owned, mine
from orchestrator.tables import Base, UtcDateTime
from servicekit.organisation import DEFAULT


class DataKeyRow(Base):
    """The key of a folder of the object store. `key_id`: hex, as objects' headers name it; `wrapped_by`: which key
    encrypts it. It may be there before its session, and belongs to no other table.
    """

    __tablename__ = "data_keys"
    __table_args__ = (
        UniqueConstraint("key_id", name="uq_data_keys_key_id"),
        Index("ix_data_keys_created", "created_at", "folder"),
        Index("ix_data_keys_wrapped_by", "wrapped_by", "folder"),
    )

    folder: Mapped[str] = mapped_column(String(120), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(32))
    wrapped_by: Mapped[str] = mapped_column(String(300))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OrganisationKeyRow(Owned, Base):
    """A key that wraps the data keys of one organisation, itself wrapped by a key that is not in the database.

    `name`: of the key in the key service that wraps it; empty: the installation's. A key that was deleted has no
    `wrapped` any more; the row stays, so that what it had encrypted can say why it is unreadable.
    """

    __tablename__ = "organisation_keys"
    __table_args__ = (Index("ix_organisation_keys_organisation", "organisation", "deleted_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(300), default="")
    wrapped_by: Mapped[str] = mapped_column(String(300))
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class SecretRow(Owned, Base):
    """A secret of an organisation, wrapped like a data key. `place`: `current`, or `previous` until `ends_at`."""

    __tablename__ = "organisation_secrets"

    organisation: Mapped[str] = mapped_column(String(32), primary_key=True, default=mine, server_default=DEFAULT)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    place: Mapped[str] = mapped_column(String(16), primary_key=True)
    id: Mapped[str] = mapped_column(String(32))
    wrapped_by: Mapped[str] = mapped_column(String(300))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


async def destroy(db: AsyncSession, folder: str) -> list[str]:
    """Delete the key of a folder; returns the ids of what was there."""
    gone = delete(DataKeyRow).where(DataKeyRow.folder == folder).returning(DataKeyRow.key_id)
    return list(await db.scalars(gone))
