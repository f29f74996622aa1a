"""From reports to the messages of `ImpactService`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from interview.impact.v1 import impact_service_pb2 as pb

from orchestrator.impact.report import Group, GroupTable, Measured, Report
from orchestrator.jobs.tables import JobRow
from servicekit.wire import timestamp


def report_message(job: JobRow, found: Report, asked: Sequence[pb.Characteristic], now: datetime) -> pb.ImpactReport:
    """A report of now."""
    return pb.ImpactReport(
        job_id=job.id,
        title=job.title,
        create_time=timestamp(now),
        people=found.people,
        disclosed=found.disclosed,
        decided=found.decided,
        selected=found.selected,
        proposed=found.proposed,
        scored=found.scored,
        hidden_below=found.hidden_below,
        characteristics=asked,
        tables=map(_table, found.tables),
    )


def _table(table: GroupTable) -> pb.ImpactTable:
    groups = map(_group, table.groups)
    return pb.ImpactTable(characteristics=table.characteristics, groups=groups, unknown=table.unknown)


def _group(group: Group) -> pb.ImpactGroup:
    measures = {each.measure: _rate(each) for each in group.measures}
    return pb.ImpactGroup(categories=group.categories, people=group.people, **measures)


def _rate(found: Measured) -> pb.ImpactRate:
    if found.count is None:
        return pb.ImpactRate()
    return pb.ImpactRate(
        people=found.count.people,
        wanted=found.count.wanted,
        rate=found.count.rate,
        impact_ratio=found.compared.ratio,
        below_four_fifths=found.compared.below_four_fifths,
        fisher_p=found.compared.p,
    )
