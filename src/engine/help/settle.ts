import type { Instant } from "../../core/instants.ts"
import { owed } from "../../core/owed.ts"
import { Tally } from "../../core/rollups.ts"
import { beginningOf } from "../../core/saying.ts"
import { breachesOf, firingsOf, listClocks, saveInnerClocks } from "../../store/clocks.ts"
import { appointDuty, type StoredDuty } from "../../store/duties.ts"
import { escalateHelpRow, headsAbove, readHelp, type StoredHelp } from "../../store/help.ts"
import { listHolders } from "../../store/staffNames.ts"
import type { Session } from "../../store/statement.ts"
import { pathOfSubject } from "../../store/subjects.ts"
import { tellStaff } from "../alerts/bell.ts"
import { type Debt, type Effects, effectsOf } from "../effects.ts"
import { changedRows } from "../innerRows.ts"
import type { EngineWorld } from "../world.ts"
import { escalationAfter, helpRows, nextInstantOf } from "./clock.ts"

/** What a tick let happen to requests for help. */
export type SettledHelp = { effects: Effects; subjects: string[]; staff: string[] }

/**
 * Looks at requests whose next instant has come: warning and breach take effect as those of every inner clock do, once each, and
 * one that nobody answered goes on to the next head. Their duties must be held.
 */
export async function settleHelp(
  world: EngineWorld,
  tx: Session,
  duties: readonly StoredDuty[],
  at: Instant,
): Promise<SettledHelp> {
  const book = await world.ruleBook(tx)
  const rules = book.rules(book.settings)
  const requests = await readHelp(
    tx,
    duties.map(({ id }) => id),
  )
  const stored = await listClocks(tx, requests, "duty")
  const judged = requests.map((help) => {
    const before = stored.get(help.id) ?? []
    return { help, before, rows: helpRows(help, before, rules, at) }
  })
  const debts = judged.flatMap(({ help, rows }): Debt[] => {
    const { clocks, gone } = rows
    const all = [...clocks, ...gone]
    const owes = owed({ clocks, firings: firingsOf(all), breaches: breachesOf(all), watched: true }, at)
    return owes.length === 0
      ? []
      : [{ judged: { order: null, clocks, gone }, owed: owes, department: help.charged }]
  })
  const effects = effectsOf(debts, at, new Tally())
  const staff: string[] = []
  for (const { help } of judged) {
    if (help.state === "asked" && help.escalatesAt <= at) staff.push(...(await goOn(tx, help, at)))
  }
  await saveInnerClocks(
    tx,
    judged.flatMap(({ before, rows }) => changedRows(before, rows)),
  )
  for (const { help, rows } of judged)
    await appointDuty(tx, { bucket: help.bucket, kind: "help", id: help.id }, nextInstantOf(help, rows, at))
  // A duty whose request is gone has nothing to come.
  for (const duty of duties) if (!requests.some(({ id }) => id === duty.id)) await appointDuty(tx, duty, null)
  return { effects, subjects: [...new Set(requests.map(({ subject }) => subject))], staff }
}

/** Brings a request to the next head above, then to the owners; answers whose bells rang. */
async function goOn(tx: Session, help: StoredHelp, at: Instant): Promise<string[]> {
  const told = new Set([help.byStaff, help.toPerson, ...help.escalations.map(({ to }) => to)])
  const above = [...(await headsAbove(tx, help.charged, at)), ...(await listHolders(tx, ["owner"], at))]
  const next = above.find((id) => !told.has(id)) ?? null
  if (next !== null) help.escalations.push({ at, to: next })
  help.escalatesAt = next === null ? Infinity : escalationAfter(help, at)
  await escalateHelpRow(tx, help)
  if (next === null) return []
  const data = { number: help.subject, by: help.byWhom, text: beginningOf(help.text, 120) }
  await tellStaff(tx, [next], { kind: "help_escalated", data, link: pathOfSubject(help.subject) }, at)
  return [next]
}
