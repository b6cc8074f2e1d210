"""Metric points as rows: written with the training job that they belong to, read as curves and final values."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, and_, func, insert, select

from luthier.records.names import TrainingJobArn
from luthier.records.training_job import FinalMetric, MetricPoint
from luthier.store.rows import portions
from luthier.store.tables import metric_points

_c = metric_points.c


def add_points(connection: Connection, arn: TrainingJobArn, points: Sequence[MetricPoint]) -> None:
    """
    Store *points*, but for those whose sequence number is there already.

    The caller has just written the training job's row in the same transaction, so nobody else adds points to it.
    """
    if not points:
        return
    first = min(point.sequence for point in points)
    known = set(connection.scalars(select(_c.sequence).where(_c.training_job == arn, _c.sequence >= first)))
    new = {point.sequence: point for point in points if point.sequence not in known}
    if new:
        connection.execute(insert(metric_points), [_row_of(arn, point) for point in new.values()])


def points_of(connection: Connection, arn: TrainingJobArn) -> tuple[MetricPoint, ...]:
    """Read every point of a training job, in the order they were reported."""
    wanted = select(_c.name, _c.value, _c.at, _c.sequence).where(_c.training_job == arn).order_by(_c.sequence)
    return tuple(MetricPoint(**row) for row in connection.execute(wanted).mappings())


def curves_of(
    connection: Connection, arns: Sequence[TrainingJobArn], metric: str
) -> Mapping[TrainingJobArn, tuple[MetricPoint, ...]]:
    """Read the points of one metric of several training jobs, each job's in the order they were reported."""
    curves: dict[TrainingJobArn, list[MetricPoint]] = {arn: [] for arn in arns}
    for portion in portions(list(curves)):
        wanted = (
            select(_c.training_job, _c.value, _c.at, _c.sequence)
            .where(_c.training_job.in_(portion), _c.name == metric)
            .order_by(_c.training_job, _c.sequence)
        )
        for arn, value, at, sequence in connection.execute(wanted):
            curves[arn].append(MetricPoint(name=metric, value=value, at=at, sequence=sequence))
    return {arn: tuple(points) for arn, points in curves.items()}


def final_metrics_of(
    connection: Connection, arns: Sequence[TrainingJobArn]
) -> Mapping[TrainingJobArn, tuple[FinalMetric, ...]]:
    """Read the last point of each metric of several training jobs, each job's sorted by the metric's name."""
    finals: dict[TrainingJobArn, list[FinalMetric]] = {arn: [] for arn in arns}
    for portion in portions(list(finals)):
        last = (
            select(_c.training_job, func.max(_c.sequence).label("sequence"))
            .where(_c.training_job.in_(portion))
            .group_by(_c.training_job, _c.name)
            .subquery()
        )
        is_last = and_(_c.training_job == last.c.training_job, _c.sequence == last.c.sequence)
        for arn, name, value, at in connection.execute(
            select(_c.training_job, _c.name, _c.value, _c.at).join_from(metric_points, last, is_last)
        ):
            finals[arn].append(FinalMetric(name=name, value=value, at=at))
    return {arn: tuple(sorted(metrics, key=lambda each: each.name)) for arn, metrics in finals.items()}


def _row_of(arn: TrainingJobArn, point: MetricPoint) -> dict[str, object]:
    return {
        "training_job": arn,
        "sequence": point.sequence,
        "name": point.name,
        "value": point.value,
        "at": point.at,
    }
