"""The system as on a cluster, on one machine: `python -m rehearsal [run|limit|real|capacity|day]`."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.seconds import record
from local.system import ROOT
from rehearsal import limit, real
from rehearsal.capacity import MEASURED, TYPICAL, Load, capacity_text, with_seconds
from rehearsal.day import A_DAY, typical_text
from rehearsal.plans import FULL, SHORT
from rehearsal.report import rehearsal_text, write_json
from rehearsal.scenario import rehearse
from rehearsal.servers.process import StartError

OUTPUT = ROOT / "out"


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)


def main() -> int:
    """Entry point: 0 when nothing was lost, 1 otherwise."""
    given = _arguments()
    if given.command == "capacity":
        return _capacity(given)
    if given.command == "day":
        return _day(given)
    # A plain SIGTERM would leave the processes behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with _folder(given.logs) as folder:
            return {"run": _run, "limit": _limit, "real": _real}[given.command](folder, given)
    except KeyboardInterrupt:
        return 130
    except StartError as error:
        print(error, file=sys.stderr)
        return 1


def _run(folder: Path, given: argparse.Namespace) -> int:
    found = rehearse(folder, SHORT if given.short else FULL, say)
    say("\n" + rehearsal_text(found))
    write_json(given.json or OUTPUT / "rehearsal.json", found)
    say(f"\n{'Nothing was lost.' if found.passed else 'FAILED: see above.'}")
    return 0 if found.passed else 1


def _limit(folder: Path, given: argparse.Namespace) -> int:
    found = limit.measure(folder, say)
    say("\n" + limit.limit_text(found))
    write_json(given.json or OUTPUT / "rehearsal-limit.json", found)
    return 1 if found.lost else 0


def _real(folder: Path, given: argparse.Namespace) -> int:
    found = real.run_real(folder, given.replicas, given.sessions, say)
    say("\n" + real.real_text(found))
    write_json(given.json or OUTPUT / "rehearsal-real.json", found)
    if not found.lost:
        record("translation", media_minute_s=found.stage_s_a_minute["translate"])
        record("worker's slots", media_minute_s=sum(found.stage_s_a_minute.values()))
    return 1 if found.lost else 0


def _capacity(given: argparse.Namespace) -> int:
    wanted = given.interviews or (1_000, 10_000, 1_000_000)
    loads = [Load(n, given.answers, given.minutes, given.peak, given.utilisation) for n in wanted]
    say(capacity_text(loads, with_seconds(MEASURED, dict(given.seconds))))
    return 0


def _day(given: argparse.Namespace) -> int:
    """Days of the loads that were asked for; without any, the one of the page."""
    loads = [Load(n, given.answers, given.minutes, given.peak, given.utilisation) for n in given.interviews or ()]
    for load in loads or [A_DAY]:
        say(f"{load.interviews_a_day:,.0f} interviews a day\n\n{typical_text(load, dict(given.price))}\n")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m rehearsal", description=__doc__)
    parser.add_argument("command", nargs="?", default="run", choices=("run", "limit", "real", "capacity", "day"))
    parser.add_argument("--short", action="store_true", help="run: fewer sessions, about a minute")
    parser.add_argument("--json", type=Path, help="where the figures go; default: the folder out/")
    parser.add_argument("--logs", type=Path, help="an empty folder in which logs and state stay")
    parser.add_argument("--replicas", type=int, default=1, help="real: replicas of each service")
    parser.add_argument("--sessions", type=int, default=2, help="real: how many times the sample interview")
    model = parser.add_argument_group("capacity, day")
    model.add_argument("--interviews", type=float, nargs="+", help="a day")
    model.add_argument("--answers", type=float, default=TYPICAL.answers, help="an interview")
    model.add_argument("--minutes", type=float, default=TYPICAL.minutes_an_answer, help="an answer")
    model.add_argument("--peak", type=float, default=TYPICAL.peak, help="busiest time over mean")
    model.add_argument(
        "--utilisation", type=float, default=TYPICAL.utilisation, help="of a replica at the peak, 0 to 1"
    )
    model.add_argument("--seconds", type=_part, nargs="+", default=[], metavar="PART=S", help="a media minute")
    model.add_argument(
        "--price",
        type=_part,
        nargs="+",
        default=[],
        metavar="PART=N",
        help="day: a replica hour of vision, transcriber",
    )
    return parser.parse_args()


def _part(text: str) -> tuple[str, float]:
    name, _, seconds = text.partition("=")
    return name, float(seconds)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """Where state and logs are: the given folder, or one that is deleted."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="interview-rehearsal-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


if __name__ == "__main__":
    sys.exit(main())
