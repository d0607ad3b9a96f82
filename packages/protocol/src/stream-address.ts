/**
 * A room's address: `{stream_server}/{source_id}`, or `stream_server` with `{source_id}` replaced in it.
 * go2rtc turns it into the real camera.
 */
export function streamAddress(streamServer: string, sourceId: number): string {
  if (streamServer.includes('{source_id}')) return streamServer.replaceAll('{source_id}', String(sourceId));
  return `${streamServer.replace(/\/+$/, '')}/${sourceId}`;
}
