"""The sample interview, assessed with what the system offers everyone: the client, over REST."""

from __future__ import annotations

import threading
from pathlib import Path

import typer

from interview_client.cli.assess import assess_description
from interview_client.models import SubmitOptions
from interview_client.news import Milestones
from local.system import ROOT, LocalSystem, StartError

SAMPLE = ROOT / "sample" / "interview.json"
RESULT = "demo-result.json"
POLICY = "original"


def assess_sample(url: str, output: Path, milestones: Milestones) -> int:
    """Assess it with the gateway at `url`, print what comes, and write the result into the folder `output`."""
    output.mkdir(exist_ok=True)
    try:
        typer.echo(f"Policy {POLICY}: everything is measured. The default measures no faces and compares nobody.")
        assess_description(SAMPLE, url, str(output / RESULT), milestones, SubmitOptions(policy=POLICY))
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def assess_starting(system: LocalSystem, output: Path, milestones: Milestones) -> int:
    """Start the system, assess the sample as soon as it can be submitted, and stop the system.

    Raises StartError when a service that the assessment waits for does not come up.
    """
    system.start()
    try:
        system.wait_gateway()
        milestones.reach("submission")
        watch = _Watch(system)
        watch.start()
        code = assess_sample(system.url, output, milestones)
        if watch.error is not None:
            raise watch.error
        return code
    finally:
        system.stop()


class _Watch(threading.Thread):
    """Sees whether every service becomes ready. One that does not would be waited for; so everything is stopped."""

    def __init__(self, system: LocalSystem) -> None:
        super().__init__(daemon=True)
        self._system = system
        self.error: StartError | None = None

    def run(self) -> None:
        """Until all are ready, or one has failed."""
        try:
            self._system.wait_ready()
        except StartError as error:
            self.error = error
            self._system.stop()
