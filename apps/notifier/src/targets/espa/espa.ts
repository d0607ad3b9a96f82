import type { Clock, Logger } from '@vigilia/service';
import type { EspaTarget } from '../../config/espa-schema.ts';
import type { AlertMessage } from '../alert-message.ts';
import { SendError, type Target } from '../target.ts';
import { blockHeader, type EspaBlock, encodeBlock, record } from './block.ts';
import { type Call, OpenCalls } from './calls.ts';
import { type Line, serialLine, tcpLine } from './line.ts';
import { EspaLink } from './link.ts';
import { lineText } from './text.ts';

const callType = { cancel: '1', standard: '3' } as const;

/** Names of the values of record 7 that reports use. */
const callStatuses: Readonly<Record<string, string>> = {
  '1': 'busy',
  '2': 'queued',
  '3': 'paged',
  '4': 'absent',
  '5': 'terminated',
};

/** Calls people through a nurse-call or paging system with ESPA 4.4.4, and cancels the call. */
export function createEspa(name: string, settings: EspaTarget, clock: Clock, logger?: Logger): Target {
  const link = new EspaLink({
    line: lineOf(settings),
    station: stationOf(settings),
    pollIntervalMs: settings.poll_interval_s * 1000,
    linkTimeoutMs: settings.link_timeout_s * 1000,
    clock,
    onBlock: (block) => reportStatus(name, block, logger),
  });
  const calls = new OpenCalls();
  const call = async (one: Call, signal: AbortSignal): Promise<void> => {
    await link.send(callBlock(settings, one, callType.standard), signal);
    if (settings.ask_status) {
      await link.send(statusRequest(one), signal).catch(() => undefined);
    }
  };
  /** Returns false when the system refuses it: the call has ended there, such as by an earlier cancellation. */
  const cancel = async (one: Call, signal: AbortSignal): Promise<boolean> => {
    try {
      await link.send(callBlock(settings, one, callType.cancel), signal);
      return true;
    } catch (error) {
      if (!(error instanceof SendError) || error.code !== 'refused') throw error;
      const fields = { event: 'espa_cancel_refused', target: name, call_address: one.address };
      logger?.warn(fields, 'the nurse-call system refused a cancellation; the call counts as ended');
      return false;
    }
  };
  return {
    name,
    type: 'espa',
    timeoutMs: settings.timeout_s * 1000,
    link: {
      start: () => link.start(),
      stop: () => link.stop(),
      lostForMs: () => link.lostForMs,
    },
    recall: (message) => {
      const one = callOf(settings, message);
      if (message.step === 'reopened') return;
      if (!isNews(message.step)) {
        calls.called(one);
      } else if (endsCall(message.step, settings)) {
        calls.ended(one);
      }
    },
    send: async (message, signal) => {
      const { step } = message;
      // an alarm that goes on calls by itself
      if (step === 'reopened') return;
      const one = callOf(settings, message);
      if (!isNews(step)) {
        await call(one, signal);
        if (step !== 'test') {
          calls.called(one);
        }
        return;
      }
      const cancelled = settings.cancel_on.includes(step) && (await cancel(one, signal));
      if (endsCall(step, settings)) {
        calls.ended(one);
      }
      // A system that cancels by address alone has cancelled these too.
      if (cancelled) {
        for (const other of calls.of(one.address)) {
          await call(other, signal);
        }
      }
    },
  };
}

type News = EspaTarget['cancel_on'][number];

/** Every other step calls people. */
function isNews(step: AlertMessage['step']): step is News {
  return step === 'acknowledged' || step === 'recovered' || step === 'closed';
}

/** A call that the site does not want to cancel is over with its incident. */
function endsCall(step: News, { cancel_on: cancelOn }: EspaTarget): boolean {
  return step === 'closed' || cancelOn.includes(step);
}

function callOf(settings: EspaTarget, message: AlertMessage): Call {
  const { source_id: room } = message.facts;
  const address = (room === undefined ? undefined : settings.room_addresses[String(room)]) ?? settings.call_address;
  const text = lineText(message.calledAs, settings.charset, settings.max_text);
  return { id: message.threadId, address, text, priority: String(settings.priority[message.severity]) };
}

function callBlock({ beep }: EspaTarget, { address, text, priority }: Call, type: string): Uint8Array {
  return encodeBlock({
    header: blockHeader.call,
    records: [
      [record.callAddress, address],
      [record.displayMessage, text],
      [record.beepCoding, String(beep)],
      [record.callType, type],
      [record.transmissions, '1'],
      [record.priority, priority],
    ],
  });
}

function statusRequest({ address, text }: Call): Uint8Array {
  return encodeBlock({
    header: blockHeader.statusRequest,
    records: [
      [record.callAddress, address],
      [record.displayMessage, text],
    ],
  });
}

function reportStatus(target: string, { header, records }: EspaBlock, logger: Logger | undefined): void {
  if (header !== blockHeader.statusInformation) return;
  const values = new Map(records);
  const code = values.get(record.callStatus);
  const fields = {
    event: 'espa_status',
    target,
    call_address: values.get(record.callAddress),
    call_status: code === undefined ? undefined : (callStatuses[code] ?? code),
    system_status: values.get(record.systemStatus),
  };
  logger?.info(fields, 'the nurse-call system reported a status');
}

function lineOf({ host, port, serial }: EspaTarget): Line {
  if (serial !== undefined) return serialLine(serial);
  if (host === undefined || port === undefined) throw new TypeError('The target has neither a host nor a serial port.');
  return tcpLine(host, port);
}

function stationOf(settings: EspaTarget) {
  const [own, other] = settings.role === 'control' ? ['1', '2'] : ['2', '1'];
  return {
    role: settings.role,
    address: settings.address ?? own,
    peer: settings.peer ?? other,
    replyTimeoutMs: settings.reply_timeout_s * 1000,
    attempts: settings.attempts,
  };
}
