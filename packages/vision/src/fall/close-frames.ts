/** Frames this close together leave none between them that would show more, ms. */
export const closeFramesMs = 500;
