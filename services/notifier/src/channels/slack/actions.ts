/** Buttons below a page in Slack, and what comes back from them. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
import { type Incident, isRemediationKind, remediationKinds, remediationLabels } from '@faultline/model';
import {
  acceptedCallback,
  actId,
  type CallbackAction,
  type CallbackAnswer,
  type CallbackCommand,
  type CallbackRequest,
  refusedCallback,
} from '../../callbacks/callback.ts';
import { formatReference, parseReference } from '../../callbacks/reference.ts';
import { isSigned } from '../../callbacks/signature.ts';
import { clip } from '../../page/fit.ts';
import { isObject, listField, parseObject, textField } from '../json-call.ts';
import type { SlackConfig } from './config.ts';

/** Limits of Slack's elements: characters, options of a menu, elements of one block. A press sends one element. */
export const elementLimits = { buttonTextChars: 75, optionValueChars: 150, options: 100, elements: 25 } as const;

const actionIds = {
  acknowledge: 'faultline_acknowledge',
  resolve: 'faultline_resolve',
  notThisCause: 'faultline_not_this_cause',
  restoreCause: 'faultline_restore_cause',
  split: 'faultline_split',
  /** Followed by the kind, as Slack wants an id for each button of a message. */
  worked: 'faultline_worked',
  tried: 'faultline_tried',
} as const;

type Element = Readonly<Record<string, unknown>>;

export interface ActionsBlock {
  readonly type: 'actions';
  /** The incident, for elements that cannot carry it. */
  readonly block_id: string;
  readonly elements: readonly Element[];
}

/** The buttons that make sense in this state. A resolved incident asks what fixed it, until somebody says so. */
export function actionBlocks(incident: Incident): readonly ActionsBlock[] {
  const { status } = incident;
  const reference = formatReference(incident);
  if (status === 'resolved')
    return isAnswered(incident) ? [] : [{ type: 'actions', block_id: reference, elements: remediationButtons() }];
  const elements = [
    ...(status === 'open' ? [button('Acknowledge', actionIds.acknowledge, reference, { style: 'primary' })] : []),
    button('Resolve', actionIds.resolve, reference),
    ...causeButtons(incident),
    triedMenu(),
    ...splitMenu(incident),
  ];
  return [{ type: 'actions', block_id: reference, elements }];
}

/** The value is the service: when two people press at once, both mean the cause that they saw. */
function causeButtons({ verdict, hypotheses: [first], rejectedCauses }: Incident): readonly Element[] {
  const last = rejectedCauses.at(-1)?.service;
  return [
    ...(verdict === 'identified' && first !== undefined
      ? [button('Not this cause', actionIds.notThisCause, first.cause.service)]
      : []),
    ...(last === undefined
      ? []
      : [button(clip(`Undo: not ${last}`, elementLimits.buttonTextChars), actionIds.restoreCause, last)]),
  ];
}

function isAnswered({ remediations = [] }: Incident): boolean {
  return remediations.some(({ worked, actor }) => worked && actor !== '');
}

/** One tap each. Slack shows five elements without a menu. */
const asked = ['rolled-back', 'restarted', 'scaled', 'config-changed', 'false-alarm'] as const;

function remediationButtons(): readonly Element[] {
  return asked.map((kind) => button(remediationLabels[kind], `${actionIds.worked}_${kind}`, kind));
}

/** What did not help is worth as much to whoever comes next. */
function triedMenu(): Element {
  const options = remediationKinds
    .filter((kind) => kind !== 'false-alarm')
    .map((kind) => ({ text: plain(remediationLabels[kind]), value: kind }));
  return { type: 'static_select', placeholder: plain('Did not help'), action_id: actionIds.tried, options };
}

function button(text: string, actionId: string, value: string, extra: Element = {}): Element {
  return { type: 'button', text: plain(text), action_id: actionId, value, ...extra };
}

/** One option for each entity that alerts. A menu of one would split everything off. */
function splitMenu({ alerts }: Incident): readonly Element[] {
  const entities = [...new Set(alerts.map(({ entity }) => entity))].filter(
    (entity) => entity !== '' && entity.length <= elementLimits.optionValueChars,
  );
  if (entities.length < 2) return [];
  const options = entities.slice(0, elementLimits.options).map((entity) => ({
    text: plain(clip(entity, elementLimits.buttonTextChars)),
    value: entity,
  }));
  return [{ type: 'static_select', placeholder: plain('Split'), action_id: actionIds.split, options }];
}

function plain(text: string): Element {
  return { type: 'plain_text', text };
}

const maxAgeSeconds = 300;

/** Verifies the signature (v0) and its time, and reads the buttons that were pressed. */
export function receiveInteraction({ signingSecret }: SlackConfig, request: CallbackRequest): CallbackAnswer {
  if (signingSecret === null) return refusedCallback(404, 'this channel has no signingSecret');
  const timestamp = request.headers['x-slack-request-timestamp'] ?? '';
  const [version = '', signature = ''] = (request.headers['x-slack-signature'] ?? '').split('=', 2);
  const signedText = Buffer.concat([Buffer.from(`v0:${timestamp}:`), request.body]);
  const isKnown = version === 'v0' && isSigned(signingSecret.reveal(), signedText, [signature]);
  // An old request may be a recorded one that somebody sends again.
  const isFresh = Math.abs(request.nowMs / 1000 - Number(timestamp)) <= maxAgeSeconds;
  if (!isKnown || !isFresh) return refusedCallback(401, 'unknown or old signature');
  return acceptedCallback(commandsOf(request.body));
}

function commandsOf(body: Buffer): readonly CallbackCommand[] {
  return commandsOfPayload(parseObject(new URLSearchParams(body.toString()).get('payload') ?? ''), body);
}

/** The buttons of one interaction. `body`: the bytes that stand for it where it has no id. */
export function commandsOfPayload(
  payload: Readonly<Record<string, unknown>>,
  body: Buffer,
): readonly CallbackCommand[] {
  const { user } = payload;
  const actor = textField(user, 'name') || textField(user, 'username') || textField(user, 'id') || 'Slack';
  return listField(payload, 'actions')
    .slice(0, elementLimits.elements)
    .flatMap((element) => {
      // The value may be the name of a service, which whoever sends telemetry chooses. Blocks of older messages carry no incident.
      const reference = parseReference(textField(element, 'block_id')) ?? parseReference(textField(element, 'value'));
      const action = actionOf(element);
      const id = actId('slack', [textField(payload['message'], 'ts'), textField(element, 'action_ts')], body);
      return reference === null || action === null ? [] : [{ id, reference, actor, action }];
    });
}

function actionOf(element: Element): CallbackAction | null {
  const actionId = textField(element, 'action_id');
  if (actionId.startsWith(`${actionIds.worked}_`)) return remediation(textField(element, 'value'), true);
  switch (actionId) {
    case actionIds.tried: {
      const selected = element['selected_option'];
      return isObject(selected) ? remediation(textField(selected, 'value'), false) : null;
    }
    case actionIds.acknowledge:
      return { kind: 'acknowledge' };
    case actionIds.resolve:
      return { kind: 'resolve', resolution: 'resolved in Slack' };
    case actionIds.notThisCause:
      return { kind: 'not-this-cause', service: serviceOf(element) };
    case actionIds.restoreCause:
      return { kind: 'restore-cause', service: serviceOf(element) };
    case actionIds.split: {
      const selected = element['selected_option'];
      return isObject(selected) ? { kind: 'split', entity: textField(selected, 'value') } : null;
    }
    default:
      return null;
  }
}

function remediation(kind: string, worked: boolean): CallbackAction | null {
  return isRemediationKind(kind) ? { kind: 'record-remediation', remediation: kind, worked } : null;
}

/** Buttons of older messages carry the incident instead. */
function serviceOf(element: Element): string {
  const value = textField(element, 'value');
  return parseReference(value) === null ? value : '';
}
