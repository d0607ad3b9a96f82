import fc from 'fast-check';
import { chooseVideo, controlUrl, parseSessionDescription } from './session-description.ts';

const text = [
  'v=0',
  'a=control:rtsp://cam/all',
  'm=audio 0 RTP/AVP 0',
  'a=control:audio',
  'm=video 0 RTP/AVP 26',
  'a=control:jpeg',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0IAKQ==,aM4=;profile-level-id=420029',
  'a=control:trackID=1',
  'm=video 0 RTP/AVP 98',
  'a=rtpmap:98 H265/90000',
  'a=fmtp:98 sprop-sps=QgE=; sprop-vps=QAE=; sprop-pps=RAE=',
  'm=application 0 RTP/AVP 107',
].join('\r\n');

test('the video tracks of a camera are read in their order; those of other codecs have their place', () => {
  const description = parseSessionDescription(text);
  expect(description.control).toBe('rtsp://cam/all');
  expect(description.videos).toEqual([
    undefined,
    {
      codec: 'h264',
      payloadType: 96,
      control: 'trackID=1',
      parameterSets: [Buffer.from([0x67, 0x42, 0, 0x29]), Buffer.from([0x68, 0xce])],
    },
    {
      codec: 'hevc',
      payloadType: 98,
      control: '',
      parameterSets: [Buffer.from([0x40, 1]), Buffer.from([0x42, 1]), Buffer.from([0x44, 1])],
    },
  ]);
});

test('a track that the reader does not take is refused by name', () => {
  const description = parseSessionDescription(text);
  expect(() => chooseVideo(description, 0)).toThrow('no H.264 or H.265 video');
  expect(chooseVideo(description, 1).codec).toBe('h264');
  expect(() => chooseVideo(parseSessionDescription('m=audio 0 RTP/AVP 0'), 0)).toThrow('no H.264 or H.265 video');
});

test('a track whose units come in another order than they are decoded in is left to ffmpeg', () => {
  const interleaved = 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=2';
  expect(parseSessionDescription(interleaved).videos).toEqual([undefined]);
});

test.each([
  ['rtsp://cam/1', '', 'rtsp://cam/1'],
  ['rtsp://cam/1', '*', 'rtsp://cam/1'],
  ['rtsp://cam/1/', 'trackID=1', 'rtsp://cam/1/trackID=1'],
  ['rtsp://cam/1', 'trackID=1', 'rtsp://cam/1/trackID=1'],
  ['rtsp://cam/1?profile=a', 'trackID=1', 'rtsp://cam/1?profile=a/trackID=1'],
  ['rtsp://cam/1', 'rtsp://cam/2', 'rtsp://cam/2'],
])('the address of a track below %s with %j is %s', (base, control, url) => {
  expect(controlUrl(base, control)).toBe(url);
});

test('no description makes the reader throw', () => {
  const line = fc.oneof(fc.string(), fc.constantFrom(...text.split('\r\n')));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const { videos } = parseSessionDescription(lines.join('\n'));
      expect(videos.length).toBeLessThanOrEqual(32);
    }),
  );
});
