import { incidentNumber } from "../../core/incidents.ts"
import { Refusal } from "../../core/refusals.ts"
import { answerHelp, askForHelp, withdrawHelp } from "../../engine/help/ask.ts"
import { findSubject } from "../../store/subjects.ts"
import type { Ending } from "./actor.ts"
import type { Act } from "./acts.ts"
import type { Company } from "./company.ts"
import type { HelpDeed } from "./helpBook.ts"
import { numberOf } from "./people.ts"
import { actorOf, departments, type Worker } from "./staff.ts"

const nobody = "00000000-0000-4000-8000-000000000000"

/** A process that asked and was killed is not asked again: a request has no id of its own by which that were harmless. */
const killing = (company: Company) => {
  const fault = company.fault(20)
  return fault?.how === "lost" ? null : fault
}

const answerOf = (ending: Ending<unknown>): string | null =>
  "done" in ending ? "done" : ending.failed instanceof Refusal ? ending.failed.code : null

/** Somebody who asks a department or a person for help about a case or an incident; null: there is none. */
export async function askingForHelp(company: Company): Promise<Act | null> {
  const { chance, books, workers } = company
  const subject = await subjectOf(company)
  if (subject === null) return null
  const by = chance.one(workers)
  const tag = ++company.asked
  const wrong = () => chance.happens(0.04)
  const text = wrong() ? " " : `有没有货？第 ${tag} 次问`
  const person = () => (wrong() ? nobody : chance.one(workers).id)
  const asking = chance.happens(0.5)
    ? { department: wrong() ? "nowhere" : chance.one(departments), text }
    : { text, ...(wrong() ? {} : { person: person() }) }
  const at = company.now
  // Its bucket is that of its id: the seed decides that too.
  const id = `01a00000-0000-7000-8000-${String(chance.int(0, 999_999)).padStart(6, "0")}${String(tag).padStart(6, "0")}`
  return {
    fault: killing(company),
    run: async (db) => {
      const found = (await findSubject(db.pool, subject))!
      return askForHelp(company.world(db, 0), found, asking, actorOf(by), () => id)
    },
    deed: () => null,
    help: (ending): HelpDeed => ({ by, at, answer: answerOf(ending), ask: { id, subject, asking } }),
    ended: (ending) => books.note(`help asked: ${answerOf(ending) ?? "broken off"}`),
  }
}

/** The number of an open case, or now and then of an incident. */
async function subjectOf(company: Company): Promise<string | null> {
  const { chance, books } = company
  const incidents = [...books.incidents.all.values()]
  if (incidents.length > 0 && chance.happens(0.2)) return incidentNumber(chance.one(incidents).n)
  const open = [...books.lives.values()].flatMap((life) =>
    life.cases.flatMap(({ archivedAt }, which) => (archivedAt === null ? [{ life, which }] : [])),
  )
  if (open.length === 0) return null
  const { life, which } = chance.one(open)
  return numberOf(company, life, which)
}

/** Somebody who answers a request for help, or takes it back; mostly somebody who may, and one that is open. Null: there is none. */
export function settlingHelp(company: Company): Act | null {
  const { chance, books, workers } = company
  const all = [...books.help.all.values()]
  const open = all.filter(({ state }) => state === "asked")
  if (all.length === 0) return null
  const {
    id,
    by: asker,
    toPerson,
    toDepartment,
  } = chance.one(open.length > 0 && chance.happens(0.9) ? open : all)
  const isBack = chance.happens(0.3)
  const isMeant = (each: Worker) =>
    isBack ? each.id === asker.id : each.id === toPerson || each.department === toDepartment
  const meant = workers.filter(isMeant)
  const by = meant.length > 0 && chance.happens(0.7) ? chance.one(meant) : chance.one(workers)
  const text = isBack ? null : chance.happens(0.04) ? " " : `明天到货，第 ${++company.asked} 次答`
  const at = company.now
  return {
    fault: killing(company),
    run: (db) => {
      const world = company.world(db, 0)
      return text === null ? withdrawHelp(world, id, actorOf(by)) : answerHelp(world, id, text, actorOf(by))
    },
    deed: () => null,
    help: (ending): HelpDeed => ({ by, at, answer: answerOf(ending), settle: { id, text } }),
    ended: (ending) =>
      books.note(`help ${isBack ? "taken back" : "answered"}: ${answerOf(ending) ?? "broken off"}`),
  }
}
