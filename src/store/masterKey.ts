import { randomBytes } from "node:crypto"
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Instant } from "../core/instants.ts"
import { type Database, transaction } from "./database.ts"
import { instantNow } from "./orders.ts"
import { openSecrets, type Secrets } from "./secrets.ts"
import { findSetting } from "./settings.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** Where a master key comes from: the data directory, and ZHUNSHI_KEY where the environment has it. */
export type KeyPlace = { data: string; given: string | undefined }

/** Why a server does not start with the master key at hand, in a sentence that says what to do. */
export class KeyRefused extends Error {
  override readonly name = "KeyRefused"
  /** how the doctor calls it (content/doctor.json, `key`) */
  readonly says: "damaged" | "missing" | "other"
  readonly values: Record<string, string>
  constructor(says: KeyRefused["says"], values: Record<string, string>, what: string) {
    super(
      `${what}; put back the copy that was kept elsewhere, as master.key in the data directory or in ZHUNSHI_KEY (a copy of the data directory has it, backups of zhunshi do not): without it names, phones and addresses stay sealed. Where no copy is left anywhere: zhunshi db forget-key`,
    )
    this.says = says
    this.values = values
  }
}

/** The file that holds the master key when the environment brings none. */
export const keyFile = (data: string): string => join(data, "master.key")

const nameOf = ({ data, given }: KeyPlace): string => (given === undefined ? keyFile(data) : "ZHUNSHI_KEY")
const keyBytes = 32

/** The master key: ZHUNSHI_KEY (base64, 32 bytes), else the file in the data directory; null where there is neither. */
export function readMasterKey(place: KeyPlace): Buffer | null {
  const file = keyFile(place.data)
  if (place.given === undefined && !existsSync(file)) return null
  const key = Buffer.from((place.given ?? readFileSync(file, "utf8")).trim(), "base64")
  // What is left of a key that was cut off would seal with what anybody can guess, and open nothing.
  if (key.length !== keyBytes)
    throw new KeyRefused(
      "damaged",
      { place: nameOf(place) },
      `${nameOf(place)} holds no master key (32 bytes in base64; a new company's can be made with: openssl rand -base64 32)`,
    )
  return key
}

/** Makes a master key in the data directory, for its owner's eyes alone. */
function makeMasterKey(data: string): Buffer {
  // With a database elsewhere nobody has made the folder yet.
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const key = randomBytes(keyBytes)
  writeFileSync(keyFile(data), key.toString("base64"), { mode: 0o600, flag: "wx" })
  chmodSync(keyFile(data), 0o600)
  return key
}

const setting = "master_key"
const lock = statement("master_key.lock", "select pg_advisory_xact_lock(7300007)")
const hold = statement(
  "master_key.hold",
  "insert into settings (name, value, changed_at) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000))",
)
const forget = statement("master_key.forget", "delete from settings where name = $1")

/** The id of the master key that a database was written with; null before the first start. */
export const findKeyId = async (session: Session): Promise<string | null> =>
  (await findSetting<{ keyId: string }>(session, setting))?.keyId ?? null
/** Lets the next start take whatever key it finds; answers whether there was one to forget. */
export const forgetKeyId = async (session: Session): Promise<boolean> =>
  (await touch(session, forget, [setting])) > 0

/** Throws where a database was written with another key than the one at hand. */
export function refuseOther(place: KeyPlace, keyId: string, known: string | null): void {
  if (known !== null && known !== keyId)
    throw new KeyRefused(
      "other",
      { place: nameOf(place), keyId, known },
      `${nameOf(place)} is the master key ${keyId}, and this database was written with ${known}`,
    )
}

/**
 * The secrets of a database: those of the key that it was written with, or, at its first start, of the key at hand, made where there is
 * none. One server at a time, so that several on one database begin with one key. Throws KeyRefused.
 */
export async function secretsOf(db: Database, place: KeyPlace): Promise<Secrets> {
  return transaction(db, async (tx) => {
    await run(tx, lock)
    const known = await findKeyId(tx)
    const found = readMasterKey(place)
    if (found === null && known !== null)
      throw new KeyRefused(
        "missing",
        { file: nameOf(place) },
        `there is no ${nameOf(place)}, and this database was written with the master key ${known}`,
      )
    const secrets = openSecrets(found ?? makeMasterKey(place.data))
    refuseOther(place, secrets.keyId, known)
    if (known === null) await holdKeyId(tx, secrets.keyId, await instantNow(tx))
    return secrets
  })
}
const holdKeyId = (tx: Session, keyId: string, at: Instant) =>
  run(tx, hold, [setting, JSON.stringify({ keyId }), at])
