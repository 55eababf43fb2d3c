import { useEffect, useState } from 'preact/hooks';
import {
  type Catalogue,
  getCatalogue,
  type KeptPayload,
  listPayloads,
  type TrialResult,
  tryMapping,
} from '../api/client.ts';
import type { LiveProps } from '../list/live.tsx';
import { words } from '../words.ts';
import { connectionAfter } from './live.tsx';
import { headersOf, type MappingFields, MappingPage } from './mapping.tsx';

/** The mapping page with what the server knows. */
export function LiveMapping({ source, onConnection }: Pick<LiveProps, 'onConnection'> & { readonly source: string }) {
  const [fields, setFields] = useState<MappingFields>({ source, expression: '', body: '', headers: '' });
  const [catalogue, setCatalogue] = useState<Catalogue | null>(null);
  const [payloads, setPayloads] = useState<readonly KeptPayload[]>([]);
  const [result, setResult] = useState<TrialResult | null>(null);
  const [problem, setProblem] = useState('');
  const fail = (error: unknown) => setProblem(error instanceof Error ? error.message : String(error));
  useEffect(() => {
    document.title = `${words.tryMapping} · Faultline`;
    getCatalogue().then(
      (found) => {
        setCatalogue(found);
        onConnection({ state: 'live' });
        const own = found.sources.find(({ name }) => name === source);
        setFields((before) => ({ ...before, expression: before.expression || (own?.expression ?? '') }));
      },
      (error: unknown) => onConnection(connectionAfter(error, Date.now())),
    );
  }, [source]);
  useEffect(() => {
    setPayloads([]);
    if (catalogue?.keepsPayloads !== true || fields.source === '') return;
    listPayloads(fields.source).then(({ payloads: found }) => setPayloads(found), fail);
  }, [fields.source, catalogue]);
  const onTry = () => {
    setProblem('');
    const { headers, body, expression } = fields;
    tryMapping({ source: fields.source || 'trial', expression, body, headers: headersOf(headers) }).then(
      setResult,
      fail,
    );
  };
  const onFields = (changed: Partial<MappingFields>) => setFields((before) => ({ ...before, ...changed }));
  return <MappingPage {...{ fields, catalogue, payloads, result, problem, onFields, onTry }} />;
}
