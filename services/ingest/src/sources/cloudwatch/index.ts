/** Alarms of Amazon CloudWatch through SNS. */
import { parseJson } from '../../json.ts';
import { readExpression } from '../../mapping/read-expression.ts';
import { mappingRoute } from '../../mapping/route.ts';
import { type Prepared, type Route, refuse, type SourceContext, type SourceRequest } from '../../source.ts';
import { defineSource } from '../../source-definition.ts';
import { readSns, type SnsMessage } from './sns.ts';

const name = 'cloudwatch';
const expression = readExpression(new URL('mapping.jsonata', import.meta.url));
const alarms = mappingRoute({ source: name, path: '/ingest/cloudwatch', expression, signal: 'alerts' });

async function prepare(request: SourceRequest, context: SourceContext): Promise<Prepared> {
  const json = parseJson(request.bytes, context.config.limits);
  if (!json.ok) return json;
  const read = await readSns(json.value, request.receivedAtMs, context.getText);
  if (!read.ok) return refuse(400, read.problem.code, read.problem.reason);
  const { message } = read;
  if (message.type !== 'notification') return ignored(await outcomeOf(message, context), request);
  const alarm = parseJson(Buffer.from(message.text), context.config.limits);
  if (!alarm.ok) return ignored('a message of SNS that is no alarm', request);
  const bytes = Buffer.from(message.text);
  return (
    (await alarms.prepare?.({ ...request, bytes, contentType: 'application/json' }, context)) ?? { ok: true, request }
  );
}

/** Confirms a subscription. Says what became of the message. */
async function outcomeOf(message: Exclude<SnsMessage, { type: 'notification' }>, { getText }: SourceContext) {
  if (message.type === 'other') return `a message of the type ${message.name}`;
  const isConfirmed = (await getText(message.url)) !== null;
  return `the subscription to ${message.topic}, which ${isConfirmed ? 'is now confirmed' : 'could not be confirmed'}`;
}

function ignored(reason: string, request: SourceRequest): Prepared {
  return { ok: true, request: { ...request, mapped: { ignored: [reason] } } };
}

const route: Route = { ...alarms, prepare };

export const cloudwatch = defineSource({
  name,
  title: 'Amazon CloudWatch',
  kinds: ['alerts'],
  routes: [route],
  docs: {
    summary: 'Alarms of Amazon CloudWatch, through a topic of SNS. The signature of each message is checked.',
    setup: [
      'Create an SNS topic, and choose it as action of the alarms, for *In alarm* and for *OK*.',
      'Create a subscription with the protocol HTTPS and the endpoint `https://FAULTLINE/ingest/cloudwatch?token=TOKEN`. Leave *raw message delivery* off.',
      'Faultline confirms the subscription by itself. It must reach `sns.REGION.amazonaws.com` for that, and for the certificate.',
    ],
    reads: [
      'Alarm and OK of alarms, with the dimensions of the metric: they say which function, table or queue it is about',
    ],
    ignores: ['Messages of other senders to the topic, and the state INSUFFICIENT_DATA: the answer names them'],
  },
});
