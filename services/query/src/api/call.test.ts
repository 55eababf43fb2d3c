import { type Authenticator, authConfig, createAuthenticator, createToken } from '@faultline/runtime';
import { expect, it } from 'vitest';
import { actorOf, identifyCaller } from './call.ts';

const { token, hash } = createToken();
const tokens = [{ name: 'pager-bot', hash, role: 'responder' }];
const callOf = (authenticator: Authenticator) =>
  identifyCaller(authenticator, { authorization: `Bearer ${token}`, scopeOrgId: undefined, role: 'responder' });

it.each([
  ['', 'pager-bot'],
  ['ana', 'pager-bot on behalf of ana'],
  ['pager-bot', 'pager-bot'],
])('with tokens a request that names "%s" is by %s', (named, actor) =>
  expect(actorOf(callOf(createAuthenticator(authConfig.parse({ tokens }))), named)).toBe(actor),
);

it.each([
  ['', 'anonymous'],
  ['ana', 'ana'],
])('without tokens a request that names "%s" is by %s', (named, actor) =>
  expect(actorOf(callOf(createAuthenticator(authConfig.parse({}))), named)).toBe(actor),
);
