import { z } from 'zod';

/** A number from `minimum` to `maximum`. */
export const limit = (fallback: number, minimum: number, maximum: number) =>
  z.number().min(minimum).max(maximum).default(fallback);

/** A time, s. */
export const seconds = (fallback: number) => limit(fallback, 0, 31_536_000);

/** A share or a confidence, 0..1. */
export const share = (fallback: number) => limit(fallback, 0, 1);
