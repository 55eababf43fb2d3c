import type { Incident } from '../api/types.ts';
import type { Direction } from '../graph/geometry.ts';
import { GraphView } from '../graph/graph.tsx';
import { timeOfDay } from '../part/format.ts';
import { words } from '../words.ts';
import { Actions } from './actions.tsx';
import { Alerts } from './alerts.tsx';
import { Headline } from './headline.tsx';
import { Hypotheses } from './hypothesis.tsx';
import { Changes, Concurrent, Missing, Owners, Remediations, Similar, Stages, Timeline } from './side.tsx';

export interface IncidentPageProps {
  readonly incident: Incident;
  readonly nowMs: number;
  readonly direction: Direction;
}

/** One incident, most needed first. */
export function IncidentPage({ incident, nowMs, direction }: IncidentPageProps) {
  return (
    <article class="incident">
      <Headline incident={incident} nowMs={nowMs} />
      <Actions incident={incident} />
      <div class="columns">
        <div class="column-main">
          <section class="card">
            <h2>{words.spread}</h2>
            <GraphView
              graph={incident.graph}
              path={incident.hypotheses[0]?.path ?? []}
              direction={direction}
              updatedAt={incident.updatedAt}
            />
          </section>
          <section class="card">
            <h2>{words.why}</h2>
            <Hypotheses incident={incident} />
          </section>
        </div>
        <div class="column-side">
          <Owners incident={incident} />
          <Changes incident={incident} />
          <Missing incident={incident} />
          <Concurrent incident={incident} />
          <Remediations incident={incident} />
          <Similar incident={incident} />
          <Stages incident={incident} />
          <Timeline incident={incident} />
        </div>
      </div>
      <Alerts incident={incident} />
      <footer class="quiet">
        Revision {incident.revision} at {timeOfDay(incident.updatedAt)} · times are yours (
        {Intl.DateTimeFormat().resolvedOptions().timeZone}) · {incident.id}
      </footer>
    </article>
  );
}
