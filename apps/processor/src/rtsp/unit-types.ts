/** What a reader needs to know of a NAL unit. */
export type UnitKind = 'slice' | 'key' | 'sequence' | 'parameters' | 'information' | 'other';

/** Of H.264, by type (table 7-1). */
const h264Kinds: Readonly<Record<number, UnitKind>> = {
  1: 'slice',
  2: 'slice',
  3: 'slice',
  4: 'slice',
  5: 'key',
  6: 'information',
  7: 'sequence',
  8: 'parameters',
};

/** Kind of a unit by its type: of H.264 the low five bits of its first byte, of H.265 the six bits after the first. */
export function unitKind(codec: 'h264' | 'hevc', type: number): UnitKind {
  if (codec === 'h264') return h264Kinds[type] ?? 'other';
  if (type >= 16 && type <= 21) return 'key';
  if (type < 32) return 'slice';
  if (type === 33) return 'sequence';
  return type === 32 || type === 34 ? 'parameters' : 'other';
}

export function unitType(codec: 'h264' | 'hevc', first: number): number {
  return codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
}

const recoveryPoint = 6;
const mostMessages = 16;

/**
 * Whether supplemental information of H.264 (bytes `from` to `to`, after the unit's header; 7.3.2.3.1, D.1.8) marks a recovery point:
 * a decoder may begin there, though it shows a whole frame only later (open groups of pictures, intra refresh).
 */
export function marksRecovery(memory: Buffer, from: number, to: number): boolean {
  let at = from;
  const number = (): number => {
    let value = 0;
    for (; memory[at] === 0xff && at < to; at++) {
      value += 255;
    }
    value += at < to ? (memory[at] ?? 0) : 0;
    at++;
    return value;
  };
  for (let message = 0; message < mostMessages && at < to - 1; message++) {
    if (number() === recoveryPoint) return true;
    const bytes = number();
    at += bytes;
  }
  return false;
}
