/** The same object while it is built: what may be absent from it may also be `undefined`. */
type UndefinedAllowed<T> = { [K in keyof T]: Record<never, never> extends Pick<T, K> ? T[K] | undefined : T[K] };

/**
 * Returns a copy of an object without the keys whose value is `undefined`: messages have such fields not at all, so that what is
 * published reads back equal. The other keys keep their order. The type comes from where the result goes, not from the argument:
 * the compiler accepts `undefined` only for optional keys, and finds misspelled ones.
 */
export function withoutUndefined<T extends object>(object: NoInfer<UndefinedAllowed<T>>): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
