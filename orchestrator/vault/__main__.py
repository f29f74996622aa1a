"""Keys that encrypt keys: `python -m orchestrator.vault status`, `rotate`, `retire` or `seal-texts`.

`status` counts the keys that each wraps. `rotate` wraps all with a new one: with a key in a file it makes that, else it
is made where keys are kept (Vault, KMS, a secret). Run again after it was ended in the middle, it goes on. `retire`
deletes those from the file that wrap nothing any more: what they wrapped in old copies of the database is lost then.
`seal-texts` encrypts comments, reasons and letters that were written in clear where their session has a key, which
workers do too within hours.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import time

from sqlalchemy.ext.asyncio import AsyncEngine

from orchestrator.backlog import Backlog
from orchestrator.database import open_engine
from orchestrator.settings import DatabaseSettings, VaultSettings
from orchestrator.vault.rotation import Rotation
from orchestrator.vault.store import open_vault
from orchestrator.vault.wrapping import local
from orchestrator.vault.wrapping.chosen import ChosenWrapping
from servicekit.errors import ServiceError
from servicekit.settings import CONFIG
from servicekit.telemetry.logs import configure_logs

SETTLED_S = 3600.0
"""A process that read the keys before a rotation has long used them by then."""


class Settings(DatabaseSettings, VaultSettings):
    """What the command needs."""

    model_config = CONFIG

    @property
    def in_file(self) -> bool:
        """Whether the keys are in a file that is ours to change."""
        return self.key_service == local.KIND and not self.key_encryption_keys.get_secret_value()


async def status(rotation: Rotation, settings: Settings) -> int:
    """Print how many keys each wraps; the current one is marked."""
    current = await rotation.current()
    for by, count in sorted({current: 0, **await rotation.counts()}.items()):
        print(f"{count:8} {by}{' (current)' if by == current else ''}")
    return 0


async def rotate(rotation: Rotation, settings: Settings) -> int:
    """Wrap every key anew; 1 where some could not be unwrapped."""
    owed = set(await rotation.counts()) - {await rotation.current()}
    if settings.in_file and not owed:  # else one that was begun is to be ended first
        known = local.LocalKeys(settings).keys(make=True)
        local.write(settings.key_encryption_file, [secrets.token_bytes(local.KEY_BYTES), *known])
    found = await rotation.rewrap()
    print(f"{found.done} keys wrapped with {await rotation.current()}")
    if found.unreadable:
        print(f"{found.unreadable} keys cannot be unwrapped; the log names their folders")
    return 1 if found.unreadable else 0


async def retire(rotation: Rotation, settings: Settings, now: bool = False) -> int:
    """Delete keys from the file that wrap nothing; 1 where that must wait."""
    if not settings.in_file:
        print("The keys are not in a file of this system: remove the old ones where they are kept.")
        return 1
    file, current = settings.key_encryption_file, await rotation.current()
    if not now and time.time() - file.stat().st_mtime < SETTLED_S:
        print("The keys were changed within the hour, and a process may still use the old ones: try later, or --now.")
        return 1
    known, used = local.LocalKeys(settings).keys(), {current, *await rotation.counts()}
    kept = [key for key in known if local.name_of(key) in used]
    local.write(file, kept)
    print(f"{len(known) - len(kept)} keys deleted, {len(kept)} kept")
    return 0


async def seal_texts(engine: AsyncEngine, settings: Settings) -> int:
    """Encrypt what people wrote before; 1 where encryption is off."""
    if not settings.encryption:
        print("Encryption is off (INTERVIEW_ENCRYPTION): nothing was changed.")
        return 1
    vault = open_vault(engine, settings)
    print(f"{await Backlog(vault).seal()} rows encrypted")
    await vault.close()
    return 0


async def run(command: str, settings: Settings, now: bool) -> int:
    """Carry a command out; its exit code."""
    engine, wrapping = open_engine(settings), ChosenWrapping(settings)
    rotation = Rotation(engine, wrapping)
    try:
        match command:
            case "rotate":
                return await rotate(rotation, settings)
            case "retire":
                return await retire(rotation, settings, now)
            case "seal-texts":
                return await seal_texts(engine, settings)
            case _:
                return await status(rotation, settings)
    except ServiceError as error:
        print(error.message)
        return 2
    finally:
        await wrapping.close()
        await engine.dispose()


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m orchestrator.vault", description=__doc__)
    parser.add_argument("command", choices=("status", "rotate", "retire", "seal-texts"))
    parser.add_argument("--now", action="store_true", help="retire: though the keys were changed within the hour")
    given = parser.parse_args()
    configure_logs("WARNING", "vault")
    return asyncio.run(run(given.command, Settings(), given.now))


if __name__ == "__main__":
    raise SystemExit(main())
