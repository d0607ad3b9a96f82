import { fileURLToPath } from 'node:url';

/**
 * The embedded picture of a standing person, 640 × 360 px, on which every model is tried when it is loaded: one that finds no person
 * in it finds none anywhere. Rendered for this project (demo/README.md), the same scene as demo/stills/still-standing.png.
 */
export const personPicture: string = fileURLToPath(new URL('../../assets/person.jpg', import.meta.url));

/** Score from which the person in the picture counts as found. */
export const personPictureConfidence = 0.25;
