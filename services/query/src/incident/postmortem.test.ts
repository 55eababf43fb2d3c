import { anIncident, aResolvedIncident, startedAtMs } from '@faultline/model/testing';
import { expect, it } from 'vitest';
import { postmortem } from './postmortem.ts';

const stages = {
  onsetMs: startedAtMs,
  detectedMs: startedAtMs + 20_000,
  pagedMs: startedAtMs + 22_000,
  acknowledgedMs: null,
  causeNamedMs: startedAtMs + 200_000,
  actionMs: startedAtMs + 300_000,
  action: 'rolled back | 1.4',
  recoveredMs: startedAtMs + 600_000,
};

it('shows each stage with its distance from the onset', () => {
  const lines = postmortem(aResolvedIncident({ stages })).split('\n');
  expect(lines).toContain('| Detected | 2026-03-01T14:02:20Z | 0 min 20 s |  |');
  expect(lines).toContain('| Acknowledged | not known | | |');
  expect(lines).toContain('| Cause named | 2026-03-01T14:05:20Z | 3 min 20 s |  |');
  expect(lines).toContain('| Action | 2026-03-01T14:07:00Z | 5 min 0 s | rolled back \\| 1.4 |');
});

it('is the same text for the same incident, and names no cause that is not identified as one', () => {
  expect(postmortem(anIncident({ stages }))).toBe(postmortem(anIncident({ stages })));
  expect(postmortem(anIncident({ verdict: 'inconclusive' }))).toContain('Not identified. Most likely:');
  expect(postmortem(anIncident({ hypotheses: [] }))).toContain('No cause was found.');
});

it('what people and alerts say stays text', () => {
  const text = postmortem(anIncident({ title: '# [x](javascript:y) <b>\n## forged' }));
  expect(text.split('\n')[0]).toBe('# \\# \\[x\\](javascript:y) \\<b\\> \\#\\# forged');
});
