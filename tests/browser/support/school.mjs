// A school that people sign in with: oidc-provider (certified for OpenID Connect) on a port of its own, with accounts that exist in
// memory. Its own pages ask for a name, take any password, and ask for consent.
import {generateKeyPairSync} from 'node:crypto';
import {createServer} from 'node:http';
import Provider from 'oidc-provider';

export const client = {id: 'braid-tests', secret: 'a secret that only the two of them know'};

function signingKey(kid, kind) {
  const {privateKey} = kind === 'RS256' ? generateKeyPairSync('rsa', {modulusLength: 2048}) : generateKeyPairSync('ec', {namedCurve: 'P-256'});
  return {...privateKey.export({format: 'jwk'}), kid, use: 'sig', alg: kind};
}

// `site`: the address people come from. `kind`: RS256 or ES256.
export async function startSchool({port, site, kind = 'RS256', kid = 'first'}) {
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: client.id, client_secret: client.secret, redirect_uris: [`${site}/sign-in/school/back`], response_types: ['code'],
      grant_types: ['authorization_code'], id_token_signed_response_alg: kind,
    }],
    pkce: {required: () => true},
    conformIdTokenClaims: false,
    claims: {openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified']},
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({sub, name: `Pupil ${sub}`, preferred_username: sub, email: `${sub}@school.example`, email_verified: true}),
    }),
    jwks: {keys: [signingKey(kid, kind)]},
    cookies: {keys: ['cookies of the tests']},
    features: {devInteractions: {enabled: true}},
  });
  const server = createServer(provider.callback());
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return {
    issuer,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
