import { expect, it } from 'vitest';
import { alertOf, incidentOf, newEvidence, played, stepOf } from '../testing/played.ts';
import { openingDomainOf } from './reason.ts';
import { viewIncident } from './view.ts';

const player = () => played('0s alert cart Slow', '0s alert db Slow', '0.2s answer settled edges=cart->db cause=db');

it('a view follows the state', () => {
  const known = player();
  const view = viewIncident(known.state, incidentOf(known));
  expect([view.firing, view.services, view.cause]).toEqual([2, ['cart', 'db'], 'db']);
  stepOf(known).changeAlert(alertOf(known, 'Slow/db'), { status: 'resolved', endsAtMs: known.atMs });
  expect(view.firing).toBe(1);
});

it('an incident can be judged by other evidence than its own', () => {
  const known = player();
  const evidence = newEvidence({ cause: 'cache' });
  const view = viewIncident(known.state, incidentOf(known), { evidence, cause: 'cache' });
  expect([view.cause, view.evidence]).toEqual(['cache', evidence]);
  // Even by none.
  expect(viewIncident(known.state, incidentOf(known), { evidence: undefined, cause: null }).cause).toBeNull();
});

it('its failure domain is that of the opening alert, never of a later one', () => {
  const about = played('0s alert - Unreachable zone=a', '0.1s alert - Unreachable zone=b fp=b');
  expect(openingDomainOf(viewIncident(about.state, incidentOf(about)))).toBe('zone:a');
  expect(openingDomainOf(viewIncident(player().state, incidentOf(player())))).toBe('');
});
