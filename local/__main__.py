"""`python -m local run|demo|stop`: the system on one machine."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from interview_client.news import Milestones
from local.demo import assess_sample, assess_starting
from local.ports import Ports
from local.system import ROOT, LocalSystem, StartError, gateway_ready

STATE = Path(os.environ.get("INTERVIEW_STATE", ROOT / ".state"))
OUTPUT = ROOT / "out"


def run() -> int:
    """Start everything and stay up until Ctrl-C."""
    system = LocalSystem(STATE, Ports.from_environment())
    try:
        print("Starting; models are loading ...", flush=True)
        with system:
            print(f"Ready. Open {system.url}/Upload.html   Logs: {system.state / 'logs'}   Stop: Ctrl-C or `make stop`")
            print(f"Workflows: http://127.0.0.1:{system.ports.temporal_ui}", flush=True)
            system.wait()
    except KeyboardInterrupt:
        print("Stopped.")
    return 0


def demo(since: float | None = None) -> int:
    """Assess the sample interview; uses a running system, else starts one and stops it again.

    What is timed began at `since`, seconds of `time.time()`.
    """
    milestones = Milestones(since, "`make demo`")
    milestones.reach("set-up")
    system = LocalSystem(STATE, Ports.from_environment())
    if gateway_ready(system.url):
        return assess_sample(system.url, OUTPUT, milestones)
    print("Starting every service; the interview is submitted while models are loading ...", flush=True)
    code = assess_starting(system, OUTPUT, milestones)
    print("The system has stopped. `make run` starts it again; then the page opens.")
    return code


def stop() -> int:
    """End a system that `run` started in another terminal."""
    stopping = LocalSystem(STATE, Ports.from_environment()).shut_down()
    print("Stopping." if stopping else "Nothing is running.")
    return 0


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=["run", "demo", "stop"])
    parser.add_argument("--since", type=float, metavar="UNIX_TIME", help="when what the demo is timed with began")
    arguments = parser.parse_args()
    commands = {"run": run, "demo": lambda: demo(arguments.since), "stop": stop}
    # A plain SIGTERM would leave the supervisor and its processes behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return commands[arguments.command]()
    except KeyboardInterrupt:
        return 130
    except StartError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
