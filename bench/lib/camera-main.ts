/** `camera-main.ts VIDEO FPS`: an RTSP camera; sends its address to the parent process. */
import { startFaultyCamera } from '@vigilia/testing';

const [file = '', fps = '25'] = process.argv.slice(2);
const { url } = await startFaultyCamera({ file, fps: Number(fps) });
process.send?.(url.replace(/\/0$/, ''));
