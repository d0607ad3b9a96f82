import type { Clock, Logger } from '@vigilia/service';
import type { EspaXTarget } from '../../config/espa-x-schema.ts';
import type { AlertMessage } from '../alert-message.ts';
import { tcpLine, tlsLine } from '../espa/line.ts';
import { type AcceptedCall, SendError, type Target } from '../target.ts';
import type { EspaXPacket } from './packet.ts';
import { EspaXSession } from './session.ts';

const priorities = { critical: 'Emergency', warning: 'High', info: 'Standard' } as const;
const signals = { critical: 'Emergency', warning: 'Urgent', info: 'Standard' } as const;
/** Calls older than the newest this many cannot be accepted any more. */
const mostCalls = 200;

/** Calls people through an alarm server with ESPA-X 1.00, stops the call, and hears who accepted it. */
export function createEspaX(
  name: string,
  settings: EspaXTarget,
  password: string,
  options: { clock: Clock; logger?: Logger | undefined; onAccepted?: ((call: AcceptedCall) => void) | undefined },
): Target {
  const { clock, logger, onAccepted } = options;
  /** Incident of each call. */
  const incidents = new Map<string, string>();
  const session = new EspaXSession({
    line: (settings.tls ? tlsLine : tcpLine)(settings.host, settings.port),
    user: settings.user,
    password,
    heartbeatMs: settings.heartbeat_s * 1000,
    linkTimeoutMs: settings.link_timeout_s * 1000,
    clock,
    onIndication: (packet) => {
      const status = statusOf(packet);
      logger?.info({ event: 'espa_status', target: name, ...status }, 'the alarm server reported a status');
      const incidentId = incidents.get(packet.fields['CP-PR-REF'] ?? '');
      const accepted = packet.name === 'IND.P-EVENT' && packet.fields['SS-RESULT'] === 'Accepted';
      if (!accepted || incidentId === undefined || !settings.acknowledge) return;
      onAccepted?.({ incidentId, by: (status.person?.trim() || name).slice(0, 64) });
    },
  });
  return {
    name,
    type: 'espa-x',
    timeoutMs: settings.timeout_s * 1000,
    link: {
      start: () => session.start(),
      stop: () => session.stop(),
      lostForMs: () => session.lostForMs,
    },
    recall: ({ threadId, facts }) => {
      if (facts.incident_id !== undefined) {
        remember(incidents, threadId, facts.incident_id);
      }
    },
    send: async (message, signal) => {
      const { step, threadId, facts } = message;
      // an alarm that goes on calls by itself
      if (step === 'reopened') return;
      if (step === 'acknowledged' || step === 'recovered' || step === 'closed') {
        if (settings.cancel_on.includes(step)) {
          await stopCall(session, threadId, signal);
        }
        return;
      }
      // before the request: the server may report that the call was accepted together with its answer
      if (facts.incident_id !== undefined) {
        remember(incidents, threadId, facts.incident_id);
      }
      const answer = await session.request('REQ.P-START', callOf(settings, message), signal);
      // 450: people are still being called.
      check(answer, ['200', '450']);
    },
  };
}

async function stopCall(session: EspaXSession, reference: string, signal: AbortSignal): Promise<void> {
  const answer = await session.request('REQ.P-STOP', { 'CP-PR-REF': reference, 'CP-PR-MASK': 'All' }, signal);
  // 404 and 410: the call has ended by itself.
  check(answer, ['200', '404', '410']);
}

function remember(incidents: Map<string, string>, reference: string, incidentId: string): void {
  incidents.set(reference, incidentId);
  if (incidents.size > mostCalls) {
    incidents.delete(incidents.keys().next().value ?? '');
  }
}

function callOf(settings: EspaXTarget, message: AlertMessage): Record<string, string> {
  const { threadId, severity, calledAs, text, facts } = message;
  const own = facts.source_id === undefined ? undefined : settings.rooms[String(facts.source_id)];
  const { phone, group } = own ?? settings.to;
  const fields: Record<string, string> = {
    'CP-PR-REF': threadId,
    'CP-CALLINGNAME': short(facts.room_name ?? 'Vigilia', 24),
    'CP-TEXTMSG': short(`${calledAs}. ${text}`, 160),
    'CP-SIGNAL': signals[severity],
    'CP-PRIO': priorities[severity],
    'CP-PR-DETAILS': 'All',
  };
  if (group !== undefined) {
    fields['CP-GROUPID'] = group;
  }
  if (phone !== undefined) {
    fields['CP-PHONENO'] = phone;
  }
  return fields;
}

function check({ fields }: EspaXPacket, expected: readonly string[]): void {
  const code = fields['RSP-CODE'] ?? 'no code';
  if (expected.includes(code)) return;
  const busy = code === '503' || code === '409' || code === '406';
  throw new SendError({
    code: busy ? 'busy' : 'refused',
    message: `The alarm server answered ${code}.`,
    remedy: busy
      ? 'The call is sent again. Check the log of the alarm server.'
      : 'Check the destination in the alerts file, and the log of the alarm server.',
  });
}

function statusOf({ name, fields }: EspaXPacket) {
  return {
    indication: name,
    person: fields['SS-NETW-NAME'] ?? fields['SS-NETW-NO'],
    call_status: fields['SS-RESULT'] ?? fields['SS-STATUS'] ?? fields['SP-RESULT'] ?? fields['SP-STATUS'],
    system_status: fields['S-HEALTH'],
  };
}

function short(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}…`;
}
