/** The tools that teams run in CI accept every patch. */
import { checkConfigOf } from '@faultline/servers';
import { expect, it } from 'vitest';
import { demotedPatch, inhibitionPatch, steadyPatch } from './patch.ts';
import { aFiring } from './testing/history.ts';

const unknown = aFiring(0, { url: '', name: 'a"b' });

it.each([
  ['a demoted rule', demotedPatch([aFiring(0)])],
  ['a muted route', demotedPatch([unknown])],
  ['a rule that is kept firing', steadyPatch([aFiring(0)], 90_000)],
  ['a route that waits', steadyPatch([unknown], 90_000)],
  ['an inhibition', inhibitionPatch('DatabaseSlow', 'a"b', ['cluster', 'service'])],
])(
  '%s',
  async (_what, { target, yaml }) => {
    const tool = target === 'alertmanager' ? 'alertmanager' : 'prometheus-rules';
    expect(await checkConfigOf(tool, yaml)).toContain('SUCCESS');
  },
  60_000,
);
