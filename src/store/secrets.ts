import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomFillSync,
} from "node:crypto"

/** What keeps personal data: sealing, opening, and digests that tell nothing without the key. */
export type Secrets = {
  /** encrypts; `boundTo` names where the blob belongs, and only there it opens */
  seal(plain: string | Buffer, boundTo: string): Buffer
  /** decrypts; throws when the blob is not of this key or belongs elsewhere */
  open(blob: Buffer, boundTo: string): Buffer
  /** a blind index for equality search, 16 bytes */
  blindIndex(text: string): Buffer
  /** the blind index of the last four digits of a phone */
  tailIndex(digits: string): Buffer
  /** a keyed digest of a content, 16 bytes */
  digest(text: string): Buffer
  /** names the master key without telling anything of it, 8 hexadecimal digits */
  keyId: string
  /** a secret of its own for the sign-in library */
  signIn: string
}

const version = Buffer.from("v1")

/** Chance for many nonces at once: asking for 12 bytes costs as much as asking for all of them. */
const nonces = Buffer.alloc(12 * 256)
let nonceAt = nonces.length
function nextNonce(): Buffer {
  if (nonceAt === nonces.length) {
    randomFillSync(nonces)
    nonceAt = 0
  }
  nonceAt += 12
  return nonces.subarray(nonceAt - 12, nonceAt)
}

const mac = (key: Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest().subarray(0, 16)

/** Opens the secrets of a master key. Keys for each purpose are derived from it (HKDF-SHA-256), so one never serves two. */
export function openSecrets(master: Buffer): Secrets {
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync("sha256", master, "zhunshi", purpose, 32))
  const sealing = derive("seal v1")
  const indexing = derive("blind index v1")
  const digesting = derive("content digest v1")
  const keyId = createHash("sha256").update(sealing).digest().subarray(0, 4)
  const prefix = Buffer.concat([version, keyId])
  // There are ten thousand of them.
  const tails = new Map<string, Buffer>()
  return {
    seal(plain, boundTo) {
      const nonce = nextNonce()
      const cipher = createCipheriv("aes-256-gcm", sealing, nonce)
      cipher.setAAD(Buffer.from(boundTo))
      const body = typeof plain === "string" ? cipher.update(plain, "utf8") : cipher.update(plain)
      // A stream cipher holds nothing back for the end.
      cipher.final()
      return Buffer.concat([prefix, nonce, cipher.getAuthTag(), body])
    },
    open(blob, boundTo) {
      if (!blob.subarray(0, 6).equals(prefix))
        throw new Error(
          "this was encrypted with another key; is ZHUNSHI_KEY, or master.key in the data folder, the right one?",
        )
      const decipher = createDecipheriv("aes-256-gcm", sealing, blob.subarray(6, 18))
      decipher.setAAD(Buffer.from(boundTo))
      decipher.setAuthTag(blob.subarray(18, 34))
      return Buffer.concat([decipher.update(blob.subarray(34)), decipher.final()])
    },
    tailIndex(digits) {
      let known = tails.get(digits)
      if (!known) {
        known = mac(indexing, `tail|${digits}`)
        tails.set(digits, known)
      }
      return known
    },
    blindIndex: (text) => mac(indexing, text),
    digest: (text) => mac(digesting, text),
    keyId: keyId.toString("hex"),
    signIn: derive("sign-in v1").toString("base64url"),
  }
}
