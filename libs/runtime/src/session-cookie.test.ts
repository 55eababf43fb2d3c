import { expect, it } from 'vitest';
import { authorizationOf } from './session-cookie.ts';

it.each([
  ['the header', { authorization: 'Bearer a' }, 'Bearer a'],
  ['the header before the cookie', { authorization: 'Bearer a', cookie: 'faultline_token=b' }, 'Bearer a'],
  ['the cookie', { cookie: 'x=y; faultline_token=a%2Bb; z=1' }, 'Bearer a+b'],
  ['no cookie of another name', { cookie: 'not_faultline_token=a' }, undefined],
  ['no cookie that is not encoded', { cookie: 'faultline_token=%' }, undefined],
  ['no empty cookie', { cookie: 'faultline_token=' }, undefined],
  ['nothing', {}, undefined],
])('reads %s', (_what, headers, expected) => expect(authorizationOf(headers)).toBe(expected));
