import { type Actor, departmentsOf, partiesOf } from "../../core/cases.ts"
import type { Instant } from "../../core/instants.ts"
import { owed } from "../../core/owed.ts"
import { Refusal } from "../../core/refusals.ts"
import { beginningOf } from "../../core/saying.ts"
import { listHomes } from "../../store/assignees.ts"
import { note } from "../../store/audit.ts"
import { breachesOf, firingsOf, listClocks, saveInnerClocks } from "../../store/clocks.ts"
import { transaction } from "../../store/database.ts"
import { addDuty, appointDuty, holdDuty } from "../../store/duties.ts"
import { addHelp, readHelp, type StoredHelp, settleHelpRow } from "../../store/help.ts"
import { dutyBucket, newId } from "../../store/keys.ts"
import { listDepartments } from "../../store/people.ts"
import { findName, nameOfDepartment } from "../../store/staffNames.ts"
import type { Session } from "../../store/statement.ts"
import { findSubject, pathOfSubject, type Subject } from "../../store/subjects.ts"
import { tellStaff } from "../alerts/bell.ts"
import { raise } from "../alerts/raise.ts"
import { wordsBy } from "../cases/words.ts"
import { changedRows } from "../innerRows.ts"
import type { EngineWorld } from "../world.ts"
import { dueOf, helpRows, nextInstantOf } from "./clock.ts"

/** What is asked, and whom: a department, or a person such as one's superior. */
export type Asking = { department?: string | undefined; person?: string | undefined; text: string }

/** Asks a department or a superior for help about a case or incident (4.1b); the policy's answer clock begins. `idAt` makes its id, whose hash is its bucket: a rehearsal that has to repeat itself brings its own. */
export async function askForHelp(
  world: EngineWorld,
  subject: Subject,
  asking: Asking,
  actor: Actor,
  idAt = newId,
): Promise<StoredHelp> {
  const text = asking.text.trim()
  if (text === "") throw new Refusal("text_needed")
  const { help, nextAt } = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const asked = await askedOf(tx, asking, actor, at)
    const id = idAt(at)
    const help: StoredHelp = {
      id,
      bucket: dutyBucket("help", id),
      subject: subject.number,
      at,
      byStaff: actor.id,
      byWhom: actor.name,
      ...asked,
      text,
      state: "asked",
      answeredAt: null,
      answeredBy: null,
      answer: null,
      escalations: [],
      escalatesAt: Infinity,
      dueAt: Infinity,
      nearAt: Infinity,
    }
    const book = await world.ruleBook(tx)
    const rows = helpRows(help, [], book.rules(book.settings), at)
    Object.assign(help, dueOf(rows))
    help.escalatesAt = help.dueAt + 1
    const nextAt = nextInstantOf(help, rows, at)
    await addDuty(tx, { bucket: help.bucket, kind: "help", id, nextAt })
    await addHelp(tx, help)
    await saveInnerClocks(tx, rows.clocks)
    await wordsBy(tx, subject, { text, help: id }, actor, at)
    const after = { ...asked, text, dueAt: help.dueAt === Infinity ? null : help.dueAt }
    await note(tx, { who: actor.name, what: "help.ask", subject: subject.number, after }, at)
    await tellAsked(world, tx, help, at)
    return { help, nextAt }
  })
  world.changed({ cases: [subject.number], nextAt, alerts: true })
  return help
}

/** Whom a request goes to, and whose breach a late answer is. */
async function askedOf(
  tx: Session,
  { department, person }: Asking,
  actor: Actor,
  at: Instant,
): Promise<Pick<StoredHelp, "toDepartment" | "toPerson" | "charged">> {
  if (person !== undefined) {
    if (person === actor.id) throw new Refusal("whom_to_ask")
    const [found] = await listHomes(tx, [person], at)
    if (!found) throw new Refusal("unknown_person")
    return { toDepartment: null, toPerson: person, charged: found.departments[0] ?? "operations" }
  }
  if (department === undefined) throw new Refusal("whom_to_ask")
  const known = (await listDepartments(tx)).some(({ id, closedAt }) => id === department && closedAt === null)
  if (!known) throw new Refusal("unknown_department")
  return { toDepartment: department, toPerson: null, charged: department }
}

/** Brings a question to the robots of whoever is asked and to the bells of who is on duty there, or of the person. */
async function tellAsked(world: EngineWorld, tx: Session, help: StoredHelp, at: Instant): Promise<void> {
  const { toPerson, toDepartment, charged, dueAt } = help
  const asked =
    toPerson === null
      ? await nameOfDepartment(tx, toDepartment ?? charged)
      : ((await findName(tx, toPerson)) ?? "–")
  const due = dueAt === Infinity ? null : dueAt
  await raise(
    world,
    tx,
    {
      key: `help ${help.id}`,
      code: "help_asked",
      department: charged,
      path: pathOfSubject(help.subject),
      people: toPerson === null ? [] : [toPerson],
      said: {
        asker: help.byWhom,
        asked,
        caseNo: help.subject,
        question: beginningOf(help.text, 200),
        due: due === null ? null : { at: due },
        left: due === null ? null : { ms: due - at },
      },
    },
    at,
  )
}

/** Answers a request: whoever was asked, somebody of the department, those it went on to, and operations. What comes late is a breach all the same. */
export const answerHelp = (world: EngineWorld, id: string, text: string, actor: Actor): Promise<StoredHelp> =>
  close(world, id, actor, "answered", text.trim())

/** Takes a request back: whoever asked, and operations. */
export const withdrawHelp = (world: EngineWorld, id: string, actor: Actor): Promise<StoredHelp> =>
  close(world, id, actor, "withdrawn", null)

/** Whether somebody may answer a request. */
export function mayAnswer(help: StoredHelp, actor: Actor): boolean {
  if (actor.id !== null && help.byStaff === actor.id) return false
  if (actor.id !== null && (help.toPerson === actor.id || help.escalations.some(({ to }) => to === actor.id)))
    return true
  const parties = partiesOf(actor, { department: help.toDepartment, assignee: null })
  if (parties.has("operations") || parties.has("head")) return true
  return help.toDepartment !== null && departmentsOf(actor).has(help.toDepartment)
}

/** Whether somebody may take a request back. */
export const mayWithdraw = (help: StoredHelp, actor: Actor): boolean =>
  (actor.id !== null && help.byStaff === actor.id) ||
  partiesOf(actor, { department: null, assignee: null }).has("operations")

async function close(
  world: EngineWorld,
  id: string,
  actor: Actor,
  state: "answered" | "withdrawn",
  text: string | null,
): Promise<StoredHelp> {
  if (text === "") throw new Refusal("text_needed")
  const { help, nextAt, staff } = await transaction(world.db, async (tx) => {
    const held = await holdDuty(tx, { bucket: dutyBucket("help", id), kind: "help", id })
    // Read after the lock: a tick or another answer may have been first.
    const [help] = held ? await readHelp(tx, [id]) : []
    if (!held || !help) throw new Refusal("not_found")
    if (help.state !== "asked") throw new Refusal("help_settled")
    if (!(state === "answered" ? mayAnswer : mayWithdraw)(help, actor)) throw new Refusal("not_your_case")
    const at = Math.max(await world.instant(tx), help.at)
    Object.assign(help, { state, answeredAt: at, answeredBy: actor.name, answer: text })
    await settleHelpRow(tx, help)
    const nextAt = await stopClock(world, tx, help, at)
    const what = state === "answered" ? "help.answer" : "help.withdraw"
    await note(tx, { who: actor.name, what, subject: help.subject, after: { text } }, at)
    const staff = await tellSettled(tx, help, actor, at)
    return { help, nextAt, staff }
  })
  world.changed({ cases: [help.subject], nextAt, staff })
  return help
}

/** Ends the clock of a settled request; a breach that it owes is left to the tick. */
async function stopClock(
  world: EngineWorld,
  tx: Session,
  help: StoredHelp,
  at: Instant,
): Promise<Instant | null> {
  const before = (await listClocks(tx, [help], "duty")).get(help.id) ?? []
  const book = await world.ruleBook(tx)
  const rows = helpRows(help, before, book.rules(book.settings), at)
  await saveInnerClocks(tx, changedRows(before, rows))
  const { clocks, gone } = rows
  const all = [...clocks, ...gone]
  const owes =
    owed({ clocks, firings: firingsOf(all), breaches: breachesOf(all), watched: true }, at).length > 0
  const nextAt = owes ? at : nextInstantOf(help, rows, at)
  await appointDuty(tx, { bucket: help.bucket, kind: "help", id: help.id }, nextAt)
  return nextAt
}

/** Says the answer in the thread and rings the bell of whoever asked; of a withdrawn one whoever was asked hears. */
async function tellSettled(tx: Session, help: StoredHelp, actor: Actor, at: Instant): Promise<string[]> {
  const { subject: number, answer } = help
  if (answer !== null) {
    const subject = await findSubject(tx, number)
    if (subject) await wordsBy(tx, subject, { text: answer, answers: help.id }, actor, at)
  }
  const concerned =
    answer === null ? [help.toPerson, ...help.escalations.map(({ to }) => to)] : [help.byStaff]
  const staff = concerned.filter((each): each is string => each !== null && each !== actor.id)
  const kind = answer === null ? "help_withdrawn" : "help_answered"
  const data = { number, by: actor.name, text: beginningOf(answer ?? help.text, 120) }
  await tellStaff(tx, staff, { kind, data, link: pathOfSubject(number) }, at)
  return staff
}
