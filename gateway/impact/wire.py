"""Group questions and reports to and from the orchestrator's messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from interview.impact.v1 import impact_service_pb2 as pb

from gateway.impact import schemas
from gateway.wire import body, message


def questions_message(job_id: str, owner: str, given: schemas.GroupQuestions) -> pb.SetGroupQuestionsRequest:
    """What a job is to ask."""
    asked = message(pb.SetGroupQuestionsRequest, given)
    asked.job_id, asked.owner = job_id, owner
    return asked


def questions_body(asked: Iterable[pb.Characteristic]) -> schemas.GroupQuestions:
    """What a job asks."""
    return schemas.GroupQuestions(characteristics=[body(schemas.Characteristic, each) for each in asked])


def groups_message(invitation_id: str, given: schemas.GivenGroups) -> pb.RecordGroupsRequest:
    """What a candidate says."""
    answers = [pb.GroupAnswer(characteristic=name, category=category) for name, category in given.groups.items()]
    return pb.RecordGroupsRequest(invitation_id=invitation_id, answers=answers)


def report_body(found: pb.ImpactReport) -> schemas.Report:
    """The body of `/v1/jobs/{job_id}/impact`."""
    return body(schemas.Report, found)


def titles(report: schemas.Report, language: str) -> dict[Any, str]:
    """What characteristics, and their categories by characteristic, are called in a language."""
    key = f"title_{language}"
    parts: dict[Any, str] = {each.name: getattr(each, key) for each in report.characteristics}
    for each in report.characteristics:
        parts |= {(each.name, category.name): getattr(category, key) for category in each.categories}
    return parts
