"""What a policy switches off is not computed: the networks for it are never asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from interview.audio.v1 import audio_service_pb2 as audio_pb
from interview.audio.v1.audio_service_pb2_grpc import AudioServiceStub
from interview.vision.v1 import vision_service_pb2 as vision_pb
from interview.vision.v1.vision_service_pb2_grpc import VisionServiceStub

from orchestrator.activities.analysis import listening_limits, measuring_limits
from orchestrator.fusion.proposal import OUTCOMES
from orchestrator.policies import policy
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from servicekit.wire import media_message
from services.audio.analyzer import SoundAnalyzer
from services.audio.servicer import Servicer as AudioServicer
from services.audio.settings import Settings as AudioSettings
from services.audio.voices.encoder import Resemblyzer
from services.vision.analyzer import PictureAnalyzer
from services.vision.eyes import blinks, reading
from services.vision.faces.face_identity import FaceIdentity
from services.vision.servicer import Servicer as VisionServicer
from services.vision.settings import Settings as VisionSettings
from tests.support.faces import talking_portrait
from tests.support.media import write_video
from tests.support.serving import served

SAMPLE = Path(__file__).parents[2] / "sample"
POLICIES = policy.load()
pytestmark = pytest.mark.model


class Asked:
    """How often a method is called, which works all the same."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kind: type | ModuleType, *names: str) -> None:
        self.times = 0
        for name in names:
            monkeypatch.setattr(kind, name, self._counted(getattr(kind, name)))

    def _counted(self, real: Any) -> Any:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.times += 1
            return real(*arguments, **named)

        return counted


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))


@pytest.fixture(scope="module")
def portrait_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("switched-off")
    return write_video(folder / "portrait.mp4", 2.0, picture=talking_portrait(closed_at_s=()))


@pytest.fixture(scope="module")
def ears() -> SoundAnalyzer:
    found = SoundAnalyzer(AudioSettings())
    found.load()
    return found


@pytest.fixture(scope="module")
def eyes() -> Iterator[PictureAnalyzer]:
    found = PictureAnalyzer(VisionSettings())
    found.load()
    yield found
    found.close()


@pytest.mark.parametrize("name", POLICIES)
async def test_voices_are_encoded_only_where_the_policy_says_so(
    name: str, ears: SoundAnalyzer, media: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = await media.write_file("a.mp4", SAMPLE / "answer_en.mp4")
    async with served(AudioServicer(ears, media)) as channel:
        asked = Asked(monkeypatch, Resemblyzer, "embeddings")  # not counting how it warms up, on silence
        request = audio_pb.AnalyzeRequest(media=media_message(sound), limits=listening_limits(POLICIES[name]))
        summary = [message async for message in AudioServiceStub(channel).Analyze(request)][-1].summary
    assert (asked.times > 0, len(summary.speakers) > 0) == (POLICIES[name].voices,) * 2
    assert any(len(speaker.embedding) for speaker in summary.speakers) == POLICIES[name].biometric_comparison
    assert any("resemblyzer" in model.name for model in summary.models) == POLICIES[name].voices
    assert summary.speaking_duration.seconds > 5  # speech is measured all the same


@pytest.mark.parametrize("name", POLICIES)
async def test_faces_are_described_only_where_the_policy_says_so(
    name: str, eyes: PictureAnalyzer, media: MediaStore, portrait_video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = await media.write_file("a.mp4", portrait_video)
    async with served(VisionServicer(eyes, media)) as channel:
        asked = Asked(monkeypatch, FaceIdentity, "descriptor")
        looked = Asked(monkeypatch, blinks, "_noise"), Asked(monkeypatch, reading, "_returns")
        request = vision_pb.AnalyzeRequest(media=media_message(picture), limits=measuring_limits(POLICIES[name]))
        summary = [message async for message in VisionServiceStub(channel).Analyze(request)][-1].summary
    assert (asked.times > 0) == POLICIES[name].biometric_comparison
    assert (len(summary.face_descriptor) > 0) == POLICIES[name].biometric_comparison
    assert any("dlib" in model.runtime for model in summary.models) == POLICIES[name].biometric_comparison
    assert summary.HasField("smile_intensity") == POLICIES[name].non_verbal
    assert [each.times > 0 for each in looked] == [POLICIES[name].non_verbal] * 2


def test_only_the_originals_policy_lets_signs_of_help_propose_a_rejection() -> None:
    worst = {name: min(OUTCOMES.index(cap) for cap in found.caps.values()) for name, found in POLICIES.items()}
    assert {name for name, place in worst.items() if OUTCOMES[place] == "fail"} == {"original"}
