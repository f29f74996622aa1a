"""`python -m local run|demo|stop`: the system on one machine."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from local.ports import Ports
from local.system import ROOT, LocalSystem, StartError, gateway_ready

STATE = Path(os.environ.get("INTERVIEW_STATE", ROOT / ".state"))
SAMPLE = ROOT / "sample" / "interview.json"
OUTPUT = ROOT / "out"


def run() -> int:
    """Start everything and stay up until Ctrl-C."""
    system = LocalSystem(STATE, Ports.from_environment())
    try:
        print("Starting (about 20 seconds; models are loading) ...", flush=True)
        with system:
            print(f"Ready. Open {system.url}/Upload.html   Logs: {system.state / 'logs'}   Stop: Ctrl-C or `make stop`")
            print(f"Workflows: http://127.0.0.1:{system.ports.temporal_ui}", flush=True)
            system.wait()
    except KeyboardInterrupt:
        print("Stopped.")
    return 0


def demo() -> int:
    """Assess the sample interview; uses a running system, else starts one and stops it again."""
    system = LocalSystem(STATE, Ports.from_environment())
    if gateway_ready(system.url):
        return _assess(system.url)
    print("Starting every service (models are loading, about half a minute) ...", flush=True)
    with system:
        code = _assess(system.url)
    print("The system has stopped. `make run` starts it again; then the page opens.")
    return code


def stop() -> int:
    """End a system that `run` started in another terminal."""
    pid_file = STATE / "supervisord.pid"
    if not pid_file.exists():
        print("Nothing is running.")
        return 0
    os.kill(int(pid_file.read_text()), signal.SIGTERM)
    print("Stopping.")
    return 0


def _assess(url: str) -> int:
    OUTPUT.mkdir(exist_ok=True)
    result = OUTPUT / "demo-result.json"
    command = ["-m", "interview_client", "assess", "--from", str(SAMPLE), "--url", url, "--json", str(result)]
    return subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode


def main() -> int:
    """Entry point."""
    commands = {"run": run, "demo": demo, "stop": stop}
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=commands)
    # A plain SIGTERM would leave the supervisor and its processes behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return commands[parser.parse_args().command]()
    except KeyboardInterrupt:
        return 130
    except StartError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
