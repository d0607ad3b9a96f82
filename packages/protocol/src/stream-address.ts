/**
 * The address of a stream: `{stream_server}/{stream}`, or `stream_server` with `{source_id}` replaced in it. The stream of a room has
 * its number as its name. go2rtc turns it into the real camera.
 */
export function streamAddress(streamServer: string, stream: number | string): string {
  const name = encodeURIComponent(stream);
  if (streamServer.includes('{source_id}')) return streamServer.replaceAll('{source_id}', name);
  return `${streamServer.replace(/\/+$/, '')}/${name}`;
}
