"""What a session can choose: the policies of this process and the rubrics of the judge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import grpc
from interview.judge.v1 import judge_service_pb2 as judge_pb
from interview.judge.v1.judge_service_pb2_grpc import JudgeServiceStub
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.policies.policy import Policy
from servicekit.client import open_channel
from servicekit.errors import field_invalid, upstream_down
from servicekit.settings import TlsSettings

if TYPE_CHECKING:
    from interview.judge.v1.judge_service_pb2_grpc import JudgeServiceAsyncStub

JUDGE_TIMEOUT_S = 5.0


class UsualPolicy(Protocol):
    """Knows what an organisation has settled."""

    async def policy(self) -> str:
        """The policy of what names none."""


class Choices:
    """Policies by name, and the rubrics asked of the judge at `judge_target`."""

    def __init__(self, policies: Mapping[str, Policy], usual: UsualPolicy, judge_target: str, tls: TlsSettings) -> None:
        """Nothing is opened yet."""
        self._policies, self._usual, self._judge_target, self._tls = policies, usual, judge_target, tls
        self._channel: grpc.aio.Channel | None = None

    async def close(self) -> None:
        """Close the channel, if it was ever needed."""
        if self._channel is not None:
            await self._channel.close()

    async def policies(self) -> list[pb.Policy]:
        """Every policy, by name."""
        usual = await self._usual.policy()
        return [
            pb.Policy(
                name=p.name,
                description=" ".join(p.description.split()),
                requires_consent=p.requires_consent,
                non_verbal=p.non_verbal,
                biometric_comparison=p.biometric_comparison,
                sha256=p.sha256,
                is_default=p.name == usual,
                translation=p.translation,
                blind_review=p.blind_review,
                keep_recordings="days" if p.keep_recordings_days else str(p.keep_recordings),
                keep_recordings_days=p.keep_recordings_days,
            )
            for _, p in sorted(self._policies.items())
        ]

    async def rubrics(self) -> list[judge_pb.Rubric]:
        """The judge's rubrics. Raises UPSTREAM_DOWN."""
        try:
            found = await self._judge().ListRubrics(judge_pb.ListRubricsRequest(), timeout=JUDGE_TIMEOUT_S)
        except grpc.aio.AioRpcError as error:
            raise upstream_down("The judge") from error
        return list(found.rubrics)

    def _judge(self) -> JudgeServiceAsyncStub:
        # A channel belongs to the event loop that it was opened in, and there is none yet when this is made.
        if self._channel is None:
            self._channel = open_channel(self._judge_target, self._tls)
        return JudgeServiceStub(self._channel)

    async def check_rubric(self, name: str) -> None:
        """Raise FIELD_INVALID unless the judge has this rubric; the empty name is the judge's own choice."""
        if name and name not in (known := [r.name for r in await self.rubrics()]):
            raise field_invalid("rubric", f"must be one of {', '.join(known)}")
