"""What every analyzer of sound must hold to, over a real server: the same tests for the fake and the real one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
from interview.audio.v1 import audio_service_pb2 as pb
from interview.audio.v1.audio_service_pb2_grpc import AudioServiceStub
from numpy.typing import NDArray

from bench.speech.conditions import echoing
from servicekit.decoding import decode_sound
from servicekit.media import Media, MediaStore
from servicekit.server import Server
from servicekit.settings import StoreSettings
from servicekit.wire import media_message, seconds, span_value
from services.audio.analyzer import SoundAnalyzer
from services.audio.model import AudioAnalyzer
from services.audio.servicer import Servicer
from services.audio.settings import Settings
from tests.contract.fakes.audio import FakeAnalyzer
from tests.support.media import tone, write_sound
from tests.support.serving import served
from tests.support.sound_service import check_refusals, check_stream, refused, without_times
from tests.support.waiting import PAUSE_S, Watched

SAMPLE = Path(__file__).parents[2] / "sample"
TRUTH: list[dict[str, Any]] = json.loads((SAMPLE / "interview.json").read_text())["answers"]
RATE = 16_000


@pytest.fixture(scope="module")
def analyzer() -> AudioAnalyzer:
    return SoundAnalyzer(Settings())


@pytest.fixture(scope="module", params=["fake", pytest.param("real", marks=pytest.mark.model)])
def model(request: pytest.FixtureRequest) -> AudioAnalyzer:
    found: AudioAnalyzer = FakeAnalyzer() if request.param == "fake" else request.getfixturevalue("analyzer")
    return found


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))


class Client:
    """Calls the service on one channel."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.stub: Any = AudioServiceStub(channel)

    async def __call__(self, media: Media) -> list[pb.AnalyzeResponse]:
        return [m async for m in self.stub.Analyze(pb.AnalyzeRequest(media=media_message(media)))]


@pytest.fixture
async def client(model: AudioAnalyzer, store: MediaStore) -> AsyncIterator[Client]:
    async with served(Servicer(model, store)) as channel:
        yield Client(channel)


@pytest.fixture
async def real(analyzer: AudioAnalyzer, store: MediaStore) -> AsyncIterator[Client]:
    async with served(Servicer(analyzer, store)) as channel:
        yield Client(channel)


class TestAudioContract:
    @pytest.mark.parametrize("truth", TRUTH, ids=["english", "indonesian"])
    async def test_one_voice_in_time(self, client: Client, store: MediaStore, truth: dict[str, Any]) -> None:
        messages = await client(await store.write_file("a", SAMPLE / truth["file"]))
        summary = messages[-1].summary
        check_stream(messages, list(summary.models))
        turns = [span_value(m.turn.span) for m in messages if m.WhichOneof("event") == "turn"]
        assert (summary.speaker_count, len(summary.speakers)) == (1, 1)
        assert summary.speakers[0].share == pytest.approx(1.0)
        assert len(summary.speakers[0].embedding) == 256
        assert 0 < summary.speaker_confidence <= 1
        assert not summary.HasField("silhouette")
        assert seconds(summary.total_duration) == pytest.approx(truth["duration_s"], abs=0.2)
        assert turns == sorted(turns, key=lambda span: span.start_s)
        assert all(0 <= t.start_s < t.end_s <= truth["duration_s"] + 0.2 for t in turns)

    async def test_the_same_request_has_the_same_answer(self, client: Client, store: MediaStore) -> None:
        media = await store.write_file("a.mp4", SAMPLE / "answer_en.mp4")
        first, second = [without_times(await client(media)) for _ in range(2)]
        assert first == second

    @pytest.mark.parametrize("length_s", [0.3, 3.0])
    async def test_silence_has_no_voice(
        self, client: Client, store: MediaStore, tmp_path: Path, length_s: float
    ) -> None:
        sound = np.zeros(int(length_s * RATE), np.int16)
        summary = (await client(await store.write_file("a.flac", write_sound(tmp_path / "a.flac", sound))))[-1].summary
        assert summary.speaker_count == 0
        for absent in ("speaker_confidence", "response_latency", "speech_level_dbfs", "snr_db"):
            assert not summary.HasField(absent)

    async def test_unusable_media(self, client: Client, store: MediaStore, tmp_path: Path) -> None:
        await check_refusals(client, store, tmp_path)

    async def test_messages_come_in_time_order_and_agree(self, client: Client, store: MediaStore) -> None:
        messages = await client(await store.write_file("a.webm", SAMPLE / "answer_id.webm"))
        summary = messages[-1].summary
        speech = [span_value(m.speech) for m in messages if m.WhichOneof("event") == "speech"]
        pauses = [span_value(m.pause) for m in messages if m.WhichOneof("event") == "pause"]
        for spans in (speech, pauses):
            edges = [edge for span in spans for edge in (span.start_s, span.end_s)]
            assert edges == sorted(edges)
            assert all(0 <= edge <= seconds(summary.total_duration) for edge in edges)
        assert sum(s.duration_s for s in speech) == pytest.approx(seconds(summary.speaking_duration), abs=0.01)
        assert seconds(summary.response_latency) == pytest.approx(speech[0].start_s)
        assert summary.pause_count == len(pauses)
        assert 0 < seconds(summary.nonsilent_duration) <= seconds(summary.total_duration) + 0.01

    async def test_not_ready(self, model: AudioAnalyzer, store: MediaStore) -> None:
        server = Server(Servicer(model, store), Settings(port=0))
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            error = await refused(Client(channel), Media(store.uri("a.mp4")))
        await server.stop(0)
        assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "MODEL_NOT_READY")
        assert error.retry_after_s

    async def test_full_then_cancelled_then_free(self, model: AudioAnalyzer, store: MediaStore, tmp_path: Path) -> None:
        slow = FakeAnalyzer(pause_s=0.5) if isinstance(model, FakeAnalyzer) else model
        watched: Any = Watched(slow, "analyze")
        media = await store.write_file("long.flac", write_sound(tmp_path / "long.flac", long_answer()))
        async with served(Servicer(watched, store), Settings(port=0, max_concurrent=1)) as channel:
            client = Client(channel)
            call = client.stub.Analyze(pb.AnalyzeRequest(media=media_message(media)))
            await call.read()
            error = await refused(client, media)
            assert (error.code, error.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "CAPACITY")
            assert error.retry_after_s
            call.cancel()
            await admitted(client, store)
        assert watched.finished == 0


def long_answer() -> NDArray[np.int16]:
    """Fifteen minutes: seconds of work."""
    once = (decode_sound(SAMPLE / "answer_en.mp4") * 32767).astype(np.int16)
    return np.tile(once, 1 + 15 * 60 * RATE // once.size)


async def admitted(client: Client, store: MediaStore) -> None:
    """Until a call gets past admission: its file is missing, which only an admitted call finds out."""
    nowhere = Media(store.uri("nowhere.mp4"))
    while (await refused(client, nowhere)).reason == "CAPACITY":  # noqa: ASYNC110 - the service tells nobody
        await asyncio.sleep(PAUSE_S)


@pytest.mark.model
class TestSoundAnalyzer:
    @pytest.mark.parametrize("truth", TRUTH, ids=["english", "indonesian"])
    async def test_pauses_where_they_are(self, real: Client, store: MediaStore, truth: dict[str, Any]) -> None:
        messages = await real(await store.write_file("a", SAMPLE / truth["file"]))
        found = [span_value(m.pause) for m in messages if m.WhichOneof("event") == "pause"]
        for pause in truth["pauses"]:
            assert any(
                abs(f.start_s - pause["start_s"]) < 0.35 and abs(f.end_s - pause["end_s"]) < 0.35 for f in found
            ), f"{pause} not in {found}"

    async def test_two_people_are_two_voices(self, real: Client, store: MediaStore, tmp_path: Path) -> None:
        one, other = (decode_sound(SAMPLE / t["file"]) for t in TRUTH)
        parts = [one[: 6 * RATE], other[: 6 * RATE], one[8 * RATE : 13 * RATE], other[10 * RATE : 15 * RATE]]
        sound = (np.concatenate(parts) * 32767).astype(np.int16)
        messages = await real(await store.write_file("a.flac", write_sound(tmp_path / "a.flac", sound)))
        summary = messages[-1].summary
        turns = [(m.turn.speaker, span_value(m.turn.span)) for m in messages if m.WhichOneof("event") == "turn"]
        assert summary.speaker_count == 2
        assert -1 <= summary.silhouette <= 1
        middle = {
            second: speaker for second in (3, 9, 14, 20) for speaker, s in turns if s.start_s <= second <= s.end_s
        }
        assert middle[3] == middle[14] != middle[9] == middle[20]

    async def test_a_beep_is_no_voice(self, real: Client, store: MediaStore, tmp_path: Path) -> None:
        media = await store.write_file("a.flac", write_sound(tmp_path / "a.flac", tone(5.0)))
        assert (await real(media))[-1].summary.speaker_count == 0

    async def test_levels_are_plausible(self, real: Client, store: MediaStore) -> None:
        summary = (await real(await store.write_file("a", SAMPLE / "answer_en.mp4")))[-1].summary
        assert -35 < summary.speech_level_dbfs < -5
        assert 15 < summary.snr_db < 60
        assert summary.clipping_ratio < 0.001
        agreed = seconds(summary.nonsilent_duration) / seconds(summary.speaking_duration)
        assert 0.7 < agreed < 1.3

    async def test_a_third_of_a_second(self, real: Client, store: MediaStore, tmp_path: Path) -> None:
        word = (decode_sound(SAMPLE / "answer_en.mp4")[2 * RATE : round(2.3 * RATE)] * 32767).astype(np.int16)
        messages = await real(await store.write_file("a.wav", write_sound(tmp_path / "a.wav", word)))
        assert messages[-1].summary.speaker_count <= 1
        assert seconds(messages[-1].summary.total_duration) == pytest.approx(0.3)

    async def test_noise_and_a_whisper(self, real: Client, store: MediaStore, tmp_path: Path) -> None:
        noise = np.random.default_rng(1).normal(0, 3000, 5 * RATE).astype(np.int16)
        whisper = (decode_sound(SAMPLE / "answer_en.mp4") * 32767 / 100).astype(np.int16)
        for sound, voices in ((noise, 0), (whisper, 1)):
            media = await store.write_file("a.flac", write_sound(tmp_path / "a.flac", sound))
            assert (await real(media))[-1].summary.speaker_count == voices

    async def test_telephone_sound(self, real: Client, store: MediaStore, tmp_path: Path) -> None:
        sound = (decode_sound(SAMPLE / "answer_id.webm", 8_000) * 32767).astype(np.int16)
        media = await store.write_file("a.wav", write_sound(tmp_path / "a.wav", sound, 8_000))
        summary = (await real(media))[-1].summary
        assert summary.speaker_count == 1
        assert seconds(summary.total_duration) == pytest.approx(TRUTH[1]["duration_s"], abs=0.2)

    @pytest.mark.parametrize("answer", ["answer_en.mp4", "answer_id.webm"])
    async def test_a_voice_that_goes_into_another_room_is_one_voice(
        self, real: Client, store: MediaStore, tmp_path: Path, answer: str
    ) -> None:
        sound = decode_sound(SAMPLE / answer)
        heard = np.concatenate([sound[: sound.size // 2], echoing(sound[sound.size // 2 :], 0.8)])
        media = await store.write_file("a.flac", write_sound(tmp_path / "a.flac", (heard * 32767).astype(np.int16)))
        summary = (await real(media))[-1].summary
        assert summary.speaker_count == 1
        assert summary.speaker_confidence > 0.9
