/** Which stage a sample of the main thread belongs to. */
import type { Profiler } from 'node:inspector';

export const stages = [
  'receive',
  'decode',
  'encode',
  'log',
  'read',
  'join',
  'insert',
  'views',
  'merges',
  'evidence',
  'garbage',
  'other',
] as const;
export type Stage = (typeof stages)[number];

/** The first match counts. */
const stageOfPath: readonly (readonly [RegExp, Stage])[] = [
  [/\/ingest\/src\/(sources|attributes|entities|labels|field|service-names)/, 'decode'],
  [/\/ingest\/src\/(block|record|publisher)/, 'encode'],
  [/\/ingest\/src\//, 'receive'],
  [/\/bus\/src\//, 'log'],
  [/\/recorder\/src\/partition\/(checkpoint-reader|recover)/, 'read'],
  [/\/recorder\/src\//, 'join'],
  [/\/store\/src\/(encode|insert|columns|binary)/, 'insert'],
  [/\/store\/src\/queries\//, 'evidence'],
  [/\/(chdb|@clickhouse)\//, 'insert'],
  [/\/(correlation|correlator)\/src\//, 'evidence'],
  [/\/(fastify|find-my-way|light-my-request|@fastify)\//, 'receive'],
  [/^node:(http|net|internal\/(http|stream_base)|_http|zlib)/, 'receive'],
];
/** The codec works for whoever calls it. */
const codec = /\/model\/src\/codec/;

/** Microseconds by stage. `garbage` is the collector, `other` what has no frames and the rest of the program. */
export function stageTimes(profile: Profiler.Profile): Record<Stage, number> {
  const sums = Object.fromEntries(stages.map((stage) => [stage, 0])) as Record<Stage, number>;
  const stageOf = stagesOfNodes(profile);
  const { samples = [], timeDeltas = [] } = profile;
  for (const [index, id] of samples.entries()) {
    const stage = stageOf.get(id);
    if (stage !== undefined) sums[stage] += Math.max(0, timeDeltas[index] ?? 0);
  }
  return sums;
}

/** A node without a stage of its own has that of its caller. Idle nodes are left out. */
function stagesOfNodes({ nodes }: Profiler.Profile): ReadonlyMap<number, Stage> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stageOf = new Map<number, Stage>();
  const visit = (id: number, inherited: Stage): void => {
    const node = byId.get(id);
    if (node === undefined || node.callFrame.functionName === '(idle)') return;
    const isCollector = node.callFrame.functionName === '(garbage collector)';
    const stage = isCollector ? 'garbage' : stageOfFrame(node.callFrame.url, inherited);
    stageOf.set(id, stage);
    for (const child of node.children ?? []) visit(child, stage);
  };
  const [root] = nodes;
  if (root !== undefined) visit(root.id, 'other');
  return stageOf;
}

function stageOfFrame(url: string, inherited: Stage): Stage {
  if (codec.test(url)) return inherited === 'join' ? 'read' : inherited === 'receive' ? 'encode' : inherited;
  return stageOfPath.find(([path]) => path.test(url))?.[1] ?? (inherited === 'other' ? 'other' : inherited);
}
