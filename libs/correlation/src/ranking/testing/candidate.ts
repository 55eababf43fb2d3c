/** Candidates for tests of what is said about them. */
import type { Candidate } from '../probability/candidate.ts';
import { finding } from './evidence.ts';

/** A likely cause with one finding about it. */
export function candidate(service: string, fields: Partial<Candidate> = {}): Candidate {
  const findings = [finding({ service })];
  return { service, instance: '', kind: 'latency', logOdds: 4, probability: 0.9, findings, ...fields };
}
