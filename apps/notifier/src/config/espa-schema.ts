import { z } from 'zod';
import { charsets } from './espa-charsets.ts';

const addressSchema = z.string().regex(/^[\x21-\x7e]{1,8}$/, 'must be 1 to 8 printable characters without spaces');
const callAddressSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,16}$/, 'must be 1 to 16 printable characters without spaces');
const digitSchema = z.int().min(1).max(9);

const serialSchema = z.strictObject({
  path: z.string().min(1, 'must be the path of a serial port such as /dev/ttyUSB0'),
  baud: z.int().min(300).max(115_200).default(9600),
  data_bits: z.union([z.literal(7), z.literal(8)]).default(7),
  parity: z.enum(['none', 'even', 'odd']).default('even'),
  stop_bits: z.union([z.literal(1), z.literal(2)]).default(2),
});

/** A nurse-call or paging system that is reached with ESPA 4.4.4. Serial settings as the specification recommends them. */
export const espaSchema = z
  .strictObject({
    type: z.literal('espa'),
    host: z.string().min(1).optional(),
    port: z.int().min(1).max(65_535).optional(),
    serial: serialSchema.optional(),
    /** `control`: Vigilia is the control station. `station`: the nurse-call system polls Vigilia. */
    role: z.enum(['control', 'station']).default('control'),
    /** Own address on the line and that of the nurse-call system; `1` belongs to the control station unless given. */
    address: addressSchema.optional(),
    peer: addressSchema.optional(),
    /** Whom the nurse-call system calls: a pager, a telephone or a group. */
    call_address: callAddressSchema,
    /** Other addresses for single rooms, by the number of the room. */
    room_addresses: z
      .record(z.string().regex(/^\d{1,9}$/, 'must be the number of a room'), callAddressSchema)
      .default({}),
    priority: z
      .strictObject({
        critical: digitSchema.default(1),
        warning: digitSchema.default(2),
        info: digitSchema.default(3),
      })
      .prefault({}),
    beep: digitSchema.default(3),
    /** The steps at which the call is cancelled. */
    cancel_on: z.array(z.enum(['acknowledged', 'recovered', 'closed'])).default(['acknowledged', 'closed']),
    /** Asks for the status of each call. What the system reports unasked is read in any case. */
    ask_status: z.boolean().default(false),
    charset: z.enum(charsets).default('ascii'),
    max_text: z.int().min(8).max(128).default(128),
    reply_timeout_s: z.number().min(0.2).max(30).default(2),
    attempts: z.int().min(1).max(10).default(3),
    poll_interval_s: z.number().min(1).max(60).default(10),
    /** The link counts as lost when nothing was heard of the nurse-call system for this long. */
    link_timeout_s: z.number().min(2).max(600).default(30),
    language: z.enum(['en', 'es']).optional(),
    timeout_s: z.number().min(1).max(120).default(20),
  })
  .superRefine((target, context) => {
    const network = target.host !== undefined && target.port !== undefined;
    const partly = target.host !== undefined || target.port !== undefined;
    if (network !== partly || network === (target.serial !== undefined)) {
      const message = 'needs either host and port, or serial';
      context.addIssue({ code: 'custom', path: ['host'], message });
    }
  });
export type EspaTarget = z.output<typeof espaSchema>;
