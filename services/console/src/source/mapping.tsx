import type { Catalogue, KeptPayload, TrialResult } from '../api/client.ts';
import { dayTime } from '../part/format.ts';
import { words } from '../words.ts';

export interface MappingFields {
  /** Empty: a source that there is not yet. */
  readonly source: string;
  readonly expression: string;
  readonly body: string;
  /** `NAME=VALUE`, one in a line. */
  readonly headers: string;
}

export interface MappingPageProps {
  readonly fields: MappingFields;
  readonly catalogue: Catalogue | null;
  readonly payloads: readonly KeptPayload[];
  /** Null: nothing was tried yet. */
  readonly result: TrialResult | null;
  readonly problem: string;
  readonly onFields: (changed: Partial<MappingFields>) => void;
  readonly onTry: () => void;
}

/** A body, a mapping, and what comes of both. */
export function MappingPage(props: MappingPageProps) {
  const { fields, catalogue, result, problem, onFields, onTry } = props;
  const mapped = catalogue?.sources.filter(({ expression }) => expression !== '') ?? [];
  const choose = (source: string) =>
    onFields({ source, expression: mapped.find(({ name }) => name === source)?.expression ?? '' });
  return (
    <div class="mapping">
      <h1>{words.tryMapping}</h1>
      <label>
        {words.source}{' '}
        <select value={fields.source} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">{words.ownMapping}</option>
          {mapped.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <Payloads {...props} />
      <Area label={words.bodyField} name="body" {...props} />
      <Area label={words.headerField} name="headers" {...props} />
      <Area label={words.mappingField} name="expression" {...props} />
      <button type="button" disabled={fields.body === '' || fields.expression === ''} onClick={onTry}>
        {words.tryIt}
      </button>
      {problem !== '' && <p role="alert">{problem}</p>}
      {result !== null && <Result result={result} />}
    </div>
  );
}

function Area({
  label,
  name,
  fields,
  onFields,
}: MappingPageProps & { readonly label: string; readonly name: 'body' | 'headers' | 'expression' }) {
  return (
    <label class="area">
      {label}
      <textarea
        name={name}
        rows={name === 'headers' ? 2 : 12}
        spellcheck={false}
        value={fields[name]}
        onInput={(event) => onFields({ [name]: event.currentTarget.value })}
      />
    </label>
  );
}

function Payloads({ payloads, catalogue, fields, onFields }: MappingPageProps) {
  if (catalogue !== null && !catalogue.keepsPayloads) return <p class="quiet">{words.noPayloads}</p>;
  if (fields.source === '') return null;
  return (
    <section>
      <h2>{words.keptPayloads}</h2>
      {payloads.length === 0 && <p class="quiet">{words.noPayload}</p>}
      <ul class="plain">
        {payloads.map((payload) => (
          <li key={payload.id}>
            <time>{dayTime(payload.receivedAt)}</time> {payload.outcome}{' '}
            <button type="button" class="plain" onClick={() => onFields(fieldsOf(payload))}>
              {words.useIt}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The body as people read it, with its headers. */
export function fieldsOf({
  body,
  headers,
}: Pick<KeptPayload, 'body' | 'headers'>): Pick<MappingFields, 'body' | 'headers'> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}=${value}`);
  return { body: JSON.stringify(JSON.parse(body), null, 2), headers: lines.join('\n') };
}

/** Lines without `=` are no header. */
export function headersOf(text: string): Record<string, string> {
  const pairs = text.split('\n').map((line) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(
    pairs.flatMap((pair) => (pair === null ? [] : [[(pair[1] ?? '').toLowerCase(), pair[2] ?? '']])),
  );
}

function Result({ result: { ok, problem, items, notes, refused, missingHeaders } }: { readonly result: TrialResult }) {
  return (
    <section class={ok ? 'card' : 'card card-warn'} aria-live="polite">
      <h2>{words.result}</h2>
      {ok && <p>{words.works}</p>}
      {[problem, ...refused]
        .filter((text) => text !== '')
        .map((text) => (
          <p key={text} role="alert">
            {text}
          </p>
        ))}
      {items.map(({ type, title, fields }, at) => (
        <dl key={`${at}${title}`}>
          <dt>{type}</dt>
          <dd>
            <strong>{title}</strong>
          </dd>
          {fields.map(({ name, value }) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
      ))}
      {notes.map((note) => (
        <p key={note} class="quiet">
          {note}
        </p>
      ))}
      {missingHeaders.map((name) => (
        <p key={name} class="quiet">
          {words.missingHeader(name)}
        </p>
      ))}
    </section>
  );
}
