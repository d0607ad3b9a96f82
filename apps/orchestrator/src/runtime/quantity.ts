const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Reads a quantity of Kubernetes (`1500m`, `2Gi`, `1e9`); NaN when it is none. */
export function quantity(text: string): number {
  const { number, unit } =
    /^(?<number>[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)(?<unit>[a-zA-Z]{0,2})$/.exec(text)?.groups ?? {};
  return Number(number) * (unit === '' ? 1 : (factors[unit ?? ''] ?? Number.NaN));
}
