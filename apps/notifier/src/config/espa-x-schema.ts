import { z } from 'zod';

const variableSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');
const destinationSchema = z.strictObject({
  /** A telephone number of the alarm server. */
  phone: z
    .string()
    .regex(/^[0-9+\-/()*#]{1,24}$/, 'must be a telephone number of at most 24 characters')
    .optional(),
  /** A group that the alarm server knows. */
  group: z.string().min(1).max(12, 'must have at most 12 characters').optional(),
});

/** An alarm server that is reached with ESPA-X 1.00. Lengths are those of the protocol. */
export const espaXSchema = z
  .strictObject({
    type: z.literal('espa-x'),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535),
    tls: z.boolean().default(false),
    user: z.string().min(4).max(12, 'must have 4 to 12 characters'),
    password_file: z.string().min(1).optional(),
    password_env: variableSchema.optional(),
    to: destinationSchema,
    /** Other destinations for single rooms, by the number of the room. */
    rooms: z.record(z.string().regex(/^\d{1,9}$/, 'must be the number of a room'), destinationSchema).default({}),
    /** The steps at which the call is stopped. */
    cancel_on: z.array(z.enum(['acknowledged', 'recovered', 'closed'])).default(['acknowledged', 'closed']),
    /** A person who accepts the call on the telephone acknowledges the incident. */
    acknowledge: z.boolean().default(true),
    heartbeat_s: z.number().min(1).max(300).default(20),
    link_timeout_s: z.number().min(2).max(900).default(60),
    language: z.enum(['en', 'es']).optional(),
    timeout_s: z.number().min(1).max(120).default(10),
  })
  .superRefine((target, context) => {
    if ((target.password_file === undefined) === (target.password_env === undefined)) {
      const message = 'needs one of password_file and password_env';
      context.addIssue({ code: 'custom', path: ['password_file'], message });
    }
    const places = [[['to'], target.to], ...Object.entries(target.rooms).map(([room, to]) => [['rooms', room], to])];
    for (const [path, to] of places as [string[], { phone?: string; group?: string }][]) {
      if ((to.phone === undefined) !== (to.group === undefined)) continue;
      context.addIssue({ code: 'custom', path, message: 'needs either phone or group' });
    }
  });
export type EspaXTarget = z.output<typeof espaXSchema>;
