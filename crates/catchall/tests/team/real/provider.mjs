// A provider for one test: one program that may ask (ours), one person, who is in the group `licensing`.
import Provider from 'oidc-provider';

const port = process.env.PORT;
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'catchall desk',
    client_secret: 's3cret: with & signs',
    redirect_uris: ['http://127.0.0.1:9/login/provider/return'],
  }],
  claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
  scopes: ['openid', 'profile', 'groups'],
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: 'r.haas', groups: ['licensing'] }),
  }),
});
provider.listen(port, '127.0.0.1');
