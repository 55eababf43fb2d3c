import type { Evidence, Hypothesis, Incident } from '../api/types.ts';
import { entityName, timeOfDay, withArrows } from '../part/format.ts';
import { workloadPathOf } from '../part/route.ts';
import { causeKindText, certaintyText, words } from '../words.ts';
import { QueryView } from './query.tsx';
import { splitEvidence, splitHypotheses, strength } from './verdict.ts';

/** The causes considered, most likely first. The first is open. */
export function Hypotheses({ incident }: { readonly incident: Pick<Incident, 'hypotheses' | 'evidenceState'> }) {
  const { hypotheses, evidenceState } = incident;
  if (hypotheses.length === 0)
    return <p class="quiet">{evidenceState === 'settled' ? words.noHypothesisSettled : words.noHypothesis}</p>;
  const { likely, lessLikely } = splitHypotheses(hypotheses);
  return (
    <>
      <HypothesisList hypotheses={likely} />
      {lessLikely.length > 0 && (
        <details class="less-likely">
          <summary>{words.lessLikely(lessLikely.length)}</summary>
          <HypothesisList hypotheses={lessLikely} />
        </details>
      )}
    </>
  );
}

function HypothesisList({ hypotheses }: { readonly hypotheses: readonly Hypothesis[] }) {
  return (
    <ol class="hypotheses">
      {hypotheses.map((hypothesis) => (
        <li key={`${hypothesis.cause.service}/${hypothesis.cause.kind}`}>
          <HypothesisView hypothesis={hypothesis} />
        </li>
      ))}
    </ol>
  );
}

function HypothesisView({ hypothesis }: { readonly hypothesis: Hypothesis }) {
  const { cause, probability, rank } = hypothesis;
  const { evidenceFor, evidenceAgainst } = splitEvidence(hypothesis);
  return (
    <details class="hypothesis" open={rank === 1}>
      <summary>
        <span class="rank" aria-hidden="true">
          {rank}
        </span>
        <span class="cause">
          <strong>{cause.service}</strong> <span>{causeKindText(cause.kind)}</span>
        </span>
        <meter min={0} max={1} value={probability} aria-label={words.probability} />
        <b class="odds">{certaintyText(hypothesis)}</b>
      </summary>
      <div class="hypothesis-body">
        <Origin hypothesis={hypothesis} />
        <EvidenceList title={words.evidenceFor} evidence={evidenceFor} sign="+" />
        <EvidenceList title={words.evidenceAgainst} evidence={evidenceAgainst} sign="−" />
        <RefutationView refutation={hypothesis.refutation} />
      </div>
    </details>
  );
}

/** The sentence, with a link to the page of the workload where it is the fault of one. */
function FaultText({ fault }: { readonly fault: NonNullable<Hypothesis['fault']> }) {
  const path = workloadPathOf(fault.object);
  return path === null ? fault.text : <a href={path}>{fault.text}</a>;
}

function Origin({ hypothesis: { since, cause, change, path, fault } }: { readonly hypothesis: Hypothesis }) {
  return (
    <dl class="facts">
      {fault !== null && (
        <>
          <dt>{words.fault}</dt>
          <dd dir="auto">
            <FaultText fault={fault} />
          </dd>
          {fault.field !== '' && (
            <>
              <dt>{words.field}</dt>
              <dd>
                <code>{fault.field}</code>
              </dd>
            </>
          )}
        </>
      )}
      {since !== null && (
        <>
          <dt>{words.since}</dt>
          <dd>{timeOfDay(since)}</dd>
        </>
      )}
      {cause.instance !== '' && (
        <>
          <dt>{words.where}</dt>
          <dd>{cause.instance}</dd>
        </>
      )}
      {change !== null && (
        <>
          <dt>{words.change}</dt>
          <dd>{change.summary}</dd>
        </>
      )}
      {path.length > 1 && (
        <>
          <dt>{words.spreads}</dt>
          <dd>{path.join(' → ')}</dd>
        </>
      )}
    </dl>
  );
}

interface EvidenceListProps {
  readonly title: string;
  readonly evidence: readonly Evidence[];
  readonly sign: string;
}

function EvidenceList({ title, evidence, sign }: EvidenceListProps) {
  if (evidence.length === 0) return null;
  return (
    <section class={`evidence evidence-${sign === '+' ? 'for' : 'against'}`}>
      <h3>{title}</h3>
      <ul>
        {evidence.map((item) => (
          <li key={`${item.kind}${item.entity}${item.summary}`}>
            <span class="weight" title={`${item.weight.toFixed(2)} log-odds`}>
              {sign.repeat(strength(item.weight))}
            </span>
            <div>
              <p dir="auto">{withArrows(item.summary)}</p>
              <p class="quiet">
                {/^(fault|change):/.test(item.entity) ? '' : entityName(item.entity)}
                {(item.before !== '' || item.during !== '') && (
                  <span class="shift">
                    {item.before || 'none'} → <b>{item.during || 'none'}</b>
                  </span>
                )}
              </p>
              <QueryView query={item.query} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function RefutationView({ refutation }: Pick<Hypothesis, 'refutation'>) {
  if (refutation.test === '') return null;
  return (
    <section class="refutation">
      <h3>{words.checked}</h3>
      <p>{refutation.test}</p>
      <p>
        <b>{refutation.result === '' ? words.notChecked : refutation.result}</b>
      </p>
    </section>
  );
}
