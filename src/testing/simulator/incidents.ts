import { incidentNumber } from "../../core/incidents.ts"
import { Refusal } from "../../core/refusals.ts"
import { carryOut } from "../../engine/incidents/carry.ts"
import { openIncident } from "../../engine/incidents/gather.ts"
import type { IncidentInput } from "../../engine/incidents/hand.ts"
import { actOnIncident } from "../../engine/incidents/record.ts"
import type { Ending } from "./actor.ts"
import type { Act } from "./acts.ts"
import type { Company } from "./company.ts"
import { type Incident, isLegalFor, mayDo, type Standing, standingAfter } from "./incident.ts"
import type { IncidentDeed } from "./incidentBook.ts"
import { changedAt } from "./life.ts"
import { numberOf, reportOf } from "./people.ts"
import { actorOf, causes, departments, type Worker } from "./staff.ts"

const hour = 60 * 60_000

/** What somebody asks of an incident, or to open one, to be done once or, under the same id, again. */
export type IncidentRequest = { tag: number; actId: string; by: Worker } & (
  | { open: { title: string; cause: string | undefined; cases: Named } }
  | { n: number; input: IncidentInput; cases: Named; version: number | undefined }
)
/** Cases by their numbers, each as `order which`. */
type Named = ReadonlyMap<string, string>

const nowOf = ({ workers }: Company, incident: Incident): Standing =>
  standingAfter(incident, incident.course, workers)
const isOpen = (company: Company, incident: Incident): boolean => nowOf(company, incident).closedAt === null

/** What somebody asks of an incident: mostly what comes next; now and then that one is opened. Null: there is nothing to ask. */
export async function incidentRequest(company: Company): Promise<IncidentRequest | null> {
  const { chance, books } = company
  const open = [...books.incidents.all.values()].filter((each) => isOpen(company, each))
  const tag = ++company.asked
  const actId = `act ${tag}`
  if (open.length === 0 || chance.happens(open.length < 3 ? 0.25 : 0.03)) {
    const cases = await some(company, chance.int(1, 5))
    const cause = chance.happens(0.4) ? chance.one([...Object.keys(causes), "nonsense"]) : undefined
    const title = chance.happens(0.03) ? " " : `Incident ${tag}`
    return cases.size === 0
      ? null
      : { tag, actId, by: chance.one(company.workers), open: { title, cause, cases } }
  }
  const incident = chance.one(open)
  const now = nowOf(company, incident)
  const { input, cases } = await inputFor(company, incident, now)
  const able = company.workers.filter((each) => mayDo(input.act, each, now))
  const by = able.length > 0 && chance.happens(0.92) ? chance.one(able) : chance.one(company.workers)
  const version = chance.weighted([
    [5, undefined],
    [4, now.version],
    [1, now.version - 1],
  ])
  return { tag, actId, by, n: incident.n, input, cases, version }
}

/** Some open cases, mostly those that no incident has; `of`: those of one. */
async function some(company: Company, n: number, of?: number): Promise<Map<string, string>> {
  const { chance, books } = company
  const found = [...books.lives.values()].flatMap((life) =>
    life.cases.flatMap((own, which) => {
      const fits =
        of === undefined
          ? own.incident === null || chance.happens(0.1)
          : own.incident === of || chance.happens(0.05)
      return fits && (own.archivedAt === null || chance.happens(0.05)) ? [{ life, which }] : []
    }),
  )
  const named = new Map<string, string>()
  for (const { life, which } of chance.shuffled(found).slice(0, n))
    named.set(await numberOf(company, life, which), `${life.id} ${which}`)
  return named
}

const acts = [
  "assign",
  "analyse",
  "plan",
  "told",
  "resolve",
  "report",
  "return",
  "archive",
  "rename",
] as const

/** What is asked of an incident where it stands. */
async function inputFor(
  company: Company,
  incident: Incident,
  now: Standing,
): Promise<{ input: IncidentInput; cases: Named }> {
  const { chance } = company
  const nobody: Named = new Map()
  const what = chance.weighted<"next" | "any" | "add" | "leave" | "exempt" | "undo">([
    [12, "next"],
    [2, "any"],
    [3, "add"],
    [2, "leave"],
    [1, "exempt"],
    [4, "undo"],
  ])
  if (what === "add") {
    const cases = await some(company, chance.int(1, 3))
    return { input: { act: "add", cases: [...cases.keys()] }, cases }
  }
  if (what === "leave" || what === "exempt") {
    const cases = await some(company, chance.int(1, 2), incident.n)
    const reason = chance.happens(0.05) ? " " : "another cause"
    return { input: { act: what, cases: [...cases.keys()], reason }, cases }
  }
  if (what === "undo") {
    const last = incident.acts.slice(chance.happens(0.7) ? -2 : 0)
    return { input: { act: "undo", seq: chance.one(last).seq }, cases: nobody }
  }
  const legal = acts.filter((act) => act !== "rename" && isLegalFor(act, now))
  const act = what === "next" && legal.length > 0 ? chance.one(legal) : chance.one(acts)
  return { input: inputOf(company, act), cases: nobody }
}

function inputOf(company: Company, act: (typeof acts)[number]): IncidentInput {
  const { chance, now, workers, asked } = company
  const wrong = () => chance.happens(0.04)
  const text = () => (wrong() ? " " : `同一个原因，第 ${asked} 次查过`)
  const cause = () => (wrong() ? "nonsense" : chance.one(Object.keys(causes)))
  const maybe = <Value>(probability: number, key: string, value: () => Value) =>
    chance.happens(probability) ? { [key]: value() } : {}
  if (act === "assign")
    return {
      act,
      ...maybe(0.7, "department", () => (wrong() ? "nowhere" : chance.one(departments))),
      ...maybe(0.4, "person", () => chance.one(workers).id),
      ...maybe(0.4, "cause", cause),
    }
  if (act === "analyse") return { act, cause: cause(), text: text() }
  if (act === "plan") return { act, etaAt: now + chance.int(wrong() ? -5 : 2, 60) * hour, reason: text() }
  if (act === "told") return { act, how: "chat", text: `告诉了顾客，第 ${asked} 次` }
  if (act === "rename") return { act, title: wrong() ? " " : `Incident ${asked} anew` }
  if (act === "return") return { act, gaps: ["course_gap"] }
  if (act === "report")
    return {
      act,
      form: "long",
      fields: reportOf(chance.one(Object.keys(causes)), asked) as Record<string, unknown>,
    }
  return { act }
}

/** Asks for it, as the product's pages do. */
export function askingOnce(company: Company, request: IncidentRequest): Act {
  const { tag, actId, by } = request
  const at = company.now
  const actor = actorOf(by)
  const answerOf = (ending: Ending<unknown>): string | null =>
    "done" in ending ? "done" : ending.failed instanceof Refusal ? ending.failed.code : null
  return {
    fault: company.fault(20),
    run: (db) => {
      const world = company.world(db, 0)
      if ("open" in request) {
        const { title, cause, cases } = request.open
        return openIncident(world, { title, cases: [...cases.keys()], cause, actId }, actor)
      }
      const { n, input, version } = request
      return actOnIncident(world, incidentNumber(n), input, { actor, version, actId })
    },
    deed: () => null,
    common: (ending): IncidentDeed => ({ ...request, tag, at, answer: answerOf(ending) }),
    ended: (ending) => {
      const act = "open" in request ? "open" : request.input.act
      const answer = answerOf(ending)
      company.books.note(
        answer === "done" ? `incident: ${act}` : `incident: ${act} ${answer ?? "broken off"}`,
      )
      if (answer === "done") company.incidentRequests.push(request)
    },
  }
}

/** Somebody who asks again for what was asked of an incident before, under the same id; null: nobody did. */
export function askingOnceMore(company: Company): Act | null {
  const again = company.incidentRequests.slice(-4)
  return again.length === 0 ? null : askingOnce(company, company.chance.one(again))
}

/** Incidents with acts that have still to reach cases. */
export const underWay = ({ books }: Company): Incident[] =>
  [...books.incidents.all.values()].filter(({ acts }) => acts.some(({ state }) => state === "running"))

/** The job that brings the acts of an incident to its cases. */
export function carrying(
  company: Company,
  { id, n, acts }: Incident,
  fault = company.fault(40),
  skew = company.skew(),
): Act {
  const { books, now } = company
  const ats = [...books.lives.values()].flatMap((life) =>
    life.cases.flatMap((own, which) => {
      const isNamed = acts.some(({ cases }) => cases?.has(`${life.id} ${which}`))
      return own.incident === n || isNamed ? [life.judgedAt, changedAt(own)] : []
    }),
  )
  return {
    fault,
    run: (db) => carryOut(company.world(db, skew), id),
    deed: () => ({
      kind: "carry",
      n,
      at: now + skew,
      ats: [...ats, ...acts.map(({ at }) => at)],
      certain: false,
    }),
    ended: () => books.note("incidents carried"),
  }
}
