import type { Workload } from '../api/types.ts';
import { percent } from '../part/format.ts';
import { coresText, memoryText, workloadWords } from './words.ts';

type Container = Workload['rightsizing'][number];
type Use = NonNullable<Container['cpu']>;

/** What each container asks for, what it used, and what is recommended. */
export function Requests({ rightsizing }: Pick<Workload, 'rightsizing'>) {
  if (rightsizing.length === 0) return null;
  return (
    <section class="card">
      <h2>{workloadWords.requests}</h2>
      {rightsizing.map((container) => (
        <ContainerUse key={container.container} container={container} />
      ))}
    </section>
  );
}

function ContainerUse({ container }: { readonly container: Container }) {
  const { cpu, memory, throttledShare, oomKills, reasons } = container;
  return (
    <>
      <h3>{container.container}</h3>
      <table class="use">
        <thead>
          <tr>
            <th />
            <th>{workloadWords.request}</th>
            <th>{workloadWords.limit}</th>
            <th>{workloadWords.used}</th>
            <th>{workloadWords.recommended}</th>
          </tr>
        </thead>
        <tbody>
          {cpu !== null && <UseRow name={workloadWords.cpu} use={cpu} text={coresText} />}
          {memory !== null && <UseRow name={workloadWords.memory} use={memory} text={memoryText} />}
        </tbody>
      </table>
      <ul class="quiet">
        {throttledShare > 0 && <li>{workloadWords.throttled(percent(throttledShare))}</li>}
        {oomKills > 0 && <li>{workloadWords.oomKills(oomKills)}</li>}
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </>
  );
}

interface UseRowProps {
  readonly name: string;
  readonly use: Use;
  readonly text: (value: number) => string;
}

function UseRow({ name, use, text }: UseRowProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{text(use.request)}</td>
      <td>{text(use.limit)}</td>
      <td>
        {text(use.p95)} / {text(use.max)}
      </td>
      <td>
        <b>{text(use.recommendedRequest)}</b>
      </td>
    </tr>
  );
}
