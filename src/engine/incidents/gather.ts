import type { Actor } from "../../core/cases.ts"
import { causeOf, destinationOf } from "../../core/causes.ts"
import { incidentNumber, type Shared } from "../../core/incidents.ts"
import type { Instant } from "../../core/instants.ts"
import type { JsonObject } from "../../core/json.ts"
import { Refusal } from "../../core/refusals.ts"
import { appendActs, findAct } from "../../store/acts.ts"
import { note } from "../../store/audit.ts"
import { transaction } from "../../store/database.ts"
import { countFollowing } from "../../store/incidentCases.ts"
import {
  appendIncidentAct,
  findSameIncident,
  holdOpenIncidents,
  insertIncident,
  listUnfinished,
  lockIncidents,
  type StoredIncident,
  saveIncident,
} from "../../store/incidents.ts"
import { caseNumber, newId, readCaseNumber } from "../../store/keys.ts"
import { type SharedGroup, sharedByAll, sharedGroups } from "../../store/proposals.ts"
import { whoIsOnDuty } from "../../store/rosters.ts"
import type { Session } from "../../store/statement.ts"
import { tellStaff } from "../alerts/bell.ts"
import { raise } from "../alerts/raise.ts"
import { readingOf } from "../alerts/settings.ts"
import { engineActor } from "../cases/applied.ts"
import { readStaffing } from "../cases/staffing.ts"
import { queue } from "../jobs.ts"
import { partOf } from "../parts.ts"
import { causesAt } from "../publishing.ts"
import type { EngineWorld } from "../world.ts"
import { carryQueue } from "./carry.ts"
import { casesMax } from "./hand.ts"

/** Looks for cases that share what speaks for one cause. */
export const gatherQueue = queue<Record<string, never>>("incidents.gather", { retries: 1 })

/** What a round of gathering did: numbers of the incidents that were opened, and of those that others joined. */
export type Gathered = { opened: string[]; joined: string[]; dissolved: string[] }

/**
 * Gathers open cases that share strong evidence for one cause (DESIGN §7, 6): into the open incident of that, else into a new one
 * where they are enough for the policy's threshold. One transaction: it writes what is to be done, the cases are moved by the job.
 * Nothing is gathered while cases are still on their way into incidents, so that none is gathered twice.
 */
export async function gather(world: EngineWorld): Promise<Gathered> {
  const rung = new Set<string>()
  const done = await transaction(world.db, async (tx): Promise<Gathered> => {
    await lockIncidents(tx)
    const at = await world.instant(tx)
    const unfinished = await listUnfinished(tx)
    // A job that died is sent again.
    for (const { incident } of unfinished)
      await world.jobs.send(tx, carryQueue, { incident }, { key: incident })
    if (unfinished.length > 0) return { opened: [], joined: [], dissolved: [] }
    const { part: taxonomy } = await causesAt(world, tx, at)
    const open = await holdOpenIncidents(tx)
    const dissolved = await dissolveEmpty(tx, open, at)
    const { gather: confidence, gatherFrom } = taxonomy.thresholds
    const taken = new Set<string>()
    const gathered: Gathered = { opened: [], joined: [], dissolved }
    const growing = open.filter(({ closedAt }) => closedAt === null).map(({ shared }) => shared)
    for (const group of await sharedGroups(tx, confidence, gatherFrom, growing)) {
      const numbers = group.places
        .map(([bucket, n]) => caseNumber(n, bucket))
        .filter((number) => !taken.has(number))
      const into = open.find((each) => each.closedAt === null && joins(each, group))
      if (numbers.length === 0 || (into === undefined && numbers.length < gatherFrom)) continue
      for (const number of numbers) taken.add(number)
      const own = into ?? (await openShared(world, tx, group, taxonomy, at))
      await enrol(world, tx, own, { numbers, act: into ? "add" : "gather", actor: engineActor }, at)
      const about = { n: numbers.length, isNew: into === undefined, group }
      for (const each of await tellDepartment(world, tx, own, about, at)) rung.add(each)
      ;(into ? gathered.joined : gathered.opened).push(incidentNumber(own.n))
    }
    return gathered
  })
  const incidents = [...done.opened, ...done.joined, ...done.dissolved]
  if (incidents.length > 0) world.changed({ incidents, staff: [...rung] })
  return done
}

/** Whether cases of a group belong to an incident: the same evidence, for the cause that the incident has. Once it is reported it is complete. */
const joins = ({ shared, cause, state }: StoredIncident, group: SharedGroup): boolean =>
  shared.kind === group.kind &&
  shared.value === group.value &&
  (cause === null || cause === group.cause) &&
  state !== "reported"

async function dissolveEmpty(tx: Session, open: readonly StoredIncident[], at: Instant): Promise<string[]> {
  const dissolved: string[] = []
  for (const own of open) {
    if (own.seq === 0 || (await countFollowing(tx, own.id)) > 0) continue
    Object.assign(own, { state: "dissolved", closedAt: at, changedAt: at, version: own.version + 1 })
    await saveIncident(tx, own)
    dissolved.push(incidentNumber(own.n))
  }
  return dissolved
}

/** Opens an incident, named in the company's language after what its cases share. */
async function openShared(
  world: EngineWorld,
  tx: Session,
  group: SharedGroup,
  taxonomy: Awaited<ReturnType<typeof partOf<"causes">>>["part"],
  at: Instant,
): Promise<StoredIncident> {
  const { cause, kind, value } = group
  const { department } = destinationOf(taxonomy, cause)
  const staffing = await readStaffing(tx, { departments: [department], causes: [], people: [] }, at)
  const name = causeOf(taxonomy, cause)?.name ?? taxonomy.fallback.name
  const { language } = await readingOf(world, tx, at)
  return insertIncident(tx, {
    ...blank(at),
    title: kind === "outage" ? name[language] : `${value} ${name[language]}`,
    shared: { kind, value, name: null },
    cause,
    department: staffing.landing(department),
    openedBy: null,
  })
}

const blank = (at: Instant): Omit<StoredIncident, "n" | "title" | "shared" | "openedBy"> => ({
  id: newId(at),
  version: 1,
  state: "open",
  cause: null,
  department: null,
  owner: null,
  openedAt: at,
  changedAt: at,
  closedAt: null,
  etaAt: null,
  etaChanges: 0,
  analysis: null,
  plan: null,
  told: null,
  seq: 0,
  mergedInto: null,
})

/** Writes down that cases come into an incident; the job brings them in. */
async function enrol(
  world: EngineWorld,
  tx: Session,
  own: StoredIncident,
  { numbers, act, actor }: { numbers: string[]; act: "add" | "gather"; actor: Actor },
  at: Instant,
): Promise<void> {
  own.seq += 1
  await appendIncidentAct(tx, {
    incident: own.id,
    seq: own.seq,
    at,
    act,
    by: actor.name,
    staff: actor.id,
    actor,
    data: {},
    batch: newId(at),
    cases: numbers,
    ofCases: numbers.length,
    done: 0,
    refused: 0,
    state: "running",
  })
  await saveIncident(tx, Object.assign(own, { version: own.version + 1, changedAt: at }))
  await world.jobs.send(tx, carryQueue, { incident: own.id }, { key: own.id })
}

/** A note to the department that has the incident: an alert when it was opened, a bell when it has grown. Answers whose bells rang. */
async function tellDepartment(
  world: EngineWorld,
  tx: Session,
  own: StoredIncident,
  { n, isNew, group }: { n: number; isNew: boolean; group: SharedGroup },
  at: Instant,
): Promise<string[]> {
  const { part: taxonomy } = await partOf(tx, "causes")
  const cause = causeOf(taxonomy, own.cause)?.name ?? taxonomy.fallback.name
  const number = incidentNumber(own.n)
  const department = own.department ?? "operations"
  const link = `/cases/incidents/${number}`
  if (!isNew) {
    const duty = own.owner === null ? await whoIsOnDuty(tx, department, at) : []
    const people = own.owner === null ? duty.map(({ id }) => id) : [own.owner]
    await tellStaff(tx, people, { kind: "incident_grew", data: { number, title: own.title, n }, link }, at)
    return people
  }
  const sku = group.kind === "sku" ? group.value : null
  const said = { incidentNo: number, title: own.title, count: n, cause: { words: cause }, sku }
  await raise(
    world,
    tx,
    { key: `incident ${number}`, code: "incident_opened", department, path: link, said },
    at,
  )
  return []
}

/** Gathers cases into a new incident by hand; the same `actId` again, or the same asked for again while it is open, also at once, answers the same incident. */
export async function openIncident(
  world: EngineWorld,
  {
    title,
    cases,
    cause,
    actId,
  }: { title: string; cases: string[]; cause?: string | undefined; actId?: string | undefined },
  actor: Actor,
): Promise<string> {
  const number = await transaction(world.db, async (tx) => {
    await lockIncidents(tx)
    const before = actId === undefined ? null : await findAct(tx, nobody, actId)
    if (before !== null) return before.number as string
    if (title.trim() === "") throw new Refusal("text_needed", "Give it a name.")
    const places = [...new Set(cases)].map((each) => {
      const place = readCaseNumber(each)
      if (place === null) throw new Refusal("not_found", `There is no case ${each}.`)
      return place
    })
    if (places.length > casesMax) throw new Refusal("bad_request", `An act names at most ${casesMax} cases.`)
    const at = await world.instant(tx)
    const staffing = await readStaffing(
      tx,
      { departments: ["operations"], causes: cause === undefined ? [] : [cause], people: [] },
      at,
    )
    if (cause !== undefined && !staffing.knowsCause(cause)) throw new Refusal("unknown_cause")
    const numbers = places.map(({ bucket, n }) => caseNumber(n, bucket))
    const wanted = { title: title.trim(), cause: cause ?? null, openedBy: actor.name }
    const same = await findSameIncident(tx, wanted, numbers)
    if (same !== undefined) return incidentNumber(same)
    const own = await insertIncident(tx, {
      ...blank(at),
      ...wanted,
      shared: (await sharedByAll(tx, places)) ?? unknown,
      department: cause === undefined ? null : staffing.receives(cause),
    })
    await enrol(world, tx, own, { numbers, act: "gather", actor }, at)
    const number = incidentNumber(own.n)
    const after: JsonObject = { title: own.title, cause: own.cause, cases: numbers.slice(0, 200) }
    await note(tx, { who: actor.name, what: "incident.open", subject: number, after }, at)
    if (actId !== undefined)
      await appendActs(tx, [{ ...nobody, subject: nobody.id, actId, at, answer: { number } }])
    return number
  })
  world.changed({ incidents: [number] })
  return number
}

/** What nobody knows to be shared. */
const unknown: Shared = { kind: "other", value: "", name: null }
/** Under whom acts are kept that open something. */
const nobody = { bucket: 0, id: "00000000-0000-7000-8000-000000000000" }
