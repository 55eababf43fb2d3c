import { expect, it } from 'vitest';
import { type TokenPlace, tokenOf } from './token.ts';

const of = (headers: Record<string, string>, query: Record<string, unknown> = {}, places?: readonly TokenPlace[]) =>
  tokenOf({ headers, query }, places);
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

it('a token is read from the header, the password or the address', () => {
  expect(of({ authorization: 'Bearer flt_1' })).toBe('flt_1');
  expect(of(basic('user:flt_1'))).toBe('flt_1');
  expect(of(basic('user:a:b'))).toBe('a:b');
  expect(of({}, { token: 'flt_1' })).toBe('flt_1');
});

it('what holds no token gives none', () => {
  expect([of({}), of(basic('user:')), of(basic('user')), of({}, { token: ['a', 'b'] }), of({}, { token: '' })]).toEqual(
    [null, null, null, null, null],
  );
});

it('a header of the sender carries the token after its prefix', () => {
  const genie: readonly TokenPlace[] = [{ header: 'authorization', prefix: 'GenieKey ' }];
  expect(of({ authorization: 'GenieKey flt_1' }, {}, genie)).toBe('flt_1');
  expect(of({ authorization: 'GenieKey ' }, {}, genie)).toBe(null);
  expect(of({ authorization: 'Bearer flt_1' }, {}, genie)).toBe(null);
  expect(of({ 'x-gitlab-token': 'flt_1' }, {}, [{ header: 'x-gitlab-token' }])).toBe('flt_1');
});
