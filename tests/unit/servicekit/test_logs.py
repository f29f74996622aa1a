from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from servicekit.telemetry.logs import configure_logs, get_logger

SECRET = " ".join(("words", "of", "a", "candidate"))


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_a_line_is_json_with_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "test")
    get_logger().info("call", code="OK", elapsed_s=1.5)
    line = json.loads(capsys.readouterr().err)
    assert (line["message"], line["code"], line["elapsed_s"], line["service"]) == ("call", "OK", 1.5, "test")


def test_an_exception_is_logged_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "test")
    try:
        raise ValueError(SECRET)
    except ValueError:
        get_logger().exception("call failed")
        logging.getLogger("library").exception("library failed")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["error_type"] for line in lines] == ["ValueError", "ValueError"]
    assert SECRET not in json.dumps(lines)
    assert all("test_logs" in line["stack"] for line in lines)


def test_what_caused_an_exception_is_not_told_either(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "test")
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise RuntimeError(f"failed on {SECRET}") from error
    except RuntimeError as error:
        get_logger().error("call failed", exc_info=error)
        logging.getLogger("library").error("library failed", exc_info=error)
    output = capsys.readouterr().err
    assert output.count('"error_type": "RuntimeError"') == 2
    assert SECRET not in output


def test_addresses_of_requests_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("DEBUG", "test")
    logging.getLogger("httpx").info("GET https://drive.google.com/uc?id=%s", SECRET)
    logging.getLogger("httpcore.connection").debug("connect to %s", SECRET)
    assert capsys.readouterr().err == ""


def test_quieter_lines_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("WARNING", "test")
    get_logger().info("call")
    get_logger().warning("slow")
    (line,) = capsys.readouterr().err.splitlines()
    assert (json.loads(line)["message"], json.loads(line)["level"]) == ("slow", "warning")
