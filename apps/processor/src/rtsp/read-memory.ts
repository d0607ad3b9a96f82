/**
 * Memory into which the sockets of all cameras are read: what was read is copied before the next read, which may be another camera's.
 * As large as what a camera of 8 Mbit/s sends between two turns of reading.
 */
export const readMemory = Buffer.allocUnsafeSlow(262_144);
