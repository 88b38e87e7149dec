import { incidentNumber } from "../../core/incidents.ts"
import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { type Database, transaction } from "../../store/database.ts"
import { casesWaiting, countUnsolved, listHolders, takeAct } from "../../store/incidentCases.ts"
import {
  addRefusals,
  countIncidentAct,
  findIncident,
  firstRunning,
  holdIncident,
  holdIncidentAct,
  type IncidentRefusal,
  listIncidentActs,
  type StoredIncident,
  type StoredIncidentAct,
  saveIncident,
  turnIncidentAct,
} from "../../store/incidents.ts"
import { caseNumber } from "../../store/keys.ts"
import type { Session } from "../../store/statement.ts"
import { tellStaff } from "../alerts/bell.ts"
import { type CaseDesk, workOn } from "../cases/desk.ts"
import { staffingFor } from "../cases/perform.ts"
import { queue } from "../jobs.ts"
import { type Heard, tellByActs } from "../notices.ts"
import type { EngineWorld } from "../world.ts"
import { applyTo, readDrafts } from "./apply.ts"

/** Does to every case what was done once to its incident. */
export const carryQueue = queue<{ incident: string }>("incidents.carry", {
  retries: 8,
  triesForSeconds: 3600,
})

/** How many cases one transaction takes. */
const atOnce = 100

/** Thrown when an act was taken back while some of its cases were in hand: nothing of that batch stays. */
class Recalled extends Error {}

/** Carries out the acts of an incident, one after the other, a batch of cases a transaction; a restart goes on where it stood. Answers how many cases it looked at. */
export async function carryOut(world: EngineWorld, incident: string, signal?: AbortSignal): Promise<number> {
  let looked = 0
  for (;;) {
    signal?.throwIfAborted()
    const act = await firstRunning(world.db.pool, incident)
    if (act === null) return looked
    try {
      const numbers = await nextCases(world.db, act)
      looked += numbers.length
      if (numbers.length > 0) await carrySome(world, act, numbers)
      else await finish(world, act)
    } catch (error) {
      if (!(error instanceof Recalled)) throw error
    }
  }
}

/** The cases that come next: of a list those behind what was counted, else those that have not taken the act. */
async function nextCases(
  db: Database,
  { incident, seq, cases, done, refused }: StoredIncidentAct,
): Promise<string[]> {
  if (cases !== null) return cases.slice(done + refused, done + refused + atOnce)
  return (await casesWaiting(db.pool, incident, seq, atOnce)).map(({ bucket, n }) => caseNumber(n, bucket))
}

async function carrySome(
  world: EngineWorld,
  act: StoredIncidentAct,
  numbers: readonly string[],
): Promise<void> {
  const own = asOf((await findIncident(world.db.pool, act.incident))!, await laterActs(world.db, act))
  await workOn(
    world,
    numbers.map((number) => ({ number })),
    async (tx, desk) => {
      // After the orders, so that two who carry the same act wait for each other and never embrace.
      const held = await holdIncidentAct(tx, act.incident, act.seq)
      if (held === null || held.state !== "running") throw new Recalled()
      // Somebody else was faster with this part of the list.
      if (held.cases !== null && held.done + held.refused !== act.done + act.refused) return
      await carry(world, tx, { desk, act: held, own, numbers })
    },
    {
      who: act.by,
      what: `incident.${act.act}`,
      after: { incident: incidentNumber(own.n), seq: act.seq },
      batch: () => act.batch,
    },
  )
  world.changed({ incidents: [incidentNumber(own.n)] })
}

/** The acts of an incident that came after one. Read after the incident: what comes between the two readings has kept how that was before. */
const laterActs = async ({ pool }: Database, { incident, seq }: StoredIncidentAct) =>
  (await listIncidentActs(pool, incident)).filter((each) => each.seq > seq)

/** An incident as an act left it: what was written only later comes to its cases by the act that wrote it, at the instant of that. */
function asOf(own: StoredIncident, later: readonly Pick<StoredIncidentAct, "data">[]): StoredIncident {
  const before = later.find(({ data }) => data.before !== undefined)?.data.before
  return { ...own, ...(before as Partial<StoredIncident> | undefined) }
}

type Carrying = { desk: CaseDesk; act: StoredIncidentAct; own: StoredIncident; numbers: readonly string[] }

async function carry(world: EngineWorld, tx: Session, { desk, act, own, numbers }: Carrying): Promise<void> {
  const other = typeof act.data.other === "string" ? await findIncident(tx, act.data.other) : null
  // Whoever gets a case is read for all at once, as if each were assigned.
  const asked = numbers.map((number) => ({
    number,
    input: { act: "assign" as const, ...landingOf(own, act) },
  }))
  const staffing = await staffingFor(tx, asked, desk)
  const drafts = act.act === "told" ? await readDrafts(tx, desk) : new Map<string, string>()
  const refusals: IncidentRefusal[] = []
  const heard: Heard[] = []
  let done = 0
  for (const number of numbers) {
    const file = desk.find(number)
    // It has taken the act already, or has left meanwhile.
    if (act.cases === null && (file?.own.incident !== own.id || file.own.incidentSeq >= act.seq)) continue
    try {
      if (file === undefined) throw new Refusal("not_found", "There is no case of this number.")
      await applyTo(file, { world, tx, desk, act, own, other, staffing, drafts, heard })
      done += 1
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refusals.push({
        incident: own.id,
        seq: act.seq,
        number,
        code: error.code,
        detail: error.detail ?? null,
      })
    }
    if (file?.own.incident === own.id) file.own.incidentSeq = act.seq
  }
  await tellByActs(world, tx, heard, act.actor.name, desk.at)
  // Of those that did not move nothing else is written.
  await takeAct(
    tx,
    own.id,
    act.seq,
    desk.files.map(({ own: { bucket, n } }) => ({ bucket, n })),
  )
  await addRefusals(tx, refusals)
  await countIncidentAct(tx, act, done, refusals.length)
}

const landingOf = ({ department, owner, cause }: StoredIncident, { act, data }: StoredIncidentAct) => {
  const named = act === "analyse" ? (data.cause as string) : cause
  return {
    ...(department === null ? {} : { department }),
    ...(owner === null ? {} : { person: owner }),
    ...(named === null ? {} : { cause: named }),
  }
}

/** What is left when every case has had its turn. */
async function finish(world: EngineWorld, act: StoredIncidentAct): Promise<void> {
  const done = await transaction(world.db, async (tx) => {
    const own = await holdIncident(tx, act.incident)
    const held = await holdIncidentAct(tx, act.incident, act.seq)
    if (own === null || held === null || held.state !== "running") return null
    const at = await world.instant(tx)
    await turnIncidentAct(tx, act, "done")
    // Resolved once nothing that follows it waits for its fact any more.
    const isResolved = act.act === "resolve" && (await countUnsolved(tx, own.id)) === 0
    const state = isResolved && own.closedAt === null && own.state !== "reported" ? "resolved" : own.state
    await saveIncident(tx, { ...own, state, version: own.version + 1, changedAt: at })
    return {
      number: incidentNumber(own.n),
      staff: act.act === "assign" ? await tellHolders(tx, own, act, at) : [],
    }
  })
  if (done !== null) world.changed({ incidents: [done.number], staff: done.staff })
}

/** Rings the bells of those who have its cases now, once each. */
async function tellHolders(
  tx: Session,
  own: StoredIncident,
  act: StoredIncidentAct,
  at: Instant,
): Promise<string[]> {
  const number = incidentNumber(own.n)
  const holders = (await listHolders(tx, own.id)).filter(({ assignee }) => assignee !== act.staff)
  for (const { assignee, n } of holders)
    await tellStaff(
      tx,
      [assignee],
      {
        kind: "incident_given",
        data: { number, title: own.title, n, by: act.by },
        link: `/cases/incidents/${number}`,
      },
      at,
    )
  return holders.map(({ assignee }) => assignee)
}
