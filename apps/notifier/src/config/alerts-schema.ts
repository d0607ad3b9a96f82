import { pushServiceSchema, severities } from '@vigilia/protocol';
import { z } from 'zod';
import { weekdays } from './duty-shifts.ts';
import { espaSchema } from './espa-schema.ts';
import { espaXSchema } from './espa-x-schema.ts';
import { unservedTime } from './on-duty.ts';

/**
 * What people are notified of. `fall`, `broker_lost` and `target_offline` are critical: while the broker or a nurse-call system
 * is unreachable, a fall would not be reported.
 */
export const alertKinds = [
  'fall',
  'fall_refused',
  'drill',
  'unwatched',
  'blind',
  'processor_offline',
  'orchestrator_offline',
  'broker_lost',
  'target_offline',
] as const;
export type AlertKind = (typeof alertKinds)[number];

const languages = ['en', 'es'] as const;
export type Language = (typeof languages)[number];

/** Push services of Chrome and other Chromium browsers, Firefox, Safari and Edge. */
const defaultPushServices = [
  'fcm.googleapis.com',
  '*.push.services.mozilla.com',
  '*.push.apple.com',
  '*.notify.windows.com',
];

const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, underscores or hyphens');
const pathSchema = z.string().min(1, 'must be the path of a file');
const variableSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable, not the secret itself');
const webUrlSchema = z
  .url({ protocol: /^https?$/, error: 'must be an address that starts with https:// or http://' })
  .refine((text) => new URL(text).username === '', 'must not hold a user or password');
const clockTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "22:00"');

const common = {
  language: z.enum(languages).optional(),
  /** Who receives the messages: the name that an acknowledgment by link carries. The target's name unless given. */
  recipient: z.string().min(1).max(64).optional(),
  /** One attempt may take this long. */
  timeout_s: z.number().min(1).max(120).default(10),
};

/** Exactly one of file and environment variable: a secret is never written into the alerts file. */
function oneSecret(name: string, required: boolean) {
  return (target: Record<string, unknown>, context: z.RefinementCtx): void => {
    const given = [`${name}_file`, `${name}_env`].filter((key) => target[key] !== undefined).length;
    if (given > 1 || (required && given === 0)) {
      const message = `needs ${required ? 'one' : 'at most one'} of ${name}_file and ${name}_env`;
      context.addIssue({ code: 'custom', path: [`${name}_file`], message });
    }
  };
}

const webhookSchema = z
  .strictObject({
    type: z.literal('webhook'),
    url: webUrlSchema,
    secret_file: pathSchema.optional(),
    secret_env: variableSchema.optional(),
    ...common,
  })
  .superRefine(oneSecret('secret', true));

const prioritySchema = z.int().min(1).max(5);
const ntfySchema = z
  .strictObject({
    type: z.literal('ntfy'),
    server: webUrlSchema.default('https://ntfy.sh'),
    topic: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, underscores or hyphens'),
    token_file: pathSchema.optional(),
    token_env: variableSchema.optional(),
    priority: z
      .strictObject({
        critical: prioritySchema.default(5),
        warning: prioritySchema.default(3),
        info: prioritySchema.default(2),
      })
      .prefault({}),
    ...common,
  })
  .superRefine(oneSecret('token', false));

const emailSchema = z
  .strictObject({
    type: z.literal('email'),
    host: z.string().min(1),
    /** By default 465 with `tls`, 587 with `starttls`, 25 with `none`. */
    port: z.int().min(1).max(65_535).optional(),
    security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
    ca_file: pathSchema.optional(),
    username: z.string().min(1).optional(),
    password_file: pathSchema.optional(),
    password_env: variableSchema.optional(),
    from: z.email('must be an e-mail address'),
    to: z.array(z.email('must be an e-mail address')).min(1, 'must contain at least one address'),
    ...common,
  })
  .superRefine(oneSecret('password', false))
  .superRefine((target, context) => {
    const hasPassword = target.password_file !== undefined || target.password_env !== undefined;
    if (hasPassword !== (target.username !== undefined)) {
      context.addIssue({ code: 'custom', path: ['username'], message: 'goes together with a password' });
    }
    if (hasPassword && target.security === 'none') {
      context.addIssue({
        code: 'custom',
        path: ['security'],
        message: 'must not be none: the password would be readable',
      });
    }
  });

const webPushSchema = z.strictObject({
  type: z.literal('web_push'),
  /** Whom a push service may write to; Apple refuses messages without a real address. */
  contact: z.email('must be an e-mail address').transform((address) => `mailto:${address}`),
  /** Hosts of push services; a phone that names another one is refused. */
  services: z.array(pushServiceSchema).min(1).max(50).default(defaultPushServices),
  /** Only the phones of these accounts; without it all phones. */
  users: z.array(z.string().min(1)).min(1).optional(),
  ...common,
});

const targetSchema = z.discriminatedUnion('type', [
  webhookSchema,
  ntfySchema,
  emailSchema,
  webPushSchema,
  espaSchema,
  espaXSchema,
]);
export type WebhookTarget = z.output<typeof webhookSchema>;
export type NtfyTarget = z.output<typeof ntfySchema>;
export type EmailTarget = z.output<typeof emailSchema>;
export type WebPushTarget = z.output<typeof webPushSchema>;
export type TargetSettings = z.output<typeof targetSchema>;

/** Who is on duty when (`duty-shifts.ts`). */
const shiftSchema = z.strictObject({
  from: clockTimeSchema,
  to: clockTimeSchema,
  days: z.array(z.enum(weekdays)).min(1).optional(),
  holidays: z.enum(['also', 'never', 'only']).default('also'),
});

const severitySchema = z.enum(severities);
const targetsOf = z.array(nameSchema).min(1, 'must name a target');
const ruleSchema = z.strictObject({
  severity: z
    .union([severitySchema, z.array(severitySchema).min(1)])
    .transform((one) => (Array.isArray(one) ? one : [one])),
  /** Only these; without it all of the severity. */
  kinds: z.array(z.enum(alertKinds)).min(1).optional(),
  /** Only rooms of these wards (`rooms.<number>.ward` of the policy); what concerns no single room is then left out. */
  wards: z.array(z.string().min(1).max(128)).min(1).optional(),
  /** Only while one of these shifts is on duty. */
  shifts: z.array(nameSchema).min(1).optional(),
  /** Only these rooms; what concerns no single room is then left out. Without it all. */
  rooms: z.array(z.int().min(0)).min(1).optional(),
  to: targetsOf,
  /** Whether a drill that runs the real alert chain notifies the targets of this rule. */
  drills: z.boolean().default(true),
  /** Falls and drills only: notified when the alarm has not been acknowledged for this long. */
  escalate: z.array(z.strictObject({ after_s: z.number().min(1).max(86_400), to: targetsOf })).default([]),
});
export type AlertRule = z.output<typeof ruleSchema>;

/** The file of `vigilia notifier --alerts`: who is notified of what. Unknown names are refused, as they are misspelt ones. */
export const alertsSchema = z
  .strictObject({
    language: z.enum(languages).default('en'),
    time_zone: z.string().refine(isTimeZone, 'must be a time zone such as Europe/Madrid').default('UTC'),
    /** Where the console is, for the link in a message. */
    console_url: webUrlSchema.optional(),
    /** Between these times warnings and drills wait; falls never do. */
    quiet_hours: z.strictObject({ from: clockTimeSchema, to: clockTimeSchema }).optional(),
    /** A room must be unwatched, or a processor offline, for this long before an alert is sent. */
    warn_after_s: z.number().min(0).max(3600).default(60),
    /** How the alarm of a fall goes on after its list of targets; see docs/alerts.md. */
    alarm: z
      .strictObject({
        repeat_s: z.number().min(5).max(900).default(180),
        level_increase: z.int().min(0).max(10).default(1),
        return_s: z.number().min(5).max(3600).default(300),
      })
      .prefault({}),
    /** Names of shifts, for rules. */
    shifts: z.record(nameSchema, shiftSchema).default({}),
    /** Days such as 2026-12-25, for shifts that begin on holidays only, or never. */
    holidays: z.array(z.iso.date('must be a day such as 2026-12-25')).max(1000).default([]),
    targets: z.record(nameSchema, targetSchema),
    rules: z.array(ruleSchema).min(1, 'must hold a rule: otherwise no alert is sent'),
  })
  .superRefine((file, context) => {
    const check = (names: readonly string[], path: (string | number)[]): void =>
      names.forEach((name, index) => {
        if (!Object.hasOwn(file.targets, name)) {
          context.addIssue({
            code: 'custom',
            path: [...path, index],
            message: `names ${name}, which is not among targets`,
          });
        }
      });
    file.rules.forEach((rule, at) => {
      check(rule.to, ['rules', at, 'to']);
      rule.escalate.forEach((step, index) => {
        check(step.to, ['rules', at, 'escalate', index, 'to']);
      });
      rule.shifts?.forEach((name, index) => {
        if (Object.hasOwn(file.shifts, name)) return;
        const message = `names ${name}, which is not among shifts`;
        context.addIssue({ code: 'custom', path: ['rules', at, 'shifts', index], message });
      });
    });
    const hasDuties = file.rules.some(({ wards, shifts }) => wards !== undefined || shifts !== undefined);
    const gap = hasDuties ? unservedTime(file) : undefined;
    if (gap !== undefined) {
      const message = `leave a fall without any target ${gap}; add a critical rule without wards or shifts, or one that covers it`;
      context.addIssue({ code: 'custom', path: ['rules'], message });
    }
  });
export type AlertsFile = z.output<typeof alertsSchema>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
