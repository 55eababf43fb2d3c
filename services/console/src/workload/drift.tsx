import type { Workload } from '../api/types.ts';
import { QueryView } from '../incident/query.tsx';
import { dayTime } from '../part/format.ts';
import { AcceptDrift } from './accept.tsx';
import { againstWords, workloadWords } from './words.ts';

type Drift = Workload['drift'][number];

/** Where the workload differs from what is expected of it, what is open first. */
export function DriftList({ drift, nowMs }: Pick<Workload, 'drift'> & { readonly nowMs: number }) {
  if (drift.length === 0) return null;
  return (
    <section class="card">
      <h2>{workloadWords.drift}</h2>
      <ul class="plain">
        {drift
          .toSorted((a, b) => Number(a.acceptance !== null) - Number(b.acceptance !== null))
          .map((one) => (
            <li key={one.id} class={one.acceptance === null ? '' : 'quiet'}>
              <Difference drift={one} />
              {one.acceptance === null && <AcceptDrift driftId={one.id} nowMs={nowMs} />}
            </li>
          ))}
      </ul>
    </section>
  );
}

function Difference({ drift }: { readonly drift: Drift }) {
  const { path, against, reference, actor, since, risk, riskReason, acceptance, repair } = drift;
  return (
    <>
      <code>{path}</code>
      <p dir="auto">
        {valueText(drift.value, drift)} → <b>{valueText(drift.expected, drift)}</b> {againstWords[against] ?? against}{' '}
        {reference}
      </p>
      <p class="quiet">
        {workloadWords.risk(risk)}
        {riskReason === '' ? '' : `: ${riskReason}`}
        {since === null ? '' : ` · ${workloadWords.sinceThen(dayTime(since))}`}
        {actor === '' ? '' : ` · ${workloadWords.by(actor)}`}
      </p>
      {acceptance !== null && (
        <p dir="auto">
          {workloadWords.accepted(acceptance.actor, acceptance.until === null ? '' : dayTime(acceptance.until))}:{' '}
          {acceptance.reason}
        </p>
      )}
      <QueryView query={repair?.command ?? ''} title={workloadWords.repair} />
    </>
  );
}

function valueText(value: string, { isHashed }: Pick<Drift, 'isHashed'>): string {
  if (value === '') return workloadWords.absent;
  return isHashed ? workloadWords.hidden : value;
}
