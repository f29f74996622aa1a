// A real OpenID Connect provider for the tests: `node provider.mjs` with its configuration as JSON in `PROVIDER`:
// {port, redirect_uris, post_logout_redirect_uris, client_id, client_secret, accounts: {login: claims}}.

import Provider from "oidc-provider";

const { port, accounts, ...client } = JSON.parse(process.env.PROVIDER);
const issuer = `http://127.0.0.1:${port}`;
const known = { sub: null, email: null, email_verified: null, name: null, organisation: null, roles: null };

const provider = new Provider(issuer, {
  clients: [{ ...client, grant_types: ["authorization_code"], response_types: ["code"] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "organisation", "roles"] },
  pkce: { required: () => true },
  cookies: { keys: ["only for tests"] },
  ttl: { Interaction: 600, Session: 3600, Grant: 3600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ ...known, ...(accounts[id] ?? {}), sub: id }),
  }),
  // Nobody is asked what the company has agreed to.
  loadExistingGrant: async (context) => {
    const { Grant } = context.oidc.provider;
    const grant = new Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});
provider.listen(port, "127.0.0.1", () => console.log("ready"));
