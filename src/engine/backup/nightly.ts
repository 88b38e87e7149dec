import { existsSync } from "node:fs"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { dayStart } from "../../core/wallTime.ts"
import { listBackups, type StoredBackup, tellGone } from "../../store/backups.ts"
import { findCompany } from "../../store/people.ts"
import { findSetting, saveSetting } from "../../store/settings.ts"
import type { Session } from "../../store/statement.ts"
import { queue } from "../jobs.ts"
import type { EngineWorld } from "../world.ts"
import { type BackupPlace, makeBackup } from "./making.ts"
import { tryBackup } from "./reading.ts"

/** How backups are kept: the folder (null: `backups` in the data directory), the hour of the night in the company's zone, and for how many days. */
export type BackupSettings = { folder: string | null; hour: number; keepDays: number }
const defaults: BackupSettings = { folder: null, hour: 3, keepDays: 14 }
const setting = "backup"
const failureSetting = "backup_failure"

/** How backups are kept. */
export const findBackupSettings = async (session: Session): Promise<BackupSettings> => ({
  ...defaults,
  ...(await findSetting<Partial<BackupSettings>>(session, setting)),
})
/** Settles how backups are kept. */
export const saveBackupSettings = (tx: Session, settings: BackupSettings, at: Instant): Promise<unknown[]> =>
  saveSetting(tx, setting, settings, at)

/** Why the last backup failed; null when it did not. */
export type BackupFailure = { at: Instant; error: string }
/** Why the last backup failed, since when; null when the last one was made. */
export const findBackupFailure = (session: Session): Promise<BackupFailure | null> =>
  findSetting(session, failureSetting)

/** Where backups of this data directory go. */
export const placeOf = (
  settings: BackupSettings,
  { data, version }: Pick<BackupPlace, "data" | "version">,
): BackupPlace => ({ folder: settings.folder ?? join(data, "backups"), data, version })

/** Makes a backup in the folder that is settled, reads it back whole, and removes those kept long enough; a failure is noted and thrown. */
export async function keepBackup(
  world: EngineWorld,
  about: Pick<BackupPlace, "data" | "version">,
  by: string,
): Promise<StoredBackup> {
  const { pool } = world.db
  const settings = await findBackupSettings(pool)
  try {
    const tried = await tryBackup(world, await makeBackup(world, placeOf(settings, about), by))
    if (tried.error !== null) throw new Error(tried.error)
    const at = await world.instant(pool)
    if ((await findBackupFailure(pool)) !== null) await saveSetting(pool, failureSetting, null, at)
    await removeOld(world, settings.keepDays)
    return tried
  } catch (error) {
    if (error instanceof Refusal) throw error
    const at = await world.instant(pool)
    await saveSetting(pool, failureSetting, { at, error: (error as Error).message }, at)
    throw error
  }
}

const dayMs = 24 * 60 * 60_000

/** Removes the files of backups that were kept long enough; the newest that was read back whole always stays. */
async function removeOld(world: EngineWorld, keepDays: number): Promise<void> {
  const now = await world.instant(world.db.pool)
  const all = (await listBackups(world.db.pool)).filter(({ goneAt }) => goneAt === null)
  const good = all.find((each) => each.tried === "read")
  for (const each of all) {
    if (each === good || each.byWhom === "restore" || each.madeAt > now - keepDays * dayMs) continue
    await rm(each.file, { force: true })
    await tellGone(world.db.pool, each.id, now)
  }
}

/** The last instant at which a nightly backup was due. */
export function lastNight(now: Instant, hour: number, timezone: string): Instant {
  const today = dayStart(now, timezone) + hour * 3_600_000
  return today <= now ? today : dayStart(dayStart(now, timezone) - 1, timezone) + hour * 3_600_000
}

/**
 * Makes the nightly backup if it is due and there is a company; a machine that was off at night makes it when it is on again. After a
 * failure it waits an hour. Answers whether one was made.
 */
export async function nightly(
  world: EngineWorld,
  about: Pick<BackupPlace, "data" | "version">,
  timezone: string,
): Promise<boolean> {
  const { pool } = world.db
  const company = await findCompany(pool)
  if (!company) return false
  const [now, settings, failure] = [
    await world.instant(pool),
    await findBackupSettings(pool),
    await findBackupFailure(pool),
  ]
  if (failure && failure.at > now - 3_600_000) return false
  const due = lastNight(now, settings.hour, company.timezone ?? timezone)
  const made = (await listBackups(pool)).find(
    (each) => each.goneAt === null && each.tried !== "broken" && existsSync(each.file),
  )
  if (made && made.madeAt >= due) return false
  try {
    await keepBackup(world, about, "nightly")
  } catch (error) {
    // Another process makes one at this moment.
    if (error instanceof Refusal) return false
    throw error
  }
  return true
}

/** The job that looks, all through the day, whether the nightly backup is due: the hour can be changed, and a night can be slept through. */
export const nights = queue<Record<string, never>>("nightly-backup", {
  retries: 0,
  triesForSeconds: 6 * 60 * 60,
})
