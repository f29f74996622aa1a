from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from orchestrator.database import open_engine
from orchestrator.sessions.states import AnswerState, SessionState, StageState
from orchestrator.sessions.store import SessionFilter, SessionStore, new_stages
from orchestrator.sessions.tables import AnswerRow, SessionRow, StageRow
from orchestrator.sessions.wire import page_token, page_token_value, session_message
from orchestrator.settings import DatabaseSettings
from servicekit.errors import ServiceError
from servicekit.media import Media

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    yield opened
    await opened.close()


def row(number: int = 0) -> SessionRow:
    session_id = f"{number:032x}"
    answer = AnswerRow(
        index=0, position_id=1, question="Why?", reference="", file_name="", language="en", url="", media=None,
        state=AnswerState.PENDING, stages=new_stages(session_id, 0, fetched=False),
    )  # fmt: skip
    moment = START + timedelta(minutes=number)
    return SessionRow(
        id=session_id, request_sha256="0" * 64, candidate_name="A", language="en", state=SessionState.PENDING,
        created_at=moment, updated_at=moment, answers=[answer],
    )  # fmt: skip


async def test_a_session_is_created_once(store: SessionStore) -> None:
    assert await store.create(row())
    assert not await store.create(row())


async def test_sessions_are_found_by_name_id_and_state(store: SessionStore) -> None:
    for number, name in enumerate(("Siti Rahma", "Budi 100%", "SITA")):
        session = row(number)
        session.candidate_name = name
        await store.create(session)
    await store.set_session(row(2).id, SessionState.RUNNING)

    async def names(wanted: SessionFilter) -> list[str]:
        return [s.candidate_name for s in await store.page(10, None, wanted)]

    assert await names(SessionFilter("sit")) == ["SITA", "Siti Rahma"]
    assert await names(SessionFilter("0%")) == ["Budi 100%"]
    assert await names(SessionFilter("%")) == ["Budi 100%"]
    assert await names(SessionFilter(row(1).id[-9:])) == ["Budi 100%"]
    assert await names(SessionFilter("sit", SessionState.RUNNING)) == ["SITA"]
    assert await names(SessionFilter(review_state="DECIDED")) == []


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Élodie Müller", "ÉLODIE"),
        ("Élodie Müller", "e\u0301lodie mu\u0308ller"),
        ("E\u0301lodie", "élo"),
        ("Straße", "STRASSE"),
        ("ΓΙΏΡΓΟΣ", "γιώργος"),
        ("Иван", "ИВАН"),
        ("Ｓｉｔｉ　Ｒａｈｍａ", "siti rahma"),
        ("Siti 50%_a", "50%_A"),
    ],
)
async def test_names_are_found_in_any_case_and_unicode_form(store: SessionStore, name: str, asked: str) -> None:
    found = row()
    found.candidate_name = name
    await store.create(found)
    await store.create(row(1))
    assert [r.candidate_name for r in await store.page(10, None, SessionFilter(asked))] == [name]


async def test_a_row_of_the_version_before_is_found_during_an_update(store: SessionStore) -> None:
    await store.create(row())
    async with store.transaction() as db:
        await db.execute(update(SessionRow).values(candidate_search=""))
    assert len(await store.page(10, None, SessionFilter(row().candidate_name.upper()))) == 1


async def test_every_change_is_a_new_revision(store: SessionStore) -> None:
    await store.create(row())
    seen = [await store.revision(row().id)]
    await store.set_session(row().id, SessionState.RUNNING)
    seen.append(await store.revision(row().id))
    await store.set_stage(row().id, 0, "watch", state=StageState.RUNNING, fraction=0.5)
    seen.append(await store.revision(row().id))
    await store.set_answer(row().id, 0, AnswerState.FAILED, "MEDIA_UNREADABLE", "No.")
    seen.append(await store.revision(row().id))
    assert seen == sorted({s for s in seen if s is not None})
    found = await store.get(row().id)
    assert found is not None
    assert found.answers[0].error_reason == "MEDIA_UNREADABLE"
    assert session_message(found).answers[0].stages[3].fraction == 0.5


async def test_what_has_ended_does_not_move_again(store: SessionStore) -> None:
    await store.create(row())
    media = Media("file:///x", 1, "0" * 64)
    await store.publish(row().id, SessionState.COMPLETED, "Completed.", media, timedelta(days=30))
    await store.set_session(row().id, SessionState.CANCELLED, "late")
    found = await store.get(row().id)
    assert found is not None
    assert found.state == SessionState.COMPLETED
    assert found.retention_end_at is not None
    assert found.ended_at is not None
    assert found.retention_end_at - found.ended_at == timedelta(days=30)


async def test_a_result_that_comes_after_a_cancel_is_too_late(store: SessionStore) -> None:
    await store.create(row())
    await store.cancel_open(row().id, timedelta(days=1))
    late = Media("file:///x", 1, "0" * 64)
    assert not await store.publish(row().id, SessionState.COMPLETED, "Completed.", late, timedelta(days=30))
    found = await store.get(row().id)
    assert found is not None
    assert (found.state, found.result) == (SessionState.CANCELLED, None)


async def test_publishing_again_replaces_the_result(store: SessionStore) -> None:
    await store.create(row())
    for size in (1, 2):
        again = Media("file:///x", size, "0" * 64)
        assert await store.publish(row().id, SessionState.COMPLETED, "Completed.", again, timedelta(days=30))
    found = await store.get(row().id)
    assert found is not None
    assert found.result == {"uri": "file:///x", "size_bytes": 2, "sha256": "0" * 64, "content_type": ""}


async def test_a_deleted_session_takes_no_result(store: SessionStore) -> None:
    late = Media("file:///x", 1, "0" * 64)
    assert not await store.publish("f" * 32, SessionState.COMPLETED, "Completed.", late, timedelta(days=30))


async def test_an_answer_remembers_its_recording(store: SessionStore) -> None:
    await store.create(row())
    media = Media("file:///x/video", 5, "1" * 64, "video/mp4")
    await store.set_media(row().id, 0, media)
    found = await store.get(row().id)
    assert found is not None
    assert Media(**found.answers[0].media) == media  # type: ignore[arg-type]
    await store.set_media(row().id, 0, None)
    found = await store.get(row().id)
    assert found is not None
    assert found.answers[0].media is None


async def test_times_come_back_in_utc(store: SessionStore) -> None:
    await store.create(row())
    found = await store.get(row().id)
    assert found is not None
    assert (found.created_at, found.created_at.tzinfo, found.ended_at) == (START, UTC, None)


async def test_cancelling_ends_what_is_open(store: SessionStore) -> None:
    await store.create(row())
    await store.cancel_open(row().id, timedelta(days=1))
    found = await store.get(row().id)
    assert found is not None
    assert (found.state, found.answers[0].state) == (SessionState.CANCELLED, AnswerState.CANCELLED)
    assert {s.state for s in found.answers[0].stages} == {StageState.SKIPPED}


async def counts(database: DatabaseSettings) -> list[int]:
    engine = open_engine(database)
    async with engine.connect() as connection:
        tables = (SessionRow, AnswerRow, StageRow)
        found = [await connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    await engine.dispose()
    return found


async def test_deleting_leaves_nothing_but_the_others(store: SessionStore, database: DatabaseSettings) -> None:
    for number in (0, 1):
        await store.create(row(number))
    assert await counts(database) == [2, 2, 16]
    await store.delete(row(0).id)
    assert await counts(database) == [1, 1, 8]
    assert await store.get(row(0).id) is None
    assert await store.revision(row(0).id) is None
    assert await store.create(row(0))


async def test_the_database_itself_cascades(store: SessionStore, database: DatabaseSettings) -> None:
    await store.create(row())
    engine = open_engine(database)
    async with engine.begin() as connection:
        await connection.execute(delete(SessionRow))
    await engine.dispose()
    assert await counts(database) == [0, 0, 0]


async def test_sessions_of_the_same_moment_are_all_listed(store: SessionStore) -> None:
    for number in range(3):
        same = row(number)
        same.created_at = START
        await store.create(same)
    seen: list[str] = []
    before = None
    while page := await store.page(1, before):
        seen += [r.id for r in page]
        before = page_token_value(page_token(page[-1]))
    assert seen == [row(number).id for number in (2, 1, 0)]


async def test_pages_are_newest_first_and_complete(store: SessionStore) -> None:
    for number in range(5):
        await store.create(row(number))
    first = await store.page(2, None)
    second = await store.page(10, page_token_value(page_token(first[-1])))
    assert [int(r.id, 16) for r in [*first, *second]] == [4, 3, 2, 1, 0]


def test_a_token_that_is_none_is_refused() -> None:
    assert page_token_value("") is None
    with pytest.raises(ServiceError, match="page_token"):
        page_token_value("rubbish")
