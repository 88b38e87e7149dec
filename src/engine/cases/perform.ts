import { type Actor, admitMove } from "../../core/cases.ts"
import type { Instant } from "../../core/instants.ts"
import { Refusal, type RefusalCode } from "../../core/refusals.ts"
import { listDone } from "../../store/acts.ts"
import { type CaseOfOrder, listCasesOf } from "../../store/cases.ts"
import { caseNumber, casePlace, newId } from "../../store/keys.ts"
import type { Session } from "../../store/statement.ts"
import { tellStaff } from "../alerts/bell.ts"
import { type Heard, tellByActs } from "../notices.ts"
import { recordDecision } from "../proposing.ts"
import type { EngineWorld } from "../world.ts"
import { assign, handOn, handOver, nameCause, take } from "./assignment.ts"
import { type CaseDesk, workOn } from "./desk.ts"
import { type CaseFile, enter } from "./file.ts"
import type { ActInput, Hand, Perform } from "./hand.ts"
import { archive, draft, giveBack, reopen, report, writeReport } from "./reporting.ts"
import { analyse, plan, resolve, told } from "./solution.ts"
import { readStaffing, type Staffing } from "./staffing.ts"

/** What is asked of one case; `version` is what the asker saw. */
export type Asked = { number: string; input: ActInput; version?: number | undefined }

/** Who asks; `actId` makes a repetition harmless, `batch` names what is done for undo. */
export type Asker = { actor: Actor; actId?: string | undefined; batch?: string }

/** What became of one case. */
export type Done =
  | { number: string; ok: true; own: CaseOfOrder }
  | { number: string; ok: false; code: RefusalCode; detail: string | null; refusal: Refusal }

const performs: { [Act in ActInput["act"]]: Perform<Act> } = {
  assign,
  take,
  hand_on: handOn,
  hand_over: handOver,
  cause: nameCause,
  analyse,
  plan,
  told,
  resolve,
  draft,
  report,
  return: giveBack,
  archive,
  reopen,
}

/** How many cases one transaction takes. */
const chunkMax = 100

/**
 * Does an act to each of some cases: those for which it is not legal, not theirs or not complete are answered with why, the
 * others are done. Each case once, in the order given; a hundred a transaction.
 */
export async function performActs(
  world: EngineWorld,
  asked: readonly Asked[],
  asker: Asker,
): Promise<{ batch: string; at: Instant; done: Done[] }> {
  let batch = asker.batch ?? ""
  let at: Instant = 0
  const done: Done[] = []
  for (let i = 0; i < asked.length; i += chunkMax) {
    const chunk = asked.slice(i, i + chunkMax)
    const round = await workOn(
      world,
      chunk,
      async (tx, desk) => {
        if (batch === "") batch = newId(desk.at)
        at = desk.at
        const before = asker.actId === undefined ? new Set<string>() : await doneBefore(tx, desk, asker.actId)
        const staffing = await staffingFor(tx, chunk, desk)
        const others = await openOthers(tx, chunk, desk)
        const round: Done[] = []
        for (const each of chunk) {
          const { number, input } = each
          try {
            const file = desk.file(number)
            if (before.has(casePlace(file.own).id)) {
              round.push({ number, ok: true, own: file.own })
              continue
            }
            if (each.version !== undefined && each.version !== file.own.version)
              throw new Refusal("stale_version")
            if (input.act === "reopen" && others.has(file.own.orderId))
              throw new Refusal("illegal_move", "The order has an open case; go on with that.")
            await perform(world, tx, { desk, file, input, actor: asker.actor, staffing, batch })
            round.push({ number, ok: true, own: file.own })
          } catch (error) {
            if (!(error instanceof Refusal)) throw error
            round.push(refusedOf(number, error))
          }
        }
        await tellOthers(tx, desk, asker.actor)
        return round
      },
      {
        who: asker.actor.name,
        what: `case.${asked[0]!.input.act}`,
        after: asked[0]!.input,
        actId: asker.actId,
        batch: () => batch,
      },
    )
    done.push(...round)
  }
  return { batch, at, done }
}

/** An act to one case; refuses with why. */
export async function performAct(world: EngineWorld, asked: Asked, asker: Asker): Promise<CaseOfOrder> {
  const { done } = await performActs(world, [asked], asker)
  const only = done[0]!
  if (!only.ok) throw only.refusal
  return only.own
}

/** The answer for a case to which an act was not done. */
export const refusedOf = (number: string, refusal: Refusal): Done => ({
  number,
  ok: false,
  code: refusal.code,
  detail: refusal.detail ?? null,
  refusal,
})

/** An act to one case of a desk; `incident`: it was done once for all cases of that, at `at`, and `heard` gathers what their customers hear of it. */
export type Performing = {
  desk: CaseDesk
  file: CaseFile
  input: ActInput
  actor: Actor
  staffing: Staffing
  batch: string
  incident?: string
  at?: Instant
  heard?: Heard[]
}

/** Does an act to one case of a desk; refuses with why, and has changed nothing then. */
export async function perform(
  world: EngineWorld,
  tx: Session,
  { desk, file, input, actor, staffing, batch, incident, at = desk.at, heard }: Performing,
): Promise<void> {
  const move = admitMove(input.act, file.own, actor)
  // An act that is refused half-way has changed nothing.
  const own = { ...file.own }
  const hand: Hand = { own, move, actor, at, fact: desk.fact(file), staffing }
  const deeds = (performs[input.act] as Perform<ActInput["act"]>)(hand, input)
  // The report of an incident is written once, for all of its cases.
  if (incident === undefined) deeds.push(...(await writeReport(world, tx, hand, input)))
  const hears = { own: { ...file.own }, act: input }
  if (heard) heard.push(hears)
  else await tellByActs(world, tx, [hears], actor.name, at)
  const before = keptOf(file.own)
  const isDone = ["resolved", "reported", "archived"].includes(own.state)
  Object.assign(file.own, own, { resolvable: isDone ? null : hand.fact })
  if (deeds.length === 0) return
  enter(
    file,
    deeds.map(({ data, ...each }, i) => ({
      ...each,
      data: {
        ...data,
        ...(i === 0 ? { undo: before } : {}),
        ...(incident === undefined ? {} : { incident }),
      },
    })),
    at,
    batch,
  )
  // Beside what was proposed stands what a person decided.
  if (own.cause !== null && own.cause !== before.cause && actor.id !== null) {
    const said = deeds.find(({ what }) => what === "cause")?.data
    const why = said ? { reason: String(said.reason ?? ""), note: String(said.note ?? "") } : {}
    const place = { bucket: own.bucket, n: own.n, cause: own.cause }
    await recordDecision(tx, [place], { by: actor.name, ...why }, at)
  }
}

/** Rings the bells of those who have a case now and had it not before, once for all of them. */
async function tellOthers(tx: Session, desk: CaseDesk, actor: Actor): Promise<void> {
  const given = new Map<string, CaseFile[]>()
  for (const file of desk.files) {
    const { assignee } = file.own
    if (assignee === null || assignee === file.before.assignee || assignee === actor.id) continue
    given.set(assignee, [...(given.get(assignee) ?? []), file])
  }
  for (const [person, files] of given) {
    const numbers = files.map(({ own }) => caseNumber(own.n, own.bucket))
    const data = { number: numbers[0]!, n: numbers.length, by: actor.name }
    const link = numbers.length === 1 ? `/cases/${numbers[0]}` : "/cases?assignee=me"
    await tellStaff(tx, [person], { kind: "case_given", data, link }, desk.at)
    desk.rung.add(person)
  }
}

/** What an act can change of a case, kept so that it can be taken back. */
const kept = [
  "state",
  "department",
  "assignee",
  "cause",
  "contested",
  "handOns",
  "etaAt",
  "etaChanges",
  "resolvedBy",
  "resolvable",
  "incident",
  "incidentSeq",
  "exempt",
] as const
/** The part of a case that acts change. */
export type Kept = Pick<CaseOfOrder, (typeof kept)[number]>
/** What has to be kept of a case before an act changes it. */
export const keptOf = (own: CaseOfOrder): Kept =>
  Object.fromEntries(kept.map((field) => [field, own[field]])) as Kept

/** Reads who is there for what acts may reach. */
export const staffingFor = (tx: Session, asked: readonly Asked[], desk: CaseDesk): Promise<Staffing> =>
  readStaffing(tx, namedBy(asked, desk), desk.at)

/** Whom, which causes and departments acts may reach, so that all are read at once. */
function namedBy(asked: readonly Asked[], desk: CaseDesk) {
  const named = { departments: new Set(["operations"]), causes: new Set<string>(), people: new Set<string>() }
  for (const { input, number } of asked) {
    const department = input.act === "hand_over" ? desk.find(number)?.own.department : null
    if (department) named.departments.add(department)
    if (input.act !== "assign" && input.act !== "hand_on") continue
    if (input.department) named.departments.add(input.department)
    if (input.person) named.people.add(input.person)
    const cause = (input.act === "assign" ? input.cause : undefined) ?? desk.find(number)?.own.cause
    if (cause) named.causes.add(cause)
  }
  return named
}

const doneBefore = (tx: Session, desk: CaseDesk, actId: string): Promise<Set<string>> =>
  listDone(
    tx,
    desk.files.map(({ own }) => casePlace(own)),
    actId,
  )

/** The orders that have an open case, of those that are to be opened again. */
async function openOthers(tx: Session, asked: readonly Asked[], desk: CaseDesk): Promise<Set<string>> {
  const again = asked.flatMap(({ input, number }) => {
    const own = input.act === "reopen" ? desk.find(number)?.own : undefined
    return own ? [{ bucket: own.bucket, id: own.orderId }] : []
  })
  const cases = await listCasesOf(tx, again)
  return new Set(
    [...cases].filter(([, all]) => all.some((each) => each.archivedAt === null)).map(([id]) => id),
  )
}
