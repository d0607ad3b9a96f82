import type { Finding } from '@vigilia/protocol';
import { examine, redactUrl } from '@vigilia/service';
import type { Frame } from '../stream/frame.ts';
import type { CameraSurvey, CameraToCheck } from './camera-survey.ts';
import { describeCamera, judgeCamera } from './judge-camera.ts';
import { type SurveyOptions, surveyCamera } from './survey-camera.ts';

export interface CheckCameraOptions extends SurveyOptions {
  /** Finds more in what the camera showed. */
  readonly judgeMore?: (survey: CameraSurvey, frames: readonly Frame[]) => Promise<readonly Finding[]>;
}

/**
 * Returns what a camera sends, and a finding for each thing that makes falls harder to see; one that failed for a camera that sends
 * nothing. No finding contains a password.
 */
export async function checkCamera(
  camera: CameraToCheck,
  { judgeMore = async () => [], ...options }: CheckCameraOptions,
): Promise<readonly Finding[]> {
  const remedy = `Check the camera and its entry in go2rtc; the address is ${redactUrl(camera.address)}.`;
  const check = checkName(camera);
  const findings = await examine(check, remedy, async () => {
    const { survey, frames } = await surveyCamera(camera, options);
    const more = await judgeMore(survey, frames);
    return [describeCamera(check, survey), ...judgeCamera(check, camera, survey), ...more];
  });
  return 'check' in findings ? [findings] : findings;
}

/** Returns the name that all findings on a room have. */
export function checkName({ sourceId }: Pick<CameraToCheck, 'sourceId'>): string {
  return `room ${sourceId}`;
}
