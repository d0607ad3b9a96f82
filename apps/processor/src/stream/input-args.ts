import { CommandError } from '@vigilia/protocol';

/**
 * The only additional input options a configuration may give to ffmpeg, each with the values it may have. Everything
 * else could read or write files, or run filters that others choose.
 */
const allowed: Readonly<Record<string, RegExp>> = {
  '-hwaccel': /^(auto|vaapi|qsv|cuda|drm|v4l2m2m|rkmpp|videotoolbox|vdpau|none)$/,
  '-hwaccel_device': /^(\/dev\/dri\/[a-zA-Z0-9]+|\d{1,2})$/,
  '-hwaccel_output_format': /^(nv12|yuv420p|p010le)$/,
  '-c:v': /^(h264|hevc|mjpeg|av1)_(v4l2m2m|qsv|cuvid|rkmpp|mediacodec)$/,
  '-rtsp_transport': /^(tcp|udp)$/,
  '-analyzeduration': /^\d{1,8}$/,
  '-probesize': /^\d{2,9}$/,
};

/** Names of the options that `checkInputArgs` lets through, for help texts. */
const allowedInputArgs: readonly string[] = Object.keys(allowed);

/**
 * Lets pairs of option and value pass that are on the whitelist; the result is what was given.
 *
 * @throws CommandError `invalid_params` naming the option or the value at fault
 */
export function checkInputArgs(args: readonly string[]): readonly string[] {
  for (let i = 0; i < args.length; i += 2) {
    const [option = '', value] = [args[i], args[i + 1]];
    const pattern = Object.hasOwn(allowed, option) ? allowed[option] : undefined;
    if (pattern === undefined) {
      throw fault(`The input argument "${option}" is not allowed; allowed are ${allowedInputArgs.join(', ')}.`);
    }
    if (value === undefined) throw fault(`The input argument "${option}" needs a value.`);
    if (!pattern.test(value)) throw fault(`The value "${value}" is not allowed for the input argument "${option}".`);
  }
  return args;
}

const fault = (message: string): CommandError => new CommandError('invalid_params', message, { field: 'input_args' });
