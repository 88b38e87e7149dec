import { isoOf } from "../../core/instants.ts"
import { listBackups } from "../../store/backups.ts"
import { failedLately } from "../../store/deliveries.ts"
import { findCompany } from "../../store/people.ts"
import { listRobots } from "../../store/robots.ts"
import { listShops } from "../../store/rules.ts"
import { findBackupFailure } from "../backup/nightly.ts"
import { bad, type Check, ok, warn } from "./finding.ts"

const hourMs = 60 * 60_000
/** A live channel that was silent for this long; a shop of files once its grace is over. */
const silentMs = 30 * 60_000

/** Checks of what the company has: the age of its data, its backups, its robots and its public address. */
export const company: Check[] = [
  {
    id: "channels",
    async look({ world }) {
      const { pool } = world.db
      const [now, book, shops] = [
        await world.instant(pool),
        await world.ruleBook(pool),
        await listShops(pool),
      ]
      const rules = book.rules(book.settings)
      if (shops.length === 0) return ok("none")
      const aged = shops.map(({ channel, shop, toldAt, receivedAt }) => {
        const { mode, graceMs } = rules.shop(channel, shop)
        const heard = mode === "live" ? receivedAt : (toldAt ?? 0)
        return {
          shop: `${channel} ${shop}`,
          heard,
          stale: now - heard > (mode === "live" ? silentMs : graceMs),
        }
      })
      const stale = aged.filter((each) => each.stale).sort((one, other) => one.heard - other.heard)
      if (stale.length === 0) return ok("fresh", { n: shops.length })
      const { shop, heard } = stale[0]!
      return warn("stale", { n: stale.length, shop, hours: Math.floor((now - heard) / hourMs) })
    },
  },
  {
    id: "backup",
    async look({ world }) {
      const { pool } = world.db
      const failure = await findBackupFailure(pool)
      if (failure) return bad("unmade", { at: isoOf(failure.at), error: failure.error })
      const last = (await listBackups(pool)).find(
        ({ goneAt, byWhom }) => goneAt === null && byWhom !== "restore",
      )
      if (!last) return (await findCompany(pool)) ? warn("never") : ok("early")
      const values = { at: isoOf(last.madeAt), mb: (last.bytes / 2 ** 20).toFixed(1) }
      if (last.tried === "broken") return bad("broken", { ...values, error: last.error ?? "" })
      const hours = ((await world.instant(pool)) - last.madeAt) / hourMs
      if (hours > 26) return hours > 72 ? bad("old", values) : warn("old", values)
      return last.tried === null ? ok("untried", values) : ok("tried", values)
    },
  },
  {
    id: "robots",
    async look({ world }) {
      const { pool } = world.db
      const robots = await listRobots(pool)
      if (robots.length === 0) return (await findCompany(pool)) ? warn("nobody") : ok("early")
      const since = (await world.instant(pool)) - 24 * hourMs
      const failing = []
      for (const { id, name } of robots) if (await failedLately(pool, id, null, since)) failing.push(name)
      if (failing.length > 0) return bad("failing", { n: failing.length, robot: failing[0]! })
      return ok("delivering", { n: robots.length })
    },
  },
  {
    id: "address",
    async look({ publicUrl, reach }) {
      if (publicUrl === null) return ok("unset")
      const answer = await reach()
      if (answer === "self") return ok("reached", { url: publicUrl })
      return answer === "other" ? bad("other", { url: publicUrl }) : bad("silent", { url: publicUrl })
    },
  },
]
