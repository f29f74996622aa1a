"""Between protobuf and the vision service's plain values."""

from __future__ import annotations

from functools import singledispatch

from interview.vision.v1 import vision_service_pb2 as pb

from servicekit.wire import Model, Progress, duration, model_message, progress_message, span_message, usage_message
from services.vision.model import Event, Expression, Scope, Screening, Still, Summary, Timeline

UNMEASURED = Expression(None, None, None, None, None, False)


def scope(request: pb.AnalyzeRequest) -> Scope:
    """What may be measured."""
    return Scope(expression=not request.limits.skip_expression, identity=not request.limits.skip_identity)


@singledispatch
def response(item: object) -> pb.AnalyzeResponse:
    """An output of the model on the wire; a summary still lacks models and usage."""
    raise TypeError(type(item).__name__)


@response.register
def _(item: Progress) -> pb.AnalyzeResponse:
    return pb.AnalyzeResponse(progress=progress_message(item))


@response.register
def _(item: Timeline) -> pb.AnalyzeResponse:
    return pb.AnalyzeResponse(
        timeline=pb.TimelineChunk(
            offset_s=item.offset_s.tolist(),
            face_count=item.face_count.tolist(),
            yaw_deg=item.yaw_deg.tolist(),
            pitch_deg=item.pitch_deg.tolist(),
            roll_deg=item.roll_deg.tolist(),
            gaze_horizontal_deg=item.gaze_horizontal_deg.tolist(),
            gaze_vertical_deg=item.gaze_vertical_deg.tolist(),
            eye_aspect_ratio=item.eye_aspect_ratio.tolist(),
            mouth_opening=item.mouth_opening.tolist(),
        )
    )


@response.register
def _(item: Event) -> pb.AnalyzeResponse:
    event = pb.VisionEvent(
        type=pb.VisionEventType.ValueType(int(item.kind)),
        span=span_message(item.span),
        direction=pb.Direction.ValueType(int(item.direction)),
        strength=item.strength,
        confidence=item.confidence,
    )
    return pb.AnalyzeResponse(vision_event=event)


@response.register
def _(item: Still) -> pb.AnalyzeResponse:
    still = pb.Still(offset=duration(item.offset_s), event_index=item.event_index, jpeg=item.jpeg)
    return pb.AnalyzeResponse(still=still)


@response.register
def _(item: Summary) -> pb.AnalyzeResponse:
    expression = item.expression or UNMEASURED
    return pb.AnalyzeResponse(
        summary=pb.VisionSummary(
            frame_count=item.frame_count,
            analyzed_frame_count=item.analyzed_frame_count,
            frame_rate_hz=item.frame_rate_hz,
            width_px=item.width_px,
            height_px=item.height_px,
            face_present_ratio=item.face_present_ratio,
            multiple_faces_ratio=item.multiple_faces_ratio,
            blink_count=item.blink_count,
            blink_rate_per_minute=item.blink_rate_per_minute,
            eye_contact_ratio=item.eye_contact_ratio,
            gaze_stability=item.gaze_stability,
            smile_intensity=expression.smile_intensity,
            smile_variation=expression.smile_variation,
            eyebrow_movement_range=expression.eyebrow_movement_range,
            baseline_smile_intensity=expression.baseline_smile_intensity,
            baseline_eyebrow_position=expression.baseline_eyebrow_position,
            calibration_applied=expression.calibration_applied,
            head_movement_intensity=item.head_movement_intensity,
            screening=_screening(item.screening),
            face_descriptor=item.face_descriptor,
            described_look_count=item.described_looks,
        )
    )


def complete(message: pb.AnalyzeResponse, models: tuple[Model, ...], wall_time_s: float, media_s: float) -> None:
    """Add models and usage to a summary's message."""
    message.summary.models.extend(model_message(model) for model in models)
    message.summary.usage.CopyFrom(usage_message(wall_time_s, media_s))


def _screening(item: Screening) -> pb.FrameScreening:
    return pb.FrameScreening(
        suspicious_frames=item.suspicious_frames,
        suspicious_percent=item.suspicious_percent,
        average_confidence=item.average_confidence,
        min_confidence=item.min_confidence,
        max_confidence=item.max_confidence,
    )
