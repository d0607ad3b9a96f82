import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';

const cipher = 'aes-256-gcm';
const tagBytes = 16;

/** Seals numbered pieces for the holder of one key. */
export interface Sealer {
  /** Of the sender, base64url: the receiver needs it to open the pieces. */
  readonly publicKey: string;
  /**
   * Returns the piece encrypted, with its tag, base64.
   * @param index of the piece: no two pieces of a sealer may have the same
   * @param label what else the seal covers, in the open
   */
  seal(index: number, piece: Buffer, label: string): string;
}

/**
 * Starts sealing for the holder of an X25519 key (RFC 7748): the shared secret passes HKDF-SHA-256 (RFC 5869), pieces are sealed with
 * AES-256-GCM. The sender's own key is made here and forgotten with the sealer.
 * @param receiverKey public key, base64url
 * @param purpose a key that was made for one purpose opens nothing of another one
 * @throws Error where it is not such a key
 */
export function createSealer(receiverKey: string, purpose: string): Sealer {
  const own = generateKeyPairSync('x25519');
  const publicKey = encoded(own.publicKey);
  const key = sharedKey(own.privateKey, receiverKey, [receiverKey, publicKey, purpose]);
  return {
    publicKey,
    seal: (index, piece, label) => {
      const sealing = createCipheriv(cipher, key, nonceOf(index)).setAAD(Buffer.from(label));
      return Buffer.concat([sealing.update(piece), sealing.final(), sealing.getAuthTag()]).toString('base64');
    },
  };
}

/** A key pair whose holder opens what others sealed for it. The private half never leaves this object. */
export class SealedBoxKey {
  readonly publicKey: string;
  readonly #privateKey: KeyObject;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    this.publicKey = encoded(publicKey);
    this.#privateKey = privateKey;
  }

  /** Returns a piece; undefined where it was sealed for another key, under another number, label or purpose, or was changed since. */
  open(
    sealed: { readonly senderKey: string; readonly index: number; readonly piece: string; readonly label: string },
    purpose: string,
  ): Buffer | undefined {
    const { senderKey, index, label } = sealed;
    try {
      const key = sharedKey(this.#privateKey, senderKey, [this.publicKey, senderKey, purpose]);
      const piece = Buffer.from(sealed.piece, 'base64');
      const opening = createDecipheriv(cipher, key, nonceOf(index), { authTagLength: tagBytes })
        .setAAD(Buffer.from(label))
        .setAuthTag(piece.subarray(-tagBytes));
      return Buffer.concat([opening.update(piece.subarray(0, -tagBytes)), opening.final()]);
    } catch {
      return undefined;
    }
  }
}

/** Each sealer has a key of its own, so that the number of a piece may be its nonce. */
function nonceOf(index: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 8);
  return nonce;
}

function encoded(publicKey: KeyObject): string {
  return publicKey.export({ format: 'jwk' }).x ?? '';
}

function sharedKey(privateKey: KeyObject, otherKey: string, context: readonly string[]): Buffer {
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: otherKey }, format: 'jwk' });
  const secret = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), Buffer.from(context.join(' ')), 32));
}
