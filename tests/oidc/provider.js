// A real OpenID Connect provider on a port of this machine, and beside it a model endpoint over
// HTTPS that wants its tokens. The first argument is JSON that says what is wrong with it; it prints
// one line of JSON with its addresses, and lives as long as its standard input.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { Provider } from 'oidc-provider'

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'
const options = {
  /** Seconds by which its clock is ahead. */
  skew: 0,
  /** Seconds that an access token lives. */
  accessSeconds: 3600,
  /** What its description says of its issuer, in place of the truth; `PORT` stands for its port. */
  claimedIssuer: null,
  /** What it tells of a person stands in the ID token, and not only where it is asked for. */
  wholeIdToken: true,
  /** The endpoint takes exchanged tokens alone. */
  exchangedOnly: false,
  /** The certificate and key of the endpoint, in PEM, and the authority of its clients. */
  tls: null,
  ...JSON.parse(process.argv[2] ?? '{}'),
}

const realNow = Date.now
Date.now = () => realNow() + options.skew * 1000

const server = createServer()
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const issuer = `http://127.0.0.1:${server.address().port}`

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'bureau',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token', DEVICE, EXCHANGE],
      response_types: ['code'],
    },
  ],
  pkce: { required: () => true },
  scopes: ['openid', 'offline_access', 'profile', 'email'],
  claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email'] },
  conformIdTokenClaims: !options.wholeIdToken,
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `${id} Example`, email: `${id}@example.org`, groups: ['staff', 'legal'] }),
  }),
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  ttl: {
    AccessToken: options.accessSeconds,
    AuthorizationCode: 60,
    DeviceCode: 60,
    Grant: 3600,
    IdToken: 60,
    Interaction: 600,
    RefreshToken: 3600,
    Session: 3600,
  },
  features: {
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        scope: 'openid',
        audience: resource,
        accessTokenTTL: options.accessSeconds,
        accessTokenFormat: 'opaque',
      }),
      useGrantedResource: () => true,
    },
  },
})

// RFC 8693, for the one audience that the endpoint is.
provider.registerGrantType(
  EXCHANGE,
  async (ctx) => {
    const { client, params } = ctx.oidc
    const subject = await provider.AccessToken.find(params.subject_token)
    if (!subject?.isValid || params.audience !== 'llm') {
      ctx.status = 400
      ctx.body = { error: 'invalid_request', error_description: 'this is not exchanged' }
      return
    }
    const token = new provider.AccessToken({ accountId: subject.accountId, client, grantId: subject.grantId, gty: 'exchange' })
    const access_token = await token.save()
    ctx.body = { access_token, issued_token_type: 'urn:ietf:params:oauth:token-type:access_token', token_type: 'Bearer', expires_in: token.expiration }
  },
  ['subject_token', 'subject_token_type', 'requested_token_type', 'audience'],
)

/** How often each kind of grant was given. */
const grants = {}
provider.on('grant.success', (ctx) => {
  const kind = ctx.oidc.params.grant_type
  grants[kind] = (grants[kind] ?? 0) + 1
})
provider.use(async (ctx, next) => {
  await next()
  if (ctx.path !== '/.well-known/openid-configuration') return
  if (!options.claimedIssuer) return
  const claimed = options.claimedIssuer.replace('PORT', server.address().port)
  ctx.body = { ...ctx.body, issuer: claimed, authorization_response_iss_parameter_supported: undefined }
})
const answer = provider.callback()
server.on('request', async (request, response) => {
  // The test asks these of it, and nobody else.
  if (request.url === '/test/grants') return response.end(JSON.stringify(grants))
  if (request.url.startsWith('/test/forget/')) {
    const token = await provider.AccessToken.find(request.url.slice('/test/forget/'.length))
    await token.destroy()
    return response.end()
  }
  if (request.url === '/test/away') {
    server.close()
    response.end(() => server.closeAllConnections())
    return undefined
  }
  return answer(request, response)
})

/** What its clients said who they are. */
const seen = []
const endpoint = options.tls
  ? createSecureServer({ ...options.tls, requestCert: Boolean(options.tls.ca), rejectUnauthorized: Boolean(options.tls.ca) })
  : createServer()
endpoint.on('request', async (request, response) => {
  const json = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  const value = request.headers.authorization?.replace(/^Bearer /u, '') ?? ''
  const token = await provider.AccessToken.find(value)
  if (!token?.isValid) return json(401, { error: { message: `no good token: ${value}` } })
  if (options.exchangedOnly && token.gty !== 'exchange') return json(401, { error: { message: 'not for me' } })
  seen.push({ account: token.accountId, audience: token.aud ?? null })
  if (request.url === '/v1/models') return json(200, { object: 'list', data: [{ id: 'atlas', object: 'model' }] })
  if (request.url === '/v1/forbidden/models') return json(403, { error: { message: 'not for you' } })
  if (request.url !== '/v1/chat/completions') return json(200, seen)
  for await (const _ of request);
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const chunk = (choice) => response.write(`data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`)
  chunk({ delta: { content: `Good day, ${token.accountId}.` } })
  chunk({ delta: {}, finish_reason: 'stop' })
  response.end('data: [DONE]\n\n')
})
endpoint.listen(0, '127.0.0.1')
await once(endpoint, 'listening')

process.stdin.on('end', () => process.exit(0)).resume()
const scheme = options.tls ? 'https' : 'http'
console.log(JSON.stringify({ issuer, endpoint: `${scheme}://localhost:${endpoint.address().port}/v1` }))
