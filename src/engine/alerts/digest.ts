import { digestDay } from "../../core/alerts/digest.ts"
import { type Reading, type SaidValue, sayShop } from "../../core/alerts/values.ts"
import { sayDate } from "../../core/dates.ts"
import { slotMs } from "../../core/rollups.ts"
import { dayStart } from "../../core/wallTime.ts"
import { wasSaid } from "../../store/alerts.ts"
import { transaction } from "../../store/database.ts"
import {
  countDay,
  countOpenCases,
  countPaidByShop,
  countToday,
  listDigestDepartments,
  wasPaidBefore,
} from "../../store/digest.ts"
import { headOf } from "../../store/rosters.ts"
import { listShops } from "../../store/rules.ts"
import type { Session } from "../../store/statement.ts"
import { isTrialRun } from "../../store/trialRun.ts"
import type { EngineWorld } from "../world.ts"
import { raise } from "./raise.ts"
import { alertSettings, readingOf } from "./settings.ts"

const dayMs = 24 * 60 * 60_000
/** A shop not heard of for this long is no longer waited for. */
const shopAliveMs = 7 * dayMs

/** Sends the morning digest when its time has come, once a day and department however many processes there are; answers to how many departments. */
export async function digest(world: EngineWorld): Promise<number> {
  const at = await world.instant(world.db.pool)
  const reading = await readingOf(world, world.db.pool, at)
  const day = digestDay((await alertSettings(world.db.pool)).digestAt, at, reading.zone)
  if (day === null || (await wasSaid(world.db.pool, `digest ${day} operations`))) return 0
  // A company without an order of before today has no yesterday to tell of.
  if (!(await wasPaidBefore(world.db.pool, dayStart(at, reading.zone)))) return 0
  return transaction(world.db, async (tx) => {
    const whole = await figures(tx, reading)
    const others = (await isTrialRun(tx)) ? [] : await listDigestDepartments(tx)
    let told = 0
    for (const department of new Set(["operations", ...others])) {
      const head = await headOf(tx, department, at)
      const { open, over, oldest } = await countOpenCases(tx, department === "operations" ? null : department)
      const said: Record<string, SaidValue> = {
        ...whole,
        openCases: open,
        overdueInner: over,
        oldestOwner: oldest ? `${oldest.number}${ago(at - oldest.openedAt, reading)}` : null,
      }
      const id = await raise(
        world,
        tx,
        {
          key: `digest ${day} ${department}`,
          code: "morning_digest",
          department,
          path: "/board",
          people: head ? [head.id] : [],
          said,
        },
        at,
      )
      if (id !== null) told += 1
    }
    return told
  })
}

/** What is the same for every department. */
async function figures(session: Session, reading: Reading): Promise<Record<string, SaidValue>> {
  const { at, zone, language } = reading
  const today = dayStart(at, zone)
  const yesterday = dayStart(today - dayMs / 2, zone)
  const tomorrow = dayStart(today + dayMs * 1.5, zone)
  const { late, due } = await countDay(session, yesterday, today)
  const ahead = await countToday(session, Math.floor(at / slotMs) * slotMs, tomorrow)
  const shops = (await listShops(session)).filter(({ receivedAt }) => receivedAt > at - shopAliveMs)
  const told = shops.flatMap(({ toldAt }) => (toldAt === null ? [] : [toldAt]))
  const comma = language === "en" ? ", " : "，"
  return {
    date: sayDate(at, at - 2 * dayMs, { language, zone }),
    lateYesterday: late,
    rate: due === 0 ? null : `${((late / due) * 100).toFixed(1)}%`,
    dueToday: ahead.due,
    riskToday: ahead.risk,
    paidByShop: (await countPaidByShop(session, yesterday, today))
      .map(({ channel, shop, n }) => `${sayShop(`${channel}/${shop}`, language)} ${n.toLocaleString("en")}`)
      .join(comma),
    dataAt: told.length === 0 ? null : { at: Math.min(...told) },
  }
}

function ago(ms: number, { language }: Reading): string {
  const days = Math.floor(ms / dayMs)
  const hours = Math.floor(ms / 3_600_000)
  if (language === "en") return days > 0 ? `, ${days} ${days === 1 ? "day" : "days"}` : `, ${hours} h`
  return days > 0 ? `，${days} 天` : `，${hours} ${language === "zh-Hans" ? "小时" : "小時"}`
}
