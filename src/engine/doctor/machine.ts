import { stat, statfs } from "node:fs/promises"
import { missingYears } from "../../core/calendarData.ts"
import { KeyRefused, keyFile, readMasterKey, refuseOther } from "../../store/masterKey.ts"
import { openSecrets } from "../../store/secrets.ts"
import { bad, type Check, ok, type Patient, warn } from "./finding.ts"

const openToOthers = async (path: string): Promise<boolean> =>
  process.platform !== "win32" && ((await stat(path)).mode & 0o077) !== 0

/** The key that the next start would take: a server that runs has its own in memory. */
async function lookAtKey({ data, givenKey, knownKeyId }: Patient) {
  const place = { data, given: givenKey }
  const file = keyFile(data)
  const key = readMasterKey(place)
  if (key === null) return bad("missing", { file })
  const { keyId } = openSecrets(key)
  refuseOther(place, keyId, await knownKeyId())
  if (givenKey !== undefined) return ok("given", { keyId })
  return (await openToOthers(file)) ? bad("open", { file }) : ok("closed", { file, keyId })
}

const dayMs = 24 * 60 * 60_000

/** Checks of the machine that this process runs on: its clock, its files, its disk, its calendar. */
export const machine: Check[] = [
  {
    id: "clock",
    async look({ world, machineNow }) {
      const before = machineNow()
      const there = await world.instant(world.db.pool)
      const after = machineNow()
      // The way there and back takes its time too.
      const ms = there < before ? before - there : there > after ? there - after : 0
      if (ms < 2_000) return ok("same", { ms })
      const values = { seconds: Math.round(ms / 1_000) }
      return ms < 60_000 ? warn("off", values) : bad("off", values)
    },
  },
  {
    id: "key",
    async look(patient) {
      try {
        return await lookAtKey(patient)
      } catch (error) {
        if (!(error instanceof KeyRefused)) throw error
        return bad(error.says, error.values)
      }
    },
  },
  {
    id: "folder",
    async look({ data }) {
      return (await openToOthers(data)) ? warn("open", { folder: data }) : ok("closed", { folder: data })
    },
  },
  {
    id: "disk",
    async look({ data }) {
      const { bavail, bsize } = await statfs(data)
      const free = (bavail * bsize) / 2 ** 30
      const values = { gb: free.toFixed(1) }
      return free < 1 ? bad("low", values) : free < 5 ? warn("low", values) : ok("enough", values)
    },
  },
  {
    id: "calendar",
    async look({ machineNow }) {
      const now = machineNow()
      const [missing] = missingYears(now, now + 60 * dayMs)
      if (missing === undefined) return ok("known", { year: new Date(now + 60 * dayMs).getUTCFullYear() })
      return missing === new Date(now).getUTCFullYear()
        ? bad("missing", { year: missing })
        : warn("next", { year: missing })
    },
  },
]
