"""Whether webhooks can be signed for an organisation."""

from __future__ import annotations

from orchestrator.ownership import mine
from orchestrator.vault.organisation_secrets import Kind, OrganisationSecrets
from servicekit.errors import field_invalid


class WebhookSigning:
    """With the installation's secret, or with one that the organisation has set."""

    def __init__(self, installation_signs: bool, secrets: OrganisationSecrets) -> None:
        """Organisations' own are in `secrets`."""
        self._installation_signs, self._secrets = installation_signs, secrets

    async def check(self) -> None:
        """Raise FIELD_INVALID where nothing would sign what a `webhook_url` is told."""
        if not self._installation_signs and not await self._secrets.has(mine(), Kind.WEBHOOK):
            needed = "needs a webhook secret: set one in the organisation's settings, or INTERVIEW_WEBHOOK_SECRET"
            raise field_invalid("webhook_url", needed)
