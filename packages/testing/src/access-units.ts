export type AnnexBCodec = 'h264' | 'hevc';

/** One encoded picture: its NAL units without start codes, and whether a decoder can begin with it (IDR, CRA, BLA). */
export interface AccessUnit {
  readonly nals: readonly Buffer[];
  readonly key: boolean;
}

/** Type of a NAL unit (ITU-T H.264 table 7-1, H.265 table 7-1). */
export function nalType(nal: Buffer, codec: AnnexBCodec): number {
  const header = nal[0] ?? 0;
  return codec === 'hevc' ? (header >> 1) & 63 : header & 31;
}

/** Cuts an Annex-B byte stream into pictures. */
export function accessUnits(data: Buffer, codec: AnnexBCodec): AccessUnit[] {
  const units: AccessUnit[] = [];
  let nals: Buffer[] = [];
  let hasSlice = false;
  for (const nal of splitNals(data)) {
    const slice = isSlice(nal, codec);
    if (hasSlice && (!slice || isFirstSlice(nal, codec))) {
      units.push(toUnit(nals, codec));
      [nals, hasSlice] = [[], false];
    }
    nals.push(nal);
    hasSlice ||= slice;
  }
  if (nals.length > 0) {
    units.push(toUnit(nals, codec));
  }
  return units;
}

/** Parameter sets, each once: VPS, SPS and PPS in this order. */
export function parameterSets(units: readonly AccessUnit[], codec: AnnexBCodec): Buffer[] {
  const types = codec === 'hevc' ? [32, 33, 34] : [7, 8];
  const nals = units.flatMap((unit) => unit.nals);
  return types.flatMap((type) => nals.find((nal) => nalType(nal, codec) === type) ?? []);
}

function toUnit(nals: readonly Buffer[], codec: AnnexBCodec): AccessUnit {
  const key = nals.some((nal) => {
    const type = nalType(nal, codec);
    return codec === 'hevc' ? type >= 16 && type <= 21 : type === 5;
  });
  return { nals, key };
}

function isSlice(nal: Buffer, codec: AnnexBCodec): boolean {
  const type = nalType(nal, codec);
  return codec === 'hevc' ? type < 32 : type >= 1 && type <= 5;
}

function isFirstSlice(nal: Buffer, codec: AnnexBCodec): boolean {
  return ((nal[codec === 'hevc' ? 2 : 1] ?? 0) & 0x80) !== 0;
}

function splitNals(data: Buffer): Buffer[] {
  const starts: { code: number; nal: number }[] = [];
  for (let at = data.indexOf('000001', 0, 'hex'); at >= 0; at = data.indexOf('000001', at + 3, 'hex')) {
    // a start code of four bytes begins with the zero before
    starts.push({ code: at > 0 && data[at - 1] === 0 ? at - 1 : at, nal: at + 3 });
  }
  return starts.map(({ nal }, index) => data.subarray(nal, starts[index + 1]?.code ?? data.length));
}
