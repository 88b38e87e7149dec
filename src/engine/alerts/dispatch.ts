import type { Instant } from "../../core/instants.ts"
import { slotMs } from "../../core/rollups.ts"
import { wasSaid } from "../../store/alerts.ts"
import { transaction } from "../../store/database.ts"
import {
  holdOutboxGroup,
  keyOfGroup,
  listOutboxGroups,
  type OutboxGroup,
  type OutboxSubject,
  stillStanding,
  takeOutbox,
} from "../../store/outbox.ts"
import type { EngineWorld } from "../world.ts"
import { raise } from "./raise.ts"

/** How long the first of a window waits for what comes with it. */
export const gatherMs = 5_000

/**
 * Takes what waits in the outbox and makes one alert of each department, standard and quarter of an hour (ENGINE §6): the rows are
 * deleted and one job is queued in the same transaction. The first card of a window leaves after `gatherMs`; what comes later in it
 * goes with the next window's. What was withdrawn meanwhile is not said. Any number of dispatchers may run. Answers how many alerts it made.
 */
export async function dispatch(world: EngineWorld): Promise<number> {
  const groups = await listOutboxGroups(world.db.pool)
  let made = 0
  for (const { firstAt, ...group } of groups)
    made += await transaction(world.db, async (tx) => {
      const at = await world.instant(tx)
      if (at - firstAt < gatherMs || !(await holdOutboxGroup(tx, group))) return 0
      const key = `${keyOfGroup(group)} ${windowOf(at)}`
      if (await wasSaid(tx, key)) return 0
      const taken = await takeOutbox(tx, group)
      const about = await stillStanding(tx, group, latestOf(taken.flatMap((row) => row.about)))
      if (about.length === 0) return 0
      const { kind, department, standard, clock, basis } = group
      const level = taken.find((row) => row.level !== null)?.level ?? null
      const code = codeOf(group)
      const to = department === "operations" ? departmentOf(group) : department
      await raise(world, tx, { key, code, department: to, kind, standard, clock, basis, level, about }, at)
      return 1
    })
  return made
}

const windowOf = (at: Instant): number => Math.floor(at / slotMs)

/** Of what was said twice of one clock, the later. */
function latestOf(about: readonly OutboxSubject[]): OutboxSubject[] {
  const latest = new Map<string, OutboxSubject>()
  for (const each of about) latest.set(`${each[1]} ${each[2]}`, each)
  return [...latest.values()]
}

const ofOrders = new Set(["prepare", "ship", "collect", "deliver"])

/** Which card tells of a group. */
export function codeOf({ kind, clock }: Pick<OutboxGroup, "kind" | "clock">): string {
  if (kind === "unconfirmed") return "unconfirmed"
  if (!ofOrders.has(clock)) return kind === "breach" ? "inner_over" : "inner_near"
  if (kind === "breach") return "over"
  return clock === "collect" ? "no_first_scan" : "near"
}

/** Which department a step of an order belongs to: what lies between payment and the parcel's way is the warehouse's; data that are missing are for operations. */
export const departmentOf = ({ kind, clock }: Pick<OutboxGroup, "kind" | "clock">): string =>
  kind !== "unconfirmed" && ofOrders.has(clock) ? "warehouse" : "operations"
